"""What several commands of `latm` ask for in the same way."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Annotated

import typer

from langchain_latm.answer_check import AnswerCheck, ExactCheck, NumericCheck, TextCheck

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
LibraryFile = Annotated[
    Path | None,
    typer.Option(
        "--library", envvar="LATM_LIBRARY", help="The library's SQLite file; by default in the user's data folder."
    ),
]

CHECKS: dict[str, AnswerCheck] = {"exact": ExactCheck(), "text": TextCheck(), "numeric": NumericCheck()}
Check = Annotated[str, typer.Option(help="How answers are compared: exact, text or numeric.")]


def refuse_choice(option: str, given: str, *choices: str) -> None:
    """Refuse what is none of the choices.

    Raises:
        typer.BadParameter: It is none of them.
    """
    if given not in choices:
        raise typer.BadParameter(f"it is {', '.join(choices[:-1])} or {choices[-1]}", param_hint=option)


def refuse_target(target: Path, *, force: bool, hint: str = "--out") -> None:
    """Find out before any work is done whether a file can be written.

    Raises:
        typer.BadParameter: It cannot, or it is there already and `force` is not given.
    """
    try:
        there = target.stat()
    except FileNotFoundError:
        there = None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{target}: {getattr(error, 'strerror', error)}", param_hint=hint) from error
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise typer.BadParameter(f"{target} is not a file", param_hint=hint)
    if there is not None and not force:
        raise typer.BadParameter(f"{target} is there already; choose another file or add --force", param_hint=hint)
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise typer.BadParameter(f"no file can be written in {target.parent}", param_hint=hint)
