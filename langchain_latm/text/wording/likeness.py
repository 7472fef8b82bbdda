"""Finds the tools whose example questions a request resembles most, by character n-grams.

A request and each example are TF-IDF vectors of their n-grams (`text.wording.character_grams`). A tool is compared in
two ways: by its nearest example, and by the centroid of its examples. The rarest n-grams of the request select the
tools that are compared, so the time of a search does not grow with the library.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from math import log, sqrt
from operator import mul
from statistics import fmean
from typing import Final, NamedTuple

from langchain_latm.text.wording.character_grams import Grams, compared
from langchain_latm.text.wording.postings import Postings, most_frequent

MOST_EXAMPLES: Final = 24
"""Number of a tool's examples that are compared, the newest ones."""
_COUNTED_TOOLS: Final = 2_000
"""Number of tools whose examples determine how rare an n-gram is: more change little."""
_CACHED_EXAMPLES: Final = 6_000
"""Number of cached vectors, of the tools used last. Computing those of one tool takes a millisecond."""
_POSTINGS: Final = 600
_COMPARED_TOOLS: Final = 3
_SMALL: Final = 1e-9


class Likeness(NamedTuple):
    """Similarity of a request to the examples of one tool: two cosines, from 0 to 1.

    Attributes:
        name: The tool's name.
        nearest: Similarity to its nearest example.
        centroid: Similarity to the centroid of its examples.
        own_nearest: Mean similarity of its examples to the nearest other one of them.
        own_centroid: Mean similarity of its examples to the centroid of the others.
        examples: Number of its examples.
        is_example: Whether the request is one of them.
    """

    name: str
    nearest: float
    centroid: float
    own_nearest: float
    own_centroid: float
    examples: int
    is_example: bool = False

    @property
    def total(self) -> float:
        """Score by which tools are ranked."""
        return self.nearest + self.centroid


class _Vectors:
    """The examples of one tool as vectors of length 1: for each n-gram, its weight in each example."""

    def __init__(self, vectors: Sequence[Mapping[str, float]]) -> None:
        self._count = len(vectors)
        every = dict.fromkeys(chain.from_iterable(vectors))
        columns = [map(vector.get, every, repeat(0.0)) for vector in vectors]
        self._weights = dict(zip(every, zip(*columns, strict=True), strict=True))
        products = list(map(self._products, vectors))
        square = sum(map(sum, products))
        self._square, self._length = square, sqrt(square)
        own = [_without(row, each, square) for each, row in enumerate(products)] if len(vectors) > 1 else [(0.0, 0.0)]
        self._own = fmean(nearest for nearest, _ in own), fmean(centroid for _, centroid in own)

    def __len__(self) -> int:
        return self._count

    def likeness(self, name: str, request: Mapping[str, float], example: int | None, *, left_out: bool) -> Likeness:
        """Compare a request, as a vector of length 1, with these examples.

        Args:
            name: The tool's name.
            request: The vector.
            example: Number of the example that equals the request, if any.
            left_out: Whether to leave this example out of the comparison.
        """
        products = self._products(request)
        if example is not None and left_out:
            nearest, centroid = _without(products, example, self._square) if len(self) > 1 else (0.0, 0.0)
        else:
            nearest, centroid = max(products), sum(products) / self._length
        return Likeness(name, nearest, centroid, *self._own, len(self), example is not None)

    def _products(self, text: Mapping[str, float]) -> list[float]:
        """Return the cosine of a text, given as a vector of length 1, with each example."""
        there = self._weights
        shared = [gram for gram in text if gram in there]  # most n-grams are not, so look each up once
        if not shared:
            return [0.0] * self._count
        weights = [text[gram] for gram in shared]
        return [sum(map(mul, weights, column)) for column in zip(*[there[gram] for gram in shared], strict=True)]


def _without(products: Sequence[float], example: int, square: float) -> tuple[float, float]:
    """Return the similarity of an example to the nearest other one, and to the centroid of the others.

    Args:
        products: Cosines of the example with all examples.
        example: Number of the example.
        square: Square of the length of the sum of all examples.
    """
    others = [product for number, product in enumerate(products) if number != example]
    together = sum(products)
    return max(others), (together - 1) / sqrt(max(square - 2 * together + 1, _SMALL))


