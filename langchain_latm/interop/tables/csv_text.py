"""Writes rows as CSV: rows that were read from CSV keep their text, and new cells are quoted if necessary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from langchain_latm.interop.tables.added import KEEP, Added
from langchain_latm.interop.tables.cells import MAY_BE_FORMULA, cell_text, harmless
from langchain_latm.interop.tables.dialect import Dialect
from langchain_latm.interop.tables.table import Chunk


class CsvText:
    """Writes rows in a dialect.

    Args:
        dialect: Separator and quotes.
        added: The added columns.
        safe: Whether cells that a spreadsheet program may treat as formulas get an apostrophe.
        newline: The line end of rows without one.
        from_text: Whether the rows come from CSV in the same dialect.
    """

    def __init__(
        self, dialect: Dialect, added: Added, *, safe: bool = False, newline: str = "\n", from_text: bool = True
    ) -> None:
        self._separator = dialect.separator or ","
        self._quote = dialect.quote
        self._dialect = dialect
        self._added = added
        self._safe = safe
        self._newline = newline
        self._from_text = from_text
        quote, separator = re.escape(self._quote), re.escape(dialect.separator or "\x1f")
        inner = rf"(?:[^{quote}]|{quote}{quote})*" if dialect.quoting == "double" else rf"(?:[^{quote}\\]|\\.)*"
        quoted = "" if dialect.quoting == "none" else f"{quote}{inner}{quote}|"
        self._cells = re.compile(f"(?:^|{separator})((?:{quoted}[^{separator}]*))", re.DOTALL)
        self._risky = re.compile(rf"(?:^|{separator})\s*{quote}?{MAY_BE_FORMULA}")

    def header(self, text: str | None = None) -> str:
        """Return the header without a line end.

        Args:
            text: The header as it was read, if it was read from CSV.
        """
        if text is None:
            return self._line([self._cell(name) for name in self._added.all_columns])
        return self._row(text, (), [KEEP if name in self._added.columns else name for name in self._added.names])

    def rows(self, chunk: Chunk, columns: Sequence[Sequence[Any]]) -> str:
        """Return the rows of a chunk, with the values of each added column."""
        added = self._added
        if chunk.texts is None or not self._from_text:
            values = zip(*columns, strict=True) if columns else ((),) * len(chunk.rows)
            return "".join(
                self._line([self._cell(cell_text(value)) for value in added.joined(row, new)]) + self._newline
                for row, new in zip(chunk.rows, values, strict=True)
            )
        if not added.names and not self._safe:
            return chunk.lead + "".join(chain.from_iterable(zip(chunk.texts, chunk.ends, strict=True)))
        plain = self._plain_columns(chunk, columns)
        if plain is not None:
            separator = self._separator
            lines = map(separator.join, zip(chunk.texts, *plain, strict=True))
            return chunk.lead + "".join(chain.from_iterable(zip(lines, chunk.ends, strict=True)))
        parts = [chunk.lead]
        row = self._row
        values = zip(*columns, strict=True) if columns else ((),) * len(chunk.rows)
        for place, (text, end, cells, new) in enumerate(zip(chunk.texts, chunk.ends, chunk.rows, values, strict=True)):
            parts += (text if place in chunk.odd else row(text, cells, new), end)
        return "".join(parts)

    def _plain_columns(self, chunk: Chunk, columns: Sequence[Sequence[Any]]) -> list[Sequence[str]] | None:
        """Return the cells of new columns if they can simply be appended to the text of each row; otherwise None.

        Checking all texts of a column together takes a tenth of the time of checking each.
        """
        if self._safe or chunk.odd or not self._added.behind or chunk.texts is None:
            return None
        if not self._dialect.separator and self._is_special("\0".join(chunk.texts)):
            return None
        found: list[Sequence[str]] = []
        for column in columns:
            texts = column if set(map(type, column)) == {str} else [cell_text(value) for value in column]
            found.append([self._cell(text) for text in texts] if self._is_special("\0".join(texts)) else texts)
        return found

    def _is_special(self, text: str) -> bool:
        return self._separator in text or self._quote in text or "\n" in text or "\r" in text

    def _row(self, text: str, cells: Sequence[Any], values: Sequence[Any]) -> str:
        """Return the text of a row of CSV with values."""
        if self._added.behind and self._dialect.separator and not (self._safe and self._risky.search(text)):
            return self._separator.join((text, *[self._cell(cell_text(value)) for value in values]))
        raw: list[Any] = self._cells.findall(text) if self._dialect.separator else [text]
        if cells and len(raw) != len(cells):  # quoted in a form that only the reader knows
            raw = [self._cell(cell) for cell in cells]
        if not self._dialect.separator or self._safe:
            raw = [self._again(each) for each in raw]
        return self._line(self._added.joined(raw, [v if v is KEEP else self._cell(cell_text(v)) for v in values]))

    def _again(self, raw: str) -> str:
        """Return a cell as it was read; quote it again if it may be a formula, or if the separator has changed."""
        quoted = len(raw) > 1 and raw[0] == raw[-1] == self._quote and self._dialect.quoting != "none"
        text = self._unquoted(raw[1:-1]) if quoted else raw
        if self._safe and harmless(text) != text:
            return self._cell(text)
        return raw if quoted or self._dialect.separator else self._cell(text)

    def _unquoted(self, text: str) -> str:
        if self._dialect.quoting == "backslash":
            return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
        return text.replace(self._quote * 2, self._quote)

    def _cell(self, text: str) -> str:
        if self._safe:
            text = harmless(text)
        if not self._is_special(text):
            return text
        if self._dialect.quoting == "none":
            # This dialect has no quotes, so a separator or a line end within a cell becomes a space.
            return re.sub(f"[{re.escape(self._separator)}\r\n]+", " ", text)
        escape = "\\" if self._dialect.quoting == "backslash" else self._quote
        if escape == "\\":
            text = text.replace("\\", "\\\\")
        return f"{self._quote}{text.replace(self._quote, escape + self._quote)}{self._quote}"

    def _line(self, cells: Sequence[str]) -> str:
        # A row of one empty cell would look like a blank line.
        return self._separator.join(cells) if len(cells) > 1 or cells[0] else self._quote * 2
