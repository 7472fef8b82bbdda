"""Errors in the usage of `latm`: one message without broken file names, with a suggestion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final, NoReturn, cast

import typer

from langchain_latm.cli import console

_OPTION: Final = re.compile(r"(No such option: (?P<given>--?[^\s()]+))(?: .*)?", re.DOTALL)
_CHOICE: Final = re.compile(r"(?:Value error, )?(?P<given>'[^']*') is not one of (?P<known>'.*')\.", re.DOTALL)
"""Typer's message about a value that is not among the choices of an option."""
_NEAR: Final = 0.7
"""Minimum similarity of two words for a typing error: `form` is like `from`, `strong` is not like `json`."""
_SHOWN: Final = 3


def is_usage_error(error: Exception) -> bool:
    """Return whether Typer or Click raised this for an invalid command line."""
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
    """Return the message with the likely option or value, which Typer only suggests for commands."""
    if (option := _OPTION.fullmatch(message)) is not None:
        near = _options_like(option["given"].strip("-"), parameters)
        return f"{option[1]}. Did you mean {' or '.join(near)}?" if near else f"{option[1]}."
    if (choice := _CHOICE.search(message)) is not None:
        near = get_close_matches(choice["given"].lower(), choice["known"].split(", "), n=1)
        plain = f"{message[: choice.start()]}{choice[0].removeprefix('Value error, ')}"
        return f"{plain} Did you mean {near[0]}?" if near else plain
    return message


def _options_like(given: str, parameters: Sequence[Any]) -> list[str]:
    """Return the option with the nearest name; if none is near, those that take the named thing, such as a `model`."""
    names = {name.strip("-"): name for each in parameters for name in each.opts if name.startswith("-")}
    if near := get_close_matches(given, names, n=1, cutoff=_NEAR):
        return [names[near[0]]]
    return [each.opts[0] for each in parameters if each.metavar and each.metavar.lower() == given.lower()][:_SHOWN]
