"""The search for programs over lists and numbers."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import Any, Final

from langchain_latm.making.helpers.inlining import with_helpers
from langchain_latm.making.synthesis.lists.branches import branches
from langchain_latm.making.synthesis.lists.cells import Reading, UnreadableError
from langchain_latm.making.synthesis.lists.emit import Writer, guarded, imports_of
from langchain_latm.making.synthesis.lists.goals import fits, type_of, wanted
from langchain_latm.making.synthesis.lists.reading import parsed_row, readings
from langchain_latm.making.synthesis.lists.rows import Rows
from langchain_latm.making.synthesis.lists.scalars import solutions
from langchain_latm.making.synthesis.lists.sequences import Sequences
from langchain_latm.making.synthesis.lists.term import FAILED, Term, column, evaluate
from langchain_latm.making.synthesis.lists.witnesses import distinguishing, with_ties
from langchain_latm.making.synthesis.lists.writing import Writing, writings
from langchain_latm.making.synthesis.parameters import bindings, inner_names, own_names
from langchain_latm.making.synthesis.problem import Problem, Program

_OTHERS: Final = 6
"""Number of rows without an answer on which terms are compared during the search; at its end, all are used."""
_OFFERED: Final = 200
"""Number of rows from which these are chosen."""
_ENOUGH: Final = ((0.0, 7.0), (7.0, 10.0), (9.0, 99.0))
"""For each stage: the maximum cost of a program that ends the search at once, and of one that ends it after the stage.
The first stage is short, so it is always completed: it may find rivals of the first program."""
_TIES: Final = 2
"""Number of made-up rows with equal numbers on which terms are compared."""
_WAYS: Final = 4
_PER_STEP: Final = 60
_RETURNED: Final = 12
_RANGE: Final = 6.0
_FAILS_ON_OTHERS: Final = 8.0


def search(problem: Problem, deadline: float) -> list[Program]:
    """Search for functions of lists and numbers that give the answers of all examples.

    Terms are enumerated bottom-up with their values on the rows, in three stages of growing cost. Answers are split by
    deduction, so that each part is looked up instead of enumerated.

    Args:
        problem: The solved rows.
        deadline: When to stop, in the time of `time.monotonic()`. Most searches end by themselves within a second.

    Returns:
        Programs, the cheapest first; none if no program is found, or if the columns hold neither lists nor numbers.

    Example:
        >>> rows = (({"values": [3, 1, 2]}, [1, 2]), ({"values": [5, 9]}, [9]), ({"values": [4, 0, 7, 7]}, [0, 7, 7]))
        >>> print(search(Problem(rows), time.monotonic() + 5)[0].source)
        def answer(values: list[int]) -> list[int]:
            \"\"\"Return `values[1:]`.\"\"\"
            return values[1:]
    """
    if not problem.examples:
        return []
    columns = list(problem.examples[0][0])
    names = inner_names(columns)
    options = []
    for name in columns:
        cells = [row[name] for row, _ in problem.examples] + [row[name] for row in problem.others if name in row]
        options.append(list(readings(name, names[name], cells)))
    flags = all(isinstance(answer, bool) for _, answer in problem.examples)
    found: list[Program] = []
    for option in islice(product(*options), _WAYS):
        chosen = _renamed(option, names)
        if not flags and {value_type for reading in chosen for value_type in reading.value_types} <= {"text"}:
            continue
        separators = [reading.separator for reading in chosen if reading.separator is not None]
        for writing in islice(writings([answer for _, answer in problem.examples], separators), _WAYS):
            found += _Search(problem, chosen, writing, names, deadline).programs()
            if found:
                break
        if found:
            break
    return sorted(found, key=lambda program: (program.cost, len(program.source)))[:_RETURNED]


def _renamed(chosen: Sequence[Reading], parameters_of: Mapping[str, str]) -> Sequence[Reading]:
    """Return the readings with distinct variables, renamed if two readings have the same one."""
    names = [name for reading in chosen for name in reading.names]
    if len(set(names)) == len(names) and not set(names) & set(parameters_of.values()) - {
        name for reading in chosen if not reading.statements for name in reading.names
    }:
        return chosen
    renamed = []
    for reading in chosen:
        own = {name: f"{parameters_of[reading.column]}_{name}" for name in reading.names if reading.statements}
        pattern = re.compile(rf"\b({'|'.join(map(re.escape, own))})\b") if own else None
        statements = tuple(
            pattern.sub(lambda match, own=own: own[match[1]], text) if pattern else text  # type: ignore[misc]
            for text in reading.statements
        )
        renamed.append(
            replace(reading, names=tuple(own.get(name, name) for name in reading.names), statements=statements)
        )
    return renamed


class _Found:
    """Terms that are right on all solved rows; of terms with equal values on the other rows, the cheapest.

    Args:
        others: The values of the other rows.
        variables: The names of the values.
    """

    def __init__(self, others: Sequence[Sequence[Any]], variables: Sequence[str]) -> None:
        self._inputs = {name: tuple(row[place] for row in others) for place, name in enumerate(variables)}
        self._terms: dict[Any, tuple[float, Term]] = {}
        self.cheapest = math.inf

    def add(self, term: Term) -> None:
        """Add a term."""
        values = evaluate(term, self._inputs)
        cost = term.cost + (_FAILS_ON_OTHERS if FAILED in values else 0.0)
        if cost < self._terms.get(values, (math.inf, term))[0]:
            self._terms[values] = cost, term
            self.cheapest = min(self.cheapest, cost)

    def best(self) -> list[tuple[float, Term]]:
        """Return the cheapest terms with their costs."""
        rated = sorted(self._terms.values(), key=lambda each: each[0])
        return [(cost, term) for cost, term in rated if cost <= self.cheapest + _RANGE][:_RETURNED]


def _decimals(goal: Sequence[Any]) -> int | None:
    """Return the maximum number of decimals of numbers; None if all are whole, or some are not written with few."""
    texts = [repr(value) for value in goal if isinstance(value, float)]
    if not texts or not all(re.fullmatch(r"-?\d+\.\d{1,4}", text) for text in texts):
        return None
    return max(len(text.partition(".")[2]) for text in texts)


class _Search:
    """The search for one reading of the columns and one writing of the answers."""

    def __init__(
        self,
        problem: Problem,
        chosen: Sequence[Reading],
        writing: Writing,
        names: dict[str, str],
        deadline: float,
    ) -> None:
        self._problem = problem
        self._readings = chosen
        self._writing = writing
        self._names = names
        self._deadline = deadline
        self._variables = [name for reading in chosen for name in reading.names]
        self._kinds = [value_type for reading in chosen for value_type in reading.value_types]

    def _in_time(self) -> bool:
        return time.monotonic() < self._deadline

    def programs(self) -> list[Program]:
        goal = self._writing.goal
        solved = [row for row, _ in self._problem.examples]
        others = [row for row in map(self._parsed, self._problem.others) if row is not None]
        rows: list[Sequence[Any]] = [row for row in map(self._parsed, solved) if row is not None]
        if len(rows) < len(solved):
            return []  # a reading needs most rows only, but here all solved ones
        ties = with_ties(rows, _TIES)
        rows += [*distinguishing(rows, others[:_OFFERED], _OTHERS), *ties]
        inputs = [
            column(name, value_type, [row[place] for row in rows])
            for place, (name, value_type) in enumerate(zip(self._variables, self._kinds, strict=True))
        ]
        asked = type_of(goal[0])
        if asked is None:
            return []
        grown = Rows(inputs, len(solved), asked, self._in_time, _decimals(goal))
        found = _Found([*others, *ties], self._variables)
        for stage, (at_once, after_all) in enumerate(_ENOUGH):
            grown.grow(stage)
            for step in self._steps(grown, goal, stage):
                for term in islice((term for term in step if fits(term, wanted(goal))), _PER_STEP):
                    found.add(term)
                if not self._in_time() or found.cheapest <= at_once:
                    return self._written(found)
            if found.cheapest <= after_all:
                break
        return self._written(found)

    def _steps(self, grown: Rows, goal: tuple[Any, ...], stage: int) -> Iterator[Iterator[Term]]:
        if type_of(goal[0]) != "list":
            yield solutions(goal, grown.pool, deep=stage > 0)
            return
        sequences = Sequences(grown, self._in_time)
        yield from sequences.steps(goal, stage)
        if stage == 1:
            yield branches(goal, grown.pool, sequences.quick, self._in_time)

    def _written(self, found: _Found) -> list[Program]:
        return [self._program(term, cost) for cost, term in found.best()]

    def _parsed(self, row: Mapping[str, Any]) -> list[Any] | None:
        try:
            return parsed_row(row, self._readings)
        except UnreadableError:
            return None

    def _program(self, term: Term, cost: float) -> Program:
        def run(row: Mapping[str, Any]) -> Any:
            try:
                values = parsed_row(row, self._readings)
            except UnreadableError:
                raise ValueError(f"the row is not of the form of the examples: {row!r}") from None
            value = evaluate(term, {name: (values[place],) for place, name in enumerate(self._variables)})[0]
            if value is FAILED:
                raise ValueError(f"the program does not fit the row {row!r}")
            return self._writing.write(value)

        return Program(self._source(term), cost, run)

    def _source(self, term: Term) -> str:
        writer = Writer({name: name for name in self._variables})
        value = writer.written(term)
        returned = self._writing.template.format(f"{value}")
        body = [line for reading in self._readings for line in reading.statements]
        body += guarded([*writer.statements, f"return {returned}"])
        told = value if len(value) <= 80 else "the value computed below"  # noqa: PLR2004 - the width of a docstring
        told = told.replace("\\", "\\\\").replace('"""', "'''")
        text = "\n".join(body)
        names, (told, text) = own_names(self._names, [told, text], imports_of(text))
        hints = ", ".join(f"{reading.column}: {reading.hint}" for reading in self._readings)
        outside, inside = bindings(names, imports_of(text))
        lines = [*outside, ""] if outside else []
        lines += [
            *([""] if lines else []),
            f"def {self._problem.name}({hints}) -> {self._writing.hint}:",
            f'    """Return `{told}`."""',
            *("    " + line for line in [*inside, *text.split("\n")]),
        ]
        return with_helpers("\n".join(lines) + "\n")
