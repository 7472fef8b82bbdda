"""`latm bench bulk`: each way gives all rows, and the report shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm.benchmarks.bulk import bench_bulk, report
from langchain_latm.benchmarks.workers import bench_workers
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.command_line import Run, command_line


def test_each_way_is_measured(sandbox: Sandbox) -> None:
    told: list[tuple[int, int]] = []
    figures = bench_bulk(sandbox, 30, ray=False, progress=lambda _, done, total: told.append((done, total)))
    assert [way.name for way in figures.ways] == [
        "Python, not isolated", "sandbox.batch", "MadeTool.map", "create_tool_user, batch", "create_latm, batch",
    ]  # fmt: skip
    assert told == [(done, 5) for done in range(5)]
    shown = report(figures).markdown
    assert all(way.name in shown and way.rows == 30 and way.rate > 0 for way in figures.ways)


@pytest.mark.slow
def test_workers_share_a_library_and_leave_nothing(tmp_path: Path) -> None:
    """The measurement itself checks each answer, and that each use was stored."""
    address = str(tmp_path / "tools.sqlite")
    told: list[int] = []
    ways = [*bench_workers(address, 40, workers=2, progress=lambda _, done: told.append(done))]
    assert told == [0, 1]
    assert [way.name for way in ways] == [
        "create_latm, 2 workers, invoke",
        "create_latm, 2 workers, batches of 100",
    ]
    assert all(way.rows == 40 and way.rate > 0 and way.cpu_seconds > 0 for way in ways)
    with open_tool_library(address) as library:
        assert library._store.search((), limit=10) == []


@pytest.fixture
def latm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return command_line(monkeypatch, capsys)


def test_only_workers_use_a_library_of_the_user(latm: Run, tmp_path: Path) -> None:
    code, _, said = latm("bench", "bulk", "--library", str(tmp_path / "tools.sqlite"))
    assert (code, "--workers" in said) == (2, True)
