"""Programs for columns of texts and numbers whose answers are texts, numbers or truth values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from langchain_latm.making.synthesis.arithmetic import combined, learned_numbers, read_numbers, written_numbers
from langchain_latm.making.synthesis.atoms import columns_of, enumerate_texts
from langchain_latm.making.synthesis.branching import Branches, Chosen, conditions_of, constants_of
from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.concatenation import concatenations
from langchain_latm.making.synthesis.expression import Expression
from langchain_latm.making.synthesis.operators.conditions import shape_of
from langchain_latm.making.synthesis.operators.number_texts import WriteNumber
from langchain_latm.making.synthesis.operators.plain import AsNumber
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.table import Found, Table
from langchain_latm.making.synthesis.writing import Writer
from langchain_latm.text.answer_check import answer_text

SHOWN: Final = 8
"""Examples that a search looks at first; those that its programs get wrong are added."""
_ROUNDS: Final = 4
_VOTERS: Final = 60
"""Rows without an answer that programs are tried on."""
_GOOD: Final = 6.0
"""Cost of a program that ends the search: deeper ones found nothing better."""
_FAILS: Final = 5.0
"""What a program costs more that fails on all rows without an answer; in proportion if it fails on some."""
_ODD: Final = 1.0
"""What a program costs more whose answers on all those rows have other classes of characters than the examples'."""
_CHANCE: Final = 4.0
"""What a condition costs that holds for the solved rows by chance, as far as the others show."""
_FEWEST_VOTERS: Final = 10
_KEPT: Final = 12
_MOST_ASKED: Final = 40
"""Numbers that conditions are made of."""


class Solver:
    """Finds expressions without a choice for some rows.

    Args:
        table: The rows.
        atoms: What an answer may be made of, cheapest first.
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
        return concatenations(self._table, atoms, rows)


def _fitting(table: Table, atom: Found) -> int:
    """Return the rows, as bits, in whose answers an atom stands."""
    pairs = zip(table.solved(atom), table.answers, strict=True)
    return sum(1 << row for row, (text, answer) in enumerate(pairs) if text is not None and text in answer)


def text_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs for columns of texts and numbers whose answers are texts, numbers or truth values."""
    kind = _kind(problem)
    if kind is None:
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
    return [_program(expression, cost, problem, kind) for cost, expression in ranked[:_KEPT]]


def _kind(problem: Problem) -> type | None:
    """Return the type of all answers; None if the search is of no use."""
    rows = [row for row, _ in problem.examples]
    if not rows or any(set(row) != set(rows[0]) for row in rows) or not rows[0]:
        return None
    if any(not isinstance(value, str | int | float) for row in rows for value in row.values()):
        return None
    kinds = {type(answer) for _, answer in problem.examples}
    if kinds == {int, float}:
        return float
    return kinds.pop() if len(kinds) == 1 and kinds <= {str, bool, int, float} else None


def _answer(answer: Any) -> str:
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return WriteNumber().of(Decimal(str(answer))) or str(answer)
    return answer_text(answer)


def _search(
    examples: Sequence[tuple[Mapping[str, Any], str]], others: Sequence[Mapping[str, Any]], budget: Budget
) -> list[Expression]:
    """Return expressions that give the answers of some rows, from a search that goes deeper until one is good."""
    table = Table(examples, others, budget)
    found: list[Expression] = []
    try:
        for stage in _stages(table):
            found += stage
            if any(each.cost <= _GOOD for each in found):
                break
    except Exhausted:
        pass
    return found


def _stages(table: Table) -> Iterator[list[Expression]]:
    columns = [each for kind in columns_of(table) for each in kind]
    texts = enumerate_texts(table, deep=False)
    numbers = read_numbers(table, columns, texts.parts)
    asked = conditions_of(table, texts.columns, texts.parts, numbers)
    shallow = Branches(table, Solver(table, [*texts.atoms, *written_numbers(table, numbers)], numbers), asked)
    yield shallow.direct(table.everything)
    more = combined(table, numbers)
    durations = list(written_numbers(table, more))
    yield [each.expression for each in Solver(table, [*texts.atoms, *durations], more)(range(table.size))]
    yield shallow.programs(table.everything)
    texts = enumerate_texts(table, deep=True)
    asked = conditions_of(table, texts.columns, texts.parts, more[:_MOST_ASKED])
    deep = Branches(table, Solver(table, texts.atoms, more), asked)
    yield deep.direct(table.everything)
    yield deep.programs(table.everything)


def _ranked(found: Sequence[Expression], problem: Problem) -> list[tuple[float, Expression]]:
    """Return expressions with their costs after the vote of the rows without an answer, cheapest first."""
    voters = problem.others[:_VOTERS]
    shapes = {frozenset(shape_of(_answer(answer))) for _, answer in problem.examples}
    best: dict[tuple[Any, ...], tuple[float, Expression]] = {}
    for expression in found:
        values = [expression.of(row) for row in voters]
        fails = sum(value is None for value in values)
        odd = sum(value is not None and frozenset(shape_of(value)) not in shapes for value in values)
        share = max(len(voters), 1)
        cost = expression.cost + _FAILS * fails / share + _ODD * odd / share
        cost += _data_price(expression, problem) + _chance_price(expression, problem)
        key = tuple(values)
        if not voters or key not in best or cost < best[key][0]:
            best[key if voters else (len(best),)] = (cost, expression)
    return sorted(best.values(), key=lambda each: each[0])


def _data_price(expression: Expression, problem: Problem) -> float:
    """Return what constants cost more that may be data: they stand in all solved inputs, and not in all others."""
    price = 0.0
    for text in constants_of(expression):
        if any(map(str.isalnum, text)) and all(_stands_in(text.strip(), row) for row, _ in problem.examples):
            price += 1.0 if all(_stands_in(text.strip(), row) for row in problem.others) else 4.0
    return price


def _chance_price(expression: Expression, problem: Problem) -> float:
    """Return what conditions cost more that hold for solved rows and hardly for others, or against it."""
    if not isinstance(expression, Chosen) or len(problem.others) < _FEWEST_VOTERS:
        return 0.0
    here = _share(expression.condition, [row for row, _ in problem.examples])
    there = _share(expression.condition, problem.others[:_VOTERS])
    price = _CHANCE if there < here / 5 or 1 - there < (1 - here) / 5 else 0.0
    return price + _chance_price(expression.otherwise, problem)


def _share(condition: Expression, rows: Sequence[Mapping[str, Any]]) -> float:
    return sum(bool(condition.of(row)) for row in rows) / len(rows)


def _stands_in(text: str, row: Mapping[str, Any]) -> bool:
    return any(text in str(value) for value in row.values())


def _program(expression: Expression, cost: float, problem: Problem, kind: type) -> Program:
    code = Writer(problem.examples[0][0], problem.name, kind)
    value = expression.write(code)
    code.line(f"return {code.answer(value)}")
    source = code.module(f"Return {expression.says()}.")
    return Program(source, round(cost, 3), partial(_run, expression, kind))


def _run(expression: Expression, kind: type, row: Mapping[str, Any]) -> Any:
    value = expression.of(row)
    if value is None:
        raise ValueError("the program does not fit this row")
    if kind is bool:
        return value == "True"
    if kind is str:
        return value
    number = AsNumber(whole=kind is int).of(value)
    if number is None:
        raise ValueError("the program does not fit this row")
    return number
