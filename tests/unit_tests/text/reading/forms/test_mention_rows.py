"""The form `mention_rows` of a group of sentences."""

from __future__ import annotations

import json

import pytest

from langchain_latm.text.reading.forms.mention_rows import MentionRows
from langchain_latm.text.reading.mentions import groups_in
from tests.unit_tests.text.reading.reader import STORY, read_story


def test_it_is_read() -> None:
    assert read_story("mention_rows", 2) == [["Tom", "Ann"], ["Ann", "Tom"]]


def test_each_caller_gets_its_own_lists() -> None:
    """A tool may change the lists it is given."""
    read_story("mention_rows", 2).clear()
    assert read_story("mention_rows", 2) == [["Tom", "Ann"], ["Ann", "Tom"]]


def test_it_is_named_pairs_if_each_sentence_mentions_two() -> None:
    groups = groups_in(STORY) or ()
    assert [MentionRows().name_of([group]) for group in groups] == ["pairs", "rows", "pairs", "rows"]


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["Ann ", "ball ", "Ann has a ball. ", "A", "a.", "red ", "\n(A) ", ": "])
def test_100_000_characters_take_no_time(piece: str) -> None:
    long = piece * (100_000 // len(piece))
    assert groups_in(long + STORY) is None or json.dumps(read_story("mention_rows", 0, story=long + STORY))
    assert groups_in(STORY + long) is None
    assert groups_in(f"{STORY}\n(C) {long}") is None
