"""Constants: neighbouring numbers, numbers and texts of the examples, the opposite truth value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from langchain_latm.making.repair.material import Material, constant
from langchain_latm.making.repair.program import Edit, Program, edit

_ORDINARY: Final = (0, 1, 2, -1, 10, 100)
_LONG: Final = 4
"""Maximum length of a separator or pattern; longer texts are words."""


def edits(program: Program, material: Material) -> Iterator[Edit]:
    """Yield edits that replace a constant."""
    for node in program.expressions:
        if isinstance(node, ast.Constant):
            for value, cost in _others(node.value, material):
                yield edit(node, constant(value), cost)


def _others(value: Any, material: Material) -> Iterator[tuple[Any, float]]:
    if isinstance(value, bool):
        yield not value, 1.0
    elif isinstance(value, int | float):
        near = [value + 1, value - 1, -value, *((value / 2, value * 2) if isinstance(value, float) else ())]
        costs = dict.fromkeys(near, 1.0)
        costs |= {other: 1.5 for other in _ORDINARY if other not in costs}
        costs |= {other: 2.5 for other in material.numbers if other not in costs}
        costs |= {value + shift * sign: 1.0 for shift in material.shifts for sign in (1, -1)}
        yield from ((other, cost) for other, cost in costs.items() if other != value)
    elif isinstance(value, str):
        texts = dict.fromkeys(["", " ", ", ", *material.separators, *_with_space(value)], 1.0)
        texts |= {each: 1.5 for each in (value.upper(), value.lower(), value.title(), value.strip()) if each}
        if len(value) <= _LONG:
            texts |= {each: 2.0 for each in (*material.given_tokens, *material.answer_tokens) if each not in texts}
        yield from ((other, cost) for other, cost in texts.items() if other != value)


def _with_space(value: str) -> Iterator[str]:
    if value and len(value) <= _LONG:
        yield from (f" {value} ", f"{value} ", f" {value}", value + value)