class _Rarities(dict[str, float]):
    """The inverse document frequency of each n-gram, computed on first access."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counter[str] = Counter()
        self._texts = 0
        self._most = 1.0

    def count(self, grams: Iterable[str], texts: int) -> None:
        """Add the n-grams of texts to the counts; subtract them if `texts` is negative."""
        (self._counts.update if texts > 0 else self._counts.subtract)(grams)
        self._texts += texts
        self._most = log(1 + self._texts) + 1
        self.clear()

    def __missing__(self, gram: str) -> float:
        count = self._counts.get(gram)
        if not count:  # not cached: requests hold an unlimited number of n-grams
            return self._most
        rarity = self[gram] = self._most - log(1 + count)
        return rarity


class LikenessIndex:
    """The example questions of many tools, compared with requests. Not thread-safe."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._numbers: dict[str, int] = {}
        self._counted: set[int] = set()
        self._rarities = _Rarities()
        self._holders = Postings()
        self._vectors: OrderedDict[int, _Vectors] = OrderedDict()
        self._kept = 0
        self._next = 0

        self._examples: dict[str, list[int]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, name: str, questions: Sequence[str]) -> None:
        """Add a tool with its example questions, the oldest first; replace a known tool."""
        self.remove(name)
        texts = tuple(dict.fromkeys(compared(each) for each in questions[-MOST_EXAMPLES:]))
        number, self._next = self._next, self._next + 1
        grams = [Grams.of(each) for each in texts]
        self._texts[number], self._numbers[name] = (name, texts), number
        for text in texts:
            self._examples.setdefault(text, []).append(number)
        self._holders.add(set().union(*(each.keys for each in grams)), number)
        if len(self._counted) < _COUNTED_TOOLS:
            self._counted.add(number)
            self._count(grams, len(texts))

    def remove(self, name: str) -> None:
        """Remove a tool; do nothing if it is unknown."""
        number = self._numbers.pop(name, None)
        if number is None:
            return
        _, texts = self._texts.pop(number)
        for text in texts:
            self._examples[text].remove(number)
            if not self._examples[text]:
                del self._examples[text]
        grams = [Grams.of(each) for each in texts]
        self._holders.remove(set().union(*(each.keys for each in grams)), number)
        self._kept -= len(self._vectors.pop(number, ()))
        if number in self._counted:
            self._counted.discard(number)
            self._count(grams, -len(texts))

    def _count(self, grams: Iterable[Grams], texts: int) -> None:
        """Add or subtract the n-grams of texts, and drop cached values that depend on the old counts."""
        self._rarities.count(chain.from_iterable(each.often for each in grams), texts)
        self._vectors.clear()
        self._kept = 0

    def examples(self) -> dict[str, tuple[str, ...]]:
        """Return the examples of each tool, normalised for comparison."""
        return dict(self._texts.values())

    def with_example(self, text: str) -> list[str]:
        """Return the tools that have a text as an example."""
        return [self._texts[number][0] for number in self._examples.get(compared(text), ())]

    def search(self, text: str, also: Iterable[str] = (), *, left_out: bool = False) -> list[Likeness]:
        """Return the tools whose examples a text resembles most, the best first.

        Args:
            text: A request.
            also: Tools to compare in any case, if they are known.
            left_out: Whether to compare an example of a tool with the tool's other examples only.
        """
        grams = Grams.of(text)
        request, same = self._weighted(grams), compared(text)
        rarest = (holders for _, holders in self._holders.rarest(grams.keys, _POSTINGS))
        given = (self._numbers[name] for name in also if name in self._numbers)
        found = []
        for number in dict.fromkeys([*most_frequent(chain.from_iterable(rarest), _COMPARED_TOOLS), *given]):
            name, texts = self._texts[number]
            example = texts.index(same) if same in texts else None
            found.append(self._vectors_of(number).likeness(name, request, example, left_out=left_out))
        return sorted(found, key=lambda each: (-each.total, each.name))

    def _weighted(self, grams: Grams) -> dict[str, float]:
        """Return a text as a vector of length 1."""
        often = grams.often
        weights = list(map(mul, often.values(), map(self._rarities.__getitem__, often)))
        length = sqrt(sum(map(mul, weights, weights)))
        return {gram: weight / length for gram, weight in zip(often, weights, strict=True)} if length else {}

    def _vectors_of(self, number: int) -> _Vectors:
        known = self._vectors.get(number)
        if known is not None:
            self._vectors.move_to_end(number)
            return known
        found = _Vectors([self._weighted(Grams.of(text)) for text in self._texts[number][1]])
        self._vectors[number] = found
        self._kept += len(found)
        while self._kept > _CACHED_EXAMPLES:
            _, oldest = self._vectors.popitem(last=False)
            self._kept -= len(oldest)
        return found
