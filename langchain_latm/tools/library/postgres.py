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
"""The connection options of `PostgresStore.from_conn_string`."""
_CONNECT_SECONDS: Final = 10
_WAIT_SECONDS: Final = 5.0
"""How long an operation waits for a connection, so that a user does not wait long for an unreachable database."""
_MOST_CONNECTIONS: Final = 8
"""Maximum number of connections of one process. A server allows 100 by default."""
_SETUP_LOCK: Final = 0x4C41544D
"""Two processes that create the same tables would interfere with each other."""
_SETUP_SECONDS: Final = 60
_SETUP_PAUSE: Final = 0.05


class _ReconnectingStore(PostgresStore):
    """Repeats a batch once if its connection had closed, as all in the pool do when the server restarts.

    Writes of a store are idempotent: each sets the value of a key, or deletes it.
    """

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        ops = list(ops)
        try:
            return super().batch(ops)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            hopeless = psycopg.errors.QueryCanceled, PoolTimeout  # the pool has already waited for a connection
            if isinstance(error, hopeless) or not isinstance(self.conn, ConnectionPool):
                raise
            self.conn.check()  # the others will have closed too
            return super().batch(ops)


def open_postgres(url: str) -> PostgresStore:
    """Connect to a library's database, and create its tables if they are missing.

    If the server restarts, only the operations during the restart fail. The caller closes `store.conn`.

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
        reconnect_timeout=0,  # the pool retries at growing intervals, so each operation makes an attempt itself
        open=True,
        name="latm-library",
    )
    return _ReconnectingStore(cast(Any, pool))


def _lock_setup(connection: psycopg.Connection[Any]) -> None:
    """Wait until no other process sets up tables; the lock ends with the connection.

    It polls instead of waiting in one statement: building an index concurrently waits for all older statements, so the
    two processes would deadlock.
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
