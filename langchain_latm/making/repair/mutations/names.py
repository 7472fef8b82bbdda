"""Names: another variable of the same function, used or returned."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Edit, Program, edit

_MOST_OTHERS: Final = 8


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits that use or return another variable."""
    for node in program.expressions:
        if isinstance(node, ast.Name):
            variables = program.variables(node)
            if node.id in variables:
                others = [each for each in variables if each != node.id][:_MOST_OTHERS]
                yield from (edit(node, ast.Name(each, ast.Load()), 1.5) for each in others)
    for block in program.blocks:
        for statement in block:
            if isinstance(statement, ast.Return) and not isinstance(statement.value, ast.Name):
                for each in program.variables(statement)[: 2 * _MOST_OTHERS]:
                    yield edit(statement, [ast.Return(ast.Name(each, ast.Load()))], 1.5)
