"""Text that a model or a tool wrote, fit to be sent to an MCP client."""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types


def sendable(text: str, longest: int | None = None) -> str:
    """Return text that the wire can carry: half a character alone would end the connection of whoever waits for it."""
    return text[:longest].encode("utf-8", "replace").decode()


def sendable_json(value: dict[str, Any]) -> dict[str, Any]:
    """Do the same for every text in JSON data."""
    return json.loads(sendable(json.dumps(value, ensure_ascii=False)))  # type: ignore[no-any-return]  # an object stays one


def result(text: str, *, failed: bool = False) -> types.CallToolResult:
    """Return what a call of a tool came to."""
    return types.CallToolResult(content=[types.TextContent(text=sendable(text))], is_error=failed)
