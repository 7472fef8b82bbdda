"""Programs that keep a stack of items.

They return the closers of the open items, their number or whether all are closed; or the items that are left after some
items removed the one before them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.problem import Problem, Program

Items = Sequence[str]

_BRACKETS: Final = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SEPARATORS: Final = (" ", "", ", ", ",", "\n", "; ", "/")
_MOST_ITEMS: Final = 400
_MOST_TOKENS: Final = 24
_USED: Final = frozenset({"stack", "item", "ends"})
_COST: Final = 3.5
_LEARNT: Final = 0.3
"""Costs of a program, and of each pair of opener and closer that is found from the examples."""


@dataclass(frozen=True)
class _Reading:
    """How a cell becomes items: source code, and a function."""

    source: str
    items: Callable[[Any], Items]


@dataclass(frozen=True)
class _Result:
    """A result computed from a stack.

    Attributes:
        source: Source code, in which `stack` is the list of items, the top last.
        of: Computes the result.
        annotation: Type of the result.
    """

    source: str
    of: Callable[[list[str]], Any]
    annotation: str


@dataclass(frozen=True)
class _Rule:
    """What an item does to a stack.

    Attributes:
        summary: What the function returns, for its docstring.
        before: Statements before the loop over the items.
        statements: Statements in the loop.
        stack: Computes the stack of items, or raises `ValueError`.
        cost: Cost of the program.
    """

    summary: str
    before: tuple[str, ...]
    statements: tuple[str, ...]
    stack: Callable[[Items], list[str]]
    cost: float


def stack_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs with a stack for a column of lists of texts, or of texts of items.

    Args:
        problem: The solved rows, with one column.
        budget: The budget of the search.

    Example:
        >>> rows = (({"text": "(a[b"}, "])"), ({"text": "{x}(<y"}, ">)"), ({"text": "[(z)"}, "]"))
        >>> stack_programs(Problem(rows), Budget(5, 10_000))[0].run({"text": "{[1]<"})
        '>}'
    """
    if not problem.examples or len(problem.examples[0][0]) != 1:
        return []
    (column,) = problem.examples[0][0]
    cells = [row[column] for row, _ in problem.examples]
    answers = [answer for _, answer in problem.examples]
    found: list[Program] = []
    try:
        for reading in _readings(cells):
            rows = [reading.items(cell) for cell in cells]
            if len({item for row in rows for item in row}) > _MOST_TOKENS or max(map(len, rows)) > _MOST_ITEMS:
                continue
            for rule, result in _candidates(rows, answers):
                budget.spend(sum(map(len, rows)))
                outcomes = [_outcome(rule, result, row) for row in rows]
                if outcomes == answers and [*map(type, outcomes)] == [*map(type, answers)]:
                    found.append(_program(problem, column, reading, rule, result))
    except Exhausted:
        pass
    return sorted(found, key=lambda program: program.cost)


def _readings(cells: Sequence[Any]) -> Iterator[_Reading]:
    if all(isinstance(cell, list) and cell and all(isinstance(item, str) for item in cell) for cell in cells):
        yield _Reading("{}", _listed)
    if all(isinstance(cell, str) and cell.strip() for cell in cells):
        if any(len(cell.split()) > 1 for cell in cells):
            yield _Reading("{}.split()", lambda cell: _text(cell).split())
        yield _Reading("{}", lambda cell: list(_text(cell)))


def _candidates(rows: Sequence[Items], answers: Sequence[Any]) -> Iterator[tuple[_Rule, _Result]]:
    """Yield pairs of a rule and a result that have the type of the answers."""
    results = list(_results(answers))
    tokens = sorted({item for row in rows for item in row})
    removing = [_equal_rule(), *(_eraser_rule(token) for token in tokens)]
    yield from ((rule, result) for result in results for rule in removing)
    open_counts = [] if any(type(answer) is not int for answer in answers) else [_count()]
    for ends in _tables(rows, answers):
        rule = _closing_rule(ends, strict=True)
        yield from ((rule, _turned(result)) for result in results if result.annotation != "int")
        yield from ((rule, result) for result in open_counts)
        yield from ((_closing_rule(ends, strict=False), result) for result in _labels(rows, answers, ends))


