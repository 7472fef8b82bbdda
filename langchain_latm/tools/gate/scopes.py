"""Resolves the names in a source: imported, builtin, or bound by the source itself.

Only local names of functions count as bound, because Python always resolves them in the same way. A name of the module
or of a class may be unbound when it is read, and then means the builtin.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, *_COMPREHENSIONS)
SCOPES: Final = (*_FUNCTIONS, ast.ClassDef)


@dataclass
class Scope:
    """A module, class or function, with the names that it binds.

    Attributes:
        node: The module, class or function.
        parent: The scope around it.
        imports: Dotted names of what it imports, by the name that it gives them.
        bound: All names that it binds, imports included.
        outside: Names that it declares to be of the module.
        types: Its own names that are classes, functions or imports.
        parameters: Its own names that have a value from the start.
        imported_from: The line from which on a parameter means what is imported under its name.
    """

    node: ast.AST
    parent: Scope | None = None
    imports: dict[str, str] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    imported_from: dict[str, int] = field(default_factory=dict)
    _straight: set[int] = field(default_factory=set)
    """Its own statements outside of branches and loops."""

    def __post_init__(self) -> None:
        if isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            given = self.node.args
            every = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
            self.parameters = {each.arg for each in every if each is not None}
            self.bound |= self.parameters
        if isinstance(self.node, Function):
            self._straight = {id(node) for node in self.node.body}
        for node in _own_nodes(self.node):
            self._bind(node)
        self.bound -= self.outside

    @property
    def is_function(self) -> bool:
        """Whether it is a function, whose names never fall back to outer ones."""
        return isinstance(self.node, _FUNCTIONS)

    def dotted(self, node: ast.Name) -> str | None:
        """Return the dotted name that a name resolves to, such as `builtins.len`; None if the source binds it."""
        name = node.id
        owner = self._owner(name)
        if owner is self and name in self.parameters and node.lineno < self.imported_from.get(name, 0):
            return None
        if owner is None or (name not in owner.imports and not owner.is_function):
            return f"builtins.{name}"
        return owner.imports.get(name)

    def is_value(self, name: str) -> bool:
        """Whether a name is a variable or parameter of a function, which differs from call to call."""
        owner = self._owner(name)
        return owner is not None and owner.is_function and name not in owner.types

    def binds(self, name: str) -> bool:
        """Whether the source binds a name that can be read here."""
        return self._owner(name) is not None

    def is_of_module(self, name: str) -> bool:
        """Whether a name is bound by the module."""
        owner = self._owner(name)
        return owner is not None and owner.parent is None

    def _owner(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None:
            visible = scope is self or not isinstance(scope.node, ast.ClassDef)
            if visible and name in scope.outside:
                while scope.parent is not None:
                    scope = scope.parent
            if visible and name in scope.bound:
                return scope
            scope = scope.parent
        return None

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)
        elif isinstance(node, Function | ast.ClassDef):
            self.bound.add(node.name)
            self.types.add(node.name)
        elif isinstance(node, ast.Global):
            self.outside |= set(node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.bound.add(node.rest)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name, dotted = _imported(node, alias)
                self.imports[name] = dotted
                straight = id(node) in self._straight
                self.imported_from[name] = min(self.imported_from.get(name, node.lineno), node.lineno * straight)
                self.bound.add(name)
                self.types.add(name)


def _imported(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, str]:
    if isinstance(node, ast.ImportFrom):
        return alias.asname or alias.name, f"{node.module}.{alias.name}"
    first = alias.name.partition(".")[0]
    return alias.asname or first, alias.name if alias.asname else first


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes whose names a scope binds: its own, without those of inner scopes.

    A `:=` in a comprehension binds in the function or module around it.
    """
    is_comprehension = isinstance(scope, _COMPREHENSIONS)
    waiting = inner_nodes(scope)
    while waiting:
        node = waiting.pop()
        if is_comprehension and isinstance(node, ast.NamedExpr):
            waiting.append(node.value)
            continue
        yield node
        if isinstance(node, _COMPREHENSIONS) and not is_comprehension:
            yield from _assigned_in(node)
        waiting += outer_nodes(node) if isinstance(node, SCOPES) else ast.iter_child_nodes(node)


def _assigned_in(comprehension: ast.AST) -> Iterator[ast.AST]:
    waiting = [comprehension]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.NamedExpr):
            yield node.target
        if not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def annotations_of(scope: ast.AST) -> list[ast.AST]:
    """Return the annotations of a function."""
    if not isinstance(scope, Function):
        return []
    given = scope.args
    every = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
    hints = [each.annotation for each in every if each is not None and each.annotation is not None]
    return [*hints, *([scope.returns] if scope.returns else [])]


def outer_nodes(scope: ast.AST) -> list[ast.AST]:
    """Return the parts of a scope that are evaluated in the outer scope, such as decorators and defaults."""
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        defaults = [*scope.args.defaults, *(each for each in scope.args.kw_defaults if each is not None)]
        decorators = [] if isinstance(scope, ast.Lambda) else scope.decorator_list
        return [*decorators, *annotations_of(scope), *defaults]
    if isinstance(scope, ast.ClassDef):
        return [*scope.decorator_list, *scope.bases, *scope.keywords]
    return [scope.generators[0].iter] if isinstance(scope, _COMPREHENSIONS) else []


def inner_nodes(scope: ast.AST) -> list[ast.AST]:
    """Return the parts of a scope that are evaluated inside it."""
    outer = {id(node) for node in outer_nodes(scope)}
    nodes: list[ast.AST] = []
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.arguments):
            continue
        parts = ast.iter_child_nodes(node) if isinstance(node, ast.comprehension) else (node,)
        nodes += [part for part in parts if id(part) not in outer]
    return nodes
