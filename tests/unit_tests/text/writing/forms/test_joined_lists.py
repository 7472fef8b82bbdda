"""Lists with a separator between their items."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import is_written


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("list[str]", [["b", "a"], ["c"]], ["b, a", "c"]),
        ("list[str]", [["b", "a"], ["c", "d"]], ["b => a", "c => d"]),
        ("list[str]", [["b", "a"], ["c"]], ["b\na", "c"]),
        ("list[int]", [[3, 1], [2]], ["3 > 1", "2"]),
    ],
)
def test_values_are_written_as_the_answers(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    assert is_written(sandbox, values, answers, kind)
