"""The search for programs over lists and numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, Final

from langchain_latm.making.synthesis.lists.branches import branches
from langchain_latm.making.synthesis.lists.emit import Writer, imports_of
from langchain_latm.making.synthesis.lists.goals import fits, kind_of, wanted
from langchain_latm.making.synthesis.lists.reading import Reading, UnreadableError, parsed_row, readings
from langchain_latm.making.synthesis.lists.rows import Rows
from langchain_latm.making.synthesis.lists.scalars import solutions
from langchain_latm.making.synthesis.lists.sequences import Sequences
from langchain_latm.making.synthesis.lists.term import FAILED, Term, column, evaluate
from langchain_latm.making.synthesis.lists.writing import Writing, writings
from langchain_latm.making.synthesis.problem import Problem, Program, parameters

_OTHERS: Final = 6
"""Rows without an answer that terms are compared on during the search; all of them count at its end."""
_ENOUGH: Final = (6.0, 9.0, 11.0)
"""A stage whose best program costs at most this is the last."""
_WAYS: Final = 4
_PER_STAGE: Final = 200
_RETURNED: Final = 12
_RANGE: Final = 6.0
_FAILS_ON_OTHERS: Final = 8.0


def search(problem: Problem, deadline: float) -> list[Program]:
    """Search for functions of lists and numbers that give the answers of all examples.

    Terms are enumerated bottom-up with their values on the rows, in three stages of growing cost; the answers are taken
    apart by deduction, so that each part is looked up instead of tried.

    Args:
        problem: The solved rows.
        deadline: When to stop, as `time.monotonic()` counts. A search stops by itself, mostly within a second.

    Returns:
        Programs, the cheapest first. Empty if there is none, or if the columns hold neither lists nor numbers.

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
    names = parameters(columns)
    options = []
    for name in columns:
        cells = [row[name] for row, _ in problem.examples] + [row[name] for row in problem.others if name in row]
        options.append(list(readings(name, names[name], cells)))
    found: list[Program] = []
    for chosen in islice(product(*options), _WAYS):
        if len({name for reading in chosen for name in reading.names}) < sum(len(reading.names) for reading in chosen):
            chosen = _renamed(chosen, names)
        if {kind for reading in chosen for kind in reading.kinds} <= {"text"}:
            continue
        separators = [reading.separator for reading in chosen if reading.separator is not None]
        for writing in islice(writings([answer for _, answer in problem.examples], separators), _WAYS):
            found += _Search(problem, chosen, writing, names, deadline).programs()
            if found:
                break
        if found:
            break
    return sorted(found, key=lambda program: (program.cost, len(program.source)))[:_RETURNED]


def _renamed(chosen: Sequence[Reading], names: Mapping[str, str]) -> Sequence[Reading]:
    """Give each list or number a variable of its own, where two columns would have the same."""
    renamed = []
    for reading in chosen:
        own = {name: f"{names[reading.column]}_{name}" for name in reading.names if reading.statements}
        statements = tuple(_replaced(text, own) for text in reading.statements)
        renamed.append(
            Reading(
                reading.column,
                tuple(own.get(name, name) for name in reading.names),
                reading.kinds,
                reading.hint,
                statements,
                reading.parse,
                reading.separator,
            )
        )
    return renamed


def _replaced(text: str, names: Mapping[str, str]) -> str:
    import re  # noqa: PLC0415

    for name, new in names.items():
        text = re.sub(rf"\b{name}\b", new, text)
    return text


class _Search:
    """One way to read the columns and to write the answer."""

    def __init__(
        self,
        problem: Problem,
        chosen: Sequence[Reading],
        writing: Writing,
        names: Mapping[str, str],
        deadline: float,
    ) -> None:
        self._problem = problem
        self._readings = chosen
        self._writing = writing
        self._names = names
        self._deadline = deadline
        self._variables = [name for reading in chosen for name in reading.names]
        self._kinds = [kind for reading in chosen for kind in reading.kinds]

    def _in_time(self) -> bool:
        return time.monotonic() < self._deadline

    def programs(self) -> list[Program]:
        goal = self._writing.goal
        solved = [row for row, _ in self._problem.examples]
        rows = [parsed_row(row, self._readings) for row in [*solved, *self._problem.others[:_OTHERS]]]
        inputs = [
            column(name, kind, [row[place] for row in rows])
            for place, (name, kind) in enumerate(zip(self._variables, self._kinds, strict=True))
        ]
        grown = Rows(inputs, len(solved), self._in_time)
        found: dict[Any, Term] = {}
        for stage, enough in enumerate(_ENOUGH):
            grown.grow(stage)
            fitting = (term for term in self._candidates(grown, goal, stage) if fits(term, wanted(goal)))
            for term in islice(fitting, _PER_STAGE):
                known = found.get(term.values)
                if known is None or term.cost < known.cost:
                    found[term.values] = term
            if (found and min(term.cost for term in found.values()) <= enough) or not self._in_time():
                break
        return self._best(list(found.values()))

    def _candidates(self, grown: Rows, goal: tuple[Any, ...], stage: int) -> Iterator[Term]:
        if kind_of(goal[0]) != "list":
            yield from solutions(goal, grown.pool, deep=stage > 0)
            return
        sequences = Sequences(grown, self._in_time)
        yield from sequences.solutions(goal, stage)
        if stage > 0:
            yield from branches(goal, grown.pool, lambda part: sequences.solutions(part, stage - 1), self._in_time)

    def _best(self, terms: list[Term]) -> list[Program]:
        others = [self._parsed(row) for row in self._problem.others]
        readable = [row for row in others if row is not None]
        inputs = {
            name: tuple(row[place] for row in readable) for place, name in enumerate(self._variables)
        }
        rated = []
        for term in terms:
            values = evaluate(term, inputs) if readable else ()
            failing = sum(value is FAILED for value in values)
            rated.append((term.cost + (_FAILS_ON_OTHERS if failing else 0.0), values, term))
        rated.sort(key=lambda each: each[0])
        kept: dict[Any, tuple[float, Term]] = {}
        for cost, values, term in rated:
            if cost <= rated[0][0] + _RANGE:
                kept.setdefault((values, term.values), (cost, term))
        return [self._program(term, cost) for cost, term in list(kept.values())[:_RETURNED]]

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
        body = [line for reading in self._readings for line in reading.statements] + writer.statements
        told = value if len(value) <= 80 else "the value computed below"  # noqa: PLR2004 - the width of a docstring
        told = told.replace("\\", "\\\\").replace('"""', "'''")
        text = "\n".join([*body, f"return {returned}"])
        hints = ", ".join(f"{self._names[reading.column]}: {reading.hint}" for reading in self._readings)
        lines = [*imports_of(text), ""] if imports_of(text) else []
        lines += [
            *([""] if lines else []),
            f"def {self._problem.name}({hints}) -> {self._writing.hint}:",
            f'    """Return `{told}`."""',
            *("    " + line for line in text.split("\n")),
        ]
        return "\n".join(lines) + "\n"
