"""The tools whose examples a request resembles most, in several scripts."""

from __future__ import annotations

import unicodedata

import pytest

from langchain_latm.text.wording import likeness
from langchain_latm.text.wording.character_grams import Grams, compared
from langchain_latm.text.wording.likeness import LikenessIndex

TOOLS = {
    "balance": ["what is my balance", "tell me how much money i have", "show the balance of my account"],
    "weather": ["will it rain tomorrow", "what is the weather like today", "weather forecast please"],
    "上海": ["请告诉我上海的天气", "上海明天下雨吗", "上海今天的天气怎么样"],
    "हिन्दी": ["मेरे खाते में कितने पैसे हैं", "खाते का शेष बताइए", "मेरा शेष कितना है"],
    "café": ["où est le café le plus proche", "trouve un café près de moi", "un café ouvert près d'ici"],
}


@pytest.fixture
def index() -> LikenessIndex:
    found = LikenessIndex()
    for name, questions in TOOLS.items():
        found.put(name, questions)
    return found


@pytest.mark.parametrize(
    ("request_", "tool"),
    [
        ("what are the balances of my accounts", "balance"),
        ("is rain in the forecast", "weather"),
        ("上海的天气", "上海"),
        ("खाते में कितना शेष है", "हिन्दी"),
        (unicodedata.normalize("NFD", "UN CAFÉ PRÈS D'ICI"), "café"),
    ],
)
def test_the_most_similar_tool_comes_first(index: LikenessIndex, request_: str, tool: str) -> None:
    best, *_ = index.search(request_)
    assert best.name == tool
    assert 0 < best.nearest <= 1


def test_an_example_is_recognised_in_any_normalization_and_case(index: LikenessIndex) -> None:
    best = index.search(unicodedata.normalize("NFD", "Où est le CAFÉ le plus proche"))[0]
    assert (best.name, best.is_example, round(best.nearest, 6)) == ("café", True, 1.0)
    assert not index.search("où est le café")[0].is_example


def test_a_removed_tool_leaves_nothing(index: LikenessIndex) -> None:
    for name in TOOLS:
        index.remove(name)
    index.remove("balance")
    assert len(index) == len(index._holders) == index._rarities._texts == 0
    assert index.search("what is my balance") == []
    assert not any(index._rarities._counts.values())


def test_long_texts_are_shortened_and_numbers_count_as_the_same() -> None:
    assert len(compared("x" * 100_000)) < 1_000
    assert compared(compared("ÉCOLE " * 400)) == compared("ÉCOLE " * 400)
    assert Grams.of("room 12") == Grams.of("room 3456")


def test_an_example_that_is_left_out_is_compared_with_the_others(index: LikenessIndex) -> None:
    text = TOOLS["balance"][0]
    whole, alone = index.search(text)[0], index.search(text, left_out=True)[0]
    assert whole.nearest == pytest.approx(1)
    assert alone.name == "balance"
    assert alone.is_example
    assert 0 < alone.nearest < 0.9
    assert alone.centroid < whole.centroid


def test_given_tools_are_compared_even_if_they_share_nothing(index: LikenessIndex) -> None:
    assert [each.name for each in index.search("上海的天气", ["weather", "unknown"])] == ["上海", "weather"]


def test_few_vectors_are_kept(index: LikenessIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "_CACHED_EXAMPLES", 3)
    before = [each.total for name in TOOLS for each in index.search(TOOLS[name][0])]
    assert len(index._vectors) == 1
    assert before == [each.total for name in TOOLS for each in index.search(TOOLS[name][0])]
    index.remove("café")
    assert index._kept == sum(map(len, index._vectors.values()))
