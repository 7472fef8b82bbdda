"""The values that a LangGraph checkpoint may hold, for its serialiser's list of allowed types."""

from __future__ import annotations

from typing import Final

CHECKPOINT_TYPES: Final = (
    ("langchain_latm.interop.agents.toolkit", "LATMToolkit"),
    ("langchain_latm.loop.remaking", "Remaking"),
    ("langchain_latm.loop.remaking", "RemakingEvent"),
    ("langchain_latm.loop.state", "LATMEvent"),
    ("langchain_latm.making.state", "MakingEvent"),
    ("langchain_latm.sandbox.base", "Failure"),
    ("langchain_latm.sandbox.base", "Limits"),
    ("langchain_latm.sandbox.base", "ToolSource"),
    ("langchain_latm.text.answer_check", "CustomCheck"),
    ("langchain_latm.text.answer_check", "ExactCheck"),
    ("langchain_latm.text.answer_check", "NumericCheck"),
    ("langchain_latm.text.answer_check", "TextCheck"),
    ("langchain_latm.tools.library.accounting", "LibraryCosts"),
    ("langchain_latm.tools.library.accounting", "ToolCosts"),
    ("langchain_latm.tools.made_tool", "MadeTool"),
    ("langchain_latm.types", "Answer"),
    ("langchain_latm.types", "Attempt"),
    ("langchain_latm.types", "Candidate"),
    ("langchain_latm.types", "Comparison"),
    ("langchain_latm.types", "Difference"),
    ("langchain_latm.types", "DirectCost"),
    ("langchain_latm.types", "Dispatch"),
    ("langchain_latm.types", "DispatchCandidate"),
    ("langchain_latm.types", "Doubt"),
    ("langchain_latm.types", "Example"),
    ("langchain_latm.types", "Feedback"),
    ("langchain_latm.types", "FeedbackEntry"),
    ("langchain_latm.types", "Package"),
    ("langchain_latm.types", "Provenance"),
    ("langchain_latm.types", "ReplacedItem"),
    ("langchain_latm.types", "Task"),
    ("langchain_latm.types", "TokenUsage"),
    ("langchain_latm.types", "ToolEvent"),
    ("langchain_latm.types", "ToolProposal"),
    ("langchain_latm.types", "ToolSummary"),
    ("langchain_latm.types", "ToolUsage"),
    ("langchain_latm.types", "ToolUse"),
    ("langchain_latm.types", "VerificationCase"),
    ("langchain_latm.types", "VerificationReport"),
    ("langchain_latm.types", "WorkedExample"),
)
"""Module and name of every public value, for graphs that keep such values in their state.

LangGraph warns about types that its serialiser does not know, and a package cannot make its own known. With
`LANGGRAPH_STRICT_MSGPACK=true` it accepts the types in the annotations of a graph's state, such as `answer: Answer`,
without this list, and refuses all others. The loop's own state is plain data.

Source: https://docs.langchain.com/oss/python/langgraph/persistence

Example:
    ```python
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
    from langchain_latm.types import CHECKPOINT_TYPES

    saver = InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=CHECKPOINT_TYPES))
    ```
"""
