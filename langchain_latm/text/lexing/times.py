"""Clock times ("09:30"), spans of them ("09:30 - 11:00"), and the units of durations.

A clock time is read as minutes since midnight, or as hours if a question speaks of hours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

MINUTES_OF_AN_HOUR: Final = 60
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_SPAN: Final = re.compile(rf"({_TIME.pattern})(?:\s*[-\u2013\u2014]\s*|\s+to\s+)({_TIME.pattern})")
_TIME_INSIDE: Final = re.compile(r"\d:[0-5]\d")
_TWO_TIMES_INSIDE: Final = re.compile(r"\d:[0-5]\d(\D+)\d{1,2}:[0-5]\d")
HOURS_OF_A_DAY: Final = 24
_QUARTER: Final = 15
"""In minutes. A float holds quarters of an hour exactly; with other fractions two equal times might differ."""
_UNITS: Final = "second|minute|hour|day|week|month|year"
_UNIT: Final = re.compile(rf"[\s-]?({_UNITS})s?(?![a-z])")
_UNIT_OF: Final = re.compile(rf"-({_UNITS}) ([a-z]+)")
_HOURS: Final = re.compile(r"(?<![a-z])hours?(?![a-z])", re.IGNORECASE)

TimeUnit = Literal["minutes", "hours"]
"""Unit of times."""
Span = list[int]
"""Two times, in minutes."""


def read_time(text: str) -> int | None:
    """Return a time of the 24 hour clock in minutes since midnight; None if the text is not a time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    minutes = int(found[1]) * MINUTES_OF_AN_HOUR + int(found[2])
    return minutes if minutes <= HOURS_OF_A_DAY * MINUTES_OF_AN_HOUR else None


def read_span(text: str) -> Span | None:
    """Return two times with a dash or "to" between them; None if the text is not a span."""
    found = _SPAN.fullmatch(text)
    start, end = (read_time(found[1]), read_time(found[4])) if found else (None, None)
    return None if start is None or end is None else [start, end]


def in_hours(value: int | Sequence[int] | Sequence[Span]) -> float | list[float] | list[list[float]] | None:
    """Return times in hours; None if one of them is not a quarter of an hour."""
    if isinstance(value, int):
        return None if value % _QUARTER else value / MINUTES_OF_AN_HOUR
    inner = [in_hours(each) for each in value]
    return None if any(each is None for each in inner) else inner  # type: ignore[return-value]  # all alike


def holds_time(text: str) -> bool:
    """Whether a text holds a clock time."""
    return _TIME_INSIDE.search(text) is not None


def between_times(text: str) -> str | None:
    """Return the text between the first two neighbouring clock times; None if there are no two."""
    found = _TWO_TIMES_INSIDE.search(text)
    return found[1] if found else None


def speaks_of_hours(text: str) -> bool:
    """Whether a text holds the word "hour" or "hours"."""
    return _HOURS.search(text) is not None


def unit_at_start(text: str) -> tuple[str, str | None] | None:
    """Return the unit of time that a text begins with, in the plural, and what is measured, if given.

    " hours are left" gives ("hours", None), "-hour meeting" gives ("hours", "meeting").

    Args:
        text: The text after a number, in lower case.
    """
    if measured := _UNIT_OF.match(text):
        return f"{measured[1]}s", measured[2]
    found = _UNIT.match(text)
    return (f"{found[1]}s", None) if found else None
