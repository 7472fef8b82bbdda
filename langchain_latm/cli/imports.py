"""`latm tools import`: a whole library from one file, or a tool that the LATM paper's authors published."""

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.options import CALL_SECONDS, MODEL_HELP, AsJson, CallSeconds, LibraryFile, model_option
from langchain_latm.exceptions import TaskError, ToolNotFoundError

if TYPE_CHECKING:
    from langchain_latm.tools.made_tool import MadeTool
    from langchain_latm.types import Example


class ImportFormat(StrEnum):
    """What `--format` takes."""

    JSON = "json"
    PAPER = "latm-paper"


def import_tools(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file that `latm tools export` wrote, or one of the paper's.")
    ],
    format_: Annotated[
        ImportFormat,
        typer.Option(
            "--format",
            help="`json`: a library's export. `latm-paper`: a tool as the LATM paper's authors published it.",
        ),
    ] = ImportFormat.JSON,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also make them current where a name has another tool now.")
    ] = False,
    user: Annotated[
        str | None,
        model_option(f"latm-paper: the model that proves the tool on --examples. {MODEL_HELP}"),
    ] = None,
    examples: Annotated[
        Path | None, typer.Option(help="latm-paper: further examples with answers: JSON lines or BIG-bench JSON.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="latm-paper: take the first N of them that are new.")] = 10,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="latm-paper: keep the tool even if some examples come out wrong.")
    ] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Read an export: all of it, or nothing when anything in it was changed; or a tool of the LATM paper.

    A tool of the paper is run on its own examples, in the sandbox, before it is kept: this takes no tokens. On further
    --examples the model of --user writes the calls, and is paid for them.
    """
    from langchain_latm.interop._paper_file import read_paper_file

    if format_ is ImportFormat.JSON:
        if user is not None or examples is not None:
            raise typer.BadParameter("goes with `--format latm-paper`", param_hint="--user, --examples")
        with opened_library(library) as opened:
            names = opened.import_file(file, replace=replace)
        if as_json:
            console.print_json({"tools": names})
        console.say(f"read from {file}: {len(names)} tool(s) current")
        return
    if (user is None) != (examples is None):
        raise typer.BadParameter("give both, or neither", param_hint="--user, --examples")
    name = read_paper_file(file).name  # before any model is started
    if not replace:
        _refuse_replacing(name, library)
    tool = _proven(file, user=user, examples=examples, limit=limit, call_seconds=call_seconds)
    kept = tool.report.verified or unproven
    if kept:
        with opened_library(library) as opened:
            opened.add(tool, reason=f"imported from {file.name}")
    _tell(tool, kept=kept, as_json=as_json)
    if not kept:
        raise typer.Exit(1)


def _proven(file: Path, *, user: str | None, examples: Path | None, limit: int, call_seconds: float) -> "MadeTool":
    """Import a file and try it on what is there to try it on."""
    from langchain_latm.cli.progress import progress
    from langchain_latm.interop.paper import import_paper_tool

    known = [] if examples is None else _known(examples)
    model = None if user is None else chosen_model(user)
    with opened_sandbox(call_seconds) as sandbox, progress("running its examples"):
        return import_paper_tool(file, sandbox=sandbox, user=model, examples=known, limit=limit)


def _known(file: Path) -> "list[Example]":
    from langchain_latm.making.task_files import load_questions
    from langchain_latm.types import Example, shorten

    pairs = load_questions(file)
    unanswered = next((question for question, answer in pairs if not answer), None)
    if unanswered is not None:
        raise TaskError(f"{file}: {shorten(unanswered)!r} has no answer")
    return [Example(question=question, answer=answer) for question, answer in pairs if answer]


def _refuse_replacing(name: str, library: Path | None) -> None:
    with opened_library(library) as opened, suppress(ToolNotFoundError):
        opened.get(name)
        raise typer.BadParameter(
            f"there is a tool {name!r} already; --replace makes this one current", param_hint="FILE"
        )


def _tell(tool: "MadeTool", *, kept: bool, as_json: bool) -> None:
    from langchain_latm.types import shorten

    cases = tool.report.cases
    if as_json:
        rows = [case.model_dump(mode="json") for case in cases]
        console.print_json({"name": tool.name, "id": tool.id, "kept": kept, "cases": rows})
    for role, what in (("demonstration", "of its own examples"), ("validation", "of further examples")):
        these = [case for case in cases if case.role == role]
        if these:
            console.say(f"{tool.name}: {sum(case.passed for case in these)} of {len(these)} {what} came out right")
    for case in cases:
        if not case.passed:
            came = case.error or f"gave {shorten(str(case.value))!r}"
            console.say(f"wrong: {shorten(case.question, 60)!r}: {came}, not {shorten(case.expected)!r}")
    console.say(f"kept: {tool.name} ({tool.id[:12]})" if kept else "not kept; --unproven keeps it all the same")
