"""A candidate's source as a syntax tree, and edits of it. Nothing is executed here."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from langchain_latm._core.source import functions_in, is_text_statement, parse_source
from langchain_latm.types import shorten

Replacement = ast.expr | list[ast.stmt]
"""An expression that replaces an expression, or statements that replace a statement; an empty list deletes it."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SHOWN = 60


class Change(NamedTuple):
    """A node and its replacement."""

    target: ast.AST
    new: Replacement


@dataclass(frozen=True)
class Edit:
    """One mutation of a program: a few changes that are made together.

    Attributes:
        changes: The changes.
        cost: How unlikely the edit is to be meant, about 1 for the change of one operator; lower is simpler.
    """

    changes: tuple[Change, ...]
    cost: float

    def __str__(self) -> str:
        """Describe the changes, with their lines in the program before the edit."""
        return "; ".join(map(_described, self.changes))


def edit(target: ast.AST, new: Replacement, cost: float = 1.0) -> Edit:
    """Return an edit with a single change."""
    return Edit((Change(target, new),), cost)


class Program:
    """A parsed source.

    Args:
        source: The source, which the gate has admitted.
        entry: Name of the function that answers.
        packages: Key of the packages that the source may import.
    """

    def __init__(self, source: str, entry: str, packages: str = "") -> None:
        self.source = source
        self.entry = entry
        self.packages = packages
        self.module = parse_source(source)

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        """Every function, also inside other functions and classes."""
        return [node for node in ast.walk(self.module) if isinstance(node, ast.FunctionDef)]

    @cached_property
    def entry_function(self) -> ast.FunctionDef:
        """The function that answers."""
        return functions_in(self.module)[self.entry]

    @cached_property
    def expressions(self) -> list[ast.expr]:
        """Every expression that may be replaced, outermost first, in the order of the source."""
        return [node for node in self._nodes if isinstance(node, ast.expr)]

    @cached_property
    def blocks(self) -> list[list[ast.stmt]]:
        """Every list of statements inside functions, without docstrings and declarations."""
        found: list[list[ast.stmt]] = []
        for function in self.functions:
            for node in _own(function):
                for name in ("body", "orelse", "finalbody"):
                    block = getattr(node, name, None)
                    if isinstance(block, list) and block:
                        found.append([each for each in block if not (is_text_statement(each) or _is_declaration(each))])
        return found

    @cached_property
    def owners(self) -> dict[int, ast.AST]:
        """For each node of the tree, by its `id`, the innermost function that contains it, or the module."""
        found: dict[int, ast.AST] = {}
        waiting: list[tuple[ast.AST, ast.AST]] = [(self.module, self.module)]
        while waiting:
            node, owner = waiting.pop()
            found[id(node)] = owner
            inner = node if isinstance(node, _FUNCTIONS) else owner
            waiting += [(child, inner) for child in ast.iter_child_nodes(node)]
        return found

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """For each node below the module, by its `id`, its parent."""
        return {id(child): node for node in ast.walk(self.module) for child in ast.iter_child_nodes(node)}

    def in_loop(self, node: ast.AST) -> bool:
        """Whether a statement is in the body of a loop of its function."""
        while (parent := self.parents.get(id(node))) is not None and not isinstance(parent, _FUNCTIONS):
            if isinstance(parent, ast.For | ast.While) and node in parent.body:
                return True
            node = parent
        return False

    def variables(self, node: ast.AST) -> list[str]:
        """Return the variables of the function that contains a node, in the order in which they are bound."""
        owner = self.owners[id(node)]
        if isinstance(owner, ast.Module):
            return []
        bound = [each.arg for each in ast.walk(owner) if isinstance(each, ast.arg)]
        bound += [each.id for each in ast.walk(owner) if isinstance(each, ast.Name) and _is_store(each)]
        return list(dict.fromkeys(bound))

    def with_edit(self, made: Edit) -> Program:
        """Return the program after an edit.

        Raises:
            ValueError: Python cannot unparse it.
        """
        at = {id(change.target): _always(change.new) for change in made.changes}
        module = rewritten(self.module, at)
        assert isinstance(module, ast.Module)  # noqa: S101 - for the type checker
        return Program(ast.unparse(module) + "\n", self.entry, self.packages)

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return list(_switchable(self.module))


Rewriting = Callable[[Any], Replacement]
"""Takes a node whose parts are rewritten already, and returns its replacement."""


def rewritten(node: ast.AST, at: Mapping[int, Rewriting]) -> Any:
    """Return a copy of a tree with some nodes replaced.

    Args:
        node: Root of the tree.
        at: The rewriting of each node to replace, by the node's `id`.
    """
    new = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            items: list[Any] = []
            for item in value:
                found = rewritten(item, at) if isinstance(item, ast.AST) else item
                items += found if isinstance(found, list) else [found]
            if value and not items and name == "body":
                items = [ast.Pass()]
            setattr(new, name, items)
        elif isinstance(value, ast.AST):
            setattr(new, name, rewritten(value, at))
    return at[id(node)](new) if id(node) in at else new


def _always(new: Replacement) -> Rewriting:
    return lambda _: new


def _switchable(module: ast.Module) -> Iterator[ast.AST]:
    """Yield the statements and values of a program, without annotations, docstrings, targets, patterns and formats."""
    waiting: list[ast.AST] = list(reversed(module.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal) or is_text_statement(node):
            continue
        yield from [node] if _is_place(node) else []
        waiting += reversed(_parts(node))


def _parts(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that may hold replaceable nodes."""
    if isinstance(node, ast.JoinedStr):
        return []  # before Python 3.12, an f-string cannot hold every expression
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
    if isinstance(node, ast.AnnAssign):
        return [] if node.value is None else [node.value]
    if isinstance(node, ast.Lambda | ast.match_case | ast.ExceptHandler | ast.ClassDef):
        body = node.body
        return [*body] if isinstance(body, list) else [body]
    return list(ast.iter_child_nodes(node))


def _is_place(node: ast.AST) -> bool:
    if isinstance(node, ast.Starred | ast.Slice):
        return False
    if isinstance(node, ast.expr):
        return not hasattr(node, "ctx") or isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.stmt)


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield a function and the statements in it, without those of inner functions and classes."""
    yield function
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield node
        waiting += [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr)]


def _is_store(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _is_declaration(node: ast.AST) -> bool:
    return isinstance(node, ast.Global | ast.Nonlocal)


def _described(change: Change) -> str:
    line = f"line {getattr(change.target, 'lineno', 1)}"
    old = _text(change.target)
    if isinstance(change.new, list):
        if not change.new:
            return f"{line}: removed `{old}`"
        return f"{line}: `{old}` became `{shorten(' / '.join(map(_text, change.new)), 2 * _SHOWN)}`"
    return f"{line}: `{old}` became `{_text(change.new)}`"


def _text(node: ast.AST) -> str:
    return shorten(" ".join(ast.unparse(node).split()), _SHOWN)
