"""Decides which values of different wordings have the same role."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import permutations, product
from typing import Final, NamedTuple, Self

from langchain_latm.text.reading.wordings.marks import UNITS, marks_beside
from langchain_latm.text.reading.wordings.tokens import Token

_UNIT, _WORD, _SHAPE, _SIZE, _PLACE = 4.0, 1.5, 1.5, 1.5, 0.3
"""Evidence of a shared unit, of another shared word, of equally many decimals, of a similar size, and of the same
order. Chosen on requests of our own; the proof decides whether the arguments are right."""
_UNSURE: Final = 2.5
"""Difference of evidence below which another order is tried too."""
_MOST_ORDERS: Final = 4
_MOST_UNSURE: Final = 3
_MOST_ALIKE: Final = 4
"""Maximum number of values of one sort whose order is compared; more keep their order."""


class Placed(NamedTuple):
    """The values of one wording.

    Attributes:
        sorts: The sort of each place.
        marks: The marks beside each place.
        texts: The values of each place.
    """

    sorts: tuple[str, ...]
    marks: tuple[frozenset[str], ...]
    texts: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[Token]]) -> Self:
        """Return the values of sentences of one wording."""
        first = sentences[0]
        places = [i for i, token in enumerate(first) if token.sort is not None]
        return cls(
            tuple(first[i].sort or "" for i in places),
            tuple(marks_beside(first, i) for i in places),
            tuple(tuple(sentence[i].text for sentence in sentences) for i in places),
        )


class _Role:
    """What is known of a role: the marks and values of its places in the wordings so far."""

    def __init__(self) -> None:
        self.marks: Counter[str] = Counter()
        self.texts: list[str] = []
        self.place = 0

    def add(self, group: Placed, place: int) -> None:
        """Take a place of a wording into account."""
        if not self.texts:
            self.place = place
        self.marks.update(group.marks[place])
        self.texts += group.texts[place]

    def evidence(self, group: Placed, place: int) -> float:
        """Return how much speaks for a place of a wording having this role."""
        shared = [mark for mark in group.marks[place] if mark in self.marks and not mark[1:].startswith("#")]
        found = sum(_UNIT if mark in UNITS else _WORD for mark in shared)
        found += _SHAPE * (1 - abs(_share_of_decimals(self.texts) - _share_of_decimals(group.texts[place])))
        found += _SIZE * math.exp(-abs(_size(self.texts) - _size(group.texts[place])))
        return found + (_PLACE if place == self.place else 0.0)


def assignments(sorts: Sequence[str], groups: Sequence[Placed]) -> list[list[tuple[int, ...]]]:
    """Return possible roles of the places of each wording, the likeliest first.

    Args:
        sorts: The sort of each role, in order.
        groups: The values of each wording.
    """
    if len(set(sorts)) == len(sorts):
        return [[_orders(sorts, group)[0] for group in groups]]
    order = sorted(range(len(groups)), key=lambda i: len(groups[i].texts[0]), reverse=True)
    roles = [_Role() for _ in sorts]
    chosen: dict[int, tuple[int, ...]] = {}
    unsure: list[tuple[float, int, tuple[int, ...]]] = []
    left = list(order)
    while left:
        scored = []
        for number, i in enumerate(left):
            ranked = _ranked(sorts, groups[i], roles)
            margin = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else math.inf
            scored.append((margin, -number, i, ranked))
            if not chosen:
                break  # the first wording names the roles
        margin, _, i, ranked = max(scored, key=lambda each: each[:2])
        if chosen and margin < _UNSURE:
            unsure.append((margin, i, ranked[1][1]))
        chosen[i] = ranked[0][1] if chosen else _orders(sorts, groups[i])[0]
        for place, role in enumerate(chosen[i]):
            roles[role].add(groups[i], place)
        left.remove(i)
    found = [[chosen[i] for i in range(len(groups))]]
    unsure.sort()
    several = unsure[:_MOST_UNSURE]
    for flips in sorted(product((False, True), repeat=len(several)), key=sum)[1:]:
        changed = dict(chosen)
        changed.update({i: other for flip, (_, i, other) in zip(flips, several, strict=True) if flip})
        found.append([changed[i] for i in range(len(groups))])
    return found[:_MOST_ORDERS]


def _ranked(sorts: Sequence[str], group: Placed, roles: Sequence[_Role]) -> list[tuple[float, tuple[int, ...]]]:
    """Return the possible roles of the places of a wording with their evidence, the best first."""
    scored = [
        (sum(roles[role].evidence(group, place) for place, role in enumerate(order)), order)
        for order in _orders(sorts, group)
    ]
    return sorted(scored, key=lambda each: -each[0])


def _orders(sorts: Sequence[str], group: Placed) -> list[tuple[int, ...]]:
    """Return all ways to give each place a role of its sort, first the one that keeps the order."""
    by_sort = {sort: [role for role, each in enumerate(sorts) if each == sort] for sort in sorts}
    choices = [[*permutations(roles)] if len(roles) <= _MOST_ALIKE else [tuple(roles)] for roles in by_sort.values()]
    found = []
    for choice in product(*choices):
        given = {sort: iter(roles) for sort, roles in zip(by_sort, choice, strict=True)}
        found.append(tuple(next(given[sort]) for sort in group.sorts))
    return found


def _share_of_decimals(texts: Sequence[str]) -> float:
    return sum(re.search(r"\d[.,]\d", text) is not None for text in texts) / max(len(texts), 1)


def _size(texts: Sequence[str]) -> float:
    """Return the mean order of magnitude of numbers, or the mean number of words of texts."""
    sizes = [
        math.log10(abs(float(number)) + 1) if (number := _number(text)) is not None else len(text.split())
        for text in texts
    ]
    return sum(sizes) / max(len(sizes), 1)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
