"""Common contents of columns: sizes, mixed units, percentages, fractions, masks, month names, spreadsheet columns."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from langchain_latm.making.synthesis.expression import Applied, Column, Expression
from langchain_latm.making.synthesis.operators.fraction_texts import ReadFraction, Reduced
from langchain_latm.making.synthesis.operators.keyed import ValueOf
from langchain_latm.making.synthesis.operators.magnitudes import ReadMagnitude, WriteMagnitude
from langchain_latm.making.synthesis.operators.masks import Mask
from langchain_latm.making.synthesis.operators.names_of_numbers import NumberOfName
from langchain_latm.making.synthesis.operators.notations import SheetColumn
from langchain_latm.making.synthesis.operators.number_pairs import MixedUnits, Percent, WriteMixed
from langchain_latm.making.synthesis.operators.number_texts import WriteNumber
from langchain_latm.making.synthesis.operators.numbers import ReadNumber
from langchain_latm.making.synthesis.operators.rounding import RoundTo
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.making.synthesis.writing import Writer
from tests.unit_tests.making.synthesis.rows import named, outcome, python

TEXT = Column("text")
FIRST, SECOND = (Applied(ReadNumber(), (Column(name),)) for name in ("column_1", "column_2"))
NUMBER = Applied(ReadNumber(), (TEXT,))


def shown(number: Expression, places: int | None = None) -> Expression:
    return Applied(WriteNumber(places), (number,))


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        (
            shown(Applied(ReadMagnitude(), (TEXT,))),
            {
                "7.25M": "7250000",
                "$3k": "3000",
                "2 billion": "2000000000",
                "12": "12",
                "4 apples": None,
                "1.2.3K": None,
            },
        ),
        (
            shown(Applied(ReadMagnitude(1024, of_bytes=True), (TEXT,))),
            {"2 KB": "2048", "1.5MiB": "1572864", "9 B": "9", "3 m": None},
        ),
        (
            Applied(WriteMagnitude(("", "K", "M"), 1), (NUMBER,)),
            {"1234": "1.2K", "999": "999", "5600000000": "5600.0M", "x": None},
        ),
        (
            Applied(WriteMagnitude((" B", " KB", " MB"), None, 1024), (NUMBER,)),
            {"2048": "2 KB", "1600": "1.6 KB", "5": "5 B"},
        ),
        (shown(Applied(MixedUnits(12), (FIRST, SECOND))), {("5", "7"): "67", ("0", "11"): "11", ("5", "12"): None}),
        (
            shown(Applied(Percent("off"), (FIRST, SECOND)), 2),
            {("80", "15"): "68.00", ("9.99", "0"): "9.99", ("1", "x"): None},
        ),
        (shown(Applied(Percent("on"), (FIRST, SECOND)), 2), {("80", "7.5"): "86.00"}),
        (
            shown(Applied(Percent("change"), (FIRST, SECOND)), 3),
            {("80", "100"): "0.250", ("3", "2"): "-0.333", ("0", "5"): None},
        ),
        (
            Applied(WriteMixed(16, " lb ", " oz", padded=False), (NUMBER,)),
            {"35": "2 lb 3 oz", "16": "1 lb 0 oz", "-1": None, "1.5": None},
        ),
        (Applied(WriteMixed(60, "h ", "m", padded=True), (NUMBER,)), {"65": "1h 05m", "59": "0h 59m"}),
        (
            shown(Applied(ReadFraction(), (TEXT,))),
            {"7/8": "0.875", "2 1/4": "2.25", "6": "6", "1/0": None, "1/2/3": None, "1/3": None},
        ),
        (
            Applied(WriteNumber(2, group=",", at_most=True), (NUMBER,)),
            {"1234.505": "1,234.51", "1200": "1,200", "7.50": "7.5", "x": None},
        ),
        (Applied(Reduced(), (TEXT,)), {"9:15": "3:5", "8/4": "2/1", "0:5": "0:1", "0/0": None, "a:b": None}),
        (Applied(Mask("*", 1, 2), (TEXT,)), {"secret": "s***et", "abc": None, "": None}),
        (Applied(Mask("x", 0, 4, solid=True), (TEXT,)), {"41-22-3333": "xx-xx-3333", "1234": None}),
        (
            Applied(NumberOfName("month", "English", padded=True), (TEXT,)),
            {"Aug": "08", "in MARCH 1999": "03", "May or June": None, "x": None},
        ),
        (
            Applied(NumberOfName("weekday", "French", padded=False), (TEXT,)),
            {"dimanche": "7", "Lundi": "1", "Monday": None},
        ),
        (
            Applied(SheetColumn(read=False), (TEXT,)),
            {"1": "A", "26": "Z", "27": "AA", "702": "ZZ", "703": "AAA", "0": None, "1.5": None, "16384": "XFD"},
        ),
        (Applied(SheetColumn(read=True), (TEXT,)), {"A": "1", "az": "52", "ZZ": "702", "A1": None, "": None}),
        (shown(Applied(RoundTo(Decimal(5), "nearest"), (NUMBER,))), {"12.4": "10", "12.5": "15", "-3": "-5"}),
        (shown(Applied(RoundTo(Decimal(1), "up"), (NUMBER,))), {"2.01": "3", "2": "2", "-2.5": "-2"}),
    ],
)
def test_operators_and_their_python_agree(expression: Expression, rows: dict[Any, str | None]) -> None:
    cells = [{"text": key} if isinstance(key, str) else named(key) for key in rows]
    code = Writer(cells[0], "answer", str)
    code.line(f"return {code.answer(expression.write(code))}")
    module: dict[str, Any] = {}
    source = code.module(f"Return {expression.says()}.")
    exec(source, module)  # noqa: S102 - what this package wrote of its own operators
    for row, want in zip(cells, rows.values(), strict=True):
        assert expression.of(row) == want
        assert outcome(lambda row: module["answer"](**row), row) == (ValueError if want is None else want), source


@pytest.mark.parametrize(
    ("solved", "others"),
    [
        ([("1.2K", "1200"), ("35M", "35000000"), ("7.5K", "7500")], [("2B", "2000000000")]),
        ([("640 KB", "655360"), ("2 MB", "2097152"), ("1.5 GB", "1610612736")], [("3 KB", "3072")]),
        ([("1530", "1.5k"), ("8200000", "8.2M"), ("47990", "48.0k")], [("360000", "360.0k")]),
        ([("5 ft 11 in", "71"), ("6 ft 2 in", "74"), ("4 ft 8 in", "56")], [("5 ft 0 in", "60")]),
        ([("50", "3 lb 2 oz"), ("17", "1 lb 1 oz"), ("95", "5 lb 15 oz")], [("64", "4 lb 0 oz")]),
        ([("80.00 | 15%", "68.00"), ("45.50 | 20%", "36.40"), ("9.99 | 50%", "5.00")], [("100.00 | 5%", "95.00")]),
        ([("80 | 100", "25.0%"), ("64 | 48", "-25.0%"), ("30 | 31", "3.3%")], [("50 | 20", "-60.0%")]),
        pytest.param(
            [("1 1/2", "1.5"), ("3/4", "0.75"), ("5", "5"), ("2 1/8", "2.125")],
            [("7/8", "0.875")],
            marks=pytest.mark.slow,
        ),
        pytest.param(
            [("12.35 kg", "27.23"), ("20 kg", "44.09"), ("7.5 kg", "16.53"), ("50.8 kg", "112")],
            [("0.5 kg", "1.1")],
            marks=pytest.mark.slow,
        ),
        ([("2.75", "3.27"), ("10", "11.9"), ("7.1", "8.45"), ("61", "72.59")], [("99.95", "118.94"), ("50", "59.5")]),
        ([("18:24", "3:4"), ("10:5", "2:1"), ("7:21", "1:3")], [("12:30", "2:5")]),
        (
            [("5500998877", "******8877"), ("12345678", "****5678"), ("777788889999", "********9999")],
            [("1020304050", "******4050")],
        ),
        ([("Aug 2019", "2019-08"), ("March 2021", "2021-03"), ("Dec 1999", "1999-12")], [("June 2005", "2005-06")]),
        ([("5", "E"), ("30", "AD"), ("77", "BY")], [("702", "ZZ")]),
        ([("12.3", "10"), ("48.1", "50"), ("97.6", "100"), ("33", "35")], [("61.9", "60")]),
        ([("09:10-10:05", "55"), ("13:00-15:20", "140"), ("22:15-22:25", "10")], [("08:00-09:30", "90")]),
        pytest.param(
            [("09:10-10:05", "0h 55m"), ("13:00-15:20", "2h 20m"), ("21:15-22:25", "1h 10m")],
            [("08:00-11:30", "3h 30m")],
            marks=pytest.mark.slow,
        ),
    ],
)
def test_common_columns_are_solved(solved: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> None:
    examples = tuple((named(text.split(" | ")), answer) for text, answer in solved)
    rows = [(named(text.split(" | ")), answer) for text, answer in others]
    found = synthesise(Problem(examples, tuple(row for row, _ in rows)), seconds=60)
    for run in (found[0].run, python(found[0])):
        assert [run(row) for row, _ in rows] == [answer for _, answer in rows], found[0].source


def test_numbers_without_sizes_stay_numbers() -> None:
    """The same letter in every row is a unit, not a size."""
    found = synthesise(Problem(tuple(({"text": f"{number}m"}, str(number * 3)) for number in (4, 17, 230))))
    assert found[0].run({"text": "50m"}) == "150"


@pytest.mark.parametrize(
    ("solved", "others"),
    [
        (
            [("1609459200", "2021-01-01"), ("1700000000", "2023-11-14"), ("1234567890", "2009-02-13")],
            [("999999999", "2001-09-09")],
        ),
        ([("1609459261", "00:01"), ("1700000000", "22:13"), ("1234567890", "23:31")], [("1000000000", "01:46")]),
        (
            [
                ("2021-01-01 00:01:05", "1609459265"),
                ("2009-02-13 23:31:30", "1234567890"),
                ("2001-09-09 01:46:40", "1000000000"),
            ],
            [("2023-11-14 22:13:20", "1700000000")],
        ),
        ([("44197", "2021-01-01"), ("36526", "2000-01-01"), ("45244", "2023-11-14")], [("25569", "1970-01-01")]),
        (
            [("May 2014", "2014-05-01"), ("December 1999", "1999-12-01"), ("August 2020", "2020-08-01")],
            [("June 2003", "2003-06-01")],
        ),
        ([("2014/05", "Q2 2014"), ("1999/12", "Q4 1999"), ("2020/08", "Q3 2020")], [("2003/03", "Q1 2003")]),
        (
            [("1.10.0 | 1.9.2", "1.10.0"), ("2.0 | 2.0.1", "2.0.1"), ("v0.3.12 | v0.3.4", "v0.3.12")],
            [("3.2.1 | 3.11.0", "3.11.0")],
        ),
        pytest.param(
            [
                ("1.10.0 | 1.9.2", "older"),
                ("2.0 | 2.0.1", "newer"),
                ("0.3.12 | 0.3.4", "older"),
                ("1.2 | 1.12", "newer"),
                ("4.1.9 | 4.0.10", "older"),
                ("7.0.0 | 7.0.1", "newer"),
            ],
            [("3.2.1 | 3.11.0", "newer"), ("9.9 | 9.10", "newer")],
            marks=pytest.mark.slow,
        ),
        (
            [("#1e90ff", "30, 144, 255"), ("#ffa07a", "255, 160, 122"), ("#00ff09", "0, 255, 9")],
            [("#dda0dd", "221, 160, 221")],
        ),
        (
            [("30, 144, 255", "#1E90FF"), ("255, 160, 122", "#FFA07A"), ("0, 255, 9", "#00FF09")],
            [("221, 160, 221", "#DDA0DD")],
        ),
        (
            [("Yes", "on"), ("n", "off"), ("TRUE", "on"), ("0", "off"), ("y", "on"), ("False", "off")],
            [("1", "on"), ("no", "off")],
        ),
    ],
)
def test_columns_of_moments_versions_colours_and_yes_are_solved(
    solved: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]
) -> None:
    test_common_columns_are_solved(solved, others)


def test_a_value_is_found_by_its_key() -> None:
    code = Writer({"text": ""}, "answer", str)
    value = Applied(ValueOf("id"), (TEXT,))
    code.line(f"return {value.write(code)}")
    module: dict[str, Any] = {}
    exec(code.module(f"Return {value.says()}."), module)  # noqa: S102 - what this package wrote of its own operators
    rows = {
        "/x?grid=3&id=42&z=1": "42",
        '{"id": "New York", "n": 1}': "New York",
        "kid: 4, id: 7": "7",
        'id=""': "",
        "id=": "",
        '{"id":5}': "5",
        "width=3": None,
        "": None,
    }
    for text, want in rows.items():
        assert value.of({"text": text}) == want
        assert outcome(lambda row: module["answer"](**row), {"text": text}) == (ValueError if want is None else want)


@pytest.mark.parametrize(
    ("solved", "others"),
    [
        (
            [("a=1&lang=en&b=2", "en"), ("lang=de", "de"), ("z=9&lang=fr", "fr"), ("lang=it&q=x&r=y", "it")],
            [("q=1&r=2&lang=pt&s=3", "pt")],
        ),
        (
            [
                ('{"city": "Oslo", "n": 4}', "Oslo"),
                ('{"n": 12, "city": "New York", "ok": true}', "New York"),
                ('{"ok": false, "city": "Rome"}', "Rome"),
            ],
            [('{"k": 1, "ok": true, "city": "São Paulo"}', "São Paulo")],
        ),
    ],
)
def test_keys_in_any_order_are_solved(solved: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> None:
    test_common_columns_are_solved(solved, others)
