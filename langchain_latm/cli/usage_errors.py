"""Wrong usage of `latm`: one message, in which no name of a file is broken across lines, and what was meant instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final, NoReturn, cast

import typer

from langchain_latm.cli import console

_OPTION: Final = re.compile(r"(No such option: (?P<given>--?[^\s()]+))(?: .*)?", re.DOTALL)
_CHOICE: Final = re.compile(r"(?:Value error, )?(?P<given>'[^']*') is not one of (?P<known>'.*')\.", re.DOTALL)
"""How Typer puts a value that is not among the ones that an option takes."""


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
    console.say_error(_hinted(message, getattr(error, "possibilities", None) or ()))
    raise SystemExit(wrong.exit_code)


def _hinted(message: str, known: Sequence[str]) -> str:
    """Return the message with the option or the value that may have been meant; Typer does it for commands alone."""
    if (option := _OPTION.fullmatch(message)) is not None:
        names = {each.strip("-"): each for each in known}
        near = get_close_matches(option["given"].strip("-"), names, n=1)
        return f"{option[1]}. Did you mean {names[near[0]]}?" if near else message
    if (choice := _CHOICE.search(message)) is not None:
        near = get_close_matches(choice["given"].lower(), choice["known"].split(", "), n=1)
        plain = f"{message[: choice.start()]}{choice[0].removeprefix('Value error, ')}"
        return f"{plain} Did you mean {near[0]}?" if near else plain
    return message
