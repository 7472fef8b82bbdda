"""Lists of whole numbers."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "integers"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("3, -1, 0", ", ", None, [3, -1, 0]),
        ("- 3\n- -4", "\n- ", None, [3, -4]),
        ("5,6,1,234", ",", None, [5, 6, 1, 234]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("1, two", ", ", None),
        ("1, 2.5", ", ", None),
        ("1,234", ",", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None
