"""The form `mention` of a group of sentences."""

from __future__ import annotations

from tests.unit_tests.text.reading.reader import STORY, read_story


def test_it_is_read() -> None:
    assert read_story("mention", 3) == "Tom"


def test_another_group_is_refused() -> None:
    assert read_story("mention", 0) is None


def test_a_question_with_more_groups_or_fewer_is_refused() -> None:
    assert read_story("mention", 3, groups=5) is None
    assert read_story("mention", 3, story=STORY.replace("At the end Tom has", "")) is None
