"""Whole numbers."""

from __future__ import annotations

from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms


def test_an_int_is_asked_for() -> None:
    assert answer_forms(["3", "-40"])[0] == AnswerForm("int", (3, -40))
    assert answer_forms(["3", "007"])[0].annotation == "str"
