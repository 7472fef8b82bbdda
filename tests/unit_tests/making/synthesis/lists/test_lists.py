"""Searches over lists and numbers."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

import pytest

from langchain_latm.making.synthesis.lists.reading import are_lists
from langchain_latm.making.synthesis.lists.search import search
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.tools.gate.gate import check_source
from tests.unit_tests.making.synthesis.lists.concepts import CONCEPTS, rows_of
from tests.unit_tests.making.synthesis.rows import outcome, python

QUICK = ("drop3", "evens", "sortd", "uniq", "plus4", "x-i", "csum", "len", "max", "swap12", "app9", "units")


def found(rows: list[tuple[dict[str, Any], Any]], shown: int = 6, seconds: float = 5.0) -> list[Program]:
    return synthesise(Problem(tuple(rows[:shown]), tuple(row for row, _ in rows[shown:])), seconds=seconds)


def verdict(rows: list[tuple[dict[str, Any], Any]], shown: int = 6) -> str:
    """Whether the likeliest program is right on the held-out rows, as source code and on the host."""
    programs = found(rows, shown)
    if not programs:
        return "none"
    best = programs[0]
    check_source(best.source, "answer")
    computed = [outcome(best.run, row) for row, _ in rows]
    if computed != [outcome(python(best), row) for row, _ in rows]:
        return "source differs"
    return "right" if computed == [answer for _, answer in rows] else "wrong"


@pytest.mark.slow
def test_functions_of_lists_are_found() -> None:
    assert {name: verdict(rows_of(name, 24)) for name in QUICK} == dict.fromkeys(QUICK, "right")


@pytest.mark.slow
def test_most_concepts_are_found_and_few_wrongly() -> None:
    """The seed differs from the one by which the concepts were chosen."""
    verdicts = {name: verdict(rows_of(name, 24, seed=7)) for name in CONCEPTS}
    counts = Counter(verdicts.values())
    assert counts["right"] >= 0.9 * len(CONCEPTS), verdicts
    assert not counts["source differs"], verdicts
    assert counts["wrong"] <= 0.05 * len(CONCEPTS), verdicts


@pytest.mark.slow
def test_a_cell_may_be_the_text_of_a_list() -> None:
    rows = [({"text": str(row["values"])}, str(answer)) for row, answer in rows_of("evens", 20)]
    assert are_lists(Problem(tuple(rows)))
    assert verdict(rows) == "right"
    with pytest.raises(ValueError, match="form of the examples"):
        found(rows)[0].run({"text": "3, 1"})


def test_brackets_alone_are_not_a_list() -> None:
    rows = [({"text": f"[{day:02}/Mar/2024]"}, f"{day:02}") for day in range(1, 15)]
    assert not are_lists(Problem(tuple(rows)))
    assert verdict(rows) == "right"


def test_columns_of_numbers() -> None:
    rows = [
        ({"width": w, "height": h}, 2 * (w + h)) for w, h in [(1, 2), (5, 5), (10, 3), (7, 0), (2, 9), (4, 4), (8, 1)]
    ]
    assert verdict(rows) == "right"


@pytest.mark.parametrize(
    "rows",
    [
        [({"values": []}, [])] * 2,
        [({"values": [1]}, [1]), ({"values": [1]}, [2])],
        [({"values": [10**400]}, 1), ({"values": [2]}, 2)],
        [({"values": list(range(3000))}, [1]), ({"values": [2]}, [2])],
        [({"values": [[1], [2]]}, [1]), ({"values": [[2]]}, [2])],
        [({"text": "[" * 5000}, "x"), ({"text": "[1, 2"}, "y")],
        [({"text": json.dumps([None, True])}, "[]"), ({"text": "[]"}, "[]")],
        [({"a": a, "b": b}, a * b - 0.5) for a, b in [(-8, 0.5), (-2.5, 1.5), (3, -0.5), (-1, 0.1)]],
        [({"values": [0, 0]}, [9, 8, 7, 1, 5]), ({"values": [4]}, [3, 3, 1]), ({"values": [8]}, [])],
    ],
)
def test_odd_rows_end_in_time(rows: list[tuple[dict[str, Any], Any]]) -> None:
    began = time.process_time()
    programs = search(Problem(tuple(rows)), time.monotonic() + 1.0)
    assert time.process_time() - began < 5.0
    for program in programs:
        assert [program.run(row) for row, _ in rows] == [answer for _, answer in rows]
