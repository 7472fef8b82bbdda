"""Rounded numbers, and whole numbers in groups of digits."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        ([12.5, 3.2], ["13", "3"], [7.5, 2.49, -1.5], ["8", "2", "-2"]),
        ([12.5, 3.2], ["12", "3"], [7.5, 6.5], ["8", "6"]),
        ([12.6, 3.2], ["13", "3"], [6.5], ["7"]),  # no tie is shown: half up
        ([1 / 3, 2.5, 4.0], ["0.33", "2.5", "4"], [2 / 3, 10, 1.999], ["0.67", "10", "2"]),
        ([3.5, 12.25, 7.0], ["3.5", "12.25", "7"], [4.0, 0.1], ["4", "0.1"]),
        ([3.0, 7.0], ["3", "7"], [4.0, 4.5], ["4", None]),
        ([1234, 1000000], ["1,234", "1,000,000"], [7, 12345, 1.5], ["7", "12,345", None]),
        ([1234, 7], ["1.234", "7"], [1000000], ["1.000.000"]),
        ([12.6, 3.2], ["about 13 m", "about 3 m"], [7.7], ["about 8 m"]),
        ([2.996, 2.5], ["3", "2.5"], [1.23], [None]),  # one, two or three decimals
    ],
)
def test_later_numbers_are_rounded_like_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


def test_the_maker_may_be_asked_for_the_numbers() -> None:
    assert answer_forms(["1,234", "17", "1,000,000"])[-1] == AnswerForm("int", (1234, 17, 1000000))
