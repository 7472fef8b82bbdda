"""Lists in the notation of JSON."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "json"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ('[1, [2.5], "a"]', "", "float", [1.0, [2.5], "a"]),
        ('[3, "a"]', "", "int", [3, "a"]),
        ('["a", 1, 2.5, ["b", []]]', "", None, ["a", 1, 2.5, ["b", []]]),
        ("[]", "", None, []),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ('[3.0, "a"]', "", "int"),
        ('{"a": 1}', "", None),
        ('"a"', "", None),
        ("[1, null]", "", None),
        ('[{"a": 1}]', "", None),
        ("[1,]", "", None),
        ("[1] [2]", "", None),
        ("[true]", "", None),
        ("[1, false]", "", None),
        ("[null]", "", None),
        ('["\\ud800"]', "", None),
        ('["a", ["\\udfff"]]', "", None),
        ("[NaN]", "", None),
        ("[Infinity]", "", None),
        ("[-Infinity]", "", None),
        ("[1e999]", "", None),
        ("[[[[[[1]]]]]]", "", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None


@pytest.mark.parametrize("text", [f"[{'9' * 19}]", f"[0.{'1' * 18}]", f"[{'9' * 5_000}]"])
def test_numbers_that_no_other_form_reads_are_refused(text: str) -> None:
    assert read_off(FORM, text) is None


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 50_000 + "]" * 50_000, '["' + "a" * 99_990])
def test_nested_or_truncated_lists_are_refused(text: str) -> None:
    assert read_off(FORM, text) is None
