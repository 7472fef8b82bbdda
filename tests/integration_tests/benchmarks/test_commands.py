"""`latm bench` with processes and pictures: the figures exist; times are not asserted."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from langchain_latm.benchmarks.dispatch import bench as dispatch
from langchain_latm.benchmarks.dispatch.figures import DispatchFigures
from langchain_latm.benchmarks.making.figures import MakingFigures
from langchain_latm.benchmarks.making.pictures import draw
from langchain_latm.benchmarks.making.summary import figures_of
from langchain_latm.benchmarks.names import PAPER_TASKS
from langchain_latm.benchmarks.sandbox import callers, measure
from langchain_latm.benchmarks.sandbox.figures import SandboxFigures
from langchain_latm.cli.app import app
from tests.unit_tests.benchmarks.dispatch.world import write_tasks
from tests.unit_tests.benchmarks.making.test_report import WHOLE, failed, settings
from tests.unit_tests.benchmarks.making.world import Model, bench_command

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox is of Linux")


@linux
def test_sandbox_writes_tables_and_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ("process", "in-process")
    few = [each for each in callers.named_callers() if each.name in wanted]
    monkeypatch.setattr(measure, "named_callers", lambda: few)
    monkeypatch.setattr(measure, "CALLERS", (1, 2))
    out = tmp_path / "new" / "figures"
    options = ["--seconds", "0.05", "--endurance", "100"]
    done = CliRunner().invoke(app, ["bench", "sandbox", *options, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    figures = SandboxFigures.model_validate(json.loads(done.stdout))
    assert figures == SandboxFigures.model_validate_json((out / "sandbox.json").read_text())
    assert figures.process_to_echo is not None
    assert figures.process_to_echo > 0
    assert figures.process_to_json_echo is not None
    assert figures.process_to_json_echo > 0
    process, floor = figures.ways
    assert [way.name for way in figures.ways] == list(wanted)
    assert process.batch is not None
    assert all(figure > 0 for figure in (floor.warm_us, process.warm_us, process.loop_us, process.batch))
    assert figures.growth is not None
    assert figures.growth.calls == 100
    assert (out / "sandbox.png").read_bytes().startswith(b"\x89PNG")


def test_dispatch_writes_tables_and_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "has_reasoning_gym", lambda: False)
    data, out = tmp_path / "data", tmp_path / "new" / "figures"
    data.mkdir()
    write_tasks(data, PAPER_TASKS)
    options = ["--tools", "12", "--tools", "2", "--requests", "16", "--data", str(data), "--splits", "2"]
    done = CliRunner().invoke(app, ["bench", "dispatch", *options, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    found = DispatchFigures.model_validate(json.loads(done.stdout))
    assert found == DispatchFigures.model_validate_json((out / "dispatch.json").read_text())
    assert found.real_kinds == {"reasoning-gym": 0, "data": 6}
    few, more = found.sizes
    assert [(few.tools, few.real_tools), (more.tools, more.real_tools)] == [(2, 2), (12, 3)]
    assert few.made_up.seen == 0
    for each in (few.real, more.real, more.made_up):
        assert (each.seen, each.unseen) == (4, 4)
        assert each.seen_right + each.unseen_right <= each.requests
    assert min(more.p50_ms, more.p99_ms, more.opening_s, more.change_s, more.building_s) > 0
    assert [len(split.tools) for split in found.paper] == [4, 4]
    assert [(split.found.seen, split.found.unseen) for split in found.paper] == [(12, 12), (12, 12)]
    assert found.time_exponent is None
    assert "Goals" in (out / "dispatch.md").read_text()
    assert (out / "dispatch.png").read_bytes().startswith(b"\x89PNG")


def test_dispatch_without_data_measures_made_up_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "has_reasoning_gym", lambda: False)
    steps: list[str] = []
    (found,) = dispatch.bench_dispatch(sizes=[5], requests=40, progress=lambda step, *_: steps.append(step)).sizes
    assert (found.real.requests, found.made_up.seen, found.made_up.unseen) == (0, 10, 10)
    assert found.made_up.reuse is not None
    assert "5 tools: measuring" in steps


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    return bench_command(monkeypatch, tmp_path)


def test_commands_resume_each_other(run: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    done = run("making", "--methods", "default", "--json", model=Model())
    assert done.exit_code == 0, done.output
    figures = MakingFigures.model_validate(json.loads(done.stdout))
    assert [(each.method, each.solved) for each in figures.runs] == [("default", True), ("default", True)]
    assert figures.baselines == ()
    assert "not run: `direct`, `cot`, `pot`" in (out / "report.md").read_text()
    done = run("all", "--goals", model=Model())
    assert done.exit_code == 0, done.output
    assert "## Goals" in (out / "report.md").read_text()
    done = run("using", "--report", "--json")
    assert done.exit_code == 0, done.output
    figures = MakingFigures.model_validate_json((out / "report.json").read_text())
    assert figures == MakingFigures.model_validate(json.loads(done.stdout))
    assert len(figures.runs) == 4
    assert [each.method for each in figures.baselines] == ["direct", "cot", "pot"]
    assert figures.missing == ()
    for name in ("success.png", "tokens.png"):
        assert (out / name).read_bytes().startswith(b"\x89PNG")


def test_a_model_that_dies_leaves_a_partial_report(run: Callable[..., Any], tmp_path: Path) -> None:
    dying = Model(dies_at=lambda role, asked: role == "making" and asked["making"] == 1)
    ended = run("making", "--methods", "default", model=dying)
    assert ended.exit_code == 1
    assert "repeat the command to resume" in " ".join(ended.output.split())
    page = (tmp_path / "new" / "out" / "report.md").read_text()
    assert "This report is partial: 1 of 2 parts are finished. The last run ended early: The model" in page
    assert "default, sorting, run 1: The model" in page
    figures = MakingFigures.model_validate_json((tmp_path / "new" / "out" / "report.json").read_text())
    assert [each.unit.run for each in figures.missing] == [1]
    assert run("making", "--methods", "default", model=Model()).exit_code == 0
    assert "partial" not in (tmp_path / "new" / "out" / "report.md").read_text()


def test_pictures_of_what_is_there(tmp_path: Path) -> None:
    assert draw(figures_of(WHOLE), tmp_path) == ["success.png", "tokens.png"]
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in ("success.png", "tokens.png"))
    assert draw(figures_of([settings()]), tmp_path) == ["success.png"]
    assert draw(figures_of([settings(), *failed("default", "a", tokens=5)]), tmp_path) == ["success.png"]
