"""The schema of a tool's values, from its annotation."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.tools.returns import as_object, fits, object_schema, result_schema
from langchain_latm.types import VerificationCase, VerificationReport
from tests.unit_tests.made_tool import made_tool

STRING, NUMBER = {"type": "string"}, {"type": "number"}


def schema_of(returns: str, before: str = "", value: Any = None) -> dict[str, Any] | None:
    source = f'{before}\ndef f(words: list[str]){returns}:\n    """Do it."""\n    return words\n'
    case = VerificationCase(role="validation", question="q", expected="", arguments={}, value=value, passed=True)
    cases = () if value is None else (case,)
    return result_schema(made_tool(source=source, entry="f", report=VerificationReport(cases=cases, complete=True)))


@pytest.mark.parametrize(
    ("returns", "before", "schema"),
    [
        (" -> str", "", STRING),
        (" -> 'list[float]'", "", {"type": "array", "items": NUMBER}),
        (" -> float | None", "", {"anyOf": [NUMBER, {"type": "null"}]}),
        (" -> Optional[int]", "from typing import Optional", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (" -> typing.Union[str, int, str]", "import typing", {"anyOf": [STRING, {"type": "integer"}]}),
        (" -> tuple[str, ...]", "", {"type": "array", "items": STRING}),
        (" -> tuple[str, float]", "", {"type": "array", "items": {"anyOf": [STRING, NUMBER]}}),
        (" -> dict[str, list[bool]]", "", {
            "type": "object", "additionalProperties": {"type": "array", "items": {"type": "boolean"}},
        }),
        (" -> dict", "", {"type": "object"}),
        ("", "", None),
        (" -> Row", "class Row: pass", None),
        (" -> list[Row]", "class Row: pass", None),
        (" -> str", "str = int", None),
        (" -> Optional[int]", "Optional = list", None),
        (" -> 'nonsense('", "", None),
        (" -> " + "list[" * 30 + "str" + "]" * 30, "", None),
    ],
)  # fmt: skip
def test_plain_annotations_are_read_and_others_are_not(returns: str, before: str, schema: Any) -> None:
    assert schema_of(returns, before) == schema


def test_an_annotation_that_the_proof_contradicts_proves_nothing() -> None:
    assert schema_of(" -> str", value="a") == STRING
    assert schema_of(" -> str", value=["a"]) is None
    assert schema_of(" -> int", value=True) is None


def test_values_that_are_not_objects_stand_in_one() -> None:
    assert object_schema(NUMBER) == {"type": "object", "properties": {"result": NUMBER}, "required": ["result"]}
    assert as_object(2.5, NUMBER) == {"result": 2.5}
    assert as_object({"a": 1}, object_schema({"type": "object"})) == {"a": 1}
    assert fits([1, None], {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}})
    assert not fits([1, 2.5], {"type": "array", "items": {"type": "integer"}})
