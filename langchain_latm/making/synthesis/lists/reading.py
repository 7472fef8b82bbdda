"""Columns as lists and numbers: each reader is part of the program that is found."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from langchain_latm.making.synthesis.lists.goals import kind_of
from langchain_latm.making.synthesis.lists.term import Kind
from langchain_latm.making.synthesis.problem import Problem

_WHOLE: Final = re.compile(r"-?(?:0|[1-9]\d{0,30})")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9]\d{0,15})\.\d{1,12}")
_NUMBER_IN_TEXT: Final = re.compile(r"(?<![\w.])-?(?:0|[1-9]\d{0,15})(?:\.\d{1,12})?(?![\w.]\d)(?!\w)")
_SEPARATORS: Final = (", ", ",", "; ", ";", " | ", "|", " - ", "/", "-", " ")
_MOST: Final = 2_000
"""Characters of a cell, and items of a list, that a search deals with."""
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
_RESERVED: Final = frozenset({
    *dir(builtins), *keyword.kwlist, "json", "math", "operator", "re", "statistics", "match", "value", "values",
    "index", "item", "other", "digit", "divisor", "following", "run", *_ORDINALS,
})  # fmt: skip
"""What a variable that is named for a word of the cells may not be called."""


class UnreadableError(ValueError):
    """A cell that is not of the form of its column."""


@dataclass(frozen=True)
class Reading:
    """How a column is read.

    Attributes:
        column: Its name.
        names: Local variables that hold what is read.
        kinds: The kind of each.
        hint: The annotation of the parameter.
        statements: What reads the parameter, which is called `{0}` in them, and binds `names`.
        parse: Does the same on the host. It raises `UnreadableError` where the statements raise `ValueError`.
        separator: What separates the items of a list, if the column is a text of them.
    """

    column: str
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    hint: str
    statements: tuple[str, ...]
    parse: Callable[[Any], tuple[Any, ...]]
    separator: str | None = None


def are_lists(problem: Problem) -> bool:
    """Whether a column of a problem holds lists, or their texts."""
    rows = [row for row, _ in problem.examples]
    return any(all(_is_list(row[column]) for row in rows) for column in (rows[0] if rows else ()))


def _is_list(cell: Any) -> bool:
    if not isinstance(cell, str):
        return isinstance(cell, list)
    return cell[:1] == "[" and any(_reads(_json_list("", "text", kind), [cell]) for kind in _PYTHON)


def readings(column: str, parameter: str, cells: Sequence[Any]) -> Iterator[Reading]:
    """Yield the ways to read a column, the most specific first.

    Args:
        column: Its name.
        parameter: The name of the function's parameter.
        cells: All its cells.
    """
    if all(isinstance(cell, list) for cell in cells):
        kinds = {kind_of(_frozen(item)) for cell in cells for item in cell}
        if len(kinds) <= 1 and kinds <= {"number", "text", "flag"} and all(len(cell) <= _MOST for cell in cells):
            yield _plain(column, parameter, "list", f"list[{_hint(item for cell in cells for item in cell)}]", list)
    elif all(isinstance(cell, bool) for cell in cells):
        yield _plain(column, parameter, "flag", "bool", bool)
    elif all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells):
        yield _plain(column, parameter, "number", _hint(cells), (int, float))
    elif all(isinstance(cell, str) and len(cell) <= _MOST for cell in cells):
        yield from _texts(column, parameter, cells)


def _plain(column: str, parameter: str, kind: Kind, hint: str, types: Any) -> Reading:
    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, types):
            raise UnreadableError
        return (_frozen(cell),)

    return Reading(column, (parameter,), (kind,), hint, (), parse)


def _texts(column: str, parameter: str, cells: Sequence[str]) -> Iterator[Reading]:
    if all(cell[:1] == "[" and cell[-1:] == "]" for cell in cells):
        for kind in ("number", "text", "flag"):
            reading = _json_list(column, parameter, kind)
            if _reads(reading, cells):
                yield reading
                return
        return
    if all(_WHOLE.fullmatch(cell) for cell in cells):
        yield _number(column, parameter, "int", _WHOLE)
    elif all(_WHOLE.fullmatch(cell) or _DECIMAL.fullmatch(cell) for cell in cells):
        yield _number(column, parameter, "float", re.compile(f"{_WHOLE.pattern}|{_DECIMAL.pattern}"))
    else:
        yield from _separated(column, parameter, cells)
        yield from _template(column, parameter, cells)
    yield _plain(column, parameter, "text", "str", str)


def _reads(reading: Reading, cells: Sequence[Any]) -> bool:
    try:
        for cell in cells:
            reading.parse(cell)
    except UnreadableError:
        return False
    return True


_PYTHON: Final[dict[Kind, str]] = {"number": "int | float", "text": "str", "flag": "bool"}


def _json_list(column: str, parameter: str, kind: Kind) -> Reading:
    name = "values" if parameter != "values" else "items"

    def parse(cell: Any) -> tuple[Any, ...]:
        try:
            value = json.loads(cell)
        except (ValueError, TypeError, RecursionError):
            raise UnreadableError from None
        if not isinstance(value, list) or {kind_of(_frozen(item)) for item in value} - {kind}:
            raise UnreadableError
        return (_frozen(value),)

    statements = (
        f"{name} = json.loads({parameter})",
        f"if not isinstance({name}, list) or not all(isinstance(value, {_PYTHON[kind]}) for value in {name}):",
        f"    raise ValueError(f'expected a list of {kind}s: {{{parameter}!r}}')",
    )
    return Reading(column, (name,), ("list",), "str", statements, parse, "json")


def _number(column: str, parameter: str, kind: str, pattern: re.Pattern[str]) -> Reading:
    name = "number" if parameter != "number" else "amount"
    read = int if kind == "int" else float

    def parse(cell: Any) -> tuple[Any, ...]:
        if not isinstance(cell, str) or not pattern.fullmatch(cell):
            raise UnreadableError
        return (read(cell),)

    return Reading(column, (name,), ("number",), "str", (f"{name} = {kind}({parameter})",), parse)


def _separated(column: str, parameter: str, cells: Sequence[str]) -> Iterator[Reading]:
    for separator in _SEPARATORS:
        items = [cell.split(separator) if cell else [] for cell in cells]
        if sum(len(each) > 1 for each in items) * 2 < len(cells):
            continue
        if not all(item and item == item.strip() for each in items for item in each):
            continue
        numbers = all(_WHOLE.fullmatch(item) for each in items for item in each)
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
        if numbers and not all(map(_WHOLE.fullmatch, items)):
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
    """Numbers within words that never change: `hour 8, minute 30`."""
    frames = {_NUMBER_IN_TEXT.sub("\0", cell) for cell in cells}
    if len(frames) != 1:
        return
    words = frames.pop().split("\0")
    if not 2 <= len(words) <= len(_ORDINALS) + 1 or not any(words):  # noqa: PLR2004 - one number or more
        return
    found = [_NUMBER_IN_TEXT.findall(cell) for cell in cells]
    whole = all(_WHOLE.fullmatch(number) for each in found for number in each)
    gap = r"(-?\d+)" if whole else r"(-?\d+(?:\.\d+)?)"
    pattern = gap.join(map(re.escape, words)).replace(r"\ ", " ")
    compiled = re.compile(pattern, re.ASCII)
    read = int if whole else float
    names = _names(words[:-1], parameter)

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
    kinds: list[Kind] = ["number" for _ in names]
    reading = Reading(column, names, tuple(kinds), "str", statements, parse)
    if _reads(reading, cells):
        yield reading


def _names(before: Sequence[str], parameter: str) -> tuple[str, ...]:
    """Name the numbers of a template for the word before each."""
    names: list[str] = []
    busy = {*_RESERVED, parameter}
    for number, text in enumerate(before):
        word = re.search(r"([a-z]{1,20})\W*$", text.lower())
        name = word[1] if word and word[1] not in busy else _ORDINALS[number]
        busy.add(name)
        names.append(name)
    return tuple(names)


def _hint(items: Any) -> str:
    kinds = {type(item) for item in items}
    if kinds <= {int}:
        return "int"
    if kinds <= {int, float}:
        return "float"
    return "bool" if kinds <= {bool} else "str"


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def parsed_row(row: Mapping[str, Any], chosen: Sequence[Reading]) -> list[Any]:
    """Read a row, one value for each name of the readings.

    Raises:
        UnreadableError: A cell is not of the form of its column.
    """
    values: list[Any] = []
    for reading in chosen:
        if reading.column not in row:
            raise UnreadableError(reading.column)
        values += reading.parse(row[reading.column])
    return values
