"""Numbers that are names, such as phone and card numbers: digits and letters in groups."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SIGN: Final = re.compile(r"[0-9A-Za-z]")
_CODE: Final = re.compile(r"[+(]?[0-9A-Za-z]+(?:[^0-9A-Za-z\n]{1,3}[0-9A-Za-z]+)*")
_DIGITS_NEEDED: Final = 4
_LONGEST: Final = 64
"""Digits and letters of a code: an account number has up to 34. The time to find one grows with the square of them."""


class GroupedDigits(NamedTuple):
    """A text with the digits and letters of a code in it.

    Attributes:
        before: What stands before the first one.
        gaps: What stands after each but the last one; empty within a group.
        after: What stands after the last one.
    """

    before: str
    gaps: tuple[str, ...]
    after: str


def code_of(value: object) -> str | None:
    """Return the digits and letters of a phone number, a card number or the like; None if a value is not one.

    It has at least four digits, and at most 64 digits and letters. A bool and a negative number do not count.
    """
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or _CODE.fullmatch(text.strip()) is None:
        return None
    signs = "".join(_SIGN.findall(text))
    return signs if len(signs) <= _LONGEST and sum(map(str.isdigit, signs)) >= _DIGITS_NEEDED else None


def grouped_digits(code: str, text: str) -> GroupedDigits | None:
    """Find a code in a text, whatever separates its groups; None where it is not there exactly once."""
    pattern = re.compile(r"(?<![0-9A-Za-z])" + r"([^0-9A-Za-z\n]{0,3})".join(code) + r"(?![0-9A-Za-z])")
    found = list(pattern.finditer(text))
    if len(found) != 1:
        return None
    (one,) = found
    return GroupedDigits(text[: one.start()], one.groups(), text[one.end() :])
