"""`latm bench sandbox`, on few ways and for a short time: its figures are there, whatever they are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from langchain_latm.benchmarks import sandbox as bench
from langchain_latm.benchmarks import sandbox_report, sandbox_ways
from langchain_latm.cli.app import app

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox is of Linux")
FIGURES = bench.SandboxFigures(
    echo_us=12.34,
    process_to_echo=3.21,
    ways=[
        bench.WayFigures(
            name="process",
            locked=True,
            cold_ms=123.4,
            new_tool_ms=4.5,
            warm_us=50.04,
            warm_p99_us=99.9,
            loop_us=500,
            loop_p99_us=1_234,
            threads={1: 9_999, 2: 10_400, 8: 2_000_000, 64: 1},
            tasks={1: 10, 2: 20, 8: 30, 64: 40},
            batch=None,
            overshoot_ms=0.512,
            tool_mb=2.21,
        )
    ],
    growth=bench.Growth(calls=1_000_000, host_mb=0.04, sandbox_mb=None, descriptors=0),
)


def test_tables() -> None:
    starts, calls, threads, tasks = sandbox_report.tables(FIGURES)
    assert starts.rows == [["process", "yes", "123", "4.5", "0.51", "2.2"]]
    assert calls.rows == [["process", "50.0", "99.9", "500", "1,234"]]
    assert threads.rows == [["process", "9,999", "10k", "2.0M", "1"]]
    assert tasks.rows == [["process", "10", "20", "30", "40", "-"]]
    assert all(len(row) == len(table.head) for table in (starts, calls, threads, tasks) for row in table.rows)
    echo, growth = sandbox_report.sentences(FIGURES)
    assert "take 12 µs here" in echo
    assert "1,000,000 calls" in growth
    assert "by 0.0 MB and 0 descriptors, the sandbox's processes by unknown" in growth
    assert "3.2 times" in sandbox_report.markdown(FIGURES)
    assert "| process | yes | 123 | 4.5 | 0.51 | 2.2 |" in sandbox_report.markdown(FIGURES)
    assert sandbox_report.sentences(bench.SandboxFigures(echo_us=None, process_to_echo=None, ways=[])) == []


@linux
def test_command_writes_tables_and_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ("process", "in-process")
    few = [way for way in sandbox_ways.ways() if way.name in wanted]
    monkeypatch.setattr(bench, "ways", lambda: few)
    monkeypatch.setattr(bench, "CALLERS", (1, 2))
    monkeypatch.setattr(sandbox_report, "CALLERS", (1, 2))
    out = tmp_path / "new" / "figures"
    options = ["--seconds", "0.05", "--endurance", "100"]
    done = CliRunner().invoke(app, ["bench", "sandbox", *options, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    figures = bench.SandboxFigures.model_validate(json.loads(done.stdout))
    assert figures == bench.SandboxFigures.model_validate_json((out / "sandbox.json").read_text())
    assert figures.process_to_echo is not None
    assert figures.process_to_echo > 0
    process, floor = figures.ways
    assert [way.name for way in figures.ways] == list(wanted)
    assert process.batch is not None
    assert all(figure > 0 for figure in (floor.warm_us, process.warm_us, process.loop_us, process.batch))
    assert figures.growth is not None
    assert figures.growth.calls == 100
    assert (out / "sandbox.png").read_bytes().startswith(b"\x89PNG")


def test_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = CliRunner().invoke(app, ["bench", "sandbox", "--out", str(tmp_path / "file" / "x")])
    assert refused.exit_code == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    refused = CliRunner().invoke(app, ["bench", "sandbox"])
    assert refused.exit_code == 2
    assert "langchain-latm[bench]" in refused.output.replace("\n", " ")
