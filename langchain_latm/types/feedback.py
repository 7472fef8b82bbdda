"""Feedback as a library stores it."""

from __future__ import annotations

from typing import Any, Literal

from langchain_latm.types.base import ToolName, Value

FeedbackSource = Literal["person", "model", "stranger"]
"""Who gives feedback, the most trusted first: a person whom you trust, a model that judges, or any user."""


class ReplacedItem(Value):
    """A stored item that feedback has replaced.

    Attributes:
        labels: Its place below the library's namespace.
        key: Its key there.
        before: Its value before; None if there was none.
        after: Its value since.
    """

    labels: tuple[str, ...]
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any]


class FeedbackEntry(Value):
    """One user's feedback on one answer.

    Attributes:
        id: For `ToolLibrary.withdraw_feedback`.
        answer_id: The answer's id.
        question: The request; this and the next fields are empty in libraries from before feedback had provenance.
        correct_answer: The correct answer, as the feedback says.
        right: Whether the answer was right, according to it.
        source: How far it is trusted.
        user: Who gave it; empty if the application does not name its users.
        tool: The tool that gave the answer, or that was made from it.
        tool_id: That tool's id.
        at: UTC, ISO 8601.
        replaced: The items that it changed in the library, for withdrawal.
    """

    id: str
    answer_id: str
    question: str = ""
    correct_answer: str = ""
    right: bool
    source: FeedbackSource = "person"
    user: str = ""
    tool: ToolName | None = None
    tool_id: str = ""
    at: str
    replaced: tuple[ReplacedItem, ...] = ()
