"""Marks beside values."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.wordings.marks import marks_beside, unit_of
from langchain_latm.text.reading.wordings.tokens import tokens_of


@pytest.mark.parametrize(
    ("request_", "place", "marks"),
    [
        ("5 kilometres", 0, {"km"}),
        ("pay $20 now", 2, {"$", ">now"}),
        ("7 percent 20 dollars", 2, {"$"}),
        ("from 9:00 12", 1, {"<from", ">#number"}),
    ],
)
def test_units_have_one_sign_and_words_a_side(request_: str, place: int, marks: set[str]) -> None:
    assert marks_beside(tokens_of(request_), place) == marks


def test_other_words_are_no_units() -> None:
    assert (unit_of("hrs"), unit_of("apples")) == ("h", None)
