"""From the schema that a sandbox derived, maybe from hostile code, to a model of the arguments."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from pydantic import ValidationError

from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.arguments_model import ArgumentsModel, arguments_model
from tests.unit_tests.made_tool import tool_of

NESTED = '''\
import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal, NotRequired, TypedDict


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


@dataclass
class Item:
    """An item.

    Args:
        label: What it is called.
    """

    label: str
    sizes: list[Size]
    place: tuple[int, str]


class Order(TypedDict):
    items: list[Item]
    note: NotRequired[str]


def f(
    order: Order,
    corner: tuple[float, float],
    how: Literal["fast", "slow"],
    by_name: dict[str, list[int]],
    key: int | str | None,
    seen: set[int],
    day: date = date(2020, 2, 29),
    limit: int = 10,
    tags: list[str] = [],
    factor: float | None = None,
) -> str:
    """Do something.

    Args:
        limit: How many.
    """
    return "x"
'''
GIVEN: dict[str, Any] = {
    "order": {"items": [{"label": "a", "sizes": ["s", "l"], "place": [1, "x"]}]},
    "corner": [0.5, 2.0],
    "how": "fast",
    "by_name": {"x": [1], "y": []},
    "key": "7",
    "seen": [1, 2],
}


@pytest.fixture(scope="module")
def nested(sandbox: Sandbox) -> tuple[dict[str, Any], type[ArgumentsModel]]:
    tool = tool_of(sandbox, NESTED)
    return tool.parameters, tool.arguments_model


def of(**properties: Any) -> type[ArgumentsModel]:
    return arguments_model("f", {"type": "object", "properties": properties, "required": list(properties)})


def without_titles(schema: Any, definitions: dict[str, Any]) -> Any:
    """A pydantic schema as the sandbox writes one: no titles, no references, no order."""
    if isinstance(schema, list):
        return [without_titles(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {**definitions[name], **{k: v for k, v in schema.items() if k != "$ref"}}
    kept = {k: v for k, v in schema.items() if k != "$defs" and not (k == "title" and isinstance(v, str))}
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    return {k: without_titles(v, definitions) for k, v in kept.items()}


def for_providers(schema: Any) -> Any:
    """The sandbox's schema with `items` for the members of tuples."""
    if isinstance(schema, list):
        return [for_providers(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: for_providers(part) for key, part in schema.items()}
    if "prefixItems" in changed:
        members = [each for i, each in enumerate(changed["prefixItems"]) if each not in changed["prefixItems"][:i]]
        changed["items"] = members[0] if len(members) == 1 else {"anyOf": members}
        del changed["prefixItems"]
    if changed.pop("uniqueItems", False):
        changed["description"] = "Each member once."
    return changed


class TestRoundTrip:
    def test_arguments_come_back_as_json_data_without_defaults(self, nested: tuple[Any, type[ArgumentsModel]]) -> None:
        assert nested[1].model_validate(GIVEN).to_json() == GIVEN

    def test_every_argument_may_be_given(self, nested: tuple[Any, type[ArgumentsModel]]) -> None:
        order = {**GIVEN["order"], "note": "n"}
        given = {**GIVEN, "order": order, "day": "2024-01-31", "limit": 3, "tags": ["t"], "factor": 1.5}
        assert nested[1].model_validate(given).to_json() == given

    def test_the_schema_of_the_model_is_the_schema_it_was_made_of(
        self, nested: tuple[dict[str, Any], type[ArgumentsModel]]
    ) -> None:
        parameters, model = nested
        schema = model.model_json_schema()
        assert without_titles(schema, schema.get("$defs", {})) == for_providers(parameters)

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"how": "never"}, "how"),
            ({"corner": [1.0]}, "corner"),
            ({"corner": [1.0, 2.0, 3.0]}, "corner"),
            ({"order": {}}, "order.items"),
            ({"order": {"items": [{"label": "a", "sizes": ["m"], "place": [1, "x"]}]}}, "order.items.0.sizes.0"),
            ({"order": {"items": [{"label": "a", "sizes": [], "place": [1]}]}}, "order.items.0.place.1"),
            ({"order": {"items": [], "more": 1}}, "order.more"),
            ({"by_name": {"x": ["one"]}}, "by_name.x.0"),
            ({"day": "31.1.2024"}, "day"),
            ({"factor": float("nan")}, "factor"),
            ({"limit": None}, "limit"),
            ({"unknown": 1}, "unknown"),
        ],
    )
    def test_invalid_arguments_are_named(
        self, nested: tuple[Any, type[ArgumentsModel]], change: dict[str, Any], where: str
    ) -> None:
        with pytest.raises(ValidationError) as refused:
            nested[1].model_validate(GIVEN | change)
        assert where in {".".join(map(str, error["loc"])) for error in refused.value.errors()}


