"""Tasks from tables: types of columns, repeated and contradicting rows, and which rows are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.column_types import ColumnType
from langchain_latm.interop.tables.formats import open_table
from langchain_latm.interop.tables.shapes import features, most_different
from langchain_latm.interop.tables.table_task import TableTask, load_table_task

# Cells of a column, and their values.
COLUMNS: list[tuple[list[str], list[Any]]] = [
    (["1", "-20", "300"], [1, -20, 300]),
    (["1", "", "300"], [1, None, 300]),
    (["1", "007", "300"], ["1", "007", "300"]),
    (["10115", "80331", "20095"], ["10115", "80331", "20095"]),
    (["1999", "2001", "2024"], [1999, 2001, 2024]),
    (["10115", "331", "20095"], [10115, 331, 20095]),
    (["4915112345678", "7", "8"], ["4915112345678", "7", "8"]),
    (["1.5", "2", "0.25"], [1.5, 2.0, 0.25]),
    (["18.90", "5.00", "7.25"], [18.9, 5.0, 7.25]),
    (["1.10", "1.9", "2"], ["1.10", "1.9", "2"]),
    (["1,5", "2", "3"], ["1,5", "2", "3"]),
    (["+1", "2", "3"], ["+1", "2", "3"]),
    (["1e5", "2", "3"], ["1e5", "2", "3"]),
    (["-0", "2", ""], ["-0", "2", ""]),
    (["", "", ""], [None, None, None]),
]


def test_a_column_is_of_numbers_only_if_nothing_is_lost() -> None:
    for cells, expected in COLUMNS:
        column = ColumnType()
        for cell in cells:
            column.look(cell)
        got = [column.value(cell) for cell in cells]
        assert got == expected, cells
        assert list(map(type, got)) == list(map(type, expected)), cells


def task_of(tmp_path: Path, text: str, *inputs: str, **options: Any) -> TableTask:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    return load_table_task(open_table(path, wanted=inputs), inputs or ("a",), "y", **options)


def test_answers_are_numbers_only_if_python_writes_them_so(tmp_path: Path) -> None:
    for answers, expected in (
        (["1", "2.5", "3", "4", "5", "6"], "1"),
        (["1.50", "2.00", "3.25", "4.00", "5.00", "6.00"], "1.50"),
        (["12", "13", "14", "15", "16", "17"], 12),
        (["0.5", "1.5", "2.5", "3.5", "4.5", "5.5"], 0.5),
    ):
        text = "a,y\n" + "".join(f"x{n},{answer}\n" for n, answer in enumerate(answers))
        rows = task_of(tmp_path, text).rows.solved
        assert rows[0].example.answer == expected, answers


def test_equal_rows_count_once_and_contradicting_ones_are_named(tmp_path: Path) -> None:
    text = "a,y,z\n" + "".join(f"x{n}, y{n},z\n" for n in range(7)) + "x3,y3,z\nx9,,z\nx3,,z\n"
    found = task_of(tmp_path, text)
    assert (len(found.rows.solved), found.rows.repeated, found.rows.blank) == (7, 1, 2)
    assert found.task.rows == ({"a": "x9"},)
    assert len(found.task.examples) == 7
    with pytest.raises(TableError, match=r'same .a. contradict each other: row 3 says "y1", row 12 says "no"'):
        task_of(tmp_path, text + "x1,no,z\n")
    assert (
        task_of(
            tmp_path, text.replace(" y", "5.0").replace("3,y", "3,5.0") + "x1,5.09,z\n", check="numeric:100"
        ).rows.repeated
        == 2
    )


def test_a_blank_answer_counts_if_the_user_says_so(tmp_path: Path) -> None:
    text = "a,b,y\n" + "".join(f"x{n},{n},{'' if n % 2 else n}\n" for n in range(12))
    with pytest.raises(TableError, match=r"7 are needed.*fill in 1 more"):
        task_of(tmp_path, text, "a", "b", validation=4)
    found = task_of(tmp_path, text, "a", "b", blank_is_answer=True)
    assert [row.example.answer for row in found.rows.solved][:3] == ["0", "", "2"]
    assert found.task.rows == ()


def test_rows_that_are_shown_differ_in_shape(tmp_path: Path) -> None:
    plain = [f"word{n},{n}" for n in range(20)]
    odd = ["-17,a", ",b", "ÀÉ two words,c"]
    text = "a,y\n" + "\n".join([*plain, *odd]) + "\n"
    shown = [example.inputs for example in task_of(tmp_path, text, demonstrations=4).task.demonstrations]
    assert {"a": "ÀÉ two words"} in shown
    assert sum(str((each or {})["a"]).startswith("word") for each in shown) <= 2
    assert most_different([features({"a": each}) for each in ("x", "y", "1", "z", "2")], 3)[:2] == [0, 2]
    assert most_different([features({"a": "x"})] * 3, 2) == [0, 1]
