"""Tables on standard output."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from langchain_latm._visible import visible
from langchain_latm.benchmarks.plain_table import PlainTable


def shown(text: str) -> str:
    """Return text for Rich such that nothing in it is markup, and nothing steers the terminal."""
    return escape(visible(text))


def show_rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table without a title."""
    table = Table(*map(shown, head))
    for row in rows:
        table.add_row(*map(shown, row))
    Console(highlight=False).print(table)


def show_tables(tables: Sequence[PlainTable], *sentences: str) -> None:
    """Print tables of figures, and what they say."""
    for plain in tables:
        # What is too long for its column goes on below: a name that is cut short names nothing.
        columns = (Column(shown(word), overflow="fold") for word in plain.head)
        table = Table(*columns, title=plain.title, title_justify="left")
        for row in plain.rows:
            table.add_row(*map(shown, row))
        Console(highlight=False).print(table)
    for sentence in sentences:
        Console(highlight=False).print(shown(sentence))
