"""Forms of arguments: how a value is read off the parts of a request that change.

What could be read in two ways is not read at all: then a model reads it, or nobody does. All of it takes time in
proportion to the text's length.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar, cast, get_args

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.numbers import PLAIN_NUMBER, json_number, numbers_among_words, read_integer, read_number
from langchain_latm.text.lexing.times import Span, in_hours, read_span, read_time
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

_TOKEN: Final = re.compile(rf"\s*(?:([\[\](),])|({PLAIN_NUMBER})(?![\w.])|\"([^\"\\\n]*)\"|'([^'\\\n]*)')\s*")
_IN_JSON: Final = {"(": "[", ")": "]"}
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
    found = lists.marked_list_in(question)
    return mention_groups(question[: found[0]], found[1]) if found else None


def _among_words(form: Form, texts: Sequence[str]) -> Any:
    numbers = [numbers_among_words(text) for text in texts]
    read_off = [each for found in numbers for each in found or []]
    if None in numbers or (form != "found" and any(len(found or []) != 1 for found in numbers)):
        return None
    return read_off[0] if form == "amount" else read_off or None


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
    return read_integer(text)


def _number(text: str, _separator: str) -> int | float | None:
    return read_number(text)


def _integers(text: str, separator: str) -> list[int] | None:
    return lists.each_of(read_integer, lists.split(text, separator))


def _numbers(text: str, separator: str) -> list[int | float] | None:
    return lists.each_of(read_number, lists.split(text, separator))


def _text_rows(text: str, separator: str) -> list[list[str]] | None:
    return lists.each_of(lambda line: lists.split(line.strip(), separator), text.split("\n"))


def _number_rows(text: str, separator: str) -> list[list[int | float]] | None:
    return lists.each_of(lambda line: _numbers(line.strip(), separator), text.split("\n"))


def _time(text: str, _separator: str) -> int | None:
    return read_time(text)


def _time_span(text: str, _separator: str) -> Span | None:
    return read_span(text)


def _times(text: str, separator: str) -> list[int] | None:
    return lists.each_of(read_time, lists.split(text, separator))


def _time_spans(text: str, separator: str) -> list[Span] | None:
    return lists.each_of(read_span, lists.split(text, separator))


def _json(text: str, _separator: str) -> list[Any] | None:
    """Read a list of texts, numbers or lists of these."""
    try:
        value = json.loads(text, parse_constant=lambda _: None, parse_int=json_number, parse_float=json_number)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and _is_plain(value, 0) else None


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
    "texts": lists.split,
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
