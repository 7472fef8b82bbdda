"""Programs that read other values off a text column and call a program that was found on those values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_latm._core.source import parse_source
from langchain_latm.making.synthesis.problem import Problem, Program


def calling_program(
    problem: Problem,
    column: str,
    inner: Program,
    read: Callable[[Mapping[str, Any]], Mapping[str, Any] | None],
    *,
    says: str,
    values: Sequence[tuple[str, str]],
    before: Sequence[str] = (),
    cost: float,
) -> Program:
    """Return a program over the columns of a problem that calls one over the values read.

    Args:
        problem: The problem that the returned program solves.
        column: The text column that is read.
        inner: The program over the values. Its other parameters are the other columns.
        read: Reads a row for the inner program; None if the row has another form.
        says: First line of the docstring.
        values: The inner parameters that take the place of the column, each with its expression in Python.
        before: Statements before the call, without indentation of the body.
        cost: Cost of the reading.
    """

    def run(row: Mapping[str, Any]) -> Any:
        values_read = read(row)
        if values_read is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        return inner.run(values_read)

    *_, function = parse_source(inner.source).body
    if not isinstance(function, ast.FunctionDef) or function.returns is None:
        raise AssertionError("the last statement of a program is its function")
    types = {each.arg: ast.unparse(each.annotation) for each in function.args.args if each.annotation is not None}
    columns = [*problem.examples[0][0]]
    parameters = ", ".join(f"{name}: {'str' if name == column else types[name]}" for name in columns)
    others = [(name, name) for name in columns if name != column]
    given = ", ".join(f"{name}={value}" for name, value in (*values, *others))
    lines = [
        f"def {problem.name}({parameters}) -> {ast.unparse(function.returns)}:",
        f'    """{says}"""',
        *(f"    {line}".rstrip() for line in before),
        f"    return {function.name}({given})",
    ]
    return Program(f"{inner.source.rstrip()}\n\n\n" + "\n".join(lines) + "\n", round(inner.cost + cost, 3), run)
