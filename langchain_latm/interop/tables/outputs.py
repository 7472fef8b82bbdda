"""Outputs for the rows of a table: a file in any format, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.added import Added
from langchain_latm.interop.tables.cells import cell_text
from langchain_latm.interop.tables.columnar import LONGEST_CELL, read_values, value_lines, write_parquet, write_workbook
from langchain_latm.interop.tables.csv_table import CsvTable
from langchain_latm.interop.tables.csv_text import CsvText
from langchain_latm.interop.tables.dialect import Dialect
from langchain_latm.interop.tables.encoding import ALONE, Encoding, given_encoding
from langchain_latm.interop.tables.formats import SUFFIXES, Format, output_format
from langchain_latm.interop.tables.json_lines import JsonLinesTable
from langchain_latm.interop.tables.json_text import JsonText
from langchain_latm.interop.tables.part_file import PartFile
from langchain_latm.interop.tables.table import STANDARD, Chunk, Table

_SEPARATORS: Final[dict[str, str]] = {"csv": ",", "tsv": "\t"}


class Output(Protocol):
    """Takes the rows of a table, with values for added columns.

    Attributes:
        done: Rows that an earlier run wrote.
        state: JSON data that is stored beside the file; empty at first.
        format: The format.
        takes_all: Whether every value can be written; otherwise `problem` says whether one can.
    """

    done: int
    state: dict[str, Any]
    format: Format
    takes_all: bool

    def problem(self, value: Any) -> str | None:
        """Return why a value cannot be written in this format; None if it can."""
        ...

    def write(self, chunk: Chunk, columns: Sequence[Sequence[Any]]) -> None:
        """Write rows, with the values of each added column."""
        ...

    def save(self) -> None:
        """Make the written rows survive a crash."""
        ...

    def finish(self) -> None:
        """Complete the output."""
        ...

    def close(self) -> None:
        """Keep the written rows, if the output is not complete."""
        ...


class _Sink(Protocol):
    state: dict[str, Any]

    def write(self, data: bytes) -> None: ...

    def save(self, *, now: bool = True) -> None: ...

    def finish(self, complete: Callable[[Path, Path], object] | None = None) -> None: ...

    def close(self) -> None: ...


class _StandardOutput:
    """Standard output, which cannot be continued later."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        sys.stdout.flush()
        self._file = getattr(sys.stdout, "buffer", None)

    def write(self, data: bytes) -> None:
        if self._file is None:  # a text stream without an underlying byte stream
            sys.stdout.write(data.decode())
        else:
            self._file.write(data)
            self._file.flush()

    def save(self, *, now: bool = True) -> None:
        del now

    def finish(self, complete: Callable[[Path, Path], object] | None = None) -> None:
        del complete

    def close(self) -> None:
        pass


class TextOutput:
    """A table in CSV, TSV or JSON lines."""

    def __init__(self, sink: _Sink, kind: Format, text: CsvText | JsonText, encoding: Encoding, begin: str) -> None:
        self.format = kind
        self.done: int = sink.state.get("rows", 0)
        self.state = sink.state
        self._sink, self._text, self._encoding = sink, text, encoding
        self.takes_all = encoding.name.startswith("utf")
        if "rows" not in sink.state:
            sink.write(encoding.mark + self._bytes(begin))
            sink.state["rows"] = 0

    def problem(self, value: Any) -> str | None:
        """Return why a value cannot be written in this format; None if it can."""
        if self.takes_all:
            return None
        try:
            cell_text(value).encode(self._encoding.name, ALONE)
        except UnicodeEncodeError as error:
            lacks = error.object[error.start]
            return f"the answer has {lacks!r}, which {self._encoding.name} lacks: choose --out-encoding utf-8"
        return None

    def write(self, chunk: Chunk, columns: Sequence[Sequence[Any]]) -> None:
        """Write rows, with the values of each added column."""
        self._sink.write(self._bytes(self._text.rows(chunk, columns)))
        self.state["rows"] += len(chunk.rows)

    def save(self) -> None:
        """Make the written rows survive a crash; at most every two seconds."""
        self._sink.save(now=False)

    def finish(self) -> None:
        """Complete the output."""
        self._sink.finish()

    def close(self) -> None:
        """Keep the written rows."""
        self._sink.close()

    def _bytes(self, text: str) -> bytes:
        try:
            return text.encode(self._encoding.name, ALONE)
        except UnicodeEncodeError as error:
            if self.takes_all:
                raise
            lacks = error.object[error.start]
            raise TableError(
                f"the table has {lacks!r}, which the encoding {self._encoding.name} lacks: choose --out-encoding utf-8"
            ) from error


