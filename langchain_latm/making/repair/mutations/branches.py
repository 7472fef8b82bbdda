"""Branches and loops: negated and swapped conditions, removed branches, loops that end earlier or later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from langchain_latm.making.repair.material import Material, constant
from langchain_latm.making.repair.program import Change, Edit, Program, edit


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits of conditions, branches and jumps."""
    for node in program.expressions:
        yield from _expressions(node)
    for block in program.blocks:
        for statement in block:
            if isinstance(statement, ast.If):
                yield from _branches(statement)
            elif isinstance(statement, ast.While):
                yield edit(statement.test, _negated(statement.test), 1.2)
            elif isinstance(statement, ast.Break | ast.Continue):
                yield edit(statement, [ast.Continue() if isinstance(statement, ast.Break) else ast.Break()], 1.0)
            if isinstance(statement, ast.For | ast.While):
                yield from _loop_ends(statement, block)


def _expressions(node: ast.expr) -> Iterator[Edit]:
    if isinstance(node, ast.IfExp):
        yield edit(node, ast.IfExp(node.test, node.orelse, node.body), 1.0)
        yield edit(node, node.body, 1.2)
        yield edit(node, node.orelse, 1.2)
    elif isinstance(node, ast.BoolOp):
        for i in range(len(node.values)):
            left = [*node.values[:i], *node.values[i + 1 :]]
            yield edit(node, left[0] if len(left) == 1 else ast.BoolOp(node.op, left), 1.2)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        yield from _filters(node)


def _branches(node: ast.If) -> Iterator[Edit]:
    yield edit(node.test, _negated(node.test), 1.0)
    yield edit(node.test, constant(value=True), 1.5)
    yield edit(node, list(node.orelse), 1.5)
    alone = len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
    if node.orelse and not alone:
        yield edit(node, [ast.If(node.test, node.orelse, node.body)], 1.2)
        yield edit(node, [*node.body, *node.orelse], 2.0)
    if alone:  # the conditions of `if ... elif ...` in the other order
        (inner,) = node.orelse
        assert isinstance(inner, ast.If)  # noqa: S101 - for the type checker
        yield Edit((Change(node.test, inner.test), Change(inner.test, node.test)), 1.5)
        first = ast.If(node.test, node.body, inner.orelse)
        yield edit(node, [ast.If(inner.test, inner.body, [first])], 1.5)
        # `if ...` twice instead of `elif`: both may be true.
        yield edit(node, [ast.If(node.test, node.body, []), inner], 1.5)


def _filters(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[Edit]:
    for i, part in enumerate(node.generators):
        for test in part.ifs:
            yield edit(test, _negated(test), 1.0)
            yield edit(test, constant(value=True), 1.5)
        if isinstance(node, ast.DictComp) or not isinstance(part.target, ast.Name):
            continue
        wanted = ast.Name(part.target.id, ast.Load())
        kept = ast.comprehension(part.target, part.iter, [*part.ifs, wanted], part.is_async)
        yield edit(node, type(node)(node.elt, [*node.generators[:i], kept, *node.generators[i + 1 :]]), 1.5)


def _loop_ends(node: ast.For | ast.While, block: list[ast.stmt]) -> Iterator[Edit]:
    """Move a statement at the end of a loop: into it, out of it, or out of an `if` at the end of its body."""
    last = node.body[-1]
    if len(node.body) > 1:
        without = [*node.body[:-1]]
        outside = _with_body(node, without)
        yield edit(node, [outside, last], 1.5)
    at = block.index(node)
    if at + 1 < len(block):
        after = block[at + 1]
        yield Edit((Change(node, [_with_body(node, [*node.body, after])]), Change(after, [])), 2.0)
    if not isinstance(last, ast.Break | ast.Return | ast.Continue):
        yield edit(node, [_with_body(node, [*node.body, ast.Break()])], 2.0)
    if isinstance(last, ast.If) and not last.orelse and len(last.body) > 1:
        moved = ast.If(last.test, last.body[:-1], [])
        yield edit(last, [moved, last.body[-1]], 1.5)


def _with_body(node: ast.For | ast.While, body: list[ast.stmt]) -> ast.stmt:
    if isinstance(node, ast.For):
        return ast.For(node.target, node.iter, body, node.orelse, lineno=0)
    return ast.While(node.test, body, node.orelse)


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)
