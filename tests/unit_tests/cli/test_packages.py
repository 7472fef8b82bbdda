"""Declared packages on the command line: made, shown, exported, and allowed on import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from langchain_latm import MadeTool, Package
from tests.unit_tests.command_line import Run
from tests.unit_tests.package_world import PACKED
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import both_roles, code, read_words, word_task

pytestmark = pytest.mark.slow


@pytest.fixture
def made(latm: Run, wordy: tuple[Package, ...], monkeypatch: pytest.MonkeyPatch) -> MadeTool:
    """A tool that `latm make --package` wrote to `words.tool.json`."""
    task = word_task()
    examples = [example.model_dump() for example in (*task.demonstrations, *task.validation)]
    Path("words.jsonl").write_text("\n".join(map(json.dumps, examples)))
    model = ScriptedChatModel(script=both_roles(in_turn(code(PACKED)), read_words))
    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: model)
    few = ("--candidates", "1", "--attempts", "1", "--second-attempts", "0", "--direct-samples", "0")
    ended, _, said = latm("make", "words.jsonl", "--maker", "made-up:model", *few, "--package", "wordy")
    assert ended == 0, said
    tool = MadeTool.load("words.tool.json")
    assert tool.packages == wordy
    return tool


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: MadeTool, latm: Run) -> MadeTool:
    """The tool and a library that holds it, in files, on a machine without its packages."""
    assert latm("tools", "add", "words.tool.json")[0] == 0
    assert latm("tools", "export", "backup.json")[0] == 0
    monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "other.sqlite"))
    return made


def test_show_and_exports_say_what_a_tool_needs(latm: Run, made: MadeTool) -> None:
    assert "with the packages basis==2.0, wordy==1.2." in latm("show", "words.tool.json")[1]
    assert latm("tools", "add", "words.tool.json")[0] == 0
    for format_, file in (("python", "words.py"), ("langchain", "words_tool.py"), ("skill", "words/SKILL.md")):
        assert latm("tools", "export", "--format", format_, made.name, "out")[0] == 0
        assert "pip install basis==2.0 wordy==1.2" in (Path("out") / file).read_text()
    assert 'compatibility: "Needs Python 3.11 or newer, and basis==2.0, wordy==1.2."' in (
        Path("out/words/SKILL.md").read_text()
    )


@pytest.mark.parametrize("words", [("add", "words.tool.json"), ("import", "backup.json")])
def test_packages_of_a_stranger_are_allowed_by_name(latm: Run, elsewhere: MadeTool, words: tuple[str, str]) -> None:
    for allowed in ((), ("--package", "basis")):
        ended, _, said = latm("tools", *words, *allowed)
        assert ended == 2
        assert "needs packages that are not installed for tools on this machine: basis==2.0, wordy==1.2" in said
        assert "--package wordy" in said
    assert latm("tools", *words, "--package", "wordy")[0] == 0
    assert json.loads(latm("tools", "show", elsewhere.name, "--json")[1])["id"] == elsewhere.id


def test_what_is_not_a_package_is_refused(latm: Run, elsewhere: MadeTool) -> None:
    assert elsewhere
    for words in (("tools", "add", "words.tool.json"), ("make", "words.jsonl", "--maker", "made-up:model", "--force")):
        ended, _, said = latm(*words, "--package", "--index-url=x")
        assert (ended, "is not a package" in said) == (2, True), said
    ended, _, said = latm("tools", "import", "--format", "latm-paper", "words.jsonl", "--package", "wordy")
    assert (ended, "--format json" in said) == (2, True)
