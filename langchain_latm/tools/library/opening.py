"""Opens a tool library at a place: in a file, or in a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from langchain_latm.exceptions import ToolLibraryError
from langchain_latm.tools.library.address import address_of, default_address
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.tools.library.sqlite import open_sqlite

if TYPE_CHECKING:
    from langgraph.store.postgres import PostgresStore
    from langgraph.store.sqlite import SqliteStore


def open_tool_library(place: str | Path | None = None) -> ToolLibrary:
    """Open a library, or create it. Close it after use, or use it in a `with` statement.

    Several threads and processes may open the same one. SQLite cannot lock reliably on a network drive: use Postgres
    there, and for several machines.

    Args:
        place: A file, `sqlite:///FILE`, or `postgresql://USER:PASSWORD@HOST/DATABASE` (extra `postgres`); `:memory:`
            for a library in memory, which ends when it is closed. By default the place that `LATM_LIBRARY` names, or
            `tools.sqlite` in the user's data folder.

    Raises:
        ToolLibraryError: It is a URL of another kind. The file cannot be opened, is damaged, or belongs to another
            program. The database cannot be reached. The tables were written by a later version.

    Example:
        ```python
        from langchain_latm import open_tool_library

        with open_tool_library("sqlite:///empty.sqlite") as library:
            print(library.list())  # -> ()
        ```
    """
    address = default_address() if place is None else address_of(place)
    if isinstance(address, Path):
        store: SqliteStore | PostgresStore = open_sqlite(address)
    else:
        try:
            from langchain_latm.tools.library.postgres import open_postgres  # noqa: PLC0415 - of the extra `postgres`
        except ImportError as error:
            raise ToolLibraryError(
                f"a tool library on Postgres needs packages ({error}): run pip install 'langchain-latm[postgres]'"
            ) from error
        store = open_postgres(address)
    library = ToolLibrary(store)
    library._close_store = store.conn.close  # noqa: SLF001 - it closes only a store that was opened here
    return library
