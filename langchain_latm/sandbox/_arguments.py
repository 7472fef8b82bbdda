"""Encodes a caller's arguments as JSON; refuses values that JSON would change or drop."""

from __future__ import annotations

from typing import Any, Final

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox.base import Failure, FailureKind

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})


class InputRefusedError(Exception):
    """The input of a call cannot be sent; the failure has the reason."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind=kind, message=message)


def arguments_text(arguments: Any, largest: int) -> str:
    """Return the JSON text of keyword arguments.

    Raises:
        InputRefusedError: They are not JSON data, or too large.
    """
    try:
        plain = arguments if type(arguments) is dict else dict(arguments)
        for name, value in plain.items():
            if type(name) is not str:
                raise TypeError(f"the name {name!r} is not a string")  # noqa: TRY301
            if type(value) not in _SCALARS:
                _check(value, name, 1)
        text = _wire.encode(plain)
        _wire.refuse_lone_surrogates(text, plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputRefusedError(FailureKind.ARGUMENTS, f"the arguments are not JSON data: {error}") from None
    if len(text) > largest:
        raise InputRefusedError(FailureKind.INPUT, f"the arguments are larger than {largest} bytes of JSON")
    return text


def _check(value: Any, name: str, depth: int) -> None:
    """Refuse values that the encoder accepts: keys that it would convert to text, and endless nesting."""
    if depth > _wire.MAX_DEPTH:
        raise ValueError(f"{name} is nested more than {_wire.MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{name} has the key {key!r} of type {type(key).__name__}; keys are strings")
            if type(item) not in _SCALARS:
                _check(item, name, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) not in _SCALARS:
                _check(item, name, depth + 1)
    elif not isinstance(value, str | int | float):
        raise TypeError(f"{name} holds a value of type {type(value).__name__}")
