"""All numbers among words."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "found"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("3 boys and 2.5 pies", "", "float", [3.0, 2.5]),
        ("3 and 4", "", "int", [3, 4]),
        ("3 boys, 14 girls and -2.5 degrees.", "", None, [3, 14, -2.5]),
        ("from 2024-02-29 on", "", None, [2024, 2, 29]),
        ("$5, 7% and -3", "", None, [5, 7, -3]),
        ("$-5 (and $3.50)", "", None, [-5, 3.5]),
        ("10\u201320 \u2014 30", "", None, [10, 20, 30]),
        ("1, 234; (5,6) [1000,200]", "", None, [1, 234, 5, 6, 1000, 200]),
        ("3/4 of 09:30 on 2024-02-29.", "", None, [3, 4, 9, 30, 2024, 2, 29]),
        ("x**2 - 3*y", "", None, [2, 3]),
        ("\u0663 pears", "", None, [3]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("3 and 4.5", "", "int"),
        ("5kg of B12 from 1.2.3", "", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
