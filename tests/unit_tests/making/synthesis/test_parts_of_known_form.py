"""Addresses inside of texts, and the units of quantities."""

from __future__ import annotations

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.operators.unit_texts import UnitText
from langchain_latm.making.synthesis.texts import text_programs
from tests.unit_tests.making.synthesis.rows import problem, python


@pytest.mark.parametrize(
    ("pairs", "later"),
    [
        (
            [
                ("Mail Ann.B@Mail.com, please", "ann.b@mail.com"),
                ("x+y@a-b.co.uk", "x+y@a-b.co.uk"),
                ("(to: Z@q.io)", "z@q.io"),
            ],
            {
                "Schreib an Bo_1@firma.DE!": "bo_1@firma.de",
                "\u90ae\u7bb1test@test.com": "test@test.com",
                "nobody": None,
            },
        ),
        (
            [
                ("see https://a.b/c?d=1.", "https://a.b/c?d=1"),
                ("(www.x.org/y), then z", "www.x.org/y"),
                ("to http://q.io/", "http://q.io/"),
            ],
            {"go to https://r.s/t#u!": "https://r.s/t#u", "no link": None},
        ),
        (
            [
                ("host 10.0.0.7 is up", "10.0.0.7"),
                ("192.168.1.20, then v1.2", "192.168.1.20"),
                ("ping (8.8.8.8)", "8.8.8.8"),
            ],
            {"1.2 or 172.16.0.1": "172.16.0.1", "1.2.3": None},
        ),
        (
            [("3,50 kg", "kg"), ("$12", "$"), ("1 200 zl", "zl")],
            {
                "7.25 \u20ac": "\u20ac",
                "US $1.20": "US $",
                "-5 \u00b0C": "\u00b0C",
                "5 kg 3 g": None,
                "kg": None,
                "5 kg net": None,
            },
        ),
    ],
)
def test_they_are_found_in_later_texts(pairs: list[tuple[str, str]], later: dict[str, str | None]) -> None:
    program, *_ = text_programs(problem(pairs), Budget(20.0, 1_500_000))
    for text, answer in later.items():
        for run in (program.run, python(program)):
            if answer is None:
                with pytest.raises(ValueError, match=r"expected|does not fit"):
                    run({"text": text})
            else:
                assert run({"text": text}) == answer, text


@pytest.mark.parametrize("text", ["", "5", "km", "5 km 3 m", "5 km net", "5 / 3 km", "SGD$4"])
def test_texts_with_more_than_a_quantity_have_no_unit(text: str) -> None:
    assert UnitText().of(text) is None
