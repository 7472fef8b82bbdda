"""Times of the 24 hour clock with AM and PM: "7:05 PM" for 19:05, "07:05 p.m.", "\u5348\u5f8c7:05"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from langchain_latm.text.lexing.times import MINUTES_OF_AN_HOUR
from langchain_latm.text.writing.clock import HALVES, time_writing
from langchain_latm.text.writing.form import Column, Form

_READ: Final = r"(?:[^:]*[T ])?(\d{1,2}):(\d\d)(?::(\d\d))?"
_OF_TEXT: Final = f"""\
hour, minute, second = re.fullmatch({_READ!r}, str(value)).groups()
hour, minute = int(hour), int(minute)
if hour > 23:
    raise ValueError('expected a time of a day')"""


class TwelveHours(Form):
    """Writes a time of the 24 hour clock, or the minutes or hours since midnight, with AM or PM.

    A value is a text of a time, with or without a date before it, or a number. An hour below 10 is an error if no
    example shows whether it has a leading zero.
    """

    name = "twelve_hours"
    rank = 21

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the time in the style of the answers."""
        if column.holds_texts and all(re.fullmatch(_READ, value) for value in column.values):
            reads = [_OF_TEXT]
        elif column.holds_numbers:
            reads = [
                f"hour, minute = divmod(round({unit}) % {24 * MINUTES_OF_AN_HOUR}, {MINUTES_OF_AN_HOUR})\nsecond = ''"
                for unit in ("value", f"value * {MINUTES_OF_AN_HOUR}")
            ]
        else:
            return
        for halves in HALVES:
            writing = time_writing([answer.strip() for answer in column.answers], halves)
            if writing is not None:
                yield from (f"{read}\n{writing.code()}" for read in reads)
