"""Kinds of reasoning-gym and of files."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from langchain_latm.benchmarks.dispatch import real_kinds
from langchain_latm.benchmarks.dispatch.library import Kind
from tests.unit_tests.benchmarks.dispatch.world import write_tasks


def test_kinds_of_reasoning_gym(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def create_dataset(name: str, size: int, seed: int) -> list[dict[str, str]]:
        sys.stdout.write("a data set prints")
        if name == "broken":
            raise ValueError(name)
        count = 1 if name == "few" else size
        return [{"question": f"{name} {seed} {number % count}", "answer": "x"} for number in range(size)]

    gym = ModuleType("reasoning_gym")
    gym.create_dataset = create_dataset  # type: ignore[attr-defined]
    names = ("sums", "few", "broken", "composite", "knight_swap")
    gym.factory = SimpleNamespace(DATASETS=dict.fromkeys(names))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "reasoning_gym", gym)
    (found,) = real_kinds.reasoning_gym_kinds(2, 3, 7)
    assert found == Kind("gym_sums", ("sums 7 0", "sums 7 1"), ("sums 7 2", "sums 7 3", "sums 7 4"))
    assert capsys.readouterr().out == ""


def test_kinds_of_files(tmp_path: Path) -> None:
    write_tasks(tmp_path, ("some tasks", "others"))
    assert [each.name for each in real_kinds.big_bench_kinds(tmp_path, 3, 2)] == ["data_others", "data_some_tasks"]
    assert [len(each.requests) for each in real_kinds.big_bench_kinds(tmp_path, 3, 2)] == [2, 2]
    assert real_kinds.big_bench_kinds(tmp_path, 6, 2) == []
