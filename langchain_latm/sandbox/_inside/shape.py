"""The meaning of an annotation for JSON data: a schema, and a function that converts data to the annotated type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from langchain_latm.sandbox._inside.failure import Misfit, brief

if TYPE_CHECKING:
    from collections.abc import Callable

_JSON_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


class Shape(NamedTuple):
    """The JSON form of an annotation.

    Attributes:
        schema: Its JSON schema, without references.
        read: Turns decoded JSON into the annotated type; raises `Misfit`.
        exact: The only type whose values `read` returns unchanged, if there is one, so that callers may skip `read` for
            it.
    """

    schema: dict[str, Any]
    read: Callable[[Any], Any]
    exact: type | None = None


class UnknownAnnotation(Exception):  # noqa: N818 - it becomes a sentence in a failure
    """An annotation without a JSON form."""


def expected(wanted: str, value: Any) -> Misfit:
    """Return the error for a value of another JSON type."""
    kind = type(value)
    return Misfit(f"expected {wanted}, got {_JSON_NAMES.get(kind, kind.__name__)} {brief(value)}")


def _read_int(value: Any) -> Any:
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():  # 3.0 is an integer in JSON
        return int(value)
    raise expected("an integer", value)


def _read_float(value: Any) -> Any:
    if type(value) is float or type(value) is int:
        return value
    raise expected("a number", value)


def _read_exactly(kind: type, wanted: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is kind:
            return value
        raise expected(wanted, value)

    return read


def _read_moment(kind: Any, wanted: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not str:
            raise expected(wanted, value)
        try:
            return kind.fromisoformat(value)
        except ValueError:
            raise expected(wanted, value) from None

    return read


PLAIN: dict[Any, Shape] = {
    int: Shape({"type": "integer"}, _read_int, int),
    float: Shape({"type": "number"}, _read_float, float),
    str: Shape({"type": "string"}, _read_exactly(str, "a string"), str),
    bool: Shape({"type": "boolean"}, _read_exactly(bool, "true or false"), bool),
    None: Shape({"type": "null"}, _read_exactly(type(None), "null"), type(None)),
    type(None): Shape({"type": "null"}, _read_exactly(type(None), "null"), type(None)),
    Any: Shape({}, lambda value: value),
    dt.date: Shape({"type": "string", "format": "date"}, _read_moment(dt.date, "a date such as 2024-12-31")),
    dt.datetime: Shape(
        {"type": "string", "format": "date-time"},
        _read_moment(dt.datetime, "a date and time such as 2024-12-31T23:59:00"),
    ),
    dt.time: Shape({"type": "string", "format": "time"}, _read_moment(dt.time, "a time such as 23:59")),
}
