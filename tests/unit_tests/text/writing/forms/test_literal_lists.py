"""Lists as JSON or Python writes them."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import is_written


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("list[str]", [["b", "a"], ["c"]], ['["b", "a"]', '["c"]']),
        ("list[str]", [["b", "a"], ["\u00fc"]], ["['a', 'b']", "['\u00fc']"]),
        ("list[int]", [[3, 1], [2]], ["['3', '1']", "['2']"]),
        ("list", [[["b", "a"]], [["d", "c"], ["x"]]], ["[['a', 'b']]", "[['c', 'd'], ['x']]"]),
    ],
)
def test_values_are_written_as_the_answers(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    assert is_written(sandbox, values, answers, kind)
