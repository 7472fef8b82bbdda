"""Lists of spans of clock times."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "time_spans"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("09:30 - 10:00", ", ", "float", [[9.5, 10.0]]),
        ("09:30 - 10:00, 11:00 - 12:00", ", ", None, [[570, 600], [660, 720]]),
        ("09:30 - 10:00, 11:00 - 12:00", ", ", "int", [[570, 600], [660, 720]]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("09:30 - 10:00, 11:00", ", ", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
