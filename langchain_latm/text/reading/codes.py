"""Recognises codes: digits that name something, such as an account or a postcode, rather than a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LEAST_LENGTH: Final = 5
"""Minimum length of numbers that may be codes because all have the same length. Years have four digits."""
_LEAST_EXAMPLES: Final = 3
_LEAST_TAKEN: Final = 2
"""Minimum length of a run of digits in an answer that shows that it was copied from a code."""
_DIGITS: Final = re.compile(r"\d+")


def may_be_codes(column: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether plain integers may be codes: all have the same length, or the answers copy their digits.

    Args:
        column: The integers, by question.
        answers: The answers of the first questions.
    """
    lengths = {len(text) for text in column}
    alike = len(column) >= _LEAST_EXAMPLES and len(lengths) == 1 and min(lengths) >= _LEAST_LENGTH
    return alike or _are_taken(column, answers)


def digits_are_taken(columns: Sequence[Sequence[str]], answers: Sequence[str]) -> bool:
    """Whether all answers copy digits of the same column."""
    return any(_are_taken(column, answers) for column in columns)


def _are_taken(column: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether each answer has only runs of digits of its number, one of them long enough."""
    rows = list(zip(column, answers, strict=False))
    if len(rows) < 2 or not all(text.isdecimal() for text, _ in rows):  # noqa: PLR2004 - once may be chance
        return False
    runs = [(text, _DIGITS.findall(answer)) for text, answer in rows]
    return all(
        max(map(len, found), default=0) >= _LEAST_TAKEN and all(run in text for run in found) for text, found in runs
    )
