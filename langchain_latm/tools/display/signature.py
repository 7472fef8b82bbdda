"""The signature of a tool's function, for display. The source is parsed, never executed."""

from __future__ import annotations

import ast
from typing import Any, Final

from langchain_latm._core.source import parse_source

_MAX_CHARACTERS: Final = 100_000
"""Longer sources are not parsed."""


def signature(source: str, entry: str, parameters: dict[str, Any]) -> str:
    """Return the signature of `entry` in a source, or one built from the parameters if the source cannot be parsed."""
    node = _function(source, entry)
    if node is None:
        return f"{entry}({', '.join(parameters.get('properties', {}))})"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({ast.unparse(node.args)}){returns}"


def parameter_types(source: str, entry: str) -> dict[str, str]:
    """Return the annotation of each parameter that has one, as Python writes it; none if the source has no `entry`."""
    node = _function(source, entry)
    given = [] if node is None else [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return {each.arg: ast.unparse(each.annotation) for each in given if each.annotation is not None}


def _function(source: str, entry: str) -> ast.FunctionDef | None:
    if len(source) > _MAX_CHARACTERS:
        return None
    try:
        body = parse_source(source).body
        found = next((node for node in body if isinstance(node, ast.FunctionDef) and node.name == entry), None)
        if found is not None:
            ast.unparse(found.args)  # raises if it is nested too deep
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found
