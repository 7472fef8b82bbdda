"""What a search gets and what it returns."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from langchain_latm._core.plain_names import plain_name
from langchain_latm.sandbox.modules import TOOL_MODULES

_LONGEST_PARAMETER: Final = 30
_BUSY: Final = {*dir(builtins), *TOOL_MODULES, "date", "timedelta", "Decimal"}
"""Names that the source of a program may use itself."""


@dataclass(frozen=True)
class Problem:
    """Solved rows, and rows without an answer.

    Attributes:
        examples: Inputs by column name, and the answer; both JSON values. All rows have the same columns.
        others: Inputs of rows without an answer. A program that fails on them, or takes them apart in another way than
            the solved rows, is less likely to be meant (BlinkFill, Singh, VLDB 2016).
        name: Name of the function to write.
        hint: What a person said about the column, such as its header; may be empty.
    """

    examples: tuple[tuple[Mapping[str, Any], Any], ...]
    others: tuple[Mapping[str, Any], ...] = ()
    name: str = "answer"
    hint: str = ""


@dataclass(frozen=True)
class Program:
    """A program that gives the answer of every example.

    Attributes:
        source: A Python module of imports, constants and one function named `Problem.name`, with type annotations and
            a docstring; its parameters are those of `parameters`.
        cost: How unlikely the program is to be meant: lower is simpler and more general. Costs of all searches are
            comparable: about 1 for each operator or token of it, more for a constant that is copied from the examples.
        run: Computes the answer of one row, given by column name, with the search's own operators: nothing of `source`
            is executed. It raises `ValueError` where `source` does.
    """

    source: str
    cost: float
    run: Callable[[Mapping[str, Any]], Any] = field(repr=False, compare=False)


def parameters(columns: Iterable[str]) -> dict[str, str]:
    """Return the name of the parameter for each column: the column's name, as a free Python identifier."""
    names: dict[str, str] = {}
    for number, column in enumerate(columns, 1):
        name = column
        if not (column.isascii() and column.isidentifier()):
            name = re.sub(r"\W", "_", plain_name(column, longest=_LONGEST_PARAMETER)).lower()
        if not name or name[0].isdigit():
            name = f"column_{name or number}"
        if keyword.iskeyword(name) or name in _BUSY:
            name = f"{name}_"
        while name in names.values():
            name = f"{name}_{number}"
        names[column] = name
    return names
