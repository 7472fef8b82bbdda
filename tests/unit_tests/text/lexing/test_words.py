"""Words of any script, and tokens."""

from __future__ import annotations

import pytest

from langchain_latm.text.lexing.words import SINGLE_LETTER, compared_tokens, tokens, words


def test_letters_of_any_script_make_a_word() -> None:
    assert words("Länge: 3m_x Größe, длина 長さ") == ["Länge", "m", "x", "Größe", "длина", "長さ"]
    assert words("Of a list", 3) == ["list"]


@pytest.mark.parametrize("text", ["Sort: 12 pears,\n don't_go", "", " \t1.5%"])
def test_tokens_are_all_of_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_tokens_that_are_compared_leave_out_white_space() -> None:
    assert compared_tokens("I don't\tknow 12.\x00") == ["I", "don't", "know", "12", "."]


def test_a_letter_that_stands_alone_is_a_label() -> None:
    assert [found[0] for found in SINGLE_LETTER.finditer("(B) 3c d_e is")] == ["B", "d", "e"]
