"""Finds rows on which programs that solve a problem disagree, to ask a person about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.making.synthesis.problem import Program

_NEAR: Final = 6.0
_MOST: Final = 12
_LIKELIER: Final = 3.0
"""Ratio of the likelihoods of two programs whose costs differ by 1."""
_DOUBT: Final = 0.035
"""Minimum share of the likelihood of all programs: that of one which costs 3 more than the best, or of three which cost
4 more."""


class Difference(NamedTuple):
    """A row on which programs disagree.

    Attributes:
        row: The row.
        answers: The different answers, the likeliest first; `None` for programs that do not fit the row.
    """

    row: Mapping[str, Any]
    answers: tuple[Any, ...]


def differing(
    programs: Sequence[Program],
    rows: Iterable[Mapping[str, Any]],
    *,
    near: float = _NEAR,
    most: int = _MOST,
    doubt: float = _DOUBT,
) -> list[Difference]:
    """Return the rows on which the best programs disagree, the most informative first.

    This is the conversational clarification of FlashFill (Mayer, UIST 2015): a right answer for such a row rules out
    programs, while a row on which all agree rules out none.

    Args:
        programs: Programs that solve a problem, cheapest first, as `synthesise` returns them.
        rows: Rows without an answer.
        near: Maximum difference in cost to the best program.
        most: Maximum number of programs.
        doubt: Minimum share of the likelihood of all programs that programs must have which differ from the best one.

    Returns:
        The rows, by how evenly they divide the programs. Of rows that divide them in the same way, only the first.

    Example:
        >>> rows = (({"price": "$12.50"}, "1250"), ({"price": "$3.99"}, "399"))
        >>> programs = synthesise(Problem(rows))
        >>> differing(programs, [{"price": "$1.00"}, {"price": "$0.05"}])
        [Difference(row={'price': '$0.05'}, answers=('005', '5'))]
    """
    asked = [program for program in programs if program.cost <= programs[0].cost + near][:most]
    weights = [_LIKELIER ** (programs[0].cost - program.cost) for program in asked]
    found: dict[tuple[int, ...], tuple[int, Difference]] = {}
    for row in rows:
        answers = [_answer(program, row) for program in asked]
        different = list(dict.fromkeys(answers))
        parts = tuple(map(different.index, answers))
        other = sum(weight for weight, part in zip(weights, parts, strict=True) if part)
        if other and other >= doubt * sum(weights):
            largest = max(Counter(parts).values())
            found.setdefault(parts, (largest, Difference(row, tuple(value for _, value in different))))
    return [difference for _, difference in sorted(found.values(), key=lambda each: each[0])]


def _answer(program: Program, row: Mapping[str, Any]) -> tuple[str, Any]:
    try:
        value = program.run(row)
    except ValueError:
        return "none", None
    return type(value).__name__, value
