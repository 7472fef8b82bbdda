"""Cells of several parts: each is changed by one program, or parts are filtered, sorted or chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import outcome, problem, python

COLUMNS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "each changed": (
        {
            "Curie, Marie; Noether, Emmy": "Marie Curie & Emmy Noether",
            "Meitner, Lise": "Lise Meitner",
            "Franklin, Rosalind; Bohr, Niels; Born, Max": "Rosalind Franklin & Niels Bohr & Max Born",
        },
        {"Goeppert, Maria; Pauli, Wolfgang; Dirac, Paul; Planck, Max": "Maria Goeppert & Wolfgang Pauli & Paul Dirac"
         " & Max Planck"},
    ),
    "dates": (
        {
            "3.4.2021, 17.11.2019": "2021-04-03, 2019-11-17",
            "28.2.2020": "2020-02-28",
            "1.1.1999, 9.10.2005": "1999-01-01, 2005-10-09",
        },
        {"30.6.2011, 2.2.2022, 12.12.2012": "2011-06-30, 2022-02-02, 2012-12-12"},
    ),
    "to a list": (
        {"a=1&b=22": ["1", "22"], "size=7": ["7"], "x=0&y=41&z=5": ["0", "41", "5"]},
        {"k=9&l=8&m=7&n=66": ["9", "8", "7", "66"]},
    ),
    "kept": (
        {
            "pine #wood oak #tree": "#wood #tree",
            "#red apple": "#red",
            "#a b c #d": "#a #d",
            "sun #sky moon #stars": "#sky #stars",
        },
        {"one #two three #four #five": "#two #four #five"},
    ),
    "without repetitions": (
        {"Tin, iron, tin, gold": "tin|iron|gold", "zinc, Zinc": "zinc", "lead, tin, Lead, iron": "lead|tin|iron"},
        {"Gold, gold, GOLD, tin": "gold|tin"},
    ),
    "in order": (
        {"30 4 112": "4 30 112", "9 10": "9 10", "77 8 100 2": "2 8 77 100"},
        {"5 40 6 1000": "5 6 40 1000"},
    ),
    "longest": (
        {"fig, banana, kiwi": "banana", "orange, plum": "orange", "pear, elderberry, date, lime": "elderberry"},
        {"nut, apple, clementine": "clementine"},
    ),
    "most frequent": (
        {"a;b;b;c": "b", "dog;cat;dog": "dog", "x;z;y;z;z": "z", "red;blue;red;green": "red"},
        {"one;two;three;two": "two"},
    ),
}  # fmt: skip
SLOW = {"each changed", "dates", "in order"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in COLUMNS]
)
def test_cells_of_several_parts_are_split(name: str) -> None:
    solved, others = COLUMNS[name]
    found = synthesise(problem([*solved.items()], [*others]))
    for run in (found[0].run, python(found[0])):
        assert {text: run({"text": text}) for text in others} == others


@pytest.mark.parametrize(
    ("solved", "others"),
    [
        ([([[1, 2], [30]], [3, 30]), ([[4], [5, 6], [7]], [4, 11, 7]), ([[0, 9], [8]], [9, 8])], ([[5, 5, 5]], [15])),
        ([([[1, 2], [30]], 33), ([[4], [5, 6], [7]], 22), ([[0, 9], [8, 8]], 25)], ([[5, 5, 5], [1]], 16)),
        ([([[1, 2], [30]], [1, 2, 30]), ([[4], [5, 6], [7]], [4, 5, 6, 7])], ([[5, 5], [1]], [5, 5, 1])),
        ([([[1, 2], [3]], [1, 2]), ([[4], [5, 6], [9]], [5, 6]), ([[7], [0, 1]], [0, 1])], ([[9], [3, 4]], [3, 4])),
        ([([[2, 1], [30, 9]], [[1, 2], [9, 30]]), ([[4], [6, 5, 7]], [[4], [5, 6, 7]])], ([[5, 3, 4]], [[3, 4, 5]])),
        ([(["ada l", "alan t"], ["ADA", "ALAN"]), (["grace h"], ["GRACE"])], (["emmy n", "lise m"], ["EMMY", "LISE"])),
    ],
    ids=["sums", "total", "flat", "longest", "each in order", "texts"],
)  # fmt: skip
def test_lists_are_split(solved: list[tuple[Any, Any]], others: tuple[Any, Any]) -> None:
    found = synthesise(problem(solved, [others[0]]))
    for run in (found[0].run, python(found[0])):
        assert run({"text": others[0]}) == others[1]


@pytest.mark.slow
def test_other_columns_stay_beside_each_part() -> None:
    rows = [("red, blue", "ink", "red-ink, blue-ink"), ("gold", "pen", "gold-pen"), ("a, b, c", "x", "a-x, b-x, c-x")]
    solved = tuple(({"part": part, "parts": kind}, answer) for part, kind, answer in rows)
    found = synthesise(Problem(solved))
    for run in (found[0].run, python(found[0])):
        assert run({"part": "one, two", "parts": "off"}) == "one-off, two-off"


def test_a_rival_is_shown_if_the_rows_leave_open_whether_parts_are_sorted() -> None:
    """All cells but one are sorted: both programs fit, and only an unsorted row distinguishes them."""
    solved = [("Tin, zinc", "tin|zinc"), ("Gold, iron, lead", "gold|iron|lead"), ("Ash", "ash")]
    found = synthesise(problem(solved))
    assert differing(found, [{"text": "Zinc, Gold"}])


def test_a_part_at_a_constant_index_is_chosen_by_index() -> None:
    """The first parts are also the longest, and the last in sorted order."""
    solved = [("wolf-12", "wolf"), ("yak-7", "yak"), ("raven-31-4", "raven"), ("x5-1", "x5")]
    found = synthesise(problem(solved, ["5-elephant"]))
    assert found[0].run({"text": "5-elephant"}) == "5"


@pytest.mark.slow
def test_parts_that_contradict_each_other_have_no_program_for_parts() -> None:
    solved = [("a, b", "1, 2"), ("a, b, c", "3, 2, 1"), ("c, a", "7, 9")]
    assert synthesise(problem(solved)) == []


@pytest.mark.slow
def test_source_and_search_agree_on_cells_that_do_not_fit() -> None:
    odd = ["", " ", ",", "a,,b", "; ;", "x" * 3_000, "a, " * 2_000, "\ud83c", "1e400 nan", "é, ü", "a\nb"]
    for solved, others in COLUMNS.values():
        for program in synthesise(problem([*solved.items()], [*others]))[:4]:
            written = python(program)
            for text in odd:
                assert outcome(written, {"text": text}) == outcome(program.run, {"text": text}), (text, program.source)
