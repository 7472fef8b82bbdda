"""Checks the definitions of a source: bound names, classes and patterns can change the meaning of other names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

from langchain_latm.tools.gate.allowed import binding_problem
from langchain_latm.tools.gate.bindings import Bindings

_DECORATED: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_METACLASSES: Final = frozenset({"builtins.type", "abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"})
_MAKES_BASES: Final = frozenset({"collections.namedtuple", "typing.NamedTuple", "typing.TypedDict"})

Dotted = Callable[[ast.expr], str | None]
"""Returns the dotted name that an expression resolves to; None if the source binds it, or if it is no name."""


def problem_of_names(node: ast.AST) -> str | None:
    """Return why a node may not bind its names to a value, function, class, parameter or import."""
    for name in _names(node):
        if problem := binding_problem(name):
            return f"binds {name!r}, which {problem}"
    return None


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names
    elif isinstance(node, ast.Call):
        yield from (keyword.arg for keyword in node.keywords if keyword.arg)
    elif isinstance(node, ast.MatchMapping):
        yield node.rest or ""
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        given = node.args
        every = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
        yield from (each.arg for each in every if each is not None)
    name = getattr(node, "name", None)
    if isinstance(name, str):  # functions, classes, patterns, handlers, type parameters
        yield name


def decorators(module: ast.Module, bindings: Bindings) -> set[int]:
    """Return the ids of the decorators that receive a function or class unchanged by other decorators of the source."""
    written = [node for node in ast.walk(module) if isinstance(node, _DECORATED)]
    own = {node.name for node in written}
    found = set()
    for node in written:
        for decorator in reversed(node.decorator_list):
            found.add(id(decorator))
            root: ast.AST = decorator
            while isinstance(root, ast.Call | ast.Attribute):
                root = root.func if isinstance(root, ast.Call) else root.value
            if not isinstance(root, ast.Name) or root.id in own or bindings.has_value(root.id):
                break
    return found


def is_type(node: ast.expr, bindings: Bindings) -> bool:
    """Whether an expression consists of names of classes, without any computed part."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and is_type(node.left, bindings) and is_type(node.right, bindings)
    if isinstance(node, ast.Call):  # `type(None)`
        return isinstance(node.func, ast.Name) and node.func.id == "type" and isinstance(node.args[0], ast.Constant)
    while isinstance(node, ast.Attribute):
        node = node.value
    is_none = isinstance(node, ast.Constant) and node.value is None
    return is_none or (isinstance(node, ast.Name) and not bindings.has_value(node.id))


def problem_of_class(node: ast.ClassDef, bindings: Bindings, dotted: Dotted) -> str | None:
    """Return why a class may not be defined in this way: its bases decide about its names and fields."""
    for keyword in node.keywords:
        if keyword.arg is None or (keyword.arg == "metaclass" and dotted(keyword.value) not in _METACLASSES):
            return "controls how a class is created; write a class without a metaclass"
    for base in node.bases:
        plain = base.value if isinstance(base, ast.Subscript) else base
        if dotted(plain) in _METACLASSES:
            return f"derives from {ast.unparse(base)}, which changes how classes are created; write the class itself"
        if not _is_class(plain, bindings, dotted):
            return "derives from an expression that is not the name of a class; write the class, and name it"
    return None


def _is_class(base: ast.expr, bindings: Bindings, dotted: Dotted) -> bool:
    if dotted(base) is not None:
        return True
    if isinstance(base, ast.Call):
        return dotted(base.func) in _MAKES_BASES
    if not isinstance(base, ast.Name) or base.id in bindings.parameters:
        return False
    if not bindings.has_value(base.id):
        return True
    values = bindings.values(base.id) or [base]
    return all(isinstance(value, ast.Call) and dotted(value.func) in _MAKES_BASES for value in values)


def renames_fields(module: ast.Module) -> bool:
    """Whether a source may give a field of a dataclass another name.

    `dataclass` compiles the names of fields, including inherited ones.
    """
    nodes = list(ast.walk(module))
    return _mentions_fields(nodes) and any(map(_gives_a_name, nodes))


def _mentions_fields(nodes: list[ast.AST]) -> bool:
    names = (node.name if isinstance(node, ast.alias) else getattr(node, "attr", "") for node in nodes)
    return any(name in ("field", "fields") for name in names)


def _gives_a_name(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "name" and not isinstance(node.ctx, ast.Load)
    if not isinstance(node, ast.Call):
        return False
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    of_name = any(isinstance(each, ast.Constant) and each.value == "name" for each in node.args)
    return of_name and called.strip("_") == "setattr"
