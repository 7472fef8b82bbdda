"""Statements and functions of other candidates, if all their names are known ("plastic surgery").

The other candidates answer the same questions, so a correct part of one is often all that another lacks.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Final

from langchain_latm._core.source import names_bound, names_in
from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Edit, Program, edit

_BUILTINS: Final = frozenset(dir(builtins))
_MOST_DONATED: Final = 40
_LARGE: Final = 12
"""Number of nodes that add 1 to the cost."""


def edits(program: Program, material: Material) -> Iterator[Edit]:
    """Yield edits that put a part of another candidate into the program."""
    top = names_bound(ast.Module([each for each in program.module.body if not _is_function(each)], [])) | {
        each.name for each in program.module.body if isinstance(each, ast.FunctionDef)
    }
    for other in material.others:
        yield from _functions(program, other)
        statements = [each for block in other.blocks for each in block if not _is_function(each)]
        for given in statements[:_MOST_DONATED]:
            yield from _insertions(program, given, top)


def _functions(program: Program, other: Program) -> Iterator[Edit]:
    """Replace a function by one of another candidate with the same name and parameters."""
    theirs = {each.name: each for each in other.module.body if isinstance(each, ast.FunctionDef)}
    for ours in program.module.body:
        if not isinstance(ours, ast.FunctionDef) or ours.name == program.entry:
            continue
        given = theirs.get(ours.name)
        if given and ast.dump(ours.args) == ast.dump(given.args) and ast.dump(ours) != ast.dump(given):
            yield edit(ours, [given], 3.0)


def _insertions(program: Program, given: ast.stmt, top: set[str]) -> Iterator[Edit]:
    needed, cost = names_in(given) - _BUILTINS, 1.5 + sum(1 for _ in ast.walk(given)) / _LARGE
    for block in program.blocks:
        for statement in block:
            if _is_function(statement):
                continue
            known = top | set(program.variables(statement)) | names_bound(given)
            if not needed <= known or ast.dump(statement) == ast.dump(given):
                continue
            if isinstance(statement, type(given)) and _same_place(statement, given):
                yield edit(statement, [given], cost)
            yield edit(statement, [given, statement], cost + 0.5)


def _same_place(ours: ast.stmt, given: ast.stmt) -> bool:
    """Whether a statement may replace another of its type: any one, but an assignment only of the same variable."""
    if isinstance(ours, ast.Assign) and isinstance(given, ast.Assign):
        return ast.dump(ours.targets[0]) == ast.dump(given.targets[0])
    return True


def _is_function(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
