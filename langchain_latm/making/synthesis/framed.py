"""Programs for texts of one form, such as `item pears, price 3.50`: the texts between the words are read first.

The form of a column is the words that all its rows have in the same order. Rows without an answer count too, so the
contents of a gap are known from more rows than the solved ones (the patterns of BlinkFill, Singh, VLDB 2016).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.calling import calling_program
from langchain_latm.making.synthesis.lists.reading import names_of_gaps
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.unseen import unseen

Search = Callable[[Problem, Budget], Sequence[Program]]

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_FEWEST: Final = 4
"""Minimum number of rows of a column with a form."""
_MOST: Final = 200
_LONGEST: Final = 500
_MOST_GAPS: Final = 6
_COST: Final = 0.6
_NUMBERS: Final = ((r"-?(?:0|[1-9]\d{0,14})", int), (r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", float))


@dataclass(frozen=True)
class _Frame:
    """The form of a column.

    Attributes:
        column: Its name.
        pattern: A regular expression for a cell, with a group for each gap.
        types: The type of each gap.
        names: A name for each gap.
    """

    column: str
    pattern: str
    types: tuple[type, ...]
    names: tuple[str, ...]

    def read(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the row with the gaps in place of the column; None if its cell has another form."""
        cell = row.get(self.column)
        match = re.fullmatch(self.pattern, cell, re.DOTALL) if isinstance(cell, str) else None
        if match is None:
            return None
        gaps = {
            name: group_type(text)
            for name, group_type, text in zip(self.names, self.types, match.groups(), strict=True)
        }
        return {**gaps, **{name: value for name, value in row.items() if name != self.column}}


def framed_programs(problem: Problem, budget: Budget, search: Search) -> list[Program]:
    """Return programs on the gaps of the first column with a form of two gaps or more.

    Args:
        problem: The solved rows, and the others, most of which have the form too.
        budget: The budget of the search.
        search: Finds programs on the gaps.
    """
    for column in problem.examples[0][0] if problem.examples else ():
        frame = _frame(problem, column)
        if frame is None:
            continue
        solved = [(read, answer) for row, answer in problem.examples if (read := frame.read(row)) is not None]
        others = [read for row in problem.others if (read := frame.read(row)) is not None]
        name = free_name(f"{problem.name}_of_parts", {*frame.names, *problem.examples[0][0]})
        derived = replace(problem, examples=tuple(solved), others=tuple(others), name=name)
        found = search(derived, budget)
        careful = unseen(found[0], derived) if found else ()
        return [_program(problem, frame, each) for each in (*found, *careful)]
    return []


def _frame(problem: Problem, column: str) -> _Frame | None:
    solved = [row[column] for row, _ in problem.examples]
    cells = [*solved, *(row.get(column) for row in problem.others[:_MOST])]
    if len(cells) < _FEWEST or not all(isinstance(cell, str) and len(cell) <= _LONGEST for cell in cells):
        return None
    constants = _constants(cells)
    if not constants or len(constants) > _MOST_GAPS + 1:
        return None
    inner = [constant for constant in constants if constant.strip()]
    starts, ends = (all(getattr(cell, test)(inner[at]) for cell in cells) for test, at in _SIDES)
    count = len(inner) + 1 - starts - ends
    if count < 2 or count > _MOST_GAPS:  # noqa: PLR2004 - a single gap is found by its marks
        return None
    before = (["", *inner] if not starts else inner)[:count]
    after = [*(inner[1:] if starts else inner), ""][:count]
    loose = _joined(before, after, list(map(_text_before, after)))
    matches = [re.fullmatch(loose, cell, re.DOTALL) for cell in cells]
    groups = [match.groups() for match in matches if match is not None]
    if any(mark in row[place + 1] for row in groups for place, mark in enumerate(after[:-1])):
        return None  # a gap holds the text before it, so the end of the gap before is ambiguous
    if len(groups) < len(cells):
        return None
    types = [_group_type([row[place] for row in groups], mark) for place, mark in enumerate(after)]
    pattern = _joined(before, after, [pattern for pattern, _ in types])
    names = names_of_gaps(before, {*problem.examples[0][0], problem.name})
    return _Frame(column, pattern, tuple(group_type for _, group_type in types), names)


