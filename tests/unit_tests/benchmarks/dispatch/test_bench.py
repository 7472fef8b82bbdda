"""`latm bench dispatch` without libraries: exponents and rejected options."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from langchain_latm.benchmarks.dispatch import bench
from langchain_latm.cli.app import app


def test_exponents() -> None:
    assert bench.exponent([(10, 5.0), (100, 50.0), (1_000, 500.0)]) == pytest.approx(1)
    assert bench.exponent([(10, 5.0), (100, 5.0)]) == pytest.approx(0)
    assert bench.exponent([(10, 5.0), (100, 0.0)]) is None


def test_command_reports_bad_input_and_missing_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["bench", "dispatch", "--data", str(tmp_path / "nowhere")])
    assert ended.exit_code == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ended = CliRunner().invoke(app, ["bench", "dispatch"])
    assert ended.exit_code == 2
    assert "langchain-latm[bench]" in ended.output.replace("\n", " ")
