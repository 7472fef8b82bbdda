"""Operations of a LangGraph store as an effect of a flow, and the keys under which a library writes."""

from __future__ import annotations

import asyncio
import secrets
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
"""A limit that no search reaches: the store requires a number."""


@dataclass(frozen=True)
class StoreBatch:
    """Let a store carry out some operations in one batch; an effect beside those of `_core.flow`.

    Read and write in separate batches: a store may do a batch in one transaction, and SQLite refuses one that turns
    from reading to writing after another process has written.

    Raises:
        ToolLibraryError: In the flow: the store failed.
    """

    store: BaseStore
    operations: Sequence[Op]

    def run(self, _config: RunnableConfig) -> list[Any]:
        """Return the result of each operation."""
        with _store_errors():
            return self.store.batch(self.operations)

    async def arun(self, _config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        with _store_errors():
            if isinstance(self.store, SqliteStore):  # it has no async form of its own
                return await asyncio.to_thread(self.store.batch, self.operations)
            return await self.store.abatch(self.operations)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Raise any error of a store as ours: each store has its own, and a caller should not need to know them."""
    try:
        yield
    except (LATMError, GraphBubbleUp):  # an interrupt of LangGraph is not a failure of the store
        raise
    except Exception as error:
        why = error.__cause__ or error
        # SqliteStore commits even after an error. If SQLite has rolled back by then, the commit fails and hides why.
        if "no transaction is active" in str(error) and error.__context__ is not None:
            why = error.__context__
        message = f"{type(why).__name__}: {shorten(str(why), 240)}"
        raise ToolLibraryError(f"the tool library's store failed: {message}") from error


def now() -> str:
    """Return the time as it is stored: UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def unique_key() -> str:
    """Return a key that no other writer uses; keys sort by time."""
    return f"{time.time_ns():020d}-{secrets.token_hex(4)}"


def key_time(key: str) -> datetime | None:
    """Return when `unique_key` made a key; None if it did not."""
    head = key.partition("-")[0]
    try:
        return datetime.fromtimestamp(int(head) / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return None
