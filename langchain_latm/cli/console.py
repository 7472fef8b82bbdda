"""What `latm` prints: results on standard output, everything else on standard error.

It imports nothing heavy: help and completion have to be quick. Tables and progress have modules of their own.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any, NoReturn

import typer

from langchain_latm._core.visible import visible
from langchain_latm.exceptions import LATMError, ToolMakingError


def out(text: str) -> None:
    """Print a result: as it is for a program that reads it, and such that it cannot steer the terminal of a person."""
    sys.stdout.write((visible(text) if sys.stdout.isatty() else text) + "\n")


def say(text: str) -> None:
    """Print a sentence for a person, beside the results."""
    with suppress(OSError):  # whoever cannot be told is no reason to fail
        sys.stderr.write(visible(text) + "\n")


def print_json(value: Any) -> None:
    """Print one JSON value on one line of standard output, and nothing else there; ASCII, so any encoding will do."""
    out(json.dumps(value))


def say_error(text: str) -> None:
    """Tell a person what went wrong."""
    typer.secho("Error:", fg=typer.colors.RED, bold=True, err=True, nl=False)
    say(f" {text}")


def fail(error: LATMError, *, as_json: bool, code: int) -> NoReturn:
    """Print an error as one message, with what was tried, and end the program."""
    if as_json:
        told: dict[str, Any] = {"type": type(error).__name__, "message": str(error)}
        if isinstance(error, ToolMakingError):
            told["attempts"] = [attempt.model_dump(mode="json") for attempt in error.attempts]
        print_json({"error": told})
    say_error(str(error))
    raise SystemExit(code)
