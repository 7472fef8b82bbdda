"""Finding out which of many questions are of one kind, with nothing known of the kinds.

Two questions are alike by the part of their runs that both hold (Dice's coefficient). They are taken for neighbours
when they are nearly as alike as either is to what it is most alike: how much questions of one kind share differs much
from kind to kind, and instructions such as "Give only the result" stand in many. Neighbours of neighbours are one
group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from langchain_latm.text.wording.runs import Runs

Key = TypeVar("Key", bound=Hashable)

# Chosen on forty kinds at a time, drawn from eighty-one: no group of six held two kinds.
_LEAST: Final = 0.15
_NEARLY: Final = 0.6


class Groups(Generic[Key]):
    """Questions that come one after the other, and which of them are of one kind."""

    def __init__(self) -> None:
        self._runs: dict[Key, Runs] = {}
        self._sizes: dict[Key, int] = {}
        self._holders: dict[str, set[Key]] = {}
        self._likeness: dict[Key, dict[Key, float]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._runs

    def __iter__(self) -> Iterator[Key]:
        return iter(self._runs)

    def add(self, key: Key, runs: Runs) -> None:
        """Add a question; one that is there already stays as it is."""
        if key in self._runs:
            return
        shared: Counter[Key] = Counter()
        for run, weight in runs.weights.items():
            holders = self._holders.setdefault(run, set())
            for other in holders:
                shared[other] += weight
            holders.add(key)
        size = sum(runs.weights.values())
        self._runs[key], self._sizes[key], self._likeness[key] = runs, size, {}
        for other, weight in shared.items():
            likeness = 2 * weight / (size + self._sizes[other])
            if likeness >= _LEAST:
                self._likeness[key][other] = self._likeness[other][key] = likeness

    def remove(self, key: Key) -> None:
        """Forget a question; one that is not there is none to forget."""
        runs = self._runs.pop(key, None)
        if runs is None:
            return
        del self._sizes[key]
        for other in self._likeness.pop(key):
            del self._likeness[other][key]
        for run in runs.weights:
            self._holders[run].discard(key)
            if not self._holders[run]:
                del self._holders[run]

    def group(self, key: Key) -> set[Key]:
        """Return the questions of the same kind as one of them, itself among them."""
        group, waiting = {key}, [key]
        while waiting:
            one = waiting.pop()
            for other, likeness in self._likeness[one].items():
                if other not in group and likeness >= _NEARLY * max(self._best(one), self._best(other)):
                    group.add(other)
                    waiting.append(other)
        return group

    def _best(self, key: Key) -> float:
        return max(self._likeness[key].values())


def groups_of(seen: Sequence[Runs]) -> list[list[int]]:
    """Return the positions of questions that are of one kind, group by group, in their order."""
    groups: Groups[int] = Groups()
    for position, runs in enumerate(seen):
        groups.add(position, runs)
    found: list[list[int]] = []
    placed: set[int] = set()
    for position in range(len(seen)):
        if position not in placed:
            group = groups.group(position)
            placed |= group
            found.append(sorted(group))
    return found
