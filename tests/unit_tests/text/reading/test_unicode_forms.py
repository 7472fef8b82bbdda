"""Composed and decomposed Unicode are the same text."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from langchain_latm.loop.dispatch.parser_index import ParserIndex
from langchain_latm.text.reading.views import views

KINDS = {
    "German": "Sortiere die Wörter der Größe nach: {}",
    "French": "Écris ces prénoms en majuscules : {}",
    "Vietnamese": "Sắp xếp các từ này theo bảng chữ cái: {}",
    "Korean": "이 단어들을 가나다순으로 정렬하세요: {}",
    "Hindi": "इन शब्दों को क़तार में लगाओ: {}",
}
LISTS = ("birne feige", "kiwi dattel limette", "ulme esche", "zink blei zinn eisen")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("made", "asked"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFC")])
def test_a_parser_made_of_one_reads_the_other(kind: str, made: str, asked: str) -> None:
    parser = views([normalize(made, KINDS[kind].format(words)) for words in LISTS])[0].parser  # type: ignore[arg-type]
    request = normalize(asked, KINDS[kind].format("apfel birne"))  # type: ignore[arg-type]
    assert list((parser.parse(request) or {}).values()) == [["apfel", "birne"]]
    index = ParserIndex()
    index.put("kind", parser.model_dump_json())
    assert index.readers(request) == ["kind"]
