"""`latm apply`: what it writes, what it refuses, and that it continues after an interruption."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from langchain_core.messages import AIMessage

from langchain_latm.exceptions import SandboxError
from langchain_latm.interop.tables import text_file
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.command_line import Run
from tests.unit_tests.made_tool import tool_of
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn

ISO = '''
def iso(signup: str) -> str:
    """Write a date as year-month-day."""
    day, month, year = signup.split(".")
    return f"{year}-{int(month):02d}-{int(day):02d}"
'''
PRICED = '''
def priced(amount: int, price: float, tax: float = 0.5, tags: list[str] | None = None) -> float:
    """Price them."""
    return amount * price * (1 + tax) + len(tags or [])
'''
PEOPLE = 'id;signup;name\r\n007;5.3.2020;"Ö;x"\r\n008;soon;\r\n009;24.12.1999;=a\r\n'


@pytest.fixture
def iso(tmp_path: Path, sandbox: Sandbox) -> str:
    (tmp_path / "iso.json").write_text(tool_of(sandbox, ISO, "iso").dump(), encoding="utf-8")
    (tmp_path / "people.csv").write_bytes(PEOPLE.encode("cp1252"))
    return "iso.json"


def test_answers_and_errors_stand_behind_the_columns_as_they_were(latm: Run, iso: str, tmp_path: Path) -> None:
    code, told, error = latm("apply", iso, "people.csv", "--out", "done.csv")
    assert (code, told) == (1, "")
    done = (tmp_path / "done.csv").read_bytes().decode("cp1252")
    assert done.splitlines()[:2] == ["id;signup;name;iso;iso_error", '007;5.3.2020;"Ö;x";2020-03-05;']
    assert done.splitlines()[3] == "009;24.12.1999;=a;1999-12-24;"
    assert done.splitlines()[2].startswith("008;soon;;;exception: ValueError")
    assert "2 of 3 rows answered: done.csv" in error
    assert "row 3: exception: ValueError" in error
    assert "cp1252" in error
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.lock")) + list(tmp_path.glob("*.resume"))


def test_json_is_all_that_standard_output_gets(latm: Run, iso: str) -> None:
    code, told, _ = latm("apply", iso, "people.csv", "--json", "--to", "day")
    rows = [json.loads(line) for line in told.splitlines()]
    assert code == 1
    assert [(row["id"], row["day"]) for row in rows] == [("007", "2020-03-05"), ("008", None), ("009", "1999-12-24")]
    assert rows[0]["day_error"] is None


def test_it_is_a_part_of_a_pipe(latm: Run, iso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "_BLOCK", 30)
    code, told, _ = latm("apply", iso, "-", "--out", "-", "--safe-csv", typed="signup,x\n1.2.2003,=1\n4.5.2006,b\n")
    assert (code, told) == (0, "signup,x,iso,iso_error\n1.2.2003,'=1,2003-02-01,\n4.5.2006,b,2006-05-04,\n")


def test_cells_become_what_the_parameters_take(latm: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "priced.json").write_text(tool_of(sandbox, PRICED, "priced").dump(), encoding="utf-8")
    (tmp_path / "in.csv").write_text(
        'Menge,price,tax,tags\n2, 1.5 ,,"[""a""]"\n"2,0",1,1,\n3,1e2,0,[\n4,,0,\n1,1,1,\n', encoding="utf-8"
    )
    code, told, error = latm("apply", "priced.json", "in.csv", "--json", "--from", "amount=Menge")
    rows = [json.loads(line) for line in told.splitlines()]
    assert code == 1
    assert [row["priced"] for row in rows] == [5.5, None, None, None, 2.0]
    assert [row["priced_error"] for row in rows[1:4]] == [
        "amount: '2,0' is not a whole number",
        "tags: '[' is not a JSON list or empty",
        "price: the cell is empty",
    ]
    assert "amount is column 'Menge'" in error


def test_answers_go_to_the_column_that_the_tool_was_made_for(latm: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    """A tool's name has letters and underscores only: `Day of signup` makes `Day_of_signup`."""
    (tmp_path / "t.json").write_text(
        tool_of(sandbox, ISO.replace("iso(", "Day_of_signup("), "Day_of_signup").dump(), encoding="utf-8"
    )
    (tmp_path / "t.csv").write_text("signup,Day of signup\n5.3.2020,kept\n24.12.1999,\n")
    code, _, error = latm("apply", "t.json", "t.csv", "--out", "done.csv")
    assert code == 0, error
    assert (tmp_path / "done.csv").read_text().splitlines() == [
        "signup,Day of signup,Day of signup_error",
        "5.3.2020,kept,",
        "24.12.1999,1999-12-24,",
    ]
    assert "answers go to column 'Day of signup'" in error


def test_values_of_other_formats_are_typed_and_stay(latm: Run, sandbox: Sandbox, iso: str, tmp_path: Path) -> None:
    (tmp_path / "priced.json").write_text(tool_of(sandbox, PRICED, "priced").dump(), encoding="utf-8")
    pl.DataFrame({"amount": [1, 2], "price": [1.5, None], "tags": [["x"], []]}).write_parquet(tmp_path / "in.parquet")
    assert latm("apply", "priced.json", "in.parquet", "--out", "done.parquet")[0] == 1
    done = pl.read_parquet(tmp_path / "done.parquet")
    assert done["priced"].to_list() == [3.25, None]
    assert done["tags"].to_list() == [["x"], []]
    assert done["priced_error"].to_list() == [None, "price: the cell is empty"]
    assert latm("apply", iso, "people.csv", "--out", "done.xlsx")[0] == 1
    code, told, _ = latm("apply", iso, "done.xlsx", "--json", "--from", "signup", "--to", "again")
    assert code == 1
    assert json.loads(told.splitlines()[0])["again"] == "2020-03-05"


