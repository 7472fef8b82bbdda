"""Reads a library's file that cannot be written: on a read-only or full disk, or of another owner."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from langgraph.store.base import Op, PutOp, Result
from langgraph.store.sqlite import SqliteStore

from langchain_latm.exceptions import ToolLibraryError

_NOTES: Final = frozenset({"uses", "answers", "doubts", "waiting"})
"""Sorts of items that are written while tools are used; the second label of the namespace."""


class ReadOnlyStore(SqliteStore):
    """A store that reads a library's file without changing it.

    Uses and answers are not recorded; any other write is an error. Each batch reopens the file, because another process
    may write it meanwhile, and SQLite notices that only if it can lock the file.

    Args:
        path: The file.
        reason: Why it cannot be written.
        connect: Connects to the file.

    Raises:
        ToolLibraryError: It is not a library, or was written by an older version of the store.
        sqlite3.Error: It cannot be read.
    """

    def __init__(self, path: Path, reason: Exception, connect: Callable[[Path], sqlite3.Connection]) -> None:
        super().__init__(connect(path))
        self._connect = connect
        self._path = path
        self._reason = reason
        self._opening = threading.Lock()
        self.is_setup = True
        (version,) = self.conn.execute("SELECT max(v) FROM store_migrations").fetchone()
        if version != len(self.MIGRATIONS) - 1:
            raise ToolLibraryError(f"{path} has another version of its tables: open it once where it can be written")

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Carry out the reads of a batch.

        Raises:
            ToolLibraryError: The batch contains a write.
        """
        ops = list(ops)
        changes = [each for each in ops if isinstance(each, PutOp)]
        if not {each.namespace[1] for each in changes} <= _NOTES:
            raise ToolLibraryError(f"{self._path} can only be read, not changed: {self._reason}")
        if len(changes) == len(ops):
            return [None] * len(ops)
        with self._opening:
            self.conn.close()
            self.conn = self._connect(self._path)
            return super().batch(ops)


def is_unwritable(error: OSError | sqlite3.Error) -> bool:
    """Whether a file could not be opened because it, its folder or its disk is not writable."""
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary error code.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    return error.errno in {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}
