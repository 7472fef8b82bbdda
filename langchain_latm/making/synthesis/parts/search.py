"""Searches for programs that split a cell; the search on columns finds what is done with each part.

A cell of several parts, such as "Hopper, Grace; Lovelace, Ada", shows several times what is done with a part. So the
parts become the rows of a smaller problem, whose program is a function that the outer one calls for each part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.parts.aligning import (
    TAKEN_APART,
    Aligned,
    Names,
    aligned_parts,
    all_parts,
    function_source,
    value_of,
)
from langchain_latm.making.synthesis.parts.arranging import (
    CHOICES,
    OF_LISTS,
    OF_NESTED,
    OF_NUMBERS,
    OF_TEXTS,
    ORDERS,
    UNCHANGED,
    Arrangement,
    Change,
    by_key,
)
from langchain_latm.making.synthesis.parts.filtering import filtered
from langchain_latm.making.synthesis.parts.splitting import Join, Split, splits
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.writing import Writer

Search = Callable[[Problem, Budget], Sequence[Program]]
_MOST_PAIRS: Final = 4
"""Maximum number of ways to split for which a program is searched, if the number of parts varies."""
_MOST_FIXED: Final = 2
"""The same if the number of parts is fixed: other searches then find a program for each place."""
_STEPS: Final = 250_000
"""Steps of such a search, about a second. Parts are short, and there are more of them than rows."""
_FIXED_STEPS: Final = 80_000
_LIKELY: Final = 6.0
"""Maximum cost of a program after which no further way is tried, as in `synthesis.search`."""
_MOST_INNER: Final = 4
_MOST_PARTS: Final = 24
_OTHERS: Final = 60


class _Plan(NamedTuple):
    """A program on all parts together."""

    column: str
    split: Split
    join: Join | None
    change: Change
    order: Arrangement


def varies(problem: Problem) -> bool:
    """Whether cells and answers have the same number of parts, which differs between rows."""
    return any(each.is_one_to_one and each.varies for each in aligned_parts(problem))


def arranged_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs that filter, order or choose parts of the cells of one column, with at most a small change.

    Args:
        problem: The solved rows.
        budget: The budget: one step for each way to split a row; conditions have their own steps.
    """
    found: list[Program] = []
    try:
        for each in aligned_parts(problem):
            budget.spend(len(each.cells))
            found += _arranged(problem, each)
            found += filtered(problem, each, budget)
        found += _chosen(problem)
    except Exhausted:
        pass
    return sorted(found, key=lambda program: program.cost)


def mapped_programs(problem: Problem, budget: Budget, search: Search) -> list[Program]:
    """Return programs that do the same with each part of the cells of one column.

    Args:
        problem: The solved rows.
        budget: Limits the time; the searches for programs of parts have their own steps.
        search: Finds programs for parts.
    """
    found: list[Program] = []
    one_to_one = sorted((each for each in aligned_parts(problem) if each.is_one_to_one), key=_likelihood)
    varying = [each for each in one_to_one if each.varies][:_MOST_PAIRS]
    for each in varying or one_to_one[:_MOST_FIXED]:
        if min((program.cost for program in found), default=math.inf) > _LIKELY:
            found += _mapped(problem, each, budget, search)
    return sorted(found, key=lambda program: program.cost)


def _likelihood(aligned: Aligned) -> tuple[bool, int, float]:
    """Return a sort key for ways to split: a varying number of parts is informative, and few large parts are likely."""
    return (not aligned.varies, sum(map(len, aligned.cells)), aligned.cost)


def _changes(parts: Sequence[Sequence[Any]]) -> tuple[Change, ...]:
    return OF_TEXTS if all(isinstance(part, str) for cell in parts for part in cell) else (UNCHANGED,)


def _maps_to(functions: Sequence[Callable[[Any], Any]], values: Sequence[Any], wanted: Sequence[Any]) -> bool:
    """Whether a chain of functions maps values to the wanted ones."""
    for value, want in zip(values, wanted, strict=True):
        found = value
        for function in functions:
            found = value_of(function, found)
            if found is None:
                return False
        if found != want or type(found) is not type(want):
            return False
    return True


def _each(change: Change) -> Callable[[Sequence[Any]], list[Any]]:
    return lambda parts: [change.run(part) for part in parts]


def _arranged(problem: Problem, aligned: Aligned) -> Iterator[Program]:
    """Yield the programs that reorder all parts or take some by position, after a small change."""
    orders = [*ORDERS, *OF_NESTED, *(order for change in OF_LISTS for order in by_key(change)[:2])]
    for change in _changes(aligned.cells):
        for order in orders:
            if _maps_to((_each(change), order.run), aligned.cells, aligned.answers):
                cost = aligned.cost + 0.5 + change.cost + order.cost
                yield _program(problem, _Plan(aligned.column, aligned.split, aligned.join, change, order), cost)


