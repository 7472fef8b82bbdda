"""Statements: removed, repeated, moved by one place or one level, and two assignments joined."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Change, Edit, Program, edit

_COMPOUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits that remove, repeat or move one statement, or join two assignments."""
    for block in program.blocks:
        for i, statement in enumerate(block):
            if isinstance(statement, _COMPOUND):
                continue
            if not isinstance(statement, ast.Return) or len(block) > 1:
                yield edit(statement, [], 1.5)
            if isinstance(statement, ast.Expr | ast.AugAssign | ast.Assign):
                yield edit(statement, [statement, statement], 2.0)
            if i + 1 < len(block) and not isinstance(block[i + 1], _COMPOUND):
                after = block[i + 1]
                yield Edit((Change(statement, [after, statement]), Change(after, [])), 1.5)
                if together := _at_once(statement, after):
                    yield Edit((Change(statement, [together]), Change(after, [])), 1.5)
            yield from _levels(statement, block[i + 1 :])


def _at_once(one: ast.stmt, other: ast.stmt) -> ast.Assign | None:
    """Return two assignments as one: `a = b` and `b = a` become `a, b = b, a`, which swaps both."""
    if not (isinstance(one, ast.Assign) and isinstance(other, ast.Assign)):
        return None
    if len(one.targets) > 1 or len(other.targets) > 1:
        return None
    targets = ast.Tuple([one.targets[0], other.targets[0]], ast.Store())
    return ast.Assign([targets], ast.Tuple([one.value, other.value], ast.Load()), lineno=0)


def _levels(statement: ast.stmt, following: list[ast.stmt]) -> Iterator[Edit]:
    """Move a statement into the `if` before it, or the last statement of an `if` or loop out of it."""
    if isinstance(statement, ast.If) and following and not isinstance(following[0], _COMPOUND):
        after = following[0]
        whole = ast.If(statement.test, statement.body, [*statement.orelse, after])
        yield Edit((Change(statement, [whole]), Change(after, [])), 2.0)
        inside = ast.If(statement.test, [*statement.body, after], statement.orelse)
        yield Edit((Change(statement, [inside]), Change(after, [])), 2.0)
    if isinstance(statement, ast.If | ast.For | ast.While) and len(statement.body) > 1:
        last = statement.body[-1]
        yield (
            Edit((Change(last, []), Change(following[0], [last, following[0]])), 2.0)
            if following
            else Edit((Change(last, []),), 2.0)
        )
    if isinstance(statement, ast.For | ast.While) and statement.body and isinstance(statement.body[-1], ast.Return):
        yield edit(statement.body[-1], [], 1.5)
