"""Searches for programs on columns of texts and numbers whose answers are texts, numbers or truth values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from langchain_latm.making.synthesis.arithmetic import combined, learned_numbers, read_numbers, written_numbers
from langchain_latm.making.synthesis.atoms import columns_of, enumerate_texts
from langchain_latm.making.synthesis.branching import Branches, Chosen, conditions_of, constants_of
from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.concatenation import concatenations
from langchain_latm.making.synthesis.converting import conversions_of
from langchain_latm.making.synthesis.evidence import SHOWN, explained_cost
from langchain_latm.making.synthesis.expression import Applied, Constant, Expression, Joined
from langchain_latm.making.synthesis.operators.conditions import Compare, shape_of
from langchain_latm.making.synthesis.operators.number_texts import WriteNumber
from langchain_latm.making.synthesis.operators.plain import AsNumber
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.table import Found, Table
from langchain_latm.making.synthesis.writing import Writer
from langchain_latm.text.answer_check import answer_text
from langchain_latm.text.json_values import is_number

_ROUNDS: Final = 4
_VOTERS: Final = 60
"""Maximum number of rows without an answer on which programs are tried."""
_GOOD: Final = 6.0
"""Maximum cost of a program that ends the search: deeper searches found nothing better."""
_DEEP: Final = 400_000
"""Steps of the last stage, choices among all parts: what it finds, it finds early."""
_FAILS: Final = 5.0
"""Additional cost of a program that fails on all rows without an answer; in proportion if it fails on some."""
_ODD: Final = 1.0
"""Additional cost of a program whose answers on all those rows have other classes of characters than the examples."""
_CHANCE: Final = 4.0
"""Additional cost of a condition that, judging by the other rows, holds for the solved rows by chance."""
_HALF_MOVED: Final = 2.0
"""Additional cost of a program that changes parts of a date, if all answers are at one distance from the date: a day
later may be in another month, and February 29 is not in every year."""
_FEWEST_VOTERS: Final = 10
_KEPT: Final = 12
_ZERO: Final = re.compile(r"(?<![\d.,:/-])0\d+(?![\d.,:/-])")
"""Digits that begin with zero and are no part of a date, a time or a decimal."""
_MOST_READ: Final = 2_000
_LEADING_ZERO: Final = "no example shows how digits that begin with zero are written"
_MOST_ASKED: Final = 40
"""Maximum number of numbers that are used in conditions."""


class Solver:
    """Finds expressions without a choice for some rows.

    Args:
        table: The rows.
        atoms: The possible parts of an answer, cheapest first.
        numbers: Numbers that may be written in an answer.
    """

    def __init__(self, table: Table, atoms: Sequence[Found], numbers: Sequence[Found]) -> None:
        self._table = table
        self._numbers = numbers
        self._fitting = [(_fitting(table, atom), atom) for atom in atoms]

    def __call__(self, rows: Sequence[int]) -> list[Found]:
        """Return the expressions, cheapest first."""
        wanted = sum(1 << row for row in rows)
        atoms = [atom for fits, atom in self._fitting if fits & wanted == wanted]
        atoms += learned_numbers(self._table, self._numbers, rows)
        # A branch needs its own evidence, and leaves some of the program's cost for the rest.
        limit = self._table.budget.largest_cost
        if len(rows) < self._table.size:
            limit = min(limit, explained_cost([self._table.answers[row] for row in rows]))
        return concatenations(self._table, atoms, rows, limit)


def _fitting(table: Table, atom: Found) -> int:
    """Return the rows, as bits, whose answers hold an atom."""
    pairs = zip(table.solved(atom), table.answers, strict=True)
    return sum(1 << row for row, (text, answer) in enumerate(pairs) if text is not None and text in answer)


def text_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs on columns of texts and numbers whose answers are texts, numbers or truth values."""
    answer_type = _answer_type(problem)
    if answer_type is None:
        return []
    solved = [(row, _answer(answer)) for row, answer in problem.examples]
    active = solved[:SHOWN]
    found: list[Expression] = []
    for _ in range(_ROUNDS):
        found = _search(active, problem.others, budget)
        right = [each for each in found if all(each.of(row) == answer for row, answer in solved)]
        if right or not found:
            found = right
            break
        wrong = next(pair for pair in solved if found[0].of(pair[0]) != pair[1])
        active = [*active, wrong]
    ranked = _ranked(found, problem)
    return [_program(expression, cost, problem, answer_type) for cost, expression in ranked[:_KEPT]]


