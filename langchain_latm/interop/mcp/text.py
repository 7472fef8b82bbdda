"""Makes text from models and tools safe to send to an MCP client."""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types


def sendable(text: str) -> str:
    """Replace lone surrogates, which are not encodable as UTF-8 and would end the client's connection."""
    return text.encode("utf-8", "replace").decode()


def sendable_json(value: dict[str, Any]) -> dict[str, Any]:
    """Replace lone surrogates in all strings of JSON data."""
    return json.loads(sendable(json.dumps(value, ensure_ascii=False)))  # type: ignore[no-any-return]  # an object stays one


def readable(text: str) -> str:
    """Remove characters that hide or reorder text, or control a terminal."""
    return "".join(each for each in text if each.isprintable() or each == "\n")


def with_readable_descriptions(schema: Any, *, names: bool = False) -> Any:
    """Return a JSON schema with readable descriptions. Defaults and enums are values, which stay unchanged.

    Args:
        schema: The schema, or a part of it.
        names: Whether its keys are names of parameters instead of schema keywords.
    """
    if isinstance(schema, list):
        return [with_readable_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if not names and key == "description" and isinstance(value, str):
            found[key] = readable(value)
        elif not names and key in ("default", "enum", "const"):
            found[key] = value
        else:
            found[key] = with_readable_descriptions(value, names=not names and key in ("properties", "$defs"))
    return found


def text_result(text: str, *, failed: bool = False) -> types.CallToolResult:
    """Return text as the result of a tool call."""
    return types.CallToolResult(content=[types.TextContent(text=sendable(text))], is_error=failed)
