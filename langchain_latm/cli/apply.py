"""`latm apply`: a tool on every row of a table."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.amounts import counted
from langchain_latm.cli import console, options, table_options
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.table_options import show_found
from langchain_latm.exceptions import TableError

if TYPE_CHECKING:
    from langchain_latm import MadeTool
    from langchain_latm.interop.tables.apply import Application, Applied, Fallback
    from langchain_latm.interop.tables.outputs import Output
    from langchain_latm.interop.tables.table import Counted, Table

_ASKED = 1_000
_COLUMNS = "Columns"


def apply(
    tool_file: Annotated[Path, typer.Argument(metavar="TOOL.json", help="A file that `latm make` wrote.")],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The table: CSV, TSV or JSON lines; with the extra `tables` also .xlsx and .parquet. `-` is standard "
            "input.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write; its suffix selects the format. `-` for standard output.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="[PARAMETER=]COLUMN",
            help="A column to read, for each parameter whose column has another name; in the order of the parameters.",
            rich_help_panel=_COLUMNS,
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The column of answers; by default named as the tool, which is named as the column of its examples.",
            rich_help_panel=_COLUMNS,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Also compute rows that have an answer in that column.", rich_help_panel=_COLUMNS
        ),
    ] = False,
    ask: Annotated[
        str | None,
        options.model_option(
            "A model that answers the rows that the tool refuses; a column NAME_by names the source of each answer. "
            f"{options.MODEL_HELP}"
        ),
    ] = None,
    ask_at_most: Annotated[
        int, typer.Option(min=1, help="Rows for which --ask may ask the model.", rich_help_panel=options.BUDGETS)
    ] = _ASKED,
    safe_csv: Annotated[
        bool,
        typer.Option(
            "--safe-csv",
            help="In CSV and TSV, write an apostrophe before each cell that a spreadsheet program may take for a "
            "formula.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
    out_encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Encoding of the output; by default that of FILE.", rich_help_panel=options.OUTPUT
        ),
    ] = None,
    force: options.ForceAnswers = False,
    restart: options.Restart = False,
    encoding: table_options.Encoding = None,
    delimiter: table_options.Delimiter = None,
    quoting: table_options.Quoting = None,
    header: table_options.Header = None,
    sheet: table_options.Sheet = None,
    ragged: table_options.Ragged = "stop",
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print one row a line as JSON on standard output, and nothing else there.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
) -> None:
    """Apply a tool to every row of a table.

    Writes the table with two more columns: the answers, and for each row without one the error. All columns and rows
    stay in their order, and CSV stays the same, byte for byte. If the table has the column of answers already, its
    filled cells stay.

    The function runs in the sandbox; no model is asked, unless --ask names one. Memory does not grow
    with the number of rows. After Ctrl-C, repeat the command to continue: OUT.part keeps the rows that are done.

    Cells of text are converted to the type of the parameter: a number, true or false, a JSON list. A cell that does
    not fit, and an error of the function, leave the answer empty; the first of these rows are listed, and the exit
    code is 1.
    """
    if (out is None) != as_json:
        raise typer.BadParameter("give either --out FILE (`-` for standard output) or --json", param_hint="--out")
    from langchain_latm import MadeTool
    from langchain_latm.interop.tables.apply import prepare
    from langchain_latm.interop.tables.arguments import wanted_columns
    from langchain_latm.interop.tables.columns import answer_column
    from langchain_latm.interop.tables.formats import open_table
    from langchain_latm.interop.tables.outputs import open_output

    tool = MadeTool.load(tool_file)
    given = columns or []
    reading = table_options.reading(encoding, delimiter, quoting, header, sheet, ragged)
    table = open_table(file, reading, wanted_columns(tool, given))
    show_found(table)
    counted = _counted(table)
    answers = answer_column(table.columns, to or tool.name)
    how, added = prepare(tool, table, given, answers, replace=replace, fallback=_fallback(tool, ask, ask_at_most))
    for parameter in how.parameters:
        console.say(f"  {parameter.name} is column {table.columns[parameter.place]!r}")
    console.say(f"  answers go to {'column' if answers in table.columns else 'the new column'} {answers!r}")
    job = {
        "input": counted.digest if counted else secrets.token_hex(),  # a stream cannot be continued
        "tool": tool.id,
        "column": [list(added.names), {each.name: each.place for each in how.parameters}],
        "way of reading": [encoding, delimiter, quoting, header, sheet, ragged],
        "--replace or --ask": [replace, ask],
    }
    output = open_output(
        out or "-",
        table,
        added,
        job,
        kind="jsonl" if as_json else None,
        encoding=out_encoding,
        safe=safe_csv,
        force=force,
        restart=restart,
    )
    applied = _run(table, output, how, counted.rows if counted else None, out, call_seconds)
    _summarise(applied, out, ask)


def _counted(table: "Table") -> "Counted | None":
    """Count and check the rows; None if they can be read only once."""
    if table.once:
        return None
    from langchain_latm.cli.progress import progress

    with progress("reading the table") as line:
        counted = table.count(lambda rows: line.reading(rows, table.passed))
    if not counted.rows:
        raise TableError(f"{table.name}: the table has no rows{' behind its header' if table.has_header else ''}")
    return counted


def _fallback(tool: "MadeTool", ask: str | None, most: int) -> "Fallback | None":
    if ask is None:
        return None
    from langchain_latm.interop.tables.fallback import ModelFallback

    return ModelFallback(ask, chosen_model(ask), tool, most=most)


def _run(
    table: "Table", output: "Output", how: "Application", total: int | None, out: Path | None, call_seconds: float
) -> "Applied":
    """Apply the tool; keep the rows that are done when it stops."""
    from langchain_latm.cli.progress import progress
    from langchain_latm.interop.tables.apply import apply_tool

    finished = False
    try:
        if output.done:
            console.say(f"continuing after row {output.done:,} of an earlier run")
        with opened_sandbox(call_seconds) as sandbox, progress(f"applying {how.tool.name}", total=total) as line:
            applied = apply_tool(
                table, output, sandbox, how, progress=lambda rows: line.rows(rows, total, begun=output.done)
            )
        output.finish()
        finished = True
    finally:
        output.close()
        if not finished and out is not None and str(out) != "-":
            console.say(
                f"{out}.part keeps the rows that are done; repeat the command to continue (--restart starts over)"
            )
    return applied


def _summarise(applied: "Applied", out: Path | None, ask: str | None) -> None:
    """Report how many rows have an answer, and which have none; end with code 1 if there are any."""
    answered = applied.rows - applied.refused + applied.asked
    console.say(
        f"{answered:,} of {counted(applied.rows, 'row')} answered" + (f": {out}" if out and str(out) != "-" else "")
    )
    if applied.kept:
        console.say(f"  {applied.kept:,} of them had an answer, which stayed (--replace computes them too)")
    if not applied.refused:
        return
    asked = f"; {ask} answered {applied.asked:,} of them" if ask else ""
    console.say(f"  the tool refused {counted(applied.refused, 'row')}{asked}:")
    for number, reason in applied.listed:
        console.say(f"  row {number:,}: {reason}")
    if applied.refused > len(applied.listed):
        console.say(f"  and {applied.refused - len(applied.listed):,} more")
    raise typer.Exit(1)
