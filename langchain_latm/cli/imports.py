"""`latm tools import`: a whole library from one file, or a tool that the LATM paper's authors published."""

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.amounts import counted
from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_models, opened_sandbox
from langchain_latm.cli.options import (
    CALL_SECONDS,
    MODEL_HELP,
    AllowedPackages,
    AsJson,
    CallSeconds,
    Library,
    model_option,
)
from langchain_latm.exceptions import TaskError, ToolNotFoundError

if TYPE_CHECKING:
    from langchain_latm import Example, MadeTool


class ImportFormat(StrEnum):
    """Values of `--format`."""

    JSON = "json"
    PAPER = "latm-paper"


def import_tools(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file of `latm tools export`, or one of the LATM paper.")
    ],
    format_: Annotated[
        ImportFormat,
        typer.Option(
            "--format",
            help="`json`: an exported library. `latm-paper`: a tool published with the LATM paper.",
        ),
    ] = ImportFormat.JSON,
    packages: AllowedPackages = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make an imported tool current even if its name has another tool now.")
    ] = False,
    user: Annotated[
        str | None, model_option(f"latm-paper: the model that proves the tool on --examples. {MODEL_HELP}")
    ] = None,
    examples: Annotated[
        Path | None, typer.Option(help="latm-paper: further solved examples: JSON lines or BIG-bench JSON.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="latm-paper: take the first N new ones of --examples.")] = 10,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="latm-paper: add the tool even if some examples are wrong.")
    ] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Import an exported library, all of it or nothing if anything in it was changed; or a tool of the LATM paper.

    A tool of the paper must pass its own examples in the sandbox before it is added, which costs no tokens. On further
    --examples the model of --user writes the calls, which costs its tokens.
    """
    from langchain_latm.interop.paper_format import read_paper_file

    if format_ is ImportFormat.JSON:
        if user is not None or examples is not None:
            raise typer.BadParameter("needs `--format latm-paper`", param_hint="--user, --examples")
        from langchain_latm.cli.progress import progress

        with opened_library(library) as opened, progress(f"checking and storing the tools of {file.name}"):
            names = opened.import_file(file, replace=replace, packages=packages or ())
        if as_json:
            console.print_json({"tools": names})
        console.say(f"read from {file}: {counted(len(names), 'tool')} current")
        return
    if packages:
        raise typer.BadParameter("needs `--format json`", param_hint="--package")
    if (user is None) != (examples is None):
        raise typer.BadParameter("give both or neither", param_hint="--user, --examples")
    name = read_paper_file(file).name  # before any model is started
    if not replace:
        _reject_existing(name, library)
    tool = _proven(file, user=user, examples=examples, limit=limit, call_seconds=call_seconds)
    added = tool.report.verified or unproven
    if added:
        with opened_library(library) as opened:
            opened.add(tool, reason=f"imported from {file.name}")
    _show(tool, added=added, as_json=as_json)
    if not added:
        raise typer.Exit(1)


def _proven(file: Path, *, user: str | None, examples: Path | None, limit: int, call_seconds: float) -> "MadeTool":
    """Import a tool of the paper, and run it on its own and on further examples."""
    from langchain_latm.cli.progress import progress
    from langchain_latm.interop.paper import import_paper_tool

    solved = [] if examples is None else _solved(examples)
    (model,) = chosen_models(user)
    with opened_sandbox(call_seconds) as sandbox, progress("running its examples"):
        return import_paper_tool(file, sandbox=sandbox, user=model, examples=solved, limit=limit)


def _solved(file: Path) -> "list[Example]":
    from langchain_latm import Example, load_questions
    from langchain_latm.types import shorten

    pairs = load_questions(file)
    unanswered = next((question for question, answer in pairs if not answer), None)
    if unanswered is not None:
        raise TaskError(f"{file}: the question {shorten(unanswered)!r} has no answer")
    return [Example(question=question, answer=answer) for question, answer in pairs if answer]


def _reject_existing(name: str, library: str | None) -> None:
    with opened_library(library) as opened, suppress(ToolNotFoundError):
        opened.get(name)
        raise typer.BadParameter(f"a tool {name!r} already exists; add --replace to replace it", param_hint="FILE")


def _show(tool: "MadeTool", *, added: bool, as_json: bool) -> None:
    from langchain_latm.text.answer_check import answer_text
    from langchain_latm.types import shorten

    cases = tool.report.cases
    if as_json:
        console.print_json({"name": tool.name, "id": tool.id, "kept": added, "cases": cases})
    for role, what in (("demonstration", "of its own examples"), ("validation", "of further examples")):
        these = [case for case in cases if case.role == role]
        if these:
            console.say(f"{tool.name}: {sum(case.passed for case in these)} of {len(these)} {what} right")
    for case in cases:
        if not case.passed:
            outcome = case.error or f"gave {shorten(str(case.value))!r}"
            known = shorten(answer_text(case.expected))
            console.say(f"wrong: {shorten(case.question, 60)!r}: {outcome}, not {known!r}")
    console.say(f"added: {tool.name} ({tool.id[:12]})" if added else "not added; add --unproven to add it anyway")
