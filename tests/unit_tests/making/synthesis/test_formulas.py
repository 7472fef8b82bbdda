"""Formulas of a few numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.formula_programs import formula_programs
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import python

Row = tuple[Mapping[str, Any], Any]
THREE = ([3, 50, 47], [5, 12.5, 80], [2, 7, 1])


def _found(rows: Sequence[Row], others: Sequence[Mapping[str, Any]] = ()) -> list[Program]:
    return formula_programs(Problem(tuple(rows), tuple(others)), Budget(10.0, 400_000))


def _rounded(value: float, places: int) -> str:
    return str(Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("formula", "numbers", "later"),
    [
        (lambda p, price: price / (1 + p / 100), ([25, 160], [60, 96], [28, 64]), [50, 12]),
        (lambda p, price: price * (1 - p / 100), ([25, 160], [60, 95], [28, 50]), [50, 12]),
        (lambda a, b, c: a * b + c, THREE, [4, 2.5, 6]),
        (lambda a, b, c: (b + c) / a, ([2, 7, 8], [4, 5, 9], [5, 9, 10]), [8, 3, 6]),
        (lambda speed, seconds: speed * seconds * 5 / 18, ([90, 12], [54, 21], [36, 11]), [72, 9]),
        (lambda a, b: (a + b) * 7, ([1, 4], [9, 3], [2, 6]), [10, 20]),
        (lambda a, b: a * b - 13, ([11, 4], [9, 3], [2, 16]), [10, 20]),
        (lambda start, minutes: (start + minutes) % 1440, ([1300, 200], [100, 50], [1439, 90], [600, 5]), [1400, 100]),
        (lambda time, hours: (time - hours * 60) % 1440, ([100, 3], [700, 5], [30, 11], [1200, 2]), [20, 9]),
        (lambda width, depth: width**2 * depth, ([3, 7], [5, 2], [11, 4], [6, 9]), [8, 5]),
        (lambda a, b, c, d: (a - b) * c - d, ([12, 3, 9, 4], [20, 7, 5, 2], [31, 11, 6, 3]), [9, 4, 8, 8]),
    ],
)
def test_later_answers_are_computed(
    formula: Callable[..., float], numbers: Sequence[Sequence[float]], later: Sequence[float]
) -> None:
    program = _found([({"numbers": list(row)}, formula(*row)) for row in numbers])[0]
    assert program.run({"numbers": list(later)}) == pytest.approx(formula(*later))
    assert python(program)({"numbers": list(later)}) == program.run({"numbers": list(later)})


def test_numbers_may_be_columns_of_any_name_beside_texts() -> None:
    rows = [({"a": b, "unit": "kg", "Fraction": a}, a / b) for a, b in ((12, 4), (35, 7), (18, 9))]
    renamed = [({"b": row["a"], "unit": row["unit"], "a": row["Fraction"]}, answer) for row, answer in rows]
    program = _found(renamed)[0]
    assert python(program)({"b": 5, "unit": "t", "a": 20}) == program.run({"b": 5, "unit": "t", "a": 20}) == 4


def test_the_last_numbers_of_longer_lists_are_read() -> None:
    rows = [
        ({"seen": [*seen, a, b]}, a * b + 2) for seen, a, b in (([1, 2, 4], 3, 9), ([7] * 5, 8, 4), ([1, 1, 3], 2, 6))
    ]
    program = _found(rows)[0]
    assert python(program)({"seen": [5, 5, 5, 5, 7, 3]}) == program.run({"seen": [5, 5, 5, 5, 7, 3]}) == 23


@pytest.mark.parametrize(("places", "later"), [(1, "3.4"), (2, "3.43")])
def test_texts_of_numbers_are_rounded_as_the_examples(places: int, later: str) -> None:
    rows = [({"numbers": list(row)}, _rounded(row[0] / row[1], places)) for row in ((10, 3), (17, 6), (22, 9))]
    program = _found(rows)[0]
    assert python(program)({"numbers": [24, 7]}) == program.run({"numbers": [24, 7]}) == later


def test_both_ways_to_write_trailing_zeros_are_kept_if_the_examples_leave_it_open() -> None:
    rows = [({"numbers": list(row)}, _rounded(row[0] / row[1], 1)) for row in ((10, 3), (17, 6), (22, 9))]
    written = [program.run({"numbers": [24, 6]}) for program in _found(rows)]
    assert written[:2] == ["4.0", "4"]


@pytest.mark.parametrize(
    "rows",
    [
        [({"numbers": [1, 2]}, 3), ({"numbers": [4, 5]}, 9)],  # too few
        [({"numbers": [1, 2]}, 3), ({"numbers": [4, 5, 6]}, 9), ({"numbers": [3, 3]}, 6)],
        [({"numbers": [8, 2]}, "x"), ({"numbers": [4, 5]}, "y"), ({"numbers": [3, 3]}, "z")],
        [({"numbers": [8, 2]}, True), ({"numbers": [4, 5]}, False), ({"numbers": [3, 3]}, True)],
        [({"numbers": [8, 2]}, "007"), ({"numbers": [4, 5]}, "011"), ({"numbers": [3, 3]}, "003")],
        [({"numbers": [8, 2]}, 77), ({"numbers": [4, 5]}, 3), ({"numbers": [3, 3]}, 501)],
        [({"text": "8 2"}, 10), ({"text": "4 5"}, 9), ({"text": "3 3"}, 6)],
    ],
)
def test_nothing_is_found_for_other_rows(rows: list[Row]) -> None:
    assert _found(rows) == []


def test_a_row_that_cannot_be_computed_is_an_error() -> None:
    program = _found([({"numbers": list(row)}, row[0] // row[1]) for row in ((12, 3), (20, 4), (81, 9))])[0]
    for numbers in ([5, 0], [7, 2], [1, 2, 3]):
        with pytest.raises(ValueError, match=r"expected|cannot compute|does not fit"):
            program.run({"numbers": numbers})
        with pytest.raises((ValueError, ZeroDivisionError)):
            python(program)({"numbers": numbers})


def test_a_formula_that_fails_on_other_rows_costs_more() -> None:
    rows = [({"a": a, "b": b}, a + b) for a, b in ((2, 2), (7, 8), (5, 9))]
    assert _found(rows, [{"a": 4, "b": 0}])[0].run({"a": 4, "b": 0}) == 4


def test_the_search_asks_for_formulas() -> None:
    rows = tuple(({"numbers": [p, price]}, price / (1 + p / 100)) for p, price in ((25, 160), (60, 96), (28, 64)))
    assert synthesise(Problem(rows))[0].run({"numbers": [50, 12]}) == pytest.approx(8.0)


def test_a_constant_that_rounded_answers_leave_open_is_a_round_one() -> None:
    """The answers allow each whole number from 9,969 to 10,004, and 9,969 is wrong on later rows."""
    rows = [(59, 152), (48, 149), (56, 145), (60, 174), (97, 186)]
    solved = [({"load": a, "side": b}, _rounded(a * 10_000 / b**2, 1)) for a, b in rows]
    program = _found(solved)[0]
    for a, b in ((40, 146), (40, 150), (125, 172)):
        assert program.run({"load": a, "side": b}) == _rounded(a * 10_000 / b**2, 1)
