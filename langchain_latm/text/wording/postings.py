"""An inverted index from features of texts, such as runs of words, to numbered forms; compact enough for millions.

A feature is stored as a number, which takes half the memory of a text. Most features are part of one form and need no
list.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

_HASHED: Final = (1 << 58) - 1
"""Bits of the hash: with 10 million runs, the probability of a collision is 1 in 5,000."""
WEIGHT: Final = 3
"""Bits of a number that hold the weight of its run: its length in words."""


def keys_of(weights: Mapping[str, int]) -> list[int]:
    """Return the numbers that stand in this process for runs of at most three words, given with their weights."""
    return [((hash(run) & _HASHED) << 2) | weight for run, weight in weights.items()]


def weight_of(key: int) -> int:
    """Return the weight of a run by its number: its length in words."""
    return key & WEIGHT


def most_frequent(numbers: Iterable[int], count: int) -> list[int]:
    """Return the most frequent numbers; of equally frequent ones those that come first."""
    found = Counter(numbers)
    if len(found) <= count:
        return list(found)
    least = sorted(found.values())[-count]
    chosen = [number for number, often in found.items() if often > least]
    return chosen + list(islice((number for number, often in found.items() if often == least), count - len(chosen)))


class Postings:
    """The forms that hold each feature, in rising order. Forms are numbers; a new one must be the greatest so far."""

    def __init__(self) -> None:
        self._holders: dict[int, int | array[int]] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def add(self, keys: Iterable[int], form: int) -> None:
        """Add a form that holds these features, each given once."""
        holders = self._holders
        for key in keys:
            there = holders.setdefault(key, form)
            if not isinstance(there, int):
                there.append(form)
            elif there != form:
                holders[key] = array("I", (there, form))

    def remove(self, keys: Iterable[int], form: int) -> None:
        """Remove a form that was added with these features."""
        holders = self._holders
        for key in keys:
            there = holders[key]
            if isinstance(there, int):
                del holders[key]
                continue
            del there[bisect_left(there, form)]
            if len(there) == 1:
                holders[key] = there[0]

    def rarest(self, keys: Iterable[int], most: int) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield the features that the fewest forms hold, with these forms, up to so many forms in all."""
        get = self._holders.get
        known = [
            (key, (there,) if isinstance(there, int) else there) for key in keys if (there := get(key)) is not None
        ]
        for key, holders in sorted(known, key=lambda each: len(each[1])):
            most -= len(holders)
            if most < 0:
                return
            yield key, holders
