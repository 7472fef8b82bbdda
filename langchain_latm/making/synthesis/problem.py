"""The input of a search, a problem, and its output, programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from langchain_latm.text.reading.naming import NAMES_OF_PYTHON


@dataclass(frozen=True)
class Problem:
    """Solved rows, and rows without an answer.

    Attributes:
        examples: Inputs by the name of the function's parameter, and the answer, all JSON values. All rows have the
            same parameters; `tools.inputs.parameter_names` derives these from names of columns.
        others: Inputs of rows without an answer. A program that fails on them, or splits them differently from the
            solved rows, is less likely to be meant (BlinkFill, Singh, VLDB 2016).
        name: Name of the function to write.
        hint: A person's text about the column, such as its header; may be empty.
    """

    examples: tuple[tuple[Mapping[str, Any], Any], ...]
    others: tuple[Mapping[str, Any], ...] = ()
    name: str = "answer"
    hint: str = ""

    def __post_init__(self) -> None:
        """Check the names of the parameters.

        Raises:
            ValueError: A name cannot be the name of a parameter.
        """
        for name in dict.fromkeys(name for row, _ in self.examples[:1] for name in row):
            if not name.isidentifier() or name in NAMES_OF_PYTHON:
                raise ValueError(
                    f"{name!r} cannot name a parameter: take the names from `tools.inputs.parameter_names`"
                )


@dataclass(frozen=True)
class Program:
    """A program that gives the answer of every example.

    Attributes:
        source: A Python module of imports, constants and one function named `Problem.name`, with type annotations and
            a docstring; its parameters are those of the examples.
        cost: How unlikely the program is to be meant: lower is simpler and more general. Costs of all searches are
            comparable: about 1 for each operator or token, more for a constant that is copied from the examples.
        run: Computes the answer of one row, given by parameter, with the search's own operators, without executing
            `source`. It raises `ValueError` if `source` does, and for numbers over 10**40 and lists of more than 400
            items, which a search does not compute.
    """

    source: str
    cost: float
    run: Callable[[Mapping[str, Any]], Any] = field(repr=False, compare=False)
