"""Fails a test in which an event loop makes a blocking call: of sockets, files, SQLite, locks, or `time.sleep`.

The functions are the ones that `langgraph dev` refuses: both use blockbuster.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from blockbuster import blockbuster_ctx


@contextmanager
def never_blocks() -> Iterator[None]:
    """Raise `BlockingError` in what blocks an event loop of this block of code."""
    with blockbuster_ctx():
        yield
