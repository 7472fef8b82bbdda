"""The signature of a tool's function, for display. The source is parsed, never executed."""

from __future__ import annotations

import ast
from typing import Any, Final

from langchain_latm._core.source import parse_source

_MAX_CHARACTERS: Final = 100_000
"""Longer sources are not parsed."""


def signature(source: str, entry: str, parameters: dict[str, Any]) -> str:
    """Return the signature of `entry` in a source, or one made of the parameters if the source cannot be parsed."""
    by_parameters = f"{entry}({', '.join(parameters.get('properties', {}))})"
    if len(source) > _MAX_CHARACTERS:
        return by_parameters
    try:
        for node in parse_source(source).body:
            if isinstance(node, ast.FunctionDef) and node.name == entry:
                returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
                return f"{node.name}({ast.unparse(node.args)}){returns}"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return by_parameters
