"""The part of an agent's state that belongs to a `ToolMakingMiddleware`, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict, cast

from langchain.agents.middleware import AgentState
from langchain.agents.middleware.types import PrivateStateAttr
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from pydantic import BaseModel

from langchain_latm.types import MAX_QUESTION_CHARACTERS


class Turn(TypedDict):
    """The last answer of the model, if the middleware may learn from it.

    Attributes:
        text: The answer.
        system: The system prompt.
        model: The name of the model.
    """

    text: str
    system: str
    model: str


class Kept(TypedDict, total=False):
    """The state of one middleware.

    Attributes:
        offered: Names of the library's tools that are offered for the last user message.
        made: Names of the tools that were made in this thread.
        turn: The model's answer, if the middleware learns.
    """

    offered: list[str]
    made: list[str]
    turn: Turn | None


def _merged(left: dict[str, Kept] | None, right: dict[str, Kept] | None) -> dict[str, Kept]:
    """Merge the changes of a node: tools made in parallel are joined, everything else is replaced."""
    merged = dict(left or {})
    for name, new in (right or {}).items():
        old = merged.get(name, {})
        made = list(dict.fromkeys([*old.get("made", []), *new.get("made", [])]))
        merged[name] = {**old, **new, "made": made}
    return merged


class ToolMakingState(AgentState[Any]):
    """An agent's state with that of each middleware, by its name. It is private: callers neither set nor see it.

    Attributes:
        latm: The state of each middleware, by its name.
    """

    latm: NotRequired[Annotated[dict[str, Kept], PrivateStateAttr, _merged]]


def kept_in(state: Any, name: str) -> Kept:
    """Return the part of a state that belongs to a middleware."""
    return _all(state).get(name, {})


def shown_in(state: Any, name: str) -> list[str]:
    """Return the names of the tools that a middleware has shown to the model."""
    kept = kept_in(state, name)
    return list(dict.fromkeys([*kept.get("offered", []), *kept.get("made", [])]))


def all_shown_in(state: Any) -> set[str]:
    """Return the names of the made tools that any middleware has shown to the model."""
    return {tool for name in _all(state) for tool in shown_in(state, name)}


def changed(name: str, kept: Kept) -> dict[str, Any]:
    """Return the update of the state for a middleware."""
    return {"latm": {name: kept}}


def called_in(state: ToolMakingState) -> list[str]:
    """Return the names of the tools that were called in this thread, the latest first."""
    messages: list[AnyMessage] = state["messages"]
    return [
        call["name"] for message in reversed(messages) if isinstance(message, AIMessage) for call in message.tool_calls
    ]


def last_message_in(state: ToolMakingState) -> str:
    """Return the text of the last user message."""
    messages: list[AnyMessage] = state["messages"]
    asked = next((message for message in reversed(messages) if isinstance(message, HumanMessage)), None)
    # No tool fits a message without text; the beginning of a long one is enough.
    return (str(asked.text).strip() if asked else "")[:MAX_QUESTION_CHARACTERS] or "?"


def _all(state: Any) -> Mapping[str, Kept]:
    values = state.__dict__ if isinstance(state, BaseModel) else cast("dict[str, Any]", state)
    return values.get("latm") or {}


def is_final(message: BaseMessage) -> bool:
    """Whether a message is an answer to the user: a model's text without calls of tools."""
    return isinstance(message, AIMessage) and not message.tool_calls and bool(str(message.text).strip())
