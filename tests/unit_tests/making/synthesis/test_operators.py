"""Each operator computes the same as the Python code that it writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from langchain_latm.making.synthesis.expression import Applied, Column, Expression, Operator
from langchain_latm.making.synthesis.operators.cleaning import Backwards
from langchain_latm.making.synthesis.operators.clock_numbers import TimeOf
from langchain_latm.making.synthesis.operators.counting import Count
from langchain_latm.making.synthesis.operators.date_steps import AddMonths, LaterBy
from langchain_latm.making.synthesis.operators.dates import DateText, ReadDate
from langchain_latm.making.synthesis.operators.durations import Sixties, UnitsOfTime, WriteSixties
from langchain_latm.making.synthesis.operators.letters import Letters, Shift
from langchain_latm.making.synthesis.operators.notations import FromBase, FromRoman, NumberWord, ToBase, ToRoman
from langchain_latm.making.synthesis.operators.number_texts import WriteNumber
from langchain_latm.making.synthesis.operators.numbers import Arithmetic, ReadNumber, Scaled, Statistic
from langchain_latm.making.synthesis.operators.times import ClockText
from langchain_latm.making.synthesis.operators.titles import TitleOf, WithoutTitles
from langchain_latm.making.synthesis.operators.units import CONVERSIONS, ChangePrefix, Converted
from langchain_latm.making.synthesis.operators.words import Words
from langchain_latm.making.synthesis.writing import Writer

ODD = ("", " ", "0", "7", "12", "-3", "4000", "3999", "1.5", "x", "IIX", "12:75", "1" * 40, "٣", "XLII", "a,b", "²")


def applied(operator: Operator, *arguments: Expression) -> Applied:
    return Applied(operator, arguments or (Column("text"),))


def python(expression: Expression, columns: Mapping[str, Any]) -> Any:
    """Return an expression as a Python function."""
    code = Writer(columns, "answer", str)
    code.line(f"return {expression.write(code)}")
    module: dict[str, Any] = {}
    exec(code.module(f"Return {expression.says()}."), module)  # noqa: S102 - what this package wrote of its own operators
    return module["answer"]


def check(expression: Expression, rows: Mapping[tuple[str, ...], str | None]) -> None:
    """Compare the value for each row with the right one, if that is known, and with the value in Python."""
    columns = dict.fromkeys(("text", "second", "third")[: len(next(iter(rows)))], "")
    run = python(expression, columns)
    for cells, right in {**{(odd,) * len(columns): Ellipsis for odd in ODD}, **rows}.items():
        row = dict(zip(columns, cells, strict=True))
        value = expression.of(row)
        if right is not Ellipsis:
            assert value == right, (expression.says(), cells)
        if value is None:
            with pytest.raises(ValueError, match=r"expected|divide"):
                run(**row)
        else:
            assert run(**row) == value, (expression.says(), cells)


NUMBER = applied(ReadNumber())
PLAIN = WriteNumber()


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        (applied(ToBase("b", 8)), {"5": "00000101", "255": "11111111", "-1": None}),
        (applied(ToBase("X")), {"48879": "BEEF"}),
        (applied(FromBase("x")), {"0xbeef": "48879", "FF": "255", "xyz": None}),
        (applied(FromBase("b")), {"101": "5", "12": None}),
        (applied(ToRoman()), {"1994": "MCMXCIV", "4": "IV", "0": None}),
        (applied(FromRoman()), {"MCMXCIV": "1994", "IX": "9", "IC": None}),
        (applied(NumberWord(read=False)), {"21": "twenty-one", "13": "thirteen", "100": None}),
        (applied(NumberWord(read=True)), {"Ninety": "90", "many": None}),
        (
            applied(Backwards()),
            {
                "abc": "cba",
                "ne\u0301e": "ee\u0301n",
                "\u0e1c\u0e39\u0e49\u0e40": "\u0e40\u0e1c\u0e39\u0e49",
                "": "",
                "a\u200db": None,
            },
        ),
        (applied(ClockText("HH"), applied(TimeOf(), NUMBER, NUMBER)), {"25": "01", "-1": "22", "0.5": None}),
        (applied(ClockText(":SS if given"), applied(TimeOf(), NUMBER, NUMBER, NUMBER)), {"61": ":01", "-1": ":59"}),
        (applied(WithoutTitles()), {"Dr. Ada King, PhD": "Ada King", "Bo Li": "Bo Li", "Mr.": None}),
        (applied(TitleOf()), {"Dr. Ada King, Ph.D.": "Dr. Ph.D.", "Bo Li": ""}),
        (applied(PLAIN, applied(Sixties())), {"1:02:03": "3723", "3:25": "205", "3": None}),
        (applied(PLAIN, applied(UnitsOfTime())), {"2h 5m": "7500", "1 hour 30 min": "5400", "soon": None}),
        (applied(WriteSixties(3, padded=False), NUMBER), {"3723": "1:02:03", "59": "0:00:59", "1.5": None}),
        (applied(WriteSixties(2, padded=True), NUMBER), {"205": "03:25", "-1": None}),
        (applied(DateText("day of year, bare"), applied(ReadDate("ymd"))), {"2024-03-01": "61"}),
        (applied(DateText("dd"), applied(AddMonths(13), applied(ReadDate("ymd")))), {"2023-01-31": "29"}),
        (applied(Shift(3)), {"xyz, Abc": "abc, Def", "é": "é"}),
        (applied(Shift(None)), {"Az": "Za"}),
        (applied(Letters("AC", "xy")), {"ABCa": "xBya"}),
        (applied(Letters("T", "U")), {"GATT": "GAUU"}),
        (applied(Words("characters", "-")), {"a bc": "a-b-c"}),
        (applied(Words("runs", " ", "doubled", "by length")), {"ccc a bb": "aa bbbb cccccc"}),
    ],
    ids=lambda each: each.says() if isinstance(each, Expression) else "",
)
def test_of_one_column(expression: Expression, rows: dict[str, str | None]) -> None:
    check(expression, {(text,): right for text, right in rows.items()})


def test_of_several_columns() -> None:
    second, third = applied(ReadNumber(), Column("second")), applied(ReadNumber(), Column("third"))
    for kind, right in (("sum", "12"), ("mean", "4"), ("max", "7"), ("min", "2")):
        check(applied(PLAIN, applied(Statistic(kind), NUMBER, second, third)), {("3", "7", "2"): right})
    later = applied(LaterBy(), applied(ReadDate("ymd")), second)
    check(applied(DateText("mm"), later), {("2024-02-28", "2"): "03", ("2024-02-28", "0.5"): None})
    prefix = applied(ChangePrefix(), NUMBER, Column("second"), Column("third"))
    check(applied(PLAIN, prefix), {("1.5", "kg", "mg"): "1500000", ("2", "dam", "m"): "20", ("2", "kg", "m"): None})
    check(
        applied(PLAIN, applied(ChangePrefix(), NUMBER, Column("second"))), {("2", "MW"): "2000000", ("2", "xx"): None}
    )


def test_every_conversion_is_right_and_can_be_reversed() -> None:
    known = {("miles", "kilometres"): "1.609344", ("degrees Celsius", "degrees Fahrenheit"): "33.8"}
    for source, target in CONVERSIONS:
        there, back = Converted(source, target), Converted(target, source)
        converted = there.of(Decimal(1))
        assert converted is not None
        assert abs((back.of(converted) or Decimal(0)) - 1) < Decimal("1e-20"), (source, target)
        expression = applied(PLAIN, applied(there, NUMBER))
        check(expression, {("1",): known.get((source, target), expression.of({"text": "1"}))})


def test_quotients_of_counts_are_decimals() -> None:
    """A count is an `int` in the source code, and the quotient of two counts is a Decimal."""
    count = applied(Count("characters"))
    for operator, right in (
        (Scaled(Decimal(40)), "0.075"),
        (Converted("degrees Celsius", "degrees Fahrenheit"), "37.4"),
    ):
        check(applied(PLAIN, applied(operator, count)), {("abc",): right})
    check(applied(PLAIN, applied(Arithmetic("/"), count, applied(Count("words")))), {("ab c",): "2"})


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert AddMonths(1).of(date(2023, 1, 31)) == date(2023, 2, 28)
    assert AddMonths(-12).of(date(2024, 2, 29)) == date(2023, 2, 28)
    assert AddMonths(-12).of(date(1, 2, 3)) is None
