"""The part of `latm make` that is about tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm._core.amounts import counted
from langchain_latm.cli import console
from langchain_latm.cli.table_options import show_found
from langchain_latm.exceptions import ToolMakingError

if TYPE_CHECKING:
    from langchain_latm import MadeTool, Sandbox
    from langchain_latm.interop.tables.formats import TableOptions
    from langchain_latm.interop.tables.table_task import TableTask

_PANEL = "If TASK is a table"
_SHOWN = 10
MAKINGS = 3
"""Maximum number of makings. Each adds the rows on which the tool before was wrong to its proof."""
TO_DO = "if the table is wrong there, correct these rows; if not, make a tool for each kind of row from a part of it"
_TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet", ".pq"}
"""Suffixes of files that hold tables, not tasks in words."""

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="COLUMN",
        help="A column that the function gets; may be given several times.",
        rich_help_panel=_PANEL,
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="The column that it computes: rows with an answer there are the examples, the others are not.",
        rich_help_panel=_PANEL,
    ),
]
BlankIsAnswer = Annotated[
    bool,
    typer.Option(
        "--blank-is-answer",
        help="A blank cell is an answer: the cell stays blank. By default it has no answer yet.",
        rich_help_panel=_PANEL,
    ),
]


def read_task(
    file: Path,
    inputs: list[str] | None,
    to: str | None,
    reading: Callable[[], TableOptions],
    *,
    blank_is_answer: bool,
    demonstrations: int,
    **about: Any,
) -> TableTask | None:
    """Read a task from a table, and report what was found; None if the file is not a table.

    Raises:
        typer.BadParameter: It is a table, but the columns are not named.
        TableError: It cannot be used.
    """
    if not inputs and to is None and file.suffix.lower() not in _TABLES:
        return None
    from langchain_latm.cli.progress import progress
    from langchain_latm.interop.tables.formats import open_table
    from langchain_latm.interop.tables.table_task import load_table_task

    table = open_table(file, reading(), [*(inputs or ()), *(() if to is None else (to,))])
    if not inputs or to is None:
        listed = ", ".join(map(repr, table.columns[:20]))
        raise typer.BadParameter(
            f"a table needs the column to compute (--to) and the columns to compute it from (--from); it has {listed}",
            param_hint="--to" if inputs else "--from",
        )
    show_found(table)
    with progress("reading the table") as line:
        if not table.once:
            table.count(lambda rows: line.reading(rows, table.passed))
        found = load_table_task(
            table,
            inputs,
            to,
            demonstrations=demonstrations,
            blank_is_answer=blank_is_answer,
            progress=lambda rows: line.reading(rows, table.passed),
            **about,
        )
    rows = found.rows
    repeated = f", {rows.repeated:,} more repeated" if rows.repeated else ""
    skipped = f", {rows.skipped:,} left out (an error in a cell, or too many cells)" if rows.skipped else ""
    console.say(
        f"  {_have(len(rows.solved), 'different row')} an answer{repeated}; {_have(rows.blank, 'row')} none{skipped}"
    )
    by_text = {each.example.text: each.number for each in rows.solved}
    shown = ", ".join(map(str, sorted(by_text[each.text] for each in found.task.demonstrations)))
    console.say(f"  the maker sees the rows {shown}; all other answers are the proof")
    return found


def _have(count: int, noun: str) -> str:
    return f"{counted(count, noun)} {'has' if count == 1 else 'have'}"


@contextmanager
def showing_wrong(found: TableTask | None) -> Iterator[None]:
    """If the making fails, list the rows of the table on which the best function was wrong."""
    try:
        yield
    except ToolMakingError as error:
        reports = [each.report for attempt in error.attempts for each in attempt.candidates if each.report is not None]
        if found is not None and reports:
            _list(found.wrong_rows(max(reports, key=lambda report: report.passed)), "the best function is wrong on")
        raise


def refuted(found: TableTask, tool: MadeTool, sandbox: Sandbox) -> TableTask | None:
    """Try a proven tool on the solved rows outside of its proof.

    Returns:
        The task with the rows on which it is wrong added to the proof, to make it again; None if it is right on all.
    """
    wrong = found.wrong_rest(tool, sandbox) if found.rest else []
    if not wrong:
        if found.rest:
            console.say(f"  right on the {counted(len(found.rest), 'solved row')} behind the proof, too")
        return None
    title = f"right on {counted(len(found.task.examples), 'row')}, but of {len(found.rest):,} further ones wrong on"
    _list([said for _, said in wrong], title)
    return found.with_proof([row for row, _ in wrong])


def _list(wrong: list[str], title: str) -> None:
    if wrong:
        console.say(f"  {title} {counted(len(wrong), 'solved row')}:")
        for each in wrong[:_SHOWN]:
            console.say(f"    {each}")
        console.say(f"  {TO_DO}")