def test_filled_cells_of_the_column_stay(latm: Run, iso: str, tmp_path: Path) -> None:
    (tmp_path / "half.csv").write_text('iso,signup\n"mine",1.2.2003\n,4.5.2006\n', encoding="utf-8")
    code, told, error = latm("apply", iso, "half.csv", "--out", "-")
    assert (code, told) == (0, 'iso,signup,iso_error\n"mine",1.2.2003,\n2006-05-04,4.5.2006,\n')
    assert "1 of them had an answer, which stayed" in error
    assert latm("apply", iso, "half.csv", "--out", "-", "--replace")[1].splitlines()[1] == "2003-02-01,1.2.2003,"


USAGE = {
    "no output": (["people.csv"], "--out"),
    "output exists": (["people.csv", "--out", "there.csv"], "--force"),
    "same file": (["people.csv", "--out", "./people.csv", "--force"], "is the table that is read"),
    "unknown suffix": (["people.csv", "--out", "done.doc"], "the suffix names no format"),
    "missing column": (["people.csv", "--out", "done.csv", "--from", "sign-up"], "the nearest: 'signup'"),
    "too many columns": (
        ["people.csv", "--out", "done.csv", "--from", "id", "--from", "signup"],
        "2 columns are given",
    ),
    "written and read": (["people.csv", "--out", "done.csv", "--to", "signup"], "is read, and would be written"),
    "no file": (["nobody.csv", "--out", "done.csv"], "No such file"),
    "only a header": (["header.csv", "--out", "done.csv"], "no rows behind its header"),
    "a folder": ([".", "--out", "done.csv"], "Is a directory"),
    "a header that is there": (["people.csv", "--out", "-", "--from", "1"], "no column '1'"),
}


@pytest.mark.parametrize("case", USAGE)
def test_bad_usage_writes_nothing(case: str, latm: Run, iso: str, tmp_path: Path) -> None:
    words, message = USAGE[case]
    (tmp_path / "there.csv").write_text("old", encoding="utf-8")
    (tmp_path / "header.csv").write_text("signup\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    code, told, error = latm("apply", iso, *words)
    assert (code, told) == (2, "")
    assert message in error
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_stopped_run_continues(
    latm: Run, iso: str, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_file, "_BLOCK", 400)
    lines = [f"{n % 28 + 1}.{n % 12 + 1}.2{n:03d}" if n % 50 else "never" for n in range(1, 400)]
    (tmp_path / "days.csv").write_text("signup\n" + "\n".join(lines), encoding="utf-8")
    assert latm("apply", iso, "days.csv", "--out", "whole.csv")[0] == 1
    kind = type(sandbox)
    real = kind.batch
    calls = 0

    def failing(self: Sandbox, *given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 3:
            raise SandboxError("the machine went down")
        return real(self, *given, **named)

    monkeypatch.setattr(kind, "batch", failing)
    code, _, error = latm("apply", iso, "days.csv", "--out", "part.csv")
    assert code == 1
    assert "the machine went down" in error
    assert "part.csv.part keeps the rows that are done; repeat the command to continue" in error
    assert not (tmp_path / "part.csv").exists()
    done = json.loads((tmp_path / "part.csv.resume").read_text())["state"]["rows"]
    assert 0 < done < 399
    monkeypatch.setattr(kind, "batch", real)
    code, _, error = latm("apply", iso, "days.csv", "--out", "part.csv", "--replace")
    assert code == 2
    assert "begun with another --replace or --ask" in error
    code, _, error = latm("apply", iso, "days.csv", "--out", "part.csv")
    assert code == 1
    assert f"continuing after row {done}" in error
    assert "392 of 399 rows answered" in error
    assert (tmp_path / "part.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_model_answers_only_what_the_tool_refuses(latm: Run, iso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def reply(messages: list[Any]) -> str:
        asked.append(str(messages))
        return "2030-01-01"

    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: ScriptedChatModel(script=reply))
    code, told, error = latm("apply", iso, "people.csv", "--json", "--ask", "openai:any")
    rows = [json.loads(line) for line in told.splitlines()]
    assert code == 1
    assert [row["iso"] for row in rows] == ["2020-03-05", "2030-01-01", "1999-12-24"]
    assert [row["iso_by"] for row in rows] == ["tool", "openai:any", "tool"]
    assert "ValueError" in rows[1]["iso_error"]
    assert len(asked) == 1
    assert "soon" in asked[0]
    assert "openai:any answered 1 of them" in error


def test_a_cell_never_gets_an_answer_that_was_cut(latm: Run, iso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = AIMessage("2030-0", response_metadata={"finish_reason": "length"})
    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: ScriptedChatModel(script=in_turn(cut)))
    _, told, _ = latm("apply", iso, "people.csv", "--json", "--ask", "openai:any")
    assert [json.loads(line)["iso"] for line in told.splitlines()] == ["2020-03-05", None, "1999-12-24"]


def test_standard_input_cannot_be_gone_on_with(latm: Run, iso: str, tmp_path: Path) -> None:
    (tmp_path / "done.csv.part").write_text("signup\n", encoding="utf-8")
    (tmp_path / "done.csv.resume").write_text('{"job": {"input": "x"}, "bytes": 7, "state": {}}', encoding="utf-8")
    typed = "signup\n1.2.2003\n"
    code, _, error = latm("apply", iso, "-", "--out", "done.csv", typed=typed)
    assert code == 2
    assert "--restart" in error
    assert latm("apply", iso, "-", "--out", "done.csv", "--restart", typed=typed)[0] == 0
    assert (tmp_path / "done.csv").read_text() == "signup,iso,iso_error\n1.2.2003,2003-02-01,\n"
