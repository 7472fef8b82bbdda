"""Reads dates in any common order, with names of months, and writes their parts."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.date_names import MONTHS
from langchain_latm.making.synthesis.writing import Writer
from langchain_latm.text.lexing.weekdays import WEEKDAYS

Order = Literal["dmy", "mdy", "ymd", "ydm", "day first", "month first"]
ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd", "ydm", "day first", "month first")
_PARTS: Final = {"d": "day", "m": "month", "y": "year"}
_CENTURY: Final = 69
"""Two-digit years from this one on are of the last century, as in POSIX."""
_LONGEST: Final = 60
"""Maximum length of a text that is read as a date."""
NAME: Final = r"[^\s\d!-/:-@\[-`{-~]+"
"""A run of letters with their vowel signs, as in Hindi: everything except digits, spaces and ASCII marks."""
_LETTERS: Final = re.compile(NAME)


@dataclass(frozen=True)
class ReadDate(Operator):
    """The date that a text holds.

    Attributes:
        order: The order of day, month and year. "day first" and "month first" determine it by size if possible: a
            number over 31 is the year, and a month over 12 is the day.
        language: The language of the month's name; empty if the month is a number.
        digits: 6 or 8 for a date of that many digits without marks.
    """

    order: Order
    language: str = ""
    digits: int = 0

    @property
    def cost(self) -> float:
        """One order for all rows is simpler than a guess for each."""
        return 0.5 + 0.5 * (" " in self.order) + 0.3 * (self.order == "ydm")

    def of(self, text: str) -> date | None:
        """Return the date; None if there is none."""
        if self.digits:
            fits = len(text) == self.digits and text.isdecimal()
            return self._ordered(self.order, _cut(text, self.order)) if fits else None
        numbers = re.findall(r"\d+", text)
        if self.language:
            return self._named(text, numbers)
        if len(numbers) != 3 or max(map(len, numbers)) > 4:  # noqa: PLR2004 - day, month, year of four digits
            return None
        if " " not in self.order:
            return self._ordered(self.order, numbers)
        return self._ordered(_order(numbers, day_first=self.order == "day first"), numbers)

    def _ordered(self, order: str, numbers: Sequence[str]) -> date | None:
        parts = dict(zip(order, numbers, strict=True))
        return _date(parts["y"], int(parts["m"]), parts["d"])

    def _named(self, text: str, numbers: Sequence[str]) -> date | None:
        cut, table = _shortest(self.language), month_table(self.language)
        words = [word[:cut] for word in _LETTERS.findall(text.casefold())]
        months = [table[word] for word in words if word in table]
        if len(months) != 1 or len(numbers) != 2 or max(map(len, numbers)) > 4:  # noqa: PLR2004 - a day and a year
            return None
        day, year = numbers if int(numbers[0]) <= 31 else numbers[::-1]  # noqa: PLR2004
        return _date(year, months[0], day)

    def write(self, code: Writer, text: str) -> str:
        code.needs("from datetime import date")
        if self.digits:
            text = code.named(text)
            code.guard(f"len({text}) != {self.digits} or not {text}.isdecimal()", f"expected {self.digits} digits")
            starts = dict(zip(self.order, _spans(self.digits, self.order), strict=True))
            day, month, year = (f"int({text}[{start or ''}:{stop}])" for start, stop in map(starts.get, "dmy"))  # type: ignore[misc]
        else:
            code.needs("import re")
            found = code.local("found", f're.findall(r"\\d+", {text})')
            day, month, year = self._by_name(code, text, found) if self.language else self._by_number(code, found)
        if self.digits != 8:  # noqa: PLR2004 - with a year of four digits
            year = code.named(year, "year")
            year = code.local(
                "full_year", f"{year} if {year} > 99 else {year} + (1900 if {year} >= {_CENTURY} else 2000)"
            )
        return code.local("day_found", f"date({year}, {month}, {day})")

    def _by_name(self, code: Writer, text: str, found: str) -> tuple[str, str, str]:
        table, cut = code.constant("MONTHS", repr(month_table(self.language))), _shortest(self.language)
        names = code.local("names", f're.findall(r"{NAME}", {text}.casefold())')
        months = code.local("months", f"[{table}[name[:{cut}]] for name in {names} if name[:{cut}] in {table}]")
        code.guard(
            f"len({months}) != 1 or len({found}) != 2 or max(map(len, {found})) > 4",
            "expected a date with the name of a month",
        )
        numbers = code.local("numbers", f"[int(each) for each in {found}]")
        (day, year), _ = code.unpack(("day", "year"), f"{numbers} if {numbers}[0] <= 31 else reversed({numbers})")
        return day, f"{months}[0]", year

    def _by_number(self, code: Writer, found: str) -> tuple[str, str, str]:
        code.guard(f"len({found}) != 3 or max(map(len, {found})) > 4", "expected a date of three numbers")
        if " " not in self.order:
            names, _ = code.unpack(tuple(_PARTS[part] for part in self.order), f"map(int, {found})")
            parts = dict(zip(self.order, names, strict=True))
            return parts["d"], parts["m"], parts["y"]
        order = ("day", "month", "year") if self.order == "day first" else ("month", "day", "year")
        names, new = code.unpack(order, f"map(int, {found})")
        parts = dict(zip(order, names, strict=True))
        day, month, year = parts["day"], parts["month"], parts["year"]
        if new:
            code.line(f"if {names[0]} > 31:")
            code.line(f"    {year}, {month}, {day} = {', '.join(names)}")
            code.line(f"if {month} > 12:")
            code.line(f"    {day}, {month} = {month}, {day}")
        return day, month, year

    def says(self, what: str) -> str:
        return f"the date {what}"


def _shortest(language: str) -> int:
    """Return how many first letters distinguish the months of a language."""
    names = [name.casefold() for name in MONTHS[language]]
    return next(length for length in range(3, 12) if len({name[:length] for name in names}) == 12)  # noqa: PLR2004


def month_table(language: str) -> dict[str, int]:
    """Return the numbers of the months by the first letters of their names."""
    cut = _shortest(language)
    return {name.casefold()[:cut]: number for number, name in enumerate(MONTHS[language], 1)}


def _spans(digits: int, order: str) -> list[tuple[int, int]]:
    """Return the positions of the parts of a date in digits without marks."""
    lengths = [digits - 4 if part == "y" else 2 for part in order]
    return [(sum(lengths[:index]), sum(lengths[: index + 1])) for index in range(3)]


def _cut(digits: str, order: str) -> list[str]:
    return [digits[start:stop] for start, stop in _spans(len(digits), order)]


def _order(numbers: Sequence[str], *, day_first: bool) -> str:
    """Return the order of three numbers by their size."""
    first, second = int(numbers[0]), int(numbers[1])
    if first > 31:  # noqa: PLR2004 - no day, so the year
        return "ymd" if second <= 12 else "ydm"  # noqa: PLR2004 - no month
    if day_first:
        return "dmy" if second <= 12 else "mdy"  # noqa: PLR2004
    return "mdy" if first <= 12 else "dmy"  # noqa: PLR2004


def _date(year: str, month: int, day: str) -> date | None:
    number = int(year)
    if number < 100:  # noqa: PLR2004 - a year of two digits
        number += 1900 if number >= _CENTURY else 2000
    try:
        return date(number, month, int(day))
    except ValueError:
        return None


@dataclass(frozen=True)
class DateText(Operator):
    """A part of a date as text."""

    part: str
    language: str = "English"
    reads: ClassVar[bool] = True

    @property
    def manner(self) -> str:
        """Whether days and months have a leading zero."""
        return {"d": "bare", "m": "bare", "dd": "padded", "mm": "padded"}.get(self.part, "")

    @property
    def cost(self) -> float:
        """A part of a date costs less than a part of a text: there are fewer."""
        return _WRITTEN[self.part][0] + 0.3 * (self.language != "English")

    def of(self, day: date) -> str:
        return _text(day, self.part, self.language)

    def field(self, code: Writer, day: str) -> str:
        if self.part in {"Month", "Mon"} and self.language != "English":
            names = MONTHS[self.language]
            table = code.constant("MONTH_NAMES", repr([name if self.part == "Month" else name[:3] for name in names]))
            return code.local("month_name", f"{table}[{day}.month - 1]")
        if self.part in {"Weekday", "Wkd"} and self.language != "English":
            names = WEEKDAYS[self.language]
            table = code.constant("WEEKDAYS", repr([name if self.part == "Weekday" else name[:3] for name in names]))
            return code.local("weekday", f"{table}[{day}.weekday()]")
        if self.part == "ordinal":
            ending = f'{{1: "st", 2: "nd", 3: "rd"}}.get({day}.day % 10 * ({day}.day not in (11, 12, 13)), "th")'
            return f"{day}.day}}{{{code.local('ending', ending)}"
        if self.part == "days of month":
            code.needs("import calendar")
            return code.local("days", f"calendar.monthrange({day}.year, {day}.month)[1]")
        return _WRITTEN[self.part][1].format(day)

    def write(self, code: Writer, day: str) -> str:
        return f'f"{{{self.field(code, day)}}}"'

    def says(self, what: str) -> str:
        return f"{_WRITTEN[self.part][2]} of {what}"


_WRITTEN: Final = {
    "d": (0.6, "{}.day", "the day"),
    "dd": (0.55, "{}:%d", "the day (two digits)"),
    "m": (0.6, "{}.month", "the month"),
    "mm": (0.55, "{}:%m", "the month (two digits)"),
    "Month": (0.7, "{}:%B", "the month's name"),
    "Mon": (0.7, "{}:%b", "the month's short name"),
    "yyyy": (0.6, "{}.year:04", "the year"),
    "yy": (0.6, "{}:%y", "the year (two digits)"),
    "Weekday": (0.9, "{}:%A", "the weekday"),
    "Wkd": (0.9, "{}:%a", "the weekday's short name"),
    "ordinal": (0.9, "", "the day with its ending"),
    "day of year": (1.2, "{}:%j", "the day of the year (three digits)"),
    "day of year, bare": (1.2, "{}.timetuple().tm_yday", "the day of the year"),
    "iso week": (1.2, "{}:%V", "the ISO week (two digits)"),
    "iso weekday": (1.2, "{}.isoweekday()", "the number of the weekday from Monday"),
    "quarter": (1.1, "({}.month + 2) // 3", "the quarter"),
    "days of month": (1.3, "", "the number of days in the month"),
}


def _text(day: date, part: str, language: str) -> str:  # noqa: PLR0911 - one line a part
    if part in {"Month", "Mon"}:
        name = MONTHS[language][day.month - 1]
        return name if part == "Month" else name[:3]
    if part in {"Weekday", "Wkd"}:
        name = WEEKDAYS[language][day.weekday()]
        return name if part == "Weekday" else name[:3]
    if part == "ordinal":
        return f"{day.day}{ending(day.day)}"
    if part == "days of month":
        return str(calendar.monthrange(day.year, day.month)[1])
    if part == "quarter":
        return str((day.month + 2) // 3)
    plain = {"d": day.day, "m": day.month, "yyyy": f"{day.year:04}", "iso weekday": day.isoweekday()}
    plain["day of year, bare"] = day.timetuple().tm_yday
    if part in plain:
        return str(plain[part])
    return day.strftime({"dd": "%d", "mm": "%m", "yy": "%y", "day of year": "%j", "iso week": "%V"}[part])


def ending(number: int) -> str:
    """Return the English ending of an ordinal number."""
    return "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def readings(texts: Sequence[str]) -> Iterator[ReadDate]:
    """Yield the operators that may read some of the texts as dates."""
    short = [text for text in texts if len(text) <= _LONGEST]
    if any(len(re.findall(r"\d+", text)) == 3 for text in short):  # noqa: PLR2004 - day, month and year
        yield from map(ReadDate, ORDERS)
    for digits in (6, 8):
        if any(len(text) == digits and text.isdecimal() for text in short):
            yield from (ReadDate(order, digits=digits) for order in ORDERS[:3])
    words = {word for text in short for word in _LETTERS.findall(text.casefold())}
    for language in MONTHS:
        table, cut = month_table(language), _shortest(language)
        if any(word[:cut] in table for word in words):
            yield ReadDate("dmy", language)


def texts_of(languages: Sequence[str]) -> Iterator[DateText]:
    """Yield every part of a date, with names in some languages."""
    for part in _WRITTEN:
        yield DateText(part)
    for language in languages:
        if language != "English":
            for part in ("Month", "Mon", "Weekday", "Wkd"):
                yield DateText(part, language)


def languages_in(texts: Sequence[str]) -> list[str]:
    """Return the languages whose months or weekdays occur in texts."""
    words = {word.casefold() for text in texts for word in _LETTERS.findall(text[:2_000])}
    found = []
    for language, months in MONTHS.items():
        names = {name.casefold() for name in (*months, *WEEKDAYS.get(language, ()))}
        if words & (names | {name[:3] for name in names}):
            found.append(language)
    return found
