"""`latm tools`, as a user types it; each test has a library of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.made_tool import made_tool, tool_for

OLD = made_tool()
NEW = made_tool(description="Sort words, better.")


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder that holds two versions of a tool; return exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "library" / "tools.sqlite"))
    (tmp_path / "old.tool.json").write_text(OLD.dump())
    (tmp_path / "new.tool.json").write_text(NEW.dump())

    return command_line(monkeypatch, capsys)


def values(told: str) -> Any:
    return json.loads(told)


def test_a_library_that_a_mistyped_path_creates_is_named(latm: Run, tmp_path: Path) -> None:
    for place in (str(tmp_path / "tols.sqlite"), "sqlite:///tolls.sqlite"):
        assert latm("tools", "list", "--library", place)[2].startswith(f"created the library {place}")
        assert "created" not in latm("tools", "list", "--library", place)[2]
    assert "created" not in latm("tools", "list", "--library", ":memory:")[2]


def test_from_adding_to_rolling_back(latm: Run) -> None:
    latm("tools", "list")
    assert latm("tools", "list")[2] == "no tools yet: run latm make TASK, then latm tools add"
    code, _, said = latm("tools", "add", "old.tool.json", "new.tool.json", "--reason", "first two")
    assert (code, said) == (0, f"added: word_sorting ({OLD.id[:12]}) added: word_sorting ({NEW.id[:12]})")
    assert "Sort words, better." in latm("tools", "list")[1]
    assert values(latm("tools", "list", "--search", "better", "--json")[1])[0]["id"] == NEW.id
    assert values(latm("tools", "list", "--search", "worse", "--json")[1]) == []
    assert values(latm("tools", "show", "word_sorting", "--json")[1])["id"] == NEW.id
    assert values(latm("tools", "show", "word_sorting", "--version", OLD.id, "--json")[1])["id"] == OLD.id
    assert "Sort words." in latm("tools", "show", "word_sorting", "--version", OLD.id)[1]
    assert latm("tools", "activate", "word_sorting", OLD.id[:6], "--reason", "better")[0] == 0
    events = values(latm("tools", "history", "word_sorting", "--json")[1])
    assert [(event["action"], event["reason"]) for event in events] == [
        ("added", "first two"),
        ("added", "first two"),
        ("activated", "better"),
    ]
    assert "activated" in latm("tools", "history", "word_sorting")[1]
    assert latm("tools", "remove", "word_sorting")[0] == 0
    assert values(latm("tools", "list", "--json")[1]) == []


def test_export_and_import(latm: Run, tmp_path: Path) -> None:
    latm("tools", "add", "new.tool.json")
    assert values(latm("tools", "export", "all.json", "--json")[1]) == {"file": "all.json", "tools": ["word_sorting"]}
    code, _, said = latm("tools", "export", "all.json")
    assert code == 2
    assert "already exists" in said
    assert latm("tools", "export", "all.json", "--force")[0] == 0
    other = str(tmp_path / "other.sqlite")
    assert latm("tools", "import", "all.json", "--library", other)[0] == 0
    assert values(latm("tools", "list", "--library", other, "--json")[1])[0]["id"] == NEW.id


def test_dispatch_says_what_and_why(latm: Run) -> None:
    questions = [f"Sort these words by length: {words}" for words in ("pear fig", "plum apple", "date kiwi fig")]
    Path("new.tool.json").write_text(tool_for("word_sorting", questions).dump())
    latm("tools", "add", "new.tool.json")
    code, told, said = latm("dispatch", "Sort these words by length: lime grape")
    assert (code, told.splitlines()[0]) == (0, "reuse word_sorting")
    assert "of what the examples of word_sorting share" in said
    assert latm("dispatch", "Quite another matter", "--json")[1].startswith('{"action": "answer", "tool": null')
    assert latm("dispatch", "Sort these words by size: b a", "--embeddings", "nobody:knows")[0] == 1
    assert latm("dispatch", " ")[0] == 2
    assert latm("dispatch", "x" * 200_000)[0] == 2


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["show", "nothing"], "there is no tool named 'nothing'"),
        (["show", "word_sorting", "--version", "12"], "no tool with the id '12'"),
        (["history", "nothing"], "there never was a tool named 'nothing'"),
        (["activate", "word_sorting", "xyz"], "no version of 'word_sorting'"),
        (["remove", "nothing"], "there is no tool named 'nothing'"),
        (["add", "old.tool.json", "none.tool.json"], "none.tool.json: No such file"),
        (["import", "none.json"], "none.json: No such file"),
        (["import", "old.tool.json"], "not a usable export"),
        (["export", "no/such/folder.json"], "is missing or not writable"),
    ],
)
def test_bad_input_is_reported_and_changes_nothing(latm: Run, command: list[str], words: str) -> None:
    latm("tools", "add", "new.tool.json")
    code, told, said = latm("tools", *command)
    assert (code, told) == (2, "")
    assert words in said
    assert "Traceback" not in said
    assert [each["id"] for each in values(latm("tools", "list", "--json")[1])] == [NEW.id]


def test_a_file_that_is_not_a_library(latm: Run) -> None:
    code, told, said = latm("tools", "list", "--library", "old.tool.json", "--json")
    assert code == 1
    assert values(told)["error"]["type"] == "ToolLibraryError"
    assert "old.tool.json cannot be used as a tool library" in said
