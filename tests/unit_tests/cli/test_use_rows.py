"""`latm use` and `latm show` with a typed tool."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit_tests.command_line import Run
from tests.unit_tests.made_tool import made_tool, typed_tool

ROW = '{"Vor name": "Uma", "class": "Diaz"}'


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "badge.tool.json"
    path.write_text(typed_tool().dump(), encoding="utf-8")
    return str(path)


def test_inputs_are_given_by_name(latm: Run, file: str) -> None:
    code, out, _ = latm("use", file, "--args", ROW)
    assert (code, out) == (0, "U. Diaz\n")
    code, out, _ = latm("use", file, "--args", ROW, "--json")
    assert json.loads(out)["tool_use"]["arguments"] == {"vor_name": "Uma", "class_": "Diaz"}


@pytest.mark.parametrize(
    ("arguments", "expected", "problem"),
    [
        (["--args", '{"class": "x"}'], 1, "the input 'Vor name' is missing"),
        (["--args", "[1]"], 2, "must be a JSON object"),
        (["--args", "{"], 2, "not JSON"),
        (["Badge of Uma"], 2, "--args"),
        (["Badge of Uma", "--args", ROW], 2, "or --args"),
        ([], 2, "or --args"),
    ],
)
def test_other_inputs_are_a_clear_error(
    latm: Run, file: str, arguments: list[str], expected: int, problem: str
) -> None:
    code, _, error = latm("use", file, *arguments)
    assert code == expected
    assert problem in " ".join(error.split())
    assert "Traceback" not in error


def test_a_tool_of_questions_takes_no_inputs(latm: Run, tmp_path: Path) -> None:
    path = tmp_path / "words.tool.json"
    path.write_text(made_tool().dump(), encoding="utf-8")
    code, _, error = latm("use", str(path), "--args", ROW)
    assert code == 2
    assert "answers requests in words" in " ".join(error.split())


def test_a_file_of_rows_is_answered_and_compared(latm: Run, file: str, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    known = {"inputs": {"Vor name": "Ada", "class": "Nguyen"}, "answer": "A. Nguyen"}
    wrong = {"inputs": json.loads(ROW), "answer": "D. Uma"}
    rows.write_text("\n".join(map(json.dumps, (known, wrong, {"inputs": {"Vor name": "Lo", "class": "Ek"}}))))
    code, out, error = latm("use", file, "--file", str(rows), "--unseen")
    assert code == 0
    assert out == "U. Diaz\nL. Ek\n", "answers alone, of rows that the proof does not hold"
    assert "0 of 1" in error


def test_it_is_shown_with_its_inputs(latm: Run, file: str) -> None:
    code, out, _ = latm("show", file)
    assert code == 0
    assert "It takes the inputs Vor name, class; no model reads them." in out


def test_a_check_may_have_a_tolerance(latm: Run, tmp_path: Path) -> None:
    task = tmp_path / "rows.jsonl"
    task.write_text('{"inputs": {"a": 1}, "answer": 1}\n')
    code, _, error = latm("make", str(task), "--check", "numeric:x")
    assert (code, "--check" in error, "numeric:0.01" in " ".join(error.split())) == (2, True, True)
    code, _, error = latm("make", str(task), "--check", "numeric:0.5")
    assert code == 2
    assert "1 different rows" in " ".join(error.split())
