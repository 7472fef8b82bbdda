"""Single flight: of all who could make a tool of the same instances, in whatever process, one does.

A store has no way to write a value only if nobody else did. So whoever wants to make a tool writes a claim first and
looks for others then: of two that overlap in time, at least one sees the other. The later one gives way at once. The
earlier one waits a moment for that; if the other stays, it had not been seen, and the earlier one gives way. So there
may be nobody for once, and the next request tries again, but never two. Who has won says so in the claim. It must be
renewed, so that the death of its owner ends it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from langgraph.store.base import PutOp, SearchOp

from langchain_latm._core.flow import Do, Flow
from langchain_latm.exceptions import LATMError
from langchain_latm.tools.library import flows
from langchain_latm.tools.library.library import ToolLibrary

_LOOKS: Final = 5
_PAUSE: Final = 0.05
_RENEWALS: Final = 3
"""Renewals in the time after which a claim ends."""

_log = logging.getLogger(__name__)


class Claims:
    """The claims in one library.

    Args:
        library: Where they are written.
        seconds: How long a claim holds that is not renewed.
    """

    def __init__(self, library: ToolLibrary, seconds: float) -> None:
        self._library = library
        self._seconds = seconds
        self._labels = library.flows.labels("claims")

    def take(self, instances: Sequence[str]) -> Flow[str | None]:
        """Claim the right to make a tool of these instances; return the claim, or None when somebody else has it."""
        claim = flows.unique_key()
        yield from self._library.do(self._write(claim, instances, self._seconds, won=False))
        for look in range(_LOOKS):
            others = yield from self._library.do(self._overlapping(claim, instances))
            if not others:
                yield from self._library.do(self._write(claim, instances, self._seconds))
                return claim
            if min(others) < claim or look == _LOOKS - 1:
                break
            yield Do(lambda: time.sleep(_PAUSE), lambda: asyncio.sleep(_PAUSE))
        yield from self.release(claim)
        return None

    def hold(self, claim: str, instances: Sequence[str], seconds: float | None = None) -> Flow[bool]:
        """Renew a claim of ours, for another time if `seconds` is given; return whether it is still ours alone.

        It may have ended in the meantime, in a process that was stopped or in a run that waited for a person.
        """
        yield from self._library.do(self._write(claim, instances, self._seconds if seconds is None else seconds))
        others = yield from self._library.do(self._overlapping(claim, instances))
        if any(others.values()):  # the rest will give way
            yield from self.release(claim)
            return False
        return True

    def exchange(self, claim: str, earlier: str, instances: Sequence[str]) -> Flow[None]:
        """Give a claim of ours up for an earlier one of ours that had ended, with no moment in between."""
        yield from self._library.do(self._write(earlier, instances, self._seconds))
        yield from self.release(claim)

    def release(self, claim: str) -> Flow[None]:
        """Give a claim up; one that ended already is none to give up."""
        yield from self._library.do(self._delete([claim]))

    def let_go(self, claim: str) -> Flow[None]:
        """Do as `release`, where that it fails would hide what matters more: the claim ends by itself."""
        try:
            yield from self.release(claim)
        except LATMError as error:
            _log.warning("a claim could not be given up: %s", error)

    @contextmanager
    def kept(self, claim: str, instances: Sequence[str]) -> Iterator[None]:
        """Renew a claim, in a thread of its own, until the block ends."""
        ended = threading.Event()

        def renew() -> None:
            while True:  # at once for the first time: a run that goes on after its process died comes late
                try:
                    self._library.run(self._write(claim, instances, self._seconds))
                except LATMError as error:  # the next time may succeed
                    _log.warning("a claim could not be renewed: %s", error)
                if ended.wait(self._seconds / _RENEWALS):
                    return

        thread = threading.Thread(target=renew, name="latm-claim", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _write(self, claim: str, instances: Sequence[str], seconds: float, *, won: bool = True) -> flows.Flow[None]:
        value = {"instances": list(instances), "until": time.time() + seconds, "won": won}
        yield [PutOp(self._labels, claim, value, index=False)]

    def _overlapping(self, claim: str, instances: Sequence[str]) -> flows.Flow[dict[str, bool]]:
        """Return others' claims on any of these instances, and whether each has won; forget those that have ended."""
        (items,) = yield [SearchOp(self._labels, limit=flows.ALL)]
        ended = [item.key for item in items if item.value["until"] < time.time()]
        if ended:
            yield from self._delete(ended)
        return {
            item.key: item.value["won"]
            for item in items
            if item.key != claim and item.key not in ended and not set(instances).isdisjoint(item.value["instances"])
        }

    def _delete(self, claims: Sequence[str]) -> flows.Flow[None]:
        yield [PutOp(self._labels, claim, None) for claim in claims]