@pytest.mark.parametrize(
    ("schema", "given", "taken"),
    [
        ({"type": "string"}, 12, "12"),
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, 12.0, 12),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "null"}, None, None),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "12", "12"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, 12, 12),
        ({"enum": [1, 2.5, "a", None, False]}, 2.5, 2.5),
        ({"type": "array", "prefixItems": []}, [], []),
        ({"type": "object"}, {"any": ["thing"]}, {"any": ["thing"]}),
        ({"type": "string", "format": "date-time"}, "2024-12-31T23:59:00", "2024-12-31T23:59:00"),
        ({"type": "string", "format": "time"}, "23:59", "23:59"),
        ({"type": "string", "format": "made-up"}, "x", "x"),
        ({}, [1, {"a": None}], [1, {"a": None}]),
    ],
)
def test_a_value_is_read_leniently_but_never_changed_in_meaning(schema: Any, given: Any, taken: Any) -> None:
    read = of(a=schema).model_validate({"a": given}).to_json()["a"]
    assert read == taken
    assert type(read) is type(taken)


@pytest.mark.parametrize("name", ["json", "copy", "dict", "schema", "validate", "class", "self", "a-b", "é", ""])
def test_unusual_names_work_without_a_warning(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = of(**{name: {"type": "integer"}})
    assert model.model_validate({name: 3}).to_json() == {name: 3}


@pytest.mark.parametrize(
    "name",
    [
        "model_config",
        "model_dump",
        "model_fields_set",
        "to_json",
        "__class__",
        "__doc__",
        "__base__",
        "__config__",
        "_x",
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_reserved_names_are_refused(name: str, *, nested: bool) -> None:
    properties: dict[str, Any] = {name: {"type": "integer"}}
    if nested:
        properties = {"a": {"type": "object", "properties": properties}}
    with pytest.raises(ValueError, match="no parameter can be named"):
        of(**properties)


def deep(levels: int, keyword: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer"}
    for _ in range(levels):
        match keyword:
            case "items":
                schema = {"type": "array", "items": schema}
            case "anyOf" | "prefixItems":
                schema = {"type": "array", keyword: [schema]}
            case "properties":
                schema = {"type": "object", "properties": {"a": schema}}
            case _:
                schema = {"type": "object", keyword: schema}
    return schema


@pytest.mark.parametrize("keyword", ["items", "anyOf", "prefixItems", "properties", "additionalProperties"])
def test_nesting_is_bounded(keyword: str) -> None:
    of(a=deep(10, keyword))
    with pytest.raises(ValueError, match="nested more than 16 levels"):
        of(a=deep(20, keyword))


def test_a_schema_nested_too_deep_for_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a JSON schema"):
        of(a=deep(100_000, "items"))


def test_length_is_bounded() -> None:
    with pytest.raises(ValueError, match="longer than"):
        of(**{f"a{i}": {"type": "integer"} for i in range(10_000)})


@pytest.mark.parametrize(
    "schema",
    [
        5,
        None,
        "string",
        {"type": "strange"},
        {"type": ["string", "null"]},
        {"type": {}},
        {"type": 5},
        {"type": "integer", "description": 5},
        {"enum": []},
        {"enum": 5},
        {"enum": "abc"},
        {"enum": [[1]]},
        {"enum": [{}]},
        {"anyOf": []},
        {"anyOf": 5},
        {"anyOf": [5]},
        {"type": "array", "items": 5},
        {"type": "array", "prefixItems": 5},
        {"type": "array", "minItems": -1},
        {"type": "array", "minItems": 10**30},
        {"type": "array", "maxItems": "many"},
        {"type": "object", "properties": 5},
        {"type": "object", "properties": {}, "required": 5},
        {"type": "integer", "default": float("nan")},
        {"type": "integer", "default": object()},
    ],
)
def test_a_property_that_is_not_a_schema_is_refused(schema: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        of(a=schema)


@pytest.mark.parametrize("schema", [None, 5, [], {}, {"type": "array"}, {"type": "object", "properties": []}])
def test_a_schema_that_is_not_of_an_object_is_refused(schema: Any) -> None:
    with pytest.raises(ValueError, match=r"object|dict"):
        arguments_model("f", schema)
