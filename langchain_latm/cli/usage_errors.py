"""Wrong usage of `latm`: one message, in which no name of a file is broken across lines."""

from __future__ import annotations

from typing import NoReturn, cast

import typer

from langchain_latm.cli import console


def is_usage_error(error: Exception) -> bool:
    """Return whether Typer or Click raised this for a command line that it does not take."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def fail_usage(error: Exception) -> NoReturn:
    """Print a usage error and how to get help, and end the program.

    Typer would print it in a box as wide as the terminal, which breaks long names of files.
    """
    wrong = cast("typer.BadParameter", error)
    message = wrong.format_message()
    if not message:  # a group without a command: its help was printed instead
        raise SystemExit(wrong.exit_code)
    if (context := wrong.ctx if hasattr(wrong, "ctx") else None) is not None:
        console.say(context.get_usage())
        console.say(f"Try '{context.command_path} --help' for help.")
    console.say_error(message)
    raise SystemExit(wrong.exit_code)
