"""Functions that a made function may call."""

from __future__ import annotations

import contextlib

import pytest

from langchain_latm.making.helpers.functions import evaluate


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


def test_long_texts_take_little_time() -> None:
    for piece in ("1", "1,", "1:", "1 ", "- ", "March ", "(", "1.1", "a"):
        with contextlib.suppress(ValueError):
            evaluate(piece * 20_000)
