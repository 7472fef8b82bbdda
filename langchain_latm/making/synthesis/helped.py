"""Programs on values that helpers read off texts: a column of texts becomes one of numbers, or of lists of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.helpers.functions import evaluate
from langchain_latm.making.helpers.inlining import is_left_out, with_helpers
from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.calling import calling_program
from langchain_latm.making.synthesis.problem import Problem, Program

Search = Callable[[Problem, Budget], Sequence[Program]]

_READERS: Final[tuple[tuple[Callable[[str], Any], float], ...]] = ((evaluate, 1.0),)
"""The helpers that read numbers, the most specific first, with their costs."""


def helped_programs(problem: Problem, budget: Budget, search: Search) -> list[Program]:
    """Return programs on the values of the first helper that reads a text column in all solved rows.

    Args:
        problem: The solved rows.
        budget: The budget of the search.
        search: Finds programs on the values that were read.
    """
    readers = [(reader, cost) for reader, cost in _READERS if not is_left_out(reader.__name__)]
    for column in problem.examples[0][0] if problem.examples else ():
        for reader, cost in readers:
            derived = _derived(problem, column, reader)
            found = [] if derived is None else search(derived, budget)
            if found:
                return [_program(problem, column, reader, each, cost) for each in found]
    return []


def _derived(problem: Problem, column: str, reader: Callable[[str], Any]) -> Problem | None:
    """Return the problem with the values that are read in place of a column; None if a solved row cannot be read."""
    solved = [_read(row, column, reader) for row, _ in problem.examples]
    read = [row for row in solved if row is not None]
    if len(read) < len(solved):
        return None
    others = [row for each in problem.others if (row := _read(each, column, reader)) is not None]
    answers = [answer for _, answer in problem.examples]
    name = free_name(f"{problem.name}_of_numbers", {*problem.examples[0][0], reader.__name__})
    return replace(problem, examples=tuple(zip(read, answers, strict=True)), others=tuple(others), name=name)


def _read(row: Mapping[str, Any], column: str, reader: Callable[[str], Any]) -> dict[str, Any] | None:
    if not isinstance(row.get(column), str):
        return None
    try:
        value = reader(row[column])
    except (ValueError, ArithmeticError):
        return None
    return None if value == [] else {**row, column: value}


def _program(problem: Problem, column: str, reader: Callable[[str], Any], inner: Program, cost: float) -> Program:
    name = reader.__name__
    program = calling_program(
        problem,
        column,
        inner,
        lambda row: _read(row, column, reader),
        says=f"Compute the answer from what `{name}` reads off `{column}`.",
        values=[(column, f"{name}({column})")],
        cost=cost,
    )
    return replace(program, source=with_helpers(program.source))
