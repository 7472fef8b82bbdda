"""Finds the tools whose example questions a request is most like, by character n-grams.

A request and each example are TF-IDF vectors of their n-grams (`text.wording.character_grams`). A tool is compared in
two ways: by its nearest example, and by the centroid of its examples. The rarest n-grams of the request select the
tools that are compared, so the time of a search does not grow with the library.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from math import log, sqrt
from operator import mul
from statistics import fmean
from typing import Final, NamedTuple

from langchain_latm.text.wording.character_grams import LONGEST, compared, grams_of
from langchain_latm.text.wording.postings import Postings

MOST_EXAMPLES: Final = 24
"""Examples of a tool that are compared, the newest."""
_COUNTED_TOOLS: Final = 2_000
"""Tools whose examples say how rare an n-gram is: more change little."""
_CACHED_TOOLS: Final = 2_000
_POSTINGS: Final = 600
_COMPARED_TOOLS: Final = 3
_SMALL: Final = 1e-9


class Likeness(NamedTuple):
    """How much a request is like the examples of one tool: two cosines, from 0 to 1.

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
        """What tools are ranked by."""
        return self.nearest + self.centroid


class _Vectors:
    """The examples of one tool as vectors of length 1, by n-gram."""

    def __init__(self, vectors: Sequence[dict[str, float]]) -> None:
        self._vectors = vectors
        self._count = len(vectors)
        products = [self._products(vector) for vector in vectors]
        square = sum(map(sum, products))
        self._length = sqrt(square)
        own = [_without(row, each, square) for each, row in enumerate(products)] if self._count > 1 else [(0.0, 0.0)]
        self._own = fmean(nearest for nearest, _ in own), fmean(centroid for _, centroid in own)

    def likeness(self, name: str, request: dict[str, float], *, is_example: bool) -> Likeness:
        """Compare a request, as a vector of length 1, with these examples."""
        products = self._products(request)
        nearest, centroid = max(products), sum(products) / self._length
        return Likeness(name, nearest, centroid, *self._own, self._count, is_example)

    def _products(self, request: dict[str, float]) -> list[float]:
        """Return the cosine of a request and each example."""
        products = []
        for vector in self._vectors:
            grams = request.keys() & vector.keys()
            products.append(sum(map(mul, map(request.__getitem__, grams), map(vector.__getitem__, grams))))
        return products


def _without(products: Sequence[float], example: int, square: float) -> tuple[float, float]:
    """Return how much an example is like the nearest other one, and like the centroid of the others.

    Args:
        products: Its cosines with all examples.
        example: Its number.
        square: Square of the length of the sum of all examples.
    """
    others = [product for number, product in enumerate(products) if number != example]
    together = sum(products)
    return max(others), (together - 1) / sqrt(max(square - 2 * together + 1, _SMALL))


class LikenessIndex:
    """The example questions of many tools, compared with requests. Not thread-safe."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._numbers: dict[str, int] = {}
        self._counted: set[int] = set()
        self._counts: Counter[str] = Counter()
        self._examples = 0
        self._holders = Postings()
        self._vectors: OrderedDict[int, _Vectors] = OrderedDict()
        self._next = 0

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, name: str, questions: Sequence[str]) -> None:
        """Add a tool by its example questions, the oldest first; or replace them."""
        self.remove(name)
        texts = tuple(dict.fromkeys(compared(each) for each in questions[-MOST_EXAMPLES:]))
        number, self._next = self._next, self._next + 1
        grams = [grams_of(each) for each in texts]
        self._texts[number], self._numbers[name] = (name, texts), number
        self._holders.add(_keys(gram for each in grams for gram in each), number)
        if len(self._counted) < _COUNTED_TOOLS:
            self._counted.add(number)
            for each in grams:
                self._counts.update(each.keys())
            self._examples += len(texts)
            self._vectors.clear()

    def remove(self, name: str) -> None:
        """Forget a tool, if it is known."""
        number = self._numbers.pop(name, None)
        if number is None:
            return
        _, texts = self._texts.pop(number)
        grams = [grams_of(each) for each in texts]
        self._holders.remove(_keys(gram for each in grams for gram in each), number)
        self._vectors.pop(number, None)
        if number in self._counted:
            self._counted.discard(number)
            for each in grams:
                self._counts.subtract(each.keys())
            self._examples -= len(texts)
            self._vectors.clear()

    def search(self, text: str) -> list[Likeness]:
        """Return the tools whose examples a text is most like, the best first."""
        grams = grams_of(text)
        request, same = self._weighted(grams), compared(text)
        found = []
        for number in self._finalists(grams):
            name, texts = self._texts[number]
            found.append(self._vectors_of(number).likeness(name, request, is_example=same in texts))
        return sorted(found, key=lambda each: (-each.total, each.name))

    def _finalists(self, grams: Iterable[str]) -> list[int]:
        """Return the tools that hold most of the request's rarest n-grams."""
        known = sorted((holders for key in _keys(grams) if (holders := self._holders.holders(key))), key=len)
        ends = accumulate(map(len, known))
        rarest = chain.from_iterable(holders for holders, end in zip(known, ends, strict=True) if end <= _POSTINGS)
        return [number for number, _ in Counter(rarest).most_common(_COMPARED_TOOLS)]

    def _weighted(self, grams: dict[str, float]) -> dict[str, float]:
        """Return a text's vector, of length 1."""
        counts, most = self._counts, log(1 + self._examples) + 1
        weights = {gram: often * (most - log(1 + counts[gram])) for gram, often in grams.items()}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items()} if length else {}

    def _vectors_of(self, number: int) -> _Vectors:
        known = self._vectors.get(number)
        if known is not None:
            self._vectors.move_to_end(number)
            return known
        found = _Vectors([self._weighted(grams_of(text)) for text in self._texts[number][1]])
        self._vectors[number] = found
        if len(self._vectors) > _CACHED_TOOLS:
            self._vectors.popitem(last=False)
        return found


def _keys(grams: Iterable[str]) -> set[int]:
    """Return the numbers of the longest n-grams: those that select tools."""
    return {hash(gram) for gram in grams if len(gram) == LONGEST or gram[0] == gram[-1] == " "}
