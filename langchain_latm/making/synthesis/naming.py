"""Names the one of several with the largest or smallest value, as for "Who is the oldest?" or "Which is cheaper?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.decisions import is_comparable
from langchain_latm.making.synthesis.problem import Problem, Program

_BASE, _QUOTIENT, _WORD = 1.6, 1.3, 1.0
"""Costs of a program, of a quotient of two values, and of a word that says which end is meant."""
_EQUAL: Final = "expected a different value for each name"
_UNKNOWN: Final = "expected a word that the examples have"


@dataclass(frozen=True)
class _Naming:
    """How a name is chosen.

    Attributes:
        names: The column of names.
        value: The column of values.
        divisor: The column by which they are divided; empty if they are not.
        word: The column of words that say which end is meant; empty if it is always the same one.
    """

    names: str
    value: str
    divisor: str
    word: str

    def ends(self, row: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return the names with the smallest and the largest value.

        Raises:
            ValueError: Two values are equal, or there is not one for each name.
        """
        values = row[self.value]
        if self.divisor:
            pairs = zip(values, row[self.divisor], strict=True)
            values = [Fraction(str(one)) / Fraction(str(other)) for one, other in pairs]
        if len(values) != len(row[self.names]) or len(set(values)) < len(values):
            raise ValueError(_EQUAL)
        ordered = sorted(zip(values, row[self.names], strict=True))
        return ordered[0][1], ordered[-1][1]

    def asked(self, row: Mapping[str, Any]) -> str:
        """Return the word of a row."""
        return str(row.get(self.word)) if self.word else ""


def naming_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs that name the one of several with the largest or smallest value, the cheapest first.

    Rows have a column of lists of names, and lists of numbers or of dates of the same length. A column of two words may
    say which is meant, the largest or the smallest. If two values are equal, the program raises `ValueError`.

    Args:
        problem: The solved rows, and others.
        budget: The budget: one step for each row.

    Example:
        >>> solved = (({"of": ["Ann", "Bo"], "ages": [9, 4]}, "Ann"), ({"of": ["Cy", "Di"], "ages": [2, 7]}, "Di"))
        >>> naming_programs(Problem(solved), Budget(5, 100))[0].run({"of": ["Ed", "Flo"], "ages": [3, 1]})
        'Ed'
    """
    rows = [row for row, _ in problem.examples]
    lists = [name for name in rows[0] if all(isinstance(row.get(name), list) for row in rows)] if rows else []
    names = [name for name in lists if all(answer in row[name] for row, answer in problem.examples)]
    values = [
        name for name in lists if name not in names and all(is_comparable(each) for row in rows for each in row[name])
    ]
    words = [name for name in rows[0] if all(isinstance(row[name], str) for row in rows)] if rows else []
    if len(names) != 1 or not values:
        return []
    found = []
    for value, divisor in [*((value, "") for value in values), *permutations(values, 2)]:
        for word in ("", *words):
            budget.spend(len(rows))
            naming = _Naming(names[0], value, divisor, word)
            largest = _largest_for(naming, problem.examples)
            if largest is not None:
                found.append(_program(problem, naming, largest))
    return sorted(found, key=lambda program: program.cost)


def _largest_for(naming: _Naming, examples: Sequence[tuple[Mapping[str, Any], Any]]) -> dict[str, bool] | None:
    """Return for each word whether the name with the largest value is meant; None if the answers are no ends."""
    found: dict[str, bool] = {}
    for row, answer in examples:
        try:
            smallest, largest = naming.ends(row)
        except (ValueError, ZeroDivisionError, TypeError):
            return None
        if answer not in {smallest, largest} or found.setdefault(naming.asked(row), answer == largest) != (
            answer == largest
        ):
            return None
    return found if not naming.word or len(set(found.values())) > 1 else None


def _program(problem: Problem, naming: _Naming, largest: Mapping[str, bool]) -> Program:
    def run(row: Mapping[str, Any]) -> Any:
        if naming.asked(row) not in largest:
            raise ValueError(_UNKNOWN)
        try:
            return naming.ends(row)[largest[naming.asked(row)]]
        except (ZeroDivisionError, TypeError, KeyError):
            raise ValueError(f"the program does not fit the row {row!r}") from None

    rows = [row for row, _ in problem.examples]
    hints = ", ".join(f"{name}: {'str' if isinstance(rows[0][name], str) else 'list'}" for name in rows[0])
    values = naming.value
    if naming.divisor:
        pairs = f"zip({naming.value}, {naming.divisor}, strict=True)"
        values = f"[Fraction(str(one)) / Fraction(str(other)) for one, other in {pairs}]"
    ends = {True: "max(values)", False: "min(values)"}
    which, best = ("largest", ends[True]) if all(largest.values()) else ("smallest", ends[False])
    known = []
    if naming.word:
        words = tuple(word for word, is_largest in largest.items() if is_largest)
        which, best = "largest or smallest", f"{ends[True]} if {naming.word} in {words!r} else {ends[False]}"
        known = [f"if {naming.word} not in {tuple(largest)!r}:", f"    raise ValueError({_UNKNOWN!r})"]
    lines = [
        *(["from fractions import Fraction", "", ""] if naming.divisor else []),
        f"def {problem.name}({hints}) -> str:",
        f'    """Return the name with the {which} value."""',
        f"    values = {values}",
        f"    if len(values) != len({naming.names}) or len(set(values)) < len(values):",
        f"        raise ValueError({_EQUAL!r})",
        *(f"    {line}" for line in known),
        f"    return {naming.names}[values.index({best})]",
    ]
    cost = _BASE + _QUOTIENT * bool(naming.divisor) + _WORD * bool(naming.word)
    return Program("\n".join(lines) + "\n", round(cost, 3), run)
