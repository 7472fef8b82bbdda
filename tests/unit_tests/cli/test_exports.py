"""`latm tools export` in its four forms, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.library import loop_operations_of
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.made_tool import made_tool


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder of its own, with a library that holds one tool."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    Path("word.tool.json").write_text(made_tool().dump())
    run = command_line(monkeypatch, capsys)
    assert run("tools", "add", "word.tool.json")[0] == 0
    return run


@pytest.mark.parametrize(
    ("form", "files"),
    [
        (
            "skill",
            [
                "word-sorting/scripts/word_sorting_function.py",
                "word-sorting/scripts/word_sorting.py",
                "word-sorting/SKILL.md",
            ],
        ),
        ("python", ["word_sorting.py", "test_word_sorting.py"]),
        ("langchain", ["word_sorting_tool.py"]),
    ],
)
def test_a_tool_in_the_form_of_another_world(latm: Run, form: str, files: list[str]) -> None:
    command = ["tools", "export", "--format", form, "word_sorting", "out"]
    code, told, said = latm(*command, "--json")
    assert code == 0
    assert json.loads(told)["files"] == [f"out/{file}" for file in files]
    assert "read it first" in said
    assert all(Path("out", file).is_file() for file in files)
    code, told, said = latm(*command)
    assert (code, told) == (2, "")
    assert "already exists" in said
    assert latm(*command, "--force")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["all.json", "more"], 2, "takes one FILE"),
        (["--format", "skill", "word_sorting"], 2, "takes the NAME of a tool"),
        (["--format", "skill", "nothing", "out"], 2, "no tool named 'nothing'"),
        (["--format", "yaml", "word_sorting", "out"], 2, "yaml"),
        (["--format", "python", "word_sorting", "word.tool.json"], 1, "cannot be written"),
    ],
)
def test_bad_usage_is_reported(latm: Run, words: list[str], code: int, told: str) -> None:
    done = latm("tools", "export", *words)
    assert (done[0], done[1]) == (code, "")
    assert told in done[2]
    assert "Traceback" not in done[2]


@pytest.mark.parametrize("form", ["skill", "python", "langchain"])
def test_a_tool_that_depends_on_a_system_prompt_is_exported_with_the_library_only(latm: Run, form: str) -> None:
    example = Instance(id="1", question="Sort: b a", answer="b a", system_key="prompt")
    with open_tool_library("tools.sqlite") as library:
        run_flow(loop_operations_of(library).add_made(made_tool(name="descending"), [example], [], "made"))
    code, told, said = latm("tools", "export", "--format", form, "descending", "out")
    assert (code, told) == (2, "")
    assert "export the library as `json`" in said
    assert not Path("out").exists()
    assert latm("tools", "export", "all.json")[0] == 0
    assert json.loads(Path("all.json").read_text())["examples"]["descending"][0]["system_key"] == "prompt"
