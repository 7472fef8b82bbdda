"""A pydantic model from the JSON schema of a function's parameters.

The schemas are a small closed set, which the sandbox derives from annotations, but hostile code may produce them. The
converter on PyPI (json-schema-to-pydantic 0.5) does not support tuples.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal, Union

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PydanticUserError,
    create_model,
)

from langchain_latm._core.plain_names import plain_keys
from langchain_latm.text.reading.naming import FORBIDDEN_PARAMETERS
from langchain_latm.tools.gate.gate import check_code

_SCALARS: dict[str, type | None] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}
_FORMATS: dict[str, Callable[[str], object]] = {
    "date": dt.date.fromisoformat,
    "date-time": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
}
PYTHON = "text/x-python"
"""The `contentMediaType` of a text that must be Python code."""

_MAX_DEPTH = 16
_MAX_CHARACTERS = 64 * 1024  # of the schema as JSON; pydantic takes a second for one that is a hundred times as long


class ArgumentsModel(BaseModel):
    """Base of the arguments models: unknown names are errors, and a number for a text becomes text.

    Its fields, and so its JSON schema, have names that every provider accepts: ASCII, at most 64 characters. Arguments
    may have these names or the function's own.
    """

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, protected_namespaces=(), allow_inf_nan=False)

    def to_json(self) -> dict[str, Any]:
        """The arguments as JSON data, by the function's names, without defaults that were not given."""
        return self.model_dump(mode="json", exclude_unset=True, by_alias=True)

    @classmethod
    def provider_schema(cls) -> dict[str, Any]:
        """The JSON schema without references, for a model that fills it in."""
        from langchain_core.utils.json_schema import dereference_refs  # noqa: PLC0415 - only for a model's request

        whole: dict[str, Any] = dereference_refs(cls.model_json_schema())
        return {key: value for key, value in whole.items() if key != "$defs"}

    @classmethod
    def own_name(cls, field: str) -> str:
        """Return the function's name of a field."""
        return cls.model_fields[field].serialization_alias or field if field in cls.model_fields else field


# LangChain and pydantic call these on every model, so no field may shadow them. `json`, `copy` and the like are
# allowed.
_RESERVED = frozenset({"to_json", *(name for name in dir(BaseModel) if name.startswith("model_"))})
RESERVED_PARAMETERS = _RESERVED | FORBIDDEN_PARAMETERS
"""Names that no parameter of a tool can have."""


def check_parameter_names(entry: str, names: Iterable[str]) -> None:
    """Check the names of a tool's parameters: some names are reserved by LangChain and pydantic.

    Raises:
        ValueError: One of them has such a name.
    """
    for name in names:
        if name.startswith("_") or name in RESERVED_PARAMETERS:
            raise ValueError(f"{entry} has a parameter {name!r}, a name that is reserved; rename it")


def arguments_model(name: str, schema: dict[str, Any]) -> type[ArgumentsModel]:
    """Build the model that validates the arguments of one function.

    Args:
        name: Name of the model: the tool's.
        schema: JSON schema of an object; `type`, `properties`, `required`, `items`, `prefixItems`, `minItems`,
            `maxItems`, `additionalProperties`, `anyOf`, `enum`, `format` (of dates and times), `contentMediaType` (of
            Python code), `default` and `description` are used, others are ignored.

    Returns:
        A subclass of `ArgumentsModel`; its own JSON schema is equivalent to `schema`, with titles.

    Raises:
        ValueError: The schema is not such an object, is nested too deep, is too long, or has a property that a model
            cannot have.
    """
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise ValueError("the parameters must be a JSON schema of type object")
    try:
        text = json.dumps(schema, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"the parameters are not a JSON schema: {error}") from error
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(f"the schema of the parameters is longer than {_MAX_CHARACTERS:,} characters")
    return _cached_record(name, text)


@lru_cache(maxsize=256)  # each call of a tool needs the model, and building it takes a millisecond
def _cached_record(name: str, schema: str) -> type[ArgumentsModel]:
    return _record(name, json.loads(schema), 0)


def _record(name: str, schema: dict[str, Any], depth: int) -> type[ArgumentsModel]:
    required = _part(schema, "required", list, [])
    properties = _part(schema, "properties", dict, {})
    fields: dict[str, Any] = {}
    for key, plain in plain_keys(properties).items():
        if key.startswith("_") or key in _RESERVED:
            raise ValueError(f"no parameter can be named {key!r}")
        part = properties[key]
        annotation = _annotation(f"{name}_{plain}", part, depth + 1)
        more: dict[str, Any] = {"description": _part(part, "description", str, None)}
        if plain != key:  # providers refuse the function's own name; both names are accepted
            more |= {"validation_alias": AliasChoices(plain, key), "serialization_alias": key}
            more["description"] = more["description"] or key
        if key not in required:
            # If the schema has no default, only the function knows it.
            more |= {"default": part["default"]} if "default" in part else {"default_factory": _left_out}
        fields[plain] = (annotation, Field(**more))
    with warnings.catch_warnings():
        # A parameter may be called `json` or `copy`: shadowing those deprecated methods of BaseModel is harmless here.
        warnings.filterwarnings("ignore", message="Field name .* shadows an attribute")
        try:
            return create_model(name, __base__=ArgumentsModel, **fields)
        except (NameError, TypeError, PydanticUserError) as error:
            raise ValueError(str(error)) from error


