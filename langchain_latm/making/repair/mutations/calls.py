"""Calls: a similar method or function, arguments in another order, one argument fewer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Edit, Program, edit

_METHODS: Final = (
    ("strip", "lstrip", "rstrip"),
    ("find", "rfind", "index", "rindex", "count"),
    ("split", "rsplit"),
    ("partition", "rpartition"),
    ("lower", "upper", "title", "capitalize", "swapcase", "casefold"),
    ("startswith", "endswith"),
    ("removeprefix", "removesuffix"),
    ("ljust", "rjust", "center", "zfill"),
    ("isalpha", "isdigit", "isalnum", "isupper", "islower", "isspace"),
    ("append", "extend", "add"),
    ("append", "appendleft"),
    ("pop", "popleft"),
    ("keys", "values", "items"),
    ("union", "intersection", "difference", "symmetric_difference"),
    ("days", "seconds"),
    ("weekday", "isoweekday"),
    ("most_common", "elements"),
    ("match", "search", "fullmatch"),
)
_FUNCTIONS: Final = (
    ("max", "min", "sum", "len"),
    ("any", "all"),
    ("sorted", "list", "set", "reversed"),
    ("floor", "ceil", "round", "int", "trunc"),
    ("str", "repr"),
    ("permutations", "combinations", "product", "combinations_with_replacement"),
    ("gcd", "lcm"),
    ("abs", "int"),
    ("zip", "zip_longest"),
)
_ROUNDINGS: Final = {"floor": "round", "ceil": "round", "trunc": "round", "round": "int", "int": "round"}


def edits(program: Program, _material: Material) -> Iterator[Edit]:
    """Yield edits of calls and attributes."""
    for node in program.expressions:
        if isinstance(node, ast.Attribute):
            for name in _siblings(node.attr, _METHODS):
                yield edit(node, ast.Attribute(node.value, name, node.ctx))
            if node.attr in _ROUNDINGS:  # as in `math.floor`
                yield edit(node, ast.Name(_ROUNDINGS[node.attr], ast.Load()))
            for name in _siblings(node.attr, _FUNCTIONS):
                yield edit(node, ast.Attribute(node.value, name, node.ctx))
        elif isinstance(node, ast.Name):
            for name in _siblings(node.id, _FUNCTIONS):
                yield edit(node, ast.Name(name, ast.Load()), 1.2)
        elif isinstance(node, ast.Call):
            yield from _arguments(node)


def _arguments(node: ast.Call) -> Iterator[Edit]:
    args = node.args
    for i in range(len(args) - 1):
        yield edit(node, ast.Call(node.func, [*args[:i], args[i + 1], args[i], *args[i + 2 :]], node.keywords), 1.0)
    if isinstance(node.func, ast.Attribute):
        if len(args) == 1 and not isinstance(args[0], ast.Starred):  # `a.join(b)` instead of `b.join(a)`
            turned = ast.Attribute(args[0], node.func.attr, ast.Load())
            yield edit(node, ast.Call(turned, [node.func.value], node.keywords), 1.2)
        if args:
            yield edit(node, ast.Call(node.func, args[:-1], node.keywords), 1.2)
    for i in range(len(node.keywords)):
        yield edit(node, ast.Call(node.func, args, [*node.keywords[:i], *node.keywords[i + 1 :]]), 1.2)


def _siblings(name: str, groups: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return the other names of the groups that contain a name."""
    return [each for group in groups if name in group for each in group if each != name]
