"""Amounts of money."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        ([1234.5, 18.9], ["$1,234.50", "$18.90"], [1e6, 3, -3], ["$1,000,000.00", "$3.00", "-$3.00"]),
        ([1234.5, -18.9], ["$1,234.50", "$-18.90"], [-3], ["$-3.00"]),
        ([1234.5, -18.9], ["$1,234.50", "($18.90)"], [-3], ["($3.00)"]),
        ([-1234.5, -18.9], ["-$1,234.50", "-$18.90"], [-3, 3], ["-$3.00", "$3.00"]),
        ([1234.5, 18.9], ["1.234,50 EUR", "18,90 EUR"], [1e6, -3], ["1.000.000,00 EUR", "-3,00 EUR"]),
        ([1234.5, 18.9], ["1.234,50\u00a0\u20ac", "18,90\u00a0\u20ac"], [3], ["3,00\u00a0\u20ac"]),
        ([12, 7.5], ["EUR 12.00", "EUR 7.50"], [3, -3], ["EUR 3.00", None]),
        ([12, -7.5], ["EUR 12.00", "EUR -7.50"], [-3], ["EUR -3.00"]),
        ([12, 7.5], ["US$12.00", "US$7.50"], [3, -3], ["US$3.00", "-US$3.00"]),
        ([12, 7.5], ["KWD 12.000", "KWD 7.500"], [3.25], ["KWD 3.250"]),
        ([5, 6], ["\u00a35", "\u00a36"], [12, -2, 7.5], ["\u00a312", "-\u00a32", None]),
        ([12, 250], ["12 kr", "250 kr"], [1250, -7, 1.5], ["1250 kr", "-7 kr", None]),
        ([12.4, 250.6], ["12 kr", "251 kr"], [1.5, 0.4], ["2 kr", "0 kr"]),
        ([12, 4.5], ["\u00a312", "\u00a34.50"], [7.25, 8], ["\u00a37.25", "\u00a38"]),
        ([18.9, 7], ["Total: $18.90.", "Total: $7.00."], [3, -3], ["Total: $3.00.", "Total: -$3.00."]),
        ([100000, 18.9], ["\u20b91,00,000.00", "\u20b918.90"], [12345678], ["\u20b91,23,45,678.00"]),
    ],
)
def test_later_amounts_are_written_like_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


def test_two_currencies_have_no_form(sandbox: Sandbox) -> None:
    assert written_later(sandbox, [12.5, 7.5], ["$12.50", "\u20ac7.50"], [3]) == [None]


def test_the_maker_may_be_asked_for_the_amounts() -> None:
    answers = ("1.234,50 EUR", "18,90 EUR")
    assert answer_forms(answers) == [AnswerForm("float", (1234.5, 18.9)), AnswerForm("str", answers)]
    assert answer_forms(["-$5", "$6"])[-1] == AnswerForm("int", (-5, 6))
