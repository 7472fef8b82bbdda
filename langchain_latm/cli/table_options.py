"""Options of the commands that read tables, and what is shown of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from langchain_latm.cli import console

if TYPE_CHECKING:
    from langchain_latm.interop.tables.formats import TableOptions
    from langchain_latm.interop.tables.table import Table

_PANEL = "How to read the table; detected by default"

Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Encoding of the text, such as utf-8, utf-16, cp1252.", rich_help_panel=_PANEL),
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHAR", help="Separator of cells: a character, `tab` or `semicolon`.", rich_help_panel=_PANEL),
]
Quoting = Annotated[
    Literal["double", "backslash", "none"] | None,
    typer.Option(
        help="How a quote in a quoted cell is written: doubled, or after a backslash; `none` if quotes mean nothing.",
        rich_help_panel=_PANEL,
    ),
]
Header = Annotated[
    bool | None,
    typer.Option(
        "--header/--no-header",
        help="Whether the first row holds the names of columns; without, they are called 1, 2, ...",
        rich_help_panel=_PANEL,
    ),
]
Sheet = Annotated[
    str | None, typer.Option(metavar="NAME", help="Name or number of a workbook's sheet.", rich_help_panel=_PANEL)
]
Ragged = Annotated[
    Literal["stop", "keep"],
    typer.Option(
        help="At a row with too few or too many cells: `stop`, or `keep` it; a long row then gets no answer.",
        rich_help_panel=_PANEL,
    ),
]


def reading(
    encoding: str | None,
    delimiter: str | None,
    quoting: Literal["double", "backslash", "none"] | None,
    header: bool | None,
    sheet: str | None,
    ragged: Literal["stop", "keep"],
) -> TableOptions:
    """Return these options as one value."""
    from langchain_latm.interop.tables.formats import TableOptions

    return TableOptions(encoding, delimiter, '"', quoting, header, ragged, sheet)


def show_found(table: Table) -> None:
    """Print how a table is read, and doubts about it."""
    console.say(f"{table.name}: {table.found}")
    for doubt in table.doubts:
        console.say(f"  doubt: {doubt}")
