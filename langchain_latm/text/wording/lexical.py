"""Finding the tool whose example questions a request is like, by words alone.

Questions of one kind share a form: "Sort the following words alphabetically: List:". What at least two thirds of the
examples have in common, in runs of one to three words, are the form's *anchors*. A request is of the kind when it holds
enough of the anchors, and the anchors make up enough of the request: "Give only the result as your final answer" alone,
in a long question, is not enough. How much is enough is calibrated on the examples themselves: each is compared with
the anchors of the others, as a new request would be. Nothing is compared with what other tools' requests are like, so
a tool that is added changes nothing for those that were there.

The examples of one tool may be put in several ways. So every group of them that are like each other
(`text.wording.grouping`) is a form of its own, beside the one of all together.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from langchain_latm.text.wording.grouping import groups_of
from langchain_latm.text.wording.postings import Postings, key_of, weight_of
from langchain_latm.text.wording.runs import Runs

_SHARED: Final = 2 / 3
_FEW: Final = 3
"""What two of so few examples share may be content by chance: it must stand in all."""
# The numbers below were chosen on fifteen kinds of BIG-bench Hard and sixty-six of reasoning-gym.
_NEEDED: Final = 0.7
"""Part of the least typical example's score that a request needs."""
_NEEDED_OF_THREE: Final = 0.6
"""Of three: they may be more like each other than the next one is like them."""
_LEAST: Final = 0.22
_LEAST_OF_TWO: Final = 0.5
_LEAST_OF_ONE: Final = 0.4
"""No request is taken for a tool's with less; one or two examples do not tell their form from their content."""
_TELLING: Final = 0.25
"""Examples of which one shares less with the others than this are put too variously to be found by their words."""
_TELLING_WORDS: Final = 3
_TELLING_COVERAGE: Final = 0.35
"""Fewer words than this, and less of each example: what is shared ("Answer with") may stand in any request."""
_COVERED: Final = 0.3
"""Part of the least typical example's coverage that a request needs."""
_COVERED_OF_ONE: Final = 0.4
_OUTLIERS: Final = 6
"""One example in so many may be put in its own way."""
_MOST_EXAMPLES: Final = 50
"""More of a tool's examples than this, the newest, change little but the time that it takes."""
_POSTINGS: Final = 2_000
"""Forms that are looked at for one request, those with its rarest runs first: what bounds its time."""
_FINALISTS: Final = 10


FORMS_VERSION: Final = 1
"""Forms that are kept with another number are learned anew."""


class Form(NamedTuple):
    """What questions that are put alike have in common.

    Attributes:
        anchors: Runs of words.
        threshold: From which part of their weight a request is taken for one of the kind.
        coverage: Which part of the request's words must stand among them; both from 0 to 1.
    """

    anchors: tuple[str, ...]
    threshold: float
    coverage: float


def forms_of(questions: Sequence[str]) -> tuple[Form, ...]:
    """Learn from a tool's example questions, the oldest first. None when words cannot tell its requests."""
    seen = [Runs.of(question) for question in questions[-_MOST_EXAMPLES:]]
    groups = groups_of(seen)
    alike = [[seen[i] for i in group] for group in groups] if len(groups) > 1 else []
    return tuple(form for form in map(_form, [seen, *alike]) if form is not None)


def _form(seen: Sequence[Runs]) -> Form | None:
    counts = Counter(run for each in seen for run in each.weights)
    anchors = tuple(run for run, count in counts.items() if count >= _enough(len(seen)))
    words = sum(" " not in run for run in anchors)
    if len(seen) == 1:
        return Form(anchors, _LEAST_OF_ONE, _COVERED_OF_ONE) if words >= _TELLING_WORDS else None
    score, coverage = _least_typical(counts, seen)
    if not words or (words < _TELLING_WORDS and coverage < _TELLING_COVERAGE):
        return None
    if len(seen) == 2:  # noqa: PLR2004 - two examples, as the name of the bound says
        return Form(anchors, max(_LEAST_OF_TWO, _NEEDED * score), _COVERED * coverage)
    if score < _TELLING:
        return None
    needed = _NEEDED_OF_THREE if len(seen) == _FEW else _NEEDED
    return Form(anchors, max(_LEAST, needed * score), _COVERED * coverage)


