"""Single flight: only one of the workers that share a library makes a tool of the same instances.

Stores have no compare-and-swap. So a worker first writes a claim and then looks for others: if two overlap in time, at
least one sees the other. The later claim yields at once. The earlier one waits briefly for that; if the other claim
stays, its owner has not seen it, and the earlier one yields. Sometimes no worker wins, and the next request tries
again, but two never win. A claim records whether it has won. It must be renewed, so that it expires if its owner dies.

Only the store's clock counts, not that of a host: the store dates every item, and the age of a claim is the difference
to the claim that was just written.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from langchain_core.runnables import RunnableConfig
from langgraph.store.base import Item, PutOp

from langchain_latm._core.flow import Do, Effect, Flow, run_flow
from langchain_latm.exceptions import LATMError
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.store_batch import StoreBatch, unique_key

_LOOKS: Final = 5
_PAUSE_SECONDS: Final = 0.05
_RENEWALS: Final = 3
"""Number of renewals before a claim would expire."""

_log = logging.getLogger(__name__)


class Claims:
    """The claims in one library.

    Args:
        library: Where they are written.
        seconds: How long a claim holds without renewal.
    """

    def __init__(self, library: LibraryOperations, seconds: float) -> None:
        self._library = library
        self._seconds = seconds
        self._labels = library.labels("claims")

    def take(self, instances: Sequence[str]) -> Flow[str | None]:
        """Claim the right to make a tool of these instances; return the claim, or None if another worker has it."""
        claim = unique_key()
        yield self._write(claim, instances, self._seconds, won=False)
        for look in range(_LOOKS):
            others = yield from self._overlapping(claim, instances)
            if not others:
                yield self._write(claim, instances, self._seconds)
                return claim
            if min(others) < claim or look == _LOOKS - 1:
                break
            yield Do(lambda: time.sleep(_PAUSE_SECONDS), lambda: asyncio.sleep(_PAUSE_SECONDS))
        yield from self.release(claim)
        return None

    def hold(self, claim: str, instances: Sequence[str], seconds: float | None = None) -> Flow[bool]:
        """Renew our claim, for `seconds` if given; return whether it still holds.

        It may have expired meanwhile, in a process that was stopped or in a run that waited for a person.
        """
        yield self._write(claim, instances, self._seconds if seconds is None else seconds)
        others = yield from self._overlapping(claim, instances)
        if any(others.values()):  # claims that have not won will yield
            yield from self.release(claim)
            return False
        return True

    def exchange(self, claim: str, earlier: str, instances: Sequence[str]) -> Flow[None]:
        """Replace our claim by an earlier one of ours that had expired, without a gap."""
        yield self._write(earlier, instances, self._seconds)
        yield from self.release(claim)

    def release(self, claim: str) -> Flow[None]:
        """Give up a claim; releasing an expired one does nothing."""
        yield self._delete([claim])

    def try_release(self, claim: str) -> Flow[None]:
        """Do as `release`, but only log a failure, since it could hide a more important error."""
        try:
            yield from self.release(claim)
        except LATMError as error:
            _log.warning("a claim could not be given up: %s", error)

    def kept(
        self, claim: str, instances: Sequence[str], effect: Effect, besides: Callable[[], Sequence[PutOp]] = tuple
    ) -> Effect:
        """Return an effect that renews a claim, in a thread of its own, until another effect is done.

        Args:
            claim: The claim.
            instances: The claimed instances.
            effect: The other effect.
            besides: Returns operations that are written with each renewal.
        """

        def write() -> Flow[None]:
            yield self._write(claim, instances, self._seconds)
            if written := besides():
                yield self._library.batch(*written)

        return _Renewed(effect, write, self._seconds / _RENEWALS)

    def _overlapping(self, claim: str, instances: Sequence[str]) -> Flow[dict[str, bool]]:
        """Return whether each other claim on any of these instances has won; delete expired ones.

        Our own claim was just written, so its time is the store's current time.
        """
        (items,) = yield self._library.batch(self._library.find_all("claims"))
        present = next((item.updated_at for item in items if item.key == claim), None)
        ended = [item.key for item in items if present is not None and self._has_ended(item, present)]
        if ended:
            yield self._delete(ended)
        return {
            item.key: item.value["won"]
            for item in items
            if item.key != claim and item.key not in ended and not set(instances).isdisjoint(item.value["instances"])
        }

    def _has_ended(self, claim: Item, present: datetime) -> bool:
        seconds: float = claim.value.get("seconds", self._seconds)  # earlier versions wrote a host's time instead
        whole = not (present.microsecond or claim.updated_at.microsecond)  # SQLite's clock counts seconds
        return (present - claim.updated_at).total_seconds() > seconds + whole

    def _write(self, claim: str, instances: Sequence[str], seconds: float, *, won: bool = True) -> StoreBatch:
        value = {"instances": list(instances), "seconds": seconds, "won": won}
        return self._library.batch(PutOp(self._labels, claim, value, index=False))

    def _delete(self, claims: Sequence[str]) -> StoreBatch:
        return self._library.batch(*(PutOp(self._labels, claim, None) for claim in claims))


@dataclass(frozen=True)
class _Renewed:
    """An effect during which a claim is renewed.

    It ends after the last renewal, since a later one would restore a claim that was given up.

    Attributes:
        effect: The other effect.
        write: Renews the claim.
        pause: Seconds between renewals.
    """

    effect: Effect
    write: Callable[[], Flow[None]]
    pause: float

    def run(self, config: RunnableConfig) -> list[Any]:
        """Do it."""
        ended, thread = self._begin()
        try:
            return self.effect.run(config)
        finally:
            ended.set()
            thread.join()

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        ended, thread = self._begin()
        try:
            return await self.effect.arun(config)
        finally:
            ended.set()
            await asyncio.to_thread(thread.join)

    def _begin(self) -> tuple[threading.Event, threading.Thread]:
        ended = threading.Event()
        thread = threading.Thread(target=self._renew, args=[ended], name="latm-claim", daemon=True)
        thread.start()
        return ended, thread

    def _renew(self, ended: threading.Event) -> None:
        while True:  # at once for the first time: a run that resumes after its process died is late
            try:
                run_flow(self.write())
            except LATMError as error:  # the next renewal may succeed
                _log.warning("a claim could not be renewed: %s", error)
            if ended.wait(self.pause):
                return
