"""Times with AM and PM in the 24 hour clock."""

from __future__ import annotations

import pytest

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import written_later


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (["7:05 AM", "7:30 PM"], ["07:05", "19:30"], ["12:10 am", "12:00 p.m.", "13:00 PM"], ["00:10", "12:00", None]),
        (["7:05 AM", "7:30 PM"], ["7.05 Uhr", "19.30 Uhr"], ["9 PM", "9 AM"], ["21.00 Uhr", "9.00 Uhr"]),
        (["7:05am", "7:30pm"], ["7h05", "19h30"], ["11:59pm"], ["23h59"]),
        (["7:05:00 AM", "7:30:10 PM"], ["07:05:00", "19:30:10"], ["8:00:01 PM", "8:00 PM"], ["20:00:01", None]),
        (["11:05 AM", "7:30 PM"], ["11:05", "19:30"], ["1:00 PM", "1:00 AM"], ["13:00", None]),
        (["7:05 AM", "7:30 PM"], ["07:05", "07:30"], ["1:00 PM"], [None]),
    ],
)
def test_later_times_are_written_like_the_examples(
    sandbox: Sandbox, values: list[str], answers: list[str], later: list[str], written: list[str | None]
) -> None:
    assert written_later(sandbox, values, answers, later) == written
