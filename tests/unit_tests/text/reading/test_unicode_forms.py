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


def test_examples_may_be_of_both_forms() -> None:
    lists = ("ngạn hải", "chuối táo", "xoài ổi mận", "đào lê")
    questions = [f"Sắp xếp các từ này theo bảng chữ cái: {words}" for words in lists]
    mixed = [normalize(("NFC", "NFD")[i % 2], question) for i, question in enumerate(questions)]
    parser = views(mixed)[0].parser.keeping(mixed, [])
    for question, words in zip(mixed, lists, strict=True):
        assert list((parser.parse(question) or {}).values()) == [words.split()]


def test_wording_may_touch_data_in_scripts_without_spaces() -> None:
    fruit = ("苹果、香蕉", "桃子、李子、杏子", "柠檬、芒果", "草莓、橙子", "椰子、荔枝、梨子", "石榴、山楂")
    for pattern in ("把{}按拼音顺序写出来。", "请问{}按照笔画顺序怎么排列", "{}这些词按拼音怎么排"):
        parser = views([pattern.format(each) for each in fruit])[0].parser
        assert list((parser.parse(pattern.format("葡萄、西瓜")) or {}).values()) == [["葡萄", "西瓜"]]
    parser = views([f"请把下面的水果排序: 小{each}" for each in fruit])[0].parser
    assert parser.literals[0].endswith(": ")


def test_data_between_words_of_a_script_without_spaces_are_arguments() -> None:
    questions = [
        f"次の表の{place}番目の{line}の合計を求めてください。\n{grid}"
        for place, line, grid in (
            *((1, "列", "2 1\n0 8"), (2, "行", "1 9 0\n5 5 6\n2 7 0"), (2, "列", "6 3\n4 3")),
            *((1, "行", "7 3\n1 0"), (3, "列", "1 2 4\n0 0 1\n9 9 8"), (3, "行", "4 1 0\n2 2 2\n7 1 5")),
        )
    ]
    first = views(questions)[0]
    assert [*first.annotations.values()] == ["int", "str", "list[list[int]]"]
    assert [*(first.parser.parse(questions[0]) or {}).values()] == [1, "列", [[2, 1], [0, 8]]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("made", "asked"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFC")])
def test_a_parser_of_one_reads_the_other(kind: str, made: str, asked: str) -> None:
    parser = views([normalize(made, KINDS[kind].format(words)) for words in LISTS])[0].parser  # type: ignore[arg-type]
    request = normalize(asked, KINDS[kind].format("apfel birne"))  # type: ignore[arg-type]
    assert list((parser.parse(request) or {}).values()) == [["apfel", "birne"]]
    index = ParserIndex()
    index.put("kind", parser.model_dump_json())
    assert index.readers(request) == ["kind"]
