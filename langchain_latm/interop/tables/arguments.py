"""Converts cells to arguments of a function, by the schema of each parameter, or to an error of the row."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.cells import json_value
from langchain_latm.interop.tables.columns import find_column, is_column
from langchain_latm.interop.tables.workbook import CellError
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import shorten

Convert = Callable[[Any], Any]
"""Returns the argument for a cell.

Raises:
    CellMisfitError: The cell does not fit.
"""

_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER: Final = 400
_LEFT_OUT: Final = object()
_WORDS: Final = {"true": True, "false": False}


class CellMisfitError(ValueError):
    """A cell is not a valid argument; the message says what it should be."""


class Parameter(NamedTuple):
    """A parameter of a tool's function, and the column that it is read from.

    Attributes:
        name: Its name.
        place: The column.
        convert: Converts a cell to an argument; None if each text is valid.
    """

    name: str
    place: int
    convert: Convert | None


def match_columns(
    tool: MadeTool, where: str, columns: Sequence[str], given: Sequence[str], *, blank_is_text: bool = True
) -> tuple[Parameter, ...]:
    """Find the column for each parameter of a tool.

    It is the column that the user names, that has the name of the input or the parameter, or that is the only one.

    Args:
        tool: The tool.
        where: The file.
        columns: Its columns.
        given: The user's choice: `PARAMETER=COLUMN`, or columns in the order of the parameters.
        blank_is_text: Whether a cell without a value is an empty text.

    Raises:
        TableError: A parameter has no column, or a given one is missing.
    """
    schemas: dict[str, Any] = tool.parameters.get("properties", {})
    names = {parameter: name for name, parameter in (tool.inputs or {}).items()} or {name: name for name in schemas}
    required = tool.parameters.get("required", ())
    if not schemas:
        raise TableError(f"{tool.name} has no parameters, so there is nothing to read from a table")
    chosen = _given_columns(where, columns, given, names)
    found = []
    for parameter, schema in schemas.items():
        name = names.get(parameter, parameter)
        if parameter in chosen:
            place = find_column(where, columns, chosen[parameter], asked="--from")
        elif is_column(columns, name):
            place = find_column(where, columns, name)
        elif is_column(columns, parameter):
            place = find_column(where, columns, parameter)
        elif len(schemas) == len(columns) == 1:
            place = 0
        elif parameter in required:
            hint = f"name one with --from {f'{parameter}=COLUMN' if len(schemas) > 1 else 'COLUMN'}"
            raise TableError(
                f"{_missing(where, columns, name)}, which {tool.name} needs for its parameter {parameter!r}; {hint}"
            )
        else:
            continue
        convert = _converter(schema, optional=parameter not in required, blank_is_text=blank_is_text)
        found.append(Parameter(parameter, place, convert))
    return tuple(found)


def wanted_columns(tool: MadeTool, given: Sequence[str]) -> tuple[str, ...]:
    """Return likely names of the columns for a tool, to find the header of a table."""
    names = list(tool.inputs or tool.parameters.get("properties", {}))
    return (*(text.partition("=")[2] or text for text in given), *(names if not given else ()))


def arguments_of(
    parameters: Sequence[Parameter], rows: Sequence[Sequence[Any]]
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """Return the arguments for each row, and the error of each invalid row, by its place.

    The arguments of those rows are empty.
    """
    wrong: dict[int, str] = {}
    columns: list[list[Any]] = []
    for parameter in parameters:
        cells = [row[parameter.place] for row in rows]
        columns.append(cells if parameter.convert is None else _converted(parameter, cells, wrong))
    if len(parameters) == 1:
        name = parameters[0].name
        sets = [{name: value} for value in columns[0]]
    else:
        names = [parameter.name for parameter in parameters]
        sets = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    for place, values in enumerate(sets) if any(_LEFT_OUT in column for column in columns) else ():
        sets[place] = {name: value for name, value in values.items() if value is not _LEFT_OUT}
    return sets, wrong


def _converted(parameter: Parameter, cells: Sequence[Any], wrong: dict[int, str]) -> list[Any]:
    found: list[Any] = []
    convert = parameter.convert or (lambda cell: cell)
    for place, cell in enumerate(cells):
        try:
            found.append(convert(cell))
        except CellMisfitError as misfit:
            found.append(None)
            wrong.setdefault(place, f"{parameter.name}: {misfit}")
    return found


def _given_columns(
    where: str, columns: Sequence[str], given: Sequence[str], names: Mapping[str, str]
) -> dict[str, str]:
    """Return the column that the user names for each parameter."""
    chosen: dict[str, str] = {}
    parameters = {**{name: parameter for parameter, name in names.items()}, **{each: each for each in names}}
    in_order = []
    for text in given:
        name, equals, column = text.partition("=")
        if equals and name in parameters and not is_column(columns, text):
            chosen[parameters[name]] = column
        else:
            in_order.append(text)
    left = [parameter for parameter in names if parameter not in chosen]
    if len(in_order) > len(left):
        raise TableError(
            f"{where}: {len(given)} columns are given with --from, but the function has the parameters "
            f"{', '.join(names)}"
        )
    return chosen | dict(zip(left, in_order, strict=False))


def _missing(where: str, columns: Sequence[str], name: str) -> str:
    try:
        find_column(where, columns, name)
    except TableError as error:
        return str(error)
    return where


def _converter(schema: Mapping[str, Any], *, optional: bool, blank_is_text: bool) -> Convert | None:
    """Return the converter from cells to arguments; None if all cells are texts and valid."""
    kinds = _kinds(schema)
    choices = [each for each in schema.get("enum", ()) if not isinstance(each, str)]

    def convert(cell: Any) -> Any:
        if type(cell) is not str:
            cell = _plain(cell, blank_is_text=blank_is_text and "null" not in kinds)
            if cell is None:
                return _blank(kinds, optional=optional)
            if type(cell) is not str:
                return _of_value(cell, kinds)
        if not cell and "string" not in kinds and kinds:
            return _blank(kinds, optional=optional)
        if not cell and "null" in kinds:
            return None
        return _of_text(cell, kinds, choices)

    return convert


def _kinds(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the JSON types of a parameter; empty if it takes all."""
    if "anyOf" in schema:
        parts = [_kinds(part) for part in schema["anyOf"] if isinstance(part, dict)]
        return tuple(dict.fromkeys(kind for part in parts for kind in part)) if all(parts) else ()
    kind = schema.get("type")
    if kind is None and "enum" in schema:
        names = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
        return tuple(dict.fromkeys(names[type(value)] for value in schema["enum"]))
    return (kind,) if isinstance(kind, str) else ()


