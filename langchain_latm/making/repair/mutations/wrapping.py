"""Values wrapped in a call, a method or an operator, and unwrapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Final

from langchain_latm._core.source import parse_source
from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Edit, Program, edit, rewritten

_HOLE: Final = "_value"
_WRAPPINGS: Final = {
    "sorted(_value)": 1.0,
    "sorted(_value, reverse=True)": 1.2,
    "list(reversed(_value))": 1.2,
    "_value[::-1]": 1.2,
    "list(_value)": 1.0,
    "list(dict.fromkeys(_value))": 1.2,
    "set(_value)": 1.2,
    "str(_value)": 1.0,
    "int(_value)": 1.0,
    "float(_value)": 1.2,
    "round(_value)": 1.2,
    "round(_value, 2)": 1.2,
    "abs(_value)": 1.0,
    "len(_value)": 1.5,
    "sum(_value)": 1.5,
    "max(_value)": 1.5,
    "min(_value)": 1.5,
    "_value.strip()": 1.0,
    "_value.lower()": 1.0,
    "_value.upper()": 1.0,
    "_value.title()": 1.5,
    "_value.split()": 1.2,
    "''.join(_value)": 1.5,
    "map(int, _value)": 1.2,
    "map(str, _value)": 1.2,
    "[_value]": 1.5,
    "_value[1:]": 1.5,
    "_value[:-1]": 1.5,
    "_value + 1": 1.0,
    "_value - 1": 1.0,
}
"""Wrappings of a value, with their costs."""
_KEYS: Final = ("str.lower", "len", "int", "str")
"""Keys for sorting or for the greatest value."""


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits that wrap or unwrap a value that is returned, assigned, passed on, compared or iterated."""
    for node in program.expressions:
        for inner in _inside(node):
            yield edit(node, inner, 1.0)
        if _is_value(node, program):
            for text, cost in _WRAPPINGS.items():
                yield edit(node, wrapped(text, node), cost)
        if isinstance(node, ast.Call) and _orders(node):
            yield from _keys(node)


def wrapped(template: str, node: ast.expr) -> ast.expr:
    """Return an expression with a value in place of `_value`."""
    tree = _parsed(template)
    at = {id(name): (lambda _: node) for name in ast.walk(tree) if isinstance(name, ast.Name) and name.id == _HOLE}
    found = rewritten(tree, at)
    assert isinstance(found, ast.expr)  # noqa: S101 - for the type checker
    return found


@cache
def _parsed(template: str) -> ast.expr:
    (statement,) = parse_source(template).body
    assert isinstance(statement, ast.Expr)  # noqa: S101 - for the type checker
    return statement.value


def _inside(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the operands of a value: of a call, a method, an operator or an index."""
    if isinstance(node, ast.Call):
        yield from (each for each in node.args[:2] if not isinstance(each, ast.Starred))
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
    elif isinstance(node, ast.BinOp):
        yield node.left
        yield node.right
    elif isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        yield node.value


def _is_value(node: ast.expr, program: Program) -> bool:
    """Whether a value is in a place that may need another type or form, and is neither a constant nor a function."""
    if isinstance(node, ast.Constant | ast.Lambda | ast.Compare):
        return False
    parent = program.parents.get(id(node))
    if isinstance(parent, ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.comprehension):
        return True
    if isinstance(parent, ast.Call):
        return node is not parent.func
    if isinstance(parent, ast.Compare | ast.FormattedValue | ast.keyword):
        return True
    if isinstance(parent, ast.ListComp | ast.GeneratorExp | ast.SetComp):
        return node is parent.elt
    return isinstance(parent, ast.BinOp | ast.Subscript | ast.Attribute) and isinstance(node, ast.Name)


def _orders(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"sorted", "sort", "max", "min"}


def _keys(node: ast.Call) -> Iterator[Edit]:
    """Yield edits that give a sorting call another key or direction."""
    others = [each for each in node.keywords if each.arg != "key"]
    for key in (*_KEYS, "lambda x: x[0]", "lambda x: x[1]", "lambda x: -x", "lambda x: -len(x)"):
        yield edit(node, ast.Call(node.func, node.args, [*others, ast.keyword("key", _parsed(key))]), 1.5)
    if len(others) < len(node.keywords):
        yield edit(node, ast.Call(node.func, node.args, others), 1.2)
    if getattr(node.func, "id", getattr(node.func, "attr", "")) in {"sorted", "sort"}:
        kept = [each for each in node.keywords if each.arg != "reverse"]
        if len(kept) == len(node.keywords):
            kept = [*kept, ast.keyword("reverse", ast.Constant(True))]
        yield edit(node, ast.Call(node.func, node.args, kept), 1.0)
