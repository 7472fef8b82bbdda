"""Percentages."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        ([12.5, 7.0], ["12.5 %", "7.0 %"], [50, 3.25, -1], ["50.0 %", "3.3 %", "-1.0 %"]),
        ([0.125, 0.07], ["12.5 %", "7.0 %"], [0.5, -0.25, 1], ["50.0 %", "-25.0 %", "100.0 %"]),
        ([0.125, 0.0725], ["12.5%", "7.25%"], [0.5, 0.07], ["50%", "7%"]),
        ([0.125, 0.0725], ["12,5 Prozent", "7,25 Prozent"], [0.5, 0.015], ["50 Prozent", "1,5 Prozent"]),
        ([0.12, 0.07], ["12%", "7%"], [0.5, 0.125], ["50%", None]),
        ([0.124, 0.075], ["12%", "8%"], [0.5, 0.125], ["50%", "13%"]),
        ([12, 7], ["%12", "%7"], [50, -3], ["%50", "-%3"]),
        ([12.5, 7.0], ["about 12.5 %", "about 7.0 %"], [50], ["about 50.0 %"]),
        ([0.125, 12.5], ["12.5 %", "12.5 %"], [1], [None]),
    ],
)
def test_later_percentages_are_written_like_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


def test_the_maker_may_be_asked_for_the_numbers() -> None:
    assert answer_forms(["12,5 %", "7,25 %"])[0] == AnswerForm("float", (12.5, 7.25))
