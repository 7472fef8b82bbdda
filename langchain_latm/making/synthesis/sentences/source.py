"""Collects the source of a reader, with the functions and constants of this package that it needs."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

_PACKAGE = __name__.rpartition(".")[0]


class ReaderSource(NamedTuple):
    """The source of a reader.

    Attributes:
        imports: Import statements of the standard library.
        definitions: The functions and constants that it needs, in order, and the function.
    """

    imports: tuple[str, ...]
    definitions: tuple[str, ...]


@cache
def reader_source(function: Callable[..., Any]) -> ReaderSource:
    """Return the source of a function of this package, without comments, that depends on the standard library only."""
    imports: dict[str, None] = {}
    wanted: dict[str, set[str]] = {}
    _collect(function.__module__, function.__name__, imports, wanted)
    definitions = [
        ast.unparse(node)
        for module in _in_order(function.__module__)
        for name, node in _definitions(module).items()
        if name in wanted.get(module, ())
    ]
    return ReaderSource(tuple(imports), tuple(definitions))


def _collect(module: str, name: str, imports: dict[str, None], wanted: dict[str, set[str]]) -> None:
    """Add a definition and everything that it needs."""
    definitions = _definitions(module)
    if name not in definitions:
        home = _imported(module).get(name)
        if home is None:
            return
        if isinstance(home, ast.Import | ast.ImportFrom) and not _is_own(home):
            imports[ast.unparse(home)] = None
        elif isinstance(home, ast.ImportFrom) and home.module:
            _collect(home.module, name, imports, wanted)
        return
    if name in wanted.setdefault(module, set()):
        return
    wanted[module].add(name)
    for used in ast.walk(definitions[name]):
        if isinstance(used, ast.Name):
            _collect(module, used.id, imports, wanted)


def _is_own(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE)


@cache
def _definitions(module: str) -> dict[str, ast.stmt]:
    """Return the functions and constants of a module by name, without the texts that document constants."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node
    return found


@cache
def _imported(module: str) -> dict[str, ast.Import | ast.ImportFrom]:
    """Return the statement that imports each name of a module, with that name only."""
    found: dict[str, ast.Import | ast.ImportFrom] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.Import):
            found |= {each.name: ast.Import([each]) for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {each.name: ast.ImportFrom(node.module, [each], 0) for each in node.names}
    return found


def _in_order(module: str) -> list[str]:
    """Return the modules of this package that a module needs, each after those that it needs."""
    found: dict[str, None] = {}
    for node in _imported(module).values():
        if isinstance(node, ast.ImportFrom) and node.module and _is_own(node):
            found |= dict.fromkeys(_in_order(node.module))
    return [*found, *([module] if module not in found else [])]