def _annotation(name: str, schema: Any, depth: int) -> Any:
    """Translate one JSON schema into a type annotation."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"the parameters are nested more than {_MAX_DEPTH} levels deep")
    if not isinstance(schema, dict):
        raise ValueError(f"{name} has no JSON schema")  # noqa: TRY004 - one error for every unusable schema
    if "enum" in schema:
        return _choice(_part(schema, "enum", list, []))
    if "anyOf" in schema:
        parts = _part(schema, "anyOf", list, [])
        if not parts:
            raise ValueError("'anyOf' has no members")
        return Union[tuple(_annotation(f"{name}_{i}", part, depth + 1) for i, part in enumerate(parts))]  # noqa: UP007 - the `|` form takes no computed members
    kind = _part(schema, "type", str, None)
    if kind == "array":
        return _array(name, schema, depth)
    if kind == "object":
        return _object(name, schema, depth)
    return Any if kind is None else _scalar(kind, schema.get("format"), schema.get("contentMediaType"))


def _scalar(kind: str, form: Any, media: Any) -> Any:
    if kind not in _SCALARS:
        raise ValueError(f"{kind!r} is not a type that a parameter can have")
    if kind == "string" and isinstance(form, str) and form in _FORMATS:
        return Annotated[str, AfterValidator(_written(_FORMATS[form])), _Keywords(format=form)]
    if kind == "string" and media == PYTHON:
        return Annotated[str, AfterValidator(_written(check_code)), _Keywords(description="Python code.")]
    return _SCALARS[kind]


def _choice(values: list[Any]) -> Any:
    if not values or not all(value is None or isinstance(value, str | int | float) for value in values):
        raise ValueError("'enum' takes at least one value, each a string, number, true, false or null")
    choice: Any = Literal[tuple(values)]
    # Gemini refuses a request with a tool whose `enum` holds anything but texts.
    return choice if all(isinstance(value, str) for value in values) else Annotated[choice, _Choice(values)]


def _array(name: str, schema: dict[str, Any], depth: int) -> Any:
    if "prefixItems" in schema:
        parts = _part(schema, "prefixItems", list, [])
        members = [_annotation(f"{name}_{i}", part, depth + 1) for i, part in enumerate(parts)]
        return Annotated[tuple[tuple(members)], _Items()]  # type: ignore[misc]  # the members are computed
    items: Any = list[_annotation(name, schema.get("items", {}), depth + 1)]  # type: ignore[misc]  # computed too
    shortest, longest = _part(schema, "minItems", int, None), _part(schema, "maxItems", int, None)
    if not all(bound is None or 0 <= bound < _MAX_CHARACTERS for bound in (shortest, longest)):
        raise ValueError("'minItems' or 'maxItems' is out of range")
    if schema.get("uniqueItems") is True:
        items = Annotated[items, _Keywords(description="Each member once.")]
    if shortest is None and longest is None:
        return items
    return Annotated[items, Field(min_length=shortest, max_length=longest)]


def _object(name: str, schema: dict[str, Any], depth: int) -> Any:
    if "properties" in schema:
        return _record(name, schema, depth)
    values = schema.get("additionalProperties")
    return dict[str, _annotation(name, values if isinstance(values, dict) else {}, depth + 1)]  # type: ignore[misc]  # computed too


def _part(schema: dict[str, Any], key: str, kind: type, otherwise: Any) -> Any:
    """Return one keyword of a schema; hostile code may have written it."""
    value = schema.get(key, otherwise)
    if value is otherwise or isinstance(value, kind):
        return value
    raise ValueError(f"{key!r} must be a {kind.__name__}")


class _Items:
    """Writes the members of a tuple as `items`: providers do not support `prefixItems`, or require `items` as well."""

    def __get_pydantic_json_schema__(self, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = dict(handler(core))
        members: list[Any] = []
        for member in schema.pop("prefixItems", []):
            if member not in members:
                members.append(member)
        return schema | {"items": members[0] if len(members) == 1 else {"anyOf": members} if members else {}}


class _Choice:
    """Writes a choice among values that are not all texts as their types, and names the values in words."""

    def __init__(self, values: list[Any]) -> None:
        names = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
        kinds = [{"type": kind} for kind in dict.fromkeys(names[type(value)] for value in values)]
        said = {"description": f"One of {', '.join(json.dumps(value, ensure_ascii=False) for value in values)}."}
        self._schema = (kinds[0] if len(kinds) == 1 else {"anyOf": kinds}) | said

    def __get_pydantic_json_schema__(self, _core: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self._schema


class _Keywords:
    """Keywords for the JSON schema of a type, besides those that pydantic writes.

    `uniqueItems` and `contentMediaType` are described in words: OpenAI refuses them in strict mode, and Gemini always.
    """

    def __init__(self, **keywords: Any) -> None:
        self._keywords = keywords

    def __get_pydantic_json_schema__(self, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(core) | self._keywords


def _written(read: Callable[[str], object]) -> Callable[[str], str]:
    """Check that a text can be parsed, and return it unchanged."""

    def check(text: str) -> str:
        read(text)
        return text

    return check


def _left_out() -> None:
    """Default of a parameter if only the function knows it; unlike None, it is not in the JSON schema."""
