"""The common interface of tables in all formats: named columns, and rows in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

MAX_CELL: Final = 4 * 1024 * 1024
"""Maximum characters of a cell, as in the sandbox by default (`Limits.input_bytes`)."""
CHUNK_ROWS: Final = 8_192
"""Rows of a chunk for formats other than text; a chunk of text has some 256 KB."""

STANDARD: Final = "-"
"""The name of standard input and output, as in other commands."""


@dataclass
class Chunk:
    """Some rows of a table.

    Attributes:
        numbers: The number of each row, as a spreadsheet shows it: a header is row 1.
        rows: The cells of each row, one for each column. Cells of CSV are text; those of other formats are typed.
        texts: The text of each row in the file, without its line end; None if the format is not text.
        ends: The line end of each row, with blank lines after it.
        lead: Blank lines before the first row.
        odd: The problem of each row that does not have one cell per column, by its place in `rows`.
    """

    numbers: Sequence[int]
    rows: Sequence[Sequence[Any]]
    texts: Sequence[str] | None = None
    ends: Sequence[str] = ()
    lead: str = ""
    odd: Mapping[int, str] = field(default_factory=dict)

    def ahead(self, count: int) -> Chunk:
        """Return the first rows."""
        return Chunk(
            self.numbers[:count],
            self.rows[:count],
            None if self.texts is None else self.texts[:count],
            self.ends[:count],
            self.lead,
            {place: reason for place, reason in self.odd.items() if place < count},
        )

    def behind(self, count: int) -> Chunk:
        """Return the rows after the first ones."""
        return Chunk(
            self.numbers[count:],
            self.rows[count:],
            None if self.texts is None else self.texts[count:],
            self.ends[count:],
            odd={place - count: reason for place, reason in self.odd.items() if place >= count},
        )


@dataclass(frozen=True)
class Counted:
    """The result of reading the whole table.

    Attributes:
        rows: Number of rows, without the header.
        digest: SHA-256 of the file.
    """

    rows: int
    digest: str


class Table(Protocol):
    """A table that can be read several times from its beginning; standard input only once.

    Attributes:
        name: The file, for messages.
        columns: Their names, which are unique.
        found: Format, encoding, separator and header, for a person.
        doubts: Doubts about these.
        has_header: Whether row 1 contains the names.
        once: Whether it can be read only once.
    """

    name: str
    columns: tuple[str, ...]
    found: str
    doubts: tuple[str, ...]
    has_header: bool
    once: bool

    @property
    def passed(self) -> tuple[int, int] | None:
        """Bytes that the current reading has passed, and those of the whole file; None where that is not known."""
        ...

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows.

        Raises:
            TableError: A row cannot be read; the message names it. The rows before it were returned.
        """
        ...

    def count(self, progress: Callable[[int], object] | None = None) -> Counted:
        """Read the whole table once to count and check its rows.

        Args:
            progress: Gets the number of rows after each chunk.

        Raises:
            TableError: A row cannot be read, or `chunks` would stop at it.
        """
        ...