class ColumnarOutput:
    """A table in Parquet or in a workbook. Values are collected until all are available, then the table is written."""

    def __init__(self, part: PartFile, kind: Format, table: Table, added: Added) -> None:
        self.format = kind
        self.takes_all = kind != "xlsx"
        self.state = part.state
        self.done: int = part.state.setdefault("rows", 0)
        self._part, self._table, self._added = part, table, added

    def problem(self, value: Any) -> str | None:
        """Return why a value cannot be written in this format; None if it can."""
        if self.format == "xlsx" and len(cell_text(value)) > LONGEST_CELL:
            return f"the answer has more than {LONGEST_CELL:,} characters, the most of a cell in Excel"
        return None

    def write(self, chunk: Chunk, columns: Sequence[Sequence[Any]]) -> None:
        """Keep the values of each added column."""
        self._part.write(value_lines(columns).encode())
        self.state["rows"] += len(chunk.rows)

    def save(self) -> None:
        """Make the written rows survive a crash; at most every two seconds."""
        self._part.save(now=False)

    def finish(self) -> None:
        """Write the table."""
        write = write_workbook if self.format == "xlsx" else write_parquet
        self._part.finish(lambda part, whole: write(whole, self._table, self._added, read_values(part)))

    def close(self) -> None:
        """Keep the written rows."""
        self._part.close()


def open_output(
    path: Path | str,
    table: Table,
    added: Added,
    job: Mapping[str, Any],
    *,
    kind: Format | None = None,
    encoding: str | None = None,
    safe: bool = False,
    force: bool = False,
    restart: bool = False,
) -> Output:
    """Open an output for the rows of a table with added columns.

    From CSV to CSV, separator, quotes, encoding and line ends stay, unless the suffix implies another separator.

    Args:
        path: The file; its suffix determines the format. `-` for standard output.
        table: What is read.
        added: The columns besides those of the table.
        job: Describes the job, so that only the same job can continue after an interruption.
        kind: The format of standard output; by default that of the table.
        encoding: The encoding of text; by default that of the table, or UTF-8.
        safe: Whether cells that a spreadsheet program may take for formulas get an apostrophe; CSV and TSV only.
        force: Whether an existing file is replaced.
        restart: Whether the output of an earlier run is deleted.

    Raises:
        TableError: The file exists, is the table itself, or has a suffix that names no format.
        LATMError: It cannot be written.
    """
    kind = kind or output_format(path, _own_format(table))
    job = {**job, "format": kind, "encoding": encoding, "safe": safe}
    if str(path) != STANDARD:
        _refuse_same_file(Path(path), table)
    elif kind in {"xlsx", "parquet"}:
        raise TableError(f"{kind} cannot be written to standard output: name a file with --out")
    if kind in {"xlsx", "parquet"}:
        if table.once:
            raise TableError(f"{path}: {kind} is written at the end, and {table.name} can be read only once: use .csv")
        return ColumnarOutput(PartFile(Path(path), job, force=force, restart=restart), kind, table, added)
    sink: _Sink = (
        _StandardOutput() if str(path) == STANDARD else PartFile(Path(path), job, force=force, restart=restart)
    )
    try:
        return _text_output(sink, kind, table, added, encoding=encoding, safe=safe)
    except BaseException:
        sink.close()
        raise


def _text_output(
    sink: _Sink, kind: Format, table: Table, added: Added, *, encoding: str | None, safe: bool
) -> TextOutput:
    own: Encoding = getattr(table, "encoding", Encoding())
    written = own if encoding is None else given_encoding(encoding, b"")
    if kind == "jsonl":
        from_json = isinstance(table, JsonLinesTable)
        written = written if encoding is not None or from_json else Encoding()
        return TextOutput(sink, kind, JsonText(added, from_json=from_json), written, "")
    if isinstance(table, CsvTable) and _own_format(table) == kind:
        text = CsvText(table.dialect, added, safe=safe, newline=table.header_end or "\n")
        header = table.lead + ("" if table.header is None else text.header(table.header) + (table.header_end or "\n"))
        return TextOutput(sink, kind, text, written, header)
    text = CsvText(Dialect(_SEPARATORS[kind]), added, safe=safe, from_text=False)
    return TextOutput(sink, kind, text, written, text.header() + "\n")


def _own_format(table: Table) -> Format:
    if isinstance(table, JsonLinesTable):
        return "jsonl"
    named = SUFFIXES.get(Path(table.name).suffix.lower())
    if isinstance(table, CsvTable) and named not in {"csv", "tsv"}:
        return "tsv" if table.dialect.separator == "\t" else "csv"
    return named if named in {"csv", "tsv"} else "csv"


def _refuse_same_file(path: Path, table: Table) -> None:
    try:
        same = not table.once and path.exists() and path.samefile(table.name)
    except (OSError, ValueError) as error:
        raise TableError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if same:
        raise TableError(f"{path} is the table that is read: write to another file")


__all__ = ["ColumnarOutput", "Output", "TextOutput", "open_output"]
