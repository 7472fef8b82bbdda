"""Where sentences end, and where content begins."""

from __future__ import annotations

import pytest

from langchain_latm.text.lexing.sentences import (
    CLAUSE_END,
    ends_sentence,
    has_sentences,
    is_sentence_end,
    last_clause,
    last_content,
)


@pytest.mark.parametrize(("text", "ends"), [("It rains.", True), ("Why? So.", True), ("3.5 m", False), ("a: b", False)])
def test_a_sentence_ends_before_white_space(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_several_sentences_are_prose() -> None:
    assert has_sentences('He came. "Why?" I asked.')
    assert not any(map(has_sentences, ("one. two", "It rains.", "3.5 M")))


def test_a_colon_or_a_line_break_ends_a_clause_too() -> None:
    assert [found[0] for found in CLAUSE_END.finditer("At 9:30: one.\ntwo, e.g.x")] == [":", ".", "\n"]


def test_signs_alone_end_a_sentence() -> None:
    assert is_sentence_end("?! ")
    assert not any(map(is_sentence_end, ("", ". a", ".\n")))


def test_the_text_after_the_last_end() -> None:
    assert last_clause("Count them. In this list: ") == "In this list: "
    assert last_content("Count them. In this list: a") == "a"
    assert last_content("of them") == "of them"
