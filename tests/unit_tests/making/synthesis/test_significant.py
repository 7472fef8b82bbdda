"""Numbers are written with significant digits only if the examples show it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.formula_programs import formula_programs
from langchain_latm.making.synthesis.operators.significant import EXACT, WriteSignificant, significant_styles
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise


def styles_of(*texts: str) -> set[tuple[int, tuple[str, ...]]]:
    return {(style.digits, style.manners) for style in significant_styles(texts) if style.digits != EXACT}


def test_digits_and_manner_are_read_off_the_examples() -> None:
    assert styles_of("0.107", "3230.0", "1.67", "8.98e-06") == {(3, ("float",))}
    assert (3, ("kept", "whole kept")) in styles_of("0.110", "2.50", "196")
    assert styles_of("12.50", "3.25", "99.99") == set()
    assert styles_of("12.5", "13.5", "14.5") == set()
    assert styles_of("1", "20", "300") == set()


@pytest.mark.parametrize(
    ("number", "text"), [("3232.6", "3230.0"), ("0.10675", "0.107"), ("0.00000898", "8.98e-06"), ("22", "22.0")]
)
def test_as_floats(number: str, text: str) -> None:
    assert WriteSignificant(3, ("float",)).of(Decimal(number)) == text


def test_what_no_example_shows_is_refused() -> None:
    (style, *_) = (each for each in significant_styles(("0.107", "1.67", "22.4")) if each.digits == 3)
    assert style.of(Decimal("44.81")) == "44.8"
    assert style.of(Decimal(448)) is None  # or "448.0"
    assert style.of(Decimal("0.25")) is None  # or "0.250"
    assert style.of(Decimal("3232.6")) is None  # or "3230"
    assert style.of(Decimal("2.875")) is None  # a half: up, even, or of binary numbers


@pytest.mark.parametrize(("text", "halves"), [("0.0313", "up"), ("0.0312", "down"), ("0.0312", "even")])
def test_an_example_shows_how_halves_are_rounded(text: str, halves: str) -> None:
    styles = significant_styles(("0.107", text, "22.4"))
    assert [each.halves for each in styles if each.of(Decimal("0.03125")) == text].count(halves) == 1


def test_products_rounded_to_significant_digits() -> None:
    factor = Decimal("0.453592")
    texts = {"2": "0.907", "31": "14.1", "700": "318", "5": "2.27", "0.04": "0.0181"}
    problem = Problem(
        tuple(({"text": text}, answer) for text, answer in texts.items()), ({"text": "12"}, {"text": "0.3"})
    )
    (best, *_) = synthesise(problem)
    assert best.run({"text": "12"}) == str(round(12 * factor, 2))
    assert best.run({"text": "0.3"}) == "0.136"


def python(program: Program) -> Any:
    module: dict[str, Any] = {}
    exec(program.source, module)  # noqa: S102 - what this package wrote
    return module["answer"]


def test_formulas_of_numbers_rounded_to_significant_digits() -> None:
    rows = [(3, 7), (250, 7), (90, 64), (1, 800), (12, 55), (400, 3)]
    answers = [f"{left / right:.3g}" for left, right in rows]
    problem = Problem(
        tuple(({"left": left, "right": right}, answer) for (left, right), answer in zip(rows, answers, strict=True)),
        ({"left": 5, "right": 9},),
    )
    best = formula_programs(problem, Budget(10, 400_000))[0]
    for left, right, text in ((5, 9, "0.556"), (100, 7, "14.3")):
        assert best.run({"left": left, "right": right}) == text == python(best)(left=left, right=right)
    with pytest.raises(ValueError, match="example"):
        best.run({"left": 10_000, "right": 3})  # "3330" or "3.33e+03"


def test_a_column_of_a_formula_may_have_the_name_of_the_copied_function() -> None:
    rows = [(3, 7), (250, 7), (90, 64), (1, 800), (12, 55), (400, 3)]
    examples = tuple(({"significant_text": left, "by": right}, f"{left / right:.3g}") for left, right in rows)
    best = formula_programs(Problem(examples, ({"significant_text": 5, "by": 9},)), Budget(10, 400_000))[0]
    assert python(best)(significant_text=5, by=9) == "0.556"


@pytest.mark.parametrize(("exact", "text"), [("1464.4", "123000"), ("1460.4", None)])
def test_the_exact_numbers_of_the_examples_show_more_than_their_answers(exact: str, text: str | None) -> None:
    pairs = {Decimal(37): "37", Decimal("8.4535"): "8.45", Decimal(exact): "1460"}
    style = significant_styles(tuple(pairs.values()))[0].narrowed(
        lambda manner: all(manner.of(number) == answer for number, answer in pairs.items())
    )
    assert style is not None
    assert style.of(Decimal(123456)) == text
