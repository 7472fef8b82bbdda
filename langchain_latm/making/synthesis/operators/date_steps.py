"""Arithmetic of dates: steps of days, months and so on, and the time between two dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Final, Literal, get_args

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.date_functions import (
    full_months_between,
    months_later,
    to_weekday,
    workdays_between,
    workdays_later,
)
from langchain_latm.making.synthesis.writing import Writer
from langchain_latm.text.lexing.weekdays import WEEKDAYS

Unit = Literal["days", "weeks", "months", "years", "working days"]
_Side = Literal["after", "from", "before"]
_MOST: Final = 10**6


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
        try:
            return months_later(day, self.months)
        except ValueError:
            return None

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
    """A date moved by a number of days, weeks, months, years or working days.

    Attributes:
        unit: The unit of the number.
        back: Whether the date is earlier.
    """

    moves: ClassVar[bool] = True
    unit: Unit = "days"
    back: bool = False

    @property
    def cost(self) -> float:
        """That of a sum; for other units, that of a product too."""
        return (0.8 if self.unit == "days" else 1.0) + 0.1 * self.back

    def of(self, day: date, number: Decimal) -> date | None:
        if number != int(number) or abs(number) > _MOST:
            return None
        moved = int(number) * (-1 if self.back else 1)
        try:
            match self.unit:
                case "days" | "weeks":
                    return day + timedelta(days=moved * (7 if self.unit == "weeks" else 1))
                case "working days":
                    return workdays_later(day, moved)
                case _:
                    return months_later(day, moved * (12 if self.unit == "years" else 1))
        except (OverflowError, ValueError):
            return None

    def write(self, code: Writer, day: str, number: str) -> str:
        code.guard(f"{number} != int({number}) or abs({number}) > 10**6", f"expected a whole number of {self.unit}")
        sign = "-" if self.back else ""
        match self.unit:
            case "days" | "weeks":
                code.needs("from datetime import timedelta")
                moved = f"{day} {sign or '+'} timedelta({self.unit}=int({number}))"
            case "working days":
                moved = f"{code.copy(workdays_later)}({day}, {sign}int({number}))"
            case _:
                factor = "12 * " if self.unit == "years" else ""
                moved = f"{code.copy(months_later)}({day}, {sign}{factor}int({number}))"
        return code.local("other_day", moved)

    def says(self, what: str, number: str) -> str:
        return f"{what} {'minus' if self.back else 'plus'} {number} {self.unit}"


LATER_BY: Final = tuple(LaterBy(unit, back) for back in (False, True) for unit in get_args(Unit))


@dataclass(frozen=True)
class ToWeekday(Operator):
    """The next or last date that falls on a weekday.

    Attributes:
        side: "after" or "before" the date, or "from" the date on: the date itself if it falls on this weekday.
        weekday: Number of the weekday, from 0 for Monday; None if an argument names it.
        language: The language of this name.
    """

    moves: ClassVar[bool] = True
    side: _Side
    weekday: int | None = None
    language: str = ""

    @property
    def cost(self) -> float:
        """A weekday is copied from the examples."""
        return (0.9 if self.weekday is None else 1.6) + 0.2 * (self.side == "from")

    def of(self, day: date, name: str = "") -> date | None:
        weekday = self.weekday
        if weekday is None:
            if name.casefold() not in self._names:
                return None
            weekday = self._names.index(name.casefold())
        try:
            return to_weekday(day, weekday, self.side)
        except OverflowError:
            return None

    def write(self, code: Writer, day: str, name: str = "") -> str:
        weekday = str(self.weekday)
        if self.weekday is None:
            names = code.constant("WEEKDAYS", repr(self._names))
            weekday = code.local("weekday", f"{names}.index({name}.casefold())", whole=True)
        return code.local("other_day", f"{code.copy(to_weekday)}({day}, {weekday}, {code.literal(self.side)})")

    def says(self, what: str, name: str = "") -> str:
        wanted = name if self.weekday is None else WEEKDAYS["English"][self.weekday]
        where = {"after": f"after {what}", "from": f"from {what} on", "before": f"before {what}"}[self.side]
        return f"the {'last' if self.side == 'before' else 'first'} {wanted} {where}"

    @property
    def _names(self) -> list[str]:
        return [name.casefold() for name in WEEKDAYS[self.language]]


def steps(days: Sequence[date], others: Sequence[date]) -> Iterator[Operator]:
    """Yield the steps with a number of the examples that lead from each date to the other one."""
    pairs = [*zip(days, others, strict=True)]
    distances = {(other - day).days for day, other in pairs}
    if len(distances) == 1 and (distance := distances.pop()):
        yield AddDays(distance)
    months = {months_between(day, other) for day, other in pairs}
    if len(months) == 1 and (number := months.pop()):
        yield AddMonths(number)
    for side in get_args(_Side):
        to = ToWeekday(side, others[0].weekday())
        if all(to.of(day) == other for day, other in pairs):
            yield to


def steps_to_named(names: Sequence[str]) -> list[ToWeekday]:
    """Return the steps to the weekdays that texts name; none if these are no weekdays of one language."""
    plain = {name.casefold() for name in names}
    languages = [language for language, known in WEEKDAYS.items() if plain <= {name.casefold() for name in known}]
    return [ToWeekday(side, None, language) for language in languages[:1] for side in get_args(_Side)]


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


@dataclass(frozen=True)
class FullBetween(Operator):
    """The number of full years or months, or of working days, from one date to another.

    Attributes:
        unit: The unit.
        last: Whether the last day counts too.
    """

    unit: Literal["years", "months", "working days"]
    last: bool = False

    @property
    def cost(self) -> float:
        """Ages are most common."""
        return {"years": 0.9, "months": 1.0, "working days": 1.1}[self.unit] + 0.2 * self.last

    def of(self, start: date, end: date) -> Decimal | None:
        try:
            if self.unit == "working days":
                return Decimal(workdays_between(start, end, int(self.last)))
            return Decimal(full_months_between(start, end) // (12 if self.unit == "years" else 1))
        except ValueError:
            return None

    def write(self, code: Writer, start: str, end: str) -> str:
        if self.unit == "working days":
            return code.local("days", f"{code.copy(workdays_between)}({start}, {end}, {int(self.last)})", whole=True)
        months = f"{code.copy(full_months_between)}({start}, {end})"
        return code.local(self.unit, f"{months} // 12" if self.unit == "years" else months, whole=True)

    def says(self, start: str, end: str) -> str:
        return f"the {'' if self.unit == 'working days' else 'full '}{self.unit} from {start} to {end}"


BETWEEN: Final[tuple[Operator, ...]] = (
    DaysBetween(),
    FullBetween("years"),
    FullBetween("months"),
    FullBetween("working days"),
    FullBetween("working days", last=True),
)
