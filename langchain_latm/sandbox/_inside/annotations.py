"""The shapes of annotations that have a JSON form."""

from __future__ import annotations

import collections.abc
import enum
import types
import typing
from typing import TYPE_CHECKING, Any

from langchain_latm.sandbox._inside.failure import Misfit
from langchain_latm.sandbox._inside.records import record_shape
from langchain_latm.sandbox._inside.shape import PLAIN, Shape, UnknownAnnotation, expected
from langchain_latm.sandbox._inside.values import to_json
from langchain_latm.sandbox._wire import escape_lone_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable

ALLOWED = (
    "int, float, str, bool, None, Any, list[...], tuple[...], set[...], dict[str, ...], Optional and unions, "
    "Literal, Enum, TypedDict, dataclass, NamedTuple, date, datetime, time"
)
"""The annotations that have a JSON form, as an error message lists them."""

_LISTS = (
    list,
    collections.abc.Sequence,
    collections.abc.MutableSequence,
    collections.abc.Iterable,
    collections.abc.Collection,
)
_SETS: dict[Any, Callable[[Any], Any]] = {
    set: set,
    frozenset: frozenset,
    collections.abc.Set: frozenset,
    collections.abc.MutableSet: set,
}
_OBJECTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


def shape_of(annotation: Any, outer: tuple[type, ...] = ()) -> Shape:  # noqa: PLR0911 - one for each kind
    """Return the shape of an annotation.

    Args:
        annotation: The annotation from `typing.get_type_hints`, with extras.
        outer: The classes around this annotation, to find one that contains itself.

    Raises:
        UnknownAnnotation: It has no JSON form; the text names it.
    """
    try:
        plain = PLAIN.get(annotation)
    except TypeError:  # an unhashable annotation is not a plain one
        plain = None
    if plain is not None:
        return plain
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _annotated(annotation, outer)
    if origin in (typing.Required, typing.NotRequired):
        return shape_of(typing.get_args(annotation)[0], outer)
    if hasattr(annotation, "__supertype__"):  # NewType
        return shape_of(annotation.__supertype__, outer)
    if type(annotation).__name__ == "TypeAliasType":  # `type X = ...`
        return _alias(annotation, outer)
    if origin is typing.Union or origin is types.UnionType:
        return _union(typing.get_args(annotation), outer)
    if origin is typing.Literal:
        return _choice(list(typing.get_args(annotation)), {})
    return _container(annotation, origin or annotation, typing.get_args(annotation), outer)


def _container(annotation: Any, base: Any, inner: tuple[Any, ...], outer: tuple[type, ...]) -> Shape:
    if base in _LISTS:
        item = shape_of(inner[0], outer) if inner else PLAIN[Any]
        return Shape({"type": "array", **_items(item)}, _read_list(item.read, list))
    if base in _SETS:
        item = shape_of(inner[0], outer) if inner else PLAIN[Any]
        return Shape({"type": "array", **_items(item), "uniqueItems": True}, _read_list(item.read, _SETS[base]))
    if base is tuple:
        return _tuple(inner, outer)
    if base in _OBJECTS:
        return _mapping(inner, outer)
    if isinstance(base, type):
        if issubclass(base, enum.Enum):
            return _choice([member.value for member in base], {to_key(member.value): member for member in base})
        record = record_shape(base, outer, shape_of)
        if record is not None:
            return record
    raise UnknownAnnotation(_name(annotation))


def _name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).removeprefix("typing.")


def _items(item: Shape) -> dict[str, Any]:
    return {"items": item.schema} if item.schema else {}


