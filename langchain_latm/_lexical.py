"""Finding the tool whose example questions a request is like, by words alone.

The questions of one kind share a form: "Sort the following words alphabetically: List:". What at least two thirds of
a tool's example questions have in common, in runs of one to three words, are its *anchors*. A request scores the part
of them that it holds. How much it must hold is calibrated on the examples themselves: each is scored against the
anchors of the others, as a new request would be. Nothing is compared with what other tools' requests are like, so a
tool that is added changes nothing for those that were there.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[^\w\s]|_")
_LONGEST_RUN: Final = 3
_SHARED: Final = 2 / 3
# The numbers below were chosen by trying others on fifteen tasks of BIG-bench Hard and twelve of reasoning-gym.
_NEEDED: Final = 1 / 3
"""Part of the least typical example's score that a request needs."""
_LEAST: Final = {1: 0.8, 2: 0.45}
"""No request is taken for a tool's with less than this; few examples do not tell their form from their content."""
_LEAST_OF_MANY: Final = 0.28
_TELLING_WORDS: Final = 3
_TELLING_PART: Final = 0.35
"""A kind whose examples share fewer words than this, and less than this part of their words, is put too variously to be
found by words: what little they share ("Answer with") may stand in any request."""
_FUNCTION_WORDS: Final = frozenset(
    """
    a about after all also am an and any are as at be been before but by can could did do does for from had has have
    he her him his how i if in into is it its may me more most my no nor not of on one only or other our out over she
    should so some such than that the their them then there these they this those to up was we were what when where
    which while who whom whose why will with would yes you your
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
"""They stand in requests of every kind. A run of these, of numbers and of signs alone is no anchor."""
_POSTINGS: Final = 2_000
"""Tools that are looked at for one request, those with its rarest runs first: what bounds its time."""
_FINALISTS: Final = 10


def runs(text: str) -> set[str]:
    """Return the runs of one to three words, numbers and signs in `text`; all numbers count as the same."""
    words = ["0" if word.isdigit() else word.lower() for word in _TOKEN.findall(text)]
    found = set(words)
    for length in range(2, _LONGEST_RUN + 1):
        found.update(map(" ".join, zip(*(words[start:] for start in range(length)), strict=False)))
    return found


class Profile(NamedTuple):
    """What requests of one kind have in common.

    Attributes:
        anchors: Runs, each with its weight; the weights add up to 1.
        threshold: The score from which a request is taken for one of the kind; infinite when words cannot tell it.
    """

    anchors: dict[str, float]
    threshold: float

    @classmethod
    def of(cls, questions: Sequence[str]) -> Profile:
        """Learn from example questions of one kind."""
        seen = [runs(question) for question in questions]
        counts = Counter(run for each in seen for run in each)
        weights = _weights(counts, _enough(len(seen)))
        whole = sum(weights.values())
        anchors = {run: weight / whole for run, weight in weights.items()}
        if not _tells(seen, anchors):
            return cls(anchors, math.inf)
        floor = _LEAST.get(len(seen), _LEAST_OF_MANY)
        return cls(anchors, max(_NEEDED * _least_typical(counts, seen), floor))


class Match(NamedTuple):
    """A tool beside a request.

    Attributes:
        name: The tool's name.
        score: Part of its anchors that the request holds, from 0 to 1.
        threshold: What it must hold.
    """

    name: str
    score: float
    threshold: float

    @property
    def fits(self) -> bool:
        """Whether it holds enough."""
        return self.score >= self.threshold


class LexicalIndex:
    """The profiles of many tools, found by what they have in common with a request."""

    def __init__(self) -> None:
        self._profiles: dict[str, Profile] = {}
        self._holders: dict[str, dict[str, float]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._profiles

    def __len__(self) -> int:
        return len(self._profiles)

    def put(self, name: str, profile: Profile) -> None:
        """Add a tool, or replace its profile."""
        self.remove(name)
        self._profiles[name] = profile
        for run, weight in profile.anchors.items():
            self._holders.setdefault(run, {})[name] = weight

    def remove(self, name: str) -> None:
        """Forget a tool; one that is not there is none to forget."""
        profile = self._profiles.pop(name, None)
        for run in profile.anchors if profile else ():
            holders = self._holders[run]
            del holders[name]
            if not holders:
                del self._holders[run]

    def search(self, text: str, limit: int = 5) -> list[Match]:
        """Return the tools that `text` is most like, the best first. Those that share nothing with it are none."""
        there = runs(text)
        finalists = self._finalists(there)
        scored = (
            Match(name, _score(self._profiles[name].anchors, there), self._profiles[name].threshold)
            for name in finalists
        )
        return sorted(scored, key=lambda match: (-match.score, match.name))[:limit]

    def _finalists(self, there: set[str]) -> list[str]:
        """Return the tools that hold most of the request's rarest runs."""
        found: Counter[str] = Counter()
        for holders in self._rarest_first(there):
            for name, weight in holders.items():
                found[name] += weight  # type: ignore[assignment]  # a Counter may count in fractions
        return [name for name, _ in found.most_common(_FINALISTS)]

    def _rarest_first(self, there: set[str]) -> Iterator[dict[str, float]]:
        known = [holders for holders in map(self._holders.get, there) if holders]
        left = _POSTINGS
        for holders in sorted(known, key=len):
            if len(holders) > left:
                return
            left -= len(holders)
            yield holders


def _enough(examples: int) -> int:
    """Return in how many of them a run must stand to be an anchor."""
    return 1 if examples == 1 else max(2, round(_SHARED * examples))


def _weights(counts: Counter[str], enough: int) -> dict[str, int]:
    """Return the anchors with their weights: a long run says more than its words do."""
    shared = (run for run, count in counts.items() if count >= enough)
    return {run: run.count(" ") + 1 for run in shared if _says_something(run)}


def _says_something(run: str) -> bool:
    return any(word[0].isalpha() and word not in _FUNCTION_WORDS for word in run.split())


def _tells(seen: Sequence[set[str]], anchors: dict[str, float]) -> bool:
    """Return whether the examples share enough words to tell their kind from others."""
    if sum(" " not in anchor for anchor in anchors) >= _TELLING_WORDS:
        return True
    parts = []
    for each in seen:
        words = [run for run in each if " " not in run and _says_something(run)]
        parts.append(sum(word in anchors for word in words) / len(words) if words else 0.0)
    return statistics.fmean(parts) >= _TELLING_PART


def _least_typical(counts: Counter[str], seen: Sequence[set[str]]) -> float:
    """Return the lowest score of an example against the anchors of the others."""
    if len(seen) == 1:
        return 0.0
    enough = _enough(len(seen) - 1)
    possible = _weights(counts, enough)
    lowest = 1.0
    for example in seen:
        held = whole = 0
        for run, weight in possible.items():
            there = run in example
            if counts[run] - there >= enough:
                whole += weight
                held += weight * there
        lowest = min(lowest, held / whole if whole else 0.0)
    return lowest


def _score(anchors: dict[str, float], there: set[str]) -> float:
    return min(1.0, sum(weight for run, weight in anchors.items() if run in there))
