"""Finding the tool whose example questions a request is near to, by embeddings."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.types import DispatchCandidate

if TYPE_CHECKING:
    import numpy as np

_COMPARED: Final = 2_000
"""Most examples of other tools that a tool is calibrated against, to bound the time."""


class EmbeddingIndex:
    """The vectors of all tools' example questions. Thread-safe.

    A tool fits if the request is as near to one of its examples as these are to each other, and nearer than any other
    tool's example is. A tool with only one example never fits by embeddings alone.

    Raises:
        ImportError: numpy is missing.
    """

    def __init__(self) -> None:
        import numpy  # noqa: ICN001, PLC0415 - an extra: only needed with embeddings

        self._np: Any = numpy
        self._lock = threading.Lock()
        self._vectors: dict[str, np.ndarray[Any, Any]] = {}
        self._ids: dict[str, str] = {}
        self._all: np.ndarray[Any, Any] | None = None
        self._owners: list[str] = []
        self._bounds: dict[str, tuple[float, float]] = {}

    def update(self, ids: dict[str, str], vectors: dict[str, Sequence[Sequence[float]]]) -> None:
        """Set the vectors of new or changed tools, and drop tools that are not in `ids`."""
        np = self._np
        with self._lock:
            for name, rows in vectors.items():
                matrix = np.asarray(rows, dtype=np.float32)
                self._vectors[name] = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
            self._vectors = {name: rows for name, rows in self._vectors.items() if name in ids}
            self._ids = ids
            self._owners = [name for name, rows in self._vectors.items() for _ in range(len(rows))]
            self._all = np.vstack(list(self._vectors.values())) if self._vectors else None
            self._bounds = {name: self._calibrated(name) for name in self._vectors}

    def near(self, vector: Sequence[float], limit: int = 5) -> list[tuple[DispatchCandidate, bool]]:
        """Return the nearest tools, best first, each with whether it is near enough to ask a model about it."""
        np = self._np
        with self._lock:
            if self._all is None:
                return []
            request = np.asarray(vector, dtype=np.float32)
            scores = self._all @ (request / max(float(np.linalg.norm(request)), 1e-12))
            best: dict[str, float] = {}
            for position in np.argsort(-scores)[: 20 * limit]:
                best.setdefault(self._owners[position], float(scores[position]))
            found = []
            for name, score in list(best.items())[:limit]:
                threshold, doubtful = self._bounds[name]
                candidate = DispatchCandidate(
                    name=name,
                    tool_id=self._ids[name],
                    by="embeddings",
                    score=min(max(score, 0.0), 1.0),
                    threshold=threshold,
                    fits=score >= threshold,
                )
                found.append((candidate, score >= doubtful))
            return found

    def _calibrated(self, name: str) -> tuple[float, float]:
        """Return the score from which a tool fits, and the one from which it may fit."""
        np = self._np
        rows = self._vectors[name]
        others = [i for i, owner in enumerate(self._owners) if owner != name]
        step = max(1, len(others) // _COMPARED)
        foreign = float((rows @ self._all[others[::step]].T).max()) if others and self._all is not None else -1.0
        if len(rows) == 1:
            return 1.0, max(foreign, 0.0)
        likeness = rows @ rows.T
        np.fill_diagonal(likeness, -1.0)
        own = float(likeness.max(axis=1).min())
        return min(max(own, foreign), 1.0), (own + foreign) / 2 if foreign > -1.0 else own
