"""The expressions that give the names of a source their values, in any scope."""

from __future__ import annotations

import ast
from collections import defaultdict


class Bindings:
    """The values of names and of attributes, by the name alone: one name in two scopes has the values of both.

    Args:
        module: The parsed source.
    """

    def __init__(self, module: ast.Module) -> None:
        self._values: dict[str, list[ast.expr]] = defaultdict(list)
        self.parameters: set[str] = set()
        self._caught: set[str] = set()
        for node in ast.walk(module):
            self._add(node)

    def values(self, name: str) -> list[ast.expr] | None:
        """Return the expressions whose value, or a part of it, a name or an attribute of this name may have.

        None if its value comes from elsewhere: from `except` or `match`, or from outside of the source.
        """
        if name in self._caught:
            return None
        return self._values.get(name, [] if name in self.parameters else None)

    def has_value(self, name: str) -> bool:
        """Whether this name is bound to anything other than a class, a function or an import."""
        return name in self._caught or name in self._values or name in self.parameters

    def _add(self, node: ast.AST) -> None:
        if isinstance(node, ast.arg):
            self.parameters.add(node.arg)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.AugAssign):
            self._bind(node.target, ast.BinOp(node.value, node.op, node.value))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._bind(node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bind(node.optional_vars, node.context_expr)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self._caught.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self._caught.add(node.rest)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        waiting = [target]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Name):
                self._values[node.id].append(value)
            elif isinstance(node, ast.Attribute):
                self._values[node.attr].append(value)
            elif isinstance(node, ast.Subscript | ast.Starred):
                waiting.append(node.value)
            elif isinstance(node, ast.Tuple | ast.List):
                waiting += node.elts
