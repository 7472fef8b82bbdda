"""Variables combined with others: adds a missing operand, bound or look-up, or replaces a variable with two others.

`loses` becomes `loses * after`, `end` in a comparison becomes `min(end, last)`, a returned `end` becomes
`start + hours`, and `stack` becomes `[pairs[each] for each in stack]`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from langchain_latm._core.source import free_name
from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Edit, Program, edit

_MOST_OTHERS: Final = 10
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult)
_BOUNDS: Final = ("min", "max")
_LOOKED_UP: Final = 1.5
_EXTENDED: Final = 2.0
_COMBINED: Final = 2.5
"""Costs: there are many combinations, so each is unlikely."""


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits that combine variables."""
    tables = _tables(program)
    for node in program.expressions:
        variables = program.variables(node)
        if isinstance(node, ast.Name) and node.id in variables and not _is_called(node, program):
            yield from _looked_up(node, tables)
            if node.id not in tables:
                others = [each for each in variables if each != node.id and each not in tables][-_MOST_OTHERS:]
                yield from _extended(node, others)
        if isinstance(program.parents.get(id(node)), ast.Return) and not isinstance(node, ast.Constant):
            yield from _found_in(node, tables, [each for each in variables if each not in tables])
        if _is_element(node, program):
            pairs = combinations([each for each in variables if each not in tables][-_MOST_OTHERS:], 2)
            for one, other in ((_name(one), _name(other)) for one, other in pairs):
                yield edit(node, ast.BinOp(one, ast.Add(), other), _COMBINED)
                yield edit(node, ast.BinOp(one, ast.Sub(), other), _COMBINED)
                yield edit(node, ast.BinOp(other, ast.Sub(), one), _COMBINED)


def _looked_up(node: ast.Name, tables: list[str]) -> Iterator[Edit]:
    """Yield edits that look up a value, or each item of one, in a table."""
    for table in tables:
        if table == node.id:
            continue
        each = free_name("each", {node.id, table})
        found = ast.Subscript(_name(table), _name(each), ast.Load())
        loop = ast.comprehension(ast.Name(each, ast.Store()), node, [], 0)
        yield edit(node, ast.Subscript(_name(table), node, ast.Load()), _LOOKED_UP)
        yield edit(node, ast.ListComp(found, [loop]), _LOOKED_UP)


def _found_in(node: ast.expr, tables: list[str], keys: list[str]) -> Iterator[Edit]:
    """Yield edits that return the entry of a table for a variable."""
    for table in tables:
        for key in keys[-_MOST_OTHERS:]:
            found = ast.Subscript(_name(table), _name(key), ast.Load())
            if ast.unparse(found) != ast.unparse(node):
                yield edit(node, found, _EXTENDED)


def _extended(node: ast.Name, others: list[str]) -> Iterator[Edit]:
    for other in map(_name, others):
        for operator in _OPERATORS:
            yield edit(node, ast.BinOp(node, operator(), other), _EXTENDED)
        for bound in _BOUNDS:
            yield edit(node, ast.Call(_name(bound), [node, other], []), _EXTENDED)


def _tables(program: Program) -> list[str]:
    """Return the variables that a dictionary literal is assigned to, and the parameters that are dictionaries."""
    found = [
        target.id
        for node in ast.walk(program.module)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    given = program.entry_function.args.args
    found += [each.arg for each in given if each.annotation and ast.unparse(each.annotation).lower().startswith("dict")]
    return list(dict.fromkeys(found))


def _is_called(node: ast.Name, program: Program) -> bool:
    """Whether a name is called, indexed, or has an attribute accessed."""
    parent = program.parents.get(id(node))
    if isinstance(parent, ast.Call):
        return node is parent.func
    return isinstance(parent, ast.Attribute | ast.Subscript)


def _is_element(node: ast.expr, program: Program) -> bool:
    """Whether a variable is returned, or an item of a list or tuple that is."""
    parent = program.parents.get(id(node))
    if isinstance(parent, ast.List | ast.Tuple) and isinstance(program.parents.get(id(parent)), ast.Return):
        return True
    return isinstance(parent, ast.Return) and isinstance(node, ast.Name)


def _name(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())
