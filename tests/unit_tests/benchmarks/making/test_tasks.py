"""The tasks of `latm bench making`: which examples are for making, and which for the test alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import ValidationError

from langchain_latm.benchmarks import gym
from langchain_latm.benchmarks.gym import Drawn, generate, has_reasoning_gym
from langchain_latm.benchmarks.making import tasks as making_tasks
from langchain_latm.benchmarks.making.tasks import BenchTask, load_tasks, planned
from langchain_latm.benchmarks.names import STANDARD_TASKS
from langchain_latm.exceptions import TaskError
from langchain_latm.types import Example

needs_gym = pytest.mark.skipif(not has_reasoning_gym(), reason="reasoning-gym is not installed")


def write_task(folder: Path, name: str, count: int, *, first: int = 0) -> None:
    examples = [{"input": f"double {number}", "target": 2 * number} for number in range(first, first + count)]
    (folder / f"{name}.json").write_text(json.dumps({"examples": examples}))


def questions(examples: Sequence[Example]) -> set[str]:
    return {each.question for each in examples}


def test_test_and_making_have_no_question_in_common(tmp_path: Path) -> None:
    write_task(tmp_path, "doubles", 40)
    for task in load_tasks(["doubles", "own"], tmp_path, 20):
        assert len(task.test) == len(questions(task.test)) == 20
        for run in range(5):
            made_of = task.task(0, run)
            used = questions([*made_of.demonstrations, *made_of.validation, *made_of.further])
            assert (len(made_of.further), len(used)) == (12, 18)
            assert used <= questions(task.pool)
            assert not used & questions(task.test)


def test_the_test_is_the_same_with_every_seed_and_run_and_grows_at_its_beginning(tmp_path: Path) -> None:
    write_task(tmp_path, "doubles", 40)
    (task,) = load_tasks(["doubles"], tmp_path, 20)
    (again,) = load_tasks(["doubles"], tmp_path, 20)
    assert task == again
    assert task.fingerprint == again.fingerprint
    assert task.task(0, 1) == again.task(0, 1)
    assert len({task.task(seed, run).demonstrations for seed in (0, 1) for run in (0, 1)}) == 4
    (smaller,) = load_tasks(["doubles"], tmp_path, 5)
    assert smaller.test == task.test[-5:]
    reordered = json.loads((tmp_path / "doubles.json").read_text())["examples"][::-1]
    (tmp_path / "doubles.json").write_text(json.dumps({"examples": reordered}))
    assert load_tasks(["doubles"], tmp_path, 20) == [task]


def test_a_question_on_both_sides_is_rejected() -> None:
    examples = [Example(question=f"double {number}", answer="x") for number in range(8)]
    with pytest.raises(ValidationError, match="in the test"):
        BenchTask(name="doubles", source="bbh", pool=tuple(examples), test=(examples[0],))


def test_a_repeated_question_is_taken_once(tmp_path: Path) -> None:
    write_task(tmp_path, "doubles", 12)
    entries = json.loads((tmp_path / "doubles.json").read_text())["examples"]
    (tmp_path / "doubles.json").write_text(json.dumps({"examples": entries + entries}))
    (task,) = load_tasks(["doubles"], tmp_path, 6)
    assert len(task.pool) == len(task.test) == 6


def test_generated_questions_of_the_test_are_dropped_from_making(monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(names: Sequence[str], draws: Sequence[tuple[int, int]], *, fair: bool) -> dict[str, Drawn]:
        assert [seed for seed, _ in draws] == [1, 900_001]
        assert not fair
        pool = [(f"q{number}", str(number)) for number in range(20)]
        tested = [("q3", "3"), ("q3", "3"), ("q4", None), ("q5", 5), ("q6", " "), ("t1", "1"), ("t2", "2")]
        return {name: Drawn([pool, tested], None) for name in names}

    monkeypatch.setattr(making_tasks, "generate", fake)
    monkeypatch.setattr(making_tasks, "has_reasoning_gym", lambda: False)
    (task,) = load_tasks(["lcm"], None, 3)
    assert task.source == "reasoning-gym"
    assert [each.question for each in task.test] == ["q3", "t1", "t2"]
    assert questions(task.pool) == {f"q{number}" for number in range(20)} - {"q3"}
    with pytest.raises(TaskError, match=r"lcm: 22 different examples, but the test needs 4.*[^?]$"):
        load_tasks(["lcm"], None, 4)


@pytest.mark.slow
@needs_gym
def test_reasoning_gym_gives_the_same_in_every_process() -> None:
    """`isomorphic_strings` goes through a set: its order would depend on the hash seed."""
    (task,) = load_tasks(["isomorphic_strings"], None, 20)
    program = (
        "from langchain_latm.benchmarks.making.tasks import load_tasks\n"
        "print(load_tasks(['isomorphic_strings'], None, 20)[0].fingerprint)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == task.fingerprint


@pytest.mark.slow
@needs_gym
def test_the_standard_tasks_can_be_generated() -> None:
    tasks = load_tasks(["standard"], None, 20)
    assert tuple(task.name for task in tasks) == STANDARD_TASKS
    assert all(len(task.test) == 20 and len(task.pool) > 50 for task in tasks)


@pytest.mark.slow
@needs_gym
def test_unknown_and_failing_generators_are_reported() -> None:
    found = generate(["no_such_generator", "composite"], [(1, 2)])
    assert found["no_such_generator"].error == "reasoning-gym has no generator of this name"
    assert "cannot generate it" in (found["composite"].error or "")
    with pytest.raises(TaskError, match="no_such_generator: reasoning-gym has no generator"):
        load_tasks(["no_such_generator"], None, 2)


def test_without_reasoning_gym_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gym, "has_reasoning_gym", lambda: False)
    with pytest.raises(TaskError, match="pip install reasoning-gym"):
        load_tasks(["standard"], None, 2)


def test_unusable_tasks_are_reported(tmp_path: Path) -> None:
    write_task(tmp_path, "few", 10)
    (tmp_path / "open.json").write_text(json.dumps({"examples": [{"input": "a"}]}))
    for names, data, message in (
        (["few"], tmp_path, "few: 10 different examples, but the test needs 5 and making 6"),
        (["open"], tmp_path, "each example needs an answer"),
        (["paper"], None, "--data names no folder"),
        (["paper"], tmp_path, "does not hold it"),
        (["paper"], tmp_path, "git clone https://github.com/ctlllll/LLM-ToolMaker"),
        (["own:nothing"], None, "'nothing' is not a kind of the demo"),
        (["../few"], tmp_path, "not the name of a task"),
    ):
        with pytest.raises(TaskError, match=message):
            load_tasks(names, data, 5)
    with pytest.raises(ValueError, match="at least one example"):
        load_tasks(["own"], None, 0)


def test_names_with_runs(tmp_path: Path) -> None:
    write_task(tmp_path, "letter_shift", 20)
    plan = planned(["own:2", "days_between:5", "days_between"], None, 4, 1)
    assert {task.name: runs for task, runs in plan} == {"last_letter_sorting": 2, "days_between": 5, "letter_shift": 2}
    ((task, runs),) = planned(["own:letter_shift"], tmp_path, 4, 3)
    assert (task.name, task.source, runs) == ("letter_shift", "own", 3)
    ((task, runs),) = planned(["letter_shift:2"], tmp_path, 4, 3)
    assert (task.name, task.source, runs) == ("letter_shift", "bbh", 2)
    with pytest.raises(TaskError, match="two tasks are named letter_shift: one is bbh, one is own"):
        planned(["letter_shift", "own:letter_shift"], tmp_path, 4, 1)
    with pytest.raises(TaskError, match="at least one run"):
        planned(["own:0"], None, 4, 1)
