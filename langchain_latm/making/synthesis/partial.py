"""Programs for parts of the answers, if there is none for whole answers.

The answers are split at marks that all of them share, as in FlashFill++ (Cambronero, POPL 2023). Each part is a problem
of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from operator import contains
from typing import Any, Final

from langchain_latm.making.synthesis.problem import Problem, Program

Search = Callable[[Problem, float], Sequence[Program]]

_MARK: Final = re.compile(r"[^\w\s]+\s*|\s+")
_MOST_PARTS: Final = 3
_MOST_COLUMNS: Final = 8
_MOST_CUT: Final = 6
"""Maximum number of parts of an answer that is split at a mark."""
_LONGEST: Final = 300
_FEWEST: Final = 3
"""Minimum number of examples."""


@dataclass(frozen=True)
class Part:
    """A program for a part of the answers.

    Attributes:
        name: Name of its function.
        program: The program.
        examples: Arguments and values of the first two solved rows.
    """

    name: str
    program: Program
    examples: tuple[tuple[dict[str, Any], str], ...]


def part_programs(problem: Problem, search: Search, *, seconds: float) -> list[Part]:
    """Return programs for parts of the answers, the longest parts first, without parts of such parts.

    Args:
        problem: The problem that has no program; its answers are texts.
        search: Finds programs for a part.
        seconds: Time limit of all searches together.
    """
    answers = [answer for _, answer in problem.examples]
    if len(answers) < _FEWEST or not all(isinstance(answer, str) and 0 < len(answer) <= _LONGEST for answer in answers):
        return []
    columns = sorted(_columns(answers), key=lambda column: -sum(map(len, column)))[:_MOST_COLUMNS]
    rows = [row for row, _ in problem.examples]
    found: list[Part] = []
    covered: list[tuple[str, ...]] = []
    for column in columns:
        inside = any(all(map(contains, whole, column)) for whole in covered)
        if inside or len(found) == _MOST_PARTS:
            continue
        name = f"{problem.name}_part_{len(found) + 1}"
        examples = tuple(zip(rows, column, strict=True))
        programs = search(replace(problem, examples=examples, name=name), seconds / len(columns))
        if programs:
            covered.append(column)
            found.append(Part(name, programs[0], tuple((dict(row), value) for row, value in examples[:2])))
    return found


def _columns(answers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the varying parts of the answers between marks, for marks that occur equally often in all answers."""
    marks = dict.fromkeys(mark for answer in answers for mark in _MARK.findall(answer))
    seen: set[tuple[str, ...]] = {tuple(answers)}
    for mark in marks:
        rows = [answer.split(mark) for answer in answers]
        if len(set(map(len, rows))) != 1 or not 1 < len(rows[0]) <= _MOST_CUT:
            continue
        for start, end in combinations(range(len(rows[0]) + 1), 2):
            column = tuple(mark.join(row[start:end]).strip() for row in rows)
            if len(set(column)) > 1 and all(column) and column not in seen:
                seen.add(column)
                yield column
