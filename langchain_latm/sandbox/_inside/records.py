"""Record classes, which are objects in JSON: TypedDict, dataclass, NamedTuple."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
from typing import TYPE_CHECKING, Any

from langchain_latm.sandbox._inside.docstring import split_docstring
from langchain_latm.sandbox._inside.failure import Misfit, brief
from langchain_latm.sandbox._inside.shape import Shape, UnknownAnnotation
from langchain_latm.sandbox._inside.values import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MISSING = object()
"""Stands for the default of a required field."""


def record_shape(
    kind: type, outer: tuple[type, ...], shape_of: Callable[[Any, tuple[type, ...]], Shape]
) -> Shape | None:
    """Return the shape of a record class, or None for any other class.

    Args:
        kind: The class.
        outer: The classes around it.
        shape_of: Returns the shape of a field's annotation, given the classes around it.

    Raises:
        UnknownAnnotation: A field has no JSON form, or the class contains itself.
    """
    defaults: dict[str, Any]
    build: Callable[..., Any]
    if typing.is_typeddict(kind):
        optional = kind.__optional_keys__  # type: ignore[attr-defined]  # not known of a plain `type`
        hints = _hints(kind)
        defaults = {name: _typed_dict_default(hints[name], optional=name in optional) for name in hints}
        build = dict
    elif dataclasses.is_dataclass(kind):
        defaults = {field.name: _field_default(field) for field in dataclasses.fields(kind) if field.init}
        build = kind
    elif issubclass(kind, tuple) and hasattr(kind, "_field_defaults"):
        defaults = {name: kind._field_defaults.get(name, MISSING) for name in kind._fields}  # type: ignore[attr-defined]
        build = kind
    else:
        return None
    if kind in outer:
        raise UnknownAnnotation(f"{kind.__name__}, which contains itself")
    hints = _hints(kind)
    shapes = {}
    for name in defaults:
        if name not in hints:
            raise UnknownAnnotation(f"{kind.__name__}, whose field {name} has no annotation")
        shapes[name] = shape_of(hints[name], (*outer, kind))
    # A dataclass without a docstring gets its signature as docstring.
    text = None if (kind.__doc__ or "").startswith(f"{kind.__name__}(") else kind.__doc__
    _, notes = split_docstring(text if text != dict.__doc__ else None)
    return Shape(object_schema(shapes, defaults, notes), _reader(kind.__name__, shapes, defaults, build))


def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _typed_dict_default(hint: Any, *, optional: bool) -> Any:
    """Return `Ellipsis` for a key that may be left out, else `MISSING`.

    The class cannot tell if its annotations are text (`from __future__ import annotations`).
    """
    origin = typing.get_origin(hint)
    if origin is typing.Required:
        return MISSING
    return ... if optional or origin is typing.NotRequired else MISSING


def _field_default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    return MISSING if field.default_factory is dataclasses.MISSING else ...


def object_schema(shapes: Mapping[str, Shape], defaults: Mapping[str, Any], notes: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of an object with these fields and no others.

    Args:
        shapes: The shape of each field.
        defaults: `MISSING` for a required field, `Ellipsis` for one that may be left out without a JSON default.
        notes: Sentences about some of the fields.
    """
    properties = {}
    for name, shape in shapes.items():
        schema = dict(shape.schema)
        if notes.get(name):
            schema["description"] = notes[name]
        default = defaults[name]
        if default is not MISSING and default is not ...:
            with contextlib.suppress(Misfit):  # the function still has the default; the schema cannot show it
                schema["default"] = to_json(default)
        properties[name] = schema
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name in shapes if defaults[name] is MISSING]
    if required:
        schema["required"] = required
    return schema


def _reader(
    name: str, shapes: Mapping[str, Shape], defaults: Mapping[str, Any], build: Callable[..., Any]
) -> Callable[[Any], Any]:
    required = [field for field in shapes if defaults[field] is MISSING]

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise Misfit(f"expected an object for {name}, got {brief(value)}")
        fields = read_fields(value, shapes, required)
        try:
            return build(**fields)
        except Exception as error:  # noqa: BLE001 - a dataclass may check its fields in any way
            raise Misfit(f"{name} refused it: {type(error).__name__}: {error}") from None

    return read


def read_fields(value: dict[str, Any], shapes: Mapping[str, Shape], required: list[str]) -> dict[str, Any]:
    """Read the fields of an object.

    Raises:
        Misfit: One is missing, unknown or of the wrong type.
    """
    fields = {}
    for key, content in value.items():
        shape = shapes.get(key)
        if shape is None:
            raise Misfit(f"unknown name {key!r}; the names are {', '.join(shapes) or 'none'}")
        if shape.exact is not None and type(content) is shape.exact:
            fields[key] = content
            continue
        try:
            fields[key] = shape.read(content)
        except Misfit as misfit:
            raise misfit.inside(key) from None
    for key in required:
        if key not in fields:
            raise Misfit(f"{key!r} is missing")
    return fields
