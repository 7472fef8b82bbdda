"""`latm dispatch`: which tool a request is for. Parsing and printing only."""

from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_model
from langchain_latm.cli.options import MODEL_HELP, AsJson, LibraryFile, model_option, refuse_question

if TYPE_CHECKING:
    from langchain_latm.types import Dispatch


def dispatch(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The request.")],
    model: Annotated[
        str | None,
        model_option(f"Asked where words leave it open; nobody by default. {MODEL_HELP}"),
    ] = None,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Say which tool of the library a request is for, and why. No tool runs.

    It prints `reuse NAME`, `make a tool` or `answer directly`: what `latm ask` would do. It takes no tokens, unless
    a --model is named.
    """
    refuse_question(question)
    from langchain_latm.loop.dispatch.dispatcher import create_dispatcher

    with opened_library(library) as opened:
        found = create_dispatcher(opened, model=None if model is None else chosen_model(model)).invoke(question)
    console.print_json(found.model_dump(mode="json")) if as_json else _show(found)


def _show(found: "Dispatch") -> None:
    from langchain_latm.cli.tables import show_rows

    console.out({"reuse": f"reuse {found.tool}", "make": "make a tool", "answer": "answer directly"}[found.action])
    console.say(found.reason)
    if found.candidates:
        rows = [
            (each.name, each.by, f"{each.score:.0%}", f"{each.threshold:.0%}", "yes" if each.fits else "no")
            for each in found.candidates
        ]
        show_rows(("nearest tools", "by", "score", "needed", "fits"), rows)