def _tables(rows: Sequence[Items], answers: Sequence[Any]) -> Iterator[Mapping[str, str]]:
    """Yield the closer of each opener: brackets, or the pairs in the examples if their answers close all items."""
    if any(item in _BRACKETS for row in rows for item in row):
        yield _BRACKETS
        return
    for separator in (None, *_SEPARATORS):
        parts = [_items_of(answer, separator) for answer in answers]
        whole = [[*row, *part] for row, part in zip(rows, parts, strict=True) if part is not None]
        if len(whole) == len(rows) and (ends := _learnt(whole)) and _are_shown(ends, whole):
            yield ends
            return


def _are_shown(ends: Mapping[str, str], closed: Sequence[Items]) -> bool:
    """Whether most of the pairs stand in the examples more than once: a table of single pairs fits any answers."""
    counts = Counter(item for row in closed for item in row)
    return 2 * sum(counts[opener] > 1 for opener in ends) > len(ends)


def _learnt(closed: Sequence[Items]) -> dict[str, str] | None:
    """Return a closer for each opener such that all items of the sequences are closed; None if there are none."""

    def found(number: int, place: int, stack: tuple[str, ...], ends: dict[str, str]) -> dict[str, str] | None:
        while number < len(closed):
            row = closed[number]
            while place < len(row):
                item = row[place]
                closers = {closer: opener for opener, closer in ends.items()}
                if item in closers:
                    if not stack or stack[-1] != closers[item]:
                        return None
                    stack, place = stack[:-1], place + 1
                elif item in ends:
                    stack, place = (*stack, item), place + 1
                elif stack and stack[-1] in ends and ends[stack[-1]] == "":
                    bound = found(number, place + 1, stack[:-1], {**ends, stack[-1]: item})
                    return bound or found(number, place + 1, (*stack, item), {**ends, item: ""})
                else:
                    stack, place, ends = (*stack, item), place + 1, {**ends, item: ""}
            if stack:
                return None
            number, place = number + 1, 0
        return ends if all(ends.values()) else None

    return found(0, 0, (), {}) if sum(map(len, closed)) <= _MOST_ITEMS else None


def _equal_rule() -> _Rule:
    def stack(items: Items) -> list[str]:
        left: list[str] = []
        for item in items:
            if left and left[-1] == item:
                left.pop()
            else:
                left.append(item)
        return left

    statements = ("if stack and stack[-1] == item:", "    stack.pop()", "else:", "    stack.append(item)")
    return _Rule("what is left after equal neighbours are removed", (), statements, stack, _COST)


def _eraser_rule(eraser: str) -> _Rule:
    def stack(items: Items) -> list[str]:
        left: list[str] = []
        for item in items:
            if item != eraser:
                left.append(item)
            elif left:
                left.pop()
        return left

    statements = (f"if item != {eraser!r}:", "    stack.append(item)", "elif stack:", "    stack.pop()")
    return _Rule(f"what is left after each {eraser!r} removes the item before it", (), statements, stack, _COST + 0.5)


def _closing_rule(ends: Mapping[str, str], *, strict: bool) -> _Rule:
    """Keep the closers of the open items; a closer without an opener is an error, or stays on the stack."""
    closers = set(ends.values())

    def stack(items: Items) -> list[str]:
        left: list[str] = []
        for item in items:
            if item in ends:
                left.append(ends[item])
            elif left and left[-1] == item:
                left.pop()
            elif item in closers:
                if strict:
                    raise ValueError(f"{item!r} closes nothing")
                return [*left, item]
        return left

    wrong = 'raise ValueError(f"{item!r} closes nothing")' if strict else "stack.append(item)"
    statements = (
        "if item in ends:",
        "    stack.append(ends[item])",
        "elif stack and stack[-1] == item:",
        "    stack.pop()",
        "elif item in ends.values():",
        f"    {wrong}",
        *(() if strict else ("    break",)),
    )
    cost = _COST if ends is _BRACKETS else _COST + _LEARNT * len(ends)
    return _Rule("what closes the items that are open", (f"ends = {dict(ends)!r}",), statements, stack, cost)


