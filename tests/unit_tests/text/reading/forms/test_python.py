"""Lists in the notation of Python."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.reader import read_off

FORM = "python"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("[(1, 'a')]", "", "float", [[1.0, "a"]]),
        ("[(3, 'a')]", "", "int", [[3, "a"]]),
        ("[(0, 1), (2, 3)]", "", None, [[0, 1], [2, 3]]),
        ("(8, -8)", "", None, [8, -8]),
        ("['a', \"it's\", '']", "", None, ["a", "it's", ""]),
        ("[ 1.5 ,\n [ ] ]", "", None, [1.5, []]),
        ("[\"a, b\", '[c]']", "", None, ["a, b", "[c]"]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("[(3.5, 'a')]", "", "int"),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None


@pytest.mark.parametrize(
    "text",
    [
        *("[1 2]", "[1,]", "[1", "1]", "[1)", "(1]", "(1)", "((1, 2))", "()", "1, 2", "[1] [2]", "[1]]", ","),
        *("'a'", "{1, 2}", "[{'a': 1}]", "[True]", "[None]", "[x]", "[f'x']", "['a\\n']", "['a]", "['a' 'b']"),
        *("[0x10]", "[1e5]", "[1_000]", "[007]", "[1.2.3]", f"[{'9' * 19}]", "[[[[[1]]]]]", "[__import__('os')]"),
    ],
)
def test_ambiguous_lists_are_refused(text: str) -> None:
    assert read_off(FORM, text) is None
