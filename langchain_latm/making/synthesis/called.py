"""Programs on the values of functions that only a sandbox can run.

The values are computed before the search, one for each row, and the search sees them as a column. So a function of
another tool, or of a model's candidate, is an operator of the search, although its code never runs in this process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from langchain_latm._core.source import free_name, parse_source, with_modules
from langchain_latm.making.helpers.renaming import definitions, disjoint
from langchain_latm.making.synthesis.problem import Problem, Program

_COST: Final = 1.5
"""Cost of a call, more than that of an operator of our own: it computes more, and so explains less."""
_COST_BESIDE: Final = 1.0
"""Additional cost if the columns that the function takes are used too."""
_STEM: Final = "value"


@dataclass(frozen=True)
class CalledFunction:
    """A function with its values for the rows of a problem.

    Attributes:
        name: Name of the function.
        source: The module that defines it.
        given: The column that each parameter is given, in order; by name, or by position if the name is empty.
        solved: Its value for each solved row.
        others: Its value for each row without an answer, in a list of one item; an empty list if it failed.
    """

    name: str
    source: str
    given: tuple[tuple[str, str], ...]
    solved: tuple[Any, ...]
    others: tuple[list[Any], ...]

    @property
    def columns(self) -> set[str]:
        """The columns that it takes."""
        return {column for _, column in self.given}

    def call(self, name: str) -> str:
        """Return the call in Python, under a name that it may have been given."""
        given = (f"{parameter}={column}" if parameter else column for parameter, column in self.given)
        return f"{name}({', '.join(given)})"


def gives_column(values: Sequence[Any]) -> bool:
    """Whether values can be a column of a search: all texts, all numbers, or all lists of these; not all are equal."""
    if len({repr(each) for each in values}) < 2:  # noqa: PLR2004 - a constant tells nothing
        return False
    if all(isinstance(each, list) for each in values):
        items = [item for each in values for item in each]
        return bool(items) and _is_plain(items)
    return _is_plain(values)


def _is_plain(values: Sequence[Any]) -> bool:
    kinds = {type(each) for each in values}
    return kinds == {str} or (bool(kinds) and kinds <= {int, float})


def derived_problems(problem: Problem, function: CalledFunction) -> Iterator[tuple[Problem, float]]:
    """Yield the problems with the values as a column, each with the cost of its programs.

    In the first one the values take the place of the columns that the function takes; in the second they stand beside
    them.
    """
    for kept, cost in ((False, _COST), (True, _COST + _COST_BESIDE)):
        dropped = set() if kept else function.columns
        yield (
            replace(
                problem,
                examples=tuple(
                    (_row(row, dropped, value), answer)
                    for (row, answer), value in zip(problem.examples, function.solved, strict=True)
                ),
                others=tuple(
                    _row(row, dropped, value)
                    for row, values in zip(problem.others, function.others, strict=True)
                    for value in values
                ),
                name=_inner_name(problem),
            ),
            cost,
        )


def programs_of(
    problem: Problem, function: CalledFunction, inner: Sequence[tuple[Program, Problem, float]], header: str
) -> list[Program]:
    """Return programs that call the function and then one on its values.

    Args:
        problem: The problem that the programs solve.
        function: The function with its values.
        inner: Programs on a derived problem, each with that problem and the cost of the call.
        header: First line of the function to write: `def NAME(COLUMNS) -> TYPE`.
    """
    found = []
    varies = len({repr(each) for each in function.solved}) > 1
    if varies and all(
        type(a) is type(v) and a == v for (_, a), v in zip(problem.examples, function.solved, strict=True)
    ):
        source = _source(problem, function, None, header, {*problem.examples[0][0]})
        if source is not None:
            found.append(Program(source, _COST, _running(problem, function, lambda row: row[_value_name(problem)])))
    for program, derived, cost in inner:
        source = _source(problem, function, program, header, {*derived.examples[0][0]})
        if source is not None:
            found.append(Program(source, round(program.cost + cost, 3), _running(problem, function, program.run)))
    return found


def _source(
    problem: Problem, function: CalledFunction, inner: Program | None, header: str, columns: set[str]
) -> str | None:
    """Write the module; None if names conflict."""
    own = definitions(parse_source(inner.source)) if inner is not None else {}
    names = {problem.name, *problem.examples[0][0]}
    apart = disjoint(function.source, {**dict.fromkeys(names, ""), **own})
    if apart is None or own.keys() & names:
        return None
    module, new = apart
    call = function.call(new.get(function.name, function.name))
    value_name = _value_name(problem)
    if inner is None:
        result = call
    else:
        given = [f"{value_name}={call}", *(f"{name}={name}" for name in sorted(columns - {value_name}))]
        result = f"{_inner_name(problem)}({', '.join(given)})"
    lines = [
        f"{header}:",
        f'    """Compute the answer from the value of `{new.get(function.name, function.name)}`."""',
        f"    return {result}",
    ]
    before = [module] if inner is None else [module, inner.source]
    return with_modules("\n".join(lines) + "\n", before)


def _running(
    problem: Problem, function: CalledFunction, run: Callable[[Mapping[str, Any]], Any]
) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that computes the answer of a row whose value is known."""
    rows = [*((row, [value]) for (row, _), value in zip(problem.examples, function.solved, strict=True))]
    rows += zip(problem.others, function.others, strict=True)
    known = {_key(row): value for row, values in rows for value in values}

    def answer(row: Mapping[str, Any]) -> Any:
        if _key(row) not in known:
            raise ValueError(f"the function was not run on the row {row!r}")
        return run({**row, _value_name(problem): known[_key(row)]})

    return answer


def _key(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=repr)


def _row(row: Mapping[str, Any], dropped: set[str], value: Any) -> dict[str, Any]:
    return {**{name: cell for name, cell in row.items() if name not in dropped}, _value_name_in(row): value}


def _inner_name(problem: Problem) -> str:
    return free_name(f"{problem.name}_of_{_STEM}", {*problem.examples[0][0], _value_name(problem)})


def _value_name(problem: Problem) -> str:
    return _value_name_in(problem.examples[0][0])


def _value_name_in(row: Mapping[str, Any]) -> str:
    return free_name(_STEM, {*row})
