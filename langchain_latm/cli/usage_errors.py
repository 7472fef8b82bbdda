"""Wrong usage of `latm`: one message, in which no name of a file is broken across lines, and what was meant instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final, NoReturn, cast

import typer

from langchain_latm.cli import console

_OPTION: Final = re.compile(r"(No such option: (?P<given>--?[^\s()]+))(?: .*)?", re.DOTALL)
_CHOICE: Final = re.compile(r"(?:Value error, )?(?P<given>'[^']*') is not one of (?P<known>'.*')\.", re.DOTALL)
"""How Typer puts a value that is not among the ones that an option takes."""
_NEAR: Final = 0.7
"""Likeness of words from which one is taken for the other mistyped: `form` is like `from`, `strong` not like `json`."""
_SHOWN: Final = 3


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
    command = None if context is None else context.command
    console.say_error(_hinted(message, () if command is None else command.params))
    raise SystemExit(wrong.exit_code)


def _hinted(message: str, parameters: Sequence[Any]) -> str:
    """Return the message with the option or the value that may have been meant; Typer does it for commands alone."""
    if (option := _OPTION.fullmatch(message)) is not None:
        near = _options_like(option["given"].strip("-"), parameters)
        return f"{option[1]}. Did you mean {' or '.join(near)}?" if near else f"{option[1]}."
    if (choice := _CHOICE.search(message)) is not None:
        near = get_close_matches(choice["given"].lower(), choice["known"].split(", "), n=1)
        plain = f"{message[: choice.start()]}{choice[0].removeprefix('Value error, ')}"
        return f"{plain} Did you mean {near[0]}?" if near else plain
    return message


def _options_like(given: str, parameters: Sequence[Any]) -> list[str]:
    """Return the option whose name is nearest; if none is near, those that take what was named, such as a `model`."""
    names = {name.strip("-"): name for each in parameters for name in each.opts if name.startswith("-")}
    if near := get_close_matches(given, names, n=1, cutoff=_NEAR):
        return [names[near[0]]]
    return [each.opts[0] for each in parameters if each.metavar and each.metavar.lower() == given.lower()][:_SHOWN]
