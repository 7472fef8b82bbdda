"""What a model's reply holds: its text, and whether it may hold reasoning."""

from __future__ import annotations

from collections.abc import Mapping

from langchain_core.messages import BaseMessage


def reply_text(reply: object) -> str:
    """Return the text of a reply: of a message, or `str` of what another Runnable returned."""
    return str(reply.text) if isinstance(reply, BaseMessage) else str(reply)


def reasons(model: object) -> bool:
    """Whether a model may reason before it answers: True unless its LangChain profile says no."""
    profile = getattr(model, "profile", None)
    return not isinstance(profile, Mapping) or profile.get("reasoning_output") is not False
