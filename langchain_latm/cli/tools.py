"""`latm tools`: the library on the command line. Parsing and printing only."""

from pathlib import Path
from typing import Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.completion import known_names, tool_versions
from langchain_latm.cli.exports import export_tools
from langchain_latm.cli.imports import import_tools
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, LibraryFile, Reason, ToolName, examples

tools = typer.Typer(
    no_args_is_help=True,
    help="The tools that are kept: list, show, roll back, export, import.\n\n"
    "The library is one SQLite file: --library, or LATM_LIBRARY, or else `tools.sqlite` in the user's data folder. It "
    "keeps every version of every tool. None of these commands asks a model, but for `import --user`.",
    epilog=examples("latm tools list", "latm tools show word_sorting", "latm tools export backup.json"),
)

KnownName = Annotated[
    str, typer.Argument(metavar="NAME", help="The tool's name, now or once.", autocompletion=known_names)
]


@tools.command(epilog=examples("latm tools add word_sorting.tool.json --reason 'sorts by length too'"))
def add(
    tool_files: Annotated[list[Path], typer.Argument(metavar="TOOL.json", help="Tools that `latm make` wrote.")],
    reason: Reason = "",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Keep tools; each becomes the current one of its name, and the version before it stays.

    Next: ask for something that they fit (`latm ask`), or see which one a request would reach (`latm dispatch`).
    """
    from langchain_latm.tools.made_tool import MadeTool

    made = [MadeTool.load(path) for path in tool_files]  # all are read before the first is kept
    with opened_library(library) as opened:
        for tool in made:
            opened.add(tool, reason=reason)
    if as_json:
        console.print_json([{"name": tool.name, "id": tool.id} for tool in made])
    for tool in made:
        console.say(f"kept: {tool.name} ({tool.id[:12]})")


@tools.command("list", epilog=examples("latm tools list --search sort", "latm tools list --json"))
def list_tools(
    search: Annotated[
        str, typer.Option(metavar="TEXT", help="Only tools whose name or description holds these words.")
    ] = "",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """List the tools, by name."""
    from langchain_latm.cli.tables import show_rows

    with opened_library(library) as opened:
        found = opened.search(search)
    if as_json:
        console.print_json([each.model_dump(mode="json") for each in found])
    elif found:
        rows = [(each.name, each.id[:12], each.since[:10], each.description.partition("\n")[0]) for each in found]
        show_rows(("name", "id", "since", "description"), rows)
    else:
        console.say("no tools" + (f" with {search!r}" if search else " yet: latm make TASK, then latm tools add"))


@tools.command(epilog=examples("latm tools show word_sorting"))
def show(
    name: ToolName,
    version: Annotated[
        str | None, typer.Option(metavar="ID", help="The whole id of a version that is not current.")
    ] = None,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Show a tool: its source, parameters, proof and where it comes from. Nothing of it is executed."""
    from langchain_latm.cli.tool_view import show_tool

    with opened_library(library, asked=name) as opened:
        tool = opened.get(name) if version is None else opened.get_by_id(version)
    console.print_json(tool.model_dump(mode="json")) if as_json else show_tool(tool)


@tools.command(epilog=examples("latm tools history word_sorting"))
def history(name: KnownName, library: LibraryFile = None, as_json: AsJson = False) -> None:
    """Show what happened to a name, oldest first: each version, when it became current, and why."""
    from langchain_latm.cli.tables import show_rows

    with opened_library(library, asked=name) as opened:
        events = opened.history(name)
    if as_json:
        console.print_json([event.model_dump(mode="json") for event in events])
    else:
        rows = [(event.at[:19].replace("T", " "), event.action, event.id[:12], event.reason) for event in events]
        show_rows(("when (UTC)", "what", "id", "why"), rows)


@tools.command(epilog=examples("latm tools activate word_sorting 3f2a9c --reason 'the new one is slow'"))
def activate(
    name: KnownName,
    version: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The version's id, or as much of it as is unique; `latm tools history` shows them.",
            autocompletion=tool_versions,
        ),
    ],
    reason: Reason = "",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Roll back, or forth: make a version that is kept the current one."""
    with opened_library(library, asked=name) as opened:
        tool = opened.activate(name, version, reason=reason)
    if as_json:
        console.print_json({"name": tool.name, "id": tool.id})
    console.say(f"current: {tool.name} ({tool.id[:12]})")


@tools.command(epilog=examples("latm tools remove word_sorting --reason 'no longer needed'"))
def remove(name: ToolName, reason: Reason = "", library: LibraryFile = None, as_json: AsJson = False) -> None:
    """Let a name mean no tool any more. Its versions stay: `latm tools activate` brings one back."""
    with opened_library(library, asked=name) as opened:
        opened.remove(name, reason=reason)
    if as_json:
        console.print_json({"removed": name})
    console.say(f"removed: {name}; latm tools history {name} shows its versions")


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
