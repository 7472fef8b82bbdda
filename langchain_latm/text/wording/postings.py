"""An inverted index from features of texts, such as runs of words, to numbered documents; compact enough for millions.

A document is what holds features: a wording, or the examples of a tool. A feature is stored as a number, which takes
half the memory of a text. Most features are in one document and need no list.
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
    """Return numbers, valid in this process, for runs of at most three words, given with their weights."""
    return [((hash(run) & _HASHED) << 2) | weight for run, weight in weights.items()]


def weight_of(key: int) -> int:
    """Return the weight of the run with this number: its length in words."""
    return key & WEIGHT


def most_frequent(numbers: Iterable[int], count: int) -> list[int]:
    """Return the most frequent numbers; of equally frequent ones, those that come first."""
    found = Counter(numbers)
    if len(found) <= count:
        return list(found)
    least = sorted(found.values())[-count]
    chosen = [number for number, often in found.items() if often > least]
    return chosen + list(islice((number for number, often in found.items() if often == least), count - len(chosen)))


class Postings:
    """The documents that hold each feature, in rising order. A new document must have the greatest number so far."""

    def __init__(self) -> None:
        self._holders: dict[int, int | array[int]] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def add(self, keys: Iterable[int], document: int) -> None:
        """Add a document that holds these features, without duplicates."""
        holders = self._holders
        for key in keys:
            there = holders.setdefault(key, document)
            if not isinstance(there, int):
                there.append(document)
            elif there != document:
                holders[key] = array("I", (there, document))

    def remove(self, keys: Iterable[int], document: int) -> None:
        """Remove a document that was added with these features."""
        holders = self._holders
        for key in keys:
            there = holders[key]
            if isinstance(there, int):
                del holders[key]
                continue
            del there[bisect_left(there, document)]
            if len(there) == 1:
                holders[key] = there[0]

    def rarest(self, keys: Iterable[int], most: int) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield the features that the fewest documents hold, with their documents, up to `most` documents in total."""
        get = self._holders.get
        known = [
            (key, (there,) if isinstance(there, int) else there) for key in keys if (there := get(key)) is not None
        ]
        for key, holders in sorted(known, key=lambda each: len(each[1])):
            most -= len(holders)
            if most < 0:
                return
            yield key, holders
