"""The closed loop as a graph on messages, as LangGraph Server, its SDK and chat interfaces expect graphs."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, UsageMetadata
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph

from langchain_latm.types import Answer, TokenUsage


def message_graph(
    loop: Runnable[Any, Answer], context_schema: type[Any] | None = None
) -> CompiledStateGraph[MessagesState, Any, Any, Any]:
    """Return a graph from `{"messages": [...]}` to the same with the loop's answer as one more message.

    The state of the loop is not an input, since a caller could otherwise set a tool or a label.

    Args:
        loop: The loop, without a checkpointer: a server has one of its own.
        context_schema: Type of the runtime's context, where the loop's library depends on it.
    """

    def answer(state: MessagesState, config: RunnableConfig) -> dict[str, Any]:
        return {"messages": [as_message(loop.invoke(state["messages"], config))]}

    async def aanswer(state: MessagesState, config: RunnableConfig) -> dict[str, Any]:
        return {"messages": [as_message(await loop.ainvoke(state["messages"], config))]}

    graph = StateGraph(MessagesState, context_schema=context_schema)
    graph.add_node("latm", RunnableLambda(answer, afunc=aanswer, name="latm"))
    graph.add_edge(START, "latm")
    graph.add_edge("latm", END)
    return graph.compile(name="latm")


def as_message(answer: Answer) -> AIMessage:
    """Return an answer as a message: its id is the answer's, `response_metadata` says how the answer was found."""
    spent = sum(answer.usage.values(), TokenUsage())
    return AIMessage(
        answer.text,
        id=answer.id,
        usage_metadata=UsageMetadata(
            input_tokens=spent.input_tokens, output_tokens=spent.output_tokens, total_tokens=spent.total
        ),
        response_metadata={
            "tool": answer.tool_use.tool if answer.tool_use else None,
            "tool_id": answer.tool_use.tool_id if answer.tool_use else None,
            "tool_made": answer.tool_made,
            "doubts": [doubt.model_dump(mode="json") for doubt in answer.doubts],
            "notes": list(answer.notes),
        },
    )
