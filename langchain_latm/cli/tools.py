"""`latm tools`: the library on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.completion import tool_versions
from langchain_latm.cli.exports import export_tools
from langchain_latm.cli.imports import import_tools
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AllowedPackages, AsJson, KnownName, Library, Reason, ToolName, examples
from langchain_latm.cli.pending import approve, list_pending, refuse

tools = typer.Typer(
    no_args_is_help=True,
    help="Manage the tools of the library: list, show, roll back, export, import.\n\n"
    "The library is one SQLite file: --library, or LATM_LIBRARY, or `tools.sqlite` in your data folder. It stores "
    "every version of every tool. None of these commands asks a model, except `import --user`.",
    epilog=examples("latm tools list", "latm tools show word_sorting", "latm tools export backup.json"),
)


@tools.command(epilog=examples("latm tools add word_sorting.tool.json --reason 'sorts by length too'"))
def add(
    tool_files: Annotated[list[Path], typer.Argument(metavar="TOOL.json", help="Files that `latm make` wrote.")],
    pending: Annotated[
        bool, typer.Option("--pending", help="Do not use them before a person has approved them.")
    ] = False,
    packages: AllowedPackages = None,
    reason: Reason = "",
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Add tools to the library; each becomes the current version of its name, and older versions stay.

    Next: ask a request that a tool fits (`latm ask`), or see which tool a request is for (`latm dispatch`).
    """
    from langchain_latm import MadeTool

    # All are read before the first is added.
    added = [MadeTool.load(path, packages=packages or ()) for path in tool_files]
    with opened_library(library) as opened:
        for tool in added:
            (opened.put_pending if pending else opened.add)(tool, reason=reason)
    if as_json:
        console.print_json([{"name": tool.name, "id": tool.id} for tool in added])
    for tool in added:
        console.say(f"{'waits for approval' if pending else 'added'}: {tool.name} ({tool.id[:12]})")


@tools.command("list", epilog=examples("latm tools list --search sort", "latm tools list --json"))
def list_tools(
    search: Annotated[
        str, typer.Option(metavar="TEXT", help="Only tools whose name or description contains these words.")
    ] = "",
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """List the tools, sorted by name."""
    from langchain_latm.cli.tables import show_table

    with opened_library(library) as opened:
        found = opened.search(search)
    if as_json:
        console.print_json(found)
    elif found:
        rows = [(each.name, each.id[:12], each.since[:10], each.description.partition("\n")[0]) for each in found]
        show_table(("name", "id", "since", "description"), rows)
    else:
        console.say(f"no tools match {search!r}" if search else "no tools yet: run latm make TASK, then latm tools add")


@tools.command(epilog=examples("latm tools show word_sorting"))
def show(
    name: ToolName,
    version: Annotated[
        str | None, typer.Option(metavar="ID", help="The full id of a version; by default the current one.")
    ] = None,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Show a tool of the library: its source, parameters, proof and origin. No tool runs."""
    from langchain_latm.cli.tool_view import show_tool

    with opened_library(library, tool=name) as opened:
        tool = opened.get(name) if version is None else opened.get_by_id(version)
    console.print_json(tool) if as_json else show_tool(tool)


@tools.command(epilog=examples("latm tools history word_sorting"))
def history(name: KnownName, library: Library = None, as_json: AsJson = False) -> None:
    """Show the history of a name, oldest first: each version, when it became current, and why."""
    from langchain_latm.cli.tables import show_table

    with opened_library(library, tool=name) as opened:
        events = opened.history(name)
    if as_json:
        console.print_json(events)
    else:
        rows = [(event.at[:19].replace("T", " "), event.action, event.id[:12], event.reason) for event in events]
        show_table(("when (UTC)", "action", "id", "reason"), rows)


@tools.command(epilog=examples("latm tools activate word_sorting 3f2a9c --reason 'the new one is slow'"))
def activate(
    name: KnownName,
    version: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The version's id, or a unique beginning of it; `latm tools history` lists them.",
            autocompletion=tool_versions,
        ),
    ],
    reason: Reason = "",
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Make a stored version the current one: roll back or forward."""
    with opened_library(library, tool=name) as opened:
        tool = opened.activate(name, version, reason=reason)
    if as_json:
        console.print_json({"name": tool.name, "id": tool.id})
    console.say(f"current: {tool.name} ({tool.id[:12]})")


@tools.command(epilog=examples("latm tools remove word_sorting --reason 'no longer needed'"))
def remove(name: ToolName, reason: Reason = "", library: Library = None, as_json: AsJson = False) -> None:
    """Remove a tool from use. Its versions stay: `latm tools activate` restores one."""
    with opened_library(library, tool=name) as opened:
        opened.remove(name, reason=reason)
    if as_json:
        console.print_json({"removed": name})
    console.say(f"removed: {name}; its versions: latm tools history {name}")


tools.command("pending", epilog=examples("latm tools pending"))(list_pending)
tools.command(epilog=examples("latm tools approve word_sorting"))(approve)
tools.command(epilog=examples("latm tools refuse word_sorting --reason 'it splits at commas only'"))(refuse)
tools.command(
    "export",
    epilog=examples(
        "latm tools export backup.json",
        "latm tools export --format skill word_sorting skills",
        "latm tools export --format python word_sorting src",
    ),
)(export_tools)
tools.command(
    "import",
    epilog=examples(
        "latm tools import backup.json",
        "latm tools import --format latm-paper word_sorting.json --user local --examples more.json",
    ),
)(import_tools)
