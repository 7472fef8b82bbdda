"""Lists of numbers."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "numbers"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("3, 2.5", ", ", "float", [3.0, 2.5]),
        ("3 2", "", "int", [3, 2]),
        ("3 2.0", "", None, [3, 2.0]),
        ("1 | 2.50 | -3", " | ", None, [1, 2.5, -3]),
        ("+3 -4 +0", "", "int", [3, -4, 0]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("3 2.5", "", "int"),
        ("1, inf", ", ", None),
        ("1,234.5", ",", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
