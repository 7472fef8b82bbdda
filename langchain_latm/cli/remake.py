"""`latm remake`: a new version of a tool, made from its mistakes."""

from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.defaults import ATTEMPTS, DEMONSTRATIONS, LOCAL, SECOND_ATTEMPTS, SECONDS
from langchain_latm.cli import console, options
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_makers, opened_sandbox
from langchain_latm.exceptions import LATMError, ModelError

if TYPE_CHECKING:
    from langchain_latm import Remaking


def remake(
    name: options.KnownName,
    maker: Annotated[
        list[str],
        options.model_option(f"The model that writes the new version. {options.MAKERS_HELP} {options.MODEL_HELP}"),
    ] = [LOCAL],  # noqa: B006 - Typer reads it only
    user: options.UserModel = None,
    demonstrations: Annotated[
        int,
        typer.Option(
            min=1, help="Known requests shown to the maker, the wrong ones first.", rich_help_panel=options.PROOF
        ),
    ] = DEMONSTRATIONS,
    attempts: options.Attempts = ATTEMPTS,
    second_attempts: options.SecondAttempts = SECOND_ATTEMPTS,
    force: Annotated[bool, typer.Option("--force", help="Make a new version even if no mistake is known.")] = False,
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    library: options.Library = None,
    as_json: options.AsJson = False,
) -> None:
    """Make a new version of a tool from its mistakes; it must be right on all known requests of its kind.

    The right answers are known from feedback (`latm feedback`, `latm ask --learn`). The tool is tried on all of them,
    and its mistakes are shown to the maker. The new version becomes the current one, and the library stores both. If
    there are no mistakes, or no version passes, the tool stays unchanged. Costs tokens as `latm make` does.

    Next: see what changed (`latm tools history NAME`), or go back (`latm tools activate NAME ID`).
    """
    from langchain_latm import create_tool_remaker
    from langchain_latm.cli.progress import progress

    with opened_library(library, tool=name) as opened:
        opened.get_by_id(opened.history(name)[-1].id)  # raises if there is no such tool, before a model is started
        makers, user_model = chosen_makers(maker, user)
        with opened_sandbox(call_seconds) as sandbox, progress(f"remaking {name}") as line:
            remaker = create_tool_remaker(
                makers,
                user_model,
                library=opened,
                sandbox=sandbox,
                demonstrations=demonstrations,
                attempts=attempts,
                second_attempts=second_attempts,
                force=force,
            )
            remaking = None
            try:
                for event in remaker.stream(name, stream_mode="custom"):
                    remaking = event.remaking
                    if remaking is None:
                        line.step(event.stage, event.message)
                        if event.attempt:
                            line.attempt(event.attempt, attempts * len(maker), SECONDS * len(maker))
            except LATMError:
                console.say(f"{name} is unchanged")
                raise
    if remaking is None:  # unreachable: the last event carries the outcome, or `stream` raises
        raise ModelError("the remaking ended without an outcome")
    _show(remaking, as_json=as_json)


def _show(remaking: "Remaking", *, as_json: bool) -> None:
    tool = remaking.tool
    if as_json:
        console.print_json(remaking)
    elif tool is not None:
        from langchain_latm.cli.tool_view import show_tool

        show_tool(tool, brief=True)
    if tool is None:
        console.say(f"not remade: {remaking.reason}; add --force for a new version anyway")
        return
    console.say(f"added: {tool.name} ({tool.id[:12]}), replacing {remaking.before[:12]}; {remaking.reason}")
    console.say(f"Go back: latm tools activate {tool.name} {remaking.before[:12]}")
