"""Programs over tables in requests: rows of names, numbers, dates and times."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from langchain_latm.making.synthesis.lists.search import search
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import outcome, python

STOCK = [
    [["bolts", 40], ["nuts", 7], ["pins", 93], ["rods", 12]],
    [["pins", 5], ["rods", 66], ["nuts", 31]],
    [["rods", 81], ["bolts", 3], ["pins", 57], ["nuts", 24], ["cams", 70]],
    [["cams", 18], ["nuts", 90], ["bolts", 55]],
]
LATER = [
    [["nuts", 44], ["cams", 2], ["rods", 58], ["bolts", 60], ["pins", 9]],
    [["pins", 30], ["bolts", 15], ["cams", 77]],
]


def check(rows: Sequence[tuple[Mapping[str, Any], Any]], later: Sequence[tuple[Mapping[str, Any], Any]]) -> None:
    program = synthesise(Problem(tuple(rows), tuple(row for row, _ in later)))[0]
    for run in (python(program), program.run):
        assert [outcome(run, row) for row, _ in later] == [answer for _, answer in later], program.source


@pytest.mark.parametrize(
    "answer",
    [
        lambda stock: max(stock, key=lambda row: row[1])[0],
        lambda stock: min(stock, key=lambda row: row[1])[0],
        lambda stock: ", ".join(name for name, _ in sorted(stock, key=lambda row: -row[1])),
        lambda stock: sum(count for _, count in stock),
        lambda stock: sorted(stock, key=lambda row: -row[1])[1][0],
    ],
)
def test_what_a_table_shows(answer: Any) -> None:
    check(
        [({"stock": stock}, answer(stock)) for stock in STOCK], [({"stock": stock}, answer(stock)) for stock in LATER]
    )


def test_a_table_is_looked_up_and_filtered_by_a_value_of_the_request() -> None:
    def rows(tables: Sequence[Any], answer: Any, key: Any) -> list[tuple[dict[str, Any], Any]]:
        return [({"stock": table, "key": key(table)}, answer(table, key(table))) for table in tables]

    def of_name(table: Any, key: str) -> str:
        return str(next(count for name, count in table if name == key))

    def above(table: Any, key: int) -> list[str]:
        return [name for name, count in table if count > key]

    for answer, key in (
        (of_name, lambda table: table[1][0]),
        (above, lambda table: sorted(each[1] for each in table)[1]),
    ):
        check(rows(STOCK, answer, key), rows(LATER, answer, key))


def test_amounts_of_one_category_are_added() -> None:
    tables = [
        [["rent", 40], ["food", 7], ["rent", 3], ["fuel", 12]],
        [["food", 5], ["food", 66], ["rent", 31], ["food", 1]],
        [["fuel", 8], ["food", 3], ["fuel", 57], ["rent", 24]],
    ]
    wanted = ["rent", "food", "fuel"]
    totals = [43, 72, 65]
    rows = [({"paid": table, "what": what}, total) for table, what, total in zip(tables, wanted, totals, strict=True)]
    check(rows, [({"paid": tables[0], "what": "food"}, 7), ({"paid": tables[2], "what": "rent"}, 24)])


def test_dates_of_a_table_are_compared_as_dates() -> None:
    tables = [
        [["Ann", "12.03.1990"], ["Bo", "04.11.1985"], ["Cy", "30.01.1992"]],
        [["Di", "01.02.2001"], ["Ed", "28.12.1999"], ["Flo", "15.06.2003"], ["Gus", "02.02.2000"]],
        [["Hal", "31.12.1970"], ["Ida", "01.01.1971"], ["Jo", "09.09.1999"]],
    ]
    first = ["Bo", "Ed", "Hal"]
    rows = [({"born": table}, name) for table, name in zip(tables, first, strict=True)]
    check(
        rows,
        [({"born": [["Kim", "02.10.2010"], ["Lea", "30.09.2010"]]}, "Lea"), ({"born": [["Kim", "soon"]]}, ValueError)],
    )


def test_a_bound_that_no_item_equals_leaves_two_programs() -> None:
    """`value > bound` and `value >= bound` differ only where a value is the bound, which the rows never show."""
    rows = [({"values": values, "bound": bound}, [v for v in values if v > bound]) for values, bound in (
        ([3, 8, 1], 2), ([12, 5, 40], 10), ([6, 2, 9, 31], 7), ([90, 14, 3], 20),
    )]  # fmt: skip
    programs = search(Problem(tuple(rows), ({"values": [5, 6], "bound": 1},)), time.monotonic() + 30)
    tie = {"values": [4, 9, 2], "bound": 4}
    assert {tuple(program.run(tie)) for program in programs} >= {(9,), (4, 9)}


@pytest.mark.parametrize(
    ("rows", "later"),
    [
        ([(6, 18), (14, 42), (40, 90), (25, 75), (33, 90), (31, 90)], [(30, 90), (29, 87), (80, 90), (1, 3)]),
        ([(6, 24), (1, 10), (9, 36), (2, 10), (12, 48), (20, 80)], [(3, 12), (0, 10), (5, 20)]),
    ],
)
def test_a_price_has_a_maximum_or_a_minimum(rows: list[tuple[int, int]], later: list[tuple[int, int]]) -> None:
    def named(pairs: Sequence[tuple[int, int]]) -> list[tuple[dict[str, Any], Any]]:
        return [({"hours": hours}, price) for hours, price in pairs]

    check(named(rows), named(later))


@pytest.mark.parametrize(
    "answer",
    [
        lambda values: float(f"{sum(values) / len(values) + 1e-9:.1f}"),
        lambda values: [sum(values[place : place + 3]) for place in range(len(values) - 2)],
        lambda values: min(values, key=lambda value: abs(value - values[-1] - 1) if value != values[-1] else 1e9),
    ],
)
def test_lists_of_numbers(answer: Any) -> None:
    lists = [[14, 3, 25, 8], [31, 7, 19, 40, 12], [5, 66, 2, 11, 9, 30], [22, 21, 50, 4]]
    later = [[9, 1, 33, 17, 6], [45, 12, 13, 3]]
    if answer(lists[0]) in lists[0]:
        check(
            [({"values": each[:-1], "to": each[-1] + 1}, answer(each)) for each in lists],
            [({"values": each[:-1], "to": each[-1] + 1}, answer(each)) for each in later],
        )
    else:
        check(
            [({"values": each}, answer(each)) for each in lists], [({"values": each}, answer(each)) for each in later]
        )


def test_missing_numbers_are_found() -> None:
    lists = [([4, 7, 5], 6), ([12, 10, 13, 14], 11), ([3, 1, 2, 5], 4), ([20, 23, 21], 22)]
    check([({"values": values}, missing) for values, missing in lists], [({"values": [9, 8, 11]}, 10)])


@pytest.mark.parametrize("answer", [lambda one, other: sorted(one) == sorted(other), lambda one, other: other in one])
def test_two_texts_are_compared(answer: Any) -> None:
    pairs = [
        ("stone", "notes"), ("river", "iver"), ("lemon", "melon"), ("cloud", "loud"), ("garden", "danger"),
        ("piano", "tiger"), ("maple", "ample"), ("window", "wind"), ("night", "thing"), ("table", "chair"),
    ]  # fmt: skip
    rows = [({"one": one, "other": other}, answer(one, other)) for one, other in pairs]
    check(
        rows,
        [({"one": one, "other": other}, answer(one, other)) for one, other in (("least", "slate"), ("part", "art"))],
    )


def test_names_with_numbers_are_read_whatever_the_marks() -> None:
    texts = [
        ("ink: 6; pens: 13; clips: 45", "clips"),
        ("tape = 33, glue = 8", "tape"),
        ("lamp (56)\ndesk (29)\nrug (12)", "lamp"),
        ("mugs - 3 | bowls - 70 | forks - 22", "bowls"),
    ]
    later = [("cups 5; jars 2; pots 9", "pots"), ("hats: none", ValueError)]
    check([({"stock": text}, name) for text, name in texts], [({"stock": text}, name) for text, name in later])


def test_numbers_are_read_whatever_the_marks() -> None:
    texts = [("11 10 39", [21, 49]), ("6; 26; 36; 40", [32, 62, 76]), ("5, 1, 70", [6, 71]), ("8 / 2 / 4", [10, 6])]
    later = [("3 | 30 | 1", [33, 31]), ("3 and 4", ValueError)]
    check([({"series": text}, sums) for text, sums in texts], [({"series": text}, sums) for text, sums in later])


def test_sums_of_decimals_are_as_exact_as_the_decimals() -> None:
    lists = [[0.1, 0.2, 0.4], [12.35, 4.1], [7.7, 0.05, 3.3, 1.15], [20.5, 8.25, 0.6]]
    totals = [[0.1, 0.3, 0.7], [12.35, 16.45], [7.7, 7.75, 11.05, 12.2], [20.5, 28.75, 29.35]]
    rows = [({"prices": values}, total) for values, total in zip(lists, totals, strict=True)]
    check(rows, [({"prices": [1.1, 2.2, 3.3]}, [1.1, 3.3, 6.6]), ({"prices": [0.7, 0.1]}, [0.7, 0.8])])


def test_a_list_is_within_bounds() -> None:
    rows = [
        ([2, 3, 1], 1, 5, True),
        ([0, 9, 4], 1, 8, False),
        ([7, 12], 5, 12, True),
        ([3, 4, 30], 2, 29, False),
        ([15], 16, 20, False),
        ([40, 33, 38], 33, 41, True),
        ([-4, 2], -3, 3, False),
        ([6, 6, 8], 0, 9, True),
    ]
    solved = [({"low": low, "high": high, "values": values}, inside) for values, low, high, inside in rows]
    check(solved, [({"low": 3, "high": 4, "values": [4, 3]}, True), ({"low": 3, "high": 4, "values": [4, 5]}, False)])


def test_the_name_with_the_largest_total() -> None:
    tables = [
        [["Ann", 5], ["Bo", 9], ["Ann", 6]],
        [["Cy", 20], ["Di", 12], ["Di", 7], ["Cy", 1]],
        [["Ed", 3], ["Flo", 2], ["Flo", 2]],
        [["Gus", 8], ["Hal", 30], ["Gus", 25]],
    ]
    rows = [({"orders": table}, name) for table, name in zip(tables, ["Ann", "Cy", "Flo", "Gus"], strict=True)]
    check(rows, [({"orders": [["Ida", 4], ["Jo", 9], ["Ida", 4], ["Ida", 3]]}, "Ida")])


def test_dates_whose_order_is_open_are_not_compared() -> None:
    tables = [[["Ann", "03/04/2001"], ["Bo", "05/02/2001"]], [["Cy", "07/01/2003"], ["Di", "02/06/2003"]]] * 2
    first = ["Ann", "Cy"] * 2
    rows = tuple(({"born": table}, name) for table, name in zip(tables, first, strict=True))
    assert not any("int(month)" in program.source for program in synthesise(Problem(rows)))


def test_groups_of_digits_are_no_numbers() -> None:
    """No last group begins with zero, but others do."""
    cards = [["3111", "0273", "4711"], ["0042", "9001", "1234"], ["7105", "5550", "8100"], ["0900", "0017", "2468"]]
    rows = tuple(({"groups": groups}, f"*{groups[2]}") for groups in cards)
    assert not any("int(" in program.source for program in synthesise(Problem(rows)))


def test_small_numbers_keep_their_digits() -> None:
    pairs = [(2.5, -3), (7.3, -8), (1.25, 2), (8.1, -11), (5.7, -9)]
    rows = [({"base": base, "by": by}, base**by) for base, by in pairs]
    check(rows, [({"base": 3.3, "by": -12}, 3.3**-12)])


def test_a_solved_row_that_most_others_do_not_resemble_is_no_fault() -> None:
    rows = [("ink: 6; pens: 13", 19), ("whatever is there", 0), ("pads: 4; ink: 9", 13)]
    later = [{"text": f"pins: {number}; nuts: {number + 4}"} for number in range(3, 12)]
    assert search(Problem(tuple(({"text": text}, total) for text, total in rows), tuple(later)), math.inf) == []
