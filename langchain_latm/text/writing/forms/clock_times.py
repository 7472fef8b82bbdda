"""Clock times and spans of them: "09:30", "9:00 - 10:15"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from langchain_latm.text.lexing.times import (
    HOURS_OF_A_DAY,
    MINUTES_OF_AN_HOUR,
    between_times,
    holds_time,
    in_hours,
    read_span,
    read_time,
)
from langchain_latm.text.writing.form import AnswerForm, Column, Form

_GUARD: Final = """\
if not all(0 <= round({unit}) <= 1440 for each in {each}):
    raise ValueError("expected a time of a day")
"""
"""Refuses values that no clock shows, unless an answer does: a sum of times may go past midnight."""


class ClockTimes(Form):
    """Writes numbers of minutes or hours since midnight as times, and lists of them with a separator."""

    name = "clock_times"
    rank = 20
    offered = "alone"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for numbers if arguments are times too. One other text among the answers stands for None."""
        texts = column.answers
        others = {text for text in texts if read_time(text) is None and read_span(text) is None}
        times = [text for text in texts if text not in others]
        if column.unit is None or len(others) > 1 or not times:
            return None
        read: Callable[[str], Any] = read_time if read_time(times[0]) is not None else read_span
        minutes = {text: read(text) for text in times}
        hours = column.unit == "hours"
        values = {text: in_hours(each) if hours and each is not None else each for text, each in minutes.items()}
        if None in values.values():
            return None
        one = "float" if hours else "int"
        annotation = (one if read is read_time else f"list[{one}]") + (" | None" if others else "")
        return AnswerForm(annotation, tuple(values.get(text) for text in texts))

    def writings(self, column: Column) -> Iterator[str]:
        """Yield times of minutes and of hours, with and without a leading zero of the hour."""
        if not any(map(holds_time, column.answers)):
            return
        listed = all(isinstance(value, list) for value in column.values)
        numbers = Column((), [each for value in column.values for each in value]) if listed else column
        if not numbers.holds_numbers:
            return
        day = "" if any(map(_is_past_a_day, column.answers)) else _GUARD
        between = next(filter(None, map(between_times, column.answers)), "")
        for unit in ("each", f"each * {MINUTES_OF_AN_HOUR}"):
            for written in ("%02d:%02d", "%d:%02d"):
                time = f"{written!r} % divmod(round({unit}), {MINUTES_OF_AN_HOUR})"
                each = "([value] if isinstance(value, (int, float)) else value)"
                yield f"{day.format(each=each, unit=unit)}{between!r}.join({time} for each in {each})"


def _is_past_a_day(text: str) -> bool:
    return any(int(hours) >= HOURS_OF_A_DAY for hours in re.findall(r"(\d+):[0-5]\d", text))
