"""`latm tools`: the library on the command line. Parsing and printing only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from langchain_latm._cli import console
from langchain_latm._cli.exports import export_tools
from langchain_latm._cli.imports import import_tools
from langchain_latm._cli.options import AsJson, LibraryFile
from langchain_latm.made_tool import MadeTool
from langchain_latm.tool_library import open_tool_library

tools = typer.Typer(no_args_is_help=True, help="The tools that are kept: list, show, roll back, export, import.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The tool's name.")]
Reason = Annotated[str, typer.Option(help="Why, for the history.")]


@tools.command(epilog="Example: latm tools add word_sorting.tool.json")
def add(
    tool_files: Annotated[list[Path], typer.Argument(metavar="TOOL.json...", help="Tools that `latm make` wrote.")],
    reason: Reason = "",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Keep tools; each becomes the current one of its name, and the version before it stays."""
    made = [MadeTool.load(path) for path in tool_files]  # all are read before the first is kept
    with open_tool_library(library) as opened:
        for tool in made:
            opened.add(tool, reason=reason)
    if as_json:
        console.print_json([{"name": tool.name, "id": tool.id} for tool in made])
    for tool in made:
        console.say(f"kept: {tool.name} ({tool.id[:12]})")


@tools.command("list", epilog="Example: latm tools list --search sort")
def list_tools(
    search: Annotated[str, typer.Option(help="Only tools whose name or description holds these words.")] = "",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """List the tools, by name."""
    with open_tool_library(library) as opened:
        found = opened.search(search)
    if as_json:
        console.print_json([each.model_dump(mode="json") for each in found])
    elif found:
        rows = [(each.name, each.id[:12], each.since[:10], each.description.partition("\n")[0]) for each in found]
        console.show_rows(("name", "id", "since", "description"), rows)
    else:
        console.say("no tools" + (f" with {search!r}" if search else " yet: latm make TASK, then latm tools add"))


@tools.command(epilog="Example: latm tools show word_sorting")
def show(
    name: Name,
    version: Annotated[str | None, typer.Option(help="The whole id of a version that is not current.")] = None,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Show a tool: its source, parameters, proof and where it comes from. Nothing of it is executed."""
    with open_tool_library(library) as opened:
        tool = opened.get(name) if version is None else opened.get_by_id(version)
    console.print_json(tool.model_dump(mode="json")) if as_json else console.show_tool(tool)


@tools.command(epilog="Example: latm tools history word_sorting")
def history(name: Name, library: LibraryFile = None, as_json: AsJson = False) -> None:
    """Show what happened to a name, oldest first."""
    with open_tool_library(library) as opened:
        events = opened.history(name)
    if as_json:
        console.print_json([event.model_dump(mode="json") for event in events])
    else:
        rows = [(event.at[:19].replace("T", " "), event.action, event.id[:12], event.reason) for event in events]
        console.show_rows(("when (UTC)", "what", "id", "why"), rows)


@tools.command(epilog="Example: latm tools activate word_sorting 3f2a9c")
def activate(
    name: Name,
    version: Annotated[str, typer.Argument(metavar="ID", help="The version's id, or as much of it as is unique.")],
    reason: Reason = "",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Roll back, or forth: make a version that is kept the current one."""
    with open_tool_library(library) as opened:
        tool = opened.activate(name, version, reason=reason)
    if as_json:
        console.print_json({"name": tool.name, "id": tool.id})
    console.say(f"current: {tool.name} ({tool.id[:12]})")


@tools.command(epilog="Example: latm tools remove word_sorting --reason 'no longer needed'")
def remove(name: Name, reason: Reason = "", library: LibraryFile = None, as_json: AsJson = False) -> None:
    """Let a name mean no tool any more; `activate` brings a version back."""
    with open_tool_library(library) as opened:
        opened.remove(name, reason=reason)
    if as_json:
        console.print_json({"removed": name})
    console.say(f"removed: {name}")


tools.command("export", epilog="Example: latm tools export backup.json")(export_tools)
tools.command("import", epilog="Example: latm tools import backup.json")(import_tools)
