"""Times within texts, and units of time. Reading a clock time is tested with the form `time`."""

from __future__ import annotations

import pytest

from langchain_latm.text.lexing.times import between_times, holds_time, speaks_of_hours, unit_at_start


def test_times_inside_of_a_text() -> None:
    assert holds_time("at 9:30 pm")
    assert not holds_time("at 9:3")
    assert between_times("from 09:30 to 11:00 or 12:00") == " to "
    assert between_times("at 09:30") is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (" hours are left", ("hours", None)),
        ("-day trip", ("days", "trip")),
        (" minute.", ("minutes", None)),
        (" minutely", None),
        (" apples", None),
    ],
)
def test_the_unit_after_a_number(text: str, unit: tuple[str, str | None] | None) -> None:
    assert unit_at_start(text) == unit


def test_hours_are_a_word() -> None:
    assert speaks_of_hours("for 2 Hours")
    assert not speaks_of_hours("hourly")
