"""Words of any script, and tokens."""

# ruff: noqa: RUF001 - words of several scripts are tested
from __future__ import annotations

import re
import unicodedata

import pytest

from langchain_latm.text.lexing.words import MARKS, SINGLE_LETTER, compared_tokens, is_word, pieces, tokens, words


def test_letters_of_any_script_make_a_word() -> None:
    assert words("Länge: 3m_x Größe, длина 長さ") == ["Länge", "m", "x", "Größe", "длина", "長さ"]
    assert words("Of a list", 3) == ["list"]


@pytest.mark.parametrize(
    "text",
    [
        "इन शब्दों को क्रम में रखो",
        "எழுத்துக்களை எண்ணு",
        "เรียงคำเหล่านี้ ตามลำดับ",
        "رَتِّبْ هٰذِهِ الكَلِمَاتِ",
        "שָׁלוֹם עֲלֵיכֶם",
        "এই শব্দগুলি সাজাও",
        "می\u200cخواهم کتاب",
        unicodedata.normalize("NFD", "Sắp xếp các từ Größe naïveté"),
    ],
)
def test_words_keep_their_combining_marks(text: str) -> None:
    assert words(text) == compared_tokens(text) == [each for each in tokens(text) if each != " "] == text.split()
    assert all(map(is_word, text.split()))
    assert not SINGLE_LETTER.search(text)


def test_signs_digits_and_spaces_do_not_continue_a_word() -> None:
    continuing = re.compile(f"[{MARKS}]").match
    categories = {unicodedata.category(sign) for sign in map(chr, range(0x10000)) if continuing(sign)}
    assert {category[0] for category in categories - {"Cf", "Cn"}} == {"L", "M"}


def test_numbers_and_underscores_end_a_word() -> None:
    assert words("क्रम1_केला") == ["क्रम", "केला"]
    assert not is_word("केला 2")


def test_words_of_scripts_without_spaces_are_compared_in_pieces() -> None:
    assert pieces("排序这些词") == ["排序", "序这", "这些", "些词"]
    assert pieces("कला") == ["कला"]
    assert pieces("word") == ["word"]


@pytest.mark.parametrize("text", ["Sort: 12 pears,\n don't_go", "", " \t1.5%"])
def test_tokens_cover_the_whole_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_compared_tokens_exclude_white_space() -> None:
    assert compared_tokens("I don't\tknow 12.\x00") == ["I", "don't", "know", "12", "."]


def test_a_single_letter_is_a_label() -> None:
    assert [found[0] for found in SINGLE_LETTER.finditer("(B) 3c d_e is")] == ["B", "d", "e"]


def test_ascii_text_has_the_same_tokens_within_other_text() -> None:
    text = "".join(map(chr, range(128))) + " don't 'em' rock'n'roll a_b 3rd 1,200.5 \x7f"
    assert compared_tokens(text) == compared_tokens(f"{text} \u00e9")[:-1]
