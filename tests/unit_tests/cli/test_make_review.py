"""`latm make --review`: a person at the terminal decides where proven functions differ."""

from __future__ import annotations

import io
import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.making.sorting import ANY_CASE, PLAIN, asked, sorter, sorting_model, sorting_task
from tests.unit_tests.scripted_model import ScriptedChatModel


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sandbox: Sandbox) -> Run:
    """Run `latm make` on a task that two functions fit; typed input comes from a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.setattr("langchain_latm.create_sandbox", lambda **_: nullcontext(sandbox))
    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: sorting_model(sorter(PLAIN), sorter(ANY_CASE)))
    lines = [example.model_dump_json() for example in sorting_task().examples]
    Path("sort.jsonl").write_text("\n".join([*lines, json.dumps({"question": asked("b C a")})]), encoding="utf-8")
    run = command_line(monkeypatch, capsys)

    def make(*options: str, typed: str | None = None) -> tuple[int, str, str]:
        if typed is not None:
            monkeypatch.setattr("tests.unit_tests.command_line.io.TextIOWrapper", Terminal)
        return run("make", "sort.jsonl", "--maker", "x:y", *options, typed=typed or "")

    return make


def tool() -> MadeTool:
    return MadeTool.load("sort.tool.json")


@pytest.mark.slow
def test_a_person_chooses_among_the_answers(latm: Run) -> None:
    code, out, said = latm("--review", typed="b\n" * 5)
    assert code == 0
    assert f"Functions that are right on all examples differ on: {asked('b C a')} a: C a b b: a b C" in said
    assert "A person decided 5." in out
    assert tool().source == sorter(ANY_CASE)
    assert f'Add this line to your examples: {{"question":"{asked("b C a")}","answer":"a b C"}}' in said


@pytest.mark.slow
def test_other_answers_doubts_and_what_cannot_occur(latm: Run) -> None:
    """Invalid input is asked again; the end of the input decides nothing."""
    code, _, said = latm("--review", "--attempts", "2", typed="x\n=\n=a b C\n-\n\n")
    assert code == 0
    assert "'x' is none of these" in said
    assert "'=' is none of these" in said
    assert tool().source == sorter(ANY_CASE)
    report = tool().report.comparison
    assert report is not None
    decided = [(each.decided_by, each.answer) for each in report.differences]
    assert decided == [("person", "a b C"), ("person", None), (None, None), (None, None), (None, None)]


@pytest.mark.slow
def test_the_answers_are_appended_to_a_file(latm: Run) -> None:
    kept = Path("kept.jsonl")
    kept.write_text('{"question": "q", "answer": "a"}', encoding="utf-8")
    assert latm("--review", "--review-out", "kept.jsonl", typed="a\n\n\n\n\n")[0] == 0
    assert [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()] == [
        {"question": "q", "answer": "a"},
        {"question": asked("b C a"), "answer": "C a b"},
    ]


def test_a_failed_making_keeps_the_answers(latm: Run) -> None:
    """The person's decisions are not lost."""
    code, _, said = latm("--review", "--review-out", "kept.jsonl", "--attempts", "2", typed="=never\n" * 5)
    assert code == 1
    assert "but the answer is 'never'" in said
    assert len(Path("kept.jsonl").read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.slow
def test_a_model_decides(latm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    models = {
        "x:y": sorting_model(sorter(PLAIN), sorter(ANY_CASE)),
        "x:strong": ScriptedChatModel(script=lambda _: "Answer: a b C"),
    }
    monkeypatch.setattr("langchain_latm.resolve_model", models.__getitem__)
    code, out, said = latm("--deciding-model", "x:strong")
    assert code == 0
    assert "A model decided 1." in out
    assert f"a model says that the answer to '{asked('b C a')}' is 'a b C'" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--review"], "needs a terminal: standard input is not one"),
        (["--review-out", "x.jsonl"], "needs --review"),
        (["--second-attempts", "-1"], "--second-attempts"),
    ],
)
def test_bad_usage_asks_no_model(latm: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str) -> None:
    monkeypatch.delattr("langchain_latm.resolve_model")
    code, _, said = latm(*options)
    assert (code, words in said) == (2, True)


def test_a_file_that_cannot_be_written_is_refused_before_any_work(latm: Run) -> None:
    code, _, said = latm("--review", "--review-out", "nowhere/x.jsonl", typed="")
    assert (code, "the folder nowhere is missing" in said) == (2, True)


def test_no_second_attempt_compares_nothing(latm: Run) -> None:
    code, out, _ = latm("--second-attempts", "0")
    assert (code, tool().report.comparison, "different functions" in out) == (0, None, False)


def test_without_a_decision_it_says_how_the_tool_behaves(latm: Run) -> None:
    code, out, said = latm()
    assert code == 0
    assert "undecided: the tool will fail where they differ" in said
    assert "The tool fails where they differ." in out
