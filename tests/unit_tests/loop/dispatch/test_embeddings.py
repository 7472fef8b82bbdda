"""Which tool a request finds by wording and embeddings together."""

from __future__ import annotations

import logging
import random
from itertools import chain

import pytest
from langchain_core.embeddings import Embeddings
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, create_dispatcher
from langchain_latm.models.embeddings import LocalEmbeddings
from tests.unit_tests.made_tool import tool_for
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn

MEANINGS = [
    "rain umbrella wet drizzle weather storm",
    "money balance funds cash account savings",
    "music song tune melody band listen",
    "alarm wake bell morning ring clock",
]
TOOLS = {
    "weather": ["will there be rain", "do i need an umbrella", "how wet does it get", "is a drizzle likely"],
    "balance": ["what money is there", "tell me the balance", "show my funds", "how much cash do i own"],
    "music": ["play a song", "i want a tune", "start some music", "put on that melody"],
    "alarm": ["wake me at 6", "set an alarm", "let the bell go off", "ring at seven"],
}


REQUEST = "rain storm"


class Meanings(Embeddings):
    """A dimension for each meaning, and some for other words."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        meant = [sum(1.0 for word in text.split() if word in words.split()) for words in MEANINGS]
        other = [random.Random(f"{text} {number}").gauss(0, 0.3) for number in range(8)]
        return [*meant, *other]


class LocalMeanings(Meanings, LocalEmbeddings):
    """Count as the embeddings that the curve was measured with."""


@pytest.fixture
def library() -> ToolLibrary:
    made = ToolLibrary(InMemoryStore())
    for name, questions in TOOLS.items():
        made.add(tool_for(name, questions))
    return made


async def test_embeddings_find_what_words_do_not(library: ToolLibrary) -> None:
    assert create_dispatcher(library).invoke(REQUEST).tool is None
    dispatcher = create_dispatcher(library, embeddings=LocalMeanings())
    found = dispatcher.invoke(REQUEST)
    assert (found.action, found.tool, found.by, found.candidates[0].by) == (
        "reuse",
        "weather",
        "embeddings",
        "embeddings",
    )
    assert found.probability is not None
    assert found.probability == found.candidates[0].score >= found.candidates[0].threshold
    assert "weather is right with a probability of" in found.reason
    assert (await dispatcher.ainvoke("who wrote hamlet")).tool is None
    assert (await dispatcher.ainvoke("an umbrella or a melody")).tool is None  # as near to two tools


def test_examples_are_embedded_once_and_again_if_they_change(library: ToolLibrary) -> None:
    embeddings = LocalMeanings()
    dispatcher = create_dispatcher(library, embeddings=embeddings, refresh_seconds=0)
    for _ in range(2):
        dispatcher.invoke(REQUEST)
    assert sorted(embeddings.embedded) == sorted(chain.from_iterable(TOOLS.values()))
    embeddings.embedded.clear()
    library.add(tool_for("alarm", [*TOOLS["alarm"], "A loud clock"]))
    library.remove("weather")
    assert dispatcher.invoke(REQUEST).tool is None
    assert embeddings.embedded == [*TOOLS["alarm"], "a loud clock"]
    embeddings.embedded.clear()
    dispatcher.invoke(TOOLS["music"][0])  # its wording decides
    assert embeddings.embedded == []


def test_near_twins_of_a_fixed_wording_are_not_found_by_embeddings(library: ToolLibrary) -> None:
    library.add(tool_for("storms", [f"How many storms of force {force} were there in May?" for force in range(6)]))
    found = create_dispatcher(library, embeddings=LocalMeanings()).invoke("How many storms were there in June?")
    assert found.tool is None


def test_other_embeddings_decide_nothing_with_few_examples(library: ToolLibrary) -> None:
    assert create_dispatcher(library, embeddings=Meanings()).invoke(REQUEST).tool is None
    model = ScriptedChatModel(script=in_turn("1"))
    found = create_dispatcher(library, model=model, embeddings=Meanings()).invoke(REQUEST)
    assert (found.tool, found.by) == ("weather", "model")


def test_if_embeddings_fail_the_wording_decides(library: ToolLibrary, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Meanings):
        def embed_query(self, text: str) -> list[float]:
            raise ConnectionError(f"no answer about {len(text)} letters")

    dispatcher = create_dispatcher(library, embeddings=Broken())
    with caplog.at_level(logging.WARNING):
        assert dispatcher.invoke(REQUEST).action == "answer"
    assert "the embeddings failed" in caplog.text
    assert dispatcher.invoke(TOOLS["music"][0]).tool == "music"
