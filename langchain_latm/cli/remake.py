"""`latm remake`: a new version of a tool out of what it got wrong. Parsing and printing only."""

from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.defaults import ATTEMPTS, DEMONSTRATIONS, LOCAL
from langchain_latm.cli import console
from langchain_latm.cli.completion import known_names
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_models, opened_sandbox
from langchain_latm.cli.options import (
    CALL_SECONDS,
    MODEL_HELP,
    AsJson,
    Attempts,
    CallSeconds,
    LibraryFile,
    UserModel,
    model_option,
)
from langchain_latm.exceptions import LATMError, ModelError

if TYPE_CHECKING:
    from langchain_latm.loop.remaking import Remaking


def remake(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A tool of the library, in use or retired.", autocompletion=known_names),
    ],
    maker: Annotated[
        str,
        model_option(f"The model that writes the new version. {MODEL_HELP}"),
    ] = LOCAL,
    user: UserModel = None,
    demonstrations: Annotated[
        int, typer.Option(min=1, help="Known requests that the maker is shown, those that came out wrong first.")
    ] = DEMONSTRATIONS,
    attempts: Attempts = ATTEMPTS,
    force: Annotated[bool, typer.Option("--force", help="Make a new version though nothing is known to be wrong.")] = (
        False
    ),
    call_seconds: CallSeconds = CALL_SECONDS,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a new version of a tool from what it got wrong; it must pass everything that is known of its requests.

    What it got wrong is known from feedback (`latm feedback`, `latm ask --learn`). The tool is tried on all of it; the
    maker is shown what comes out wrong. The new version replaces the old one in the library, which keeps both. When
    nothing came out wrong, or no version passes, the tool stays as it is. It takes tokens as `latm make` does.

    Next: see what changed and why (`latm tools history NAME`), or go back (`latm tools activate NAME ID`).
    """
    from langchain_latm.cli.progress import progress
    from langchain_latm.loop.remaker import create_tool_remaker
    from langchain_latm.tools.library.loop_flows import LoopFlows

    with opened_library(library, asked=name) as opened:
        opened.run(LoopFlows(opened.flows).last_version(name))  # whether there is one, before any model is started
        maker_model, user_model = chosen_models(maker, user)
        with opened_sandbox(call_seconds) as sandbox, progress(f"remaking {name}") as line:
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


def _show(remaking: "Remaking", *, as_json: bool) -> None:
    tool = remaking.tool
    if as_json:
        console.print_json(remaking.model_dump(mode="json"))
    elif tool is not None:
        from langchain_latm.cli.tool_view import show_tool

        show_tool(tool, brief=True)
    if tool is None:
        console.say(f"nothing to learn: {remaking.reason}; --force makes a new version all the same")
        return
    console.say(f"kept: {tool.name} ({tool.id[:12]}), in place of {remaking.before[:12]}; {remaking.reason}")
    console.say(f"Back to the version before: latm tools activate {tool.name} {remaking.before[:12]}")
