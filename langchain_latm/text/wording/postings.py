"""An inverted index from runs of words to forms, compact enough for millions of runs.

A run is stored as a number, which takes half the memory of a text. Most runs are part of one form and need no list.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

_HASHED: Final = (1 << 58) - 1
"""Bits of the hash: with 10 million runs, the probability of a collision is 1 in 5,000."""
_WEIGHT: Final = 3


def key_of(run: str) -> int:
    """Return the number that stands for a run of at most three words in this process."""
    return ((hash(run) & _HASHED) << 2) | (run.count(" ") + 1)


def weight_of(key: int) -> int:
    """Return the weight of a run by its number: its length in words."""
    return key & _WEIGHT


class Postings:
    """The forms that hold each run, in rising order. Forms are numbers; a new one must be the greatest so far."""

    def __init__(self) -> None:
        self._holders: dict[int, int | array[int]] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def add(self, keys: Iterable[int], form: int) -> None:
        """Add a form that holds these runs, each given once."""
        holders = self._holders
        for key in keys:
            there = holders.setdefault(key, form)
            if not isinstance(there, int):
                there.append(form)
            elif there != form:
                holders[key] = array("I", (there, form))

    def remove(self, keys: Iterable[int], form: int) -> None:
        """Remove a form that was added with these runs."""
        holders = self._holders
        for key in keys:
            there = holders[key]
            if isinstance(there, int):
                del holders[key]
                continue
            del there[bisect_left(there, form)]
            if len(there) == 1:
                holders[key] = there[0]

    def holders(self, key: int) -> Sequence[int]:
        """Return the forms that hold a run."""
        there = self._holders.get(key, ())
        return (there,) if isinstance(there, int) else there
