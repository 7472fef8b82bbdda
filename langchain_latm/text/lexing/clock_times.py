"""Clock times: "09:30" is a number, and "09:30 - 11:00" are two.

A function that is given numbers need not know how times are written. They are minutes since midnight, or hours where a
question speaks of hours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

MINUTES_OF_AN_HOUR: Final = 60
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_SPAN: Final = re.compile(rf"({_TIME.pattern})(?:\s*[-\u2013\u2014]\s*|\s+to\s+)({_TIME.pattern})")
_MOST_HOURS: Final = 24
_QUARTER: Final = 15
"""Minutes. Of an hour's parts a float holds these exactly: with others two equal times might differ."""

TimeUnit = Literal["minutes", "hours"]
"""What times are counted in."""
Span = list[int]
"""Two times, in minutes."""


def read_time(text: str) -> int | None:
    """Read a time of the 24 hour clock, as minutes since midnight; None where there is none, or more."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    minutes = int(found[1]) * MINUTES_OF_AN_HOUR + int(found[2])
    return minutes if minutes <= _MOST_HOURS * MINUTES_OF_AN_HOUR else None


def read_span(text: str) -> Span | None:
    """Read two times with a dash or "to" between them."""
    found = _SPAN.fullmatch(text)
    start, end = (read_time(found[1]), read_time(found[4])) if found else (None, None)
    return None if start is None or end is None else [start, end]


def in_hours(value: int | Sequence[int] | Sequence[Span]) -> float | list[float] | list[list[float]] | None:
    """Return times in hours; None where one of them is no quarter of an hour."""
    if isinstance(value, int):
        return None if value % _QUARTER else value / MINUTES_OF_AN_HOUR
    inner = [in_hours(each) for each in value]
    return None if any(each is None for each in inner) else inner  # type: ignore[return-value]  # all alike
