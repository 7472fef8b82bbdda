"""Workbooks and Parquet files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.formats import TableOptions, open_table
from langchain_latm.interop.tables.workbook import CellError
from tests.unit_tests.interop.tables.copies import copied, rows_of


def workbook(path: Path, *sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_cells_of_a_sheet_are_typed(tmp_path: Path) -> None:
    day, moment = dt.date(2024, 3, 5), dt.datetime(2024, 3, 5, 14, 30)  # noqa: DTZ001 - Excel has no time zones
    path = workbook(tmp_path / "in.xlsx", [["n", "t", "d", "m", "z"], [1.5, "007", day, moment, 7], [None] * 5])
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["E2"].number_format = "00000"
    sheet["A5"].number_format = "0.00"  # a cell with a format alone
    book.save(path)
    assert rows_of(path) == [["n", "t", "d", "m", "z"], [1.5, "007", day, moment, "00007"]]
    copied(path, tmp_path / "out.xlsx", {"new": ["=1+1"]})
    again = rows_of(tmp_path / "out.xlsx")
    assert again == [["n", "t", "d", "m", "z", "new"], [1.5, "007", day, moment, "00007", "=1+1"]]
    text = copied(path, tmp_path / "out.csv", {"new": [3]}).decode()
    assert text.splitlines()[1] == "1.5,007,2024-03-05,2024-03-05T14:30:00,00007,3"


def test_a_formula_without_a_stored_value_is_an_error_that_names_the_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", [["a", "b"], [1, 2], [3, "=A3*2"]])
    with pytest.raises(TableError, match="cell B3 holds a formula without a stored value"):
        open_table(path).count()


def test_a_formula_is_its_stored_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "in.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [2])
        sheet.write_formula(1, 1, "=A2*2", None, 4)
    assert rows_of(tmp_path / "in.xlsx") == [["a", "b"], [2, 4]]


def test_an_error_in_a_cell_is_not_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", [["a"], ["#REF!"]])
    (value,) = rows_of(path)[1]
    assert isinstance(value, CellError)


def test_a_sheet_is_chosen_if_several_have_content(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", [["a"], [1]], [["b"], [2]], [])
    with pytest.raises(TableError, match="several sheets: 'Sheet', 'Sheet1', 'Sheet2'"):
        open_table(path)
    assert rows_of(path, sheet="Sheet1") == rows_of(path, sheet="2") == [["b"], [2]]
    with pytest.raises(TableError, match="no sheet 'Total'"):
        open_table(path, TableOptions(sheet="Total"))


def test_what_is_not_a_workbook_and_what_is_too_wide_are_errors(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"not a readable \.xlsx"):
        open_table(tmp_path / "text.xlsx")
    path = workbook(tmp_path / "wide.xlsx", [["a"], [1], [1, 2]])
    with pytest.raises(TableError, match="row 3 has a value behind the last named column"):
        open_table(path).count()


def test_parquet_keeps_the_types_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    frame = pl.DataFrame(
        {"n": [1, 2], "t": ["007", None], "d": [dt.date(2024, 1, 1), None], "l": [[1.5], []], "u": [1, 2]},
        schema_overrides={"n": pl.Int8, "u": pl.Datetime("ns")},
    )
    frame.write_parquet(path)
    assert rows_of(path)[1][:4] == [1, "007", dt.date(2024, 1, 1), [1.5]]
    copied(path, tmp_path / "out.parquet", {"new": ["x", None], "len": [1, 2]})
    again = pl.read_parquet(tmp_path / "out.parquet")
    assert again.select(frame.columns).equals(frame, null_equal=True)
    assert again.schema == {**frame.schema, "new": pl.String, "len": pl.Int64}
    copied(path, tmp_path / "in_place.parquet", {"t": ["x", "y"]})
    again = pl.read_parquet(tmp_path / "in_place.parquet")
    assert (again.schema, again["t"].to_list()) == (frame.schema, ["x", "y"])


def test_parquet_of_csv(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("a,b\n007,x\n,y\n", encoding="utf-8")
    copied(file, tmp_path / "out.parquet", {"n": [1, None]})
    assert pl.read_parquet(tmp_path / "out.parquet").rows() == [("007", "x", 1), ("", "y", None)]
    (tmp_path / "bad.parquet").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(TableError, match="not a readable Parquet"):
        open_table(tmp_path / "bad.parquet")
