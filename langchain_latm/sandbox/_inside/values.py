"""Strict conversion of a tool's return value to JSON data: nothing is converted to text or dropped."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import math
from typing import TYPE_CHECKING, Any

from langchain_latm.sandbox._inside.failure import Misfit, brief
from langchain_latm.sandbox._wire import BIGGEST_INT, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

_HINTS = {
    "set": "return a sorted list",
    "frozenset": "return a sorted list",
    "generator": "return a list",
    "map": "return a list",
    "filter": "return a list",
    "zip": "return a list",
    "range": "return a list",
    "dict_keys": "return a list",
    "dict_values": "return a list",
    "dict_items": "return a list of pairs",
    "Decimal": "return a float or a string",
    "Fraction": "return a float or a string",
    "complex": "return its two parts",
    "bytes": "return a string",
    "coroutine": "the function must not be async",
    "deque": "return a list",
    "timedelta": "return its total_seconds()",
}

# Called on the base class, because a subclass may override `__str__` and other methods.
_PLAIN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (dt.datetime, dt.datetime.isoformat),  # before `date`: a datetime is one
    (dt.date, dt.date.isoformat),
    (dt.time, dt.time.isoformat),
)


def to_json(value: Any, depth: int = MAX_DEPTH) -> Any:  # noqa: PLR0911 - one line for each kind of value
    """Return JSON data for a tool's value.

    Tuples and named tuples without annotations become lists; dataclasses and named tuples become objects;
    an Enum member becomes its value; dates and times become ISO 8601 text.

    Raises:
        Misfit: The value, or a part of it, has no JSON form.
    """
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _text(value)
    if kind is bool or value is None:
        return value
    if kind is int:
        if -BIGGEST_INT < value < BIGGEST_INT:
            return value
        raise Misfit("an integer of more than 4,300 digits; return a shorter form of it")
    if kind is float:
        if math.isfinite(value):
            return value
        raise Misfit(f"{value!r} is not JSON: return None or a string instead")
    if depth == 0:
        raise Misfit(f"nested more than {MAX_DEPTH} levels deep")
    if kind is list or kind is tuple:
        return _list(value, depth)
    if kind is dict:
        return _object(value, depth)
    return _other(value, depth)


def _text(value: str) -> str:
    """Refuse lone surrogates, which JSON can represent but UTF-8 files and databases cannot."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        surrogate = value[error.start]
        raise Misfit(f"a lone surrogate ({surrogate!r} at {error.start}), which UTF-8 cannot encode") from None
    return value


def _list(items: Any, depth: int) -> list[Any]:
    result: list[Any] = []
    try:
        for item in items:
            result.append(to_json(item, depth - 1))  # noqa: PERF401 - the length says where a misfit stands
    except Misfit as misfit:
        raise misfit.inside(len(result)) from None
    return result


def _object(items: dict[Any, Any], depth: int) -> dict[str, Any]:
    result = {}
    for key, item in items.items():
        if type(key) is not str:
            if not isinstance(key, str):
                raise Misfit(f"the dictionary key {brief(key)} is of type {type(key).__name__}; JSON keys are strings")
            key = str.__str__(key)  # noqa: PLW2901 - the same key, without its subclass
        if not key.isascii():
            _text(key)
        try:
            result[key] = to_json(item, depth - 1)
        except Misfit as misfit:
            raise misfit.inside(key) from None
    return result


def _other(value: Any, depth: int) -> Any:
    if isinstance(value, enum.Enum):
        return to_json(value.value, depth - 1)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _object({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, depth)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return _object(dict(zip(value._fields, value, strict=True)), depth)
    for base, plain in _PLAIN:
        if isinstance(value, base):
            return to_json(plain(value), depth)
    if isinstance(value, list | tuple):
        return _list(value, depth)
    if isinstance(value, dict):  # Counter, OrderedDict, defaultdict
        return _object(value, depth)
    name = type(value).__name__
    hint = f"; {_HINTS[name]}" if name in _HINTS else ""
    raise Misfit(f"a value of type {name} is not JSON{hint}")
