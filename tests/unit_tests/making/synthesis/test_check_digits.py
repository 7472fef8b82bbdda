from __future__ import annotations

import pytest

from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import problem, python


@pytest.mark.parametrize(
    ("solved", "others"),
    [
        (
            {"400638133393": "4006381333931", "590123412345": "5901234123457", "012345678901": "0123456789012"},
            {"501234567890": "5012345678900", "978030640615": "9780306406157"},
        ),
        (
            {"453957876362148": "4539578763621486", "7992739871": "79927398713", "411111111111111": "4111111111111111"},
            {"550000555555555": "5500005555555559"},
        ),
        (
            {"0-306-40615": "0-306-40615-2", "0-471-95869": "0-471-95869-7", "0-9752298-0": "0-9752298-0-X"},
            {"0-13-110362": "0-13-110362-8", "0-201-61622": "0-201-61622-X"},
        ),
    ],
    ids=["GS1", "Luhn", "ISBN-10"],
)
def test_check_digits_of_codes_are_computed(solved: dict[str, str], others: dict[str, str]) -> None:
    found = synthesise(problem([*solved.items()], [*others]))
    for run in (found[0].run, python(found[0])):
        assert {code: run({"text": code}) for code in others} == others
        with pytest.raises(ValueError, match=r"."):
            run({"text": "٣٤٥٦٧٨"})


@pytest.mark.slow
def test_codes_are_checked_against_their_last_digit() -> None:
    solved = {
        "4539578763621486": "ok", "4539578763621487": "bad", "4111 1111 1111 1111": "ok", "4111 1111 1111 1112": "bad",
        "5500005555555559": "ok", "6011000000000004": "ok", "79927398710": "bad", "79927398714": "bad",
    }  # fmt: skip
    others = {"79927398713": "ok", "340000000000009": "ok", "340000000000008": "bad", "3540 0000 0000 0002": "bad"}
    found = synthesise(problem([*solved.items()], [*others]))
    for run in (found[0].run, python(found[0])):
        assert {code: run({"text": code}) for code in others} == others


@pytest.mark.slow
def test_one_different_digit_rules_a_check_digit_out() -> None:
    """Rows of a number and a digit: no scheme fits all, so none is proven."""
    found = synthesise(problem([("400638133393", "2"), ("590123412345", "7"), ("012345678901", "2")]))
    assert not any("check digit" in program.source for program in found)
