"""Solved rows that are one group of a column: they share a word that other rows lack, so its effect is unknown.

Or they have only some of the few texts of a column that is a choice.

The likeliest program ignores such a word. A second program fails without the word, so that the two differ on the other
groups, and a person is asked about one of their rows.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from langchain_latm.making.synthesis.problem import Problem, Program

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_MOST: Final = 0.8
"""Maximum share of the other rows that have the word: a word of nearly all rows is a part of the form. Of 121
development tasks with six examples, one has such a word, and no right program."""
_FEWEST_SOLVED: Final = 3
_FEWEST_OTHERS: Final = 4
_LONGEST: Final = 500
"""Number of characters of a cell in which words are searched."""
_LONGEST_CHOICE: Final = 24
_MOST_CHOICES: Final = 3
"""Maximum number of different texts of a column that is a choice, such as a unit. `_LONGEST_CHOICE` limits their
length."""
_GUARD: Final = 1.0


def within_group(program: Program, problem: Problem) -> Program | None:
    """Return a program that fails on the rows of other groups; None if the solved rows are not a group.

    Args:
        program: The likeliest program. Words in its constants do not count, since it uses them.
        problem: At least three solved rows, and the others.
    """
    module = ast.parse(program.source)
    (function,) = [each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == problem.name]
    said, *statements = function.body  # the docstring, and what computes
    spoken = set(ast.walk(said))
    texts = [each.value for each in ast.walk(module) if isinstance(each, ast.Constant) and each not in spoken]
    start = statements[0].lineno
    for column, word in _words(problem):
        if not any(isinstance(text, str) and word in text for text in texts):
            missing = f"no example is without {word!r}"
            return _guarded(program, f"{word!r} not in {column}", missing, partial(_has, column, word), before=start)
    for column, values in _choices(problem):
        missing = f"no example has another text than {' or '.join(map(repr, values))} in {column!r}"
        return _guarded(
            program, f"{column} not in {values!r}", missing, partial(_is_one_of, column, values), before=start
        )
    return None


def _choices(problem: Problem) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the columns of a few texts, each solved at least twice, if the other rows have further texts."""
    solved = [row for row, _ in problem.examples]
    for column in solved[0] if len(solved[0]) > 1 else ():
        cells = [row[column] for row in solved]
        if not all(isinstance(cell, str) and len(cell) <= _LONGEST_CHOICE for cell in cells):
            continue
        counts, others = Counter(cells), Counter(str(row.get(column)) for row in problem.others)
        new = sum(count for cell, count in others.items() if cell not in counts and count > 1)
        if len(counts) <= _MOST_CHOICES and min(counts.values()) > 1 and new:
            yield column, tuple(sorted(counts))


def _has(column: str, word: str, row: Mapping[str, Any]) -> bool:
    return word in str(row[column])


def _is_one_of(column: str, values: tuple[str, ...], row: Mapping[str, Any]) -> bool:
    return row[column] in values


def _words(problem: Problem) -> Iterator[tuple[str, str]]:
    """Yield the words that all solved rows have in a column and many other rows lack, in the order of the first row."""
    solved = [row for row, _ in problem.examples]
    if len(solved) < _FEWEST_SOLVED or len(problem.others) < _FEWEST_OTHERS:
        return
    for column in solved[0]:
        cells = [_words_of(row, column) for row in solved]
        others = [_words_of(row, column) for row in problem.others]
        for word in cells[0]:
            if all(word in cell for cell in cells) and sum(word in each for each in others) < _MOST * len(others):
                yield column, word


def _words_of(row: Mapping[str, Any], column: str) -> dict[str, None]:
    cell = row.get(column)
    return dict.fromkeys(_WORD.findall(cell[:_LONGEST])) if isinstance(cell, str) else {}


def _guarded(
    program: Program, wrong: str, missing: str, fits: Callable[[Mapping[str, Any]], bool], *, before: int
) -> Program:
    """Return a program that raises an error under a condition, given as Python code and, negated, as a function."""
    guard = [f"    if {wrong}:", f"        raise ValueError({missing!r})"]
    lines = program.source.split("\n")

    def run(row: Mapping[str, Any]) -> Any:
        if not fits(row):
            raise ValueError(missing)
        return program.run(row)

    source = "\n".join([*lines[: before - 1], *guard, *lines[before - 1 :]])
    return replace(program, source=source, cost=round(program.cost + _GUARD, 3), run=run)
