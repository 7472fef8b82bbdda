"""`latm make` on tables: which rows are shown, which prove, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from langchain_latm.interop.tables import table_task
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.command_line import Run
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import code

ISO = '''
def iso(signup: str) -> str:
    """Write it as year-month-day."""
    day, month, year = signup.split(".")
    return f"{year}-{int(month):02d}-{int(day):02d}"
'''
ROWS = (
    [f"{n};{n % 28 + 1}.{n % 12 + 1}.{1990 + n};{1990 + n}-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(9)]
    + ["9;24.12.2001;", "10;1.1.2002;  "]
    + ["11;17.11.1975;1975-11-17"]
)
SAY = ("--say", "Write as year-month-day", "--second-attempts", "0", "--attempts", "1", "--maker", "x:y")


@pytest.fixture
def seen(latm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:  # noqa: ARG001 - before its model
    """A maker that knows how dates are written, and its prompts."""
    asked: list[str] = []

    def reply(messages: list[Any]) -> Any:
        asked.append(str(messages[-1].content))
        return code(ISO)

    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: ScriptedChatModel(script=reply))
    (tmp_path / "people.csv").write_text("id;signup;iso\n" + "\n".join(ROWS) + "\n", encoding="utf-8")
    return asked


def test_solved_rows_are_examples_and_the_tool_fills_the_rest(latm: Run, seen: list[str], tmp_path: Path) -> None:
    code_, _, error = latm("make", "people.csv", "--from", "signup", "--to", "iso", *SAY)
    assert code_ == 0, error
    tool = MadeTool.load("iso.tool.json")
    assert tool.inputs == {"signup": "signup"}
    assert len(tool.report.cases) == 10
    assert "10 different rows have an answer; 2 rows have none" in error
    assert "latm apply iso.tool.json people.csv" in error
    assert all("Write as year-month-day" in each for each in seen)
    assert sum(each.count(">>> iso(") for each in seen[:1]) == 3
    assert latm("apply", "iso.tool.json", "people.csv", "--out", "done.csv")[0] == 0
    done = (tmp_path / "done.csv").read_text().splitlines()
    assert done[0] == "id;signup;iso;iso_error"
    assert done[10:12] == ["9;24.12.2001;2001-12-24;", "10;1.1.2002;2002-01-01;"]


def test_the_next_command_can_be_typed_as_it_is_printed(latm: Run, seen: list[str], tmp_path: Path) -> None:
    (tmp_path / "people.csv").rename(tmp_path / "our people.csv")
    options = ("--name", "day", "--out", "a tool.json")
    code_, _, error = latm("make", "our people.csv", "--from", "signup", "--to", "iso", *options, *SAY)
    assert code_ == 0, error
    assert "Use it: latm apply 'a tool.json' 'our people.csv' --to iso --out DONE.csv." in error
    assert len(seen) == 1


@pytest.mark.slow
def test_a_row_that_the_tool_gets_wrong_is_named_and_no_tool_is_made(
    latm: Run, seen: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(path.read_text() + "12;7.7.2007;7th of July\n", encoding="utf-8")
    code_, _, error = latm("make", "people.csv", "--from", "signup", "--to", "iso", *SAY)
    assert code_ == 1
    assert seen
    assert "wrong on 1 solved row: row 14:" in error
    assert 'gave "2007-07-07", the table has "7th of July"' in error
    assert not (tmp_path / "iso.tool.json").exists()


def test_solved_rows_behind_the_proof_count_too(
    latm: Run, seen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_task, "MAX_PROOF", 6)
    code_, _, error = latm("make", "people.csv", "--from", "signup", "--to", "iso", *SAY)
    assert code_ == 0
    assert seen
    assert "right on the 1 solved row behind the proof, too" in error
    path = tmp_path / "people.csv"
    path.write_text(path.read_text() + "12;8.8.2008;2008-08-08\n13;7.7.2007;2007-07-08\n", encoding="utf-8")
    code_, _, error = latm("make", "people.csv", "--from", "signup", "--to", "iso", "--force", *SAY)
    assert code_ == 1
    assert "right on 9 rows, but of 3 further ones wrong on 1 solved row: row 15:" in error
    assert "the best function is wrong on 1 solved row: row 15:" in error.partition("the tool is made again")[2]
    assert "if the table is wrong there, correct these rows" in error


def test_rows_that_refute_a_function_are_shown_to_the_maker_and_proven(
    latm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A kind of row on which no function was tried: the next function is made with it."""
    monkeypatch.setattr(table_task, "MAX_PROOF", 6)
    later = ISO.replace("day, month, year = signup", "if '/' in signup:\n        month, day, year = signup.split('/')\n"
                        "    else:\n        day, month, year = signup")  # fmt: skip
    asked: list[str] = []

    def reply(messages: list[Any]) -> Any:
        asked.append(str(messages[-1].content))
        return code(later if "3/21/2010" in asked[-1] else ISO)

    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: ScriptedChatModel(script=reply))
    monkeypatch.setattr(table_task, "_CHOSEN_AMONG", len(ROWS) - 2)
    rows = [*ROWS, "12;3/21/2010;2010-03-21", "13;1.2.2003;2003-02-01", "14;4/22/2011;2011-04-22"]
    (tmp_path / "people.csv").write_text("id;signup;iso\n" + "\n".join(rows) + "\n", encoding="utf-8")
    code_, _, error = latm("make", "people.csv", "--from", "signup", "--to", "iso", *SAY)
    assert code_ == 0, error
    assert "behind the proof, too" in error
    proven = {case.question for case in MadeTool.load("iso.tool.json").report.cases}
    assert any("3/21/2010" in each for each in proven)
    assert len(asked) == 2


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "xlsx"])
def test_other_formats(suffix: str, latm: Run, seen: list[str], tmp_path: Path) -> None:
    rows = [dict(zip(("id", "signup", "iso"), row.split(";"), strict=True)) for row in ROWS]
    typed: list[dict[str, Any]] = [row | {"id": int(row["id"]), "iso": row["iso"].strip() or None} for row in rows]
    path = tmp_path / f"people.{suffix}"
    if suffix == "jsonl":
        path.write_text("\n".join(map(json.dumps, typed)), encoding="utf-8")
    elif suffix == "parquet":
        pl.DataFrame(typed).write_parquet(path)
    else:
        pl.DataFrame(typed).write_excel(path)
    code_, _, error = latm("make", path.name, "--from", "signup", "--to", "iso", *SAY)
    assert code_ == 0, error
    assert seen
    assert len(MadeTool.load("iso.tool.json").report.cases) == 10


REFUSED = {
    "no columns": ([], "a table needs the column to compute"),
    "no answers": (["--from", "signup"], "a table needs the column to compute"),
    "no such column": (["--from", "sign up", "--to", "iso"], "the nearest: 'signup'"),
    "one column for both": (["--from", "iso", "--to", "iso"], "given twice"),
    "too few": (
        ["--from", "signup", "--to", "iso", "--validation", "9"],
        "12 are needed, 3 to show and 9 for the proof",
    ),
    "contradicting": (["--from", "same", "--to", "iso"], "row 2 says"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_a_task(case: str, latm: Run, seen: list[str], tmp_path: Path) -> None:
    words, message = REFUSED[case]
    if case == "contradicting":
        text = (tmp_path / "people.csv").read_text().replace("\n", ";x\n").replace("iso;x", "iso;same", 1)
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    code_, told, error = latm("make", "people.csv", *words)
    assert (code_, told, seen) == (2, "", [])
    assert message in error