_SIDES: Final = (("startswith", 0), ("endswith", -1))


def _joined(before: Sequence[str], after: Sequence[str], gaps: Sequence[str]) -> str:
    pieces = [re.escape(before[0])]
    for gap, mark in zip(gaps, after, strict=True):
        pieces += [gap, re.escape(mark)]
    return "".join(pieces).replace(r"\ ", " ")


def _constants(cells: Sequence[str]) -> list[str]:
    """Return the texts that all cells hold in the same order, each extended around a word."""
    words = _WORD.findall(cells[0])
    for cell in cells[1:]:
        words = _shared(words, _WORD.findall(cell))
    if not words:
        return []
    places = [_places(cell, words) for cell in cells]
    constants: list[str] = []
    end_of_last = [0] * len(cells)
    for index in range(len(words)):
        starts, ends = [[row[index][side] for row in places] for side in (0, 1)]
        lefts = [cell[last:start] for cell, last, start in zip(cells, end_of_last, starts, strict=True)]
        follows = [
            row[index + 1][0] if index + 1 < len(words) else len(cell) for row, cell in zip(places, cells, strict=True)
        ]
        rights = [cell[end:stop] for cell, end, stop in zip(cells, ends, follows, strict=True)]
        left, right = _shared_end(lefts), _shared_start(rights)
        if constants and all(left == each for each in lefts):
            constants[-1] += left + words[index] + right
        else:
            constants.append(left + words[index] + right)
        end_of_last = [end + len(right) for end in ends]
    return constants


def _shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return a common subsequence of words, each matched at its first occurrence in `other` after the one before."""
    found, start = [], 0
    for word in one:
        if word in other[start:]:
            start = other.index(word, start) + 1
            found.append(word)
    return found


def _places(cell: str, words: Sequence[str]) -> list[tuple[int, int]]:
    found, runs = [], _WORD.finditer(cell)
    for word in words:
        run = next(run for run in runs if run[0] == word)
        found.append(run.span())
    return found


def _shared_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    length = next((i for i, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first))
    return re.sub(r"[\w-]+\Z", "", first[:length]) if any(len(text) > length for text in texts) else first[:length]


def _shared_end(texts: Sequence[str]) -> str:
    backwards = [text[::-1] for text in texts]
    return _shared_start(backwards)[::-1]


def _text_before(mark: str) -> str:
    """Return the pattern of a text up to the first place of a mark: with one way to match, it takes linear time."""
    return f"((?:(?!{re.escape(mark)}).)*)".replace(r"\ ", " ") if mark else "(.*)"


def _group_type(texts: Sequence[str], mark: str) -> tuple[str, type]:
    for pattern, group_type in _NUMBERS:
        if all(re.fullmatch(pattern, text) for text in texts):
            return f"({pattern})", group_type
    return _text_before(mark), str


def _program(problem: Problem, frame: _Frame, inner: Program) -> Program:
    gaps = [
        (name, f"match[{place}]" if group_type is str else f"{group_type.__name__}(match[{place}])")
        for place, (name, group_type) in enumerate(zip(frame.names, frame.types, strict=True), 1)
    ]
    before = (
        "import re",
        "",
        f"match = re.fullmatch({frame.pattern!r}, {frame.column}, re.DOTALL)",
        "if match is None:",
        f"    raise ValueError(f'not of the form of the examples: {{{frame.column}!r}}')",
    )
    says = f"Read the parts of `{frame.column}`, and compute the answer from them."
    return calling_program(problem, frame.column, inner, frame.read, says=says, values=gaps, before=before, cost=_COST)
