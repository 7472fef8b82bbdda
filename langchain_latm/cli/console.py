"""Printing: results on standard output, everything else on standard error.

Imports nothing heavy, because help and completion must be fast; tables and progress have modules of their own.
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
    """Print a result; on a terminal, control characters in it are escaped."""
    sys.stdout.write((visible(text) if sys.stdout.isatty() else text) + "\n")


def say(text: str) -> None:
    """Print a sentence for the user on standard error."""
    with suppress(OSError):  # a closed standard error must not fail the command
        sys.stderr.write(visible(text) + "\n")


def print_json(value: Any) -> None:
    """Print one JSON value, which may contain models and paths, on one line of standard output."""
    out(json_text(value))


def json_text(value: Any) -> str:
    """Return JSON on one line, in ASCII for any encoding."""
    return json.dumps(value, default=_json_value)


def say_error(text: str) -> None:
    """Print an error message for the user."""
    typer.secho("Error:", fg=typer.colors.RED, bold=True, err=True, nl=False)
    say(f" {text}")


def fail(error: LATMError, *, as_json: bool, code: int) -> NoReturn:
    """Print an error, with the attempts, tokens and seconds of a failed making in JSON, and end the program."""
    if as_json:
        report: dict[str, Any] = {"type": type(error).__name__, "message": str(error)}
        if isinstance(error, ToolMakingError):
            report |= {"attempts": error.attempts, "usage": error.usage, "seconds": round(error.seconds, 3)}
        print_json({"error": report})
    say_error(str(error))
    raise SystemExit(code)


def _json_value(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)
