"""Tables that are drawn with bars."""

from __future__ import annotations

from itertools import pairwise

import pytest

from langchain_latm.text.reading.views import views
from tests.unit_tests.text.reading.reader import read_off


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("| a | b |\n| --- | :-: |\n| 1 | x y |", [["a", "b"], ["1", "x y"]]),
        ("+---+---+\n| X |   |\n+---+---+\n| O | X |\n+---+---+", [["X", ""], ["O", "X"]]),
        ("name | team\n-----+-----\nAnn | red", [["name", "team"], ["Ann", "red"]]),
        (
            "\u2502 1 \u2502 2 \u2502\n\u251c\u2500\u2500\u2500\u253c\u2500\u2500\u2524\n\u2502 3 \u2502 4 \u2502",
            [["1", "2"], ["3", "4"]],
        ),
    ],
)
def test_the_cells_are_read_without_the_lines_between_rows(text: str, rows: list[list[str]]) -> None:
    assert read_off("table", text) == rows


@pytest.mark.parametrize("text", ["a b\nc d", "| a | b |\n| c |", "| a |\nb", "---", "", "+---+---+"])
def test_other_texts_are_refused(text: str) -> None:
    assert read_off("table", text) is None


def test_a_board_of_any_size_is_a_table() -> None:
    line = "+---+---+"
    boards = ["| X | O |", "|   | X |", "| O |   |", "| X | X |"]
    asked = [
        f"Here is a board:\n{line}\n{one}\n{line}\n{two}\n{line}\nWho has more cells, and how many of them?"
        for one, two in pairwise(boards)
    ]
    asked.append(f"Here is a board:\n{line}--+\n| X | O | X |\n{line}--+\nWho has more cells, and how many of them?")
    first = views(asked)[0]
    assert [*first.annotations.values()] == ["list[list[str]]"]
    assert [*(first.parser.parse(asked[0]) or {}).values()] == [[["X", "O"], ["", "X"]]]
