"""Rows of texts."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "text_rows"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("X _ O\n1 2 3", "", None, [["X", "_", "O"], ["1", "2", "3"]]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        "a b\n\nc d",
        "",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    assert read_off(FORM, text) is None
