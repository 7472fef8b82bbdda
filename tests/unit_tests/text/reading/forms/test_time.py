"""A clock time."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "time"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("09:30", "", "float", 9.5),
        ("09:30", "", None, 570),
        ("09:30", "", "int", 570),
        ("9:05", "", None, 545),
        ("9:05", "", "int", 545),
        ("24:00", "", None, 1440),
        ("24:00", "", "int", 1440),
        ("09:20", "", None, 560),
        ("09:01", "", None, 541),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("24:01", "", None),
        ("9:60", "", None),
        ("9:5", "", None),
        ("09:30:00", "", None),
        ("9:30 pm", "", None),
        ("noon", "", None),
        ("09:30 - 11:00", "", None),
        ("", "", None),
        ("\u0669:\u0663\u0660", "", None),
        ("09:20", "", "float"),
        ("09:01", "", "float"),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
