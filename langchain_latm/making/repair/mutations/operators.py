"""Operators: comparisons, arithmetic, boolean operators, augmented assignments, and the bounds of slices and ranges."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any, Final

from langchain_latm.making.repair.material import Material, constant
from langchain_latm.making.repair.program import Edit, Program, edit

_COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE, ast.Eq),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt, ast.Eq),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE, ast.Eq),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt, ast.Eq),
    ast.Eq: (ast.NotEq, ast.In, ast.GtE, ast.LtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.In: (ast.NotIn, ast.Eq),
    ast.NotIn: (ast.In, ast.NotEq),
    ast.Is: (ast.IsNot, ast.Eq),
    ast.IsNot: (ast.Is, ast.NotEq),
}
_ARITHMETIC: Final[dict[type[ast.operator], tuple[type[ast.operator], ...]]] = {
    ast.Add: (ast.Sub, ast.Mult, ast.FloorDiv),
    ast.Sub: (ast.Add, ast.Mod, ast.FloorDiv),
    ast.Mult: (ast.Add, ast.Sub, ast.Div, ast.FloorDiv, ast.Pow),
    ast.Div: (ast.FloorDiv, ast.Mult, ast.Mod),
    ast.FloorDiv: (ast.Div, ast.Mod, ast.Mult),
    ast.Mod: (ast.FloorDiv, ast.Sub),
    ast.Pow: (ast.Mult, ast.BitXor),
    ast.BitXor: (ast.Pow, ast.BitOr, ast.BitAnd),
    ast.BitAnd: (ast.BitOr, ast.BitXor, ast.Sub),
    ast.BitOr: (ast.BitAnd, ast.BitXor, ast.Add),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits that replace an operator, or move a bound by one."""
    for node in program.expressions:
        if isinstance(node, ast.Compare):
            yield from _comparisons(node)
        elif isinstance(node, ast.Subscript):
            yield from _slices(node)
        elif _is_bound(node, program):
            yield edit(node, _plus(node, 1))
            yield edit(node, _plus(node, -1))
        else:
            yield from _operators(node)
    for block in program.blocks:
        for statement in block:
            if isinstance(statement, ast.AugAssign):
                yield from _assignments(statement)


def _operators(node: ast.expr) -> Iterator[Edit]:
    if isinstance(node, ast.BinOp):
        for kind in _ARITHMETIC.get(type(node.op), ()):
            yield edit(node, _changed(node, op=kind()))
        yield edit(node, _changed(node, left=node.right, right=node.left), 1.2)
        if isinstance(node.left, ast.BinOp):  # `a - b + c` becomes `a - (b + c)`, or `a - b * c`
            for kind in (type(node.op), *_ARITHMETIC.get(type(node.op), ())):
                inner = ast.BinOp(node.left.right, kind(), node.right)
                yield edit(node, ast.BinOp(node.left.left, node.left.op, inner), 1.5)
        if isinstance(node.right, ast.BinOp):  # the reverse
            inner = ast.BinOp(node.left, node.op, node.right.left)
            yield edit(node, ast.BinOp(inner, node.right.op, node.right.right), 1.5)
    elif isinstance(node, ast.BoolOp):
        yield edit(node, _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And()))
    elif isinstance(node, ast.UnaryOp):
        yield edit(node, node.operand)


def _assignments(node: ast.AugAssign) -> Iterator[Edit]:
    for kind in _ARITHMETIC.get(type(node.op), ()):
        yield edit(node, [_changed(node, op=kind())])
    if isinstance(node.target, ast.Name):
        yield edit(node, [ast.Assign([node.target], node.value, lineno=0)], 1.5)
        turned = ast.BinOp(node.value, node.op, ast.Name(node.target.id, ast.Load()))  # `text = more + text`
        yield edit(node, [ast.Assign([node.target], turned, lineno=0)], 1.5)


def _comparisons(node: ast.Compare) -> Iterator[Edit]:
    for i, op in enumerate(node.ops):
        for kind in _COMPARISONS[type(op)]:
            yield edit(node, _changed(node, ops=[*node.ops[:i], kind(), *node.ops[i + 1 :]]))
    if len(node.ops) == 1:
        (right,) = node.comparators
        yield edit(node, _changed(node, left=right, comparators=[node.left]), 1.5)
        for by in (1, -1):
            if not isinstance(right, ast.Constant):
                yield edit(right, _plus(right, by), 1.2)


def _slices(node: ast.Subscript) -> Iterator[Edit]:
    """Move an index or a bound of a slice by one, or add or remove a bound."""
    found = node.slice
    if not isinstance(found, ast.Slice):
        if not isinstance(found, ast.Constant | ast.Tuple):
            yield edit(found, _plus(found, 1))
            yield edit(found, _plus(found, -1))
        return
    for name in ("lower", "upper"):
        bound = getattr(found, name)
        if bound is None:
            for value in (1, -1):
                yield edit(node, _changed(node, slice=_changed(found, **{name: constant(value)})), 1.2)
        else:
            yield edit(node, _changed(node, slice=_changed(found, **{name: None})), 1.2)
            if not isinstance(bound, ast.Constant):
                yield edit(bound, _plus(bound, 1))
                yield edit(bound, _plus(bound, -1))
    if found.step is None:
        for step in (-1, 2):
            yield edit(node, _changed(node, slice=_changed(found, step=constant(step))), 1.5)
    else:
        yield edit(node, _changed(node, slice=_changed(found, step=None)), 1.2)
    yield edit(node, node.value, 1.5)


def _is_bound(node: ast.expr, program: Program) -> bool:
    """Whether a value is an argument of `range`, a common place of off-by-one errors, and not a constant."""
    parent = program.parents.get(id(node))
    of_range = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "range"
    return of_range and node in parent.args and not isinstance(node, ast.Constant)  # type: ignore[union-attr]  # a call


def _plus(node: ast.expr, number: int) -> ast.expr:
    """Return a value plus a number, simplified: `n + 1` minus one is `n`."""
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant) and type(node.right.value) is int:
        sign = 1 if isinstance(node.op, ast.Add) else -1 if isinstance(node.op, ast.Sub) else 0
        total = sign * node.right.value + number
        if sign:
            return _plus(node.left, total) if total else node.left
    op = ast.Add() if number > 0 else ast.Sub()
    return ast.BinOp(node, op, constant(abs(number)))


def _changed(node: Any, **fields: object) -> Any:
    """Return a copy of a node with some fields replaced."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
