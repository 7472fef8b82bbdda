"""A tool library on Postgres, for many machines: the store is LangGraph's, with a pool of connections.

Needs the packages of the extra `postgres`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final, cast

import psycopg
from langgraph.store.base import Op, Result
from langgraph.store.postgres import PostgresStore
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from langchain_latm.exceptions import ToolLibraryError
from langchain_latm.tools.library.address import visible_address, without_secrets
from langchain_latm.types import shorten

_SETTINGS: Final[dict[str, Any]] = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
"""Those of `PostgresStore.from_conn_string`."""
_CONNECT_SECONDS: Final = 10
_WAIT_SECONDS: Final = 5.0
"""How long an operation waits for a connection. A database that is away answers none: its user must not wait long."""
_MOST_CONNECTIONS: Final = 8
"""Of one process. A server has 100 by default."""
_SETUP_LOCK: Final = 0x4C41544D
"""Two processes that create the same tables would disturb each other."""
_SETUP_SECONDS: Final = 60
_SETUP_PAUSE: Final = 0.05


class _ReconnectingStore(PostgresStore):
    """Repeats a batch once if its connection had ended: after a restart of the server each in the pool has.

    Every write of a store is one that may be repeated: it sets the value of a key, or deletes it.
    """

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        ops = list(ops)
        try:
            return super().batch(ops)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            hopeless = psycopg.errors.QueryCanceled, PoolTimeout  # the second has waited for a connection already
            if isinstance(error, hopeless) or not isinstance(self.conn, ConnectionPool):
                raise
            self.conn.check()  # the others will have ended too
            return super().batch(ops)


def open_postgres(url: str) -> PostgresStore:
    """Connect to a library's database, and create its tables if they are missing.

    A restart of the server costs only the operations of the meantime. The caller closes `store.conn`.

    Raises:
        ToolLibraryError: The server cannot be reached or refuses, or its tables are of a later version. No message
            contains the password.
    """
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS, **_SETTINGS) as connection:
            _lock_setup(connection)
            _set_up(PostgresStore(cast(Any, connection)), url)
    except psycopg.Error as error:
        why = shorten(without_secrets(str(error).strip(), url), 300)
        raise ToolLibraryError(f"the tool library at {visible_address(url)} cannot be used: {why}") from None
    pool = ConnectionPool(
        url,
        kwargs=_SETTINGS,
        min_size=0,
        max_size=_MOST_CONNECTIONS,
        timeout=_WAIT_SECONDS,
        reconnect_timeout=0,  # the pool's own attempts come ever more seldom: each operation makes one instead
        open=True,
        name="latm-library",
    )
    return _ReconnectingStore(cast(Any, pool))


def _lock_setup(connection: psycopg.Connection[Any]) -> None:
    """Wait until no other process sets tables up; the lock ends with the connection.

    Not in one statement: that of a waiting process would be older than an index that is built concurrently, which waits
    for all older statements, so both would wait for each other.
    """
    for _ in range(int(_SETUP_SECONDS / _SETUP_PAUSE)):
        row = connection.execute("SELECT pg_try_advisory_lock(%s) AS ours", (_SETUP_LOCK,)).fetchone()
        if row is not None and row["ours"]:
            return
        time.sleep(_SETUP_PAUSE)
    raise psycopg.OperationalError("another process has been setting its tables up for too long")


def _set_up(store: PostgresStore, url: str) -> None:
    store.setup()
    with store._cursor() as cursor:  # noqa: SLF001 - the store has no public way to ask for its version
        cursor.execute("SELECT max(v) AS version FROM store_migrations")
        version = (cursor.fetchone() or {})["version"]
    if version > (known := len(store.MIGRATIONS) - 1):
        raise ToolLibraryError(
            f"the tables of the tool library at {visible_address(url)} are of a later version ({version}; this one "
            f"knows {known}): upgrade langgraph-checkpoint-postgres"
        )
