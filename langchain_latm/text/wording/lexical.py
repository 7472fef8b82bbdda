"""Finds the tool whose example questions a request resembles, by their words.

Questions of one kind share a wording: "Sort the following words alphabetically: List:". The runs of one to three words
that at least two thirds of the examples hold are the *anchors* of the wording. A request is of the kind if it holds
enough of the anchors, and the anchors cover enough of the request: "Give only the result as your final answer" is not
enough in a long question. The thresholds are calibrated on the examples: each is compared with the anchors of the
others, as a new request would be. Thresholds do not depend on other tools, so adding a tool does not affect the others.

The examples of one tool may have several wordings. So each group of similar examples (`text.wording.grouping`) gives a
wording, besides the wording of all examples.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Final, NamedTuple

from langchain_latm.text.wording.grouping import groups_of
from langchain_latm.text.wording.postings import WEIGHT, Postings, keys_of, most_frequent, weight_of
from langchain_latm.text.wording.runs import Runs

_SHARED: Final = 2 / 3
_FEW: Final = 3
"""Up to this number of examples, an anchor must be in all: two may share content by chance."""
# The numbers below were tuned on 15 kinds of BIG-bench Hard and 66 of reasoning-gym.
_NEEDED: Final = 0.7
"""Share of the least typical example's score that a request needs."""
_NEEDED_OF_THREE: Final = 0.6
"""The same with three examples, which may resemble each other more than the next request does."""
_LEAST: Final = 0.22
_LEAST_OF_TWO: Final = 0.5
_LEAST_OF_ONE: Final = 0.4
"""Minimum thresholds. One or two examples do not show which words are content, so their minimum is higher."""
_LEAST_SCORE: Final = 0.25
"""Minimum score of the least typical example: below it, the examples differ too much."""
_LEAST_WORDS: Final = 3
_LEAST_COVERAGE: Final = 0.35
"""With fewer words and less coverage, the anchors ("Answer with") could be in any request."""
_COVERED: Final = 0.3
"""Share of the least typical example's coverage that a request needs."""
_COVERED_OF_ONE: Final = 0.4
_OUTLIERS: Final = 6
"""One example in this many may have a wording of its own."""
_MOST_EXAMPLES: Final = 50
"""Number of examples to learn from, the newest ones. More take time and change little."""
_POSTINGS: Final = 2_000
"""Maximum number of postings read for one request, rarest runs first. It bounds the time of a search."""
_FINALISTS: Final = 10


WORDINGS_VERSION: Final = 3
"""Stored wordings with another version are learned again."""


class Wording(NamedTuple):
    """The words that questions of one wording share.

    Attributes:
        anchors: Runs of words.
        threshold: Minimum share of their weight that a request must hold, from 0 to 1.
        coverage: Minimum share of the request's words that must be among them, from 0 to 1.
    """

    anchors: tuple[str, ...]
    threshold: float
    coverage: float


def wordings_of(questions: Sequence[str]) -> tuple[Wording, ...]:
    """Learn wordings from example questions, oldest first; none if words do not distinguish requests of the kind."""
    seen = [Runs.of(question) for question in questions[-_MOST_EXAMPLES:]]
    groups = groups_of(seen)
    alike = [[seen[i] for i in group] for group in groups] if len(groups) > 1 else []
    return tuple(each for each in map(_wording, [seen, *alike]) if each is not None)


def _wording(seen: Sequence[Runs]) -> Wording | None:
    counts = Counter(run for each in seen for run in each.weights)
    anchors = tuple(run for run, count in counts.items() if count >= _enough(len(seen)))
    words = sum(" " not in run for run in anchors)
    if len(seen) == 1:
        return Wording(anchors, _LEAST_OF_ONE, _COVERED_OF_ONE) if words >= _LEAST_WORDS else None
    score, coverage = _least_typical(counts, seen)
    if not words or (words < _LEAST_WORDS and coverage < _LEAST_COVERAGE):
        return None
    if len(seen) == 2:  # noqa: PLR2004 - two examples, as the name of the bound says
        return Wording(anchors, max(_LEAST_OF_TWO, _NEEDED * score), _COVERED * coverage)
    if score < _LEAST_SCORE:
        return None
    needed = _NEEDED_OF_THREE if len(seen) == _FEW else _NEEDED
    return Wording(anchors, max(_LEAST, needed * score), _COVERED * coverage)


def _enough(examples: int) -> int:
    """Return in how many examples a run must be to become an anchor."""
    return examples if examples <= _FEW else round(_SHARED * examples)


