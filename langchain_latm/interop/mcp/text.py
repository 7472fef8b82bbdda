"""Text that a model or a tool wrote, made safe to send to an MCP client."""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types


def sendable(text: str) -> str:
    """Replace lone surrogates: they are not encodable as UTF-8, and would end the client's connection."""
    return text.encode("utf-8", "replace").decode()


def sendable_json(value: dict[str, Any]) -> dict[str, Any]:
    """Replace lone surrogates in all strings of JSON data."""
    return json.loads(sendable(json.dumps(value, ensure_ascii=False)))  # type: ignore[no-any-return]  # an object stays one


def text_result(text: str, *, failed: bool = False) -> types.CallToolResult:
    """Return text as the result of a tool call."""
    return types.CallToolResult(content=[types.TextContent(text=sendable(text))], is_error=failed)
