"""Which tools' request parsers read a request, and how the dispatcher uses that."""

from __future__ import annotations

from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, create_dispatcher
from langchain_latm.benchmarks.dispatch.library import Kind, fill
from langchain_latm.loop.dispatch.parser_index import ParserIndex
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from tests.unit_tests.made_tool import tool_for


def parser(*literals: str) -> RequestParser:
    return RequestParser(literals=literals, slots=(Slot(name="words", form="texts", gaps=(0,)),))


SORTING = parser("Sort these words:", "")


def test_parsers_are_found_by_their_rarest_word() -> None:
    index = ParserIndex()
    index.put("sort", SORTING.model_dump_json())
    index.put("count", parser("Count these words:", "").model_dump_json())
    index.put("any", parser("Do ", "").model_dump_json())  # too few fixed words
    assert index.readers("Sort these words: fig date") == ["sort"]
    assert index.readers("Count these words: fig date") == ["count"]
    assert index.readers("Do these words: fig date") == []
    index.put("sort", None)
    assert index.readers("Sort these words: fig date") == []


def test_a_request_that_only_one_parser_reads_is_for_its_tool() -> None:
    library = ToolLibrary(InMemoryStore())
    questions = ["Sort these words: fig", "Sort these words: iron tin", "Sort these words: oak"]
    library.add(tool_for("sorting", questions, parser=SORTING, read_by=("parser",)))
    request = "Sort these words: mango crow elm red auk mars"
    found = create_dispatcher(library).invoke(request)
    assert (found.tool, found.by, found.reason) == ("sorting", "parser", "the parser of sorting reads it")
    for question in questions:
        assert create_dispatcher(library).invoke(question).tool == "sorting"
    library.add(
        tool_for("twin", ["Sort these words: gold", "Sort these words: zinc"], parser=SORTING, read_by=("parser",))
    )
    doubtful = create_dispatcher(library).invoke(request)
    assert doubtful.action == "answer"
    assert "parsers of sorting and twin read it" in doubtful.reason


def test_a_request_that_differs_in_form_is_for_the_tool_whose_parser_reads_it() -> None:
    """Courtesy between the fixed words lowers the share of them that is found."""
    fruit = (
        "pera, uva, higo",
        "mango, kiwi",
        "limón, fresa, coco, piña",
        "melón, banana",
        "cereza, lima",
        "mora, dátil",
    )
    kinds = (
        Kind("fruit", [f"Ordena alfabéticamente estas frutas: {each}" for each in fruit]),
        Kind("sums", [f"What is the sum of {a} and {a + 3}?" for a in range(6)]),
        Kind("capitals", [f"Schreibe alle diese Wörter in großen Buchstaben: {each}" for each in fruit]),
    )
    library = ToolLibrary(InMemoryStore())
    fill(library, kinds)
    dispatcher = create_dispatcher(library)
    found = dispatcher.invoke("Ordena alfabéticamente, por favor, estas frutas: granada, caqui, níspero")
    assert (found.tool, found.by) == ("fruit", "parser")
    for other in ("Ordena alfabéticamente, por peso, estas frutas", "Ordena alfabéticamente, por favor, otras frutas"):
        assert dispatcher.invoke(f"{other}: granada, caqui, níspero").by != "parser"
