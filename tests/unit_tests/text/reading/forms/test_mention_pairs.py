"""The form `mention_pairs` of a group of sentences."""

from __future__ import annotations

from tests.unit_tests.text.reading.reader import STORY, read_story


def test_it_is_read() -> None:
    assert read_story("mention_pairs", 1) == {"Ann": "red ball", "Tom": "ball"}


def test_another_group_is_refused() -> None:
    assert read_story("mention_pairs", 0) is None


def test_two_options_after_one_name_are_not_pairs() -> None:
    assert read_story("mention_pairs", 1, story=STORY.replace("and Tom has a ball", "and Ann has a ball")) is None
