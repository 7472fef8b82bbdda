"""The two graphs of the closed loop: that of a request, and that of a making, which also runs by itself."""

from __future__ import annotations

from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from langchain_latm.loop.background import BackgroundMakings
from langchain_latm.loop.state import RequestState
from langchain_latm.loop.tenants import Tenants


def request_graph(
    tenants: Tenants,
    making: CompiledStateGraph[RequestState, Any, Any, Any],
    background: BackgroundMakings,
    context_schema: type[Any] | None,
) -> StateGraph[RequestState]:
    """Return the graph from a request to its answer.

    Args:
        tenants: The stages.
        making: The graph of a making, as a node of this one.
        background: Takes over makings that no request waits for.
        context_schema: Type of the runtime's context.
    """
    graph = StateGraph(RequestState, context_schema=context_schema)
    graph.add_node("dispatch", tenants.first("dispatch", lambda stages: stages.request.dispatch))
    graph.add_node("use", tenants.later("use", lambda stages: stages.request.use))
    graph.add_node("answer", tenants.later("answer", lambda stages: stages.request.answer))
    graph.add_node("ask_person", tenants.later("ask_person", lambda stages: stages.request.ask_person))
    graph.add_node("keep", tenants.later("keep", lambda stages: stages.request.keep))
    graph.add_node("claim", tenants.later("claim", lambda stages: stages.making.claim))
    graph.add_node("making", making)
    graph.add_node("hand_over", background.hand_over)
    request, stages = tenants.default.request, tenants.default.making
    graph.add_edge(START, "dispatch")
    graph.add_conditional_edges("dispatch", request.after_dispatch, ["use", "claim", "answer", "keep", END])
    graph.add_conditional_edges("use", request.after_use, ["answer", END])
    graph.add_conditional_edges("answer", request.after_answer, ["ask_person", "keep"])
    graph.add_edge("ask_person", "keep")
    graph.add_conditional_edges("keep", request.after_keep, ["claim", END])
    after = ["answer", "dispatch", END]
    graph.add_conditional_edges("claim", stages.after_claim, ["making", "hand_over", "answer", END])
    graph.add_conditional_edges("making", stages.after_making, after)
    graph.add_conditional_edges("hand_over", stages.after_making, after)
    return graph


def making_graph(tenants: Tenants) -> StateGraph[RequestState]:
    """Return the graph from a claimed making to the tool in the library."""
    graph = StateGraph(RequestState)
    graph.add_node("make", tenants.later("make", lambda stages: stages.making.make))
    graph.add_node("ask_approval", tenants.later("ask_approval", lambda stages: stages.making.ask_approval))
    graph.add_node("add", tenants.later("add", lambda stages: stages.making.add))
    graph.add_edge(START, "make")
    making = tenants.default.making
    graph.add_conditional_edges("make", making.after_make, ["ask_approval", "add", END])
    graph.add_conditional_edges("ask_approval", making.after_approval, ["add", END])
    graph.add_edge("add", END)
    return graph