def _results(answers: Sequence[Any]) -> Iterator[_Result]:
    """Yield the results that may be computed from a stack, from the bottom to the top."""
    if all(type(answer) is int for answer in answers):
        yield _count()
    elif all(isinstance(answer, list) for answer in answers):
        yield _Result("stack", list, "list[str]")
    elif all(isinstance(answer, str) for answer in answers):
        for separator in _SEPARATORS:
            if not separator or any(separator in answer for answer in answers):
                yield _Result(f"{separator!r}.join(stack)", separator.join, "str")


def _count() -> _Result:
    return _Result("len(stack)", len, "int")


def _turned(result: _Result) -> _Result:
    """Return the result of the reversed stack, from the top to the bottom."""
    source = result.source.replace("stack", "stack[::-1]")
    return _Result(source, lambda stack: result.of(stack[::-1]), result.annotation)


def _labels(rows: Sequence[Items], answers: Sequence[Any], ends: Mapping[str, str]) -> Iterator[_Result]:
    """Yield the choice between two labels, for closed rows and others, if the answers are two texts or bools."""
    closed = [not _closing_rule(ends, strict=False).stack(row) for row in rows]
    if not all(isinstance(answer, str | bool) for answer in answers):
        return
    yes = {answer for answer, each in zip(answers, closed, strict=True) if each}
    no = {answer for answer, each in zip(answers, closed, strict=True) if not each}
    if len(yes) == len(no) == 1 and yes != no:
        (whole,), (rest,) = yes, no
        annotation = "bool" if isinstance(whole, bool) else "str"
        yield _Result(f"{rest!r} if stack else {whole!r}", lambda stack: rest if stack else whole, annotation)


def _program(problem: Problem, column: str, reading: _Reading, rule: _Rule, result: _Result) -> Program:
    given = free_name("given", {column}) if column in _USED else column
    lines = [
        f'"""Return {rule.summary}."""',
        *([f"{given} = {column}"] if given != column else []),
        *rule.before,
        "stack = []",
        f"for item in {reading.source.format(given)}:",
        *(f"    {line}" for line in rule.statements),
        f"return {result.source}",
    ]
    cells = "list[str]" if isinstance(problem.examples[0][0][column], list) else "str"
    head = f"def {problem.name}({column}: {cells}) -> {result.annotation}:"
    source = "\n    ".join([head, *lines]) + "\n"

    def run(row: Mapping[str, Any]) -> Any:
        items = reading.items(row[column])
        if len(items) > _MOST_ITEMS:
            raise ValueError("too many items")
        return result.of(rule.stack(items))

    return Program(source, rule.cost, run)


def _outcome(rule: _Rule, result: _Result, items: Items) -> Any:
    try:
        return result.of(rule.stack(items))
    except ValueError:
        return None


def _items_of(answer: Any, separator: str | None) -> list[str] | None:
    """Return the items of an answer, a list or a text with a separator; None for other answers."""
    if separator is None:
        return answer if isinstance(answer, list) and all(isinstance(item, str) for item in answer) else None
    if not isinstance(answer, str):
        return None
    return answer.split(separator) if separator else list(answer)


def _listed(cell: Any) -> Items:
    if not isinstance(cell, list) or not all(isinstance(item, str) for item in cell):
        raise ValueError("not a list of texts")
    return cell


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    raise ValueError("not a text")
