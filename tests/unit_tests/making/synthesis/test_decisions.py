"""Decisions between two labels, and names of the largest and smallest."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.decisions import decision_programs
from langchain_latm.making.synthesis.naming import naming_programs
from langchain_latm.making.synthesis.problem import Problem
from tests.unit_tests.making.synthesis.rows import outcome, python

PAIRS = [
    (3, 9, 30),
    (5, 4, 19),
    (2, 8, 15),
    (6, 6, 40),
    (7, 3, 20),
    (4, 4, 17),
    (9, 2, 18.5),
    (3, 3, 8),
    (2, 2, 5),
    (8, 9, 70),
]


def budget() -> Budget:
    return Budget(5, 100_000)


def test_a_product_is_compared_with_a_bound() -> None:
    rows = tuple(({"count": a, "cost": b, "cash": c}, "yes" if a * b <= c else "no") for a, b, c in PAIRS)
    program = decision_programs(Problem(rows), budget())[0]
    for run in (python(program), program.run):
        assert run({"count": 4, "cost": 0.1, "cash": 0.5}) == "yes"
        assert run({"count": 4, "cost": 10, "cash": 39}) == "no"
        with pytest.raises(ValueError, match="no example shows"):
            run({"count": 3, "cost": 0.1, "cash": 0.3})  # equal, also with the errors of floats


def test_a_value_is_between_two_others() -> None:
    rows = tuple(
        ({"opens": 480 + i, "now": now, "closes": 1_000 - i}, 480 + i < now < 1_000 - i)
        for i, now in enumerate([500, 300, 999, 700, 1_100, 20, 640, 1_020])
    )
    program = decision_programs(Problem(rows), budget())[0]
    assert [outcome(python(program), {"opens": 1, "now": now, "closes": 9}) for now in (5, 0, 10, 9)] == [
        True,
        False,
        False,
        ValueError,
    ]


def test_dates_are_compared_and_few_answers_decide_nothing() -> None:
    days = [
        ("2024-01-09", "2024-01-07"),
        ("2023-12-31", "2024-02-01"),
        ("2022-05-05", "2022-05-06"),
        ("2025-03-03", "2025-03-01"),
    ]
    rows = tuple(({"done": a, "due": b}, "late" if a > b else "on time") for a, b in days)
    run = python(decision_programs(Problem(rows), budget())[0])
    assert run({"done": "2021-01-01", "due": "2021-11-01"}) == "on time"
    assert decision_programs(Problem(tuple(({"a": a, "b": b, "c": c}, a < b) for a, b, c in PAIRS[:3])), budget()) == []


def test_the_name_with_the_smallest_quotient() -> None:
    rows: tuple[Any, ...] = (
        ({"names": ["Ivo", "Mara"], "litres": [4, 9], "prices": [8, 17]}, "Mara"),
        ({"names": ["Sven", "Omar"], "litres": [2, 5], "prices": [3, 10]}, "Sven"),
        ({"names": ["Ada", "Bo", "Cy"], "litres": [3, 1, 6], "prices": [9, 2, 20]}, "Bo"),
    )
    program = naming_programs(Problem(rows), budget())[0]
    for run in (python(program), program.run):
        assert run({"names": ["X", "Y"], "litres": [1, 10], "prices": [5, 40]}) == "Y"
        with pytest.raises(ValueError, match="different value"):
            run({"names": ["X", "Y"], "litres": [1, 2], "prices": [5, 10]})


def test_a_word_says_which_end_is_meant() -> None:
    rows: tuple[Any, ...] = (
        ({"names": ["Ivo", "Mara"], "points": [4, 9], "direction": "up"}, "Mara"),
        ({"names": ["Sven", "Omar"], "points": [2, 5], "direction": "down"}, "Sven"),
        ({"names": ["Ada", "Bo", "Cy"], "points": [3, 1, 6], "direction": "up"}, "Cy"),
    )
    run = python(naming_programs(Problem(rows), budget())[0])
    assert run({"names": ["X", "Y"], "points": [1, 10], "direction": "down"}) == "X"
    with pytest.raises(ValueError, match="a word that the examples have"):
        run({"names": ["X", "Y"], "points": [1, 10], "direction": "sideways"})
