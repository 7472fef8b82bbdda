"""Schemas of made tools, as LangChain sends them, are what every provider accepts."""

from __future__ import annotations

import random
from typing import Any

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool

from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.arguments_model import arguments_model
from tests.unit_tests import provider_schemas as schemas
from tests.unit_tests.made_tool import made_tool

NAMES = ("words", "größe", "größe_", "grosse", "n" * 70, "ä" * 70, "数", "число", "a b", "1st", "x-y", "class")
PLAIN: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "integer"},
    {"type": "string", "contentMediaType": "text/x-python"},
    {"enum": ["fast", "slow"]},
    {"enum": [1, "two", None, 2.5, True]},
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
]


def made_up(draw: random.Random, depth: int = 0) -> dict[str, Any]:
    """Return a schema as the sandbox writes one."""
    if depth > 2 or draw.random() < 0.5:
        return draw.choice(PLAIN)
    inner = [made_up(draw, depth + 1), made_up(draw, depth + 1)]
    return draw.choice(
        [
            {"type": "array", "items": inner[0]},
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            {"type": "array", "prefixItems": inner, "minItems": 2, "maxItems": 2},
            {"type": "object", "additionalProperties": inner[0]},
            record(draw, depth + 1),
        ]
    )


def record(draw: random.Random, depth: int = 0) -> dict[str, Any]:
    names = draw.sample(NAMES, draw.randint(1, 4))
    properties = {name: made_up(draw, depth) for name in names}
    return {"type": "object", "properties": properties, "required": names[:2], "additionalProperties": False}


@pytest.mark.slow
def test_any_schema_is_accepted(sandbox: Sandbox) -> None:
    draw = random.Random(22)
    for _ in range(150):
        parameters = record(draw)
        tool = made_tool(parameters=parameters).as_tool(sandbox)
        sent = convert_to_openai_tool(tool)["function"]["parameters"]
        for accepts in (schemas.openai, schemas.anthropic, schemas.gemini, schemas.mcp):
            assert accepts(sent) is None, parameters
        reader = arguments_model("f", parameters).provider_schema()
        assert schemas.openai(reader) is None, parameters
        assert "$ref" not in str(reader)


@pytest.mark.slow
def test_a_strict_schema_is_accepted(sandbox: Sandbox) -> None:
    draw = random.Random(23)
    for _ in range(150):
        parameters = record(draw)
        if "additionalProperties': {" in str(parameters):
            continue  # OpenAI's strict mode knows no free keys
        tool = made_tool(parameters=parameters).as_tool(sandbox)
        sent = convert_to_openai_tool(tool, strict=True)["function"]["parameters"]
        assert schemas.openai(sent, strict=True) is None, (parameters, sent)


@pytest.mark.parametrize("names", [("größe", "grosse", "größe_"), ("数", "Shu"), ("n" * 70, "n" * 60), ("a b", "a_b")])
def test_names_stay_apart_and_the_function_gets_its_own(names: tuple[str, ...]) -> None:
    properties = {name: {"type": "integer"} for name in names}
    model = arguments_model("f", {"type": "object", "properties": properties, "required": list(names)})
    plain = list(model.model_json_schema()["properties"])
    assert len(set(plain)) == len(names)
    own = {name: number for number, name in enumerate(names)}
    assert model.model_validate(dict(zip(plain, range(len(names)), strict=True))).to_json() == own
    assert model.model_validate(own).to_json() == own
