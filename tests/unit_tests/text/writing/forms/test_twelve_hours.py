"""Times of the 24 hour clock with AM and PM."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (["07:05", "19:30"], ["7:05 AM", "7:30 PM"], ["00:10", "12:00", "24:10"], ["12:10 AM", "12:00 PM", None]),
        (["07:05", "19:30"], ["07:05am", "07:30pm"], ["21:00"], ["09:00pm"]),
        (["07:05", "08:30"], ["7:05 a.m.", "8:30 a.m."], ["13:15"], ["1:15 p.m."]),
        (["07:05", "19:30"], ["7:05 a.\u00a0m.", "7:30 p.\u00a0m."], ["0:15"], ["12:15 a.\u00a0m."]),
        (["07:05", "19:30"], ["\u5348\u524d7:05", "\u5348\u5f8c7:30"], ["12:15"], ["\u5348\u5f8c12:15"]),
        (["07:05", "19:30"], ["\uc624\uc804 7:05", "\uc624\ud6c4 7:30"], ["23:59"], ["\uc624\ud6c4 11:59"]),
        (["07:05:09", "19:30:00"], ["7:05:09 AM", "7:30:00 PM"], ["20:01:02", "20:01"], ["8:01:02 PM", None]),
        (["2024-03-05T07:05:09", "2024-03-05 19:30"], ["7:05 AM", "7:30 PM"], ["2024-01-01T13:00:00"], ["1:00 PM"]),
        ([425, 1170], ["7:05 AM", "7:30 PM"], [0, 720.0, 1440], ["12:00 AM", "12:00 PM", "12:00 AM"]),
        ([7.25, 19.5], ["at 7:15 AM", "at 7:30 PM"], [9.75], ["at 9:45 AM"]),
        (["10:05", "23:30"], ["10:05 AM", "11:30 PM"], ["12:00", "13:00"], ["12:00 PM", None]),
        (["07:05", "19:30"], ["7:05 PM", "7:30 AM"], ["12:00"], [None]),
    ],
)
def test_later_times_are_written_like_the_examples(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: list[Any], written: list[Any]
) -> None:
    assert written_later(sandbox, values, answers, later) == written
