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
"""Maximum characters of a line in a file or a pipe."""
_BORDER: Final = 3
"""Characters beside each column: a line, and a space on both sides."""
_NARROWEST_NAME: Final = 8
"""Minimum width of the first column; below it, Rich decides on all widths."""
_COLOURS: Final = {"right": "green", "wrong": "red"}


def shown(text: str) -> str:
    """Escape text for Rich, so that nothing in it is markup or a control character."""
    return escape(visible(text))


def marked(text: str) -> str:
    """Escape text for Rich, and colour the verdicts `right` and `wrong`."""
    return f"[{_COLOURS[text]}]{text}[/]" if text in _COLOURS else shown(text)


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, title: str | None = None) -> None:
    """Print a table: on a terminal within its width, in a file or a pipe with one line per row."""
    # Cells fold instead of being cut, since a shortened name is useless.
    columns = (Column(shown(word), overflow="fold") for word in head)
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(marked, row))
    console = Console(highlight=False)
    width = _measured(console, table).maximum
    if not console.is_terminal:
        console.width = max(console.width, width)
    elif width > console.width:
        _fit(table, console)
    console.print(table)


def show_tables(tables: Sequence[PlainTable], *sentences: str) -> None:
    """Print tables of figures, and sentences on them."""
    for table in tables:
        show_table(table.head, table.rows, title=table.title)
    for sentence in sentences:
        Console(highlight=False).print(shown(sentence), soft_wrap=True)  # a broken name cannot be copied


def _fit(table: Table, console: Console) -> None:
    """Set column widths that fit a terminal and keep words whole, except long names in the first column."""
    cells = [[_measured(console, cell) for cell in (column.header, *column.cells)] for column in table.columns]
    longest = [max(cell.maximum for cell in column) for column in cells]
    widths = [max(1, *(cell.minimum for cell in column)) for column in cells]
    left = console.width - 1 - sum(each + _BORDER for each in widths)
    if left < 0:
        widths[0] += left
        if widths[0] < _NARROWEST_NAME:
            return
    for _ in range(left):
        # The column whose longest cell would take the most lines gets the next character.
        narrow = max(range(len(widths)), key=lambda i: longest[i] / widths[i])
        widths[narrow] += 1
    for column, each in zip(table.columns, widths, strict=True):
        column.width = each


def _measured(console: Console, cell: RenderableType) -> Measurement:
    """Return the width of the longest word, and the width that breaks no line."""
    return Measurement.get(console, console.options.update(max_width=_WIDEST), cell)
