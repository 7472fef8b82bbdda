"""A pydantic model from the JSON schema of a function's parameters.

Written here because the schemas are a small closed set (what the sandbox derives from annotations) that comes out
of hostile code, and because the converter on the package index (json-schema-to-pydantic 0.5) refuses tuples.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

_SCALARS: dict[str, type | None] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}
_MAX_DEPTH = 16


class ArgumentsModel(BaseModel):
    """Base of every arguments model: unknown names are errors, and a number given for text becomes text."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, protected_namespaces=())

    def to_json(self) -> dict[str, Any]:
        """The arguments as JSON data, without those that the caller left to their defaults."""
        return self.model_dump(mode="json", exclude_unset=True)


def arguments_model(name: str, schema: dict[str, Any]) -> type[ArgumentsModel]:
    """Build the model that validates the arguments of one function.

    Args:
        name: Name of the model: the tool's.
        schema: JSON schema of an object; `type`, `properties`, `required`, `items`, `prefixItems`,
            `additionalProperties`, `anyOf`, `enum`, `default` and `description` are understood.

    Returns:
        A subclass of `ArgumentsModel`; its own JSON schema says the same as `schema`.

    Raises:
        ValueError: The schema is not such an object, is nested too deep, or has a property that no model can hold.
    """
    if not isinstance(schema, dict) or schema.get("type") != "object":
        msg = "the parameters must be a JSON schema of type object"
        raise ValueError(msg)
    return _record(name, schema, 0)


def _record(name: str, schema: dict[str, Any], depth: int) -> type[ArgumentsModel]:
    required = set(schema.get("required", ()))
    fields: dict[str, Any] = {}
    for key, part in schema.get("properties", {}).items():
        options: dict[str, Any] = {"description": part.get("description")}
        if key not in required:
            options["default"] = part.get("default")
        fields[key] = (_annotation(f"{name}_{key}", part, depth + 1), Field(**options))
    with warnings.catch_warnings():
        # A parameter may be called `json` or `copy`: hiding those old methods of BaseModel is harmless here.
        warnings.filterwarnings("ignore", message="Field name .* shadows an attribute")
        try:
            return create_model(name, __base__=ArgumentsModel, **fields)
        except (NameError, TypeError) as error:
            raise ValueError(str(error)) from error


def _annotation(name: str, schema: dict[str, Any], depth: int) -> Any:
    """Translate one JSON schema into a type annotation."""
    if depth > _MAX_DEPTH:
        msg = f"the parameters are nested more than {_MAX_DEPTH} levels deep"
        raise ValueError(msg)
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    if "anyOf" in schema:
        choices = (_annotation(f"{name}_{i}", part, depth + 1) for i, part in enumerate(schema["anyOf"]))
        return Union[tuple(choices)]  # noqa: UP007 - the `|` form takes no computed members
    kind = schema.get("type")
    if kind == "array":
        return _array(name, schema, depth)
    if kind == "object":
        return _object(name, schema, depth)
    if kind is not None and kind not in _SCALARS:
        msg = f"{kind!r} is no type that a parameter can have"
        raise ValueError(msg)
    return Any if kind is None else _SCALARS[kind]


def _array(name: str, schema: dict[str, Any], depth: int) -> Any:
    if "prefixItems" in schema:
        members = [_annotation(f"{name}_{i}", p, depth + 1) for i, p in enumerate(schema["prefixItems"])]
        return tuple[tuple(members)]  # type: ignore[misc]  # the members are computed
    return list[_annotation(name, schema.get("items", {}), depth + 1)]  # type: ignore[misc]  # the same


def _object(name: str, schema: dict[str, Any], depth: int) -> Any:
    if "properties" in schema:
        return _record(name, schema, depth)
    values = schema.get("additionalProperties")
    return dict[str, _annotation(name, values if isinstance(values, dict) else {}, depth + 1)]  # type: ignore[misc]  # the same
