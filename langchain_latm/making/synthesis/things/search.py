"""Searches for programs on the typed things of sentences.

"At 120 km/h, how long do I need for 774 km?" and "774 km to go at 120 km per hour" hold a speed and a length. A program
on these needs no wording, so it answers requests in wordings that no example has. It refuses a request that holds more
or fewer things of a sort.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.operators.mentioned import are_sentences
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.things.goals import goals
from langchain_latm.making.synthesis.things.moved import moved_programs
from langchain_latm.making.synthesis.things.readings import readings
from langchain_latm.making.synthesis.things.writing import reading_program

Search = Callable[[Problem, Budget], Sequence[Program]]

_MOST_OTHERS: Final = 60
"""Maximum number of rows without an answer that are read."""
_FEWEST_WORDINGS: Final = 3
_LIKELY: Final = 6.0
"""Maximum cost of a program after which no other reading is tried."""


def thing_programs(problem: Problem, budget: Budget, search: Search) -> list[Program]:
    """Return programs on the typed things of the first column of sentences.

    Args:
        problem: The solved rows, and the others, most of which hold the same things.
        budget: The budget of the search.
        search: Finds programs on the values of the things.
    """
    programs: list[Program] = []
    for column in problem.examples[0][0] if problem.examples else ():
        rows = [*(row for row, _ in problem.examples), *problem.others[:_MOST_OTHERS]]
        cells = [cell for row in rows if isinstance(cell := row.get(column), str)]
        if len(cells) < len(rows) or not are_sentences(cells) or not _vary(cells):
            continue
        programs += moved_programs(problem, column, cells, lambda derived: search(derived, budget))
        answers = [answer for _, answer in problem.examples]
        for reading in readings(column, cells, answers, {*problem.examples[0][0], problem.name}):
            solved = [(read, answer) for row, answer in problem.examples if (read := reading.read(row)) is not None]
            others = [read for row in problem.others if (read := reading.read(row)) is not None]
            name = free_name(f"{problem.name}_of_things", {*reading.names, *problem.examples[0][0]})
            derived = replace(problem, examples=tuple(solved), others=tuple(others), name=name)
            for goal in goals(derived):
                found = search(goal.problem, budget)
                programs += [reading_program(problem, reading, goal.written(each)) for each in found]
            if min((each.cost for each in programs), default=_LIKELY) < _LIKELY:
                break
    return programs


def _vary(cells: Sequence[str]) -> bool:
    """Whether texts are worded in several ways: if not, their words say more than the things in them."""
    wordings = {tuple(re.findall(r"[^\W\d_]+", re.sub(r"\S*\d\S*", " ", cell.lower()))) for cell in cells}
    return len(wordings) >= _FEWEST_WORDINGS
