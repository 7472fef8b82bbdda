"""Tables: entries swapped, reversed, removed, or added from the examples."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any, Final

from langchain_latm.making.repair.material import Material, constant
from langchain_latm.making.repair.program import Edit, Program, edit

_MOST_SWAPPED: Final = 8
_MOST_ADDED: Final = 5
_LEAST_CHARACTERS: Final = 2
_MOST_CHARACTERS: Final = 16


def edits(program: Program, material: Material) -> Iterator[Edit]:
    """Yield edits of dictionaries, lists, tuples, sets and texts that are sets of marks."""
    for node in program.expressions:
        if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
            yield from _dictionary(node, [key for key in node.keys if key is not None], material)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            yield from _sequence(node, material)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_marks(node.value):
            for each in [each for each in material.characters if each not in node.value][:_MOST_CHARACTERS]:
                yield edit(node, constant(node.value + each), 1.5)
            for i in range(len(node.value)):
                yield edit(node, constant(node.value[:i] + node.value[i + 1 :]), 1.5)


def _dictionary(node: ast.Dict, keys: list[ast.expr], material: Material) -> Iterator[Edit]:
    values = node.values
    if keys and all(isinstance(each, ast.Constant) for each in (*keys, *values)):
        yield edit(node, ast.Dict([*values], keys), 1.0)
    for i, j in list(combinations(range(len(values)), 2))[: _MOST_SWAPPED * 3]:
        yield edit(node, ast.Dict([*keys], _swapped(values, i, j)), 1.2)
    for i in range(min(len(keys), _MOST_SWAPPED)):
        yield edit(node, ast.Dict([*keys[:i], *keys[i + 1 :]], [*values[:i], *values[i + 1 :]]), 1.2)
        if isinstance(keys[i], ast.Constant) and isinstance(values[i], ast.Constant):
            yield edit(node, ast.Dict([*_put(keys, i, values[i])], _put(values, i, keys[i])), 1.2)
    known = {_value(each) for each in keys}
    tokens = [each for each in _tokens(material) if each not in known]
    answers = [*dict.fromkeys([*material.answer_tokens, *tokens])]
    if not all(isinstance(_value(each), str) for each in (*keys, *values)):
        return
    for key, value in product(tokens[:_MOST_ADDED], answers[: _MOST_ADDED + 3]):
        if key != value:
            yield edit(node, ast.Dict([*keys, constant(key)], [*values, constant(value)]), 2.0)


def _sequence(node: ast.List | ast.Tuple | ast.Set, material: Material) -> Iterator[Edit]:
    if isinstance(node, ast.List | ast.Tuple) and not isinstance(node.ctx, ast.Load):
        return
    parts = node.elts
    for i in range(min(len(parts) - 1, _MOST_SWAPPED)):
        yield edit(node, _with(node, _swapped(parts, i, i + 1)), 1.2)
    if len(parts) > 1:
        yield edit(node, _with(node, parts[::-1]), 1.2)
    for i in range(min(len(parts), _MOST_SWAPPED)):
        yield edit(node, _with(node, [*parts[:i], *parts[i + 1 :]]), 1.5)
    if parts and all(isinstance(_value(each), str) for each in parts):
        known = {_value(each) for each in parts}
        for token in [each for each in _tokens(material) if each not in known][:_MOST_ADDED]:
            yield edit(node, _with(node, [*parts, constant(token)]), 1.5)


def _with(node: ast.List | ast.Tuple | ast.Set, parts: Sequence[ast.expr]) -> ast.expr:
    return ast.Set([*parts]) if isinstance(node, ast.Set) else type(node)([*parts], ast.Load())


def _swapped(values: Sequence[ast.expr], i: int, j: int) -> list[ast.expr]:
    return _put(_put(values, i, values[j]), j, values[i])


def _put(values: Sequence[ast.expr], i: int, value: ast.expr) -> list[ast.expr]:
    return [*values[:i], value, *values[i + 1 :]]


def _value(node: ast.expr | None) -> Any:
    return node.value if isinstance(node, ast.Constant) else None


def _tokens(material: Material) -> list[str]:
    """Return the distinct tokens of the arguments and then of the answers."""
    return [*dict.fromkeys([*material.given_tokens, *material.answer_tokens])]


def _is_marks(text: str) -> bool:
    """Whether a text is a set of marks or letters, such as `aeiou` or `([{`."""
    return _LEAST_CHARACTERS <= len(text) <= 2 * _MOST_SWAPPED and len(set(text)) == len(text) and " " not in text
