"""Dates are moved by what a request names, and the time between two dates is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from langchain_latm.making.synthesis.operators.date_functions import (
    full_months_between,
    months_later,
    to_weekday,
    workdays_between,
    workdays_later,
)
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import outcome, python

DAYS = ["2024-03-09", "2021-12-30", "2019-07-17", "2022-02-04", "2023-10-31"]


def moved(text: str, unit: str, number: int) -> str:
    day = date.fromisoformat(text)
    match unit:
        case "weeks":
            return date.fromordinal(day.toordinal() + 7 * number).isoformat()
        case "months":
            return months_later(day, number).isoformat()
        case "years before":
            return months_later(day, -12 * number).isoformat()
    return workdays_later(day, number).isoformat()


@pytest.mark.parametrize("unit", ["weeks", "months", "years before", "working days"])
def test_a_number_of_the_request_moves_a_date(unit: str) -> None:
    rows = [
        ({"day": day, "by": number}, moved(day, unit, number))
        for day, number in zip(DAYS, (3, 5, 8, 2, 11), strict=True)
    ]
    program = synthesise(Problem(tuple(rows[:4]), (rows[4][0],)))[0]
    later: dict[str, Any] = {"day": "2024-01-31", "by": 1}
    for run in (python(program), program.run):
        assert outcome(run, rows[4][0]) == rows[4][1]
        assert outcome(run, later) == moved("2024-01-31", unit, 1)


@pytest.mark.parametrize(("name", "weekday"), [("Friday", 4), ("dimanche", 6)])
def test_a_date_is_moved_to_a_weekday(name: str, weekday: int) -> None:
    """All days of the examples fall on one weekday; with the names in the request, on the named one."""
    rows = [({"day": day}, to_weekday(date.fromisoformat(day), weekday, "after").isoformat()) for day in DAYS]
    assert [synthesise(Problem(tuple(rows[:4])))[0].run(row) for row, _ in rows[4:]] == [rows[4][1]]
    names = (
        ["lundi", "dimanche", "mardi", "jeudi", "samedi"]
        if weekday == 6
        else ["Monday", "Friday", "Sunday", "Tuesday", "Friday"]
    )
    order = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    english = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    place = (order if weekday == 6 else english).index
    named = [
        ({"day": day, "name": each}, to_weekday(date.fromisoformat(day), place(each), "before").isoformat())
        for day, each in zip(DAYS, names, strict=True)
    ]
    program = synthesise(Problem(tuple(named[:4]), (named[4][0],)))[0]
    for run in (python(program), program.run):
        assert outcome(run, named[4][0]) == named[4][1]
        assert outcome(run, {"day": DAYS[0], "name": "someday"}) is ValueError
    assert name in names


@pytest.mark.parametrize(
    ("count", "pairs"),
    [
        (
            lambda start, end: full_months_between(start, end) // 12,
            [
                ("1980-05-17", "2024-05-16"),
                ("1999-12-31", "2020-01-01"),
                ("2001-02-03", "2021-02-03"),
                ("1970-08-09", "2003-08-08"),
            ],
        ),
        (
            lambda start, end: workdays_between(start, end, 1),
            [
                ("2024-03-01", "2024-03-18"),
                ("2024-05-06", "2024-05-10"),
                ("2023-12-22", "2024-01-09"),
                ("2024-08-03", "2024-08-12"),
            ],
        ),
    ],
)
def test_years_and_working_days_between_two_dates(count: Any, pairs: list[tuple[str, str]]) -> None:
    def rows(every: list[tuple[str, str]]) -> list[tuple[dict[str, str], str]]:
        return [
            ({"start": start, "end": end}, str(count(date.fromisoformat(start), date.fromisoformat(end))))
            for start, end in every
        ]

    later = rows([("1990-04-01", "1990-05-01"), ("1988-02-29", "1999-02-28")])
    program = synthesise(Problem(tuple(rows(pairs)), tuple(row for row, _ in later)))[0]
    for run in (python(program), program.run):
        assert [outcome(run, row) for row, _ in later] == [answer for _, answer in later]
        assert outcome(run, {"start": "2024-05-02", "end": "2023-05-01"}) is ValueError


def test_dates_out_of_reach_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        months_later(date(9999, 12, 1), 1)
    with pytest.raises(ValueError, match="fewer days"):
        workdays_later(date(2024, 1, 1), 10**6)
    assert workdays_later(date(2024, 3, 4), -1) == date(2024, 3, 1)
    assert to_weekday(date(2024, 3, 4), 0, "from") == date(2024, 3, 4)
    assert to_weekday(date(2024, 3, 4), 0, "after") == date(2024, 3, 11)
    assert to_weekday(date(2024, 3, 4), 0, "before") == date(2024, 2, 26)


def test_a_column_of_dates_in_several_formats_is_read() -> None:
    solved = [
        ({"day": "2024-05-06"}, "Monday"),
        ({"day": "7 November 2021"}, "Sunday"),
        ({"day": "September 5, 2023"}, "Tuesday"),
        ({"day": "17.08.2022"}, "Wednesday"),
        ({"day": "10-May-2020"}, "Sunday"),
    ]
    later: list[dict[str, Any]] = [{"day": "3rd of June 2019"}, {"day": "01.12.1999"}, {"day": "soon"}]
    program = synthesise(Problem(tuple(solved), tuple(later)))[0]
    for run in (python(program), program.run):
        assert [outcome(run, row) for row in later] == ["Monday", "Wednesday", ValueError]


def test_two_dates_in_sentences_of_several_wordings() -> None:
    solved = [
        ("Born on 1977-07-13, seen on 2021-09-22: how old?", "44"),
        ("How old is Bo on April 23, 2023, born May 4, 1984?", "-"),
        ("Ann was born on 1972-09-22. How old on 2023-04-23?", "50"),
        ("Born 19 August 1969, visit 3 January 2023: age?", "53"),
        ("Cy was born on 14 December 1947. How old on 4 April 2026?", "78"),
    ]
    rows = tuple(({"question": question}, answer) for question, answer in solved if answer != "-")
    later = [("Di was born on 30.06.2004. How old on 03.06.2017?", "12"), ("Born on 2001-02-03: how old?", ValueError)]
    program = synthesise(Problem(rows, tuple({"question": question} for question, _ in later)))[0]
    for run in (python(program), program.run):
        assert [outcome(run, {"question": question}) for question, _ in later] == [answer for _, answer in later]
