"""How long a program the answers of some rows confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

SHOWN: Final = 8
"""Number of examples that a search uses first; those that its programs get wrong are added."""
_DIGITS: Final = 3
"""Minimum number of digits of an answer that counts as full evidence: many programs give the same small numbers."""
_LONG: Final = 20
"""Maximum number of characters of an answer that count as evidence."""


def explained_cost(answers: Sequence[Any]) -> float:
    """Return the maximum cost of a program that gives these answers because it is meant, and not by chance.

    Args:
        answers: The answers of the rows that support the program, or one branch of it.
    """
    length = sum(min(len(str(answer)), _LONG) for answer in answers) / max(len(answers), 1)
    told = 0.9 if any(not str(answer).isdecimal() for answer in answers) else 0.9 * min(1.0, length / _DIGITS)
    return 3.5 + told * min(len(answers), SHOWN) + 0.15 * length
