"""Compares requests with the example questions of all tools, by embeddings."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.exceptions import ModelError
from langchain_latm.text.wording.likeness import Likeness

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float32]]

_COMPARED_TOOLS: Final = 5
_SMALL: Final = 1e-6


class EmbeddingIndex:
    """The vectors of all tools' example questions. Thread-safe.

    Similarities are relative to unrelated requests: 0 is the mean cosine of examples of different tools, 1 is the same
    text. The baseline is needed because embedding models differ in how near they place unrelated texts.

    Raises:
        ModelError: numpy is missing.
    """

    def __init__(self) -> None:
        try:
            import numpy  # noqa: ICN001, PLC0415 - an extra: only needed with embeddings
        except ImportError as error:
            raise ModelError("Embeddings need numpy: run pip install 'langchain-latm[embeddings]'.") from error
        self._np: Any = numpy
        self._lock = threading.Lock()
        self._vectors: dict[str, Array] = {}
        self._texts: dict[str, tuple[str, ...]] = {}
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}

    def missing(self, examples: Mapping[str, tuple[str, ...]]) -> list[str]:
        """Return the examples of the tools that are new or changed, each once."""
        with self._lock:
            changed = [texts for name, texts in examples.items() if self._texts.get(name) != texts]
        return list(dict.fromkeys(text for texts in changed for text in texts))

    def update(self, examples: Mapping[str, tuple[str, ...]], vectors: Mapping[str, Sequence[float]]) -> None:
        """Set the examples of all tools, given the vectors of those that were missing."""
        np = self._np
        with self._lock:
            for name in self._texts.keys() - examples.keys():
                del self._texts[name], self._vectors[name]
            for name, texts in examples.items():
                if self._texts.get(name) != texts and all(text in vectors for text in texts):
                    matrix = np.asarray([vectors[text] for text in texts], dtype=np.float32)
                    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
                    self._vectors[name], self._texts[name] = matrix / np.maximum(lengths, _SMALL), texts
            self._names = list(self._vectors)
            self._numbers = {name: number for number, name in enumerate(self._names)}
            if not self._names:
                return
            counts = np.array([len(rows) for rows in self._vectors.values()])
            self._all = np.vstack(list(self._vectors.values()))
            self._starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
            sums = np.add.reduceat(self._all, self._starts)
            self._lengths = np.maximum(np.linalg.norm(sums, axis=1), _SMALL)
            whole = sums.sum(axis=0)
            pairs = counts.sum() ** 2 - (counts**2).sum()
            self._unrelated = float((whole @ whole - (sums * sums).sum()) / pairs) if pairs else 0.0
            self._own = [self._alike(rows) for rows in self._vectors.values()]

    def search(
        self, vector: Sequence[float], also: Iterable[str] = (), left_out: tuple[str, int] | None = None
    ) -> list[Likeness]:
        """Return the tools whose examples a request is most like, the best first, and then those in `also`.

        Args:
            vector: The request's.
            also: Tools that are compared in any case, if they are known.
            left_out: An example, by tool and number, that is ignored; `vector` is its vector.
        """
        np = self._np
        with self._lock:
            if not self._names:
                return []
            request = np.asarray(vector, dtype=np.float32)
            cosines = self._all @ (request / max(float(np.linalg.norm(request)), _SMALL))
            sums = np.add.reduceat(cosines, self._starts)
            lengths = self._lengths
            if left_out is not None and left_out[0] in self._numbers:
                number = self._numbers[left_out[0]]
                cosines[self._starts[number] + left_out[1]] = -1.0
                sums[number] -= 1.0
                lengths = lengths.copy()
                lengths[number] = max(float(lengths[number] ** 2 - 2 * sums[number] - 1), _SMALL) ** 0.5
            nearest, centroid = np.maximum.reduceat(cosines, self._starts), sums / lengths
            best = np.argsort(-(nearest + centroid))[:_COMPARED_TOOLS].tolist()
            given = [self._numbers[name] for name in also if name in self._numbers]
            return [
                Likeness(
                    self._names[number],
                    self._relative(nearest[number]),
                    self._relative(centroid[number]),
                    self._relative(self._own[number][0]),
                    self._relative(self._own[number][1]),
                    len(self._vectors[self._names[number]]),
                )
                for number in dict.fromkeys([*best, *given])
            ]

    def drawn(self, count: int) -> list[tuple[str, int, str, Sequence[float]]]:
        """Draw examples evenly and deterministically from the tools: tool, number, text and vector."""
        with self._lock:
            every = [(name, number) for name, texts in self._texts.items() for number in range(len(texts))]
            return [
                (name, number, self._texts[name][number], self._vectors[name][number])
                for name, number in every[:: max(1, len(every) // count)]
            ]

    def _relative(self, cosine: float) -> float:
        return float((cosine - self._unrelated) / max(1 - self._unrelated, _SMALL))

    def _alike(self, rows: Array) -> tuple[float, float]:
        """Return the mean similarity of a tool's examples to the nearest other one, and to the others' centroid."""
        np = self._np
        if len(rows) == 1:
            return self._unrelated, self._unrelated
        others = rows.sum(axis=0) - rows
        centroids = (rows * others).sum(axis=1) / np.maximum(np.linalg.norm(others, axis=1), _SMALL)
        cosines = rows @ rows.T
        np.fill_diagonal(cosines, -1.0)
        return float(cosines.max(axis=1).mean()), float(centroids.mean())
