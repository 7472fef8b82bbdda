"""Codes: digits that name something, such as an account or a postcode, and are not numbers to compute with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LEAST_LENGTH: Final = 5
"""Digits from which numbers that all have the same length may be codes. Years have four."""
_LEAST_EXAMPLES: Final = 3
_LEAST_TAKEN: Final = 2
"""Digits in a row from which an answer that holds them has taken them from a code."""
_DIGITS: Final = re.compile(r"\d+")


def may_be_codes(column: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether plain integers may be codes: all have as many digits, or the answers take their digits.

    Args:
        column: The integers of all questions.
        answers: The answers of the first ones.
    """
    lengths = {len(text) for text in column}
    alike = len(column) >= _LEAST_EXAMPLES and len(lengths) == 1 and min(lengths) >= _LEAST_LENGTH
    return alike or _are_taken(column, answers)


def digits_are_taken(columns: Sequence[Sequence[str]], answers: Sequence[str]) -> bool:
    """Whether all answers take the digits of one of several columns as they stand."""
    return any(_are_taken(column, answers) for column in columns)


def _are_taken(column: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether every run of digits in each answer stands in its number, and a longer one is among them."""
    rows = list(zip(column, answers, strict=False))
    if len(rows) < 2 or not all(text.isdecimal() for text, _ in rows):  # noqa: PLR2004 - once may be chance
        return False
    runs = [(text, _DIGITS.findall(answer)) for text, answer in rows]
    return all(
        max(map(len, found), default=0) >= _LEAST_TAKEN and all(run in text for run in found) for text, found in runs
    )
