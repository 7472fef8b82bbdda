"""Clock times: 12 and 24 hours, optional seconds, time zones, and shifts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, NamedTuple

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_TIME: Final = r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp])\.?[Mm])?"
_DAY: Final = 24 * 60
ZONES: Final = {
    "UTC": 0, "GMT": 0, "WET": 0, "Z": 0, "BST": 60, "CET": 60, "WEST": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "MSK": 180, "IST": 330, "JST": 540, "KST": 540, "AEST": 600, "NST": -210, "AST": -240, "ADT": -180, "EST": -300,
    "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540,
    "HST": -600,
}  # fmt: skip
"""Minutes from UTC by common abbreviations."""


class Clock(NamedTuple):
    """A time of day; `second` is None if the text had no seconds."""

    hour: int
    minute: int
    second: int | None


@dataclass(frozen=True)
class ReadTime(Operator):
    """The first clock time in a text, with or without AM and PM."""

    cost: ClassVar[float] = 0.6  # less than a part of a text: a time is unmistakable

    def of(self, text: str) -> Clock | None:
        found = re.search(_TIME, text)
        if found is None:
            return None
        hour, minute = int(found[1]), int(found[2])
        if found[4]:
            afternoon = found[4] in "Pp"
            if hour > (23 if afternoon else 12):  # "13:05 PM" can only be one time
                return None
            hour = hour % 12 + 12 * afternoon
        second = int(found[3]) if found[3] else None
        return Clock(hour, minute, second) if hour <= 23 and minute <= 59 and (second or 0) <= 59 else None  # noqa: PLR2004

    def write(self, code: Writer, text: str) -> str:
        """Write the search, and return the name of the hour."""
        code.needs("import re")
        time = code.local("time", f're.search(r"{_TIME}", {text})')
        code.guard(f"not {time}", "expected a time")
        (hour, minute), new = code.unpack(("hour", "minute"), f"int({time}[1]), int({time}[2])")
        if new:
            code.line(f"if {time}[4]:")
            code.line(f'    afternoon = {time}[4] in "Pp"')
            code.line(f"    if {hour} > (23 if afternoon else 12):")
            code.line('        raise ValueError("expected an hour up to 12")')
            code.line(f"    {hour} = {hour} % 12 + 12 * afternoon")
        code.guard(f'{hour} > 23 or {minute} > 59 or int({time}[3] or "0") > 59', "expected a time of a day")
        return f"{hour}, {minute}, {time}[3]"

    def says(self, what: str) -> str:
        return f"the time in {what}"


@dataclass(frozen=True)
class ReadDigits(Operator):
    """The clock time that four digits are: hours and minutes, `0620`; six have seconds too."""

    digits: int

    cost: ClassVar[float] = 0.7  # a little more than a time with marks

    def of(self, text: str) -> Clock | None:
        if len(text) != self.digits or not (text.isascii() and text.isdecimal()):
            return None
        hour, minute, second = int(text[:2]), int(text[2:4]), text[4:]
        fits = hour <= 23 and minute <= 59 and int(second or 0) <= 59  # noqa: PLR2004
        return Clock(hour, minute, int(second) if second else None) if fits else None

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        fits = f"len({text}) == {self.digits} and {text}.isascii() and {text}.isdecimal()"
        code.guard(f"not ({fits})", f"expected {self.digits} digits")
        hour, minute = code.local("hour", f"int({text}[:2])"), code.local("minute", f"int({text}[2:4])")
        second = f"{text}[4:]"
        code.guard(f'{hour} > 23 or {minute} > 59 or int({second} or "0") > 59', "expected a time of a day")
        return f"{hour}, {minute}, {second}"

    def says(self, what: str) -> str:
        return f"the time in {what}"


@dataclass(frozen=True)
class AddMinutes(Operator):
    """A time some minutes later; it wraps around at midnight."""

    minutes: int

    @property
    def cost(self) -> float:
        """The number is copied from the examples; whole hours are simpler."""
        return 1.2 if self.minutes % 60 == 0 else 1.6

    def of(self, time: Clock) -> Clock:
        return _moved(time, self.minutes)

    def write(self, code: Writer, time: str) -> str:
        return _write_moved(code, time, str(self.minutes))

    def says(self, what: str) -> str:
        return f"{what} plus {self.minutes} minutes"


@dataclass(frozen=True)
class ChangeZone(Operator):
    """A time of one zone in another; zones that vary are further arguments.

    Attributes:
        source: The zone of the time, if it is the same for all rows.
        target: The zone of the result, if it is the same for all rows.
    """

    source: str = ""
    target: str = ""

    cost: ClassVar[float] = 1.5

    def of(self, time: Clock, *zones: str) -> Clock | None:
        """Return the time in the other zone; None for unknown zones."""
        source, target = self._zones(*zones)
        if source not in ZONES or target not in ZONES:
            return None
        return _moved(time, ZONES[target] - ZONES[source])

    def _zones(self, *zones: str) -> tuple[str, str]:
        rest = list(zones)
        source = self.source or rest.pop(0)
        return source, self.target or rest.pop(0)

    def write(self, code: Writer, time: str, *zones: str) -> str:
        table = code.constant("ZONES", repr(ZONES))
        for zone in zones:
            code.guard(f"{zone} not in {table}", "expected a known time zone")
        fixed = [code.literal(each) if each else "" for each in (self.source, self.target)]
        rest = list(zones)
        source, target = (each or rest.pop(0) for each in fixed)
        return _write_moved(code, time, f"{table}[{target}] - {table}[{source}]")

    def says(self, what: str, *zones: str) -> str:
        source, target = self._zones(*zones)
        return f"{what} of zone {source} in zone {target}"


def _moved(time: Clock, minutes: int) -> Clock:
    moved = (time.hour * 60 + time.minute + minutes) % _DAY
    return Clock(moved // 60, moved % 60, time.second)


def _write_moved(code: Writer, time: str, minutes: str) -> str:
    hour, minute, second = time.split(", ")
    moved = code.local("moved", f"({hour} * 60 + {minute} + {minutes}) % {_DAY}")
    return f"{moved} // 60, {moved} % 60, {second}"


@dataclass(frozen=True)
class ClockText(Operator):
    """A part of a time as text."""

    part: str
    reads: ClassVar[bool] = True

    @property
    def manner(self) -> str:
        """Whether the hour has a leading zero."""
        return {"HH": "padded", "hh": "padded"}.get(self.part, "")

    @property
    def cost(self) -> float:
        """A part of a time costs less than a part of a text: there are fewer."""
        return _COSTS[self.part]

    def of(self, time: Clock) -> str | None:
        twelve = (time.hour - 1) % 12 + 1
        second = None if time.second is None else f"{time.second:02}"
        return {
            "HH": f"{time.hour:02}",
            "H": str(time.hour),
            "hh": f"{twelve:02}",
            "h": str(twelve),
            "MM": f"{time.minute:02}",
            "SS": second,
            ":SS if given": "" if second is None else f":{second}",
            "SS or 00": second or "00",
            "AM": "AM" if time.hour < 12 else "PM",  # noqa: PLR2004
            "am": "am" if time.hour < 12 else "pm",  # noqa: PLR2004
        }[self.part]

    def field(self, code: Writer, time: str) -> str:
        hour, minute, second = time.split(", ")
        if self.part in {"HH", "H", "MM"}:
            value = code.named(minute if self.part == "MM" else hour, "minute" if self.part == "MM" else "hour")
            return value if self.part == "H" else f"{value}:02"
        if self.part in {"hh", "h"}:
            value = code.local("hour_of_12", f"({hour} - 1) % 12 + 1")
            return value if self.part == "h" else f"{value}:02"
        if self.part in {"AM", "am"}:
            return code.local("half", f'"{self.part}" if {hour} < 12 else "{"PM" if self.part == "AM" else "pm"}"')
        if self.part == "SS":
            code.guard(f"not {second}", "expected a time with seconds")
            return second
        if self.part == "SS or 00":
            return code.local("second", f'{second} or "00"')
        return code.local("seconds", f'f":{{{second}}}" if {second} else ""')

    def write(self, code: Writer, time: str) -> str:
        return f'f"{{{self.field(code, time)}}}"'

    def says(self, what: str) -> str:
        return f"{self.part} of {what}"


_COSTS: Final = {
    "HH": 0.5,
    "H": 0.6,
    "hh": 0.55,
    "h": 0.6,
    "MM": 0.5,
    "SS": 0.5,
    ":SS if given": 0.6,
    "SS or 00": 0.8,
    "AM": 0.6,
    "am": 0.6,
}
CLOCK_PARTS: Final = tuple(map(ClockText, _COSTS))


@dataclass(frozen=True)
class MinutesOf(Operator):
    """A time in minutes since midnight."""

    cost: ClassVar[float] = 0.5  # less than arithmetic

    def of(self, time: Clock) -> Decimal:
        return Decimal(time.hour * 60 + time.minute)

    def write(self, code: Writer, time: str) -> str:
        hour, minute, _ = time.split(", ")
        return code.local("minutes", f"{hour} * 60 + {minute}", whole=True)

    def says(self, what: str) -> str:
        return f"the minutes since midnight of {what}"


def holds_times(texts: Sequence[str]) -> bool:
    """Whether some text holds a clock time."""
    return any(re.search(_TIME, text) for text in texts)
