"""Lengths of time from a number: "1:05:09", "2 days, 07:30", "1 h 5 min", "90 min"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from langchain_latm.text.writing.form import Column, Form

_SECONDS: Final = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_ORDER: Final = tuple(_SECONDS)
_NUMBER: Final = re.compile(r"\d+")
_BEGINNINGS: Final = {
    "d": "days",
    "t": "days",
    "j": "days",
    "h": "hours",
    "st": "hours",
    "s": "seconds",
    "m": "minutes",
}
"""First letters of units: days, Tage, jours; hours, heures, Stunden; seconds, Sekunden, segundos; minutes."""
_LEAST_PARTS: Final = 2
_MOST_PARTS: Final = 4


class _Layout(NamedTuple):
    """How a length of time is written.

    Attributes:
        units: Units of the numbers, from the largest.
        between: The texts before, between and after the numbers.
        widths: Minimum number of digits of each number.
    """

    units: tuple[str, ...]
    between: tuple[str, ...]
    widths: tuple[int, ...]


class Durations(Form):
    """Writes a number of seconds, minutes or hours as a length of time in two units or more.

    All examples have the same units with the same text between them. A number has two digits after a colon, or if an
    example has a leading zero there. A negative number is an error.
    """

    name = "durations"
    rank = 24

    def writings(self, column: Column) -> Iterator[str]:
        """Yield code for each unit that the values may have."""
        layout = _layout([answer.strip() for answer in column.answers])
        if layout is None or not column.holds_numbers:
            return
        for unit in ("seconds", "minutes", "hours"):
            yield _code(layout, _SECONDS[unit])


def _layout(answers: Sequence[str]) -> _Layout | None:
    between = {tuple(_NUMBER.split(answer)) for answer in answers}
    if len(between) > 1 or not _LEAST_PARTS < len(texts := between.pop()) <= _MOST_PARTS + 1:
        return None
    units = _units(texts)
    if units is None:
        return None
    columns = list(zip(*(_NUMBER.findall(answer) for answer in answers), strict=True))
    padded = [any(number[0] == "0" and len(number) > 1 for number in column) for column in columns]
    widths = tuple(2 if is_padded or text.strip() == ":" else 1 for is_padded, text in zip(padded, texts, strict=False))
    return _Layout(units, texts, widths)


def _units(between: Sequence[str]) -> tuple[str, ...] | None:
    """Return the unit of each number: its name follows, or it is next in order, as in "7:30" and "2 days, 07:30"."""
    named = [_unit(text.strip(" ,.").casefold()) for text in between[1:]]
    first = named[0]
    if None not in named:
        places = [_ORDER.index(name) for name in named if name]
        return tuple(_ORDER[place] for place in places) if places == sorted(set(places)) else None
    clock = len([text for text in between if text.strip() == ":"])
    if named[1:].count(None) < len(named) - 1 or clock != len(between) - 2 - (first is not None):
        return None
    start = 0 if first == "days" else 1 if first is None else None
    return None if start is None or start + len(named) > len(_ORDER) else _ORDER[start : start + len(named)]


def _unit(text: str) -> str | None:
    return next((unit for beginning, unit in _BEGINNINGS.items() if text.startswith(beginning)), None)


def _code(layout: _Layout, factor: int) -> str:
    lines = [
        f"rest = round(value * {factor})",
        "if rest < 0:\n    raise ValueError('no example shows a negative length of time')",
    ]
    smallest = _SECONDS[layout.units[-1]]
    if smallest > 1:
        lines.append(f"if rest % {smallest}:\n    raise ValueError('no example shows a part of a unit')")
    names = []
    for place, unit in enumerate(layout.units):
        names.append(f"part_{place}")
        lines.append(f"part_{place}, rest = divmod(rest, {_SECONDS[unit]})")
    written = [f"format(part_{place}, '0{width}')" for place, width in enumerate(layout.widths)]
    pieces = [repr(layout.between[0]) if layout.between[0] else ""]
    for text, number in zip(layout.between[1:], written, strict=True):
        pieces += [number, repr(text) if text else ""]
    return "\n".join([*lines, " + ".join(filter(None, pieces))])
