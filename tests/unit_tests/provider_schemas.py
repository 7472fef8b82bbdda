"""Checks of providers on the schema of a tool; each returns an error in the provider's style, or None."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_KEY = re.compile(r"[a-zA-Z0-9_.-]{1,64}")
_STRICT = set(
    """
    type properties required additionalProperties items anyOf enum const description title default $ref $defs
    minItems maxItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf pattern format
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
_GEMINI = set(
    """
    type format title description nullable enum maxItems minItems properties required minProperties maxProperties
    minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum additionalProperties
    prefixItems $ref $defs $id any_of max_items min_items
    """.split()  # noqa: SIM905 - as above
)


def _parts(schema: Any, path: str = "parameters") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema inside a schema, with its place."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for group in ("properties", "$defs"):
        for key, part in (schema.get(group) or {}).items():
            yield from _parts(part, f"{path}.{key}")
    for key in ("items", "additionalProperties"):
        yield from _parts(schema.get(key), f"{path}.{key}")
    for key in ("anyOf", "prefixItems"):
        for part in schema.get(key) or []:
            yield from _parts(part, f"{path}.{key}")


def _common(schema: dict[str, Any]) -> str | None:
    if schema.get("type") != "object":
        return "schema must be of type object"
    for path, part in _parts(schema):
        if part.get("type") == "array" and not isinstance(part.get("items"), dict):
            return f"In context=({path}), array schema missing items."
        for key in part.get("properties", {}):
            if not _KEY.fullmatch(key):
                return f"{path}: property keys should match pattern '^[a-zA-Z0-9_.-]{{1,64}}$'"
    return None


def openai(schema: dict[str, Any], *, strict: bool = False) -> str | None:
    """OpenAI: https://developers.openai.com/api/docs/guides/structured-outputs."""
    complaint = _common(schema)
    if complaint or not strict:
        return complaint
    for path, part in _parts(schema):
        if unknown := part.keys() - _STRICT:
            return f"In context=({path}), {min(unknown)!r} is not permitted."
        if "$ref" in part and part.keys() != {"$ref"}:
            return f"In context=({path}), $ref cannot have keywords."
        if part.get("type") == "object":
            if part.get("additionalProperties") is not False:
                return f"In context=({path}), 'additionalProperties' is required to be supplied and to be false."
            if set(part.get("required", [])) != set(part.get("properties", {})):
                return f"In context=({path}), 'required' is required to include every key in properties."
    return None


def anthropic(schema: dict[str, Any]) -> str | None:
    """Anthropic: https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use."""
    return _common(schema)


def gemini(schema: dict[str, Any]) -> str | None:
    """Gemini: https://ai.google.dev/api/caching#Schema."""
    for path, part in _parts(schema):
        if unknown := part.keys() - _GEMINI:
            return f'Invalid JSON payload received. Unknown name "{min(unknown)}" at {path}'
        if str(part.get("type", "")).lower() == "array" and "items" not in part:
            return f"{path}.items: missing field."
        if not all(isinstance(each, str) for each in part.get("enum") or []):
            return f"{path}.enum: only allowed for STRING type"
    return None


def mcp(schema: dict[str, Any]) -> str | None:
    """MCP clients hand the schema on to a model, so the strictest rule counts."""
    return _common(schema)
