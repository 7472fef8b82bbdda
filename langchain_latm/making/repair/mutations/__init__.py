"""Groups of mutations, one module each: its function `edits` yields edits of a program, given the material.

The mutations follow the catalogues of automated program repair: GenProg (Le Goues et al., ICSE 2012) removes, repeats
and moves statements and takes others from elsewhere ("plastic surgery", Barr et al., FSE 2014); PAR (Kim et al., ICSE
2013) and mutation testing change operators, calls and conditions; SemFix (Nguyen et al., ICSE 2013) fills in constants
from the tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.mutations import (
    answers,
    branches,
    calls,
    combining,
    constants,
    names,
    operators,
    statements,
    surgery,
    tables,
    wrapping,
)
from langchain_latm.making.repair.program import Change, Edit, Program

__all__ = ["edits"]

_GROUPS = (constants, operators, branches, answers, calls, tables, statements, wrapping, names, combining, surgery)


def edits(program: Program, material: Material) -> Iterator[Edit]:
    """Yield every single edit of a program, group by group."""
    found = chain.from_iterable(group.edits(program, material) for group in _GROUPS)
    return (each for each in found if all(_is_allowed(change, program) for change in each.changes))


def _is_allowed(change: Change, program: Program) -> bool:
    """Whether `break` and `continue` stay inside loops: otherwise no variant of the whole schema compiles."""
    return not isinstance(change.new, list) or program.in_loop(change.target) or not any(map(_jumps, change.new))


def _jumps(node: ast.AST) -> bool:
    """Whether a statement holds a `break` or `continue` that belongs to an enclosing loop."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.For | ast.While):
        return any(map(_jumps, node.orelse))
    return not isinstance(node, ast.expr | ast.FunctionDef) and any(map(_jumps, ast.iter_child_nodes(node)))
