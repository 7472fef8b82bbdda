"""The dispatcher's index of a library, in memory: the wording of each tool's requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Sequence
from itertools import count, islice
from typing import Any, Final, NamedTuple

from langchain_latm._core.flow import Flow
from langchain_latm.loop.dispatch.embedding_index import EmbeddingIndex
from langchain_latm.loop.dispatch.joint_probability import joint_needed, joint_probabilities
from langchain_latm.loop.dispatch.leave_one_out import needed_by_examples
from langchain_latm.loop.dispatch.parser_index import ParserIndex
from langchain_latm.loop.dispatch.probability import FIXED, Verdict, clear_form, judge, needed_probability
from langchain_latm.text.wording.lexical import LexicalIndex, Match
from langchain_latm.text.wording.likeness import Likeness, LikenessIndex
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.request_wording import RequestWording, digest_of
from langchain_latm.types import DispatchCandidate, Inputs, inputs_text

_AT_ONCE: Final = 500
"""Tools that are read and indexed at once. A whole large library would take much memory and hold the lock for long."""

_COMPETING: Final = 2
_READABLE: Final = 0.5
"""Probability from which the parsers of the nearest tools are tried on a request that may differ in form alone."""
_COMPETITION: Final = 3
"""Tools that a library needs to estimate how similar unrelated requests are; with fewer, likeness does not decide."""


class Comparison(NamedTuple):
    """A request compared with the wording of all tools.

    Attributes:
        verdict: The decision by wording.
        candidates: The tools that share the most words with it, the best first.
        readers: The tools whose parser reads it.
        nearest: The two tools that it is most like.
        ids: The ids of these tools, by name.
        needed: Probability from which a tool is reused.
        fitting: How the form that fits best matches, if any fits.
    """

    verdict: Verdict
    candidates: list[DispatchCandidate]
    readers: list[str]
    nearest: list[str]
    ids: dict[str, str]
    needed: float
    fitting: Match | None


class ToolIndex:
    """The wordings of all tools of a library. It is safe to use from several threads.

    Args:
        operations: The library's.
        refresh_seconds: Maximum age of the index.
        system_key: Only tools for requests under this system prompt; empty for those without one.
    """

    def __init__(self, operations: LibraryOperations, refresh_seconds: float, system_key: str = "") -> None:
        self._operations = operations
        self._system_key = system_key
        self._refresh_seconds = refresh_seconds
        self._lock = threading.Lock()
        self._words = LexicalIndex()
        self._likeness = LikenessIndex()
        self._parsers = ParserIndex()
        self._disputed: dict[str, frozenset[str]] = {}
        self._inputs: dict[frozenset[str], set[str]] = {}
        self._known: dict[str, tuple[str, str]] = {}
        self._tickets: dict[str, int] = {}
        self._next_ticket = count(1)
        self._stamp: str | None = None
        self._looked = float("-inf")
        self.revision = 0  # how often it has changed

    @property
    def stale(self) -> bool:
        """Whether the last check for changes is too old."""
        return time.monotonic() - self._looked >= self._refresh_seconds

    def refresh(self) -> Flow[None]:
        """Read changes of the library."""
        looked, ticket = time.monotonic(), next(self._next_ticket)
        if self._stamp is not None:
            self._looked = looked  # other requests meanwhile use the index as it is
        try:
            stamp = yield from self._operations.stamp()
            if stamp != self._stamp:
                same = yield from self._take(ticket)
                self._stamp = stamp if same else ""
        except BaseException:
            self._looked = float("-inf")
            raise
        self._looked = looked

    def _take(self, ticket: int) -> Flow[bool]:
        """Index what the library holds; return whether the index then equals it.

        It does not if another thread has indexed another state of the library at the same time. The state read by the
        thread with the later ticket wins.
        """
        pointers = yield from self._operations.pointers(self._system_key)
        current = {each.key: (each.value["id"], each.value.get("forms", "")) for each in pointers}
        del pointers  # large, with many tools
        with self._lock:
            for name in self._known.keys() - current.keys():
                if self._tickets[name] < ticket:
                    self._forget(name)
            changed = iter([name for name, known in current.items() if self._known.get(name) != known])
        while some := list(islice(changed, _AT_ONCE)):
            wordings = yield from self._operations.wordings({name: current[name][0] for name in some})
            with self._lock:
                for name in some:
                    if self._known.get(name) == current[name] or self._tickets.get(name, 0) > ticket:
                        continue  # another thread was faster
                    if name in wordings:
                        self._put(name, wordings[name])
                        self._disputed[name] = frozenset(wordings[name].disputed)
                        self._known[name] = current[name]
                        self._tickets[name] = ticket
                        self.revision += 1
                    else:  # damaged: tried again after the next change
                        self._forget(name)
                        del current[name]
        with self._lock:
            return self._known == current

    def _put(self, name: str, wording: RequestWording) -> None:
        self._forget_inputs(name)
        if wording.inputs:
            self._words.remove(name)
            self._likeness.remove(name)
            self._inputs.setdefault(frozenset(wording.inputs), set()).add(name)
        else:
            self._words.put(name, wording.wordings)
            self._likeness.put(name, wording.questions)
        self._parsers.put(name, wording.parser)

    def _forget_inputs(self, name: str) -> None:
        for names in [names for names, tools in self._inputs.items() if name in tools]:
            self._inputs[names].discard(name)
            if not self._inputs[names]:
                del self._inputs[names]

    def taking(self, inputs: Collection[str]) -> dict[str, str]:
        """Return the ids of the typed tools that take inputs of exactly these names, by name."""
        with self._lock:
            return {name: self._known[name][0] for name in sorted(self._inputs.get(frozenset(inputs), ()))}

    def _forget(self, name: str) -> None:
        self._forget_inputs(name)
        self._words.remove(name)
        self._likeness.remove(name)
        self._parsers.remove(name)
        self._disputed.pop(name, None)
        self._known.pop(name, None)
        self.revision += 1
        self._tickets.pop(name, None)

    def compare(self, request: str, max_error: float) -> Comparison:
        """Compare a request with the wording of all tools."""
        with self._lock:
            matches = self._words.search(request)
            clear = clear_form(matches)
            found = [] if clear else self._likeness.search(request)
            readers = self._parsers.readers(request)
            ids = {
                name: self._known[name][0]
                for name in {*readers, *(each.name for each in matches), *(each.name for each in found)}
            }
        fitting = matches[0] if matches and matches[0].fits else None
        needed = needed_probability(max_error) if len(self._likeness) >= _COMPETITION else 1.0
        verdict = Verdict(clear.name, clear.name, None, "form") if clear else judge(found, fitting, needed)
        if verdict.tool is None and not readers and (verdict.probability or 0.0) >= _READABLE:
            with self._lock:  # courtesy and punctuation can lower the score of a request that differs in form alone
                readers = [each.name for each in found[:_COMPETING] if self._parsers.reads(each.name, request)]
        candidates = [
            DispatchCandidate(
                name=match.name,
                tool_id=ids[match.name],
                score=match.score,
                threshold=match.threshold,
                fits=match.fits,
            )
            for match in matches
        ]
        nearest = [each.name for each in found[:_COMPETING]]
        return Comparison(verdict, candidates, readers, nearest, ids, needed, fitting)

    def sole_reader(self, request: str) -> tuple[str, str, dict[str, Any]] | None:
        """Return name and id of the tool whose parser alone reads a request, and the arguments that it reads.

        None if there is no such tool, or several, or if the request is an example of another tool.
        """
        with self._lock:
            readings = self._parsers.readings(request)
            if len(readings) != 1:
                return None
            ((name, arguments),) = readings.items()
            if any(other != name for other in self._likeness.with_example(request)):
                return None
            return name, self._known[name][0], arguments

    def with_embeddings(
        self,
        request: str,
        seen: Comparison,
        vectors: EmbeddingIndex,
        vector: Sequence[float],
        *,
        max_error: float,
        least: float,
    ) -> Comparison:
        """Compare a request by wording and embeddings together.

        Args:
            request: The request.
            seen: The comparison by wording.
            vectors: The embeddings of the tools' examples.
            vector: That of the request.
            max_error: Share of requests that may get a wrong tool.
            least: Lowest probability from which a tool is reused.
        """
        meaning = vectors.search(vector, [each.name for each in self._alike(request)])
        words = self._alike(request, [each.name for each in meaning])
        likely = joint_probabilities(words, meaning, seen.fitting)
        if not likely:
            return seen
        best = next(iter(likely))
        tool = next(each for each in words if each.name == best)
        enough = len(self._likeness) >= _COMPETITION
        needed = max(least, joint_needed(max_error, tool.examples)) if enough else 1.0
        sure = likely[best] >= needed and tool.own_centroid < FIXED
        with self._lock:
            ids = seen.ids | {name: self._known[name][0] for name in likely if name in self._known}
        return seen._replace(
            verdict=Verdict(best if sure and best in ids else None, best, likely[best], "embeddings"),
            nearest=[name for name in likely if name in ids][:_COMPETING],
            ids=ids,
            needed=needed,
        )

    def needed_by_examples(self, vectors: EmbeddingIndex, max_error: float) -> float:
        """Return the probability that the examples, left out one by one, need with embeddings."""
        return needed_by_examples(lambda text, also: self._alike(text, also, left_out=True), vectors, max_error)

    def examples(self) -> dict[str, tuple[str, ...]]:
        """Return the examples of each tool, as they are compared."""
        with self._lock:
            return self._likeness.examples()

    def _alike(self, request: str, also: Sequence[str] = (), *, left_out: bool = False) -> list[Likeness]:
        with self._lock:
            return self._likeness.search(request, also, left_out=left_out)

    def is_disputed(self, name: str, request: str | Inputs) -> bool:
        """Whether feedback calls the tool's earlier answer to this very request wrong."""
        with self._lock:
            disputed = self._disputed.get(name)
        if not disputed:
            return False
        return digest_of(request if isinstance(request, str) else inputs_text(request)) in disputed

    def by_words(self, request: str) -> list[DispatchCandidate]:
        """Return the tools whose requests have the most similar wording, best first."""
        return self.compare(request, 0.0).candidates
