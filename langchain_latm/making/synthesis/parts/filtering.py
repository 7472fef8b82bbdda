"""Programs that keep the parts of a cell for which a condition holds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from langchain_latm.making.synthesis.arithmetic import read_numbers
from langchain_latm.making.synthesis.atoms import columns_of, enumerate_texts
from langchain_latm.making.synthesis.branching import conditions_of
from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.expression import Expression
from langchain_latm.making.synthesis.parts.aligning import Aligned, Names, function_source
from langchain_latm.making.synthesis.parts.arranging import OF_TEXTS, Change
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.table import Table
from langchain_latm.making.synthesis.writing import Writer

_STEPS: Final = 150_000
_CHOOSES: Final = 1.0
"""Cost of filtering in addition to the condition: the text after a mark is likelier than a filter."""
_FEWEST_LABELS: Final = 6
"""Minimum number of different parts that are kept or not; at least two are kept, and at least two are not."""
_TOLD_BY_A_BIT: Final = 0.8
"""Maximum cost of a condition for each bit of the labels that confirm it, as in `synthesis.search`."""
_KEPT: Final = 3
_OTHERS: Final = 60


def filtered(problem: Problem, aligned: Aligned, budget: Budget) -> Iterator[Program]:
    """Yield the programs that keep the parts for which a condition holds."""
    if aligned.split.delimiter is None or aligned.join.joiner is None:
        return
    for change in OF_TEXTS:
        cells = [[change.run(part) for part in cell] for cell in aligned.cells]
        pairs = list(zip(cells, aligned.answers, strict=True))
        if any([part for part in cell if part in answer] != answer for cell, answer in pairs):
            continue
        labels = {part: part in answer for cell, answer in pairs for part in cell}
        kept = sum(labels.values())
        clear = all((part in answer) == labels[part] for cell, answer in pairs for part in cell)
        if not clear or len(labels) < _FEWEST_LABELS or not 1 < kept < len(labels) - 1:
            continue
        yield from _conditions(problem, aligned, change, labels, budget)
        return


def _conditions(
    problem: Problem, aligned: Aligned, change: Change, labels: Mapping[str, bool], budget: Budget
) -> Iterator[Program]:
    column = aligned.column
    others = [
        {column: change.run(part)}
        for row in problem.others[:_OTHERS]
        for part in aligned.split.of(row.get(column)) or ()
    ]
    table = Table([({column: part}, str(kept)) for part, kept in labels.items()], others, budget.part(_STEPS))
    texts = enumerate_texts(table, deep=False)
    numbers = read_numbers(table, [each for columns in columns_of(table) for each in columns], texts.parts)
    wanted = list(labels.values())
    dearest = _TOLD_BY_A_BIT * math.log2(math.comb(len(wanted), sum(wanted)))
    found = 0
    for condition in conditions_of(table, texts.columns, texts.parts, numbers):
        values = table.solved(condition)
        for kept, extra in ((True, 0.0), (False, 0.2)):
            fits = all(
                value is not None and bool(value) is (want is kept) for value, want in zip(values, wanted, strict=True)
            )
            cost = condition.expression.cost + extra
            if fits and cost <= dearest and found < _KEPT:
                found += 1
                yield _filter(problem, aligned, change, condition.expression, cost, kept=kept)


def _filter(
    problem: Problem, aligned: Aligned, change: Change, condition: Expression, cost: float, *, kept: bool
) -> Program:
    column, split, join = aligned.column, aligned.split, aligned.join
    names = Names(problem)
    code = Writer({column: ""}, names.keep, bool)
    value = condition.write(code)
    code.line(f"return bool({value})" if kept else f"return not ({value})")
    inner = code.module(f"Return whether {condition.says()}{'' if kept else ', and turn it around'}.")
    over, part = split.code(column, names.part)
    taken = change.code.format(part)
    parts = over if taken == names.part else f"({taken} for {names.part} in {over})"
    called = join.code(f"{names.part} for {names.part} in {parts} if {names.keep}({names.part})")
    outer = function_source(problem, f"Return the parts of `{column}` that `{names.keep}` keeps.", [f"return {called}"])

    def run(row: Mapping[str, Any]) -> Any:
        parts = split.of(row.get(column))
        if parts is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        changed = [change.run(part) for part in parts]
        holds = [condition.of({column: part}) for part in changed]
        if any(each is None for each in holds):
            raise ValueError(f"the program does not fit the row {row!r}")
        return join.of([part for part, each in zip(changed, holds, strict=True) if bool(each) is kept])

    return Program(f"{inner.rstrip()}\n\n\n{outer}", round(aligned.cost + change.cost + _CHOOSES + cost, 3), run)
