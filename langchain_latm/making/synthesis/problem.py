"""What a search gets and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
            a docstring; its parameters are the columns.
        cost: How unlikely the program is to be meant: lower is simpler and more general. Costs of all searches are
            comparable: about 1 for each operator or token of it, more for a constant that is copied from the examples.
    """

    source: str
    cost: float
