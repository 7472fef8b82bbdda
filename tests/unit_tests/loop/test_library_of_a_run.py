"""A loop whose library is given by the store and the context of each run, as on LangGraph Server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.store.memory import InMemoryStore

from langchain_latm import RequestError, ToolLibrary, create_dispatcher
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, stream


@dataclass
class Context:
    tenant: str


def factory(runtime: Runtime[Context]) -> ToolLibrary:
    assert runtime.store is not None
    return ToolLibrary(runtime.store, namespace=("tools", runtime.context.tenant))


def served(latm: Any, store: InMemoryStore) -> Any:
    """The graph on messages as a server runs it: with its own store, and contexts as JSON objects."""
    return latm.message_graph.copy(update={"store": store})


@pytest.mark.parametrize("way", ["sync", "async"])
def test_each_tenant_makes_its_own_tools_in_the_servers_store(sandbox: Sandbox, way: str) -> None:
    world, store = World(), InMemoryStore()
    graph = served(loop(world, factory, sandbox, context_schema=Context), store)

    def ask(text: str, tenant: str) -> Any:
        asked, context = {"messages": [("user", text)]}, {"tenant": tenant}
        state = (
            graph.invoke(asked, context=context)
            if way == "sync"
            else asyncio.run(graph.ainvoke(asked, context=context))
        )
        return state["messages"][-1]

    requests = stream(["sort"], 8)
    for request in requests[:6]:
        ask(request, "acme")
    assert ask(requests[6], "acme").response_metadata["tool"]
    assert ask(requests[7], "other").response_metadata["tool"] is None
    assert len(world.makings) == 1
    acme, other = (ToolLibrary(store, namespace=("tools", name)) for name in ("acme", "other"))
    assert (len(acme.list()), len(other.list())) == (1, 0)
    assert acme.usage(acme.list()[0].name).uses == 1
    assert ToolLibrary(store).list() == ()


def test_a_making_in_the_background_is_for_the_library_of_its_run(sandbox: Sandbox) -> None:
    store = InMemoryStore()
    latm = loop(World(), factory, sandbox, context_schema=Context, making="background")
    graph = served(latm, store)
    with latm:
        for request in stream(["sort"], 6):
            graph.invoke({"messages": [("user", request)]}, context={"tenant": "acme"})
        assert latm.wait(120)
    assert len(ToolLibrary(store, namespace=("tools", "acme")).list()) == 1


def test_inside_of_another_graph_the_dispatcher_finds_the_same_library(sandbox: Sandbox) -> None:
    store, world = InMemoryStore(), World()
    latm = loop(world, factory, sandbox, context_schema=Context)
    dispatcher = create_dispatcher(factory, refresh_seconds=0.0)
    found: list[str] = []

    def node(state: MessagesState) -> dict[str, Any]:
        text = str(state["messages"][-1].text)
        found.append(dispatcher.invoke(text).action)
        answers = latm.batch([text, text])
        return {"messages": [answers[0].text]}

    builder = StateGraph(MessagesState, context_schema=Context)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    graph: Any = builder.compile(store=store)
    for request in stream(["sort"], 7):
        state = graph.invoke({"messages": [("user", request)]}, context=Context("acme"))
        assert state["messages"][-1].text == KINDS["sort"].answer(request)
    assert found[-1] == "reuse"


def test_outside_of_a_run_it_is_a_clear_error(sandbox: Sandbox) -> None:
    latm = loop(World(), factory, sandbox)
    with pytest.raises(RequestError, match="the factory of the library failed"):
        latm.invoke("x")  # the loop's own graph has a runtime, without a store
    with pytest.raises(RequestError, match="not a run of a graph"):
        latm.record_feedback("1", "x")
    with pytest.raises(ValueError, match="takes no checkpointer"):
        loop(World(), factory, sandbox, checkpointer=InMemorySaver())
