"""The entries of a library about a name: its events, its current tool, its uses."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import NonNegativeInt

from langchain_latm.types.base import StoredValue, TokenUsage, ToolName, Value


class ToolEvent(Value):
    """What happened to a name, and when.

    Attributes:
        name: The tool's name.
        id: Id of the record that the event is about.
        action: `"added"` and `"activated"` make it the current one; after `"removed"` there is none.
        reason: Why, as the caller stated it.
        at: UTC, ISO 8601.
    """

    name: ToolName
    id: str
    action: Literal["added", "activated", "removed"]
    reason: str = ""
    at: str


class ToolSummary(StoredValue):
    """One line of the list of tools.

    Attributes:
        name: The tool's name.
        id: Id of its current record.
        description: What it computes.
        since: When that record became the current one; UTC, ISO 8601.
        system_key: Key of the system prompt that the requests it was made of came under; empty without one.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"system_key"})

    name: ToolName
    id: str
    description: str
    since: str
    system_key: str = ""


class ToolUsage(Value):
    """Uses of a name, over all its versions.

    Attributes:
        uses: Number of uses, successful or not.
        failures: Number of uses that gave no answer, or a wrong one.
        tokens: Tokens of the models that used it.
        last_use: UTC, ISO 8601; None if it was never used.
    """

    uses: NonNegativeInt = 0
    failures: NonNegativeInt = 0
    tokens: TokenUsage = TokenUsage()
    last_use: str | None = None
