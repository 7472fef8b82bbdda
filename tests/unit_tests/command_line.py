"""`latm` as a user types it, without a process of its own."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from langchain_latm import cli

Run = Callable[..., tuple[int, str, str]]
"""Runs a command; `typed` is what comes over the standard input. Returns exit code, output, and errors on one line."""


def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["latm", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, " ".join(told.err.split())

    return run