def _read_list(read_item: Callable[[Any], Any], build: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not list:
            raise expected("an array", value)
        items: list[Any] = []
        try:
            for item in value:
                items.append(read_item(item))  # noqa: PERF401 - the length says where a misfit stands
        except Misfit as misfit:
            raise misfit.inside(len(items)) from None
        try:
            return items if build is list else build(items)
        except TypeError as error:
            raise Misfit(f"cannot be made a set: {error}") from None

    return read


def _tuple(inner: tuple[Any, ...], outer: tuple[type, ...]) -> Shape:
    if not inner:
        return Shape({"type": "array"}, _read_list(PLAIN[Any].read, tuple))
    if len(inner) == 2 and inner[1] is Ellipsis:  # noqa: PLR2004 - tuple[T, ...]
        item = shape_of(inner[0], outer)
        return Shape({"type": "array", **_items(item)}, _read_list(item.read, tuple))
    parts = [shape_of(part, outer) for part in inner]
    schema: dict[str, Any] = {"type": "array", "minItems": len(parts), "maxItems": len(parts)}
    if all(part.schema == parts[0].schema for part in parts):  # supported by more readers than prefixItems
        schema |= _items(parts[0])
    else:
        schema["prefixItems"] = [part.schema for part in parts]

    def read(value: Any) -> Any:
        if type(value) is not list or len(value) != len(parts):
            raise expected(f"an array of {len(parts)}", value)
        items: list[Any] = []
        try:
            for part, item in zip(parts, value, strict=True):
                items.append(part.read(item))
        except Misfit as misfit:
            raise misfit.inside(len(items)) from None
        return tuple(items)

    return Shape(schema, read)


def _mapping(inner: tuple[Any, ...], outer: tuple[type, ...]) -> Shape:
    if inner and inner[0] is not str and inner[0] is not Any:
        raise UnknownAnnotation(f"a dict with keys of type {_name(inner[0])}, where JSON has strings only")
    item = shape_of(inner[1], outer) if inner else PLAIN[Any]
    schema: dict[str, Any] = {"type": "object"}
    if item.schema:
        schema["additionalProperties"] = item.schema

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise expected("an object", value)
        result = {}
        for key, content in value.items():
            try:
                result[key] = item.read(content)
            except Misfit as misfit:
                raise misfit.inside(key) from None
        return result

    return Shape(schema, read)


def _annotated(annotation: Any, outer: tuple[type, ...]) -> Shape:
    base, *notes = typing.get_args(annotation)
    shape = shape_of(base, outer)
    texts = [note for note in notes if isinstance(note, str)]
    return shape._replace(schema={**shape.schema, "description": escape_lone_surrogates(texts[0])}) if texts else shape


def _alias(alias: Any, outer: tuple[type, ...]) -> Shape:
    if alias in outer:
        raise UnknownAnnotation(f"{alias.__name__}, which refers to itself")
    return shape_of(alias.__value__, (*outer, alias))


def _union(members: tuple[Any, ...], outer: tuple[type, ...]) -> Shape:
    shapes = [shape_of(member, outer) for member in members]
    wanted = " or ".join("null" if member is type(None) else _name(member) for member in members)

    def read(value: Any) -> Any:
        kind = type(value)
        problems = []
        for shape in shapes:  # int | str must keep "3" a text and float | int keep 3 an integer
            if shape.exact is kind:
                return value
        for shape in shapes:
            try:
                return shape.read(value)
            except Misfit as misfit:
                problems.append(misfit)
        deepest = max(problems, key=lambda misfit: misfit.depth)
        raise deepest if deepest.depth else expected(wanted, value)

    return Shape({"anyOf": [shape.schema for shape in shapes]}, read)


def to_key(value: Any) -> tuple[type, Any]:
    """Return a key that distinguishes JSON scalars: `1`, `1.0` and `True` are equal in Python."""
    return type(value), value


def _choice(values: list[Any], members: dict[tuple[type, Any], Any]) -> Shape:
    """Return the shape of one of a few values; `members` maps them to Enum members, a Literal has none."""
    flat = [to_json(value.value if isinstance(value, enum.Enum) else value) for value in values]
    kinds = {type(value) for value in flat}
    if not flat or not kinds <= {str, int, bool, float, type(None)}:
        raise UnknownAnnotation("a choice among values that are not strings, numbers, true, false or null")
    lookup = members or {to_key(plain): value for plain, value in zip(flat, values, strict=True)}
    schema: dict[str, Any] = {"enum": flat}
    if len(kinds) == 1:
        schema = {**PLAIN[kinds.pop()].schema, **schema}
    wanted = f"one of {', '.join(map(repr, flat))}"

    def read(value: Any) -> Any:
        try:
            return lookup[to_key(value)]
        except (KeyError, TypeError):
            raise expected(wanted, value) from None

    return Shape(schema, read)
