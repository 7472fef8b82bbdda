"""Reads rows with typed fields, such as names with prices: one list for each field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from langchain_latm.making.synthesis.lists.cells import (
    MOST,
    NUMBERS,
    ORDINALS,
    WHOLE,
    Reading,
    UnreadableError,
    hint_of,
)
from langchain_latm.making.synthesis.lists.elements import element_type
from langchain_latm.making.synthesis.lists.goals import type_of
from langchain_latm.making.synthesis.lists.term import ValueType

_BETWEEN: Final = re.compile(r"\s*(?:[\n;|]|,(?!\d))\s*")
_PAIR: Final = re.compile(r"(\S[^\n;|:=(]{0,80}?)\s*(?:[:=(]|\s[-\u2013]\s)?\s*(-?\d+(?:\.\d{1,9})?)\)?")
"""What stands between the items of a list that people write, and an item: a name with a number."""
_ONLY_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?(?:(?:\s*[,;|/]\s*|\s+)-?\d+(?:\.\d+)?){1,400}")
_MOST_FIELDS: Final = 4
_MEASURED: Final = 0.8
"""Minimum share of the texts of a field or a column that are dates, or lists."""
_NAMES: Final[Mapping[ValueType | None, str]] = {"number": "numbers", "text": "names", "flag": "flags"}
"""Names of the lists of the fields of rows."""


@dataclass(frozen=True)
class _Measure:
    """A number by which the texts of a field are compared.

    Attributes:
        name: Name of its list.
        texts: Name of the list of the texts.
        pattern: What all texts are, with a group for each part.
        parts: Names of the parts.
        code: The number in Python, of the parts as text.
        of: The same function on the host.
    """

    name: str
    texts: str
    pattern: re.Pattern[str]
    parts: tuple[str, ...]
    code: str
    of: Callable[..., int]

    def statement(self, field: str) -> str:
        """Return the statement that computes the numbers of a field."""
        return (
            f"{self.name} = [{self.code} for {', '.join(self.parts)} in "
            f'(re.findall(r"\\d+", text) for text in {field})]'
        )


def _day(year: str, month: str, day: str) -> int:
    return int(year) * 10_000 + int(month) * 100 + int(day)


_DAY: Final = "int(year) * 10_000 + int(month) * 100 + int(day)"
_MEASURES: Final = (
    _Measure(
        "days", "dates", re.compile(r"(0?[1-9]|[12]\d|3[01])([-./])(0?[1-9]|1[0-2])\2(\d{4})"),
        ("day", "month", "year"), _DAY, lambda day, month, year: _day(year, month, day),
    ),
    _Measure(
        "days", "dates", re.compile(r"(0?[1-9]|1[0-2])([-./])(0?[1-9]|[12]\d|3[01])\2(\d{4})"),
        ("month", "day", "year"), _DAY, lambda month, day, year: _day(year, month, day),
    ),
    _Measure("days", "dates", re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), ("year", "month", "day"), _DAY, _day),
    _Measure(
        "minutes", "times", re.compile(r"\d{1,2}:[0-5]\d"),
        ("hour", "minute"), "int(hour) * 60 + int(minute)", lambda hour, minute: int(hour) * 60 + int(minute),
    ),
)  # fmt: skip


def records(column: str, parameter: str, cells: Sequence[list[Any]]) -> Iterator[Reading]:
    """Yield the reading of rows with a number of typed fields: a list for each field, and for dates one to compare."""
    rows = [row for cell in cells for row in cell]
    if not all(isinstance(row, list) for row in rows) or len({len(row) for row in rows}) != 1:
        return
    fields = [*zip(*rows, strict=True)]
    types = [value_type for field in fields if (value_type := element_type((field,))) in _NAMES]
    if not 1 < len(fields) == len(types) <= _MOST_FIELDS or not all(0 < len(cell) <= MOST for cell in cells):
        return
    measured = [
        (place, measure)
        for place, field in enumerate(fields)
        if types[place] == "text" and (measure := _measure(field)) is not None
    ][:1]
    nouns = [_NAMES[each] for each in types]
    for place, measure in measured:
        nouns[place] = measure.texts
    names = [noun if nouns.count(noun) == 1 else f"{ORDINALS[place]}_{noun}" for place, noun in enumerate(nouns)]

    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, list) or not cell or not all(isinstance(row, list) for row in cell):
            raise UnreadableError
        if {len(row) for row in cell} != {len(types)}:
            raise UnreadableError
        if any(type_of(value) != wanted for row in cell for value, wanted in zip(row, types, strict=True)):
            raise UnreadableError
        lists = [*zip(*cell, strict=True)]
        return (*lists, *(tuple(map(partial(_measured, measure), lists[place])) for place, measure in measured))

    statements = [f"{', '.join(names)} = map(list, zip(*{parameter}, strict=True))"]
    statements += [measure.statement(names[place]) for place, measure in measured]
    hint = f"list[tuple[{', '.join(map(hint_of, fields))}]]"
    every = (*names, *(measure.name for _, measure in measured))
    value_types: list[ValueType] = ["list" for _ in every]
    yield Reading(column, every, tuple(value_types), hint, tuple(statements), parse)


def _measure(texts: Sequence[str]) -> _Measure | None:
    """Return the measure of most texts of a field: rows without an answer may hold anything.

    None if the order of day and month is open. With dots, the day is first.
    """
    count = {each: sum(each.pattern.fullmatch(text) is not None for text in texts) for each in _MEASURES}
    found = [each for each in _MEASURES if count[each] >= _MEASURED * len(texts)]
    return None if len(found) != 1 and not all("." in text for text in texts) else next(iter(found), None)


def _measured(measure: _Measure, text: str) -> int:
    if not measure.pattern.fullmatch(text):
        raise UnreadableError
    return measure.of(*re.findall(r"\d+", text))


def written(column: str, parameter: str, cells: Sequence[str]) -> Iterator[Reading]:
    """Yield the reading of lists in texts whose marks differ.

    They hold names with numbers, as in "ink: 6; pens: 13" and "ink (6), pens (13)", or numbers alone.
    """
    only_numbers = [cell for cell in cells if _ONLY_NUMBERS.fullmatch(cell)]
    if len(only_numbers) >= _MEASURED * len(cells):
        yield _numbers(column, parameter, only_numbers)
        return
    found = [each for cell in cells if (each := _pairs(cell)) is not None]
    if len(found) < _MEASURED * len(cells) or sum(map(len, found)) < 2 * len(found):
        return
    whole = all(WHOLE.fullmatch(number) for pairs in found for _, number in pairs)
    number_type = int if whole else float

    def parse(cell: Any) -> tuple[Any, ...]:
        pairs = _pairs(cell) if isinstance(cell, str) else None
        if pairs is None or (whole and not all(WHOLE.fullmatch(number) for _, number in pairs)):
            raise UnreadableError
        return tuple(name for name, _ in pairs), tuple(number_type(number) for _, number in pairs)

    statements = (
        f"parts = re.split(r'{_BETWEEN.pattern}', {parameter}.strip())",
        f"pairs = [re.fullmatch(r'{_PAIR.pattern}', part) for part in parts]",
        "if None in pairs:",
        f"    raise ValueError(f'expected names with numbers: {{{parameter}!r}}')",
        "names = [pair[1] for pair in pairs]",
        f"numbers = [{number_type.__name__}(pair[2]) for pair in pairs]",
    )
    yield Reading(column, ("names", "numbers"), ("list", "list"), "str", statements, parse)


def _numbers(column: str, parameter: str, cells: Sequence[str]) -> Reading:
    whole = not any("." in cell for cell in cells)
    number_type, pattern = (int, r"-?\d+") if whole else (float, r"-?\d+(?:\.\d+)?")
    name = "numbers" if parameter != "numbers" else "items"

    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, str) or not _ONLY_NUMBERS.fullmatch(cell) or (whole and "." in cell):
            raise UnreadableError
        return (tuple(map(number_type, re.findall(pattern, cell))),)

    statements = (
        f"if not re.fullmatch(r'{_ONLY_NUMBERS.pattern}', {parameter}):",
        f"    raise ValueError(f'expected numbers: {{{parameter}!r}}')",
        f"{name} = [{number_type.__name__}(number) for number in re.findall(r'{pattern}', {parameter})]",
    )
    return Reading(column, (name,), ("list",), "str", statements, parse)


def _pairs(text: str) -> list[tuple[str, str]] | None:
    """Return the names with their numbers; None if a part of the text is something else."""
    found = [_PAIR.fullmatch(part) for part in _BETWEEN.split(text.strip())] if len(text) <= MOST else []
    return [(each[1], each[2]) for each in found if each] if found and None not in found else None


def fixed(column: str, parameter: str, cells: Sequence[list[Any]]) -> Iterator[Reading]:
    """Yield the reading of lists that hold as many texts in all rows, some of them numbers: one value for each."""
    if len({len(cell) for cell in cells}) != 1 or not all(isinstance(item, str) for cell in cells for item in cell):
        return
    fields = [*zip(*cells, strict=True)]
    patterns = [next((each for each in NUMBERS if all(map(each.fullmatch, field))), None) for field in fields]
    if not 1 < len(fields) <= len(ORDINALS) or not any(patterns):
        return
    if any(item.isdecimal() and not WHOLE.fullmatch(item) for field in fields for item in field):
        return  # a leading zero shows digits of codes, such as the groups of a card's number
    names = ORDINALS[: len(fields)]
    reads = [None if each is None else int if each is WHOLE else float for each in patterns]

    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, list) or len(cell) != len(names):
            raise UnreadableError
        for item, pattern in zip(cell, patterns, strict=True):
            if not isinstance(item, str) or not (pattern is None or pattern.fullmatch(item)):
                raise UnreadableError
        return tuple(item if read is None else read(item) for item, read in zip(cell, reads, strict=True))

    statements = (
        f"{', '.join(names)} = {parameter}",
        *(f"{name} = {read.__name__}({name})" for name, read in zip(names, reads, strict=True) if read),
    )
    value_types: list[ValueType] = ["text" if read is None else "number" for read in reads]
    yield Reading(column, names, tuple(value_types), "list[str]", statements, parse)
