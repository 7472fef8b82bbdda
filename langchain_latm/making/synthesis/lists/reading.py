"""Reads columns as lists and numbers; the code that reads becomes part of the program."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from langchain_latm.making.synthesis.lists.cells import (
    DECIMAL,
    MOST,
    NUMBERS,
    ORDINALS,
    WHOLE,
    Reading,
    UnreadableError,
    frozen,
    hint_of,
)
from langchain_latm.making.synthesis.lists.goals import type_of
from langchain_latm.making.synthesis.lists.records import fixed, records, written
from langchain_latm.making.synthesis.lists.term import ValueType
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.text.json_values import is_number

_NUMBER_IN_TEXT: Final = re.compile(r"(?<![\w.])-?(?:0|[1-9]\d{0,15})(?:\.\d{1,12})?(?![\w.]\d)(?!\w)")
_SEPARATORS: Final = (", ", ",", "; ", ";", " | ", "|", " - ", "/", "-", " ")
_RESERVED: Final = frozenset({
    *dir(builtins), *keyword.kwlist, "calendar", "decimal", "json", "math", "operator", "re", "statistics", "match",
    "value", "values", "index", "item", "other", "digit", "divisor", "following", "run", *ORDINALS,
})  # fmt: skip
"""Names that a variable named after a word of the cells may not have."""


def are_lists(problem: Problem) -> bool:
    """Whether a column of a problem holds lists or texts of lists."""
    rows = [row for row, _ in problem.examples]
    return any(all(_is_list(row[column]) for row in rows) for column in (rows[0] if rows else ()))


def _is_list(cell: Any) -> bool:
    if not isinstance(cell, str):
        return isinstance(cell, list)
    return cell[:1] == "[" and any(_reads(_json_list("", "text", value_type), [cell]) for value_type in _PYTHON)


def readings(column: str, parameter: str, cells: Sequence[Any]) -> Iterator[Reading]:
    """Yield the ways to read a column, the most specific first.

    Args:
        column: Name of the column.
        parameter: Name of the function's parameter.
        cells: All cells of the column.
    """
    if all(isinstance(cell, list) for cell in cells):
        value_types = {type_of(frozen(item)) for cell in cells for item in cell}
        if (
            len(value_types) <= 1
            and value_types <= {"number", "text", "flag"}
            and all(len(cell) <= MOST for cell in cells)
        ):
            yield _plain(column, parameter, "list", f"list[{hint_of(item for cell in cells for item in cell)}]", list)
        yield from records(column, parameter, cells)
        yield from fixed(column, parameter, cells)
    elif all(isinstance(cell, bool) for cell in cells):
        yield _plain(column, parameter, "flag", "bool", bool)
    elif all(map(is_number, cells)):
        yield _plain(column, parameter, "number", hint_of(cells), (int, float))
    elif all(isinstance(cell, str) and len(cell) <= MOST for cell in cells):
        yield from _texts(column, parameter, cells)


def _plain(column: str, parameter: str, value_type: ValueType, hint: str, types: Any) -> Reading:
    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, types):
            raise UnreadableError
        return (frozen(cell),)

    return Reading(column, (parameter,), (value_type,), hint, (), parse)


def _texts(column: str, parameter: str, cells: Sequence[str]) -> Iterator[Reading]:
    if all(cell[:1] == "[" and cell[-1:] == "]" for cell in cells):
        for value_type in ("number", "text", "flag"):
            reading = _json_list(column, parameter, value_type)
            if _reads(reading, cells):
                yield reading
                return
        return
    if all(WHOLE.fullmatch(cell) for cell in cells):
        yield _number(column, parameter, "int", WHOLE)
    elif all(WHOLE.fullmatch(cell) or DECIMAL.fullmatch(cell) for cell in cells):
        yield _number(column, parameter, "float", NUMBERS[1])
    else:
        yield from _separated(column, parameter, cells)
        yield from _template(column, parameter, cells)
        yield from written(column, parameter, cells)
    yield _plain(column, parameter, "text", "str", str)


def _reads(reading: Reading, cells: Sequence[Any]) -> bool:
    try:
        for cell in cells:
            reading.parse(cell)
    except UnreadableError:
        return False
    return True


_PYTHON: Final[dict[ValueType, str]] = {"number": "int | float", "text": "str", "flag": "bool"}


def _json_list(column: str, parameter: str, value_type: ValueType) -> Reading:
    name = "values" if parameter != "values" else "items"

    def parse(cell: Any) -> tuple[Any, ...]:
        try:
            value = json.loads(cell)
        except (ValueError, TypeError, RecursionError):
            raise UnreadableError from None
        if not isinstance(value, list) or {type_of(frozen(item)) for item in value} - {value_type}:
            raise UnreadableError
        return (frozen(value),)

    statements = (
        f"{name} = json.loads({parameter})",
        f"if not isinstance({name}, list) or not all(isinstance(value, {_PYTHON[value_type]}) for value in {name}):",
        f"    raise ValueError(f'expected a list of {value_type}s: {{{parameter}!r}}')",
    )
    return Reading(column, (name,), ("list",), "str", statements, parse, "json")


def _number(column: str, parameter: str, python_type: str, pattern: re.Pattern[str]) -> Reading:
    name = "number" if parameter != "number" else "amount"
    read = int if python_type == "int" else float

    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, str) or not pattern.fullmatch(cell):
            raise UnreadableError
        return (read(cell),)

    return Reading(column, (name,), ("number",), "str", (f"{name} = {python_type}({parameter})",), parse)


def _separated(column: str, parameter: str, cells: Sequence[str]) -> Iterator[Reading]:
    for separator in _SEPARATORS:
        items = [cell.split(separator) if cell else [] for cell in cells]
        if sum(len(each) > 1 for each in items) * 2 < len(cells):
            continue
        if not all(item and item == item.strip() for each in items for item in each):
            continue
        numbers = all(WHOLE.fullmatch(item) for each in items for item in each)
        if numbers or all(re.fullmatch(r"[^\W\d_][\w'.-]*", item) for each in items for item in each):
            yield _list_text(column, parameter, separator, numbers=numbers)
            return


def _list_text(column: str, parameter: str, separator: str, *, numbers: bool) -> Reading:
    name = "values" if numbers else "words"
    name = name if parameter != name else "items"

    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, str):
            raise UnreadableError
        items = cell.split() if separator == " " else cell.split(separator) if cell else []
        if numbers and not all(map(WHOLE.fullmatch, items)):
            raise UnreadableError
        return (tuple(map(int, items)) if numbers else tuple(items),)

    split = f"{parameter}.split()" if separator == " " else f"{parameter}.split({separator!r})"
    guard = "" if separator == " " else f" if {parameter} else []"
    if numbers:
        guarded = split if separator == " " else f"({split}{guard})" if guard else split
        text = f"{name} = [int(part) for part in {guarded}]"
    else:
        text = f"{name} = {split}{guard}"
    return Reading(column, (name,), ("list",), "str", (text,), parse, separator)


def _template(column: str, parameter: str, cells: Sequence[str]) -> Iterator[Reading]:
    """Yield a reading of numbers among constant words: `hour 8, minute 30`."""
    frames = {_NUMBER_IN_TEXT.sub("\0", cell) for cell in cells}
    if len(frames) != 1:
        return
    words = frames.pop().split("\0")
    if not 2 <= len(words) <= len(ORDINALS) + 1 or not any(words):  # noqa: PLR2004 - one number or more
        return
    found = [_NUMBER_IN_TEXT.findall(cell) for cell in cells]
    whole = all(WHOLE.fullmatch(number) for each in found for number in each)
    gap = r"(-?\d+)" if whole else r"(-?\d+(?:\.\d+)?)"
    pattern = gap.join(map(re.escape, words)).replace(r"\ ", " ")
    compiled = re.compile(pattern, re.ASCII)
    read = int if whole else float
    names = names_of_gaps(words[:-1], {parameter})

    def parse(cell: Any) -> tuple[Any, ...]:
        match = compiled.fullmatch(cell) if isinstance(cell, str) else None
        if match is None:
            raise UnreadableError
        return tuple(map(read, match.groups()))

    statements = (
        f"match = re.fullmatch({pattern!r}, {parameter}, re.ASCII)",
        f"if match is None:\n    raise ValueError(f'not of the form of the examples: {{{parameter}!r}}')",
        f"{', '.join(names)}{',' if len(names) == 1 else ''} = map({read.__name__}, match.groups())",
    )
    value_types: list[ValueType] = ["number" for _ in names]
    reading = Reading(column, names, tuple(value_types), "str", statements, parse)
    if _reads(reading, cells):
        yield reading


def names_of_gaps(before: Sequence[str], taken: AbstractSet[str]) -> tuple[str, ...]:
    """Name the gaps of a form after the words before them.

    Args:
        before: The text before each gap.
        taken: Names that are not free.
    """
    names: list[str] = []
    busy = {*_RESERVED, *taken}
    for number, text in enumerate(before):
        word = re.search(r"([a-z]{1,20})\W*$", text.lower())
        name = word[1] if word and word[1] not in busy else ORDINALS[number]
        busy.add(name)
        names.append(name)
    return tuple(names)


def parsed_row(row: Mapping[str, Any], chosen: Sequence[Reading]) -> list[Any]:
    """Read a row: one value for each name of the readings.

    Raises:
        UnreadableError: A cell is missing or does not fit the reading of its column.
    """
    values: list[Any] = []
    for reading in chosen:
        if reading.column not in row:
            raise UnreadableError(reading.column)
        values += reading.parse(row[reading.column])
    return values
