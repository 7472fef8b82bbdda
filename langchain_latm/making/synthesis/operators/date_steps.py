"""Arithmetic of dates: adding days and months, and the days between two dates."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer


@dataclass(frozen=True)
class AddDays(Operator):
    """A date some days later, or earlier."""

    moves: ClassVar[bool] = True
    days: int

    cost: ClassVar[float] = 1.2  # the number is copied from the examples

    def of(self, day: date) -> date | None:
        try:
            return day + timedelta(days=self.days)
        except OverflowError:
            return None

    def write(self, code: Writer, day: str) -> str:
        code.needs("from datetime import timedelta")
        return code.local("other_day", f"{day} {'-' if self.days < 0 else '+'} timedelta(days={abs(self.days)})")

    def says(self, what: str) -> str:
        return f"{what} {'minus' if self.days < 0 else 'plus'} {abs(self.days)} days"


@dataclass(frozen=True)
class AddMonths(Operator):
    """The same day some months later, or earlier; the last day of the month if that is too short."""

    moves: ClassVar[bool] = True
    months: int

    @property
    def cost(self) -> float:
        """The number is copied from the examples; years are simpler."""
        return 1.1 if self.months % 12 == 0 else 1.2

    def of(self, day: date) -> date | None:
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        if not 1 <= year <= 9999:  # noqa: PLR2004 - the years of Python
            return None
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

    def write(self, code: Writer, day: str) -> str:
        code.needs("import calendar")
        sign = "-" if self.months < 0 else "+"
        moved = f"divmod({day}.year * 12 + {day}.month - 1 {sign} {abs(self.months)}, 12)"
        (year, month), _ = code.unpack(("other_year", "other_month"), moved)
        code.guard(f"not 1 <= {year} <= 9999", "expected a date in the years 1 to 9999")
        last = code.local("last", f"calendar.monthrange({year}, {month} + 1)[1]")
        return code.local("other_day", f"date({year}, {month} + 1, min({day}.day, {last}))")

    def says(self, what: str) -> str:
        return f"{what} {'minus' if self.months < 0 else 'plus'} {abs(self.months)} months"


@dataclass(frozen=True)
class LaterBy(Operator):
    """A date moved by a number of days."""

    moves: ClassVar[bool] = True
    cost: ClassVar[float] = 0.8  # That of a sum

    def of(self, day: date, number: Decimal) -> date | None:
        if number != int(number) or abs(number) > 10**6:
            return None
        return AddDays(int(number)).of(day)

    def write(self, code: Writer, day: str, number: str) -> str:
        code.needs("from datetime import timedelta")
        code.guard(f"{number} != int({number}) or abs({number}) > 10**6", "expected a whole number of days")
        return code.local("other_day", f"{day} + timedelta(days=int({number}))")

    def says(self, what: str, number: str) -> str:
        return f"{what} plus {number} days"


def months_between(day: date, other: date) -> int | None:
    """Return the months from one date to another; None if `AddMonths` does not give the other date."""
    months = (other.year - day.year) * 12 + other.month - day.month
    return months if AddMonths(months).of(day) == other else None


@dataclass(frozen=True)
class DaysBetween(Operator):
    """The number of days from one date to another."""

    cost: ClassVar[float] = 0.8  # That of a difference

    def of(self, start: date, end: date) -> Decimal:
        """Return the number of days, negative if the second date is earlier."""
        return Decimal((end - start).days)

    def write(self, code: Writer, start: str, end: str) -> str:
        return code.local("days", f"({end} - {start}).days", whole=True)

    def says(self, start: str, end: str) -> str:
        return f"the days from {start} to {end}"