def _chosen(problem: Problem) -> Iterator[Program]:
    """Yield the programs whose answer is one part of a cell, or a number about the parts."""
    answers = [answer for _, answer in problem.examples]
    for column in problem.examples[0][0] if problem.examples else ():
        cells = [row.get(column) for row, _ in problem.examples]
        for split in splits(cells):
            parts = all_parts(split.of, cells)
            if parts is None:
                continue
            nested = all(isinstance(part, list) for cell in parts for part in cell)
            by_keys = [choice for change in OF_LISTS for choice in by_key(change)[2:]] if nested else []
            if _are_of_one_place(parts, answers):
                continue
            for choice in (*CHOICES, *by_keys):
                if _maps_to((choice.run,), parts, answers):
                    plan = _Plan(column, split, None, UNCHANGED, choice)
                    yield _program(problem, plan, TAKEN_APART + 0.5 + choice.cost)
            for change in OF_LISTS if nested else ():
                for total in OF_NUMBERS:
                    if _maps_to((_each(change), total.run), parts, answers):
                        cost = TAKEN_APART + 0.5 + change.cost + total.cost
                        yield _program(problem, _Plan(column, split, None, change, total), cost)


def _are_of_one_place(parts: Sequence[list[Any]], answers: Sequence[Any]) -> bool:
    """Whether all answers are the part at the same position of their cell, so that they show nothing else."""
    fewest = min(map(len, parts))
    return any(
        all(cell[place] == answer for cell, answer in zip(parts, answers, strict=True))
        for place in range(-fewest, fewest)
    )


def _program(problem: Problem, plan: _Plan, cost: float) -> Program:
    column, split, join, change, order = plan
    names = Names(problem)
    over, part = split.code(column, names.part)
    taken = change.code.format(part)
    code = [f"{names.parts} = {over if taken == names.part else f'[{taken} for {names.part} in {over}]'}"]
    value = order.code.format(names.parts)
    joiner = None if join is None else join.joiner
    code.append(f"return {value if joiner is None else f'{Writer.literal(joiner)}.join({value})'}")

    def run(row: Mapping[str, Any]) -> Any:
        parts = split.of(row.get(column))
        changed = None if parts is None else value_of(_each(change), parts)
        value = None if changed is None else value_of(order.run, changed)
        if value is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        return value if join is None else join.of(value)

    imports = "import statistics\n\n\n" if "statistics." in value else ""
    source = imports + function_source(problem, f"Return {order.says.format('the parts')}.", code)
    return Program(source, round(cost, 3), run)


def _mapped(problem: Problem, aligned: Aligned, budget: Budget, search: Search) -> list[Program]:
    """Return the programs that do the same with each part."""
    solved: dict[str, tuple[Mapping[str, Any], Any]] = {}
    for (row, _), cell, answer in zip(problem.examples, aligned.cells, aligned.answers, strict=True):
        for part, wanted in zip(cell, answer, strict=True):
            derived = {**row, aligned.column: part}
            known = solved.setdefault(repr(derived), (derived, wanted))
            if known[1] != wanted:
                return []
    others = [
        {**row, aligned.column: part}
        for row in problem.others[:_OTHERS]
        for part in aligned.split.of(row.get(aligned.column)) or ()
    ]
    names = Names(problem)
    inner = Problem(tuple(solved.values())[:_MOST_PARTS], tuple(others[:_OTHERS]), names.change, problem.hint)
    programs = search(inner, budget.part(_STEPS if aligned.varies else _FIXED_STEPS))
    rest = list(solved.values())[_MOST_PARTS:]
    right = [each for each in programs if all(value_of(each.run, row) == answer for row, answer in rest)]
    return [_mapping(problem, aligned, names, each) for each in right[:_MOST_INNER]]


def _mapping(problem: Problem, aligned: Aligned, names: Names, inner: Program) -> Program:
    column, split, join = aligned.column, aligned.split, aligned.join

    def run(row: Mapping[str, Any]) -> Any:
        parts = split.of(row.get(column))
        if parts is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        return join.of([inner.run({**row, column: part}) for part in parts])

    columns = problem.examples[0][0]
    over, part = split.code(column, names.part)
    given = ", ".join(f"{name}={part if name == column else name}" for name in columns) if len(columns) > 1 else part
    called = join.code(f"{names.change}({given}) for {names.part} in {over}")
    says = f"Return what `{names.change}` makes of each part of `{column}`."
    outer = function_source(problem, says, [f"return {called}"])
    return Program(f"{inner.source.rstrip()}\n\n\n{outer}", round(inner.cost + aligned.cost, 3), run)
