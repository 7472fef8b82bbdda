"""Compares JSON values, and writes equal ones as the same text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def same_json(one: Any, other: Any, *, leaf: Callable[[Any, Any], bool | None] | None = None) -> bool:
    """Whether two JSON values are the same.

    Numbers are compared as numbers: 5 is 5.0. Nothing else is converted: `"7"` is not 7, and true is not 1.

    Args:
        one: A value.
        other: Another.
        leaf: Compares two parts that are neither lists nor objects; if it returns None, they must be the same.
    """
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same_json(a, b, leaf=leaf) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(each, other[key], leaf=leaf) for key, each in one.items())
    if isinstance(one, list | tuple | dict) or isinstance(other, list | tuple | dict):
        return False
    said = None if leaf is None else leaf(one, other)
    return json_type(one) is json_type(other) and bool(one == other) if said is None else said


def json_type(value: Any) -> type:
    """Return the type of a JSON value; all numbers have one."""
    return float if type(value) is int else type(value)


def is_number(value: object) -> bool:
    """Whether a JSON value is a number; a bool is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def json_key(value: Any) -> str:
    """Return a text that is equal for two JSON values if, and only if, they are the same (`same_json`)."""
    return json.dumps(_with_plain_numbers(value), sort_keys=True, ensure_ascii=False)


def _with_plain_numbers(value: Any) -> Any:
    """Replace floats that are whole numbers by integers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_with_plain_numbers(each) for each in value]
    if isinstance(value, dict):
        return {key: _with_plain_numbers(each) for key, each in value.items()}
    return value
