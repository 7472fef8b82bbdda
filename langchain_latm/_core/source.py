"""Parsing of generated Python source; it is never compiled or executed here."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from typing import Final

MAX_SOURCE_CHARACTERS: Final = 50_000
"""A longer source is not parsed: with Python 3.11, lines of one name take 900 bytes a character."""


def parse_source(source: str) -> ast.Module:
    """Parse generated code without Python's syntax warnings.

    Raises:
        SyntaxError: It is not Python.
        ValueError: It is too long, or contains a character that source must not, such as NUL.
        RecursionError: It is nested too deeply.
        MemoryError: The same, raised by the parser.
    """
    if len(source) > MAX_SOURCE_CHARACTERS:
        raise ValueError(f"it has {len(source):,} characters; at most {MAX_SOURCE_CHARACTERS:,} are taken")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(source)


def functions_in(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the top-level functions by name; of several with one name, the last, as when the code runs."""
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def names_bound(tree: ast.AST) -> set[str]:
    """Return the names that a piece of code binds: variables, parameters, functions, classes and imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
    return names


def names_in(tree: ast.AST) -> set[str]:
    """Return the names that a piece of code reads or binds."""
    return names_bound(tree) | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def names_needed(tree: ast.AST) -> set[str]:
    """Return the names that a piece of code reads but does not bind anywhere."""
    return names_in(tree) - names_bound(tree)


def free_name(wanted: str, taken: set[str]) -> str:
    """Return a name that is not taken: the one wanted, with underscores after it where needed."""
    while wanted in taken:
        wanted += "_"
    return wanted


def is_text_statement(node: ast.AST) -> bool:
    """Whether a statement is only a text, such as a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def is_future_import(node: ast.AST) -> bool:
    """Whether a statement imports from `__future__`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def without_statements(source: str, statements: Sequence[ast.stmt]) -> str:
    """Return a source without the lines of some of its top-level statements, given in the order of the source."""
    lines = source.split("\n")
    for node in reversed(statements):
        del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines)


def with_modules(source: str, modules: Sequence[str]) -> str:
    """Return a source with the text of other modules before its own code; `__future__` imports of all come first."""
    future = list(dict.fromkeys(line for each in (source, *modules) for line in each.split("\n") if _is_future(line)))
    texts = ["\n".join(line for line in each.split("\n") if not _is_future(line)) for each in (*modules, source)]
    parts = [*(["\n".join(future)] if future else []), *(each.strip("\n") for each in texts)]
    return "\n\n\n".join(parts) + "\n"


def _is_future(line: str) -> bool:
    return line.startswith("from __future__ import")
