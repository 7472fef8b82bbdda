from __future__ import annotations

import json
from pathlib import Path

import pytest

from langchain_latm.benchmarks.tables.measure import bench_tables
from langchain_latm.benchmarks.tables.report import goals, report
from langchain_latm.benchmarks.tables.tasks import read_tasks
from langchain_latm.exceptions import TaskError
from langchain_latm.making.synthesis.search import ENGINES


def write_task(folder: Path, name: str, pairs: list[tuple[str, str]]) -> None:
    examples = [{"input": text.split("|"), "answer": answer} for text, answer in pairs]
    (folder / f"{name}.json").write_text(json.dumps({"examples": examples}), encoding="utf-8")


@pytest.mark.slow
def test_what_is_proven_right_wrong_and_refused(tmp_path: Path) -> None:
    seen = [(f"{text}-{number}", text) for number, text in enumerate(("a.a", "bb.b", "c", "d.dd", "e e"), 1)]
    seen.insert(0, ("k-2.m-9", "k"))
    write_task(tmp_path, "own__right", [*seen, ("ggg-7", "ggg")])
    write_task(tmp_path, "own__wrong", [*seen, ("h-8", "oops"), ("i-9", "i")])
    write_task(tmp_path, "own__refuses", [*seen, ("n-1-1", "n"), ("o-2", "o"), ("nothing", "")])
    write_task(tmp_path, "other__impossible", [(f"k{number}", f"{number * 7919 % 101}") for number in range(1, 8)])
    steps: list[int] = []

    found = bench_tables(tmp_path, engines=ENGINES, seconds=2, progress=lambda _, done, __: steps.append(done))

    outcomes = {each.task: (each.proven, each.right, each.wrong, each.refused) for each in found.columns}
    assert outcomes == {
        "own__right": (True, True, 0, 0),
        "own__wrong": (True, False, 1, 0),
        "own__refuses": (True, False, 0, 1),
        "other__impossible": (False, False, 0, 0),
    }
    assert steps == [0, 1, 2, 3]
    assert [goal.verdict for goal in goals(found)] == ["missed", "missed", "met", "met"]
    page = report(found).markdown
    assert "| own | 3 | 3 | 3 | 1 | 1 | 1 | 1 |" in page
    assert "wrong on 1 of 2" in page


def test_a_file_that_is_not_a_task_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="found no JSON file"):
        read_tasks(tmp_path)
    for text, message in (
        ("[1]", "odd.json: expected a JSON object with `examples`"),
        ('{"examples": [{"input": ["a"], "answer": "b"}, {"input": "a"}]}', "odd.json: example 2 has no list"),
    ):
        (tmp_path / "odd.json").write_text(text, encoding="utf-8")
        with pytest.raises(TaskError, match=message):
            read_tasks(tmp_path)
