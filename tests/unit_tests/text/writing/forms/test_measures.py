"""Numbers with a unit."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        ([80, 120], ["80 km/h", "120 km/h"], [7, 2.5], ["7 km/h", None]),
        ([3.25, 1.5], ["3.25 m\u00b2", "1.50 m\u00b2"], [2], ["2.00 m\u00b2"]),
        ([4, 9], ["~4 bars", "~9 bars"], [12], ["~12 bars"]),
    ],
)
def test_the_text_around_the_numbers_is_kept(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[str | None]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


def test_the_number_is_asked_for_instead_of_two_words() -> None:
    assert AnswerForm("int", (80, 120)) in answer_forms(["80 km/h", "120 km/h"])
    assert AnswerForm("list[str]", (["80", "km/h"], ["120", "km/h"])) not in answer_forms(["80 km/h", "120 km/h"])


def test_a_sentence_is_no_unit() -> None:
    found = answer_forms(["That makes 4 of them in all", "That makes 9 of them in all"])
    assert not {form.annotation for form in found} & {"int", "float"}
