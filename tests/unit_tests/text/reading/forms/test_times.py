"""Lists of clock times."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "times"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("09:30, 10:45", ", ", "float", [9.5, 10.75]),
        ("09:30, 11:00", ", ", None, [570, 660]),
        ("09:30, 11:00", ", ", "int", [570, 660]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("09:30, 09:20", ", ", "float"),
        ("09:30, 09:01", ", ", "float"),
        ("09:30, noon", ", ", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
