"""Adds up notes of single uses, by one worker at a time; `use_sums` explains why no use is lost or counted twice."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from langgraph.store.base import Item, PutOp, SearchOp

from langchain_latm._core.flow import Flow, run_flow
from langchain_latm.exceptions import LATMError
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.use_sums import SUMS, added_up, put_sum

RECENT: Final = 1_000
"""Number of newest notes that stay single, for the curve in the report; reading them takes about 15 ms."""
EVERY: Final = 1_000
"""Average number of uses between roll-ups, over all processes."""
_BACKGROUND_ROUND: Final = 3_000
"""Notes of a round in the background, which occupy the store for less than 0.1 s."""
_ROUND: Final = 20_000
_DELETED_AT_ONCE: Final = 1_000
_CLAIM_SECONDS: Final = 600.0
"""Much longer than a round, so that a worker that was stopped between its claim and its write does not write later."""
_INSTANCES: Final = ("(uses)",)
"""The id that a roll-up claims; no answer has such an id."""
_CLOSE_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)


def roll_up(
    library: LibraryOperations, *, recent: int = RECENT, size: int = _ROUND, rounds: int | None = None
) -> Flow[int]:
    """Add up all but the newest notes, unless another worker does it.

    Args:
        library: The library.
        recent: Newest notes that stay single.
        size: Maximum number of notes of a round.
        rounds: Maximum number of rounds; unlimited by default.

    Returns:
        The number of notes that were added up.
    """
    (notes,) = yield library.batch(_older(library, recent, 1))
    if not notes:
        return 0
    claims = Claims(library, _CLAIM_SECONDS)
    claim = yield from claims.take(_INSTANCES)
    if claim is None:
        return 0
    done = 0
    try:
        while rounds is None or rounds > 0:
            rounds = None if rounds is None else rounds - 1
            found = yield from _round(library, claims, claim, recent, size)
            done += found
            if not found:
                break
    except Exception:
        yield from claims.try_release(claim)
        raise
    yield from claims.try_release(claim)
    return done


def _round(library: LibraryOperations, claims: Claims, claim: str, recent: int, size: int) -> Flow[int]:
    (sums,) = yield library.batch(library.find_all(SUMS))
    for item in sums:  # a worker that died may have left some
        yield from _delete(library, item.namespace[-1], item.value["covers"])
    (notes,) = yield library.batch(_older(library, recent, size))
    if not notes or not (yield from claims.hold(claim, _INSTANCES)):
        return 0
    known = {item.namespace[-1]: item for item in sums}
    by_name: defaultdict[str, list[Item]] = defaultdict(list)
    for note in notes:
        by_name[note.namespace[-1]].append(note)
    yield library.batch(*(put_sum(library, name, added_up(known.get(name), each)) for name, each in by_name.items()))
    for name, each in by_name.items():
        yield from _delete(library, name, [note.key for note in each])
    return len(notes)


def _delete(library: LibraryOperations, name: str, keys: Sequence[str]) -> Flow[None]:
    for start in range(0, len(keys), _DELETED_AT_ONCE):
        part = keys[start : start + _DELETED_AT_ONCE]
        yield library.batch(*(PutOp(library.labels("uses", name), key, None) for key in part))


def _older(library: LibraryOperations, recent: int, limit: int) -> SearchOp:
    """Return the search for notes except for the newest; databases list the newest first."""
    return SearchOp(library.labels("uses"), offset=recent, limit=limit)


class BackgroundRollUp:
    """Adds up uses in its own thread, after about every thousandth use, without delaying answers."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def after_use(self, library: LibraryOperations, key: str) -> None:
        """Start if the random number at the end of the key says so, so that no process has to count."""
        if int(key[-8:], 16) % EVERY:
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=_run, args=(library,), name="latm-roll-up", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait for the roll-up that has begun, at most a few seconds; it may be interrupted at any point."""
        with self._starting:
            if self._thread is not None:
                self._thread.join(_CLOSE_SECONDS)


def _run(library: LibraryOperations) -> None:
    try:
        run_flow(roll_up(library, size=_BACKGROUND_ROUND, rounds=1))
    except LATMError as error:  # the next roll-up may succeed
        _log.info("uses were not added up: %s", error)
