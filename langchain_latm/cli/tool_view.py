"""Shows a tool and its source to a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.syntax import Syntax

from langchain_latm import MadeTool
from langchain_latm._core.amounts import counted
from langchain_latm._core.visible import visible
from langchain_latm.cli.tables import show_table, shown
from langchain_latm.tools.display.signature import parameter_types
from langchain_latm.tools.display.sureness import sureness
from langchain_latm.types import shorten


def show_source(screen: Console, source: str, *, indent: int = 0) -> None:
    """Print Python source: coloured on a terminal; elsewhere unchanged, because folded lines are not valid Python."""
    text = visible(source.rstrip())
    if screen.is_terminal:
        screen.print(Syntax(text, "python", padding=(0, indent), word_wrap=True))
    else:
        screen.print(textwrap.indent(text, " " * indent), markup=False, soft_wrap=True)


def show_tool(tool: MadeTool, *, brief: bool = False) -> None:
    """Print a tool; `brief` leaves out its parameters and the cases of its proof."""
    screen = Console(highlight=False)

    def line(text: str) -> None:
        screen.print(text, soft_wrap=not screen.is_terminal)

    line(f"[bold]{shown(tool.name)}[/]  {shown(tool.description)}")
    line(f"[dim]id {tool.id[:16]}, entry {shown(tool.entry)}[/]\n")
    show_source(screen, tool.source)
    screen.print()
    if not brief:
        _show_parameters(tool)
        _show_cases(tool)
    report, made = tool.report, tool.provenance
    unseen = sum(case.role == "validation" for case in report.cases)
    examples = counted(len(report.cases), "example")
    line(f"Proof: right on {report.passed} of {examples}, {unseen} of which its maker never saw.")
    for sure in sureness(report):
        line(shown(sure))
    if tool.inputs is not None:
        line(f"It takes the inputs {shown(', '.join(tool.inputs))}; no model reads them.")
    if tool.parser is not None:
        if tool.parser.wordings is None and not any(tool.parser.literals):
            line(f"Requests in any wording need no model, if the tool can read them; {_others(tool)}.")
        else:
            line(f"Requests with this wording need no model; {_others(tool)}:")
            line(f"[dim]{shown(tool.parser.pattern)}[/]")
    for said in _needs(tool):
        line(shown(said))
    tokens = ", ".join(f"{stage} {usage.total:,}" for stage, usage in made.usage.items())
    by = shown(made.maker_model)
    if tool.inputs is None:  # otherwise no model takes part in a use
        by += f", used by {shown(made.user_model)}"
    line(
        f"Made by {by}, on {shown(made.created_at)}: "
        f"{counted(made.attempts, 'attempt')}, {counted(made.candidates, 'candidate')}, {made.seconds:.0f} s"
        f"{f', tokens: {tokens}' if tokens else ', no tokens'}."
    )
    if made.repaired:
        line(f"Repaired without a model (lines of the original function): {shown('; '.join(made.repaired))}.")


def _others(tool: MadeTool) -> str:
    """Say who reads requests that a tool's parser does not read."""
    if "untried_model" in tool.read_by:
        return "a model reads the others, if it also reads unseen examples correctly, which it has not tried yet"
    return "a model reads the others" if tool.model_may_read else "no model was verified to read the others"


def _needs(tool: MadeTool) -> Iterator[str]:
    """Yield sentences on what a tool has from elsewhere."""
    if helpers := tool.provenance.helpers:
        yield f"It contains functions of other tools: {'; '.join(map(str, helpers))}."
    if tool.packages:
        yield f"It runs in the process sandbox of Linux, with the packages {', '.join(map(str, tool.packages))}."


def _call(arguments: dict[str, Any] | None) -> str:
    """Write arguments as Python does, or nothing if they could not be read."""
    return "" if arguments is None else ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def _show_parameters(tool: MadeTool) -> None:
    types = parameter_types(tool.source, tool.entry)
    rows = [
        (name, shorten(types.get(name, "Any")), schema.get("description") or "")
        for name, schema in tool.parameters.get("properties", {}).items()
    ]
    show_table(("parameter", "type", "description"), rows, title="Parameters")


def _show_cases(tool: MadeTool) -> None:
    rows = [
        (
            "right" if case.passed else "wrong",
            "shown" if case.role == "demonstration" else "unseen",
            shorten(case.question, 60),
            shorten(_call(case.arguments), 60),
            case.error or shorten(str(case.value), 60),
        )
        for case in tool.report.cases
    ]
    show_table(("", "example", "question", "arguments", "value"), rows, title="Proof")
