"""Reading generated Python text as a tree. It is parsed, never compiled to code, here."""

from __future__ import annotations

import ast
import warnings


def parse_source(source: str) -> ast.Module:
    """Parse generated code, quietly: Python's advice on its style is for its author, who is a model.

    Raises:
        SyntaxError: It is not Python.
        ValueError: It holds what no source may, such as NUL.
        RecursionError: It is nested too deep.
        MemoryError: The same, found by the parser.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(source)


def names_needed(tree: ast.AST) -> set[str]:
    """Return the names that a piece of code reads and does not bind itself, wherever in it."""
    nodes = list(ast.walk(tree))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {
        *(node.id for node in names if isinstance(node.ctx, ast.Store)),
        *(node.arg for node in nodes if isinstance(node, ast.arg)),
        *(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)),
        *(
            (alias.asname or alias.name).partition(".")[0]
            for node in nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ),
    }
    return {node.id for node in names} - bound
