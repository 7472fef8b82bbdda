"""The default store of a tool library: one SQLite file, opened so that several processes can share it.

Shell completion reads names and versions straight from the file (`tool_names`, `versions_in`). `open_tool_library`
would create files, and imports LangGraph: 1.4 s of CPU, where a whole completion takes 0.3 s.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langchain_latm._core.defaults import NAMESPACE, TOOL_NAME
from langchain_latm.exceptions import ToolLibraryError
from langchain_latm.tools.library.address import IN_MEMORY

if TYPE_CHECKING:
    from langgraph.store.sqlite import SqliteStore

_APPLICATION: Final = 0x4C41544D  # "LATM", in the header of the file: `PRAGMA application_id`
_BUSY_SECONDS: Final = 30
"""How long to wait for another process that writes."""
_COMPLETION_SECONDS: Final = 0.1
"""The same for shell completion."""
_MOST_COMPLETIONS: Final = 1_000

_log = logging.getLogger(__name__)


def open_sqlite(path: Path) -> SqliteStore:
    """Open the store in a file, or create it. If a writing process is killed, its earlier writes are safe.

    A library that cannot be written, such as one on a read-only disk, is opened for reading; that is logged.

    Raises:
        ToolLibraryError: The file cannot be opened, is damaged, or belongs to another program.
    """
    try:
        try:
            return _open_to_write(path)
        except (OSError, sqlite3.Error) as error:
            from langchain_latm.tools.library.read_only import ReadOnlyStore, is_unwritable  # noqa: PLC0415 - rare

            if not is_unwritable(error) or not path.exists():
                raise
            store = ReadOnlyStore(path, error, connect_to_read)
            _log.warning("%s is opened for reading only, and uses are not recorded: %s", path, error)
            return store
    except (OSError, sqlite3.Error) as error:
        raise ToolLibraryError(f"{path} cannot be used as a tool library: {error}") from error


def _open_to_write(path: Path) -> SqliteStore:
    from filelock import FileLock  # noqa: PLC0415 - not needed for the path alone
    from langgraph.store.sqlite import SqliteStore  # noqa: PLC0415 - the same

    connection: sqlite3.Connection | None = None
    if path.is_dir():
        raise ToolLibraryError(f"{path} cannot be used as a tool library: it is a directory, name a file")
    try:
        if path == IN_MEMORY:
            lock: AbstractContextManager[object] = nullcontext()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Two processes that create the same tables would disturb each other.
            lock = FileLock(f"{path}.lock", timeout=_BUSY_SECONDS)
        with lock:
            # Not opened in a transaction of Python's own: the store begins and commits by itself.
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            _mark_as_ours(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            store = SqliteStore(connection)
            store.setup()
            _check_version(connection, path, len(store.MIGRATIONS) - 1)
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    return store


def connect_to_read(path: Path, *, timeout: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """Connect to a library's file without changing it or leaving other files beside it."""
    log = Path(f"{path}-wal")
    # `immutable` reads no other file and leaves none behind, but it would miss the content of a write-ahead log.
    mode = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )


def _mark_as_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Mark a new file as ours; reject the database of another program."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != _APPLICATION:
        if tables:
            raise ToolLibraryError(f"{path} is a database of another program, not a tool library; choose another file")
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")


def _check_version(connection: sqlite3.Connection, path: Path, known: int) -> None:
    (version,) = connection.execute("SELECT max(v) FROM store_migrations").fetchone()
    if version > known:
        raise ToolLibraryError(
            f"the tables of {path} are of a later version ({version}; this one knows {known}): upgrade "
            "langgraph-checkpoint-sqlite"
        )


def tool_names(file: Path | None, beginning: str, *, removed: bool = False) -> list[str]:
    """Return the names of tools that begin with a text, in order; none if the file cannot be read.

    Args:
        file: The library's file; it need not exist, and is never created or changed. None for a library elsewhere.
        beginning: The text.
        removed: Whether to include names that have no tool any more.
    """
    query = "SELECT key, value FROM store WHERE prefix = ? AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?"
    rows = _rows(file, query, f"{NAMESPACE}.names", len(beginning), beginning, _MOST_COMPLETIONS)
    return [name for name, value in rows if _is_name(name) and (removed or _id_in(value))]


def versions_in(file: Path | None, name: str, beginning: str) -> list[str]:
    """Return the short ids of a name's versions that begin with a text, newest first; see `tool_names`."""
    query = "SELECT key, value FROM store WHERE prefix = ? ORDER BY key DESC LIMIT ?"
    rows = _rows(file, query, f"{NAMESPACE}.history.{name}", _MOST_COMPLETIONS)
    ids = dict.fromkeys(_id_in(value)[:12] for _, value in rows)
    return [each for each in ids if each.startswith(beginning) and _is_name(each)]


def _rows(file: Path | None, query: str, *values: str | int) -> list[tuple[str, str]]:
    try:
        if file is None or not file.is_file():
            return []
        connection = connect_to_read(file, timeout=_COMPLETION_SECONDS)
        try:
            return [(str(key), value) for key, value in connection.execute(query, values)]
        finally:
            connection.close()
    except (sqlite3.Error, OSError, ValueError):  # not a library, a damaged one, or locked by a writer
        return []


def _is_name(text: str) -> bool:
    """Whether a text is safe to type into a shell; anything else in the table is not a name."""
    return re.fullmatch(TOOL_NAME, text) is not None


def _id_in(value: str) -> str:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError, TypeError):
        return ""
    return str(found.get("id") or "") if isinstance(found, dict) else ""
