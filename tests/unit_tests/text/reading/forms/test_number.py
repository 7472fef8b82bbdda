"""A number alone in a gap."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "number"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("3", "", "float", 3.0),
        ("-0.5", "", "float", -0.5),
        ("3", "", "int", 3),
        ("3", "", None, 3),
        ("-0.05", "", None, -0.05),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("3.0", "", "int"),
        ("1e5", "", None),
        (".5", "", None),
        ("5.", "", None),
        ("nan", "", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
