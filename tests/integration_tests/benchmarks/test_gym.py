"""Generators in a separate process, with a stand-in for reasoning-gym."""

from __future__ import annotations

from pathlib import Path

import pytest

from langchain_latm.benchmarks import gym
from langchain_latm.exceptions import TaskError

STAND_IN = """\
from types import SimpleNamespace
print("a package prints")
factory = SimpleNamespace(DATASETS={"letters": None, "broken": None})
def create_dataset(name, size, seed):
    print("a generator prints")
    if name == "broken":
        raise KeyError(name)
    letters = "".join(set("abcdefghijklmnopqrstuvwxyz"))
    return [{"question": f"{letters} {seed}", "answer": number} for number in range(size)]
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "reasoning_gym.py"
    file.write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(gym, "has_reasoning_gym", lambda: True)
    return file


@pytest.mark.usefixtures("package")
def test_examples_are_the_same_in_every_process() -> None:
    first, again = (gym.generate(["letters", "broken", "none"], [(1, 2), (7, 1)]) for _ in range(2))
    assert first == again
    one, other = first["letters"].entries
    assert [len(one), len(other)] == [2, 1]
    assert [answer for _, answer in one] == [0, 1]
    assert one[0][0].endswith(" 1")
    assert other[0][0].endswith(" 7")
    assert "KeyError" in (first["broken"].error or "")
    assert first["none"].error == "reasoning-gym has no generator of this name"


def test_a_package_that_cannot_be_loaded_is_a_task_error(package: Path) -> None:
    package.write_text("import no_such_module_at_all\n")
    with pytest.raises(TaskError, match="cannot be used: ModuleNotFoundError"):
        gym.generate(["letters"], [(1, 2)])
