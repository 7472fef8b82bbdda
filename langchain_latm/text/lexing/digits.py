"""Codes such as phone and card numbers: digits and letters in groups."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SIGN: Final = re.compile(r"[0-9A-Za-z]")
_CODE: Final = re.compile(r"[+(]?[0-9A-Za-z]+(?:[^0-9A-Za-z\n]{1,3}[0-9A-Za-z]+)*")
_DIGITS_NEEDED: Final = 4
_LONGEST: Final = 64
"""Maximum length of a code: an account number has up to 34 characters. Search time grows with the square of it."""


class GroupedDigits(NamedTuple):
    """A text that holds the digits and letters of a code.

    Attributes:
        before: The text before the first character of the code.
        gaps: The text after each character except the last; empty within a group.
        after: The text after the last character.
    """

    before: str
    gaps: tuple[str, ...]
    after: str


def code_of(value: object) -> str | None:
    """Return the digits and letters of a phone number, a card number or the like; None if the value is not a code.

    A code has at least four digits, and at most 64 digits and letters. A bool or a negative number is not one.
    """
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or _CODE.fullmatch(text.strip()) is None:
        return None
    signs = "".join(_SIGN.findall(text))
    return signs if len(signs) <= _LONGEST and sum(map(str.isdigit, signs)) >= _DIGITS_NEEDED else None


def grouped_digits(code: str, text: str) -> GroupedDigits | None:
    """Find a code in a text, with any separators between its groups; None if it does not occur exactly once."""
    pattern = re.compile(r"(?<![0-9A-Za-z])" + r"([^0-9A-Za-z\n]{0,3})".join(code) + r"(?![0-9A-Za-z])")
    found = list(pattern.finditer(text))
    if len(found) != 1:
        return None
    (one,) = found
    return GroupedDigits(text[: one.start()], one.groups(), text[one.end() :])
