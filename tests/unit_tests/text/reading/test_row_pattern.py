"""Patterns of items that are rows."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from langchain_latm.text.reading.row_pattern import RowPattern


@pytest.mark.parametrize(
    ("items", "first"),
    [
        ("pear 6, fig 14, lime 19, red plum 2, date 3, kiwi 8", ["pear", 6]),
        ("3 x pear, 9 x fig, 1 x lime, 2 x red plum, 4 x kiwi, 5 x date", [3, "pear"]),
        ("Ann beats Tom, Eve beats Bob, Cem beats Ann, Tom beats Eve, Bob beats Cem, Ann beats Eve", ["Ann", "Tom"]),
        ("A-B, B-C, C-A, D-B, A-D, E-A", ["A", "B"]),
        ("3 -> 5, 1 -> 4, 2 -> 2, 4 -> 3, 5 -> 5, 6 -> 1", [3, 5]),
        (
            "Oslo \u2013 Rom, Rom \u2013 Bern, Bern \u2013 Oslo, Köln \u2013 Rom, Oslo \u2013 Köln, Bern \u2013 Rom",
            ["Oslo", "Rom"],
        ),
        (
            "りんご\uff1a3個, みかん\uff1a12個, もも\uff1a7個, なし\uff1a1個, かき\uff1a5個, うめ\uff1a9個",
            ["りんご", 3],
        ),
        ("تفاح = 3, موز = 5, عنب = 2, تمر = 9, خوخ = 4, رمان = 6", ["تفاح", 3]),
        ("pan a 3 euros, té a 5 euros, vino a 2 euros, sal a 9 euros, ajo a 4 euros, miel a 6 euros", ["pan", 3]),
        ("| a | 1.5 |, | b | 2 |, | c | 7 |, | d | 2.25 |, | e | 1 |, | f | 9 |", ["a", 1.5]),
        ("Lions 3:1 Bears, Hawks 0:2 Lions, Bears 1:1 Hawks, A 2:0 B, C 4:4 D, D 1:2 A", ["Lions", 3, 1, "Bears"]),
        (
            "2024-03-05 late, 2024-01-02 early, 2023-12-31 x, 2024-02-02 y, 2024-02-03 z, 2024-02-04 w",
            ["2024-03-05", "late"],
        ),
    ],
)
def test_words_and_signs_of_all_items_are_between_the_cells(items: str, first: list[Any]) -> None:
    first_item, *others = items.split(", ")
    pattern = RowPattern.of([first_item, *others])
    assert pattern is not None
    assert pattern.read(first_item) == first


@pytest.mark.parametrize(
    "items",
    [
        pytest.param("pear 6, fig 14, lime, red plum 2, date 3, kiwi 8", id="an item of another pattern"),
        pytest.param("pear 6, fig 14, lime 3", id="too few items"),
        pytest.param("pear, fig, lime, plum, date, kiwi", id="one cell"),
        pytest.param("red pear, old fig, new lime, my plum, a date, one kiwi", id="words are one cell"),
        pytest.param("a@b.com, c@d.com, e@f.com, g@h.org, i@j.net, k@l.com", id="addresses"),
        pytest.param("2x^2, 3x^4, 5x^6, 7x^8, 9x^3, 4x^5", id="formulas"),
        pytest.param("2,50 kg, 3,75 kg, 4,00 kg, 1,25 kg, 6,99 kg, 7,10 kg", id="decimal commas"),
        pytest.param("1,250 kg, 3,755 kg, 4,500 kg, 1,125 kg, 6,990 kg, 7,100 kg", id="groups of digits"),
        pytest.param("$3.50, $4.25, $1.00, $2.50, $7.20, $9.99", id="amounts"),
    ],
)
def test_other_items_have_none(items: str) -> None:
    assert RowPattern.of(items.split(", ")) is None


PAIRS = RowPattern(literals=("", " x ", ""), types=("int", "str"))


def test_an_item_that_could_be_cut_elsewhere_is_not_read() -> None:
    assert PAIRS.read("3 x red fig") == [3, "red fig"]
    for item in ("3 x pear x fig", "pear x 3", "3.5 x pear", "3 x pear now!", "3 x", "3 X pear", ""):
        assert PAIRS.read(item) is None, item


def test_numbers_with_and_without_decimals_are_floats() -> None:
    pattern = RowPattern.of(["a 1", "b 2.5", "c 3", "d 4", "e 5", "f 6"])
    assert pattern is not None
    assert repr(pattern.read("a 1")) == "['a', 1.0]"


def test_each_cell_needs_a_type() -> None:
    with pytest.raises(ValidationError, match="1 types for 2 cells"):
        RowPattern(literals=("", " x ", ""), types=("int",))
