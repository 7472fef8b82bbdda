"""Tables in Excel workbooks: one sheet, row by row, with the stored values of its formulas (extra `tables`)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.columns import check_header
from langchain_latm.interop.tables.table import CHUNK_ROWS, Chunk, Counted

MAX_ROWS: Final = 1_048_576
"""Maximum number of rows of a sheet in Excel, including the header."""
_MAX_BYTES: Final = 2 * 1024**3
"""Maximum bytes of an unpacked workbook, since a small file may unpack to any size."""
_LOOKED_AT: Final = 200
_PADDED: Final = re.compile(r"0{2,}")
_TIME: Final = re.compile(r"[hs]", re.IGNORECASE)


class CellError(str):
    """The text of a cell whose formula failed, such as `#REF!`."""

    __slots__ = ()


class WorkbookTable:
    """A sheet of a workbook (`.xlsx`, `.xlsm`).

    Cells are texts, numbers, Booleans, dates and times. A whole number that is displayed with leading zeros becomes a
    text with these zeros. A formula has the value that Excel stored with it.

    Args:
        path: The file.
        sheet: Name or number of the sheet; not needed if only one has content.
        header: Whether the first row with content contains the names. Default: yes.

    Raises:
        TableError: It cannot be read, has several sheets, or two columns have the same name.
    """

    once = False
    passed = None

    def __init__(self, path: Path | str, *, sheet: str | None = None, header: bool | None = None) -> None:
        self.name = str(path)
        self.has_header = header is not False
        with self._opened() as book:
            self._sheet = self._chosen(book, sheet)
            first = next(((n, row) for n, row in self._values(book) if any(v is not None for v in row)), None)
        if first is None:
            raise TableError(f"{self.name}: the sheet {self._sheet!r} is empty")
        number, row = first
        while row and row[-1] is None:
            row = row[:-1]
        self._begin = number + 1 if self.has_header else number
        names = ["" if value is None else str(value) for value in row]
        self.columns = check_header(
            f"{self.name}, sheet {self._sheet!r}", names if self.has_header else [str(n + 1) for n in range(len(row))]
        )
        self.doubts: tuple[str, ...] = ()
        self.found = f"sheet {self._sheet!r}, {'with' if self.has_header else 'without'} a header"

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows."""
        width = len(self.columns)
        with self._opened() as book:
            rows = ((n, row) for n, row in self._values(book) if n >= self._begin)
            while taken := list(islice(rows, CHUNK_ROWS)):
                # Sheets often end in rows with a format but without content.
                filled = [(n, row) for n, row in taken if any(value is not None for value in row)]
                for number, row in filled:
                    if any(value is not None for value in row[width:]):
                        raise TableError(
                            f"{self.name}: row {number} has a value behind the last named column "
                            f"({self.columns[-1]!r}); name its column in the first row"
                        )
                yield Chunk([n for n, _ in filled], [(*row[:width], *[None] * (width - len(row))) for _, row in filled])

    def count(self, progress: Callable[[int], object] | None = None) -> Counted:
        """Read the whole table once to count and check its rows."""
        rows = 0
        for chunk in self.chunks():
            rows += len(chunk.rows)
            if progress is not None:
                progress(rows)
        with Path(self.name).open("rb") as file:
            return Counted(rows, hashlib.file_digest(file, "sha256").hexdigest())

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - an extra

        try:
            with zipfile.ZipFile(self.name) as parts:
                if sum(part.file_size for part in parts.infolist()) > _MAX_BYTES:
                    raise TableError(f"{self.name}: unpacks to more than {_MAX_BYTES // 2**30} GB")
            book = load_workbook(self.name, read_only=True, data_only=True)
        except OSError as error:
            raise TableError(f"{self.name}: {error.strerror or error}") from error
        except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
            if isinstance(error, TableError):
                raise
            raise TableError(f"{self.name}: not a readable .xlsx workbook ({error})") from error
        try:
            yield book
        finally:
            book.close()

    def _chosen(self, book: Any, wanted: str | None) -> str:
        names: list[str] = [sheet.title for sheet in book.worksheets]
        listed = ", ".join(map(repr, names))
        if wanted is None:
            filled = [sheet.title for sheet in book.worksheets if _has_content(sheet)]
            if len(filled) > 1:
                raise TableError(f"{self.name}: has several sheets: {listed}; choose one with --sheet")
            if not filled:
                raise TableError(f"{self.name}: the workbook is empty")
            return str(filled[0])
        if wanted in names:
            return wanted
        if wanted.isdecimal() and 0 < int(wanted) <= len(names):
            return names[int(wanted) - 1]
        raise TableError(f"{self.name}: there is no sheet {wanted!r}; it has {listed}")

    def _values(self, book: Any) -> Iterator[tuple[int, list[Any]]]:
        """Yield the number and the values of each row. A formula must have a stored value."""
        sheet = book[self._sheet]
        sheet.reset_dimensions()  # some programs write wrong dimensions
        if not self._has_formulas():
            for number, row in enumerate(sheet.iter_rows(), 1):
                yield number, [_value(cell) for cell in row]
            return
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra

        plain = load_workbook(self.name, read_only=True)
        try:
            formulas = plain[self._sheet]
            formulas.reset_dimensions()
            for number, (row, written) in enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), 1):
                for cell, formula in zip(row, written, strict=True):
                    if cell.value is None and formula.value is not None:
                        raise TableError(
                            f"{self.name}: cell {formula.coordinate} holds a formula without a stored value; open the "
                            "file in a spreadsheet program and save it, or replace formulas by their values"
                        )
                yield number, [_value(cell) for cell in row]
        finally:
            plain.close()

    def _has_formulas(self) -> bool:
        with zipfile.ZipFile(self.name) as parts:
            for part in parts.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    with parts.open(part) as file:
                        tail = b""
                        while data := file.read(1 << 20):
                            if re.search(rb"<(\w+:)?f[ >/]", tail + data):
                                return True
                            tail = data[-16:]
        return False


def _has_content(sheet: Any) -> bool:
    return any(value is not None for row in islice(sheet.values, _LOOKED_AT) for value in row)


def _value(cell: Any) -> Any:
    value = cell.value
    if value is None or type(value) is str:
        return CellError(value) if value is not None and cell.data_type == "e" else value
    if type(value) is int and _PADDED.fullmatch(cell.number_format or ""):
        return f"{value:0{len(cell.number_format)}d}"
    if type(value) is dt.datetime and value.time() == dt.time() and not _TIME.search(cell.number_format or ""):
        return value.date()
    return value