def _answer_type(problem: Problem) -> type | None:
    """Return the type of all answers; None if the search does not apply."""
    rows = [row for row, _ in problem.examples]
    if not rows or any(set(row) != set(rows[0]) for row in rows) or not rows[0]:
        return None
    if any(not isinstance(value, str | int | float) for row in rows for value in row.values()):
        return None
    types = {type(answer) for _, answer in problem.examples}
    if types == {int, float}:
        return float
    return types.pop() if len(types) == 1 and types <= {str, bool, int, float} else None


def _answer(answer: Any) -> str:
    if is_number(answer):
        return WriteNumber().of(Decimal(str(answer))) or str(answer)
    return answer_text(answer)


def _search(
    examples: Sequence[tuple[Mapping[str, Any], str]], others: Sequence[Mapping[str, Any]], budget: Budget
) -> list[Expression]:
    """Return expressions that give the answers of some rows, from a search that deepens until one is good."""
    table = Table(examples, others, budget)
    found: list[Expression] = []
    try:
        for stage in _stages(table):
            found += stage
            if any(round(each.cost, 3) <= _GOOD for each in found):
                break
    except Exhausted:
        pass
    return found


def _stages(table: Table) -> Iterator[list[Expression]]:
    text_columns, number_columns = columns_of(table)
    columns = [*text_columns, *number_columns]
    converted = conversions_of(table, text_columns, number_columns)
    texts = enumerate_texts(table, deep=False)
    numbers = read_numbers(table, columns, texts.parts)
    asked = conditions_of(table, texts.columns, texts.parts, numbers)
    atoms = [*texts.atoms, *written_numbers(table, numbers), *converted.units]
    shallow = Branches(table, Solver(table, atoms, [*numbers, *converted.numbers]), asked)
    yield [*shallow.direct(table.everything), *_of_moved(table, texts.moved)]
    more = combined(table, numbers)
    durations = list(written_numbers(table, more))
    yield [each.expression for each in Solver(table, [*texts.atoms, *durations], more)(range(table.size))]
    yield shallow.programs(table.everything)
    texts = enumerate_texts(table, deep=True)
    asked = conditions_of(table, texts.columns, texts.parts, more[:_MOST_ASKED])
    deep = Branches(table, Solver(table, texts.atoms, more), asked)
    yield deep.direct(table.everything)
    table.budget = table.budget.part(min(_DEEP, table.budget.left))
    yield deep.programs(table.everything)


def _of_moved(table: Table, groups: Sequence[Sequence[Found]]) -> Iterator[Expression]:
    """Yield the expressions whose parts are all of one moved date."""
    for group in groups:
        for found in concatenations(table, group, range(table.size), table.budget.largest_cost):
            yield found.expression


def _moved_of(expression: Expression) -> Expression | None:
    """Return the moved date of which an expression writes parts, and nothing else."""
    parts = expression.parts if isinstance(expression, Joined) else (expression,)
    read = {
        part.arguments[0] if isinstance(part, Applied) and part.operator.reads else part
        for part in parts
        if not isinstance(part, Constant)
    }
    (moved, *others) = read or (None,)
    return moved if not others and isinstance(moved, Applied) and moved.operator.moves else None


def _ranked(found: Sequence[Expression], problem: Problem) -> list[tuple[float, Expression]]:
    """Return expressions with their costs adjusted by the rows without an answer, cheapest first."""
    voters = problem.others[:_VOTERS]
    shapes = {frozenset(shape_of(_answer(answer))) for _, answer in problem.examples}
    moved = {expression for expression in found if _moved_of(expression) is not None}
    best: dict[tuple[Any, ...], tuple[float, Expression]] = {}
    for expression in [*found, *(each for one in found for each in _other_bounds(one, problem))]:
        values = [expression.of(row) for row in voters]
        fails = sum(value is None for value in values)
        odd = sum(value is not None and frozenset(shape_of(value)) not in shapes for value in values)
        share = max(len(voters), 1)
        cost = expression.cost + _FAILS * fails / share + _ODD * odd / share
        cost += _data_cost(expression, problem) + _chance_cost(expression, problem)
        cost += _HALF_MOVED if moved and expression not in moved else 0.0
        key = tuple(values)
        if not voters or key not in best or cost < best[key][0]:
            best[key if voters else (len(best),)] = (cost, expression)
    return sorted(best.values(), key=lambda each: each[0])


