"""Texts of one form, whose gaps are read before the search."""

from __future__ import annotations

import time
from typing import Any

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.framed import framed_programs
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import outcome, problem, python

TIMES = [
    ("start 7 h, delay 30 min", "07:30"),
    ("start 22 h, delay 150 min", "00:30"),
    ("start 0 h, delay 5 min", "00:05"),
    ("start -2 h, delay 10 min", "22:10"),
    ("start 13 h, delay 0 min", "13:00"),
    ("start 9 h, delay -15 min", "08:45"),
    ("start 48 h, delay 1 min", "00:01"),
]
SHIFTED = [
    ("shift b by 1", "c"),
    ("shift XYZ by 3", "ABC"),
    ("shift go by 13", "tb"),
    ("shift q by 0", "q"),
    ("shift two words by 2", "vyq yqtfu"),
    ("shift end, stop! by 1", "foe, tupq!"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "shown"), [(TIMES, 5), (SHIFTED, 4)])
def test_the_contents_of_gaps_are_computed_with(rows: list[tuple[str, str]], shown: int) -> None:
    best = synthesise(problem(rows[:shown], [text for text, _ in rows[shown:]]))[0]
    computed = [best.run({"text": text}) for text, _ in rows]
    assert computed == [answer for _, answer in rows]
    assert computed == [python(best)({"text": text}) for text, _ in rows]
    for odd in ("", "shift by 2", "start x h, delay 3 min"):
        assert outcome(best.run, {"text": odd}) is ValueError
        assert outcome(python(best), {"text": odd}) is ValueError


@pytest.mark.parametrize(
    "texts",
    [
        ["Ann Lee", "Bo Ng", "Cy Poe", "Di Fox"],
        ["to a or b or c", "to b or a", "to c or b", "to a or c"],
        ["from x to y", "from y to z", "3"],
        ["total 3", "total 4", "total 5", "total 6"],
    ],
)
def test_texts_without_several_gaps_are_left_to_other_searches(texts: list[str]) -> None:
    def search(derived: Problem, _: Budget) -> Any:
        raise AssertionError(derived)

    assert framed_programs(problem([(text, "1") for text in texts]), Budget(5, 1_000), search) == []


def test_other_columns_and_types_are_kept() -> None:
    cells = ["qty 3, unit price 2.50", "qty 10, unit price 1.25", "qty 4, unit price 4.00", "qty 1, unit price 9.75"]
    answers = [8.5, 13.5, 17.0, 10.75]
    rows = tuple(({"line": cell, "fee": 1}, answer) for cell, answer in zip(cells, answers, strict=True))
    seen: list[Problem] = []

    def search(derived: Problem, _: Budget) -> list[Any]:
        seen.append(derived)
        return []

    framed_programs(Problem(rows), Budget(5, 1_000), search)
    assert seen[0].examples[0][0] == {"qty": 3, "price": 2.5, "fee": 1}


def test_forms_take_linear_time_on_bait() -> None:
    rows = [
        (f"from {one} via {two} to {three} by {four}", f"{four}: {three}")
        for one, two, three, four in ("abcd", "efgh", "ijkl", "mnop", "qrst")
    ]
    best = synthesise(problem(rows))[0]
    for bait in ("from  via ", " to ", "from  via  to ", " via x"):
        started = time.process_time()
        assert outcome(best.run, {"text": "from " + bait * 4_000}) is ValueError
        assert outcome(python(best), {"text": "from " + bait * 4_000}) is ValueError
        assert time.process_time() - started < 2
