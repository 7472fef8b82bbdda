"""The terms of sums and equations in some gaps."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.text.reading.forms import forms
from langchain_latm.text.reading.forms.terms import Terms
from langchain_latm.text.reading.views import unaligned_views, views


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("5 - 9 + 4", [5, -9, 4]),
        ("5-9+4", [5, -9, 4]),
        ("12 \u2212 3.5 \u2212 -2", [12, -3.5, 2]),
        ("3*x - 7 = 8", [3, -7, 8]),
        ("(2 + 4) - 6", [2, 4, -6]),
        ("-3 - 4", [-3, -4]),
        ("Temperatur: -3 Grad", [-3]),
        ("Zeile - 4", [-4]),
        ("5kg - 2kg", None),
        ("no number", None),
        ("1,234 - 5", None),
    ],
)
def test_numbers_have_the_sign_of_their_term(text: str, terms: list[Any] | None) -> None:
    form = forms()["terms"]
    assert isinstance(form, Terms)
    assert form.read([text]) == terms


@pytest.mark.parametrize(
    "asked",
    [
        "What remains of {} in the end?",
        "Wie viel bleibt von {} am Ende \u00fcbrig?",
        "Combien reste-t-il de {} \u00e0 la fin ?",
    ],
)
def test_a_view_of_terms_is_offered_for_a_minus_between_operands(asked: str) -> None:
    read = [
        view.parser.parse(asked.format("7 - 2 - 3"))
        for view in views([asked.format(each) for each in ("9 - 4 + 1", "8 + 5 - 2", "6 - 1 - 2")])
    ]
    assert {"terms": [7, -2, -3]} in read
    plain = views([asked.format(each) for each in ("9, 4, 1", "8, 5, 2", "6, 1, 2")])
    assert not any("terms" in view.annotations for view in plain)


def test_equations_in_changing_words_have_one() -> None:
    asked = ["Which x fits: 4*x - 7 = 9", "Solve for y: 5*y + 3 = 18", "Give the z of this line, please: 2*z - 8 = 2"]
    found = [view.parser.parse(asked[0]) for view in [*views(asked), *unaligned_views(asked)]]
    assert {"terms": [4, -7, 9]} in found
