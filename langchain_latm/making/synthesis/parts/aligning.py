"""Splits cells and answers side by side, and writes the source of programs on their parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.parts.splitting import SPACES, Join, Split, joins, splits
from langchain_latm.making.synthesis.problem import Problem

TAKEN_APART: Final = 1.3
"""Cost of splitting a cell and joining its parts."""
_OTHER_JOINER: Final = 0.2


class Aligned(NamedTuple):
    """Split cells and answers.

    Attributes:
        column: The column.
        split: How its cells are split.
        join: How the answers are joined.
        cells: The parts of the cells of the solved rows.
        answers: The parts of their answers.
    """

    column: str
    split: Split
    join: Join
    cells: list[list[Any]]
    answers: list[list[Any]]

    @property
    def cost(self) -> float:
        """The cost of splitting and joining."""
        delimiter, joiner = self.split.delimiter, self.join.joiner
        same = (
            joiner is not None and delimiter is not None and (joiner.strip() or SPACES) == (delimiter.strip() or SPACES)
        )
        return TAKEN_APART + (0.0 if same or joiner is None else _OTHER_JOINER)

    @property
    def is_one_to_one(self) -> bool:
        """Whether each part of a cell corresponds to one part of its answer."""
        return all(len(cell) == len(answer) for cell, answer in zip(self.cells, self.answers, strict=True))

    @property
    def varies(self) -> bool:
        """Whether the number of parts differs between cells, so that it is not a form with fixed places."""
        return len(set(map(len, self.cells))) > 1


def aligned_parts(problem: Problem) -> Iterator[Aligned]:
    """Yield the ways to split cells and answers that give several parts on both sides in some row."""
    answers = [answer for _, answer in problem.examples]
    joined = [(join, parts) for join in joins(answers) if (parts := all_parts(join.parts, answers))]
    for column in problem.examples[0][0] if problem.examples and joined else ():
        cells = [row.get(column) for row, _ in problem.examples]
        for split in splits(cells):
            parts = all_parts(split.of, cells)
            for join, of_answers in joined if parts else ():
                if any(len(cell) > 1 < len(answer) for cell, answer in zip(parts or [], of_answers, strict=True)):
                    yield Aligned(column, split, join, parts or [], of_answers)


def all_parts(take: Callable[[Any], list[Any] | None], values: Sequence[Any]) -> list[list[Any]] | None:
    """Return the parts of all values; None if a value cannot be split, or none has several parts."""
    parts = [take(value) for value in values]
    known = [each for each in parts if each is not None]
    return known if len(known) == len(parts) and any(len(each) > 1 for each in known) else None


def value_of(run: Callable[[Any], Any], value: Any) -> Any:
    """Return a function's result for a value; None if the function does not fit the value."""
    try:
        return run(value)
    except (ValueError, TypeError, ArithmeticError):
        return None


class Names:
    """Names of the variables of a function, distinct from the names of columns."""

    def __init__(self, problem: Problem) -> None:
        columns = set(problem.examples[0][0])
        self.part = free_name("part", columns)
        self.parts = free_name("parts", columns)
        self.change = free_name("change_part", {*columns, problem.name})
        self.keep = free_name("is_kept", {*columns, problem.name})


def function_source(problem: Problem, says: str, code: Sequence[str]) -> str:
    """Return the source of the function of a problem, given its docstring and statements."""
    row, answer = problem.examples[0]
    head = ", ".join(f"{name}: {_hint(value)}" for name, value in row.items())
    lines = [f'"""{says}"""', *code]
    return "\n".join([f"def {problem.name}({head}) -> {_hint(answer)}:", *(f"    {line}" for line in lines)]) + "\n"


def _hint(value: Any) -> str:
    if not isinstance(value, list):
        return type(value).__name__
    types = sorted({_hint(item) for item in value}) or ["str"]
    return f"list[{' | '.join(types)}]"
