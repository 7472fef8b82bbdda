"""`latm tools pending`, `approve` and `refuse`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit_tests.command_line import Run
from tests.unit_tests.made_tool import made_tool


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tool.json"
    path.write_text(made_tool().dump(), encoding="utf-8")
    return str(path)


def test_a_tool_waits_until_it_is_approved_or_refused(latm: Run, file: str) -> None:
    latm("tools", "list")  # creates the library
    assert latm("tools", "pending")[2] == "no tool waits for approval"
    assert "waits for approval: word_sorting" in latm("tools", "add", file, "--pending")[2]
    assert latm("tools", "list", "--json")[1] == "[]\n"
    (listed,) = json.loads(latm("tools", "pending", "--json")[1])
    assert listed["tool"]["id"] == made_tool().id
    code, said, _ = latm("tools", "pending")
    assert (code, "word_sorting" in said) == (0, True)
    assert latm("tools", "refuse", "word_sorting", "--reason", "no")[0] == 0
    code, _, told = latm("tools", "approve", "word_sorting")
    assert (code, told) == (2, "Error: no tool that waits for approval is 'word_sorting'; there are: none")
    latm("tools", "add", file, "--pending")
    assert latm("tools", "approve", made_tool().id[:6])[0] == 0
    assert "word_sorting" in latm("tools", "list")[1]


def test_asking_now_and_later_exclude_each_other(latm: Run) -> None:
    code, _, told = latm("ask", "x", "--approve", "--approve-later")
    assert (code, "choose one" in told) == (2, True)


def test_a_budget_is_read_before_anything_runs(latm: Run) -> None:
    for given, why in (("much", "neither a number of tokens nor"), ("1 USD", "no price is known for")):
        code, _, told = latm("ask", "x", "--maker", "x:y", "--budget", given)
        assert (code, "--budget" in told, why in told) == (2, True, True), told
