"""Clock times and spans of them."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms, writings
from tests.unit_tests.text.writing.writing_tool import is_written, written_later


@pytest.mark.parametrize(
    ("answers", "unit", "form"),
    [
        (["09:30", "10:00"], "minutes", ("int", (570, 600))),
        (["09:30", "none"], "hours", ("float | None", (9.5, None))),
        (["09:30 - 10:00", "11:00 - 12:15"], "hours", ("list[float]", ([9.5, 10.0], [11.0, 12.25]))),
        (["No.", "09:30 - 10:00", "No."], "minutes", ("list[int] | None", (None, [570, 600], None))),
    ],
)
def test_they_are_numbers_in_the_unit_of_the_arguments(answers: list[str], unit: Any, form: Any) -> None:
    assert answer_forms(answers, unit=unit) == [AnswerForm(*form)]


@pytest.mark.parametrize(
    ("answers", "unit"),
    [
        (["09:30", "no", "never"], "minutes"),
        (["no", "no"], "minutes"),
        (["09:30", "09:30 - 10:00"], "minutes"),
        (["09:20", "09:30"], "hours"),
        (["09:30", "10:00"], None),
    ],
)
def test_other_answers_are_text(answers: list[str], unit: Any) -> None:
    assert answer_forms(answers, unit=unit)[-1] == AnswerForm("str", tuple(answers))


@pytest.mark.parametrize(
    ("kind", "values", "answers"),
    [
        ("int", [570, 600], ["09:30", "10:00"]),
        ("float", [9.5, 10.0], ["9:30", "10:00"]),
        ("list[float]", [[9.5, 10.0], [11.0, 12.25]], ["09:30 - 10:00", "11:00 - 12:15"]),
        ("list[int]", [[570, 600]], ["9:30 to 10:00"]),
        ("list[int] | None", [None, [570, 600], None], ["No.", "09:30-10:00", "No."]),
    ],
)
def test_numbers_are_written_as_times(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> None:
    assert is_written(sandbox, values, answers, kind)


def test_none_with_two_texts_is_not_written() -> None:
    assert list(writings([None, 570, None], ["No.", "09:30", "Never."])) == []
    assert list(writings([None, None], ["No.", "No."])) == []


def test_no_clock_shows_a_later_time_than_a_day_has(sandbox: Sandbox) -> None:
    assert written_later(sandbox, [570, 605], ["09:30", "10:05"], [1500, 60]) == [None, "01:00"]
    assert written_later(sandbox, [570, 1505], ["09:30", "25:05"], [1500]) == ["25:00"]
