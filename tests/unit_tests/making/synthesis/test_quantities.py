"""Quantities in texts and tables are converted to the unit that is named, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from langchain_latm.making.synthesis.expression import Applied, Column, Expression, Operator
from langchain_latm.making.synthesis.operators.number_texts import WriteNumber
from langchain_latm.making.synthesis.operators.numbers import ReadNumber
from langchain_latm.making.synthesis.operators.quantities import (
    AmountOf,
    Conversion,
    ConvertedCell,
    ConvertedNumber,
    UnitOf,
    known,
    units_of,
)
from langchain_latm.making.synthesis.operators.unit_names import units_named
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.making.synthesis.writing import Writer

US = Conversion(conventions=(("customary", "us"),))


@pytest.mark.parametrize(
    ("request_text", "amount", "unit"),
    [
        ("how many pounds is 3.5 kg", "7.7161791764707", "pounds"),
        ("When converted to units of kilonewtons, 24 pounds-force is", "0.106757318766252", "kilonewtons"),
        ("180 cm -> in", "70.866141732283", "in"),
        ("38 mm expressed in units of in is", "1.496062992126", "in"),
        ("13 C expressed in units of hK is", "2.8615", "hK"),
        ("-40 °F in °C", "-40", "°C"),
        ("300 kelvin in Rankine", "540", "Rankine"),
        ("90 m in h", "1.5", "h"),
        ("how many in are in 3 ft", "36", "in"),
        ("5 in in cm", "12.7", "cm"),
        ("100 km/h to metres per second", "27.777777777778", "metres per second"),
        ("1000 kg/m3 in lb/ft^3", "62.427960576145", "lb/ft^3"),
        ("200 square feet in m²", "18.580608", "m²"),
        ("1,500 g in kg", "1.5", "kg"),
        ("3 quarts in gallons", "0.75", "gallons"),
        ("3 US gallons to imperial gallons", "2.498022553887", "imperial gallons"),
        ("2 metric tons in kg", "2000", "kg"),
        ("50 kilowatt-hours in megajoules", "180", "megajoules"),
        ("5 ft 11 in to cm", "180.34", "cm"),
        ("32 centimeters plus 4.3 meters equals how many inches", "181.889763779528", "inches"),
        ("16 Mbit in kilobits", "16000", "kilobits"),
        ("45 degrees in radians", "0.785398163397", "radians"),
    ],
)
def test_a_request_names_a_quantity_and_a_unit(request_text: str, amount: str, unit: str) -> None:
    found = Conversion().of(request_text)
    assert found is not None
    assert (round(found[0], 12), found[1]) == (round(Decimal(amount), 12), unit)


@pytest.mark.parametrize(
    "request_text",
    [
        "3 gallons in litres",  # of the US or imperial
        "500 MB in GB",
        "2 years in days",
        "3 kg in metres",
        "3 kg in bananas",
        "3 kg",
        "What is 3 m in cm or mm?",
        "half of 3 kg in g",
        "5 in metres",
        "5-10 kg in lb",
        "5 kg - 10 kg in lb",
        "3 kg per person in lb",
        "5 % of 3 kg in g",
        "a rise of 5 °C in °F",
        "5 °C plus 3 °C in °F",
        "the sum of 3 ft and 5 ft in m",
        "3 dozen kg in lb",
        "version 1.2.3 m in km",
        "45 degrees in C",
    ],
)
def test_what_is_not_understood_is_refused(request_text: str) -> None:
    assert Conversion().of(request_text) is None


def test_examples_choose_among_readings() -> None:
    found = US.of("47.8 liters in tablespoons")
    assert found is not None
    assert round(found[0], 3) == Decimal("3232.621")
    imperial = Conversion(conventions=(("customary", "imperial"),)).of("1 gallon in litres")
    assert imperial == (Decimal("4.54609"), "litres")


def test_words_of_the_examples_and_decimal_commas_are_known_if_shown() -> None:
    german = "Wie viele lb sind 3,5 kg?"
    assert Conversion("comma").of(german) is None
    found = Conversion("comma", ("sind", "viele", "wie")).of(german)
    assert found is not None
    assert round(found[0], 4) == Decimal("7.7162")


@pytest.mark.parametrize(
    ("one", "other"),
    [("metres", "meter"), ("kilometres", "km"), ("micrometer", "µm"), ("feet", "ft"), ("KG", "kg"), ("sq ft", "ft2")],
)
def test_spellings_of_one_unit(one: str, other: str) -> None:
    assert {unit[:3] for unit in units_of(one)} & {unit[:3] for unit in units_of(other)}


def test_a_symbol_with_a_prefix_has_one_reading_unless_it_is_another_unit() -> None:
    for text in ("min", "cd", "ft", "Pa", "dag", "mmol", "kcal", "mbar", "kWh"):
        assert len({unit[:2] for unit in units_named(text, known())}) == 1, text


def python(expression: Expression, columns: dict[str, Any]) -> Any:
    code = Writer(columns, "answer", str)
    code.line(f"return {expression.write(code)}")
    module: dict[str, Any] = {}
    exec(code.module(f"Return {expression.says()}."), module)  # noqa: S102 - what this package wrote
    return module["answer"]


def written(operator: Operator, *arguments: Expression) -> Applied:
    return Applied(WriteNumber(3), (Applied(operator, arguments),))


TEXT = Column("text")


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        (written(AmountOf(), Applied(US, (TEXT,))), [("3 gallons in L",), ("2 kg in lb",), ("2 kg",), ("",), ("7",)]),
        (Applied(UnitOf(), (Applied(US, (TEXT,)),)), [("3 gallons in L",), ("how many in is 2 cm?",), ("x",)]),
        (written(ConvertedCell(), TEXT, Column("unit")), [("5 ft 11 in", "cm"), ("3 m", "kg"), ("3", "m"), ("", "")]),
        (written(ConvertedCell(target="m"), TEXT), [("5 ft 11 in",), ("3 s",), ("12 m",)]),
        (
            written(ConvertedNumber(), Applied(ReadNumber(), (TEXT,)), Column("of"), Column("to")),
            [("5", "ft", "m"), ("-4", "°C", "°F"), ("5", "ft", "s"), ("x", "ft", "m"), ("5", "", "m")],
        ),
    ],
)
def test_a_tool_computes_the_same(expression: Expression, rows: list[tuple[str, ...]]) -> None:
    names = [name for name in ("text", "unit", "of", "to") if f"'{name}'" in repr(expression)]
    run = python(expression, dict.fromkeys(names, ""))
    for cells in rows:
        row = dict(zip(names, cells, strict=True))
        value = expression.of(row)
        if value is None:
            with pytest.raises(ValueError, match="expected"):
                run(**row)
        else:
            assert run(**row) == value


def test_a_parameter_may_have_the_name_of_a_function() -> None:
    column = Column("converted_cell")
    run = python(written(ConvertedCell(target="m"), column), {"converted_cell": ""})
    assert run(converted_cell="2 km") == "2000.000"


def solved(rows: Mapping[Any, str], names: Sequence[str], others: Sequence[Sequence[str]]) -> Problem:
    return Problem(
        tuple((dict(zip(names, cells, strict=True)), answer) for cells, answer in rows.items()),
        tuple(dict(zip(names, cells, strict=True)) for cells in others),
    )


def test_requests_are_answered_in_units_that_no_example_has() -> None:
    rows = {
        ("how many pounds is 3.5 kg",): "7.72 pounds",
        ("how many feet is 20 metres",): "65.6 feet",
        ("how many kilojoules is 100 kcal",): "418 kilojoules",
    }
    (best, *_) = synthesise(solved(rows, ("text",), [("how many psi is 3.2 bar",), ("how many oz is 2 g",)]))
    assert best.run({"text": "how many psi is 3.2 bar"}) == "46.4 psi"
    assert best.run({"text": "how many oz is 2 g"}) == "0.0705 oz"
    with pytest.raises(ValueError, match="fit"):
        best.run({"text": "how many litres is 3 gallons"})


def test_columns_of_a_number_and_units() -> None:
    rows = {("5", "ft", "m"): "1.52", ("12", "kg", "lb"): "26.46", ("30", "°C", "°F"): "86.00"}
    others = [("3", "mi", "km"), ("7", "h", "min")]
    (best, *_) = synthesise(solved(rows, ("amount", "given", "to"), others))
    assert best.run({"amount": "3", "given": "mi", "to": "km"}) == "4.83"


def test_quantities_in_several_units_are_converted_to_one() -> None:
    rows = {("5 ft",): "1.524 m", ("250 cm",): "2.5 m", ("10 yd",): "9.144 m", ("12 in",): "0.3048 m"}
    (best, *_) = synthesise(solved(rows, ("size",), [("3 mi",), ("15 mm",), ("8 ft",)]))
    assert best.run({"size": "15 mm"}) == "0.015 m"
