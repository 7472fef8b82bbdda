"""Groups questions of one kind by their wording (single-linkage clustering).

Likeness is Dice's coefficient of the runs of two questions. Two questions are neighbours if their likeness is close to
the highest likeness that either has with any question. No fixed threshold would do: kinds differ in how much their
questions share, and instructions such as "Give only the result" are part of many kinds. Neighbours of neighbours form
one group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from langchain_latm.text.wording.runs import Runs

Key = TypeVar("Key", bound=Hashable)

# Tuned on samples of 40 of 81 kinds, 6 questions each: no group held two kinds.
_LEAST: Final = 0.15
_NEARLY: Final = 0.6
_MOST: Final = 90
"""Maximum size of a question, in weights of runs. Most runs of a long list are content, so the words that all requests
of the kind share would count too little. Of 480 samples of 6 questions, 402 form one group; without it, 349."""


class Groups(Generic[Key]):
    """Questions, added one by one, in groups of one kind."""

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
        """Add a question; do nothing if its key is known."""
        if key in self._runs:
            return
        shared: Counter[Key] = Counter()
        for run, weight in runs.weights.items():
            holders = self._holders.setdefault(run, set())
            for other in holders:
                shared[other] += weight
            holders.add(key)
        size = min(_MOST, sum(runs.weights.values()))
        self._runs[key], self._sizes[key], self._likeness[key] = runs, size, {}
        for other, weight in shared.items():
            likeness = 2 * weight / (size + self._sizes[other])
            if likeness >= _LEAST:
                self._likeness[key][other] = self._likeness[other][key] = likeness

    def remove(self, key: Key) -> None:
        """Remove a question; do nothing if its key is unknown."""
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
        """Return the questions of the same kind as a question, including it."""
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
    """Return the groups of questions, each as sorted positions."""
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
