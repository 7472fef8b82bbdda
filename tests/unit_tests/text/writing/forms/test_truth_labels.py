"""Labels for true and false."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import is_written, written_later


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("bool", [True, False], ["even", "odd"]),
        ("bool", [True, True], ["Yes", "Yes"]),
    ],
)
def test_values_are_written_as_the_answers(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    assert is_written(sandbox, values, answers, kind)


@pytest.mark.parametrize(
    ("known", "opposite"),
    [("yes", "no"), ("Invalid", "Valid"), ("TRUE", "FALSE"), ("impossible", "possible")],
)
def test_the_unseen_label_is_the_opposite(sandbox: Sandbox, known: str, opposite: str) -> None:
    assert written_later(sandbox, [True, True], [known, known], [False]) == [opposite]
    assert len(list(writings([True, True], [known, known]))) == 1
