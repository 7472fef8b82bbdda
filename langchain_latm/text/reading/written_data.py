"""Data that all examples share and that a function writes itself, so that no example shows that it reads the data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LEAST_EXAMPLES: Final = 2
_LEAST_LENGTH: Final = 2
"""Minimum length of a run of letters or digits in the code that may be data."""
_RUN: Final = re.compile(r"[^\W_]+")


def shared_edges(column: Sequence[str]) -> tuple[str, str]:
    """Return the shared beginning and end of all texts of a gap, in whole words; both empty if they share nothing.

    If all texts are the same, the beginning is the whole text.

    Args:
        column: The text in a gap, by example.
    """
    if len(column) < _LEAST_EXAMPLES:
        return "", ""
    begins = _shared_beginning(column)
    if all(text == begins for text in column):
        return begins, ""
    ends = _shared_beginning([text[::-1] for text in column])[::-1]
    cut = re.match(r"(?s).*[\W_]", begins)
    tail = re.search(r"(?s)[\W_].*", ends)
    return cut[0] if cut else "", tail[0] if tail else ""


def _shared_beginning(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)  # what these two share, all texts in between share too
    return first[
        : next((i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    ]


def is_written(data: str, constants: Sequence[str]) -> bool:
    """Whether a word or number of the data occurs in the constants of a function's code.

    Args:
        data: Text that all examples share.
        constants: The texts and numbers in the code.
    """
    runs = {run.casefold() for run in _RUN.findall(data) if len(run) >= _LEAST_LENGTH}
    return any(not runs.isdisjoint(run.casefold() for run in _RUN.findall(constant)) for constant in constants)
