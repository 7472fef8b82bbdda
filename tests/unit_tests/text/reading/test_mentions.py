"""Groups of similar sentences in a question, and what they mention."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.mentions import groups_in
from tests.unit_tests.text.reading.reader import STORY


def test_similar_sentences_are_one_group() -> None:
    assert [group.rows for group in groups_in(STORY) or ()] == [
        (("Ann", "Tom"),),
        (("Ann", "red ball", "Tom", "ball"),),
        (("Tom", "Ann"), ("Ann", "Tom")),
        (("Tom",),),
    ]


def test_a_word_is_a_name_only_if_it_occurs_within_a_sentence_too() -> None:
    first, *_ = groups_in(STORY.replace("Ann", "ann")) or ()
    assert first.rows == (("Tom",),)


@pytest.mark.parametrize(
    "question",
    [
        STORY.replace("(B) red ball", "(B) blue ball"),  # mentioned nowhere
        STORY.replace("(B) red ball", "(B) ball"),  # twice the same
        STORY.replace("\n(B) red ball", ""),  # nothing to choose from
        STORY.replace("(B)", "(C)"),
        STORY + "\nThink first.",
        "Ann and Tom play.",
        "",
    ],
)
def test_ambiguous_sentences_are_not_read(question: str) -> None:
    assert groups_in(question) is None


@pytest.mark.parametrize(("options", "read"), [(100, True), (101, False)])
def test_many_options_are_not_looked_for(options: int, *, read: bool) -> None:
    """Looking for each option at each index of a long request would take quadratic time."""
    named = [f"thing {number}" for number in range(options)]
    question = f"Ann has {', '.join(named)}." + "".join(f"\n- {name}" for name in named)
    assert (groups_in(question) is not None) == read
