"""Times with AM and PM in the 24 hour clock: "19:05" for 7:05 PM, "19.05 Uhr", "19h05"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from langchain_latm.text.writing.clock import time_writing
from langchain_latm.text.writing.form import Column, Form

_READ: Final = r"(\d{1,2})(?:[:.](\d\d))?(?:[:.](\d\d))?\s*([AaPp])\.?\s?[Mm]\.?"


class DayHours(Form):
    """Writes a text of a time with AM or PM as a time of the 24 hour clock.

    An hour below 10 is an error if no example shows whether it has a leading zero.
    """

    name = "day_hours"
    rank = 22

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the time in the style of the answers."""
        if not column.holds_texts or not all(re.fullmatch(_READ, value.strip()) for value in column.values):
            return
        writing = time_writing([answer.strip() for answer in column.answers], None)
        if writing is not None:
            yield (
                f"hour, minute, second, half = re.fullmatch({_READ!r}, value.strip()).groups()\n"
                "if not 1 <= int(hour) <= 12 or int(minute or 0) > 59:\n"
                "    raise ValueError('expected a time of half a day')\n"
                "hour, minute = int(hour) % 12 + 12 * (half in 'Pp'), int(minute or 0)\n"
                f"{writing.code()}"
            )
