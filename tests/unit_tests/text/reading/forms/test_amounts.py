"""The one number among the words of each gap."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "amounts"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("12 litres", "", "float", [12.0]),
        ("3 litres", "", "int", [3]),
        ("12 eggs", "", None, [12]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("3.5 litres", "", "int"),
        ("2 or 3", "", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
