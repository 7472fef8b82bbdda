"""Programs over pairs of items: joins of two lists, and two items of one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.pairs.search import pair_programs
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import Row, python


def trips(change: int, there: Sequence[Sequence[int]], on: Sequence[Sequence[int]]) -> Row:
    """The first ferry and train with enough time between them, as times of departure and arrival."""
    found = ([a[0], b[1]] for a in there for b in on if b[0] - a[1] >= change)
    return {"change": change, "ferries": there, "trains": on}, next(found, None)


def total(values: Sequence[int], wanted: int) -> Row:
    """The first two prices that make up a voucher."""
    pairs = ([a, b] for i, a in enumerate(values) for b in values[i + 1 :] if a + b == wanted)
    return {"prices": values, "voucher": wanted}, next(pairs)


def overlaps(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]]) -> Row:
    """What two lists of page ranges have in common."""
    both = ([max(a[0], b[0]), min(a[1], b[1])] for a in one for b in other)
    return {"read": one, "marked": other}, [each for each in both if each[1] > each[0]]


def near(one: Sequence[int], other: Sequence[int], most: int) -> Row:
    """How many pairs of heights differ by no more than a limit."""
    return {"left": one, "right": other, "most": most}, sum(abs(a - b) <= most for a in one for b in other)


def joined(prices: Sequence[Sequence[int]], orders: Sequence[Sequence[int]]) -> Row:
    """The price and the amount for each number of an article that both lists have."""
    return {"prices": prices, "orders": orders}, [[a[1], b[1]] for a in prices for b in orders if a[0] == b[0]]


KINDS: Mapping[str, list[Row]] = {
    "trips": [
        trips(10, [[5, 40], [30, 65], [60, 95]], [[45, 80], [70, 120], [110, 150]]),
        trips(20, [[0, 33], [21, 58]], [[40, 77], [75, 99], [81, 130]]),
        trips(30, [[12, 50], [44, 71]], [[60, 90], [79, 105]]),
        trips(5, [[3, 17], [9, 28]], [[1, 13], [23, 41], [35, 52]]),
        trips(15, [[50, 88]], [[90, 120], [104, 140]]),
        trips(8, [[7, 19], [15, 36]], [[22, 47], [39, 61]]),
    ],
    "total": [
        total([7, 12, 31, 19, 40], 50),
        total([5, 26, 33, 8, 14], 22),
        total([11, 23, 16, 42], 39),
        total([3, 9, 27, 18, 4], 31),
        total([15, 2, 36, 29], 65),
    ],
    "overlaps": [
        overlaps([[1, 9], [14, 20]], [[4, 16], [18, 30]]),
        overlaps([[3, 6], [8, 15]], [[5, 10]]),
        overlaps([[2, 4]], [[6, 11], [12, 13]]),
        overlaps([[7, 31]], [[1, 8], [12, 19], [29, 40]]),
        overlaps([[10, 12], [17, 26]], [[11, 21], [25, 27]]),
    ],
    "joined": [
        joined([[4, 120], [9, 75], [2, 30]], [[9, 6], [4, 1]]),
        joined([[5, 44], [1, 18]], [[1, 3], [8, 2], [5, 7]]),
        joined([[3, 99], [6, 15], [7, 52]], [[2, 5], [7, 9]]),
        joined([[8, 61], [2, 35]], [[2, 4], [8, 8]]),
    ],
}


def confirmed(kind: str) -> tuple[Program, Row]:
    """Return the first program for all rows but the last."""
    *shown, last = KINDS[kind]
    return pair_programs(Problem(tuple(shown), (last[0],)), Budget(60, 3_000_000))[0], last


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_solved_and_its_source_agrees(kind: str) -> None:
    program, (row, answer) = confirmed(kind)
    for given, wanted in KINDS[kind]:
        assert program.run(given) == python(program)(given) == wanted
    assert program.run(row) == answer


def test_pairs_are_counted_if_their_number_is_the_answer() -> None:
    rows = [
        near([160, 171, 183], [158, 175], 5),
        near([150, 155, 190, 177], [152, 188, 170], 4),
        near([181], [165, 199, 180], 1),
        near([149, 168], [167, 151, 170], 3),
    ]
    found = pair_programs(Problem(tuple(rows)), Budget(60, 3_000_000))
    assert any("count += 1" in program.source for program in found)
    assert all(python(program)(row) == answer for program in found for row, answer in rows)


def test_no_fitting_pair_is_an_error_unless_a_row_shows_its_answer() -> None:
    program, _ = confirmed("total")
    for call in (program.run, python(program)):
        with pytest.raises(ValueError, match="no pair of items fits"):
            call({"prices": [1, 2], "voucher": 99})


@pytest.mark.slow
def test_programs_that_agree_on_all_known_rows_are_kept_as_rivals() -> None:
    """A making compares the rivals on fresh requests, on which they may differ."""
    found = pair_programs(Problem(tuple(KINDS["trips"][:2])), Budget(60, 3_000_000))
    assert 1 < len({program.source for program in found}) <= 3


@pytest.mark.parametrize(
    "row",
    [
        {"text": "a", "values": [1, 2]},
        {"values": 3},
        {"values": [[1, 2], [3]]},
        {"values": [["a", "b"]]},
        {"values": [True, False]},
        {"values": list(range(90))},
        {"one": [1], "two": [2], "three": [3]},
        {"values": []},
    ],
    ids=str,
)
def test_rows_of_another_form_have_no_program(row: Mapping[str, Any]) -> None:
    assert pair_programs(Problem(((row, 1), (row, 1))), Budget(5, 100_000)) == []


def test_without_examples_there_is_no_program() -> None:
    assert pair_programs(Problem(()), Budget(5, 100)) == []


def test_a_spent_budget_ends_the_search() -> None:
    assert pair_programs(Problem(tuple(KINDS["joined"])), Budget(5, 50)) == []


def test_every_engine_together_finds_it_and_parameters_keep_their_names() -> None:
    rows = [
        ({"one": row["ferries"], "other": row["trains"], "count": row["change"]}, wanted)
        for row, wanted in KINDS["trips"]
    ]
    program, *_ = synthesise(Problem(tuple(rows[:-1]), (rows[-1][0],)), seconds=60)
    assert python(program)(rows[-1][0]) == rows[-1][1]
