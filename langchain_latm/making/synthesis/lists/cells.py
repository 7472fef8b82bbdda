"""Readings of a column, and what its cells may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from langchain_latm.making.synthesis.lists.term import ValueType

WHOLE: Final = re.compile(r"-?(?:0|[1-9]\d{0,30})")
DECIMAL: Final = re.compile(r"-?(?:0|[1-9]\d{0,15})\.\d{1,12}")
NUMBERS: Final = (WHOLE, re.compile(f"{WHOLE.pattern}|{DECIMAL.pattern}"))
MOST: Final = 2_000
"""Maximum number of characters of a cell, and of items of a list."""
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
"""Names of values that have no better one."""


class UnreadableError(ValueError):
    """A cell that does not fit the reading of its column."""


@dataclass(frozen=True)
class Reading:
    """One way to read a column.

    Attributes:
        column: Its name.
        names: Names of the local variables for the values.
        value_types: The type of each value.
        hint: The annotation of the parameter.
        statements: Python statements that read the parameter and bind `names`.
        parse: The same function on the host. It raises `UnreadableError` if the statements raise `ValueError`.
        separator: The separator of the items, if the column is a text of a list.
    """

    column: str
    names: tuple[str, ...]
    value_types: tuple[ValueType, ...]
    hint: str
    statements: tuple[str, ...]
    parse: Callable[[Any], tuple[Any, ...]]
    separator: str | None = None


def hint_of(values: Iterable[Any]) -> str:
    """Return the annotation of a column of values."""
    values = list(values)
    types = {type(value) for value in values}
    if types == {list}:
        return f"list[{hint_of([item for value in values for item in value] or [0])}]"
    if types <= {int}:
        return "int"
    if types <= {int, float}:
        return "float"
    return "bool" if types <= {bool} else "str"


def frozen(value: Any) -> Any:
    """Return a value with tuples in place of lists."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value
