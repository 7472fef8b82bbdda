"""Values of different wordings are given the same roles."""

from __future__ import annotations

from langchain_latm.text.reading.wordings.roles import Placed, assignments
from langchain_latm.text.reading.wordings.tokens import tokens_of


def _placed(*questions: str) -> Placed:
    return Placed.of([tokens_of(each) for each in questions])


def test_units_decide_even_if_they_are_spelled_differently() -> None:
    groups = [_placed("8 % of 120 $", "5 % of 90 $"), _placed("from 60 dollars take 7 percent")]
    assert assignments(("number", "number"), groups)[0] == [(0, 1), (1, 0)]


def test_decimals_and_sizes_decide_without_units() -> None:
    groups = [_placed("give 12.50 to 4", "give 30.25 to 3"), _placed("to 5 give 17.75")]
    assert assignments(("number", "number"), groups)[0] == [(0, 1), (1, 0)]


def test_values_of_different_sorts_need_no_evidence() -> None:
    groups = [_placed("at 9:30 for 20 minutes"), _placed("20 minutes from 9:30")]
    assert assignments(("number", "time"), groups) == [[(1, 0), (0, 1)]]
