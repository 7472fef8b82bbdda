"""Computations that a word turns into their opposite: "keep" or "remove", "above" or "below", "largest" or "smallest".

A few rows seldom show each combination of such words, so one program for each cannot be found. But words that change in
otherwise equal requests mostly ask for opposites: the complement or the reversed comparison of a condition, the other
order or the other extreme. One row then shows much about the others, in any language: no word is looked up.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations, product
from typing import Any, Final

from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.text.json_values import is_number
from langchain_latm.text.lexing.numbers import read_number

_MOST_CHOICES: Final = 3
_MOST_VALUES: Final = 4
_LONGEST: Final = 24
"""Maximum length of a word that is a choice."""
_TESTS: Final[tuple[tuple[str, Callable[[Any, Any], Any]], ...]] = (
    ("<", operator.lt), (">", operator.gt), ("<=", operator.le), (">=", operator.ge),
)  # fmt: skip
_WRITTEN: Final = re.compile(r"-?(?:\d{1,18}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,17})?(?:[eE][+-]?\d{1,2})?")
"""A number in a text: plain, in groups of three digits, or with an exponent."""
_UNGROUPED: Final = 'float(item.replace(",", ""))'
_COMPLEMENT: Final = (3, 2, 1, 0)
_REVERSED: Final = (1, 0, 3, 2)
_SWAPPED: Final = (1, 0)
_TURNED: Final = 1.2
"""Cost of a choice that turns the computation; a choice without effect costs half of it."""
_TURNED_ALIKE: Final = 0.8
"""Additional cost if two choices turn it in the same way although there are two ways."""


@dataclass(frozen=True)
class _State:
    """One of several opposite computations."""

    code: str
    run: Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class _Family:
    """Opposite computations, and the ways in which a word may turn one into another."""

    states: tuple[_State, ...]
    moves: tuple[tuple[int, ...], ...]
    returns: str
    cost: float


def opposite_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs in which the values of one or more text columns reverse a computation on the others.

    Args:
        problem: The solved rows.
        budget: The budget: one step for each computation on a row.

    Example:
        >>> solved = (({"sort": "up", "of": [3, 1, 2]}, [1, 2, 3]), ({"sort": "down", "of": [5, 9]}, [9, 5]))
        >>> problem = Problem(solved, others=({"sort": "down", "of": [1, 7, 4]},))
        >>> opposite_programs(problem, Budget(5, 1000))[0].run(problem.others[0])
        [7, 4, 1]
    """
    rows = [row for row, _ in problem.examples]
    choices = _choices(rows, [*rows, *problem.others])
    if not 0 < len(choices) <= _MOST_CHOICES:
        return []
    found: dict[tuple[str, ...], Program] = {}
    try:
        data = [{name: row[name] for name in row if name not in choices} for row in [*rows, *problem.others]]
        for family in _families(data):
            for turns, cost in _solutions(problem, family, choices, budget):
                program = _program(problem, family, choices, turns, cost)
                known = found.get(key := (*(family.states[state].code for state in turns.values()),))
                if known is None or program.cost < known.cost:
                    found[key] = program
    except Exhausted:
        pass
    return sorted(found.values(), key=lambda program: program.cost)


