"""Ways to complete a column side by side, on a scripted model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from typer.testing import CliRunner

from langchain_latm.benchmarks.making.events import FILE, read_events
from langchain_latm.benchmarks.making.figures import MakingFigures
from langchain_latm.benchmarks.making.summary import figures_of
from langchain_latm.benchmarks.names import BASELINES, WAYS
from langchain_latm.benchmarks.tables.ways import Outcome, draw, outcomes, report, way_makers
from langchain_latm.cli import bench_tables as command
from langchain_latm.cli.app import app
from langchain_latm.exceptions import TaskError
from tests.unit_tests.benchmarks.tables.test_measure import write_task
from tests.unit_tests.making_prompt import signature_in
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel
from tests.unit_tests.word_task import code

WORDS = (
    "amber-lake",
    "birch-9",
    "cold-war",
    "dune-sea",
    "elm-x",
    "fog-day",
    "gold-ore",
    "hill-top",
    "ink-pot",
    "jade-ox",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "columns"
    folder.mkdir()
    write_task(folder, "own__cut", [(word, word.partition("-")[0]) for word in WORDS])
    # No search finds the place of a letter in a keyboard's order, but the scripted model knows the function.
    write_task(folder, "own__sums", [(word, str(sum(map(ord, word)) % 977)) for word in WORDS])
    return folder


class Model:
    """Writes the right function for sums only, and answers each row of any column with its first part."""

    def __init__(self) -> None:
        self.makings = self.rows = 0
        self.chat = ScriptedChatModel(script=self._reply)

    def _reply(self, messages: list[BaseMessage]) -> Reply:
        text = "\n".join(str(message.content) for message in messages)
        if "Write the program." in text:
            self.rows += 1
            row = json.loads(text.rpartition("Question: ")[2].partition("\n")[0])["text"]
            return code(f"def solve():\n    return {row!r}.partition('-')[0]\n")
        self.makings += 1
        return code(f'{signature_in(messages)}:\n    """Sum."""\n    return str(sum(map(ord, text)) % 977)\n')


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path, searches: None) -> Callable[..., Any]:  # noqa: ARG001
    def run(*options: str, model: Model) -> Any:
        monkeypatch.setattr(command, "chosen_model", lambda _: model.chat)
        chosen = ["bench", "tables", "--data", str(data), "--out", str(tmp_path / "out"), "--half", "development"]
        return CliRunner().invoke(app, [*chosen, *options])

    # Both files are of one half, so that a small folder is enough.
    monkeypatch.setattr("langchain_latm.benchmarks.making.drawing.half_of", lambda _: "development")
    return run


@pytest.mark.slow
def test_all_ways_are_measured_on_the_same_rows_and_continue(run: Callable[..., Any], tmp_path: Path) -> None:
    first, second = Model(), Model()
    options = ("--sample", "2", "--test", "3", "--attempts", "1", "--json")
    done = run("--ways", "search,pot", *options, model=first)
    assert done.exit_code == 0, done.output
    assert (first.makings, first.rows) == (0, 6)
    done = run("--ways", "search,model", "--ways", "both,pot", *options, model=second)
    assert done.exit_code == 0, done.output
    assert second.rows == 0
    figures = MakingFigures.model_validate(json.loads(done.stdout))
    found = {(each.task, each.way): (each.made, each.right) for each in outcomes(figures)}
    assert found == {
        ("own__cut", "search"): (True, 1.0),
        ("own__cut", "model"): (False, 0.0),
        ("own__cut", "both"): (True, 1.0),
        ("own__cut", "pot"): (None, 1.0),
        ("own__sums", "search"): (False, 0.0),
        ("own__sums", "model"): (True, 1.0),
        ("own__sums", "both"): (True, 1.0),
        ("own__sums", "pot"): (None, 0.0),
    }
    tokens = {(each.task, each.way): each.tokens for each in outcomes(figures)}
    assert not tokens["own__cut", "search"]
    assert not tokens["own__cut", "both"]
    assert tokens["own__sums", "both"] > 0
    assert tokens["own__cut", "pot"] > 0
    assert (tmp_path / "out" / "ways.png").read_bytes().startswith(b"\x89PNG")
    assert "| search | 2 | 1 | 0 | 1 | 1 | 0 | 0 |" in (tmp_path / "out" / "ways.md").read_text()


@pytest.mark.slow
def test_other_rounds_are_another_measurement_and_requests_are_not_tables(
    run: Callable[..., Any], data: Path, tmp_path: Path
) -> None:
    assert run("--sample", "1", "--attempts", "1", model=Model()).exit_code == 0
    (settings,) = [event for event in read_events(tmp_path / "out" / FILE) if event.event == "settings"]
    assert (settings.methods, settings.half, settings.attempts) == (("search",), "development", 1)
    assert "attempts 1, not 2" in str(run("--sample", "1", "--attempts", "2", model=Model()).exception)
    for path in data.iterdir():
        path.write_text(json.dumps({"examples": [{"question": f"q{n}", "answer": str(n)} for n in range(9)]}))
    refused = run("--sample", "1", model=Model())
    assert isinstance(refused.exception, TaskError)
    assert "latm bench making --pool" in str(refused.exception)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--ways", "search,guess"), "'guess' is not one of 'search', 'model', 'model+repair'"),
        (("--ways", "model", "--proof", "0"), "at least one row"),
    ],
)
def test_bad_ways_are_refused(run: Callable[..., Any], options: tuple[str, ...], message: str) -> None:
    ended = run(*options, model=Model())
    assert ended.exit_code == 2
    assert message in " ".join(ended.output.replace("│", " ").split())


def test_each_way_has_a_maker_or_is_a_baseline() -> None:
    assert {*way_makers(), *BASELINES} == set(WAYS)


@pytest.mark.slow
def test_a_report_names_what_is_missing_and_a_picture_needs_no_result(tmp_path: Path) -> None:
    from tests.unit_tests.benchmarks.making.test_report import settings  # noqa: PLC0415 - made-up events

    nothing = figures_of([settings(methods=["search"])])
    assert report(nothing).sentences[0].startswith("6 parts are missing")
    assert draw(nothing, tmp_path) == ["ways.png"]


def test_a_task_is_solved_from_95_percent() -> None:
    nearly = Outcome("a", "pot", None, 0.95, false_proof=False, unproven=False, tokens=1, seconds=1)
    assert nearly.solved
    assert not nearly._replace(right=0.9).solved
