"""`latm dispatch`: which tool a request is for."""

from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_model
from langchain_latm.cli.options import (
    MAX_ERROR,
    MODEL_HELP,
    AsJson,
    Embeddings,
    Library,
    MaxError,
    inputs_in,
    model_option,
    validate_question,
)

if TYPE_CHECKING:
    from langchain_latm import Dispatch


def dispatch(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The request.")] = None,
    row: Annotated[
        str | None,
        typer.Option("--args", metavar="JSON", help="Instead of QUESTION: a row for a typed tool, as a JSON object."),
    ] = None,
    model: Annotated[
        str | None, model_option(f"The model that resolves ambiguous wording; by default none. {MODEL_HELP}")
    ] = None,
    library: Library = None,
    embeddings: Embeddings = None,
    max_error: MaxError = MAX_ERROR,
    as_json: AsJson = False,
) -> None:
    """Show which tool of the library a request is for, and why. No tool runs.

    Prints `reuse NAME`, `make a tool` or `answer directly`: what `latm ask` would do. Costs no tokens, unless you give
    --model.
    """
    if (question is None) == (row is None):
        raise typer.BadParameter("give either a QUESTION or --args", param_hint="QUESTION")
    if question is not None:
        validate_question(question)
    request = question if row is None else inputs_in(row)
    from langchain_latm import create_dispatcher

    with opened_library(library) as opened:
        chosen = None if model is None else chosen_model(model)
        decision = create_dispatcher(opened, model=chosen, embeddings=embeddings, max_error=max_error).invoke(request)
    console.print_json(decision) if as_json else _show(decision)


def _show(decision: "Dispatch") -> None:
    from langchain_latm.cli.tables import show_table

    actions = {"reuse": f"reuse {decision.tool}", "make": "make a tool", "answer": "answer directly"}
    console.out(actions[decision.action])
    console.say(decision.reason)
    if decision.probability is not None:
        console.say(f"probability of the most similar tool: {decision.probability:.0%}")
    rows = [
        (each.name, each.by, f"{each.score:.0%}", f"{each.threshold:.0%}", "yes" if each.fits else "no")
        for each in decision.candidates
    ]
    if rows:
        show_table(("nearest tools", "by", "score", "needed", "fits"), rows)
