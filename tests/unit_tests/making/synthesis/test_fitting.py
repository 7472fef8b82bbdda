from __future__ import annotations

from decimal import Decimal

from langchain_latm.making.synthesis.fitting import are_on_a_line, have_one_constant, lines
from langchain_latm.making.synthesis.operators.numbers import Linear, Scaled

NUMBERS = [Decimal(number) for number in (55, 81, 110, 147, 190, 240)]
HALVES = [Decimal("0.5")] * 6


def of(operator: Linear | Scaled) -> list[Decimal]:
    return [value for number in NUMBERS if (value := operator.of(number)) is not None]


def test_factors_divisors_and_offsets_are_found_up_to_rounding() -> None:
    for right in (Linear(Decimal("1.19"), Decimal(0)), Linear(Decimal(1), Decimal(-40)), Scaled(Decimal(3)),
                  Linear(Decimal("1.8"), Decimal(32))):  # fmt: skip
        for places in (2, 6):
            wanted = [value.quantize(Decimal(1).scaleb(-places)) for value in of(right)]
            half = [Decimal(5).scaleb(-places - 1)] * 6
            assert are_on_a_line(NUMBERS, wanted, half)
            found = list(lines(NUMBERS, wanted, half))
            assert all(abs(a - b) <= half[0] for each in found for a, b in zip(of(each), wanted, strict=True))
            assert any(of(each) == of(right) for each in found), (right, places)


def test_a_factor_that_rounding_leaves_open_costs_more_and_has_rivals() -> None:
    exact = [number * 2 for number in NUMBERS]
    assert [(each.factor, each.doubt) for each in lines(NUMBERS, exact, HALVES) if isinstance(each, Linear)][:1] == [
        (Decimal(2), 0.0)
    ]
    wide = [(number * Decimal("1.7432")).quantize(Decimal(1)) for number in NUMBERS]
    factors = [each for each in lines(NUMBERS, wide, HALVES) if isinstance(each, Linear) and not each.offset]
    assert len(factors) > 1
    assert all(each.doubt > 0 for each in factors)


def test_points_on_no_line_are_ruled_out() -> None:
    squares = [number * number for number in NUMBERS]
    assert not are_on_a_line(NUMBERS, squares, HALVES)


def test_two_numbers_confirm_an_offset_or_a_factor_and_not_both() -> None:
    two, half = [Decimal(10), Decimal(30)], HALVES[:2]
    assert have_one_constant(two, [Decimal(25), Decimal(75)], half)
    assert have_one_constant(two, [Decimal(13), Decimal(33)], half)
    assert not have_one_constant(two, [Decimal(25), Decimal(65)], half)
    assert list(lines(two, [Decimal(25), Decimal(65)], half)) == []
