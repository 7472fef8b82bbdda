"""Fixtures for the tests of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from typer import main

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.loop_world import World


@pytest.fixture(scope="session", autouse=True)
def one_command_tree() -> Iterator[None]:
    """Build the tree of commands once: Typer would build it again for each call, which takes 17 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "get_command", cache(main.get_command))
        yield


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def latm(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sandbox: Sandbox,
    world: World,
) -> Run:
    """Run a command on a separate library, with the world's model; return exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    monkeypatch.setattr("langchain_latm.create_sandbox", lambda **_: nullcontext(sandbox))
    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: world.model)
    return command_line(monkeypatch, capsys)
