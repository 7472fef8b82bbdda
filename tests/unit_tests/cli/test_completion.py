"""Completions that `latm` offers on Tab, through the shells' protocol."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm.tools.library.sqlite import tool_names
from tests.unit_tests.command_line import command_line
from tests.unit_tests.made_tool import made_tool

OLD = made_tool()
NEW = made_tool(description="Sort words, better.")
Tab = Callable[[str], list[str]]
"""Returns the completions for a line that ends at the cursor."""


def bash(line: str, file: Path) -> dict[str, str]:
    """What bash tells a program that completes a word."""
    words = line.split(" ")
    typed = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    return {"_LATM_COMPLETE": "complete_bash", "LATM_LIBRARY": str(file), **typed}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A library with a tool in two versions, and one that was removed."""
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        for tool in (OLD, NEW, made_tool(name="spare")):
            library.add(tool)
        library.remove("spare")
    return tmp_path / "tools.sqlite"


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], file: Path) -> Tab:
    run = command_line(monkeypatch, capsys)

    def tab(line: str) -> list[str]:
        with monkeypatch.context() as shell:
            for name, value in bash(line, file).items():
                shell.setenv(name, value)
            code, told, said = run()
        assert (code, said) == (0, "")
        return told.split()

    return tab


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("latm ma", "make"),
        ("latm tools ", "add list show history activate remove pending approve refuse export import"),
        ("latm bench ", "sandbox dispatch apply bulk making using all tables"),
        ("latm use --us", "--user"),
        ("latm tools show ", "word_sorting"),
        ("latm tools remove w", "word_sorting"),
        ("latm tools show x", ""),
        ("latm tools history ", "spare word_sorting"),
        ("latm tools activate sp", "spare"),
        ("latm tools activate word_sorting ", f"{NEW.id[:12]} {OLD.id[:12]}"),
        (f"latm tools activate word_sorting {OLD.id[:3]}", OLD.id[:12]),
        ("latm tools activate nothing ", ""),
        ("latm remake ", "spare word_sorting"),
        ("latm stats w", "word_sorting"),
        ("latm tools export --format ", "json skill python langchain"),
        ("latm tools export --format skill ", "word_sorting"),
        ("latm tools export --format skill word_sorting ", ""),
        ("latm tools import --format ", "json latm-paper"),
        ("latm ask --labels ", "model person feedback"),
        ("latm ask --making ", "inline background off"),
        ("latm make --check ", "exact text numeric"),
        ("latm make --maker lo", "local"),
        ("latm ask --user oll", "ollama:"),
        ("latm bench all --methods ", "default paper"),
        ("latm bench all --baselines ", "direct cot pot"),
        ("latm bench all --tasks own", "own"),
        ("latm bench all --tasks word_so", "word_sorting"),
        ("latm demo --kind ", "column last_letter_sorting days_between letter_shift"),
    ],
)
def test_offers(tab: Tab, line: str, offered: str) -> None:
    assert tab(line) == offered.split()


@pytest.mark.parametrize("line", ["make ", "use ", "tools add ", "tools import ", "make x --out ", "tools export "])
def test_files_are_left_to_the_shell(tab: Tab, line: str) -> None:
    assert tab(f"latm {line}") == []


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5_000])
@pytest.mark.parametrize("line", ["tools show ", "tools activate word_sorting "])
def test_where_no_library_is_nothing_is_offered_and_none_is_made(
    tab: Tab, tmp_path: Path, line: str, content: bytes | None
) -> None:
    (tmp_path / "other").mkdir()
    file = tmp_path / "other" / "none.sqlite"
    if content is not None:
        file.write_bytes(content)
    group, command, rest = line.split(" ", 2)
    assert tab(f"latm {group} {command} --library {file} {rest}") == []
    assert [each.name for each in (tmp_path / "other").iterdir()] == ([] if content is None else ["none.sqlite"])


def test_a_library_that_is_read_is_left_as_it_was(tab: Tab, file: Path) -> None:
    before = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    assert tab("latm tools show ") == ["word_sorting"]
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == before


def test_names_are_there_while_somebody_writes(tab: Tab, file: Path) -> None:
    with open_tool_library(file) as library:
        library.add(made_tool(name="another"))
        assert tab("latm tools show ") == ["another", "word_sorting"]


@pytest.mark.parametrize("name", ["$(touch x)", "a b", "x\ny", "\x1b[31m", "'", "x" * 65])
def test_what_is_not_a_name_of_a_tool_is_not_typed_into_a_shell(file: Path, name: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE store SET key = ? WHERE prefix = 'latm.names' AND key = 'word_sorting'", (name,))
    assert tool_names(file, "", removed=True) == ["spare"]


@pytest.mark.parametrize("name", ["", "\0", "x" * 5_000, "/"])
def test_what_can_be_no_file_holds_no_names(name: str) -> None:
    assert tool_names(Path(name), "") == []
