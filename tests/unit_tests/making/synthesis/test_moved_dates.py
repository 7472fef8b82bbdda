"""A date is moved as a whole, though on most days only one part of it changes."""

from __future__ import annotations

from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import problem


def test_a_year_later_is_right_on_leap_days_too() -> None:
    solved = problem(
        [
            ("2019-03-14", "2020-03-14"), ("1998-11-02", "1999-11-02"), ("2005-07-30", "2006-07-30"),
            ("2011-01-09", "2012-01-09"),
        ],
        ["2001-05-06", "2024-02-29", "1999-12-31"],
    )  # fmt: skip
    assert synthesise(solved)[0].run({"text": "2024-02-29"}) == "2025-02-28"


def test_a_day_later_is_right_at_the_end_of_a_month_too() -> None:
    solved = problem(
        [("14.03.2019", "15.03.2019"), ("02.11.1998", "03.11.1998"), ("28.07.2005", "29.07.2005")],
        ["31.12.2001", "06.05.2001"],
    )
    assert synthesise(solved)[0].run({"text": "31.12.2001"}) == "01.01.2002"
