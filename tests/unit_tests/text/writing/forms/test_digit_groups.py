"""Digits in groups."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import written_later

PHONES = ["+49 30 1234", "+49 30 9876"]


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (["+49301234", "+49309876"], PHONES, ["+49405555", "+4940555"], ["+49 40 5555", None]),
        (["49301234", "49309876"], PHONES, ["49405555"], ["+49 40 5555"]),
        ([49301234, 49309876], PHONES, [49405555, -49405555, True, None, 4.5], ["+49 40 5555", None, None, None, None]),
        (["5551234567", "5559876543"], ["(555) 123-4567", "(555) 987-6543"], ["2125550100"], ["(212) 555-0100"]),
        (["41111111", "55000004"], ["Card 4111 1111", "Card 5500 0004"], ["40001234"], ["Card 4000 1234"]),
        (["DE893704", "DE125001"], ["DE89 3704", "DE12 5001"], ["FR020120"], ["FR02 0120"]),
    ],
)
def test_later_codes_have_the_groups_of_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


@pytest.mark.parametrize(
    ("values", "answers"),
    [
        (["49301234", "49309876"], ["+49 30 1234", "+49 309 876"]),
        (["49301234", "49309876"], ["+49 30 1234", "+49 30 9877"]),
        (["well known", "far fetched"], ["well-known", "far-fetched"]),
        (["493", "494"], ["49 3", "49 4"]),
    ],
)
def test_different_groups_and_other_texts_have_no_form(values: list[Any], answers: list[str]) -> None:
    assert not any("code" in each for each in writings(values, answers))
