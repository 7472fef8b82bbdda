"""Rows of numbers."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "number_rows"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("1 2\n3 4.5", "", "float", [[1.0, 2.0], [3.0, 4.5]]),
        ("3 2\n1 0", "", "int", [[3, 2], [1, 0]]),
        ("1 0\n 0  1 \n1 1", "", None, [[1, 0], [0, 1], [1, 1]]),
        ("1,0\n0,1", ",", None, [[1, 0], [0, 1]]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("3 2\n1 0.5", "", "int"),
        ("1 2\n3 x", "", None),
        ("1 2\n\n3 4", "", None),
        ("1 2\n3,4", "", None),
        ("", "", None),
        ("01 2", "", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
