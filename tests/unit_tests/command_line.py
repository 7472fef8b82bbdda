"""`latm` as a user types it, without a separate process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from typer.main import get_command

from langchain_latm.cli import app as cli

ROOT: Any = get_command(cli.app)

Run = Callable[..., tuple[int, str, str]]
"""Runs a command; `typed` is what comes over the standard input. Returns exit code, output, and errors on one line."""


def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["latm", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, " ".join(told.err.split())

    return run


def parsed(words: list[str]) -> tuple[str, ...]:
    """Parse typed words without running the command; return the words of the command."""
    path: tuple[str, ...] = ()
    with ROOT.make_context("latm", list(words)) as context:
        while hasattr(context.command, "commands"):
            # The words after a group's own options: the subcommand and its arguments.
            name, command, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])
            path = (*path, name)
            context = command.make_context(name, rest, parent=context)  # noqa: PLW2901 - one level deeper
    return path
