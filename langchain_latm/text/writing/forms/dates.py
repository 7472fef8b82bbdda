"""Dates in national order: "05.03.2024", "3/5/2024", "March 5, 2024", "5. M\u00e4rz 2024"."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_latm.text.lexing.dates import date_layouts
from langchain_latm.text.writing.dates import date_code, dated
from langchain_latm.text.writing.form import Column, Form


class Dates(Form):
    """Writes a date as the examples do.

    A value is an ISO date, another text of three numbers whose order the values make clear, or a list of year, month
    and day. The form does not fit if the examples do not show which number is the day and which the month.

    A later date is an error if no example shows how to write it: a month whose name differs between the languages that
    fit, a day below 10 if no example shows whether it gets a zero, and another century if years have two digits.
    """

    name = "dates"
    rank = 64

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the date in the one layout that fits."""
        dates = dated(column)
        layouts = date_layouts(dates.days, [answer.strip() for answer in column.answers]) if dates else []
        if dates and len(layouts) == 1:
            yield date_code(layouts[0], dates)
