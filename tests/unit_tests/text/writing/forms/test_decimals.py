"""Numbers with a fixed number of decimals."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms, with_writing, writings
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (
            [71.96, 649.74, 61.79],
            ["71.96", "649.74", "61.79"],
            [18.9, 3.0, 5, -2.5],
            ["18.90", "3.00", "5.00", "-2.50"],
        ),
        ([1.5, 2.25], ["1.500", "2.250"], [0.1, 7], ["0.100", "7.000"]),
        ([71.96, 649.74], ["71,96", "649,74"], [18.9, -1], ["18,90", "-1,00"]),
        ([1234.5, 7], ["1,234.50", "7.00"], [1e6, 999.999], ["1,000,000.00", "1,000.00"]),
        ([1234.5, 7], ["1.234,50", "7,00"], [1e6], ["1.000.000,00"]),
        ([1234.5, 7], ["1 234,50", "7,00"], [1e6], ["1 000 000,00"]),
        ([1234.5, 7], ["1\u202f234,50", "7,00"], [1e6], ["1\u202f000\u202f000,00"]),
        ([1234.5, 7], ["1'234.50", "7.00"], [1e6], ["1'000'000.00"]),
        ([1234567.5, 7], ["12,34,567.50", "7.00"], [123456789, 1234], ["12,34,56,789.00", "1,234.00"]),
        ([1234.5, 7], ["1234.50", "7.00"], [98765.432], ["98765.43"]),
        ([2.5, -4], ["\u22122.50", "4.00"], [1], [None]),  # the signs are wrong: no form fits
        ([2.5, -4], ["2.50", "\u22124.00"], [1, -1], ["1.00", "\u22121.00"]),
        ([2.5, -4], ["2.50", "(4.00)"], [1, -1], ["1.00", "(1.00)"]),
        ([-2.5, -4], ["-2.50", "-4.00"], [1, -1], ["1.00", "-1.00"]),
        ([18.9, 7], ["Total: 18.90", "Total: 7.00"], [3.5, -3.5], ["Total: 3.50", "Total: -3.50"]),
        ([18.9, 7], ["A4 costs 18.90 each", "A4 costs 7.00 each"], [3.5], ["A4 costs 3.50 each"]),
        ([18.9, 7], ["x18.90", "x7.00"], [3.5, -3.5], ["x3.50", None]),  # no example shows where a minus stands
        (["18.9", "7"], ["18.90", "7.00"], ["3.5", "none"], ["3.50", None]),
    ],
)
def test_later_numbers_have_the_decimals_of_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


def test_they_are_rounded_half_up_unless_an_example_shows_half_even(sandbox: Sandbox) -> None:
    assert written_later(sandbox, [1.5, 2.25], ["1.50", "2.25"], [2.675, 0.125, -0.125]) == ["2.68", "0.13", "-0.13"]
    assert written_later(sandbox, [1.5, 0.125], ["1.50", "0.12"], [0.375, 0.625]) == ["0.38", "0.62"]
    assert written_later(sandbox, [1.5, 0.125], ["1.50", "0.13"], [0.625]) == ["0.63"]
    assert written_later(sandbox, [0.125, 0.375], ["0.12", "0.37"], [1]) == [None]  # cut off, in neither way


def test_other_values_are_refused_and_a_text_stays(sandbox: Sandbox) -> None:
    later = [True, None, "no stock", -0.001]
    assert written_later(sandbox, [1.5, 2.25], ["1.50", "2.25"], later) == [None, None, "no stock", "0.00"]
    assert list(writings([True, False], ["1.00", "0.00"])) != []  # labels of a truth
    assert not any("decimal" in each for each in writings([True, False], ["1.00", "0.00"]))


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_number_that_is_not_finite_is_refused(number: str, sandbox: Sandbox) -> None:
    body = f'def f(x: int) -> float:\n    """Do it."""\n    return float({number!r})\n'
    for answers in (["1.50", "2.25"], ["$1.50", "$2.25"], ["1.50 %", "2.25 %"], ["2", "2"]):
        source, entry = with_writing(body, "f", next(writings([1.5, 2.25], answers)))
        assert sandbox.call(ToolSource(source=source, entry=entry), {"x": 1}).failure


def test_none_among_the_examples_has_its_own_text(sandbox: Sandbox) -> None:
    values, answers = [1.5, None, 2.25], ["1.50", "n/a", "2.25"]
    assert written_later(sandbox, values, answers, [18.9, None]) == ["18.90", "n/a"]


def test_only_fixed_decimals_overrule_the_plain_text() -> None:
    assert list(writings([71.96, 649.74], ["71.96", "649.74"], overruling=True))
    assert not list(writings([3.5, 12.25], ["3.5", "12.25"], overruling=True))
    assert not list(writings([3, 12], ["3", "12"], overruling=True))
    assert not list(writings(["a", "b"], ["a", "b"], overruling=True))


@pytest.mark.parametrize(
    ("answers", "values"),
    [
        (["71.96", "649.74"], (71.96, 649.74)),
        (["71,96", "-1.649,74"], (71.96, -1649.74)),
        (["Total: 18.90", "Total: -7.00"], (18.9, -7.0)),
    ],
)
def test_the_maker_may_be_asked_for_the_numbers(answers: list[str], values: tuple[float, ...]) -> None:
    assert AnswerForm("float", values) in answer_forms(answers)


@pytest.mark.parametrize("answers", [["1,234", "5,678"], ["1.50 of 2.75", "3.50 of 4.75"], ["at 10:30", "at 11:45"]])
def test_numbers_that_can_be_read_in_two_ways_are_not_asked_for(answers: list[str]) -> None:
    assert not any(form.annotation == "float" for form in answer_forms(answers))
