"""Operations of a LangGraph store as an effect of a flow, and the keys under which a library writes."""

from __future__ import annotations

import asyncio
import re
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphBubbleUp
from langgraph.store.base import BaseStore, Op
from langgraph.store.sqlite import SqliteStore

from langchain_latm.exceptions import LATMError, ToolLibraryError
from langchain_latm.types import shorten

ALL: Final = 1_000_000_000
"""An unreachable limit, since the store requires one."""


_KEY: Final = re.compile(r"0[0-9]{19}-[0-9a-f]{8}")
"""A key of `unique_key`; the first digit is 0 until the year 2286."""


@dataclass(frozen=True)
class StoreBatch:
    """Run operations of a store in one batch; an effect besides those of `_core.flow`.

    Read and write in separate batches: a store may run a batch in one transaction, and SQLite refuses to turn a read
    transaction into a write transaction after another process has written.

    Raises:
        ToolLibraryError: In the flow: the store failed.
    """

    store: BaseStore
    operations: Sequence[Op]

    def run(self, _config: RunnableConfig) -> list[Any]:
        """Return the result of each operation."""
        with _store_errors():
            return _seen(self.store.batch(self.operations))

    async def arun(self, _config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        with _store_errors():
            if isinstance(self.store, SqliteStore):  # the store has no async methods of its own
                return _seen(await asyncio.to_thread(self.store.batch, self.operations))
            return _seen(await self.store.abatch(self.operations))


@contextmanager
def _store_errors() -> Iterator[None]:
    """Raise any error of a store as ours, since each store has its own exceptions."""
    try:
        yield
    except (LATMError, GraphBubbleUp):  # an interrupt of LangGraph is not a store error
        raise
    except Exception as error:
        why = error.__cause__ or error
        # SqliteStore commits even after an error. If SQLite has rolled back by then, the commit fails and hides the
        # cause.
        if "no transaction is active" in str(error) and error.__context__ is not None:
            why = error.__context__
        message = f"{type(why).__name__}: {shorten(str(why), 240)}"
        raise ToolLibraryError(f"the tool library's store failed: {message}") from error


class _LogicalClock:
    """Gives moments in nanoseconds that never decrease, whatever happens to the system's clock.

    Each is later than all that this process has given or read before. So an item that is written after another was read
    sorts after it, even if the clocks of hosts differ.

    Source: Kulkarni et al. (2014), Logical Physical Clocks, https://cse.buffalo.edu/tech-reports/2014-04.pdf
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        with self._lock:
            self._last = max(time.time_ns(), self._last + 1)
            return self._last

    def see(self, moment: int) -> None:
        with self._lock:
            self._last = max(self._last, moment)


_clock: Final = _LogicalClock()
"""One per process, since several libraries may share a store."""


def now() -> str:
    """Return the time as it is stored: UTC, ISO 8601; never before one that this process gave or saw."""
    return datetime.fromtimestamp(_clock.next() / 1e9, UTC).isoformat(timespec="microseconds")


def unique_key() -> str:
    """Return a key that no other writer uses; it sorts after all keys that this process made or read before."""
    return f"{_clock.next():020d}-{secrets.token_hex(4)}"


def see_key(key: object) -> None:
    """Let the next `unique_key` sort after a key that was read, if it is one of ours."""
    if isinstance(key, str) and _KEY.fullmatch(key):
        _clock.see(int(key[:20]))


def _seen(results: list[Any]) -> list[Any]:
    for result in results:
        if isinstance(result, list):
            see_key(max((item.key for item in result if _KEY.fullmatch(item.key)), default=None))
    return results


def key_time(key: str) -> datetime | None:
    """Return when `unique_key` made a key; None if it did not."""
    head = key.partition("-")[0]
    try:
        return datetime.fromtimestamp(int(head) / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return None
