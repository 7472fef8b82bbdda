"""Tables on standard output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Column, Table

from langchain_latm._core.plain_table import PlainTable
from langchain_latm._core.visible import visible

_WIDEST: Final = 1_000
"""Characters of a line in a file or a pipe, at most."""
_BORDER: Final = 3
"""Characters beside each column: a line, and a space on both sides."""
_LEAST: Final = 8
"""Characters of a name, below which its column cannot be read."""


def shown(text: str) -> str:
    """Return text for Rich such that nothing in it is markup, and nothing steers the terminal."""
    return escape(visible(text))


def show_rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table without a title."""
    table = Table(*map(shown, head))
    for row in rows:
        table.add_row(*map(shown, row))
    _print(table)


def show_tables(tables: Sequence[PlainTable], *sentences: str) -> None:
    """Print tables of figures, and what they say."""
    for plain in tables:
        # What is too long for its column goes on below: a name that is cut short names nothing.
        columns = (Column(shown(word), overflow="fold") for word in plain.head)
        table = Table(*columns, title=plain.title, title_justify="left")
        for row in plain.rows:
            table.add_row(*map(shown, row))
        _print(table)
    for sentence in sentences:
        Console(highlight=False).print(shown(sentence))


def _print(table: Table) -> None:
    """Print a table into the width of a terminal; into a file or a pipe as wide as it is, so that a line is a row."""
    console = Console(highlight=False)
    whole = _measured(console, table).maximum
    if not console.is_terminal:
        console.width = max(console.width, whole)
    elif whole > console.width:
        _fit(table, console)
    console.print(table)


def _fit(table: Table, console: Console) -> None:
    """Share out a terminal's width such that words stay whole, but for long names in the first column."""
    cells = [[_measured(console, cell) for cell in (column.header, *column.cells)] for column in table.columns]
    longest = [max(cell.maximum for cell in column) for column in cells]
    widths = [max(1, *(cell.minimum for cell in column)) for column in cells]
    left = console.width - 1 - sum(each + _BORDER for each in widths)
    if left < 0:
        widths[0] += left
        if widths[0] < _LEAST:
            return
    for _ in range(left):
        # What would be written over the most lines gets the next character.
        narrow = max(range(len(widths)), key=lambda i: longest[i] / widths[i])
        widths[narrow] += 1
    for column, each in zip(table.columns, widths, strict=True):
        column.width = each


def _measured(console: Console, shown_as: RenderableType) -> Measurement:
    """Return the width of the longest word, and the width that breaks no line."""
    return Measurement.get(console, console.options.update(max_width=_WIDEST), shown_as)