def _plain(cell: Any, *, blank_is_text: bool) -> Any:
    if isinstance(cell, CellError):
        raise CellMisfitError(f"the cell shows the error {cell!s}")
    return "" if cell is None and blank_is_text else json_value(cell)


def _blank(kinds: Sequence[str], *, optional: bool) -> Any:
    if "null" in kinds or not kinds:
        return None
    if optional:
        return _LEFT_OUT
    raise CellMisfitError("the cell is empty")


def _of_text(text: str, kinds: Sequence[str], choices: Sequence[Any]) -> Any:
    """Return the argument of a text: itself if the parameter takes texts, else a value of the first fitting type."""
    if "string" in kinds or not kinds:
        return text
    bare = text.strip()
    if choices:
        for choice in choices:
            if bare == json.dumps(choice):
                return choice
        raise CellMisfitError(f"{_shown(text)} is none of {', '.join(map(json.dumps, choices))}")
    short = len(bare) <= _LONGEST_NUMBER
    if "integer" in kinds and short and _INTEGER.fullmatch(bare):
        return int(bare)
    if "number" in kinds and short and _NUMBER.fullmatch(bare) and math.isfinite(number := float(bare)):
        return number
    if "boolean" in kinds and bare.lower() in _WORDS:
        return _WORDS[bare.lower()]
    if ("array" in kinds and bare.startswith("[")) or ("object" in kinds and bare.startswith("{")):
        try:
            return json.loads(bare)
        except (ValueError, RecursionError):
            pass
    raise CellMisfitError(f"{_shown(text)} is not {_wanted(kinds)}")


def _of_value(value: Any, kinds: Sequence[str]) -> Any:
    """Return the argument of a typed cell: numbers become texts, and whole numbers integers, if only these fit."""
    kind = type(value)
    if not kinds or (kind is bool and "boolean" in kinds):
        return value
    if kind in {int, float}:
        if kind is float and "number" not in kinds and "integer" in kinds and value.is_integer():
            return int(value)
        if "number" in kinds or (kind is int and "integer" in kinds):
            return value
        if "string" in kinds:
            return str(value)
    if (kind is list and "array" in kinds) or (kind is dict and "object" in kinds):
        return value
    raise CellMisfitError(f"{_shown(json.dumps(value))} is not {_wanted(kinds)}")


def _wanted(kinds: Sequence[str]) -> str:
    words = {
        "string": "a text",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "array": "a JSON list",
        "object": "a JSON object",
        "null": "empty",
    }
    return " or ".join(words.get(kind, kind) for kind in kinds)


def _shown(text: str) -> str:
    return repr(shorten(text, 60))
