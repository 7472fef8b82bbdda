"""Numbers of a fixed width."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        ([7, 42], ["007", "042"], [5, 123, 1000, -3, True, None], ["005", "123", "1000", None, None, None]),
        ([7, 1234], ["007", "1234"], [0], ["000"]),
        (["7", "42"], ["00007", "00042"], ["123", "x"], ["00123", None]),
        ([7, 42], ["ID-0007", "ID-0042"], [3], ["ID-0003"]),
    ],
)
def test_later_numbers_have_the_width_of_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


@pytest.mark.parametrize(
    ("values", "answers"),
    [([100, 200], ["100", "200"]), ([7, 42], ["007", "0042"]), ([7, 42], ["007", "42"]), ([-7, -42], ["-007", "-042"])],
)
def test_no_zeros_or_several_widths_have_no_form(values: list[Any], answers: list[str]) -> None:
    assert not any("zfill" in each for each in writings(values, answers))
