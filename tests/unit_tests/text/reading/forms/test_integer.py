"""A whole number alone in a gap."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "integer"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("-40", "", None, -40),
        ("0", "", None, 0),
        ("999999999999999999", "", None, 999999999999999999),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        "3.0",
        "007",
        "+3",
        "3 4",
        "1_000",
        "\xb2",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    assert read_off(FORM, text) is None
