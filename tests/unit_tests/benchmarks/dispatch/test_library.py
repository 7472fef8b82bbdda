"""Libraries of many tools."""

from __future__ import annotations

from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, create_dispatcher
from langchain_latm.benchmarks.dispatch.library import fill, tool_of
from tests.unit_tests.benchmarks.dispatch.world import kind


def test_many_tools_are_added_as_one_by_one() -> None:
    kinds = [kind("sums", "What is the sum of ? and 3"), kind("days", "How many days has month ? of the year")]
    together, singly = ToolLibrary(InMemoryStore()), ToolLibrary(InMemoryStore())
    counts: list[int] = []
    fill(together, kinds, counts.append)
    for each in kinds:
        singly.add(tool_of(each))
    assert counts == [2]
    assert [each.id for each in together.list()] == [each.id for each in singly.list()]
    assert [each.action for each in together.history("sums")] == ["added"]
    for library in (together, singly):
        parser = library.get("sums").parser
        assert parser is not None
        assert parser.read("What is the sum of 8 and 3") == {"number": 8}
        assert create_dispatcher(library).invoke("What is the sum of 8 and 3").tool == "sums"
