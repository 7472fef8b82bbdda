"""Texts whose words are joined by another separator."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import is_written


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("str", ["b a", "d c"], ["b, a", "d, c"]),
        ("str", ["b,a", "d,  c"], ["ba", "dc"]),
    ],
)
def test_values_are_written_as_the_answers(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    assert is_written(sandbox, values, answers, kind)
