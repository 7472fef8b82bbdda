"""Arithmetic of dates that takes a few statements. The functions become a part of tools."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

_MOST_DAYS: Final = 40_000
"""Maximum number of days that are counted one by one: a century."""
_WEEKEND: Final = 5


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or earlier; the last day of the month if that is too short.

    Raises:
        ValueError: It would be before the year 1 or after 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:  # noqa: PLR2004 - the years of Python
        raise ValueError("expected a date in the years 1 to 9999")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def workdays_later(day: date, number: int) -> date:
    """Return the date some days from Monday to Friday later, or earlier.

    Raises:
        ValueError: There are too many days.
    """
    if abs(number) > _MOST_DAYS:
        raise ValueError("expected fewer days")
    left, step = abs(number), timedelta(days=1 if number > 0 else -1)
    while left:
        day += step
        left -= day.weekday() < _WEEKEND
    return day


def workdays_between(start: date, end: date, last: int) -> int:
    """Return the number of days from Monday to Friday from one date to another.

    Args:
        start: The first day.
        end: The day at the end.
        last: 1 if it counts too, 0 if not.

    Raises:
        ValueError: The dates are in the wrong order or too far apart.
    """
    days = (end - start).days + last
    if not 0 <= days <= _MOST_DAYS:
        raise ValueError("expected a later date")
    return sum((start.weekday() + passed) % 7 < _WEEKEND for passed in range(days))


def full_months_between(start: date, end: date) -> int:
    """Return the number of full months from one date to another, as in the age of a child.

    Raises:
        ValueError: The dates are in the wrong order.
    """
    if end < start:
        raise ValueError("expected a later date")
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def to_weekday(day: date, weekday: int, side: str) -> date:
    """Return the next or last date that falls on a weekday.

    Args:
        day: The date.
        weekday: Number of the weekday, from 0 for Monday.
        side: "after" or "before" the date, or "from" the date on.
    """
    if side == "before":
        return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
    return day + timedelta(days=(weekday - day.weekday() - (side == "after")) % 7 + (side == "after"))
