"""The default store of a tool library: one SQLite file, opened so that several processes can share it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langchain_latm.exceptions import ToolLibraryError

if TYPE_CHECKING:
    from langgraph.store.sqlite import SqliteStore

_APPLICATION: Final = 0x4C41544D  # "LATM", in the header of the file: `PRAGMA application_id`
_BUSY_SECONDS: Final = 30
"""How long to wait for another process that writes."""


def default_path() -> Path:
    """Return where the library is when nobody says otherwise: in the user's data folder of this system."""
    import platformdirs  # noqa: PLC0415 - who gives a path does not need it

    return Path(platformdirs.user_data_dir("langchain-latm")) / "tools.sqlite"


def open_sqlite(path: Path) -> SqliteStore:
    """Open the store in a file, or make it. Killing a process that writes loses nothing that was written before.

    Raises:
        ToolLibraryError: The file cannot be opened, is damaged, or belongs to another program.
    """
    from filelock import FileLock  # noqa: PLC0415 - who asks for the path alone needs neither
    from langgraph.store.sqlite import SqliteStore  # noqa: PLC0415 - the same

    connection: sqlite3.Connection | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes that make the same tables would disturb each other.
        with FileLock(f"{path}.lock", timeout=_BUSY_SECONDS):
            # Not opened in a transaction of Python's own: the store begins and commits by itself.
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            _claim(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            store = SqliteStore(connection)
            store.setup()
    except (OSError, sqlite3.Error) as error:
        if connection is not None:
            connection.close()
        raise ToolLibraryError(f"{path} cannot be used as a tool library: {error}") from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    return store


def _claim(connection: sqlite3.Connection, path: Path) -> None:
    """Mark a new file as ours; refuse the database of another program."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != _APPLICATION:
        if tables:
            raise ToolLibraryError(f"{path} is a database of another program, not a tool library; choose another file")
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
