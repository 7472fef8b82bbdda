"""What the dispatcher knows of a library, in memory: how the requests of each tool are put."""

from __future__ import annotations

import threading
import time

from langchain_latm._lexical import LexicalIndex
from langchain_latm._library_flows import Flow, LibraryFlows
from langchain_latm.types import DispatchCandidate


class ToolIndex:
    """The forms of all tools of a library. It is safe to use from several threads.

    Args:
        flows: The library's.
        refresh_seconds: For how long it trusts what it knows.
    """

    def __init__(self, flows: LibraryFlows, refresh_seconds: float) -> None:
        self._flows = flows
        self._refresh_seconds = refresh_seconds
        self._lock = threading.Lock()
        self._words = LexicalIndex()
        self._known: dict[str, tuple[str, str]] = {}
        self._stamp: str | None = None
        self._looked = float("-inf")

    @property
    def stale(self) -> bool:
        """Whether it is time to look for changes."""
        return time.monotonic() - self._looked >= self._refresh_seconds

    def refresh(self) -> Flow[None]:
        """Read what has changed in the library."""
        looked = time.monotonic()
        stamp = yield from self._flows.stamp()
        if stamp != self._stamp:
            pointers = yield from self._flows.pointers()
            current = {each.key: (each.value["id"], each.value.get("forms", "")) for each in pointers}
            changed = [each for each in pointers if self._known.get(each.key) != current[each.key]]
            forms = yield from self._flows.forms(changed)
            with self._lock:
                for name in set(self._known) - set(current):
                    self._words.remove(name)
                for name, learned in forms.items():
                    self._words.put(name, learned)
                self._known = {name: known for name, known in current.items() if name in self._words}
                self._stamp = stamp
        self._looked = looked

    def by_words(self, request: str) -> list[DispatchCandidate]:
        """Return the tools whose requests are put most like this one, the best first."""
        with self._lock:
            return [
                DispatchCandidate(
                    name=match.name,
                    tool_id=self._known[match.name][0],
                    score=match.score,
                    threshold=match.threshold,
                    fits=match.fits,
                )
                for match in self._words.search(request)
            ]

    def ids(self) -> dict[str, str]:
        """Return the record that each name means."""
        with self._lock:
            return {name: tool_id for name, (tool_id, _) in self._known.items()}
