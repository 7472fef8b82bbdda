"""Finds the names of a source that may hold text from a caller."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

_NUMBERS: Final = frozenset({"int", "float", "bool", "Decimal", "Fraction", "complex"})
_PASSING: Final = frozenset({"str", "repr", "next", "max", "min", "sorted", "list", "tuple", "reversed", "iter"})
"""Functions that return their argument, or a part of it."""
_ROUNDS: Final = 4
"""Maximum number of assignments through which a text is followed."""


def given_texts(module: ast.Module, parts: Callable[[ast.AST], Iterator[str]]) -> set[str]:
    """Return the parameters that are not numbers, and the variables that depend on them.

    Args:
        module: The parsed source.
        parts: Yields the names that a value depends on.
    """
    nodes = list(ast.walk(module))
    names = {node.arg for node in nodes if isinstance(node, ast.arg) and not _is_number(node)} - {"self", "cls"}
    bindings = [(set(mentioned(target)), set(parts(value))) for target, value in map(_binding, nodes) if value]
    for _ in range(_ROUNDS):
        names |= {name for targets, made_of in bindings if made_of & names for name in targets}
    return names


def mentioned(node: ast.AST | None) -> Iterator[str]:
    """Yield every name in a piece of code."""
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name)) if node else iter(())


def roots(node: ast.AST) -> Iterator[str]:
    """Yield the names whose text a value is or contains: for `table[key].strip() + end`, `table` and `end`."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute | ast.Subscript | ast.FormattedValue | ast.Starred):
            waiting.append(node.value)
        elif isinstance(node, ast.Call):
            passed_on = isinstance(node.func, ast.Name) and node.func.id in _PASSING
            of_constant = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant)
            waiting += node.args if passed_on or of_constant else [node.func]
        elif isinstance(node, ast.BinOp | ast.BoolOp | ast.JoinedStr | ast.List | ast.Tuple):
            waiting += ast.iter_child_nodes(node)
        elif isinstance(node, ast.IfExp):
            waiting += [node.body, node.orelse]


def _is_number(argument: ast.arg) -> bool:
    return isinstance(argument.annotation, ast.Name) and argument.annotation.id in _NUMBERS


def _binding(node: ast.AST) -> tuple[ast.AST | None, ast.AST | None]:
    """Return the target and the value of a binding; None twice for any other node."""
    if isinstance(node, ast.Assign):
        return ast.Tuple(node.targets), node.value
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        return node.target, node.value
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        return node.target, node.iter
    if isinstance(node, ast.withitem):
        return node.optional_vars, node.context_expr
    return None, None
