"""Whole numbers as English ordinals."""

from __future__ import annotations

from langchain_latm.sandbox import Sandbox
from tests.unit_tests.text.writing.writing_tool import written_later


def test_later_numbers_have_their_ending(sandbox: Sandbox) -> None:
    later = [2, 3.0, 11, 12, 113, 101, 4, 0, 1.5]
    written = ["2nd", "3rd", "11th", "12th", "113th", "101st", "4th", None, None]
    assert written_later(sandbox, [1, 25], ["1st", "25th"], later) == written
    assert written_later(sandbox, [1, 25], ["the 1st place", "the 25th place"], [33]) == ["the 33rd place"]


def test_equal_endings_are_no_fixed_text(sandbox: Sandbox) -> None:
    assert written_later(sandbox, [1, 21], ["1st", "21st"], [2, 11]) == ["2nd", "11th"]