def _choices(solved: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the columns that are a choice among few texts, with the texts; if more than two, those of solved rows."""
    found: dict[str, list[str]] = {}
    for name in solved[0] if solved else ():
        values = [row[name] for row in rows if name in row]
        if not all(isinstance(value, str) and 0 < len(value) <= _LONGEST and not _is_number(value) for value in values):
            continue
        seen = list(dict.fromkeys(values))
        if len(seen) > 2:  # noqa: PLR2004 - of two values, only one has to be solved
            seen = list(dict.fromkeys(row[name] for row in solved))
        if 1 < len(seen) <= _MOST_VALUES and len(seen) < len(values):
            found[name] = seen
    return found


def _solutions(
    problem: Problem, family: _Family, choices: Mapping[str, Sequence[str]], budget: Budget
) -> Iterator[tuple[dict[tuple[str, ...], int], float]]:
    """Yield maps from combinations of choices to states that give all answers, with the cost of the choices."""
    same = tuple(range(len(family.states)))
    values: list[list[Any]] = []
    for row, _ in problem.examples:
        budget.spend(len(family.states))
        values.append([_computed(state, row) for state in family.states])
    ways = [list(product((same, *family.moves), repeat=len(seen) - 1)) for seen in choices.values()]
    for start, moves in product(range(len(family.states)), product(*ways)):
        flat = [move for each in moves for move in each]
        if all(move == same for move in flat):
            continue
        turns: dict[tuple[str, ...], int] = {}
        for combination in product(*(range(len(seen)) for seen in choices.values())):
            state = start
            for place, move in zip(combination, moves, strict=True):
                state = move[place - 1][state] if place else state
            turns[tuple(seen[place] for seen, place in zip(choices.values(), combination, strict=True))] = state
        right = all(
            _same(row_values[turns[tuple(row[name] for name in choices)]], answer)
            for row_values, (row, answer) in zip(values, problem.examples, strict=True)
        )
        if right:
            turned = sum(move != same for move in flat)
            alike = len(family.moves) > 1 and turned > len({move for move in flat if move != same})
            cost = _TURNED * turned + _TURNED / 2 * (len(flat) - turned) + _TURNED_ALIKE * alike
            yield turns, cost


def _computed(state: _State, row: Mapping[str, Any]) -> Any:
    try:
        return state.run(row)
    except (ValueError, TypeError, ArithmeticError, LookupError):
        return None


def _same(value: Any, answer: Any) -> bool:
    """Whether a value is the answer, including its type: True is not 1, and "3" is not 3."""
    return value is not None and type(value) is type(answer) and bool(value == answer)


def _families(rows: Sequence[Mapping[str, Any]]) -> Iterator[_Family]:
    names = list(rows[0]) if rows else []
    numbers = [name for name in names if all(is_number(row.get(name)) for row in rows)]
    for name in names:
        columns = [row.get(name) for row in rows]
        if all(isinstance(cell, list) and cell for cell in columns):
            yield from _families_of_list(name, [item for cell in columns for item in cell or ()], numbers)
    for one, other in permutations(numbers, 2):
        for pair in _ARITHMETIC:
            first, second = (_State(code.format(one, other), _on(function, one, other)) for code, function in pair)
            yield _Family((first, second), (_SWAPPED,), "float", 2.0)
        tests = tuple(_State(f"{one} {sign} {other}", _on(test, one, other)) for sign, test in _TESTS)
        yield _Family(tests, (_COMPLEMENT, _REVERSED), "bool", 2.5)


def _families_of_list(name: str, items: Sequence[Any], numbers: Sequence[str]) -> Iterator[_Family]:
    numeric = all(map(is_number, items))
    written = all(isinstance(item, str) and _WRITTEN.fullmatch(item) for item in items)
    grouped = written and any("," in item for item in items)
    if not numeric and not all(isinstance(item, str) for item in items):
        return
    item_type = "str" if not numeric else "float" if any(isinstance(item, float) for item in items) else "int"
    keys: list[tuple[str, Callable[[Any], Any]]] = [("item", _itself)]
    if written:
        keys = [(_UNGROUPED, _without_groups) if grouped else ("float(item)", float)]
    elif not numeric:
        keys.append(("len(item)", len))
    for of, key in keys:
        by = "" if of == "item" else f", key=lambda item: {of}"
        yield _pair(
            (f"sorted({name}{by})", lambda row, key=key: sorted(row[name], key=key)),
            (f"sorted({name}{by}, reverse=True)", lambda row, key=key: sorted(row[name], key=key, reverse=True)),
            f"list[{item_type}]",
        )
        yield _pair(
            (f"max({name}{by})", lambda row, key=key: max(row[name], key=key)),
            (f"min({name}{by})", lambda row, key=key: min(row[name], key=key)),
            item_type,
        )
        for bound in numbers if numeric or of != "item" else ():
            tests = [
                (f"{of} {sign} {bound}", lambda item, row, test=test, key=key, bound=bound: test(key(item), row[bound]))
                for sign, test in _TESTS
            ]
            yield from _selected(name, tests, (_COMPLEMENT, _REVERSED), f"list[{item_type}]")
        if written:
            yield _pair(
                (f"max({of} for item in {name})", lambda row, key=key: max(map(key, row[name]))),
                (f"min({of} for item in {name})", lambda row, key=key: min(map(key, row[name]))),
                "float",
            )
    yield _pair((f"{name}[0]", lambda row: row[name][0]), (f"{name}[-1]", lambda row: row[name][-1]), item_type)
    if item_type == "int":
        parities = [(f"item % 2 == {rest}", lambda item, _, rest=rest: item % 2 == rest) for rest in (0, 1)]
        yield from _selected(name, parities, (_SWAPPED,), f"list[{item_type}]")


def _kept(items: Sequence[Any], test: Callable[[Any], Any]) -> list[Any]:
    return [item for item in items if test(item)]


def _counted(items: Sequence[Any], test: Callable[[Any], Any]) -> int:
    return sum(bool(test(item)) for item in items)


_ARITHMETIC: Final = (
    (("{0} + {1}", operator.add), ("{0} - {1}", operator.sub)),
    (("{0} * {1}", operator.mul), ("{0} / {1}", operator.truediv)),
    (("max({0}, {1})", max), ("min({0}, {1})", min)),
)
_Select = Callable[[Sequence[Any], Callable[[Any], Any]], Any]
_SELECTED: Final[tuple[tuple[str, _Select, str | None], ...]] = (
    ("[item for item in {name} if {test}]", _kept, None),
    ("sum({test} for item in {name})", _counted, "int"),
)
"""Uses of the items that pass a test: as code, as a function, and the type of the result; None for the list's type."""


def _selected(
    name: str,
    tests: Sequence[tuple[str, Callable[[Any, Any], Any]]],
    moves: tuple[tuple[int, ...], ...],
    item_type: str,
) -> Iterator[_Family]:
    for what, run, returns in _SELECTED:
        states = tuple(
            _State(what.format(name=name, test=code), partial(_run_selected, name, run, test)) for code, test in tests
        )
        yield _Family(states, moves, returns or item_type, 2.5)


def _run_selected(name: str, run: _Select, test: Callable[[Any, Any], Any], row: Mapping[str, Any]) -> Any:
    return run(row[name], lambda item: test(item, row))


def _pair(one: tuple[str, Any], other: tuple[str, Any], returns: str) -> _Family:
    return _Family((_State(*one), _State(*other)), (_SWAPPED,), returns, 2.0)


def _on(function: Callable[[Any, Any], Any], one: str, other: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda row: function(row[one], row[other])


def _without_groups(text: str) -> float:
    return float(text.replace(",", ""))


def _itself(item: Any) -> Any:
    return item


def _is_number(text: str) -> bool:
    return read_number(text.strip()) is not None


def _program(
    problem: Problem,
    family: _Family,
    choices: Mapping[str, Sequence[str]],
    turns: Mapping[tuple[str, ...], int],
    cost: float,
) -> Program:
    def run(row: Mapping[str, Any]) -> Any:
        state = turns.get(tuple(row[name] for name in choices))
        value = None if state is None else _computed(family.states[state], row)
        if value is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        return value

    columns = [*problem.examples[0][0]]
    parameters = ", ".join(f"{name}: {_hint([row[name] for row, _ in problem.examples])}" for name in columns)
    chosen = f"({', '.join(choices)})" if len(choices) > 1 else next(iter(choices))
    lines = [
        f"def {problem.name}({parameters}) -> {family.returns}:",
        f'    """Return `{family.states[next(iter(turns.values()))].code}`, or its opposite."""',
    ]
    for state in dict.fromkeys(turns.values()):
        keys = [repr(key if len(choices) > 1 else key[0]) for key, each in turns.items() if each == state]
        test = f"== {keys[0]}" if len(keys) == 1 else f"in {{{', '.join(keys)}}}"
        lines += [f"    if {chosen} {test}:", f"        return {family.states[state].code}"]
    lines.append(f'    raise ValueError(f"no computation is known for {{{chosen}!r}}")')
    return Program("\n".join(lines) + "\n", family.cost + cost, run)


def _hint(cells: Sequence[Any]) -> str:
    items = [item for cell in cells for item in (cell if isinstance(cell, list) else [cell])]
    types = {type(item) for item in items}
    item_type = "str" if str in types else "float" if float in types else "bool" if bool in types else "int"
    return f"list[{item_type}]" if isinstance(cells[0], list) else item_type
