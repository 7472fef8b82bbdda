"""`latm bench sandbox`: rejected options."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from langchain_latm.cli.app import app


def test_command_reports_bad_input_and_missing_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = CliRunner().invoke(app, ["bench", "sandbox", "--out", str(tmp_path / "file" / "x")])
    assert ended.exit_code == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ended = CliRunner().invoke(app, ["bench", "sandbox"])
    assert ended.exit_code == 2
    assert "langchain-latm[bench]" in ended.output.replace("\n", " ")
