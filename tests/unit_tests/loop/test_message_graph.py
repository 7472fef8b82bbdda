"""The loop as a graph on messages."""

from __future__ import annotations

import random

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from langchain_latm import RequestError, ToolLibrary
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, stream

SORT, SUM = KINDS["sort"], KINDS["sum"]


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_messages_go_in_and_come_out(
    world: World, taught: ToolLibrary, sandbox: Sandbox, asynchronous: bool
) -> None:
    latm = loop(world, taught, sandbox)
    graph = latm.message_graph
    (request,) = stream(["sort"], 1, 9)
    given = {"messages": [{"role": "user", "content": request}]}
    state = await graph.ainvoke(given) if asynchronous else graph.invoke(given)
    asked, said = state["messages"]
    assert isinstance(asked, HumanMessage)
    assert isinstance(said, AIMessage)
    assert (asked.text, said.text) == (request, SORT.answer(request))
    assert said.response_metadata["tool"] == "put_words_alphabetical_order"
    assert said.usage_metadata == {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    assert latm.record_feedback(said.id or "", said.text).right
    assert world.answered == []


def test_it_has_an_input_schema_of_messages_alone(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """A caller cannot set internal state of the loop, such as a tool to be added."""
    graph = loop(world, taught, sandbox).message_graph
    assert list(graph.get_input_jsonschema()["properties"]) == ["messages"]
    state = graph.invoke({"messages": [HumanMessage(stream(["sort"], 1)[0])], "made_tool": {"name": "x"}})
    assert list(state) == ["messages"]


def test_a_thread_is_a_conversation(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """Earlier messages may change the meaning, so the strong model answers, and the message has the reason."""
    graph = loop(world, taught, sandbox).message_graph
    graph.checkpointer = InMemorySaver()
    first, second = stream(["sort"], 2, 3)
    for request in (first, second):
        state = graph.invoke({"messages": [HumanMessage(request)]}, {"configurable": {"thread_id": "1"}})
    said = state["messages"][-1]
    assert len(state["messages"]) == 4
    assert said.text == SORT.answer(second)
    assert [each["code"] for each in said.response_metadata["doubts"]] == ["history"]


def test_what_cannot_be_a_request_is_refused(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, taught, sandbox)
    for messages in ([], [HumanMessage("")], [HumanMessage(SUM.request(random.Random(1))), AIMessage("7")]):
        with pytest.raises(RequestError):
            latm.message_graph.invoke({"messages": messages})
    with pytest.raises(ValueError, match="without a checkpointer"):
        _ = loop(world, taught, sandbox, checkpointer=InMemorySaver()).message_graph
