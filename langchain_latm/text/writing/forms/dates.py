"""Dates in national order: "05.03.2024", "3/5/2024", "March 5, 2024", "5. M\u00e4rz 2024"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from langchain_latm.text.lexing.dates import DateLayout, DatePart, Part, date_layouts, numeric_dates
from langchain_latm.text.writing.form import Column, Form

_LEAST_DIFFERENT = 2
"""Minimum number of different dates that separate them from the text around them."""
_PARTS = 3
_ISO = "datetime.date.fromisoformat(str(value)[:10])"


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
        dates = [_date(value) for value in column.values]
        known = [each for each in dates if each is not None]
        read = "datetime.date(*value)" if isinstance(column.values[0], list) else _ISO
        if not known and column.holds_texts and (numeric := numeric_dates(column.values)):
            order, known = numeric
            read = _reading(order)
        if len(known) < len(dates) or len(set(known)) < _LEAST_DIFFERENT:
            return
        layouts = date_layouts(known, [answer.strip() for answer in column.answers])
        if len(layouts) == 1:
            yield _code(layouts[0], known, read)


def _date(value: Any) -> date | None:
    """Read a value; None if it is not a date."""
    try:
        if isinstance(value, str):
            return date.fromisoformat(value.partition("T")[0]) if value[4:5] == "-" else None
        if isinstance(value, list) and len(value) == _PARTS and all(type(each) is int for each in value):
            return date(*value)
    except ValueError:
        pass
    return None


def _reading(order: tuple[Part, ...]) -> str:
    """Return code that reads a date of three numbers; it raises for other texts."""
    pattern = "[-/. ]".join("([0-9]{4})" if part == "year" else "([0-9]{1,2})" for part in order)
    places = tuple(order.index(part) + 1 for part in ("year", "month", "day"))
    return f"datetime.date(*(int(re.fullmatch({pattern!r}, value)[i]) for i in {places}))"


def _code(layout: DateLayout, dates: Sequence[date], read: str) -> str:
    lines = [f"day = {read}"]
    if any(part.form == "name" for part in layout.parts):
        lines.append(f"month = {layout.months!r}[day.month - 1]")
    refused = [_refused(part, dates) for part in layout.parts]
    refused += ["not month"] * ("" in layout.months)
    if any(refused):
        lines += [
            f"if {' or '.join(filter(None, refused))}:",
            "    raise ValueError(f'no example shows how the date {value} is written')",
        ]
    written = [_written(part) for part in layout.parts]
    first, second, third, last = (repr(text) if text else "" for text in layout.between)
    texts = [first, written[0], second, written[1], third, written[2], last]
    return "\n".join([*lines, " + ".join(filter(None, texts))])


def _refused(part: DatePart, dates: Sequence[date]) -> str:
    if part.form == "open":
        return f"day.{part.part} < 10"
    if part.form == "short":
        return f"day.year // 100 not in {sorted({each.year // 100 for each in dates})}"
    return ""


def _written(part: DatePart) -> str:
    if part.form == "name":
        return "month"
    if part.form == "short":
        return "f'{day.year % 100:02}'"
    width = {"long": ":04", "padded": ":02"}.get(part.form, "")
    return f"f'{{day.{part.part}{width}}}'"
