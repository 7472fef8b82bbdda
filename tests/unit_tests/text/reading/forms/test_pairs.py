"""Lists of pairs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from langchain_latm.text.reading.gap_slots import pair_of
from langchain_latm.text.reading.slot import PairPattern, Slot, mark_of, read_slot
from langchain_latm.text.reading.views import views

TEXT = Slot(name="value", form="text", gaps=(0,))
NAMES = Slot(name="value", form="texts", gaps=(0,), separator=", ")


def test_each_item_is_cut_at_its_mark() -> None:
    slot = Slot(name="pairs", form="pairs", gaps=(0,), separator="\n", pair=PairPattern(mark=": ", sides=(TEXT, NAMES)))
    assert read_slot(slot, ["P: Q, S\nQ: S"], "") == [["P", ["Q", "S"]], ["Q", ["S"]]]
    for text in ("P: Q, S\nQ", "P: Q: S", "P: , S", ": S", "P:"):
        assert read_slot(slot, [text], "") is None, text


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        pytest.param(["P: Q, S", "Q: P", "R: P, Q, S", "S: R", "T: P, S", "U: T"], ["P", ["Q", "S"]], id="neighbours"),
        pytest.param(
            ["rot, blau → an", "grün → aus", "gelb, rot → an", "weiß → aus", "blau → an", "rot, grün, gelb → aus"],
            [["rot", "blau"], "an"],
            id="a list before the mark",
        ),
        pytest.param(
            ["f(a) = [1, 2]", "f(b) = [3]", "g(a) = [4, 5, 6]", "h = []", "k = [7]", "m = [8, 9]"],
            ["f(a)", [1, 2]],
            id="lists in brackets",
        ),
        pytest.param(
            [f"田中\uff1a{n} 3 4" for n in range(3)] + [f"鈴木\uff1a{n} 9" for n in range(3)],
            ["田中", [0, 3, 4]],
            id="numbers",
        ),
        pytest.param(
            ["Ann: hello", "Bob: hi there", "Ann: how are you", "Bob: well", "Ann: good", "Bob: bye"],
            ["Ann", "hello"],
            id="texts",
        ),
        pytest.param(
            ["سلمى: 3", "كريم: 5", "هدى: 2", "نور: 9", "ليلى: 4", "عمر بن زيد: 6"], ["سلمى", 3], id="one number"
        ),
    ],
)
def test_the_sides_have_types_of_their_own(lines: list[str], first: list[Any]) -> None:
    pair = pair_of(["\n".join(lines[:3]), "\n".join(lines[3:])], "\n")
    assert pair is not None
    assert pair.read(lines[0]) == first


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["P: Q, S", "Q: P", "R: P, Q"], id="too few"),
        pytest.param(["P: Q, S", "Q: P", "R -> P, Q", "S: R", "T: P, S", "U: T"], id="two marks"),
        pytest.param(["P: Q, S", "Q: P", "R: P, Q", "S:", "T: P, S", "U: T"], id="an empty side"),
    ],
)
def test_other_lines_have_no_pairs(lines: list[str]) -> None:
    assert pair_of(["\n".join(lines)], "\n") is None


def test_pairs_are_not_nested() -> None:
    pair = PairPattern(mark=": ", sides=(TEXT, NAMES))
    inner = Slot(name="value", form="pairs", gaps=(0,), separator="; ", pair=pair)
    with pytest.raises(ValidationError, match="a side of a pair is a list of pairs"):
        Slot(name="pairs", form="pairs", gaps=(0,), pair=PairPattern(mark=" -> ", sides=(TEXT, inner)))
    with pytest.raises(ValidationError, match="texts has no pairs"):
        Slot(name="items", form="texts", gaps=(0,), pair=pair)


def test_their_times_are_in_the_unit_of_the_parser() -> None:
    lines = ["Ann: 9:00 - 10:30, 13:00 - 14:00", "Bob: 11:00 - 12:00", "Eve: 9:30 - 10:00, 15:00 - 16:15"]
    asked = [
        "\n".join([lines[i], lines[j]]).replace("9", str(n))
        for n, (i, j) in enumerate([(0, 1), (1, 2), (2, 0), (1, 0)], 6)
    ]
    first = views([f"These are the calendars of our team:\n{each}\nWhen are all of them free?" for each in asked])[0]
    assert [*first.annotations.values()] == ["list[tuple[str, list[list[int]]]]"]
    assert first.parser.time_unit == "minutes"


@pytest.mark.parametrize("piece", [" ", "-", ": ", "=", "a "])
def test_long_items_are_cut_in_linear_time(piece: str) -> None:
    """With time in the square of the length, each would take minutes."""
    assert mark_of([piece * 100_000] * 2) is None
