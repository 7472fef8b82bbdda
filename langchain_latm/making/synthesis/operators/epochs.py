"""Dates and times as one number: seconds or milliseconds since 1970 (Unix), days since 1899-12-30 (spreadsheets)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.times import Clock
from langchain_latm.making.synthesis.writing import Writer

Unit = Literal["seconds", "milliseconds", "days"]
_PER_SECOND: Final[dict[Unit, int]] = {"seconds": 1, "milliseconds": 1000}
_UNIX: Final = date(1970, 1, 1)
_SHEETS: Final = date(1899, 12, 30)
_DIGITS: Final[dict[Unit, tuple[int, ...]]] = {"seconds": (9, 10), "milliseconds": (12, 13), "days": (5,)}
"""Numbers of digits: of moments from about 1973 on, and of dates from 1927 to 2173."""


@dataclass(frozen=True)
class DateOfEpoch(Operator):
    """The date, in UTC, of a number of seconds, milliseconds or days."""

    unit: Unit

    cost: ClassVar[float] = 0.6

    def of(self, text: str) -> date | None:
        if not text.isdecimal() or len(text) not in _DIGITS[self.unit]:
            return None
        if self.unit == "days":
            return _SHEETS + timedelta(days=int(text))
        return _moment(text, self.unit).date()

    def write(self, code: Writer, text: str) -> str:
        text = _checked(code, text, self.unit)
        if self.unit == "days":
            code.needs("from datetime import date")
            code.needs("from datetime import timedelta")
            return code.local("day_found", f"date(1899, 12, 30) + timedelta(days=int({text}))")
        return code.local("day_found", f"{_written_moment(code, text, self.unit)}.date()")

    def says(self, what: str) -> str:
        return f"the date of {self.unit} {what}"


@dataclass(frozen=True)
class TimeOfEpoch(Operator):
    """The time of day, in UTC, of a number of seconds or milliseconds."""

    unit: Unit

    cost: ClassVar[float] = 0.7

    def of(self, text: str) -> Clock | None:
        if not text.isdecimal() or len(text) not in _DIGITS[self.unit]:
            return None
        moment = _moment(text, self.unit)
        return Clock(moment.hour, moment.minute, moment.second)

    def write(self, code: Writer, text: str) -> str:
        """Write the check of the digits, and the moment; return the name of hour, minute and second."""
        moment = _written_moment(code, _checked(code, text, self.unit), self.unit)
        (hour, minute), _ = code.unpack(("hour", "minute"), f"{moment}.hour, {moment}.minute")
        second = code.local("second_text", f'f"{{{moment}:%S}}"')
        return f"{hour}, {minute}, {second}"

    def says(self, what: str) -> str:
        return f"the time of {self.unit} {what}"


@dataclass(frozen=True)
class EpochOf(Operator):
    """A date, with a time of day in UTC or midnight, as a number."""

    unit: Unit

    cost: ClassVar[float] = 0.7

    def of(self, day: date, *clocks: Clock) -> Decimal:
        if self.unit == "days":
            return Decimal((day - _SHEETS).days)
        seconds = (day - _UNIX).days * 86_400
        for hour, minute, second in clocks:
            seconds += hour * 3_600 + minute * 60 + (second or 0)
        return Decimal(seconds * _PER_SECOND[self.unit])

    def write(self, code: Writer, day: str, *clocks: str) -> str:
        code.needs("from datetime import date")
        if self.unit == "days":
            return code.local("serial", f"({day} - date(1899, 12, 30)).days", whole=True)
        seconds = f"({day} - date(1970, 1, 1)).days * 86_400"
        for clock in clocks:
            hour, minute, second = clock.split(", ")
            seconds += f" + {hour} * 3_600 + {minute} * 60 + int({second} or 0)"
        factor = _PER_SECOND[self.unit]
        return code.local("epoch", seconds if factor == 1 else f"({seconds}) * {factor}", whole=True)

    def says(self, day: str, *clocks: str) -> str:
        return f"{' and '.join([day, *clocks])} in {self.unit}"


def _moment(text: str, unit: Unit) -> datetime:
    return datetime.fromtimestamp(int(text) // _PER_SECOND[unit], UTC)


def _written_moment(code: Writer, text: str, unit: Unit) -> str:
    code.needs("from datetime import UTC")
    code.needs("from datetime import datetime")
    factor = _PER_SECOND[unit]
    return code.local("moment", f"datetime.fromtimestamp(int({text}){'' if factor == 1 else f' // {factor}'}, UTC)")


def _checked(code: Writer, text: str, unit: Unit) -> str:
    text, lengths = code.named(text), _DIGITS[unit]
    wrong = f"len({text}) != {lengths[0]}" if len(lengths) == 1 else f"len({text}) not in {lengths}"
    code.guard(f"not {text}.isdecimal() or {wrong}", f"expected {' or '.join(map(str, lengths))} digits")
    return text


def units_of(texts: Sequence[str]) -> Iterator[Unit]:
    """Yield the units in which all texts may be numbers."""
    if texts and all(map(str.isdecimal, texts)):
        yield from (unit for unit, lengths in _DIGITS.items() if {len(text) for text in texts} <= set(lengths))
