"""Parsing of generated Python source; it is never compiled or executed here."""

from __future__ import annotations

import ast
import warnings


def parse_source(source: str) -> ast.Module:
    """Parse generated code without Python's syntax warnings.

    Raises:
        SyntaxError: It is not Python.
        ValueError: It contains a character that source must not, such as NUL.
        RecursionError: It is nested too deeply.
        MemoryError: The same, raised by the parser.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(source)


def names_needed(tree: ast.AST) -> set[str]:
    """Return the names that a piece of code reads but does not bind anywhere."""
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
