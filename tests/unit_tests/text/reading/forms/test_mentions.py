"""The form `mentions` of a group of sentences."""

from __future__ import annotations

from tests.unit_tests.text.reading.reader import read_story


def test_it_is_read() -> None:
    assert read_story("mentions", 0) == ["Ann", "Tom"]


def test_another_group_is_refused() -> None:
    assert read_story("mentions", 2) is None