def _other_bounds(expression: Expression, problem: Problem) -> Iterator[Expression]:
    """Yield a choice by a bound with the bound at either end of the gap that the solved rows leave."""
    if not isinstance(expression, Chosen) or not isinstance(expression.condition, Applied):
        return
    test = expression.condition.operator
    if not isinstance(test, Compare) or test.relation != ">=":
        return
    (number,) = expression.condition.arguments
    values = [value for row, _ in problem.examples if (value := number.of(row)) is not None]
    low = max((value for value in values if value < test.bound), default=None)
    high = min((value for value in values if value >= test.bound), default=None)
    if low is None or high is None:
        return
    unit = Decimal(1).scaleb(min(0, *(int(value.as_tuple().exponent) for value in (low, high, test.bound))))
    for bound in {low + unit, high} - {test.bound}:
        condition = replace(expression.condition, operator=replace(test, bound=bound))
        yield replace(expression, condition=condition)


def _data_cost(expression: Expression, problem: Problem) -> float:
    """Return the additional cost of constants that may be data: all solved inputs hold them, but not all others."""
    price = 0.0
    for text in constants_of(expression):
        if any(map(str.isalnum, text)) and all(_stands_in(text.strip(), row) for row, _ in problem.examples):
            price += 1.0 if all(_stands_in(text.strip(), row) for row in problem.others) else 4.0
    return price


def _chance_cost(expression: Expression, problem: Problem) -> float:
    """Return the additional cost of conditions that hold for solved rows and hardly for others, or vice versa."""
    if not isinstance(expression, Chosen) or len(problem.others) < _FEWEST_VOTERS:
        return 0.0
    here = _share(expression.condition, [row for row, _ in problem.examples])
    there = _share(expression.condition, problem.others[:_VOTERS])
    price = _CHANCE if there < here / 5 or 1 - there < (1 - here) / 5 else 0.0
    return price + _chance_cost(expression.otherwise, problem)


def _share(condition: Expression, rows: Sequence[Mapping[str, Any]]) -> float:
    return sum(bool(condition.of(row)) for row in rows) / len(rows)


def _stands_in(text: str, row: Mapping[str, Any]) -> bool:
    return any(text in str(value) for value in row.values())


def _program(expression: Expression, cost: float, problem: Problem, answer_type: type) -> Program:
    code = Writer(problem.examples[0][0], problem.name, answer_type)
    value = expression.write(code)
    careful = answer_type is int and _copies_digits(problem)
    if careful:
        value = code.named(value)
        code.guard(f"re.match('-?0\\d', {value})", _LEADING_ZERO)
        code.needs("import re")
    code.line(f"return {code.answer(value)}")
    said = expression.says()
    for column in [name for name, value in problem.examples[0][0].items() if is_number(value)]:
        said = said.replace(f"`{column}` as a number", f"`{column}`")
    source = code.module(f"Return {said}.")
    return Program(source, round(cost, 3), partial(_run, expression, answer_type, careful))


def _copies_digits(problem: Problem) -> bool:
    """Whether answers are digits of rows in which other digits begin with zero: no number is written so, but a code."""
    copied = all(any(str(answer) in str(cell) for cell in row.values()) for row, answer in problem.examples)
    rows = [*(row for row, _ in problem.examples), *problem.others]
    return copied and any(
        isinstance(cell, str) and _ZERO.search(cell[:_MOST_READ]) for row in rows for cell in row.values()
    )


def _run(expression: Expression, answer_type: type, careful: bool, row: Mapping[str, Any]) -> Any:
    value = expression.of(row)
    if value is None:
        raise ValueError("the program does not fit this row")
    if careful and re.match(r"-?0\d", value):
        raise ValueError(_LEADING_ZERO)
    if answer_type is bool:
        return value == "True"
    if answer_type is str:
        return value
    number = AsNumber(whole=answer_type is int).of(value)
    if number is None:
        raise ValueError("the program does not fit this row")
    return number
