"""Values with the text around the values of the request."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import written_for


@pytest.mark.parametrize(
    ("examples", "later"),
    [
        (  # a unit that is an argument
            [(5, {"unit": "km"}, "5 km"), (7, {"unit": "mi"}, "7 mi")],
            [(-2, {"unit": "m"}, "-2 m"), (0.5, {"unit": "inch"}, "0.5 inch")],
        ),
        (  # the unit beside a number, with fixed decimals
            [(2.5, {"length": "5 cm"}, "2.50 cm"), (18.9, {"length": "37,8 L\u00e4ngen"}, "18.90 L\u00e4ngen")],
            [(3.0, {"length": "6 \u043c"}, "3.00 \u043c")],
        ),
        (  # a currency before the number, decimals and groups as in Italian
            [(1234.5, {"prezzo": "\u20ac 1.200"}, "\u20ac 1.234,50"), (3.0, {"prezzo": "CHF 2,90"}, "CHF 3,00")],
            [(-9.25, {"prezzo": "USD 1"}, "USD -9,25"), (10000.0, {"prezzo": "\u00a3 1"}, "\u00a3 10.000,00")],
        ),
        (  # of all items of a list, with decimals as in the request
            [
                (3.75, {"weights": ["1.5 kg", "2.25 kg"]}, "3.75kg"),
                (3.0, {"weights": ["1.5 lb", "1.5 lb"]}, "3.0lb"),
            ],
            [(4.0, {"weights": ["1.125 g", "2.875 g"]}, "4.000g")],
        ),
        (  # percent and permille touch the number
            [(12, {"share": "10 %"}, "12%"), (3, {"share": "2.5 \u2030"}, "3\u2030")],
            [(-1, {"share": "5%"}, "-1%")],
        ),
        ([("b", {"label": "x"}, "x: b"), ("d", {"label": "y"}, "y: d")], [("e", {"label": "z"}, None)]),
    ],
)
def test_it_comes_from_an_argument(sandbox: Sandbox, examples: list[Any], later: list[Any]) -> None:
    written = written_for(sandbox, examples, [(value, given) for value, given, _ in later])
    assert written == [answer for *_, answer in later]


def test_cases_that_no_example_shows_are_refused(sandbox: Sandbox) -> None:
    touching = [(5, {"price": "$3"}, "$5"), (7, {"price": "\u00a32"}, "\u00a37")]
    assert written_for(sandbox, touching, [(9, {"price": "\u20ac1"}), (-9, {"price": "\u20ac1"})]) == ["\u20ac9", None]
    mixed = [(5, {"lengths": ["2 m", "3 m"]}, "5 m"), (7, {"lengths": ["3 ft", "4 ft"]}, "7 ft")]
    assert written_for(sandbox, mixed, [(9, {"lengths": ["4 m", "5 ft"]})]) == [None]


def test_a_text_that_never_changes_does_not_come_from_an_argument() -> None:
    given = [{"unit": "km"}, {"unit": "km"}]
    assert not any("frame" in each for each in writings([5, 7], ["5 km", "7 km"], given))
