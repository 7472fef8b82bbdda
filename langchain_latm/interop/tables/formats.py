"""Opens a table in the format of its name or its first bytes."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.csv_table import CsvOptions, CsvTable
from langchain_latm.interop.tables.json_lines import JsonLinesTable
from langchain_latm.interop.tables.parquet import ParquetTable
from langchain_latm.interop.tables.table import STANDARD, Table
from langchain_latm.interop.tables.text_file import TextFile
from langchain_latm.interop.tables.workbook import WorkbookTable

Format = Literal["csv", "tsv", "jsonl", "xlsx", "parquet"]

SUFFIXES: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_PACKAGES: Final[dict[Format, str]] = {"xlsx": "openpyxl", "parquet": "polars"}
_UNREADABLE: Final = {
    b"\x1f\x8b": "it is compressed: unpack it, or pipe it: gunzip -c FILE | latm ... -",
    b"\xd0\xcf\x11\xe0": "an old Excel file: save it as .xlsx",
    b"%PDF": "a PDF has no table",
}


@dataclass(frozen=True)
class TableOptions(CsvOptions):
    """Options for reading a table; None is detected.

    Attributes:
        sheet: Name or number of the sheet of a workbook.
        format: The format; by default that of the suffix or of the first bytes.
    """

    sheet: str | None = None
    format: Format | None = None


def open_table(path: Path | str, options: TableOptions = TableOptions(), wanted: Sequence[str] = ()) -> Table:
    """Open a table to read it.

    Args:
        path: The file; `-` for standard input, which is CSV or JSON lines.
        options: The user's options.
        wanted: Requested columns, which help to detect separator and header.

    Raises:
        TableError: It cannot be read, or its format needs the extra `tables`.

    Example:
        ```python
        from langchain_latm.interop.tables.formats import open_table

        table = open_table("people.csv")
        for chunk in table.chunks():
            print(chunk.numbers, chunk.rows)
        ```
    """
    kind = options.format or SUFFIXES.get(Path(path).suffix.lower()) or _shown_format(path)
    require_packages(str(path), kind)
    if kind == "parquet":
        return ParquetTable(path)
    if kind == "xlsx":
        return WorkbookTable(path, sheet=options.sheet, header=options.header)
    file = TextFile(path, options.encoding)
    for start, reason in _UNREADABLE.items():
        if file.head.startswith(start):
            raise TableError(f"{file.name}: {reason}")
    if kind == "jsonl" or (options.format is None and str(path) == STANDARD and file.head.lstrip().startswith(b"{")):
        return JsonLinesTable(file)
    return CsvTable(file, options, wanted, likely="\t" if kind == "tsv" else "")


def output_format(path: Path | str, otherwise: Format) -> Format:
    """Return the format of an output by its suffix; for standard output, the given one.

    Raises:
        TableError: No format has this suffix, or it needs the extra `tables`.
    """
    if str(path) == STANDARD:
        return otherwise
    kind = SUFFIXES.get(Path(path).suffix.lower())
    if kind is None:
        raise TableError(f"{path}: the suffix names no format; it must be one of {', '.join(SUFFIXES)}")
    require_packages(str(path), kind)
    return kind


def require_packages(path: str, kind: Format) -> None:
    """Make sure that the packages for a format are installed.

    Raises:
        TableError: They are not.
    """
    package = _PACKAGES.get(kind)
    if package is not None and importlib.util.find_spec(package) is None:
        raise TableError(f"{path}: {package} is not installed: run pip install 'langchain-latm[tables]'")


def _shown_format(path: Path | str) -> Format:
    """Return the format of a file by its first bytes; CSV by default."""
    if str(path) == STANDARD:
        return "csv"
    try:
        with Path(path).open("rb") as file:
            head = file.read(64)
    except (OSError, ValueError) as error:
        raise TableError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    return "jsonl" if head.lstrip().startswith(b"{") else "csv"
