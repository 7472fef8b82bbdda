"""`latm remake`: a new version of a tool out of what it got wrong. Parsing and printing only."""

from __future__ import annotations

from typing import Annotated

import typer

from langchain_latm._cli import console
from langchain_latm._cli.models import CALL_SECONDS, MODEL_HELP, CallSeconds, chosen_model, opened_sandbox
from langchain_latm._cli.options import AsJson, LibraryFile
from langchain_latm._library.loop_flows import LoopFlows
from langchain_latm._loop.remaking import Remaking
from langchain_latm.exceptions import LATMError, ModelError
from langchain_latm.models import LOCAL
from langchain_latm.remaking import SHOWN, create_tool_remaker
from langchain_latm.tool_library import open_tool_library
from langchain_latm.tool_maker.maker import ATTEMPTS


def remake(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A tool of the library, in use or retired.")],
    maker: Annotated[str, typer.Option(help=f"The model that writes the new version. {MODEL_HELP}")] = LOCAL,
    user: Annotated[str | None, typer.Option(help="The model that reads arguments; by default the maker.")] = None,
    demonstrations: Annotated[
        int, typer.Option(min=1, help="Known requests that the maker is shown, those that came out wrong first.")
    ] = SHOWN,
    attempts: Annotated[int, typer.Option(min=1, help="Rounds of proposing and proving.")] = ATTEMPTS,
    force: Annotated[bool, typer.Option("--force", help="Make a new version though nothing is known to be wrong.")] = (
        False
    ),
    call_seconds: CallSeconds = CALL_SECONDS,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a new version of a tool from what it got wrong; it must pass everything that is known of its requests."""
    with open_tool_library(library) as opened:
        opened.run(LoopFlows(opened.flows).last_version(name))  # whether there is one, before any model is started
        maker_model = chosen_model(maker)
        user_model = maker_model if user in (None, maker) else chosen_model(user or maker)
        with opened_sandbox(call_seconds) as sandbox, console.progress(f"remaking {name}") as line:
            remaker = create_tool_remaker(
                maker_model,
                user_model,
                library=opened,
                sandbox=sandbox,
                demonstrations=demonstrations,
                attempts=attempts,
                force=force,
            )
            remaking = None
            try:
                for event in remaker.stream(name, stream_mode="custom"):
                    remaking = event.remaking
                    if remaking is None:
                        line.step(event.stage, event.message)
            except LATMError:
                console.say(f"{name} stays as it is")
                raise
    if remaking is None:  # the last event always carries it: `stream` raises otherwise
        raise ModelError("the remaking ended without an outcome")
    _show(remaking, as_json=as_json)


def _show(remaking: Remaking, *, as_json: bool) -> None:
    tool = remaking.tool
    if as_json:
        console.print_json(remaking.model_dump(mode="json"))
    elif tool is not None:
        console.show_tool(tool, brief=True)
    if tool is None:
        console.say(f"nothing to learn: {remaking.reason}; --force makes a new version all the same")
        return
    console.say(f"kept: {tool.name} ({tool.id[:12]}), in place of {remaking.before[:12]}; {remaking.reason}")
    console.say(f"Back to the version before: latm tools activate {tool.name} {remaking.before[:12]}")
