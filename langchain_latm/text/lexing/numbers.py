"""Numbers.

A *plain* number has an optional "-", no leading zeros, no groups, at most 18 digits before a decimal point and 17
after it: what JSON and Python write, without exponents. Other notations, such as digits in groups of three or a
typeset minus, are recognised so that no part of them is read as a plain number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_WHOLE: Final = r"-?(?:0|[1-9]\d{0,17})"
PLAIN_NUMBER: Final = rf"{_WHOLE}(?:\.\d{{1,17}})?"
"""Pattern of a plain number, for patterns that hold one."""
_INTEGER: Final = re.compile(_WHOLE)
_NUMBER: Final = re.compile(PLAIN_NUMBER)
GROUP_MARKS: Final = ",.'\u2019\u00a0\u2009\u202f "
"""Possible marks between groups of three digits."""
NUMBER_SIGNS: Final = frozenset(".,:-/%+")
"""Signs that may belong to a number, a date or a time."""
_AMONG_WORDS: Final = re.compile(r"(?<![\w.])-?\d{1,18}(?:\.\d{1,17})?(?!\w|\.\d)")
_GROUPED: Final = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[,'\u2019\u00a0\u2009\u202f]\d{3})+(?!\d)|(?<![\d.])\d{1,3} 0\d\d(?!\d)"
)
_COMMA_GROUPED: Final = re.compile(r"(?<![\w,.])\d{1,3}(?:,\d{3})+(?![\w,])")
_ODD_MINUS: Final = re.compile(
    r"\u2212\d|(?<!\w)[\u2010-\u2015\ufe58\ufe63\uff0d]\d|(?<!\w)[-\u2010-\u2015\u2212] ?[$\u00a3\u00a5\u20ac]"
)
_BEFORE_TERM: Final = re.compile(r"[\w)\]]\s*-\s*\Z")
_MINUS_BETWEEN: Final = re.compile(r"[\w)\]]\s+[-\u2212]\s+-?\d")
_NEAR: Final = 8
"""Number of characters before a number that may hold its sign."""
_MINUS_AT_END: Final = re.compile(r"(?<![\w-])[-\u2212]$")
_PLUS: Final = re.compile(r"\A\+(?=\d)")
_SIGN: Final = re.compile(r"(?<!\S)([+-])\d")
_RUN: Final = re.compile(r"-?\d+(?:\.\d+)?")
_SURROUNDED: Final = re.compile(r"[^\w\s.]*\d+(?:\.\d+)?[^\w\s.]*")
_DOTTED: Final = re.compile(r"\d+(?:\.\d+){2,}")
_TOO_LONG: Final = re.compile(r"\d{19}|\.\d{18}")


def read_integer(text: str) -> int | None:
    """Return a plain number without a decimal point; None if the text is not one."""
    return int(text) if _INTEGER.fullmatch(text) else None


def read_number(text: str) -> int | float | None:
    """Return a plain number, a float if it has a decimal point; None if the text is not one."""
    return _value(text) if _NUMBER.fullmatch(text) else None


def without_plus(text: str) -> str:
    """Remove the plus sign before a number: "+5" is the number 5 where others are negative."""
    return _PLUS.sub("", text, count=1)


def may_have_plus(texts: Iterable[str]) -> bool:
    """Whether plus signs before numbers are only signs; without negative numbers they may belong to codes."""
    signs = {found[1] for text in texts for found in _SIGN.finditer(text)}
    return signs != {"+"}


def json_number(text: str) -> int | float:
    """Convert a number as JSON writes it, exponents included.

    Raises:
        ValueError: The number has more digits than a plain number.
    """
    if _TOO_LONG.search(text):
        raise ValueError("too many digits")
    return float(text) if re.search(r"[.eE]", text) else int(text)


def numbers_among_words(text: str) -> list[int | float] | None:
    """Return the numbers in a text; None if one would be skipped or cut, as in "5kg", "1e3", "1,234" or "\u00bd".

    Grouped digits could be one number or several, and a typeset minus, or one before a currency sign, would be lost.
    """
    unread = (
        re.search(r"\d", _AMONG_WORDS.sub("", text)) is not None
        or _GROUPED.search(text) is not None
        or _ODD_MINUS.search(text) is not None
        or (not text.isascii() and any(unicodedata.category(character) == "No" for character in text))
    )
    return None if unread else [_value(each) for each in _AMONG_WORDS.findall(text)]


def terms_among_words(text: str) -> list[int | float] | None:
    """Return the numbers in a text with the sign of their term, as -9 in "5 - 9"; None as for `numbers_among_words`."""
    plain = text.replace("\u2212", "-")
    if numbers_among_words(plain) is None:
        return None
    found = list(_AMONG_WORDS.finditer(plain))
    minus = [_BEFORE_TERM.search(plain, max(0, each.start() - _NEAR), each.start()) is not None for each in found]
    return [-_value(each[0]) if negated else _value(each[0]) for each, negated in zip(found, minus, strict=True)]


def holds_terms(text: str) -> bool:
    """Whether a minus with space around it stands between an operand and a number, as in "5 - 9" or "2*x - 3"."""
    return _MINUS_BETWEEN.search(text) is not None


def holds_groups(text: str) -> bool:
    """Whether a text holds digits in groups of three, with any mark except "."; with a space only before a zero."""
    return _GROUPED.search(text) is not None


def without_groups(text: str) -> str:
    """Remove digits in groups of three, whose commas separate no items."""
    return _GROUPED.sub("", text)


def holds_comma_groups(text: str) -> bool:
    """Whether a text holds a number such as "1,234" that touches no letters or other commas."""
    return _COMMA_GROUPED.search(text) is not None


def is_one_number(text: str) -> bool:
    """Whether a text is one number with any signs around it, such as "-3", "$12.50" or "7.5%"."""
    return _SURROUNDED.fullmatch(text) is not None


def is_dotted(text: str) -> bool:
    """Whether a text is made up of three or more numbers with points between them, like a version or an address."""
    return _DOTTED.fullmatch(text) is not None


def ends_in_minus(text: str) -> bool:
    """Whether a text ends in a minus that belongs to the number that follows."""
    return _MINUS_AT_END.search(text) is not None


def with_zeros(text: str) -> str:
    """Replace every number by "0", so that texts which differ only in numbers become equal."""
    return _RUN.sub("0", text)


def _value(text: str) -> int | float:
    return float(text) if "." in text else int(text)
