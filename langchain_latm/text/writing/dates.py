"""Shared by the forms that write dates: the dates of values, and code that writes them in a layout."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from langchain_latm.text.lexing.dates import DateLayout, DatePart, Part, numeric_dates
from langchain_latm.text.writing.form import Column

_TELLING: Final = 2
"""Minimum number of different dates that tell the text around dates from a part of them."""
_PARTS: Final = 3
_ISO: Final = "datetime.date.fromisoformat(str(value)[:10])"


class Dated(NamedTuple):
    """The dates of a column of values.

    Attributes:
        days: In the order of the values.
        read: Code that reads a later value; it raises an error for a value that is not a date.
    """

    days: Sequence[date]
    read: str


def dated(column: Column) -> Dated | None:
    """Return the dates of a column; None if a value is not a date, or all are the same."""
    found = [_date(value) for value in column.values]
    known: Sequence[date] = [each for each in found if each is not None]
    read = "datetime.date(*value)" if isinstance(column.values[0], list) else _ISO
    if not known and column.holds_texts and (numeric := numeric_dates(column.values)):
        order, known = numeric
        read = _reading(order)
    if len(known) < len(found) or len(set(known)) < _TELLING:
        return None
    return Dated(known, read)


def _date(value: Any) -> date | None:
    """Return the date of a value; None if it is not one."""
    try:
        if isinstance(value, str):
            bare = re.split("[T ]", value, maxsplit=1)[0]
            return date.fromisoformat(bare) if value[4:5] == "-" else None
        if isinstance(value, list) and len(value) == _PARTS and all(type(each) is int for each in value):
            return date(*value)
    except ValueError:
        pass
    return None


def _reading(order: tuple[Part, ...]) -> str:
    """Return code that reads a date of three numbers; it raises an error for other texts."""
    pattern = "[-/. ]".join("([0-9]{4})" if part == "year" else "([0-9]{1,2})" for part in order)
    places = tuple(order.index(part) + 1 for part in ("year", "month", "day"))
    return f"datetime.date(*(int(re.fullmatch({pattern!r}, value)[i]) for i in {places}))"


def date_code(
    layout: DateLayout, dates: Dated, parts: Mapping[str, str] | None = None, refusing: Sequence[str] = ()
) -> str:
    """Return code that writes `value` in a layout.

    Args:
        layout: The layout that fits the examples.
        dates: The dates of the examples.
        parts: For each sign in the texts between the parts of the date, the code to replace it with, which may use the
            date as `day`.
        refusing: Conditions on `day` under which no example shows how the date is written.
    """
    lines = [f"day = {dates.read}"]
    if any(part.form == "name" for part in layout.parts):
        lines.append(f"month = {layout.months!r}[day.month - 1]")
    refused = [_refused(part, dates.days) for part in layout.parts]
    refused += [*["not month"] * ("" in layout.months), *refusing]
    if any(refused):
        lines += [
            f"if {' or '.join(filter(None, refused))}:",
            "    raise ValueError(f'no example shows how the date {value} is written')",
        ]
    written = [_written(part) for part in layout.parts]
    first, second, third, last = (_between(text, parts or {}) for text in layout.between)
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


def _between(text: str, parts: Mapping[str, str]) -> str:
    """Return code for a text in which signs are replaced with code; empty for an empty text."""
    pieces = re.split(f"([{''.join(parts)}])", text) if parts else [text]
    return " + ".join(parts.get(piece) or repr(piece) for piece in pieces if piece)
