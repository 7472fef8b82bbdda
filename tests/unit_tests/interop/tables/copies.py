"""Tables as files, read and written again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_latm.interop.tables.added import Added
from langchain_latm.interop.tables.formats import TableOptions, open_table
from langchain_latm.interop.tables.outputs import open_output


def rows_of(path: Path, wanted: tuple[str, ...] = (), **options: Any) -> list[list[Any]]:
    """The header and the rows of a file."""
    table = open_table(path, TableOptions(**options), wanted)
    rows = [list(row) for chunk in table.chunks() for row in chunk.rows]
    return [list(table.columns), *rows]


def copied(path: Path, target: Path, values: dict[str, list[Any]] | None = None, **options: Any) -> bytes:
    """Write a table again, with added columns; return the bytes."""
    how: dict[str, Any] = {name: options.pop(name) for name in ("safe", "force") if name in options}
    table = open_table(path, TableOptions(**options))
    table.count()
    new = values or {}
    added = Added(tuple(new), table.columns)
    output = open_output(target, table, added, {}, **how)
    place = 0
    for chunk in table.chunks():
        output.write(chunk, [column[place : place + len(chunk.rows)] for column in new.values()])
        place += len(chunk.rows)
    output.finish()
    return target.read_bytes()
