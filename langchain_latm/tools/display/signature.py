"""The head of a tool's function, for a person. It is parsed, never executed."""

from __future__ import annotations

import ast

from langchain_latm._core.source import parse_source
from langchain_latm.tools.made_tool import MadeTool

_LONGEST = 100_000
"""Characters of a source that is parsed for its signature."""


def signature(tool: MadeTool) -> str:
    """Return how a tool's function is called; from the record's parameters, where its source cannot be read."""
    by_parameters = f"{tool.entry}({', '.join(tool.parameters.get('properties', {}))})"
    if len(tool.source) > _LONGEST:
        return by_parameters
    try:
        for node in parse_source(tool.source).body:
            if isinstance(node, ast.FunctionDef) and node.name == tool.entry:
                returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
                return f"{node.name}({ast.unparse(node.args)}){returns}"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return by_parameters
