"""A run of the benchmark in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from langchain_latm.benchmarks.making.events import FILE, EventLog, PlannedTask, Settings, Unit
from langchain_latm.benchmarks.making.events import Failed as NoTool
from langchain_latm.benchmarks.making.stored_run import StoredRun, main, this_machine
from langchain_latm.exceptions import TaskError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run in which one of two makings is finished, without success."""
    log = EventLog(tmp_path / FILE)
    task = PlannedTask(source="own", runs=2, fingerprint="x")
    log.append(Settings(model="small", seed=0, test=20, tasks={"a": task}, methods=("default",), baselines=()))
    unit = Unit(phase="making", method="default", task="a")
    log.append(NoTool(unit=unit, attempts=3, usage={}, seconds=9, message="no tool was proven"))
    return tmp_path


def test_a_run_is_stored_with_its_origin(folder: Path) -> None:
    file = folder / "run.json"
    main(folder, file, commit="abc1234", command="latm bench all --out figures")
    run = StoredRun.load(file)
    assert (run.commit, run.command) == ("abc1234", "latm bench all --out figures")
    assert run.machine == this_machine()
    assert "cores of" in run.machine
    assert run.ended.startswith("20")
    assert [each.error for each in run.figures.runs] == ["no tool was proven"]
    assert [each.unit.run for each in run.figures.missing] == [1]


@pytest.mark.parametrize(
    ("commit", "events", "message"),
    [(" ", True, "commit: String should have at least 1 character"), ("abc", False, "No such file")],
)
def test_a_run_that_cannot_be_stored_is_one_message(folder: Path, commit: str, events: bool, message: str) -> None:
    if not events:
        (folder / FILE).unlink()
    with pytest.raises(SystemExit, match=message):
        main(folder, folder / "run.json", commit=commit, command="latm")
    assert not (folder / "run.json").exists()


@pytest.mark.parametrize("content", ["{}", "no JSON"])
def test_a_file_that_is_not_a_stored_run_is_rejected(tmp_path: Path, content: str) -> None:
    file = tmp_path / "run.json"
    with pytest.raises(TaskError, match="No such file"):
        StoredRun.load(file)
    file.write_text(content)
    with pytest.raises(TaskError, match=r"run\.json is not a stored run"):
        StoredRun.load(file)
