"""`latm tools pending`, `approve` and `refuse`: proven tools that wait for a person."""

from typing import Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, Library, Reason

Pending = Annotated[str, typer.Argument(metavar="TOOL", help="Its name, or a unique beginning of its id.")]


def list_pending(library: Library = None, as_json: AsJson = False) -> None:
    """List the proven tools that wait for approval, oldest first.

    Next: look at one (`latm serve --ui`, or `latm tools pending --json`), then approve or refuse it.
    """
    from langchain_latm.cli.tables import show_table

    with opened_library(library) as opened:
        found = opened.pending()
    if as_json:
        console.print_json(found)
    elif found:
        rows = [(each.tool.name, each.tool.id[:12], each.at[:16].replace("T", " "), each.reason) for each in found]
        show_table(("name", "id", "made (UTC)", "reason"), rows)
    else:
        console.say("no tool waits for approval")


def approve(tool: Pending, reason: Reason = "", library: Library = None, as_json: AsJson = False) -> None:
    """Approve a pending tool: it becomes the current version of its name, and older versions stay."""
    with opened_library(library) as opened:
        found = opened.approve(tool, reason=reason)
    if as_json:
        console.print_json({"name": found.name, "id": found.id})
    console.say(f"approved: {found.name} ({found.id[:12]})")


def refuse(tool: Pending, reason: Reason = "", library: Library = None, as_json: AsJson = False) -> None:
    """Refuse a pending tool: only its cost and the reason stay. Its kind may be made again later."""
    with opened_library(library) as opened:
        found = opened.refuse(tool, reason=reason)
    if as_json:
        console.print_json({"refused": found.name, "id": found.id})
    console.say(f"refused: {found.name} ({found.id[:12]})")
