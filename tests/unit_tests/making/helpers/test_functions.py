"""Functions that a made function may call."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from langchain_latm.making.helpers.functions import dates_in, evaluate, numbers_in, prime_factors, seconds_in


def test_expressions_are_computed_exactly() -> None:
    known = {
        "3 + 4": 7, "0.1 + 0.2 =": 0.3, "-(2 - 5) * 2": 6, "7 / 2": 3.5, "8 \u00f7 4 \u00d7 3 = ?": 6,
        "44.774 - 42.8": 1.974, "99999999999999999999 + 1": 10**20,
    }  # fmt: skip
    for text, value in known.items():
        assert evaluate(text) == value, text


@pytest.mark.parametrize("text", [
    "", "12", "x + 1", "3 +", "1 / 0", "2 ** 9", "[1] + [2]", "1_0 + 1", "0x1 + 1", "f(1) + 1", "(" * 500 + "1+1",
    "9" * 30 + "*" + "9" * 30, "1 + 1; 2", "\u0661 + x",
])  # fmt: skip
def test_invalid_expressions_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an arithmetic expression"):
        evaluate(text)


def test_numbers_are_read_with_their_sign_groups_and_units() -> None:
    known: dict[str, list[Any]] = {
        "35cal and 2.5J": [35, 2.5], "1,234,567.5 of 12,34": [1234567.5, 12, 34], "-3, 4-2, x-5": [-3, 4, 2, 5],
        "Höhe: -0.5m": [-0.5], "none": [],
    }  # fmt: skip
    for text, numbers in known.items():
        assert numbers_in(text) == numbers, text


def test_dates_are_read_in_their_order() -> None:
    text = "From 2024-02-29 or 3/5/2024 to March 5th, 2021, then 5th of Apr 1985, Sept. 1, 2000."
    assert dates_in(text) == [(2024, 2, 29), (2024, 3, 5), (2021, 3, 5), (1985, 4, 5), (2000, 9, 1)]
    assert dates_in("May I come in 2024?") == []
    with pytest.raises(ValueError, match="day is out of range"):
        dates_in("on 2023-02-29")


def test_times_of_day_are_seconds() -> None:
    assert seconds_in("at 7 a.m., 14:05 or 2:05:30.5 PM; 12am") == [25200, 50700, 50730.5, 0]
    assert seconds_in("3 of 4 and 2024") == []
    with pytest.raises(ValueError, match="hour must be in"):
        seconds_in("33:10")


@pytest.mark.parametrize("reader", [evaluate, numbers_in, dates_in, seconds_in])
def test_long_texts_take_little_time(reader: Any) -> None:
    for piece in ("1", "1,", "1:", "1 ", "- ", "March ", "(", "1.1", "a"):
        with contextlib.suppress(ValueError):
            reader(piece * 20_000)


def test_prime_factors_multiply_to_the_number() -> None:
    assert [prime_factors(number) for number in (1, 2, 12, 97, 999_999_000_001)] == [
        [], [2], [2, 2, 3], [97], [999_999_000_001],
    ]  # fmt: skip
    for number in (0, -4, 10**12 + 1):
        with pytest.raises(ValueError, match="from 1 to"):
            prime_factors(number)
