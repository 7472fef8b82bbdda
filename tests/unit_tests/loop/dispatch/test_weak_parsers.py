"""A parser that reads any text takes no request by itself."""

from __future__ import annotations

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, create_dispatcher
from langchain_latm.loop.dispatch.parser_index import ParserIndex
from langchain_latm.text.reading.views import views
from tests.unit_tests.made_tool import tool_for

PRICES = ["40.88", "12.50", "7.00", "3.10", "99.95", "5.25"]
NAMES = ["Ott, Lea", "Ito, Ken", "Roy, Al", "Da Silva, Ana", "Bo, Li", "Ek, Siv"]
ORDERS = [f"Transformation: {words}" for words in ("pear fig", "b a c", "zoo yak ant", "car bus", "oak elm", "x y")]
WORDS = [f"Sort these words: {words}" for words in ("pear fig", "b a c", "zoo yak ant", "car bus", "oak elm", "x y")]
FOREIGN = (
    "what is my checking balance",
    "please freeze the account i opened in may",
    "set the thermostat to 20 in the evening",
    "wann fährt der nächste Zug nach Bonn",
    "¿cuánto cuesta el billete de ida y vuelta?",
    "今天北京的天气怎么样",
    "order me a large pizza with olives",
    "how do you say goodbye in norwegian",
    "is it going to rain on saturday",
    "передай маме что я опоздаю",
    "what transformation did the caterpillar go through",
    "tell me a joke about cats, dogs and birds",
)


@pytest.fixture(scope="module")
def library() -> ToolLibrary:
    found = ToolLibrary(InMemoryStore())
    for name, questions in {"price": PRICES, "name": NAMES, "order": ORDERS, "sorting": WORDS}.items():
        parser = views(questions)[0].parser
        renamed = parser.model_copy(update={"slots": (parser.slots[0].model_copy(update={"name": "words"}),)})
        found.add(tool_for(name, questions, parser=renamed, read_by=("parser",)))
    return found


def test_no_foreign_request_is_taken(library: ToolLibrary) -> None:
    dispatcher = create_dispatcher(library)
    for request in FOREIGN:
        assert dispatcher.invoke(request).action == "answer", request


def test_a_parser_without_its_own_words_is_not_searched(library: ToolLibrary) -> None:
    index = ParserIndex()
    for name in ("price", "name", "order", "sorting"):
        parser = library.get(name).parser
        assert parser is not None
        index.put(name, parser.model_dump_json())
    assert [index.readers(each) for each in ("8.30", "Orr, Bob", "Transformation: a c")] == [[], [], []]
    assert index.readers("Sort these words: kiwi date") == ["sorting"]
