"""Rows unlike all solved ones are asked about."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import outcome, problem, python

CODES = [("PX-104", "104"), ("QR-220", "220"), ("AB-777", "777")]
STATES = [("Main St, Dover DE 19901", "DE"), ("Oak Rd, Reno NV 89501", "NV"), ("Elm Ave, Ames IA 50010", "IA")]
SUMS = [("add 3 to 4", "7"), ("add 10 to 5", "15"), ("add 1 to 1", "2"), ("add 20 to 30", "50")]
ZONES = [("09:15", "CET", "9"), ("11:30", "CET", "11"), ("17:45", "EST", "17"), ("13:00", "EST", "13")]


def asked(rows: list[tuple[Any, ...]], others: list[Any]) -> list[Any]:
    """Return the other rows on which the programs differ."""
    if len(rows[0]) == 2:
        solved, rest = problem([(text, answer) for text, answer in rows]).examples, [{"text": text} for text in others]
    else:
        solved = tuple(({"time": time, "zone": zone}, answer) for time, zone, answer in rows)
        rest = [dict(zip(("time", "zone"), cells, strict=True)) for cells in others]
    programs = synthesise(Problem(solved, tuple(rest)))
    for program in programs:
        run = python(program)
        assert [outcome(program.run, row) for row in rest] == [outcome(run, row) for row in rest], program.source
    return [cells for cells, row in zip(others, rest, strict=True) if differing(programs, [row])]


@pytest.mark.parametrize(
    ("rows", "usual", "odd"),
    [
        (
            CODES,
            [f"Q{'XYZ'[number % 3]}-{number}" for number in range(200, 270, 7)],
            "A/31",
        ),
        (STATES, [f"Pine St, Erie PA {number}" for number in range(16501, 16511)], "High St, Bath, Maine 04530"),
        (SUMS, [f"add {number} to {number + 3}" for number in range(2, 12)], "take 3 from 4"),
        (ZONES, [(f"{hour}:10", zone) for hour in range(10, 16) for zone in ("CET", "EST")], ("14:10", "PST")),
    ],
)
def test_the_unusual_row_is_asked_about_and_the_usual_ones_are_not(rows: list[Any], usual: list[Any], odd: Any) -> None:
    assert asked(rows, [*usual, odd]) == [odd]


@pytest.mark.slow
def test_a_new_shape_means_nothing_if_each_row_has_its_own() -> None:
    rows = [("to do: buy 2 figs", "buy 2 figs"), ("to do: call Ann!", "call Ann!"), ("to do: pay (rent)", "pay (rent)")]
    others = [
        "to do: a.b", "to do: 3 + 4?", "to do: x, y; z", "to do: [1] #5", "to do: me & you", "to do: 7", "to do: *a*",
    ]  # fmt: skip
    assert asked(rows, others) == []


def test_dates_that_can_be_read_in_two_orders_are_asked_about() -> None:
    rows = [("16/02/2010", "2010-02-16"), ("2002-29-03", "2002-03-29"), ("09/21/1991", "1991-09-21")]
    others = [f"{day}/02/2010" for day in range(17, 27)]
    assert asked(rows, [*others, "09/05/1991"]) == ["09/05/1991"]


@pytest.mark.slow
def test_numbers_in_the_gap_around_a_bound_are_asked_about() -> None:
    rows = problem([("10", "low"), ("70", "high"), ("50", "high"), ("40", "low"), ("90", "high"), ("20", "low")])
    others = [str(number) for number in (5, 15, 35, 55, 65, 75, 80, 95)]
    programs = synthesise(Problem(rows.examples, tuple({"text": text} for text in (*others, "47"))))
    assert programs[0].run({"text": "55"}) == "high"
    assert [text for text in (*others, "47") if differing(programs, [{"text": text}])] == ["47"]


def test_a_text_of_one_solved_row_is_no_evidence_for_an_unread_gap() -> None:
    rows = [
        ("kind ash, size 1", "true"), ("kind ash, size 4", "false"), ("kind ash, size 7", "true"),
        ("kind ash, size 2", "false"), ("kind ash, size 9", "true"), ("kind fir, size 6", "false"),
    ]  # fmt: skip
    others = [f"kind {kind}, size {size}" for kind in ("ash", "fir", "oak") for size in (3, 5, 8)]
    assert asked(rows, others) == [text for text in others if "ash" not in text]


@pytest.mark.parametrize(("odd", "is_asked"), [("ab-201", True), ("AB-201", False)])
def test_a_row_in_another_case_than_all_solved_ones_is_asked_about(odd: str, is_asked: bool) -> None:
    rows = [("PX-104", "PX"), ("QR-220", "QR"), ("AB-777", "AB")]
    usual = [f"Q{'XYZ'[number % 3]}-{number}" for number in range(200, 270, 7)]
    assert asked([*rows], [*usual, odd]) == ([odd] if is_asked else [])
