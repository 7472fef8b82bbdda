"""Numbers with as many decimals as the request."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import written_for


@pytest.mark.parametrize(
    ("examples", "later"),
    [
        (  # the longest number of a text
            [(3.35, {"sum": "1.25 + 2.1"}, "3.35"), (5.232, {"sum": "1.132 + 4.1000"}, "5.2320")],
            [(2.5, {"sum": "1.50 + 1"}, "2.50"), (7, {"sum": "3 + 4"}, "7"), (-1.5, {"sum": "1 - 2.5"}, "-1.5")],
        ),
        (  # of a list of texts
            [(3.35, {"parts": ["1.25", "2.1"]}, "3.35"), (4.5, {"parts": ["2.250", "2.25"]}, "4.500")],
            [(6.0, {"parts": ["1.5", "4.5"]}, "6.0")],
        ),
        (  # of one of the arguments alone
            [
                (2.68, {"price": "1.34", "factor": "2.000"}, "2.68"),
                (3.3, {"price": "2.200", "factor": "1.5"}, "3.300"),
            ],
            [(4.0, {"price": "3.20", "factor": "1.25"}, "4.00")],
        ),
        (  # with a comma, as in German and French
            [(3.35, {"summe": "1,25 + 2,1"}, "3,35"), (1234.5, {"summe": "1.234,250 + 0,25"}, "1.234,500")],
            [(2000.5, {"summe": "1.000,25 + 1.000,25"}, "2.000,50")],
        ),
        (  # amounts of money and percentages around them
            [
                (3.35, {"preise": "1,25 \u20ac und 2,1 \u20ac"}, "3,35 \u20ac"),
                (9.0, {"preise": "4,500 \u20ac und 4,5 \u20ac"}, "9,000 \u20ac"),
            ],
            [(2.5, {"preise": "1,50 \u20ac und 1 \u20ac"}, "2,50 \u20ac")],
        ),
        (  # as many as a number says, under the names that the code has too
            [(3.14159, {"number": 3}, "3.142"), (2.5, {"number": 2}, "2.50"), (7.7, {"number": 0}, "8")],
            [(0.125, {"number": 2}, "0.13"), (4.0, {"number": 4}, "4.0000")],
        ),
        (
            [(3.14159, {"places": 3, "text": "pi"}, "3.142"), (2.5, {"places": 2, "text": "e"}, "2.50")],
            [(4.0, {"places": 4, "text": "x"}, "4.0000")],
        ),
    ],
)
def test_decimals_are_those_of_the_request(sandbox: Sandbox, examples: list[Any], later: list[Any]) -> None:
    written = written_for(sandbox, examples, [(value, given) for value, given, _ in later])
    assert written == [answer for *_, answer in later]


def test_a_trailing_zero_is_refused_if_no_example_has_one(sandbox: Sandbox) -> None:
    """The examples fit both "2.5" and "2.50"."""
    examples = [(3.35, {"sum": "1.25 + 2.1"}, "3.35"), (5.2, {"sum": "1.1 + 4.1"}, "5.2")]
    assert written_for(sandbox, examples, [(2.5, {"sum": "1.25 + 1.25"}), (2.25, {"sum": "1.1 + 1.15"})]) == [
        None,
        "2.25",
    ]


def test_the_same_decimals_for_all_go_first(sandbox: Sandbox) -> None:
    examples = [(3.35, {"sum": "1.25 + 2.1"}, "3.35"), (18.9, {"sum": "9.45 + 9.45"}, "18.90")]
    assert written_for(sandbox, examples, [(2.5, {"sum": "1.2 + 1.3"}), (4.0, {"sum": "4"})]) == ["2.50", "4.00"]


def test_only_decimals_counted_in_arguments_overrule_the_plain_text() -> None:
    counted = [{"sum": "1.25 + 2.1"}, {"sum": "1.1 + 4.1"}]
    assert list(writings([3.35, 5.2], ["3.35", "5.2"], counted, overruling=True))
    assert not list(writings([3.5, 12.25], ["3.5", "12.25"], counted, overruling=True))
    assert not list(writings([3, 12], ["3", "12"], [{"x": 1}, {"x": 4}], overruling=True))