def _least_typical(counts: Counter[str], seen: Sequence[Runs]) -> tuple[float, float]:
    """Return the lowest score and coverage of an example against the anchors of the others, ignoring outliers."""
    enough = _enough(len(seen) - 1)
    possible = [(run, _weight(run)) for run, count in counts.items() if count >= enough]
    scores, coverages = [], []
    for example in seen:
        held = whole = 0
        for run, weight in possible:
            there = run in example.weights
            if counts[run] - there >= enough:
                whole += weight
                held += weight * there
        scores.append(held / whole if whole else 0.0)
        words = example.words
        coverages.append(sum(counts[word] > enough for word in words) / len(words) if words else 0.0)
    return sorted(scores)[len(seen) // _OUTLIERS], sorted(coverages)[len(seen) // _OUTLIERS]


def _weight(run: str) -> int:
    """Return the weight of a run: its length in words."""
    return run.count(" ") + 1


class Match(NamedTuple):
    """A tool compared with a request, by its nearest wording.

    Attributes:
        name: The tool's name.
        score: Share of the wording's anchors that the request holds, from 0 to 1.
        threshold: Minimum score.
        covered: Share of the request's words that are among the anchors.
        coverage: Minimum of `covered`.
        held: Weight of the anchors that the request holds: the sum of their lengths in words.
    """

    name: str
    score: float
    threshold: float
    covered: float
    coverage: float
    held: int

    @property
    def fits(self) -> bool:
        """Whether score and coverage are high enough."""
        return self.score >= self.threshold and self.covered >= self.coverage

    @property
    def nearness(self) -> tuple[bool, float]:
        """Sort key: the nearest match is the greatest."""
        return self.fits, self.score


class _Kept(NamedTuple):
    """A wording as the index stores it.

    Attributes:
        name: The tool's name.
        keys: The anchors, as numbers (`text.wording.postings`).
        weight: Their total weight.
        threshold: As in `Wording`.
        coverage: As in `Wording`.
    """

    name: str
    keys: array[int]
    weight: int
    threshold: float
    coverage: float


class LexicalIndex:
    """The wordings of many tools, searched by the runs of a request."""

    def __init__(self) -> None:
        self._wordings: dict[int, _Kept] = {}
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._holders = Postings()
        self._next = 0

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, name: str, wordings: Sequence[Wording]) -> None:
        """Add a tool, or replace its wordings."""
        self.remove(name)
        first = self._next
        for wording in wordings:
            keys = array("Q", dict.fromkeys(keys_of({run: _weight(run) for run in wording.anchors})))
            weight = sum(map(weight_of, keys))
            if weight:  # a damaged store may hold anything
                self._wordings[self._next] = _Kept(name, keys, weight, wording.threshold, wording.coverage)
                self._holders.add(keys, self._next)
                self._next += 1
        self._numbers[name] = tuple(range(first, self._next))

    def remove(self, name: str) -> None:
        """Remove a tool; do nothing if it is unknown."""
        for number in self._numbers.pop(name, ()):
            self._holders.remove(self._wordings.pop(number).keys, number)

    def search(self, text: str, limit: int = 5) -> list[Match]:
        """Return the tools that share words with `text`, the most similar first."""
        there = Runs.of(text)
        keys = keys_of(there.weights)
        held = frozenset(keys)
        best: dict[str, Match] = {}
        for number in self._finalists(keys):
            match = _match(self._wordings[number], held, len(there.words))
            if match.name not in best or match.nearness > best[match.name].nearness:
                best[match.name] = match
        ranked = sorted(best.values(), key=lambda match: match.name)
        return sorted(ranked, key=lambda match: match.nearness, reverse=True)[:limit]

    def _finalists(self, keys: Iterable[int]) -> list[int]:
        """Return the wordings that hold the highest weight of the request's rarest runs."""
        weighed = (repeat(holders, weight_of(key)) for key, holders in self._holders.rarest(keys, _POSTINGS))
        return most_frequent(chain.from_iterable(chain.from_iterable(weighed)), _FINALISTS)


def _match(kept: _Kept, there: frozenset[int], words: int) -> Match:
    """Compare a wording with a request that holds these runs, `words` of them single words."""
    weights = [key & WEIGHT for key in there.intersection(kept.keys)]
    covered = weights.count(1) / words if words else 0.0
    held = sum(weights)
    return Match(kept.name, held / kept.weight, kept.threshold, covered, kept.coverage, held)
