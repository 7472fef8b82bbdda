"""Lists of rows."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.forms import forms
from langchain_latm.text.reading.row_pattern import RowPattern
from langchain_latm.text.reading.slot import Slot, read_slot
from langchain_latm.text.reading.views import views

ROW = RowPattern(literals=("", " x ", ""), types=("int", "str"))


def test_each_item_is_cut_into_cells() -> None:
    slot = Slot(name="rows", form="rows", gaps=(0,), separator="; ", row=ROW)
    assert read_slot(slot, ["3 x pear; 2 x red fig"], "") == [[3, "pear"], [2, "red fig"]]
    assert read_slot(slot, ["3 x pear; fig"], "") is None


def test_without_a_pattern_nothing_is_read() -> None:
    assert read_slot(Slot(name="rows", form="rows", gaps=(0,), separator="; "), ["3 x pear"], "") is None


def test_other_forms_have_no_rows() -> None:
    with pytest.raises(ValueError, match="texts has no rows"):
        Slot(name="items", form="texts", gaps=(0,), row=ROW)


@pytest.mark.parametrize(
    ("values", "annotation"),
    [
        ([[[1, 2]], [[3, 4]]], "list[list[int]]"),
        ([[["a", "b"]]], "list[list[str]]"),
        ([[["a", 1, 2.5]]], "list[tuple[str, int, float]]"),
    ],
)
def test_the_type_shows_the_cells(values: list[list[list[object]]], annotation: str) -> None:
    assert forms()["rows"].annotate(values) == annotation


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("These roads are open: {}. How many begin in a town of the north?", "roads"),
        ("Wie viele Straßen sind länger als die erste? {}", "rows"),
    ],
)
def test_a_view_of_rows_comes_first_and_of_their_texts_second(asked: str, name: str) -> None:
    written = ["A-B 5; B-C 7", "C-D 3; D-A 9; A-C 2", "B-D 4; C-A 8", "D-C 6; A-D 1; B-A 3", "C-B 2"]
    first, second, third, *_ = views([asked.format(each) for each in written])
    assert first.annotations == {name: "list[tuple[str, str, int]]"}
    assert first.parser.parse(asked.format("X-Y 12; Y-Z 1")) == {name: [["X", "Y", 12], ["Y", "Z", 1]]}
    assert first.parser.parse(asked.format("X-Y 12; Y-Z")) is None
    assert [*second.annotations.values()] == ["list[str]"]
    assert [*third.annotations.values()] == ["str"]
