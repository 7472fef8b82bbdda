"""Runtime of exported functions: from JSON data to arguments, and from the value to answer text.

The source of this module is copied into exported files. It uses the standard library only, and all its names start with
`_latm_`, so that they cannot shadow names of the function. It reads leniently what the sandbox reads strictly.
"""

import contextlib as _latm_contextlib
import dataclasses as _latm_dataclasses
import datetime as _latm_datetime  # noqa: ICN001 - consistent with the other aliases
import enum as _latm_enum
import json as _latm_json
import types as _latm_types
import typing as _latm_typing


def _latm_arguments(function: _latm_typing.Any, arguments: dict[str, _latm_typing.Any]) -> dict[str, _latm_typing.Any]:
    """Convert JSON data to the types in the function's annotations: dates, tuples, sets, records."""
    hints = _latm_typing.get_type_hints(function, include_extras=True)
    return {name: _latm_read(value, hints.get(name)) for name, value in arguments.items()}


def _latm_read(  # noqa: PLR0911 - one return per type
    value: _latm_typing.Any, hint: _latm_typing.Any
) -> _latm_typing.Any:
    kind, inner = _latm_typing.get_origin(hint) or hint, _latm_typing.get_args(hint)
    if kind in (_latm_typing.Annotated, _latm_typing.Required, _latm_typing.NotRequired):
        return _latm_read(value, inner[0])
    if kind in (_latm_typing.Union, _latm_types.UnionType):
        return _latm_read_one_of(value, inner)
    if hasattr(hint, "__supertype__") or hasattr(hint, "__value__"):  # NewType, `type X = ...`
        return _latm_read(value, getattr(hint, "__supertype__", None) or hint.__value__)
    if not isinstance(kind, type):
        return value
    if isinstance(value, str) and issubclass(kind, (_latm_datetime.date, _latm_datetime.time)):
        return kind.fromisoformat(value)
    if issubclass(kind, _latm_enum.Enum):
        return kind(value)
    if isinstance(value, list):
        return _latm_read_list(value, kind, inner)
    if isinstance(value, dict):
        return _latm_read_dict(value, kind, inner)
    return value


def _latm_read_one_of(value: _latm_typing.Any, hints: tuple[_latm_typing.Any, ...]) -> _latm_typing.Any:
    if type(value) in hints:
        return value
    for hint in hints:
        with _latm_contextlib.suppress(TypeError, ValueError):
            read = _latm_read(value, hint)
            if read is not value:
                return read
    return value


def _latm_read_list(value: list[_latm_typing.Any], kind: type, inner: tuple[_latm_typing.Any, ...]) -> _latm_typing.Any:
    if issubclass(kind, tuple) and inner and inner[-1] is not Ellipsis:
        return tuple(_latm_read(item, hint) for item, hint in zip(value, inner, strict=True))
    items = [_latm_read(item, inner[0] if inner else None) for item in value]
    return kind(items) if issubclass(kind, (tuple, set, frozenset)) else items


def _latm_read_dict(
    value: dict[str, _latm_typing.Any], kind: type, inner: tuple[_latm_typing.Any, ...]
) -> _latm_typing.Any:
    if len(inner) == 2:  # noqa: PLR2004 - dict[str, T]
        return {name: _latm_read(item, inner[1]) for name, item in value.items()}
    if issubclass(kind, dict) and not _latm_typing.is_typeddict(kind):
        return value
    hints = _latm_typing.get_type_hints(kind, include_extras=True)
    fields = {name: _latm_read(item, hints.get(name)) for name, item in value.items()}
    return kind(**fields) if _latm_dataclasses.is_dataclass(kind) or hasattr(kind, "_fields") else fields


def _latm_json_data(value: _latm_typing.Any) -> _latm_typing.Any:  # noqa: PLR0911 - one return per type
    """Convert the returned value to JSON data, as the sandbox does."""
    if isinstance(value, _latm_enum.Enum):
        return _latm_json_data(value.value)
    if isinstance(value, (_latm_datetime.date, _latm_datetime.time)):
        return value.isoformat()
    if _latm_dataclasses.is_dataclass(value):
        return {field.name: _latm_json_data(getattr(value, field.name)) for field in _latm_dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: _latm_json_data(getattr(value, name)) for name in value._fields}
    if isinstance(value, (list, tuple)):
        return [_latm_json_data(item) for item in value]
    if isinstance(value, dict):
        return {name: _latm_json_data(item) for name, item in value.items()}
    return value


def _latm_answer(value: _latm_typing.Any) -> str:
    """Format a value as an answer: text unchanged, numbers as Python prints them, anything else as JSON."""
    data = _latm_json_data(value)
    if isinstance(data, str):
        return data
    if data is None or isinstance(data, (bool, int, float)):
        return str(data)
    return _latm_json.dumps(data, ensure_ascii=False)
