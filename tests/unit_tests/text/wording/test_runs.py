"""Runs of words in texts of several scripts."""

from __future__ import annotations

import unicodedata

import pytest

from langchain_latm.text.wording.runs import Runs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sort the words: b a 12", ["sort", "words"]),
        ("摄氏12度是多少", ["摄氏", "度是", "是多", "多少"]),
        ("リンゴは何", ["リン", "ンゴ", "ゴは", "は何"]),
        ("शब्दों को", ["शब्दों", "को"]),
        ("رتّب هذه", ["رتّب", "هذه"]),
        ("사과 바나나", ["사과", "바나나"]),
        ("été déjà", ["été", "déjà"]),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_of_a_text_in_any_normalization(text: str, words: list[str], form: str) -> None:
    composed = [unicodedata.normalize("NFC", each) for each in words]
    assert Runs.of(unicodedata.normalize(form, text)).words == composed  # type: ignore[arg-type]
