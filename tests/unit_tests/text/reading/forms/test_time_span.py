"""Two clock times."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "time_span"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("9:30 - 24:00", "", "float", [9.5, 24.0]),
        ("09:30 - 11:00", "", None, [570, 660]),
        ("09:30 - 11:00", "", "int", [570, 660]),
        ("09:30\u201311:00", "", None, [570, 660]),
        ("09:30\u201311:00", "", "int", [570, 660]),
        ("22:00 to 06:15", "", None, [1320, 375]),
        ("22:00 to 06:15", "", "int", [1320, 375]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        "09:30",
        "09:30 - 10:00 - 11:00",
        "09:30 - noon",
        "-09:30",
        "9:30 10:00",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    assert read_off(FORM, text) is None
