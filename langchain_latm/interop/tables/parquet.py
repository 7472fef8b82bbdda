"""Tables in Parquet (extra `tables`)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.columns import check_header
from langchain_latm.interop.tables.table import CHUNK_ROWS, Chunk, Counted


class ParquetTable:
    """A Parquet file; its cells are typed.

    Args:
        path: The file.

    Attributes:
        frame: The whole file, not yet read.

    Raises:
        TableError: It cannot be read.
    """

    once = False
    passed = None
    has_header = False

    def __init__(self, path: Path | str) -> None:
        import polars as pl  # noqa: PLC0415 - an extra

        self.name = str(path)
        try:
            with Path(path).open("rb"):
                pass  # the system's message is shorter than that of polars
            self.frame = pl.scan_parquet(Path(path), glob=False)
            schema = self.frame.collect_schema()
        except OSError as error:
            raise TableError(f"{self.name}: {error.strerror or error}") from error
        except pl.exceptions.PolarsError as error:
            raise TableError(f"{self.name}: not a readable Parquet file ({_first_line(error)})") from error
        self.columns = check_header(self.name, schema.names())
        self.found = "Parquet"
        self.doubts: tuple[str, ...] = ()

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows."""
        number = 0
        for batch in self._batches():
            yield Chunk(range(number + 1, number + len(batch) + 1), batch.rows())
            number += len(batch)

    def count(self, progress: Callable[[int], object] | None = None) -> Counted:
        """Count the rows."""
        import polars as pl  # noqa: PLC0415 - an extra

        try:
            rows: int = self.frame.select(pl.len()).collect().item()
            with Path(self.name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise TableError(f"{self.name}: {error.strerror or error}") from error
        except pl.exceptions.PolarsError as error:
            raise TableError(f"{self.name}: {_first_line(error)}") from error
        if progress is not None:
            progress(rows)
        return Counted(rows, digest)

    def _batches(self) -> Iterator[Any]:
        import polars as pl  # noqa: PLC0415 - an extra

        try:
            yield from self.frame.collect_batches(chunk_size=CHUNK_ROWS)
        except pl.exceptions.PolarsError as error:
            raise TableError(f"{self.name}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
