"""Writes workbooks and Parquet files as a whole, from a table and the values of added columns (extra `tables`)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.added import KEEP, Added
from langchain_latm.interop.tables.cells import cell_text, json_value
from langchain_latm.interop.tables.parquet import ParquetTable
from langchain_latm.interop.tables.table import CHUNK_ROWS, Table
from langchain_latm.interop.tables.workbook import MAX_ROWS

LONGEST_CELL: Final = 32_767
"""Maximum characters of a cell in Excel."""
_SAFE_INTEGER: Final = 10**15
"""Excel keeps 15 digits of a number; longer ones are written as text."""
_TYPED_ROWS: Final = 10_000


def value_lines(columns: Sequence[Sequence[Any]]) -> str:
    """Return the values of each added column as text, one row per line; unchanged ones are left out."""
    return "".join(
        json.dumps({str(i): json_value(value) for i, value in enumerate(row) if value is not KEEP}) + "\n"
        for row in zip(*columns, strict=True)
    )


def read_values(part: Path) -> Iterator[dict[int, Any]]:
    """Read the output of `value_lines`."""
    with part.open(encoding="utf-8") as lines:
        for line in lines:
            yield {int(place): value for place, value in json.loads(line).items()}


def write_workbook(target: Path, table: Table, added: Added, values: Iterator[dict[int, Any]]) -> None:
    """Write a workbook with one sheet. Texts never become formulas or links.

    Raises:
        TableError: There are too many rows for a sheet, or a text is too long for a cell.
    """
    import xlsxwriter  # noqa: PLC0415 - an extra

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(target), options)
    sheet = book.add_worksheet()
    formats = {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        dt.time: book.add_format({"num_format": "hh:mm:ss"}),
    }
    for number, row in enumerate(chain([list(added.all_columns)], _joined(table, added, values))):
        if number >= MAX_ROWS:
            book.close()
            raise TableError(f"{target.name}: more than {MAX_ROWS:,} rows, the most of a sheet: use .csv or .parquet")
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | float) and abs(value) < _SAFE_INTEGER:
                sheet.write_number(number, column, value)
            elif type(value) in formats and getattr(value, "tzinfo", None) is None:
                sheet.write_datetime(number, column, value, formats[type(value)])
            elif sheet.write_string(number, column, text := cell_text(value)) < 0 or len(text) > LONGEST_CELL:
                book.close()
                raise TableError(
                    f"row {number + 1} has a cell of {len(text):,} characters; Excel takes {LONGEST_CELL:,}"
                )
    book.close()


def write_parquet(target: Path, table: Table, added: Added, values: Iterator[dict[int, Any]]) -> None:
    """Write a Parquet file. The columns of a Parquet table keep their types; others get the types of their first rows.

    Raises:
        TableError: A value does not have the type of its column.
    """
    import polars as pl  # noqa: PLC0415 - an extra

    if isinstance(table, ParquetTable) and added.behind:
        rows = ([row.get(place) for place in range(len(added.names))] for row in values)
        frames = [table.frame, _streamed(rows, list(added.names), {})]
        whole = pl.concat(frames, how="horizontal")
    else:
        known = dict(table.frame.collect_schema()) if isinstance(table, ParquetTable) else {}
        whole = _streamed(_joined(table, added, values), list(added.all_columns), known)
    try:
        whole.sink_parquet(target)
    except pl.exceptions.PolarsError as error:
        message = str(error).strip().partition("\n")[0]
        raise TableError(f"{target.name.strip('.').removesuffix('.whole')}: cannot be written: {message}") from error


def _joined(table: Table, added: Added, values: Iterator[dict[int, Any]]) -> Iterator[list[Any]]:
    """Read the table again, with the values of the added columns."""
    for chunk in table.chunks():
        for row in chunk.rows:
            new = next(values)
            yield added.joined(row, [new.get(place, KEEP) for place in range(len(added.names))])


def _streamed(rows: Iterator[list[Any]], names: list[str], known: dict[str, Any]) -> Any:
    """Return rows as a lazy frame, which reads them while it is written."""
    import polars as pl  # noqa: PLC0415 - an extra
    from polars.io.plugins import register_io_source  # noqa: PLC0415 - an extra

    first = list(islice(rows, _TYPED_ROWS))
    schema = {name: known.get(name) or _type([row[place] for row in first]) for place, name in enumerate(names)}
    texts = [place for place, name in enumerate(names) if schema[name] == pl.String]

    def frames(columns: Any, predicate: Any, n_rows: int | None, batch_size: int | None) -> Iterator[Any]:
        del n_rows, batch_size
        left = chain(first, rows)
        while taken := list(islice(left, CHUNK_ROWS)):
            for row in taken:
                for place in texts:
                    if row[place] is not None and type(row[place]) is not str:
                        row[place] = cell_text(row[place])
            frame = pl.DataFrame(taken, schema=schema, orient="row", strict=True)
            if predicate is not None:
                frame = frame.filter(predicate)
            yield frame if columns is None else frame.select(columns)

    return register_io_source(frames, schema=schema)


def _type(values: list[Any]) -> Any:
    """Return the type of a column: that of its values, or text if there are several types, lists or objects."""
    import polars as pl  # noqa: PLC0415 - an extra

    plain: dict[type, Any] = {
        bool: pl.Boolean,
        int: pl.Int64,
        float: pl.Float64,
        dt.date: pl.Date,
        dt.datetime: pl.Datetime("us"),
        dt.time: pl.Time,
    }
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return pl.Float64
    return plain.get(kinds.pop(), pl.String) if len(kinds) == 1 else pl.String
