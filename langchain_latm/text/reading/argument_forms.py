"""Forms of arguments: how a value is read off the parts of a request that change.

What could be read in two ways is not read at all: then a model reads it, or nobody does. All of it takes time in
proportion to the text's length.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar, cast, get_args

from langchain_latm.text.lexing.clock_times import Span, in_hours, read_span, read_time
from langchain_latm.text.reading.mentions import Group, MentionForm, mention_groups, read_group

T = TypeVar("T")

Form = Literal[
    "question",
    "text",
    "integer",
    "number",
    "texts",
    "integers",
    "numbers",
    "text_rows",
    "number_rows",
    "json",
    "python",
    "amount",
    "amounts",
    "found",
    "time",
    "time_span",
    "times",
    "time_spans",
    "mention",
    "mentions",
    "mention_rows",
    "mention_pairs",
]
"""What an argument is: the whole `question`; of one gap its `text`, its content as one number, its parts (or numbers)
between separators, the parts (or numbers) of each of its lines (`text_rows`, `number_rows`), its list as `json` or
`python` write one, a clock `time` or a `time_span`, or several of these; the one number among the words of a gap
(`amount`) or of each of several (`amounts`); all numbers that are `found` in some gaps; or, of the whole question, what
a group of its sentences mentions (`mentions.MentionForm`)."""
NumberType = Literal["int", "float"]
"""What numbers are read as: as "int" a decimal fraction is refused, as "float" 3 becomes 3.0. A time is "int" in
minutes, "float" in hours."""

OF_MENTIONS: Final[frozenset[str]] = frozenset(get_args(MentionForm))
OF_THE_QUESTION: Final = OF_MENTIONS | {"question"}
OF_TIMES: Final = frozenset({"time", "time_span", "times", "time_spans"})
OF_SEVERAL_GAPS: Final = frozenset({"amounts", "found"})
OF_NUMBERS: Final = OF_TIMES | {"number", "numbers", "number_rows", "json", "python", "amount", "amounts", "found"}

_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?")
_FOUND: Final = re.compile(r"(?<![\w.])-?\d{1,18}(?:\.\d{1,17})?(?!\w|\.\d)")
_GROUPED: Final = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[,'\u2019\u00a0\u2009\u202f]\d{3})+(?!\d)|(?<![\d.])\d{1,3} 0\d\d(?!\d)"
)
"""Digits in groups of three: one number or several, who knows."""
_ODD_MINUS: Final = re.compile(
    r"\u2212\d|(?<!\w)[\u2010-\u2015\ufe58\ufe63\uff0d]\d|(?<!\w)[-\u2010-\u2015\u2212] ?[$\u00a3\u00a5\u20ac]"
)
"""A typeset minus, or one before a currency: read without it, a number is another one."""
_MARK: Final = re.compile(r"\n(?:[-*+\u2022\u2023\u25e6\u2013\u2014]|(\(?)([1aA])([.):])) ")
_QUOTED: Final = re.compile(r"([\"'])[^\"']*\1")
_TOKEN: Final = re.compile(
    r"\s*(?:([\[\](),])|(-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?)(?![\w.])|\"([^\"\\\n]*)\"|'([^'\\\n]*)')\s*"
)
_IN_JSON: Final = {"(": "[", ")": "]"}
_MOST_LETTERS: Final = 26
_MOST_NESTED: Final = 4


def read(form: Form, texts: Sequence[str], separator: str, number_type: NumberType | None) -> Any:
    r"""Read a value off what stands in some gaps; None where it is not of the form, or could be read in two ways.

    Args:
        form: Any that is read off gaps.
        texts: What stands in the gaps; one, for most forms.
        separator: What stands between parts; empty for white space. One like `"\n- "` stands before the first part
            too, and in one like `"\n1. "` or `"\n(a) "` the number or letter counts on. One like `'", "'` joins parts
            that stand in quotes.
        number_type: Of all numbers; where it is None, each is what it is written as.
    """
    if form in OF_SEVERAL_GAPS or form == "amount":
        value = _among_words(form, texts)
    else:
        value = _READ[form](texts[0], separator)
    if form in OF_TIMES and number_type == "float":
        return None if value is None else in_hours(value)
    return value if value is None or number_type is None else _typed(value, number_type)


def mark_before(text: str) -> str | None:
    """Return the separator of a list that begins with a bullet, the number 1 or the letter a; None for others."""
    found = _MARK.match(f"\n{text}")
    return found[0] if found else None


def read_whole(form: Form, question: str, group: tuple[int, int] | None) -> Any:
    """Read a value off a whole question, without white space around it; None where there is none.

    Args:
        form: One of `OF_THE_QUESTION`.
        question: All of it.
        group: Of mentions, which group, from 0, of how many.
    """
    if group is None:
        return question
    groups = groups_in(question)
    if groups is None or len(groups) != group[1]:
        return None
    return read_group(cast("MentionForm", form), groups[group[0]])


@lru_cache(maxsize=1)  # each slot of a parser reads one group of the same request
def groups_in(question: str) -> tuple[Group, ...] | None:
    """Return what a question mentions that ends in a list of options; None for others."""
    found = _MARK.search(question)
    options = _marked(question[found.start() + 1 :], found[0]) if found else None
    return mention_groups(question[: found.start()], options) if found and options else None


def is_mark(separator: str) -> bool:
    """Whether a separator is a bullet, a number or a letter before each line of a list."""
    return _MARK.fullmatch(separator) is not None


def is_lettered(separator: str) -> bool:
    """Whether a separator is a letter before each line of a list, as options have it."""
    found = _MARK.fullmatch(separator)
    return found is not None and found[2] in {"a", "A"}


def _among_words(form: Form, texts: Sequence[str]) -> Any:
    numbers = [_FOUND.findall(text) for text in texts]
    if any(_hides_a_number(text) for text in texts):
        return None
    if form != "found" and any(len(found) != 1 for found in numbers):
        return None
    read_off = [_plain_number(each) for found in numbers for each in found]
    return read_off[0] if form == "amount" else read_off or None


def _hides_a_number(text: str) -> bool:
    """Whether a number would be left out or cut in parts, as in "5kg", "1e3", "1,234" or "\u00bd"."""
    return (
        re.search(r"\d", _FOUND.sub("", text)) is not None
        or _GROUPED.search(text) is not None
        or _ODD_MINUS.search(text) is not None
        or (not text.isascii() and any(unicodedata.category(character) == "No" for character in text))
    )


def _typed(value: Any, number_type: NumberType) -> Any:
    """Return a value with every number in it of one type; None where one cannot be."""
    if isinstance(value, list):
        typed = [_typed(each, number_type) for each in value]
        return None if any(each is None for each in typed) else typed
    if isinstance(value, str):
        return value
    if number_type == "float":
        return float(value)
    return value if isinstance(value, int) else None


def _text(text: str, _separator: str) -> str | None:
    return text or None


def _integer(text: str, _separator: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _number(text: str, _separator: str) -> int | float | None:
    return _plain_number(text) if _NUMBER.fullmatch(text) else None


def _texts(text: str, separator: str) -> list[str] | None:
    if is_mark(separator):
        return _marked(text, separator)
    if _QUOTED.fullmatch(separator):
        return _quoted(text, separator)
    parts = [part.strip() for part in text.split(separator)] if separator else text.split()
    return parts if parts and all(parts) and not _otherwise_separated(parts, separator) else None


def _marked(text: str, separator: str) -> list[str] | None:
    """Read lines that all begin with a bullet, or with a number or letter that counts on."""
    parts: list[str] = []
    for number, line in enumerate(text.split("\n")):
        mark = _mark(separator, number)
        if mark is None or not line.strip().startswith(mark):
            return None
        parts.append(line.strip()[len(mark) :].strip())
    return parts


def _mark(separator: str, number: int) -> str | None:
    """Return what a line begins with, by its number from 0; None where the letters are used up."""
    found = _MARK.fullmatch(separator)
    before, first, after = found.groups() if found else (None, None, None)
    if first is None:
        return separator[1:]
    if first == "1":
        return f"{before}{number + 1}{after} "
    return f"{before}{chr(ord(first) + number)}{after} " if number < _MOST_LETTERS else None


def _quoted(text: str, separator: str) -> list[str] | None:
    quote = separator[0]
    if len(text) < 2 or not text[0] == text[-1] == quote:  # noqa: PLR2004 - one at each end
        return None
    parts = text[1:-1].split(separator)
    return parts if all(parts) and not any(quote in part for part in parts) else None


def _otherwise_separated(parts: Sequence[str], separator: str) -> bool:
    """Whether it looks as if something else stood between the parts, or a separator were a part of a number."""
    if separator and "\n" not in separator and any("\n" in part for part in parts):
        return True
    if len(parts) == 1:
        return re.search(r"[,;|]", _GROUPED.sub("", parts[0])) is not None
    if not separator:
        return all(part[-1] in ",;" for part in parts[:-1])
    if separator == ",":
        return _GROUPED.search(",".join(parts)) is not None
    bare = separator.strip()
    return bare in {",", ";", "|"} and any(bare in _GROUPED.sub("", part) for part in parts)


def _integers(text: str, separator: str) -> list[int] | None:
    parts = _texts(text, separator) or []
    return [int(part) for part in parts] if parts and all(map(_INTEGER.fullmatch, parts)) else None


def _numbers(text: str, separator: str) -> list[int | float] | None:
    parts = _texts(text, separator) or []
    return [_plain_number(part) for part in parts] if parts and all(map(_NUMBER.fullmatch, parts)) else None


def _text_rows(text: str, separator: str) -> list[list[str]] | None:
    return _rows([_texts(line.strip(), separator) for line in text.split("\n")])


def _number_rows(text: str, separator: str) -> list[list[int | float]] | None:
    return _rows([_numbers(line.strip(), separator) for line in text.split("\n")])


def _rows(rows: Sequence[list[T] | None]) -> list[list[T]] | None:
    read_off = [row for row in rows if row is not None]
    return read_off if len(read_off) == len(rows) else None


def _plain_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _time(text: str, _separator: str) -> int | None:
    return read_time(text)


def _time_span(text: str, _separator: str) -> Span | None:
    return read_span(text)


def _times(text: str, separator: str) -> list[int] | None:
    return _each(read_time, _texts(text, separator))


def _time_spans(text: str, separator: str) -> list[Span] | None:
    return _each(read_span, _texts(text, separator))


def _each(read_one: Callable[[str], T | None], parts: Sequence[str] | None) -> list[T] | None:
    """Read every part; None where one cannot be read."""
    found = [read_one(part) for part in parts or []]
    read_off = [each for each in found if each is not None]
    return read_off if read_off and len(read_off) == len(found) else None


def _json(text: str, _separator: str) -> list[Any] | None:
    """Read a list of texts, numbers or lists of these."""
    try:
        value = json.loads(text, parse_constant=lambda _: None, parse_int=_json_number, parse_float=_json_number)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and _is_plain(value, 0) else None


def _json_number(text: str) -> int | float:
    """Read a number of JSON; longer ones than the other forms read raise `ValueError`."""
    if re.search(r"\d{19}|\.\d{18}", text):
        raise ValueError("too many digits")
    return float(text) if re.search(r"[.eE]", text) else int(text)


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return depth < _MOST_NESTED and all(_is_plain(each, depth + 1) for each in value)
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)  # JSON can spell half of a character
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _python(text: str, separator: str) -> list[Any] | None:
    """Read a list as Python writes it, with tuples as lists: `[('a', 1), ('b', 2.5)]`. Texts hold no backslash."""
    written: list[str] = []
    inside: list[tuple[str, int]] = []  # of each open bracket, which one it is, and the commas in it
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        position = token.end()
        sign, number, double, single = token.groups()
        if sign in {"[", "("}:
            inside.append((sign, 0))
        elif sign is not None:
            if not inside:
                return None
            opened, commas = inside.pop()
            if sign == ",":
                inside.append((opened, commas + 1))
            elif opened + sign not in {"[]", "()"} or (sign == ")" and not commas):  # `(1)` is the number 1
                return None
        written.append(_IN_JSON.get(sign, sign) if sign else number or json.dumps(single if double is None else double))
    return _json(" ".join(written), separator)


_READ: Final[dict[str, Callable[[str, str], Any]]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "texts": _texts,
    "integers": _integers,
    "numbers": _numbers,
    "text_rows": _text_rows,
    "number_rows": _number_rows,
    "json": _json,
    "python": _python,
    "time": _time,
    "time_span": _time_span,
    "times": _times,
    "time_spans": _time_spans,
}
