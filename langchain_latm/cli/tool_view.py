"""How a tool is shown to a person."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from langchain_latm.cli.source_view import show_source
from langchain_latm.cli.tables import shown
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import VerificationCase, shorten


def show_tool(tool: MadeTool, *, brief: bool = False) -> None:
    """Print a tool for a person; `brief` leaves out the single cases."""
    screen, made, report = Console(highlight=False), tool.provenance, tool.report
    screen.print(f"[bold]{shown(tool.name)}[/]  {shown(tool.description)}")
    screen.print(f"[dim]id {tool.id[:16]}, entry {shown(tool.entry)}[/]\n")
    show_source(screen, tool.source)
    screen.print()
    if not brief:
        screen.print(_parameters_table(tool))
        screen.print(_cases_table(report.cases))
    unseen = [case for case in report.cases if case.role == "validation"]
    screen.print(
        f"Proof: right on {report.passed} of {len(report.cases)} examples, {len(unseen)} of which its maker never saw."
    )
    if tool.parser is not None:
        others = "a model reads" if "model" in tool.read_by else "no model was proven to read"
        screen.print(f"No model is needed for requests like this one; {others} others:")
        screen.print(f"[dim]{shown(tool.parser.pattern)}[/]")
    tokens = ", ".join(f"{stage} {usage.total:,}" for stage, usage in made.usage.items())
    screen.print(
        f"Made by {shown(made.maker_model)}, used by {shown(made.user_model)}, on {shown(made.created_at)}: "
        f"{made.attempts} attempt(s), {made.candidates} candidate(s), {made.seconds:.0f} s, tokens: {tokens}."
    )


def _parameters_table(tool: MadeTool) -> Table:
    table = Table("parameter", "type", "description", title="Parameters", title_justify="left")
    for name, part in tool.parameters.get("properties", {}).items():
        kind = json.dumps({k: v for k, v in part.items() if k not in ("description", "default")})
        table.add_row(shown(name), shown(shorten(kind)), shown(part.get("description") or ""))
    return table


def _cases_table(cases: Sequence[VerificationCase]) -> Table:
    table = Table("", "example", "question", "arguments", "value", title="Proof", title_justify="left")
    for case in cases:
        mark = "[green]right[/]" if case.passed else "[red]wrong[/]"
        arguments = shorten(json.dumps(case.arguments, ensure_ascii=False), 60)
        came = case.error or shorten(str(case.value), 60)
        role = "shown" if case.role == "demonstration" else "unseen"
        table.add_row(mark, role, shown(shorten(case.question, 60)), shown(arguments), shown(came))
    return table
