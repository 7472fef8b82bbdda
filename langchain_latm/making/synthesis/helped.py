"""Programs on values that helpers read off texts: a column of texts becomes one of numbers, or of lists of numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from langchain_latm._core.source import free_name, parse_source
from langchain_latm.making.helpers.functions import evaluate, numbers_in, seconds_in
from langchain_latm.making.helpers.inlining import with_helpers
from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.problem import Problem, Program

Search = Callable[[Problem, Budget], Sequence[Program]]

_READERS: Final[tuple[tuple[Callable[[str], Any], float], ...]] = (
    (evaluate, 1.0),
    (seconds_in, 1.5),
    (numbers_in, 1.5),
)
"""The helpers that read numbers, the most specific first, with their costs."""


def helped_programs(problem: Problem, budget: Budget, search: Search) -> list[Program]:
    """Return programs on the values of the first helper that reads a text column in all solved rows.

    Args:
        problem: The solved rows.
        budget: The budget of the search.
        search: Finds programs on the values that were read.
    """
    for column in problem.examples[0][0] if problem.examples else ():
        for reader, cost in _READERS:
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
    def run(row: Mapping[str, Any]) -> Any:
        read = _read(row, column, reader)
        if read is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        return inner.run(read)

    *_, function = parse_source(inner.source).body
    if not isinstance(function, ast.FunctionDef) or function.returns is None:
        raise AssertionError("the last statement of a program is its function")
    types = {each.arg: ast.unparse(each.annotation) for each in function.args.args if each.annotation is not None}
    columns = [*problem.examples[0][0]]
    parameters = ", ".join(f"{name}: {'str' if name == column else types[name]}" for name in columns)
    given = ", ".join(f"{name}={reader.__name__}({name})" if name == column else f"{name}={name}" for name in columns)
    outer = (
        f"def {problem.name}({parameters}) -> {ast.unparse(function.returns)}:\n"
        f'    """Compute the answer from what `{reader.__name__}` reads off `{column}`."""\n'
        f"    return {function.name}({given})\n"
    )
    return Program(with_helpers(f"{inner.source.rstrip()}\n\n\n{outer}"), inner.cost + cost, run)
