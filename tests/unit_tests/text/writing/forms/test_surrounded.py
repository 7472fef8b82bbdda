"""Values with a fixed text around them."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import is_written


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("str", ["B", "A"], ["(B)", "(A)"]),
        ("int", [3, 14], ["3 apples", "14 apples"]),
        ("float", [3.5, 0.25], ["$3.5", "$0.25"]),
    ],
)
def test_values_are_written_as_the_answers(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    assert is_written(sandbox, values, answers, kind)