def _enough(examples: int) -> int:
    """Return in how many of them a run must stand to be an anchor."""
    return examples if examples <= _FEW else round(_SHARED * examples)


def _least_typical(counts: Counter[str], seen: Sequence[Runs]) -> tuple[float, float]:
    """Return a low score and a low coverage of an example against the anchors of the others, but for outliers."""
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
    """Return what a run counts: a long one says more than its words do."""
    return run.count(" ") + 1


class Match(NamedTuple):
    """A tool beside a request, by the form that comes nearest.

    Attributes:
        name: The tool's name.
        score: Part of the form's anchors that the request holds, from 0 to 1.
        threshold: What it must hold; infinite when words cannot tell.
        covered: Part of the request's words that stand among the anchors.
        coverage: What must stand among them.
    """

    name: str
    score: float
    threshold: float
    covered: float
    coverage: float

    @property
    def fits(self) -> bool:
        """Whether it holds enough, and enough of it is held."""
        return self.score >= self.threshold and self.covered >= self.coverage

    @property
    def nearness(self) -> tuple[bool, float]:
        """What to sort by: the nearest is the greatest."""
        return self.fits, self.score


class _Kept(NamedTuple):
    """A form as the index keeps it.

    Attributes:
        name: The tool's name.
        keys: Its anchors, as numbers (`text.wording.postings`).
        weight: What they count together.
        threshold: As in `Form`.
        coverage: As in `Form`.
    """

    name: str
    keys: array[int]
    weight: int
    threshold: float
    coverage: float


class LexicalIndex:
    """The forms of many tools, found by what they have in common with a request."""

    def __init__(self) -> None:
        self._forms: dict[int, _Kept] = {}
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._holders = Postings()
        self._next = 0

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, name: str, forms: Sequence[Form]) -> None:
        """Add a tool, or replace its forms."""
        self.remove(name)
        first = self._next
        for form in forms:
            keys = array("Q", dict.fromkeys(map(key_of, form.anchors)))
            weight = sum(map(weight_of, keys))
            if weight:  # a damaged store may hold anything
                self._forms[self._next] = _Kept(name, keys, weight, form.threshold, form.coverage)
                self._holders.add(keys, self._next)
                self._next += 1
        self._numbers[name] = tuple(range(first, self._next))

    def remove(self, name: str) -> None:
        """Forget a tool; one that is not there is none to forget."""
        for number in self._numbers.pop(name, ()):
            self._holders.remove(self._forms.pop(number).keys, number)

    def search(self, text: str, limit: int = 5) -> list[Match]:
        """Return the tools that `text` is most like, the best first. Those that share nothing with it are none."""
        there = Runs.of(text)
        keys = [key_of(run) for run in there.weights]
        held = frozenset(keys)
        best: dict[str, Match] = {}
        for number in self._finalists(keys):
            match = _match(self._forms[number], held, len(there.words))
            if match.name not in best or match.nearness > best[match.name].nearness:
                best[match.name] = match
        ranked = sorted(best.values(), key=lambda match: match.name)
        return sorted(ranked, key=lambda match: match.nearness, reverse=True)[:limit]

    def _finalists(self, keys: Iterable[int]) -> list[int]:
        """Return the forms that hold most of the request's rarest runs."""
        found: dict[int, int] = {}
        for weight, holders in self._rarest_first(keys):
            for number in holders:
                found[number] = found.get(number, 0) + weight
        return heapq.nlargest(_FINALISTS, found, key=found.__getitem__)

    def _rarest_first(self, keys: Iterable[int]) -> Iterator[tuple[int, Sequence[int]]]:
        known = [(len(holders), weight_of(key), holders) for key in keys if (holders := self._holders.holders(key))]
        left = _POSTINGS
        for length, weight, holders in sorted(known, key=lambda each: each[0]):
            if length > left:
                return
            left -= length
            yield weight, holders


def _match(kept: _Kept, held: frozenset[int], words: int) -> Match:
    """Compare a form with a request that holds these runs, and so many single words among them."""
    weights = [weight_of(key) for key in held.intersection(kept.keys)]
    covered = weights.count(1) / words if words else 0.0
    return Match(kept.name, sum(weights) / kept.weight, kept.threshold, covered, kept.coverage)
