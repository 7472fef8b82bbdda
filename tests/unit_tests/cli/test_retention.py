"""`latm prune` and `latm erase`, as a user types them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from langchain_latm import open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.made_tool import made_tool


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a library in which the tenant "acme" and no tenant have an old and a new answer each."""
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        for own in (library, library.for_tenant("acme")):
            own.add(made_tool())
            for number, at in enumerate(["2020-01-01T00:00:00+00:00", datetime.now(UTC).isoformat()]):
                note = AnswerNote(question=f"q{number}", text="a", user="ann", at=at)
                run_flow(loop_operations_of(own).keep_answer(f"answer-{number}", note, None))
    return command_line(monkeypatch, capsys)


def answers(latm: Run, *tenant: str) -> int:
    return int(json.loads(latm(*tenant, "prune", "--older-than", "0m", "--dry-run", "--json")[1])["answers"])


def test_prune(latm: Run) -> None:
    assert latm("prune", "--older-than", "90d", "--dry-run") == (0, "", "would delete: 1 answers")
    assert answers(latm) == 2
    code, out, err = latm("prune", "--older-than", "90d", "--json")
    assert (code, json.loads(out)["answers"], err) == (0, 1, "deleted: 1 answers")
    assert latm("prune", "--older-than", "90d")[2] == "deleted: nothing"
    assert (answers(latm), answers(latm, "--tenant", "acme")) == (1, 2)


@pytest.mark.parametrize("age", ["", "90", "d", "-3d", "1.5d", "90 days", "9999999d", "٣d"])
def test_an_age_that_is_none_is_bad_usage(latm: Run, age: str) -> None:
    code, _, err = latm("prune", f"--older-than={age}")
    assert code == 2
    assert "such as 90d" in err
    assert answers(latm) == 2


def test_erase_a_tenant(latm: Run) -> None:
    code, _, err = latm("erase", "--tenant", "acme", "--yes")
    assert (code, "erased: 2 answers" in err) == (0, True)
    assert (answers(latm), answers(latm, "--tenant", "acme")) == (2, 0)
    code, _, err = latm("erase", "--tenant", "acne", "--yes")
    assert (code, "nothing is stored of the tenant 'acne'" in err) == (2, True)


def test_erase_a_user(latm: Run) -> None:
    code, out, err = latm("erase", "--user", "ann", "--yes", "--json")
    assert (code, json.loads(out)["answers"], err) == (0, 2, "erased: 2 answers")
    assert (answers(latm), answers(latm, "--tenant", "acme")) == (0, 2)
    assert latm("erase", "--user", "ann", "--yes")[0] == 2
    assert latm("erase", "--tenant", "acme", "--user", "ann", "--yes")[0] == 0
    assert latm("--tenant", "acme", "tools", "list")[1]


def test_nothing_is_erased_without_a_yes(latm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = latm("erase", "--tenant", "acme")
    assert (code, "--yes" in err) == (2, True)
    assert latm("erase", "--yes")[0] == 2
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("langchain_latm.cli.retention.sys", terminal)
    for arguments in (("--tenant", "acme"), ("--user", "ann")):
        code, _, err = latm("erase", *arguments, typed="n\n")
        assert (code, "nothing was erased" in err) == (1, True), arguments
    assert (answers(latm), answers(latm, "--tenant", "acme")) == (2, 2)
    assert latm("erase", "--tenant", "acme", typed="y\n")[0] == 0
    assert answers(latm, "--tenant", "acme") == 0
