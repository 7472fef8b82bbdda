"""Modules that must not be imported before they are needed. Import times are left to benchmarks."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import langchain_latm
from langchain_latm import open_tool_library
from langchain_latm.cli.app import app
from tests.unit_tests.made_tool import made_tool

HEAVY = {
    *("langchain", "langchain_core", "langchain_openai", "langgraph", "langsmith", "openai", "numpy", "httpx"),
    *("matplotlib", "mcp", "starlette", "uvicorn", "xllamacpp", "psutil", "genai_prices", "filelock", "jinja2"),
}
SHOWN = {"rich", "pygments"}
"""Packages for display: help, tables and progress."""


def imported(script: str, **environment: str) -> set[str]:
    """Return the packages that a script has imported; warnings are errors."""
    told = (
        "import atexit, json, os, sys\n"
        "packages = lambda: sorted({name.partition('.')[0] for name in sys.modules})\n"
        "atexit.register(lambda: os.write(2, json.dumps(packages()).encode()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", told + script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stderr)
    return set(found)


def test_the_package_imports_nothing() -> None:
    assert not imported("import langchain_latm") & {*HEAVY, *SHOWN, "pydantic", "typer", "sqlite3", "asyncio"}


def test_a_tool_in_a_file_is_read_without_langchain() -> None:
    script = "from langchain_latm import Example, LATMError, MadeTool, Task, load_task"
    assert not imported(script) & {*HEAVY, *SHOWN, "sqlite3", "typer"}


def test_the_command_line_imports_typer_alone() -> None:
    found = imported("import langchain_latm.cli.app")
    assert "typer" in found
    assert not found & {*HEAVY, *SHOWN, "pydantic", "sqlite3", "asyncio"}


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["make", "--help"], ["tools", "--help"]])
def test_help_imports_nothing_that_it_does_not_show(words: list[str]) -> None:
    script = f"import sys; sys.argv = {['latm', *words]}; from langchain_latm.__main__ import main; main()"
    assert not imported(script) & {*HEAVY, "sqlite3"}


def test_completion_imports_little(tmp_path: Path) -> None:
    file = tmp_path / "tools.sqlite"
    with open_tool_library(file) as library:
        library.add(made_tool())
    words = {"COMP_WORDS": "latm\ntools\nshow\n", "COMP_CWORD": "3", "_LATM_COMPLETE": "complete_bash"}
    script = "import sys; sys.argv = ['latm']; from langchain_latm.__main__ import main; main()"
    found = imported(script, LATM_LIBRARY=str(file), **words)
    assert "sqlite3" in found
    assert not found & {*HEAVY, *SHOWN}


def test_the_types_of_options_are_not_text() -> None:
    """Typer would evaluate them at every start (`langchain_latm.cli`)."""
    groups, commands = [app], []
    while groups:
        group = groups.pop()
        groups += [each.typer_instance for each in group.registered_groups if each.typer_instance is not None]
        commands += [each.callback for each in group.registered_commands if each.callback is not None]
    texts = [each.__name__ for each in commands if any(isinstance(kind, str) for kind in each.__annotations__.values())]
    assert len(commands) > 20
    assert texts == []


def test_what_is_imported_late_is_the_same_thing() -> None:
    """Pickles name the module that defines a class, not the package that re-exports it."""
    example = langchain_latm.Example(question="q", answer="a")
    assert pickle.loads(pickle.dumps(example)) == example  # noqa: S301 - our own
    assert langchain_latm.Example.__module__ == "langchain_latm.types"
    assert set(langchain_latm.__all__) <= set(dir(langchain_latm))
