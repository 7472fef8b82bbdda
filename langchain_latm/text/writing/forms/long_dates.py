"""Dates with more than day, month and year: "Tuesday, 5 March 2024", "March 5th, 2024", "05.03.2024 07:05"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from langchain_latm.text.lexing.dates import date_layouts
from langchain_latm.text.lexing.weekdays import WEEKDAYS
from langchain_latm.text.writing.dates import date_code, dated
from langchain_latm.text.writing.form import Column, Form

_WEEKDAY: Final = "\ue000"
_ORDINAL: Final = "\ue001"
_TIME: Final = "\ue002"
"""Private-use characters, each for a part of an answer that changes with the date."""
_LENGTHS: Final = (None, 3, 2)
"""Number of letters of a weekday's name; None for all."""
_ENDING: Final = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_ORDINAL_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})(st|nd|rd|th)(?![a-z])")
_LONGER: Final = (19, 16)
"""Lengths of an ISO date and time, with seconds and without."""
_TIME_AT: Final = 11


class _Part(NamedTuple):
    """The parts of all answers besides day, month and year.

    Attributes:
        answers: The answers, with a sign in the place of each part.
        code: For each sign, the code that writes its part.
        refusing: The condition under which no example shows the part; may be empty.
    """

    answers: Sequence[str]
    code: dict[str, str]
    refusing: str = ""


class LongDates(Form):
    """Writes a date with its weekday, with an English ordinal for the day, or with its time of the 24 hour clock.

    Names of weekdays are written in full, or with their first two or three letters. A name that differs between the
    languages that fit is an error.
    """

    name = "long_dates"
    rank = 63

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the date in the one layout that fits."""
        dates = dated(column)
        if dates is None:
            return
        plain = _Part([answer.strip() for answer in column.answers], {})
        for part in _with_weekdays(_with_times(_with_ordinals(plain, dates.days), column), dates.days):
            layouts = date_layouts(dates.days, part.answers) if part.code else []
            if len(layouts) == 1:
                yield date_code(layouts[0], dates, part.code, [part.refusing] if part.refusing else [])


def _with_ordinals(part: _Part, days: Sequence[date]) -> _Part:
    """Add the endings of ordinals, if each answer has the one that fits its day."""
    for answer, day in zip(part.answers, days, strict=True):
        found = _ORDINAL_DAY.search(answer)
        if found is None or found.groups() != (str(day.day), _ENDING.get(day.day, "th")):
            return part
    answers = [_ORDINAL_DAY.sub(rf"\1{_ORDINAL}", answer, count=1) for answer in part.answers]
    return _Part(answers, {**part.code, _ORDINAL: f"{_ENDING!r}.get(day.day, 'th')"})


def _with_times(part: _Part, column: Column) -> _Part:
    """Add the times of values, if each value has one and its answer has it too."""
    for end in _LONGER:
        times = [str(value)[_TIME_AT:end] for value in column.values]
        if all(time and time in answer for time, answer in zip(times, part.answers, strict=True)):
            answers = [answer.replace(time, _TIME, 1) for time, answer in zip(times, part.answers, strict=True)]
            return _Part(answers, {**part.code, _TIME: f"str(value)[{_TIME_AT}:{end}]"})
    return part


def _with_weekdays(part: _Part, days: Sequence[date]) -> Iterator[_Part]:
    """Yield the answers unchanged, and with a sign for the name of the weekday if each answer has it."""
    yield part
    for length in _LENGTHS:
        tables = [tuple(name[:length] for name in names) for names in WEEKDAYS.values()]
        fitting = [
            each for each in tables if all(map(_has_weekday, part.answers, [each[day.weekday()] for day in days]))
        ]
        if fitting:
            names = tuple(each[0] if len(set(each)) == 1 else "" for each in zip(*fitting, strict=True))
            answers = [
                re.sub(rf"(?<!\w){re.escape(names[day.weekday()])}(?!\w)", _WEEKDAY, answer, count=1)
                for answer, day in zip(part.answers, days, strict=True)
            ]
            refusing = f"not {names!r}[day.weekday()]" if "" in names else ""
            yield _Part(answers, {**part.code, _WEEKDAY: f"{names!r}[day.weekday()]"}, refusing)


def _has_weekday(answer: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", answer) is not None
