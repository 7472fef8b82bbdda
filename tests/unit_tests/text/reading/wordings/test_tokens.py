"""Requests as words and values."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.wordings.tokens import is_typo, tokens_of


def _values(request: str) -> list[tuple[str, str]]:
    return [(token.sort, token.text) for token in tokens_of(request) if token.sort]


@pytest.mark.parametrize(
    ("request_", "values"),
    [
        ("Add 3.5 to 12", [("number", "3.5"), ("number", "12")]),
        ("It is -4 degrees, not 1,250.75", [("number", "-4"), ("number", "1,250.75")]),
        ("A 45kg box", [("number", "45")]),
        ("From 2024-03-05 to 7.4.2024, 12/31/24", [("date", "2024-03-05"), ("date", "7.4.2024"), ("date", "12/31/24")]),
        ("On March 5, 2024 or 6 April 2025", [("date", "March 5, 2024"), ("date", "6 April 2025")]),
        ("At 9:30 or 10:15 pm", [("time", "9:30"), ("time", "10:15 pm")]),
        ("Sort 5, 3, 12 please", [("numbers", "5, 3, 12")]),
        ("Who leads: Ann 3, Bo 4, Cy 9?", [("items", "Ann 3, Bo 4, Cy 9")]),
        ("Where is AB-12345 for \u201cOld mill\u201d?", [("text", "AB-12345"), ("text", "Old mill")]),
        ("Is it 9:00 in UTC-5?", [("time", "9:00"), ("number", "-5")]),
        ("一个梨5元,买3个", [("number", "5"), ("number", "3")]),
    ],
)
def test_values_are_recognised_by_their_form(request_: str, values: list[tuple[str, str]]) -> None:
    assert _values(request_) == values


def test_courtesy_case_and_dividing_marks_do_not_count() -> None:
    plain = [token.text for token in tokens_of("how far is 5 km")]
    assert [token.text for token in tokens_of("Please, How far is 5 km?! Thanks!")] == plain


def test_a_minus_between_values_is_a_word() -> None:
    assert [token.text for token in tokens_of("5 - 3")] == ["5", "-", "3"]
    assert [token.text for token in tokens_of("solve x - 3 = 5")] == ["solve", "x", "-", "3", "=", "5"]


@pytest.mark.parametrize(
    ("word", "meant", "expected"),
    [
        ("kilomters", "kilometers", True),
        ("kiloometers", "kilometers", True),
        ("kilomteers", "kilometers", True),
        ("kilomaters", "kilometers", False),  # another letter, as in "shirt" and "short"
        ("billion", "million", False),
        ("larger", "large", False),
        ("eight", "weight", False),
        ("kilometers", "kilometers", False),
        ("miles", "kilometers", False),
        ("after", "before", False),
        ("sum", "sub", False),  # short words differ by one letter too often
    ],
)
def test_a_typo_changes_one_letter_of_a_long_word(word: str, meant: str, expected: bool) -> None:
    assert is_typo(word, meant) is expected
