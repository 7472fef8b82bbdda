"""Tables in CSV and TSV. Each row keeps its text, so that unchanged cells are written as they were read."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.columns import check_header
from langchain_latm.interop.tables.dialect import Quoting, find_dialect, given_separator, has_header
from langchain_latm.interop.tables.encoding import Encoding
from langchain_latm.interop.tables.table import MAX_CELL, Chunk, Counted
from langchain_latm.interop.tables.text_file import TextFile

Ragged = Literal["stop", "keep"]

_REPORTED: Final = 5
_SAMPLE_ROWS: Final = 1_000


@dataclass(frozen=True)
class CsvOptions:
    """Options for reading a file; None is detected.

    Attributes:
        encoding: Name of the encoding.
        delimiter: One character, or a name such as `tab`.
        quote: The quote character.
        quoting: How a quote within quotes is written.
        header: Whether the first row contains the names.
        ragged: How to handle a row with too few or too many cells: `stop`, or `keep` it.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    quoting: Quoting | None = None
    header: bool | None = None
    ragged: Ragged = "stop"


class CsvTable:
    """A table in CSV, or with another separator.

    Args:
        file: The text.
        options: The user's options.
        wanted: Requested columns, which help to detect separator and header.
        likely: The separator suggested by the file's name.

    Attributes:
        lead: The text before the header, or before the first row if there is none.
        header: The text of the header, without its line end; None if there is none.
        header_end: Its line end.
        encoding: The encoding.
        dialect: Separator and quotes.

    Raises:
        TableError: It cannot be read, or two columns have one name.
    """

    def __init__(
        self,
        file: TextFile,
        options: CsvOptions = CsvOptions(),
        wanted: Sequence[str] = (),
        likely: str = "",
    ) -> None:
        self._file = file
        self.name, self.once = self._file.name, self._file.once
        self.encoding: Encoding = self._file.encoding
        self._keeps = options.ragged == "keep"
        lines = self._file.head_lines()
        if (place := "".join(lines).find("\0")) >= 0:
            raise _nul(self.name, f"line {''.join(lines)[:place].count(chr(10)) + 1}")
        separator = None if options.delimiter is None else given_separator(options.delimiter)
        self.dialect, unsure = find_dialect(
            lines,
            separator=separator,
            quote=options.quote,
            quoting=options.quoting,
            wanted=wanted,
            likely=likely,
            whole=self._file.is_short,
        )
        rows = self._first_rows(lines)
        self.has_header, doubt = (options.header, "") if options.header is not None else has_header(rows, wanted)
        names = rows[0] if self.has_header else [str(place) for place in range(1, len(rows[0]) + 1)]
        self.columns = check_header(self.name, names)
        self.lead, self.header, self.header_end = self._head(lines)
        self.doubts = tuple(each for each in (self.encoding.doubt, unsure, doubt) if each)
        header = "with a header" if self.has_header else "without a header"
        self.found = f"{self.encoding.shown}, {self.dialect.shown}, {header}"

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows."""
        yield from self._chunks(None)

    @property
    def passed(self) -> tuple[int, int] | None:
        """Bytes that the current reading has passed, and those of the whole file."""
        return self._file.passed

    def count(self, progress: Callable[[int], object] | None = None) -> Counted:
        """Read the whole table once to count and check its rows."""
        digest = hashlib.sha256()
        rows = 0
        bad: list[tuple[int, str]] = []
        for chunk in self._chunks(digest.update, bad):
            rows += len(chunk.rows)
            if progress is not None:
                progress(rows)
        if bad:
            some = "; ".join(f"row {number} {reason}" for number, reason in bad[:_REPORTED])
            more = f"; {len(bad) - _REPORTED:,} more such rows" if len(bad) > _REPORTED else ""
            raise TableError(f"{self.name}: {some}{more}. {_RAGGED_HINT}")
        return Counted(rows, digest.hexdigest())

    def _first_rows(self, lines: list[str]) -> list[list[str]]:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(lines[1:] if self.dialect.declared else lines, **self.dialect.reading):
                if any(cell.strip() for cell in row) or (rows and len(row) == len(rows[0])):
                    rows.append(row)
                if len(rows) == _SAMPLE_ROWS:
                    break
        except csv.Error as error:
            if not rows:
                raise _malformed(self.name, 1, error) from error
        if not rows:
            raise TableError(f"{self.name}: the file has no rows")
        return rows

    def _chunks(
        self, seen: Callable[[bytes], object] | None, bad: list[tuple[int, str]] | None = None
    ) -> Iterator[Chunk]:
        """Read chunks; ragged rows are collected in `bad`, or end the reading."""
        number, started = 0, False
        carry: list[str] = []
        for block in self._file.blocks(seen):
            lines = carry + block if carry else block
            records, carry = self._records(lines, number)
            if not started and records:
                place, started = self._first(records, number)
                records, number = records[place:], number + place
            if records:
                chunk, number = self._chunk(records, number, bad)
                yield chunk
        if carry:
            raise TableError(
                f"{self.name}: row {number + 1} opens a quote that is never closed. If quotes mean nothing in this "
                "file, say --quoting none"
            )

    def _head(self, lines: list[str]) -> tuple[str, str | None, str]:
        """Return the text before the header, the header and its line end."""
        records, _ = self._records(lines, 0)
        place, _ = self._first(records, 0)
        texts = [text for _, text in records[:place]]
        if not self.has_header:
            return "".join(texts), None, ""
        body = texts[-1].rstrip("\r\n")
        return "".join(texts[:-1]), body, texts[-1][len(body) :]

    def _first(self, records: list[tuple[list[str], str]], number: int) -> tuple[int, bool]:
        """Return the place of the first row among the first records, and whether the header is among them."""
        place = 1 if self.dialect.declared and not number else 0
        if not self.has_header:
            return place, True
        while place < len(records):
            place += 1
            if any(cell.strip() for cell in records[place - 1][0]):
                return place, True
        return place, False

    def _records(self, lines: list[str], number: int) -> tuple[list[tuple[list[str], str]], list[str]]:
        """Return the records in lines, each with its text, and the lines of one that is not complete."""
        if csv.field_size_limit() < MAX_CELL:  # the csv module has one limit for all readers
            csv.field_size_limit(MAX_CELL)
        text = "".join(lines)
        if "\0" in text:
            place = next(place for place, line in enumerate(lines) if "\0" in line)
            raise _nul(self.name, f"row {number + place + 1}")
        quoting = self.dialect.quoting
        if quoting == "none" or (quoting == "double" and self.dialect.quote not in text):
            try:
                rows = list(csv.reader(lines, **self.dialect.reading))
            except csv.Error as error:
                raise _malformed(self.name, number + 1, error) from error
            return list(zip(rows, lines, strict=True)), []
        return self._quoted_records(lines, number)

    def _quoted_records(self, lines: list[str], number: int) -> tuple[list[tuple[list[str], str]], list[str]]:
        records: list[tuple[list[str], str]] = []
        taken: list[str] = []

        def take() -> Iterator[str]:
            for line in lines:
                taken.append(line)
                yield line

        try:
            for row in csv.reader(take(), **self.dialect.reading):
                records.append((row, taken[0] if len(taken) == 1 else "".join(taken)))
                taken.clear()
        except csv.Error as error:
            if "end of data" not in str(error) or sum(map(len, taken)) > MAX_CELL:
                raise _malformed(self.name, number + len(records) + 1, error) from error
        return records, taken

    def _chunk(
        self, records: list[tuple[list[str], str]], number: int, bad: list[tuple[int, str]] | None
    ) -> tuple[Chunk, int]:
        """Return a chunk of records, and the number of the last one."""
        width = len(self.columns)
        rows = [row for row, _ in records]
        texts = [text.rstrip("\r\n") for _, text in records]
        ends = [text[len(body) :] for (_, text), body in zip(records, texts, strict=True)]
        last = number + len(records)
        if set(map(len, rows)) == {width}:
            return Chunk(range(number + 1, last + 1), rows, texts, ends), last
        whole = Chunk([], [], [], [])
        numbers: list[int] = []
        kept: list[list[str]] = []
        bodies: list[str] = []
        tails: list[str] = []
        odd: dict[int, str] = {}
        for place, row in enumerate(rows, number + 1):
            body, end = texts[place - number - 1], ends[place - number - 1]
            if len(row) != width and not body.strip():  # a blank line is not a row
                if tails:
                    tails[-1] += body + end
                else:
                    whole.lead += body + end
                continue
            if len(row) != width:
                reason = f"has {len(row):,} cell{'' if len(row) == 1 else 's'} instead of {width:,}"
                if not self._keeps and bad is None:
                    raise TableError(f"{self.name}: row {place} {reason}. {_RAGGED_HINT}")
                if not self._keeps and bad is not None:
                    bad.append((place, reason))
                if len(row) < width:
                    body += self.dialect.separator * (width - len(row))
                    row = row + [""] * (width - len(row))  # noqa: PLW2901 - as its text
                else:
                    odd[len(kept)] = reason
            numbers.append(place)
            kept.append(row)
            bodies.append(body)
            tails.append(end)
        return Chunk(numbers, kept, bodies, tails, whole.lead, odd), last


_RAGGED_HINT: Final = (
    "Correct the file or name its separator (--delimiter), or say --ragged keep: short rows are then filled, and long "
    "ones are kept without an answer"
)


def _nul(name: str, where: str) -> TableError:
    return TableError(
        f"{name}: {where} holds a NUL character, which no text has. If it is UTF-16, say --encoding utf-16"
    )


def _malformed(name: str, number: int, error: csv.Error) -> TableError:
    if "field larger" in str(error) or "end of data" in str(error):
        return TableError(
            f"{name}: row {number} has a cell of more than {MAX_CELL:,} characters, more than a tool takes; is a quote "
            "left open? If quotes mean nothing in this file, say --quoting none"
        )
    return TableError(
        f"{name}: row {number} is not quoted as the rest ({error}). If quotes mean nothing in this file, say "
        "--quoting none"
    )
