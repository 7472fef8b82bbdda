"""The models and the sandbox of a command, set up as its options say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from langchain_core.runnables import Runnable

from langchain_latm._cli import console
from langchain_latm.local import create_local_model
from langchain_latm.models import LOCAL, resolve_model
from langchain_latm.sandbox import Limits, Sandbox, create_sandbox

MODEL_HELP = "`local` for the embedded model, or a name such as `openai:gpt-4.1-mini` or `ollama:qwen3:8b`."
CallSeconds = Annotated[float, typer.Option(min=0.01, help="Longest time that one call of a tool may take.")]
CALL_SECONDS = 5.0


def chosen_model(name: str) -> Runnable[Any, Any]:
    """Set up a model; the embedded one with a progress bar for its weights."""
    if name != LOCAL:
        return resolve_model(name)
    with console.progress("starting the embedded model") as line:
        return create_local_model(progress=line.bytes)


@contextmanager
def opened_sandbox(call_seconds: float = CALL_SECONDS) -> Iterator[Sandbox]:
    """Open the best sandbox of this machine, and close it after use."""
    with create_sandbox(limits=Limits(wall_seconds=call_seconds)) as sandbox:
        yield sandbox


def refuse_question(question: str) -> None:
    """Refuse what cannot be sent to a model.

    Raises:
        typer.BadParameter: It is empty, or no UTF-8 text.
    """
    if not question.strip():
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise typer.BadParameter("the question is not UTF-8 text", param_hint="QUESTION") from error
