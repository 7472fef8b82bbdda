"""Which kinds a draw returns, and which it skips."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from langchain_latm.benchmarks.gym import generate, has_reasoning_gym, why_unfair
from langchain_latm.benchmarks.making.drawing import draw_kinds, half_of
from langchain_latm.benchmarks.making.tasks import BenchTask
from langchain_latm.cli import bench_making
from langchain_latm.cli.app import app
from langchain_latm.exceptions import TaskError
from tests.unit_tests.benchmarks.making.world import Model, quick, write_task

NAMES = [f"kind_{number}" for number in range(24)]


def write(folder: Path, name: str, examples: list[dict[str, Any]]) -> None:
    (folder / f"{name}.json").write_text(json.dumps({"examples": examples}))


def requests(count: int = 12) -> list[dict[str, Any]]:
    return [{"question": f"twice {number}?", "answer": str(2 * number)} for number in range(count)]


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    for name in NAMES:
        write(tmp_path, name, requests())
    return tmp_path


def drawn(pool: Path, count: int | None, **changes: Any) -> list[str]:
    wanted: dict[str, Any] = {"seed": 5, "half": "development", "test": 4, "needed": 6, **changes}
    return [task.name for task in draw_kinds([str(pool)], count, **wanted).tasks]


def test_a_seed_draws_kinds_of_one_half_and_more_of_them_begin_with_the_same(pool: Path) -> None:
    development, final = drawn(pool, None), drawn(pool, None, half="final")
    assert sorted([*development, *final]) == sorted(NAMES)
    assert all(half_of(name) == "development" for name in development)
    assert drawn(pool, 3) == development[:3]
    assert drawn(pool, 1_000) == development
    assert drawn(pool, None, seed=6) != development
    assert min(len(development), len(final)) > 5


def test_what_cannot_be_measured_is_left_out_with_the_reason(tmp_path: Path) -> None:
    rows = [{"input": [f"{number}", "x"], "answer": f"{number}x"} for number in range(9)]
    odd: dict[str, list[dict[str, Any]]] = {
        "few": requests(6),
        "two": [*requests(), {"question": "twice 1?", "answer": "3"}],
        "open": [*requests(), {"question": "twice what?"}],
        "ragged": [*rows, {"input": ["1"], "answer": "1x"}],
        "rows": rows,
        "fine": requests(8),
    }
    for name, examples in odd.items():
        write(tmp_path, name, examples)
    reasons: dict[str, str] = {}
    tasks: dict[str, BenchTask] = {}
    for half in ("development", "final"):
        found = draw_kinds([str(tmp_path)], None, seed=0, half=half, test=4, needed=6)
        reasons |= found.left_out
        tasks |= {task.name: task for task in found.tasks}
    assert reasons == {
        "few": "6 different examples, but the test needs 1 and making 6",
        "two": "'twice 1?' has two answers",
        "open": "each example needs an answer",
        "ragged": "its rows have not all the same columns",
    }
    assert (tasks["fine"].source, len(tasks["fine"].test), len(tasks["fine"].pool)) == ("requests", 2, 6)
    table = tasks["rows"]
    assert (table.source, table.typed, len(table.test)) == ("tables", True, 3)
    task = table.task(0, 0)
    assert task.input_names == ("column_1", "column_2")
    assert [row["column_1"] for row in task.rows] == [(each.inputs or {})["column_1"] for each in table.test]


def test_pools_that_give_nothing_are_errors(tmp_path: Path, pool: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(TaskError, match="expected reasoning-gym, or a folder"):
        drawn(tmp_path / "other", 1)
    write(tmp_path / "other", "a" if half_of("a") == "final" else "b", requests())
    with pytest.raises(TaskError, match="two pools hold a kind named"):
        draw_kinds([str(pool), str(pool)], 1, seed=0, half="final", test=1, needed=6)
    for name in NAMES:
        write(pool, name, [])
    with pytest.raises(TaskError, match="no kind of the final half can be measured"):
        drawn(pool, 1, half="final")


class Dataset:
    """Questions with one or several right answers, and their scorer."""

    def __init__(self, score: Callable[[str, dict[str, Any]], float], answers: list[Any]) -> None:
        self.score_answer, self._answers = score, answers

    def __len__(self) -> int:
        return len(self._answers)

    def __getitem__(self, number: int) -> dict[str, Any]:
        solution = [self._answers[number]]
        return {
            "question": f"q{number}",
            "answer": self._answers[number],
            "metadata": {"solution": solution, "sum": len(str(self._answers[number]))},
        }


def crashing(answer: str, entry: dict[str, Any]) -> float:
    return 1.0 if answer == entry["answer"] else 1 / 0


@pytest.mark.parametrize(
    ("score", "fair"),
    [
        (lambda answer, entry: float(answer == entry["answer"]), True),
        (lambda answer, entry: float([answer] == entry["metadata"]["solution"]), True),
        (lambda answer, entry: 0.9 if answer != entry["answer"] else 1.0, True),
        (lambda answer, entry: float(len(answer) == entry["metadata"]["sum"]), False),
        (lambda _answer, _entry: 1.0, False),
    ],
)
def test_a_scorer_that_needs_no_recorded_solution_is_unfair(score: Any, fair: bool) -> None:
    why = why_unfair(Dataset(score, ["red", "blue", "green"]))
    assert why is None if fair else "several answers may be right" in str(why)


def test_an_answer_that_is_missing_is_unfair_and_a_scorer_that_fails_is_not() -> None:
    assert "no recorded answer" in str(why_unfair(Dataset(lambda *_: 0.0, ["a", None])))
    assert why_unfair(Dataset(crashing, ["a", "b"])) is None


@pytest.mark.slow
@pytest.mark.skipif(not has_reasoning_gym(), reason="reasoning-gym is not installed")
def test_generators_with_several_right_answers_are_left_out() -> None:
    found = generate(["n_queens", "lcm", "word_sorting"], [(1, 2)], fair=True)
    assert "several answers" in (found["n_queens"].error or "")
    assert found["lcm"].error is None
    assert found["word_sorting"].error is None


@pytest.mark.slow
def test_the_command_measures_what_it_draws_and_a_larger_draw_adds_kinds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = [name for name in NAMES if half_of(name) == "final"][:3]
    for name in kinds:
        write_task(tmp_path, name)
    monkeypatch.setattr("langchain_latm.benchmarks.making.bench.MAKERS", quick())
    model = Model()
    monkeypatch.setattr(bench_making, "chosen_models", lambda *names: [model.chat for _ in names])

    def run(draw: int) -> dict[str, Any]:
        where = ["--pool", str(tmp_path), "--half", "final", "--out", str(tmp_path / "out"), "--test", "2", "--json"]
        chosen = ["--draw", str(draw), "--seed", "3", "--methods", "default", "--baselines", "pot", *where]
        done = CliRunner().invoke(app, ["bench", "making", *chosen])
        assert done.exit_code == 0, done.output
        figures: dict[str, Any] = json.loads(done.stdout)
        return figures

    first = run(1)
    assert (first["half"], first["seed"], len(first["runs"]), len(first["baselines"])) == ("final", 3, 1, 1)
    assert first["runs"][0]["source"] == "requests"
    assert model.asked["making"] >= 1
    model.asked.clear()
    second = run(3)
    assert second["runs"][0]["task"] == first["runs"][0]["task"]
    assert sorted(each["task"] for each in second["runs"]) == sorted(kinds)
    assert model.asked["pot"] == 4
    assert "**Final half.**" in (tmp_path / "out" / "report.md").read_text()
