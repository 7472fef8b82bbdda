"""Whole numbers as English ordinals: "1st", "22nd", "113th"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from langchain_latm.text.writing.form import Column, Form

_CODE = """\
if isinstance(value, bool) or value != int(value) or value < 1:
    raise ValueError(f'{value} has no ordinal')
number = int(value)
ending = 'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')"""


class Ordinals(Form):
    """Writes a positive whole number as an English ordinal, with the text around it in all examples."""

    name = "ordinals"
    rank = 41

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the number with its ending."""
        found = [re.fullmatch(r"(\D*)(\d+)(st|nd|rd|th)(?![a-z])(\D*)", answer.strip()) for answer in column.answers]
        around = {(each[1], each[4]) if each else None for each in found}
        if not column.holds_numbers or len(around) > 1 or None in around:
            return
        ((before, after),) = filter(None, around)
        yield f"{_CODE}\n{before!r} + str(number) + ending + {after!r}"
