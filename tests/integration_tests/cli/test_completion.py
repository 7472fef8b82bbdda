"""Completion as a program, for every shell and in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from tests.unit_tests.cli.test_completion import bash
from tests.unit_tests.made_tool import made_tool


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        library.add(made_tool())
        library.add(made_tool(name="spare"))
        library.remove("spare")
    return tmp_path / "tools.sqlite"


def as_program(**shell: str) -> str:
    command = [sys.executable, "-m", "langchain_latm"]
    return subprocess.run(command, env={**os.environ, **shell}, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "pwsh"])
def test_as_a_program_it_completes_for_every_shell(file: Path, shell: str) -> None:
    line = "latm tools show w"
    typed = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_WORD_TO_COMPLETE": "w"}
    asked = {**bash(line, file), **typed, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    told = as_program(**{**asked, "_LATM_COMPLETE": f"complete_{shell}"})
    assert "word_sorting" in told
    assert "spare" not in told


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_in_a_real_bash(file: Path, tmp_path: Path) -> None:
    """With the script that `latm --install-completion` installs."""
    latm = tmp_path / "latm"
    latm.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m langchain_latm "$@"\n')
    latm.chmod(0o755)
    script = """
    eval "$(_LATM_COMPLETE=source_bash latm)"
    COMP_WORDS=(latm tools show "") COMP_CWORD=3
    $(complete -p latm | sed 's/.*-F \\([^ ]*\\).*/\\1/') latm
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "LATM_LIBRARY": str(file)}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)  # noqa: S607 - the shell of this machine
    assert (done.stdout, done.stderr) == ("word_sorting\n", "")
