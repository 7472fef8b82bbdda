"""Lists of lists, with one line for each."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import answer_forms
from tests.unit_tests.text.writing.writing_tool import is_written


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("list[list[int]]", [[[2, 1], [0, -1]], [[5]]], ["2 1\n0 -1", "5"]),
        ("list[list[int]]", [[[2, 1, 7], [0, 3]], [[5, 4]]], ["2,1,7\n0,3", "5,4"]),
        ("list[list[str]]", [[["x", "."], [".", "x"]], [["o", "."], [".", "."]]], ["x .\n. x", "o .\n. ."]),
    ],
)
def test_rows_are_asked_for_and_written(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    asked = answer_forms(answers)[0]
    assert (asked.annotation, list(asked.values)) == (kind, values)
    assert is_written(sandbox, values, answers, kind)


@pytest.mark.parametrize(
    "answers",
    [
        ["rice 200 g\nsalt 2 g", "oil 5 ml\nsoy 1 l"],  # lines of words are a list of lines
        ["4 3", "2 1"],  # one line each
        ["x .\n. x .", "o .\n. ."],  # no board
    ],
)
def test_other_answers_are_not_rows(answers: list[str]) -> None:
    assert not answer_forms(answers)[0].annotation.startswith("list[list")
