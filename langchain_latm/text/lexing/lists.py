r"""Lists: items between separators, lines after marks, and rows.

A separator is the text between two items; the empty one is white space. A separator like `"\n- "` is a *mark*: it also
precedes the first item, and in `"\n1. "` or `"\n(a) "` the number or letter counts up. A separator like `'", "'` joins
quoted items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from langchain_latm.text.lexing.numbers import holds_groups, without_groups
from langchain_latm.text.lexing.quotes import is_quote_separator, split_quoted
from langchain_latm.text.lexing.words import MARKS

T = TypeVar("T")

SEPARATORS: Final = ("\n", "\t", "; ", ", ", " | ", "\u3001", "\u060c ", ",", "")
"""Possible separators, the most specific first."""
_BULLETS: Final = "-*+\u2022\u2023\u25e6\u2013\u2014"
_MARK: Final = re.compile(rf"\n(?:[{_BULLETS}]|(\(?)([1aA])([.):])) ")
_COUNTED: Final = re.compile(r"\n(\(?)(\d{1,3}|[A-Za-z])([.):]) ")
_BULLET: Final = re.compile(rf"\s*(?:[{_BULLETS}]|\(?(?:\d+|[A-Za-z])[.):])\s+")
_ITEM: Final = rf"(?:[\w{MARKS}'-]+ ){{0,2}}[\w{MARKS}'-]+"
_ITEMS: Final = re.compile(rf"\s*(?:{_ITEM}\s*[,;|]\s*)+")
_LAST_ITEMS: Final = re.compile(rf"(?:[,;|]\s*{_ITEM})+")
_SEPARATING: Final = re.compile(r"[,;|\u060c\u061b\u3001\uff0c\uff1b]")
_SIGN: Final = re.compile(r"\s*(?:[,;|><\u2192\u00d7\n]|->|=>)\s*|\s+[^\w\s([{)\]}\"'.:?!-]+\s+")
_MOST_LETTERS: Final = 26
_OPERATOR: Final = re.compile(r"[-+*/^%=<>&\u00d7\u00f7\u2212\u00b7\u2227\u2228\u2264\u2265\u2260]|[*=<>!]=?|\*\*|//")
_CLOSED_BY: Final = {"(": ")", "[": "]", "{": "}", "\uff08": "\uff09", "\uff3b": "\uff3d", "\u3010": "\u3011"}
_BRACKETS: Final = re.compile(f"[{re.escape(''.join([*_CLOSED_BY, *_CLOSED_BY.values()]))}]")


def is_mark(separator: str) -> bool:
    """Whether a separator is a mark: a bullet, a number or a letter before each line of a list."""
    return _MARK.fullmatch(separator) is not None


def is_lettered(separator: str) -> bool:
    """Whether a separator is a letter before each line, as in lists of options."""
    found = _MARK.fullmatch(separator)
    return found is not None and found[2] in {"a", "A"}


def counts_on(before: str, text: str) -> bool:
    """Whether the first numbered or lettered line of `text` follows the last one of `before` in sequence."""
    last, first = [*_COUNTED.finditer(before)][-1:], _COUNTED.search(text)
    if not last or first is None or last[0][1] != first[1] or last[0][3] != first[3]:
        return False
    one, next_one = last[0][2], first[2]
    if one.isdigit() or next_one.isdigit():
        return one.isdigit() and next_one.isdigit() and int(next_one) == int(one) + 1
    return ord(next_one) == ord(one) + 1


def mark_before(text: str) -> str | None:
    """Return the mark of a list that begins with a bullet, the number 1 or the letter a; None for other texts."""
    found = _MARK.match(f"\n{text}")
    return found[0] if found else None


def marked_list_in(text: str) -> tuple[int, list[str]] | None:
    """Return where the first marked list of a text begins, and its items; None if it does not extend to the end."""
    found = _MARK.search(text)
    items = split_lines(text[found.start() + 1 :], found[0]) if found else None
    return (found.start(), items) if found and items else None


def is_bullet(text: str) -> bool:
    """Whether a text is only a bullet, or a number or letter that marks a line."""
    return _BULLET.fullmatch(text) is not None


def are_first_items(text: str) -> bool:
    """Whether a text is made up of items of up to three words, each with a separator after it."""
    return _ITEMS.fullmatch(text) is not None


def are_last_items(text: str) -> bool:
    """Whether a text is made up of items of up to three words, each with a separator before it."""
    return _LAST_ITEMS.fullmatch(text) is not None


def may_separate(sign: str) -> bool:
    """Whether a sign that is alone between two words may separate items.

    The apostrophe in "O'Neill" may not, nor the "/" in "1/2".
    """
    return _SIGN.fullmatch(sign) is not None


def split(text: str, separator: str) -> list[str] | None:
    """Return the items of a list; None if one is empty, or if another separator is likely.

    Between tabs an item may be empty, like a cell of a table.
    """
    if is_mark(separator):
        return split_lines(text, separator)
    if is_quote_separator(separator):
        return split_quoted(text, separator)
    parts = [part.strip() for part in text.split(separator)] if separator else text.split()
    whole = separator == "\t" or all(parts)  # a cell of a row may be empty
    if not parts or not whole or _otherwise_separated(parts, separator) or _cuts_brackets(text, parts):
        return None
    return parts


def split_lines(text: str, mark: str) -> list[str] | None:
    """Return the items of lines that all begin with a bullet, or with a number or letter that counts up."""
    parts: list[str] = []
    for number, line in enumerate(text.split("\n")):
        expected = _mark_of_line(mark, number)
        if expected is None or not line.strip().startswith(expected):
            return None
        parts.append(line.strip()[len(expected) :].strip())
    return parts


def each_of(read_one: Callable[[str], T | None], parts: Sequence[str] | None) -> list[T] | None:
    """Read every part; None if there are none, or one cannot be read."""
    found = [read_one(part) for part in parts or []]
    read = [each for each in found if each is not None]
    return read if read and len(read) == len(found) else None


def _mark_of_line(mark: str, number: int) -> str | None:
    """Return the beginning of the line with this number, from 0; None if the letters are used up."""
    found = _MARK.fullmatch(mark)
    before, first, after = found.groups() if found else (None, None, None)
    if first is None:
        return mark[1:]
    if first == "1":
        return f"{before}{number + 1}{after} "
    return f"{before}{chr(ord(first) + number)}{after} " if number < _MOST_LETTERS else None


def _is_formula(parts: Sequence[str]) -> bool:
    """Whether an operator stands between every two parts, as in "3 + 4*x = 7"."""
    return (
        len(parts) % 2 == 1
        and all(map(_OPERATOR.fullmatch, parts[1::2]))
        and not any(map(_OPERATOR.fullmatch, parts[::2]))
    )


def _cuts_brackets(text: str, parts: Sequence[str]) -> bool:
    """Whether separators stand inside of brackets with other text, as in "f(1, 2), 3". Brackets alone are items."""
    if len(parts) == 1 or not _BRACKETS.search(text) or not _is_balanced(text):
        return False
    return any(not _is_balanced(part) and re.search(r"\w", part) for part in parts)


def _is_balanced(text: str) -> bool:
    """Whether each bracket is closed by one of its sort, in order."""
    opened: list[str] = []
    for sign in _BRACKETS.findall(text):
        if sign in _CLOSED_BY:
            opened.append(_CLOSED_BY[sign])
        elif not opened or opened.pop() != sign:
            return False
    return not opened


def _otherwise_separated(parts: Sequence[str], separator: str) -> bool:
    """Whether another separator is likely, or the separator may be a part of a number."""
    if separator and "\n" not in separator and any("\n" in part for part in parts):
        return True
    if len(parts) == 1:
        return _SEPARATING.search(without_groups(parts[0])) is not None
    if not separator:
        return all(part[-1] in ",;" for part in parts[:-1]) or _is_formula(parts)
    if separator == ",":
        return holds_groups(",".join(parts))
    bare = separator.strip()
    return _SEPARATING.fullmatch(bare) is not None and any(bare in without_groups(part) for part in parts)
