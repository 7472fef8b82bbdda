"""Lengths of time from a number."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        ([3909, 36_061], ["1:05:09", "10:01:01"], [59, 90_000, -1], ["0:00:59", "25:00:00", None]),
        ([65, 601], ["1 h 5 min", "10 h 1 min"], [59, 1500.0], ["0 h 59 min", "25 h 0 min"]),
        ([1.5, 10.25], ["1 Std. 30 Min.", "10 Std. 15 Min."], [0.5], ["0 Std. 30 Min."]),
        ([200_000, 5400], ["2 days, 07:33:20", "0 days, 01:30:00"], [86_399], ["0 days, 23:59:59"]),
        ([1.5, 50.25], ["0 days 01:30", "2 days 02:15"], [25, 0.51], ["1 days 01:00", None]),
        ([1500, 60], ["1 jour 1 heure 0 minutes", "0 jour 1 heure 0 minutes"], [90], ["0 jour 1 heure 30 minutes"]),
        ([125, 61], ["2m05s", "1m01s"], [3600], ["60m00s"]),
    ],
)
def test_later_numbers_are_written_as_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written


def test_other_texts_with_numbers_are_not_written(sandbox: Sandbox) -> None:
    assert written_later(sandbox, [1.5, 2.5], ["1 of 30", "2 of 30"], [3.5]) == [None]
    assert written_later(sandbox, [90, 150], ["30 m 1 h", "30 m 2 h"], [30]) == [None]
