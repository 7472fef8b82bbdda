"""The description of a tool, and the conversion of JSON by its annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from langchain_latm.sandbox import FailureKind

if TYPE_CHECKING:
    from tests.unit_tests.sandbox.conftest import Run

RECORDS = '''
from __future__ import annotations
import datetime
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, Optional, Sequence, TypedDict, Union

class Colour(Enum):
    RED = "red"
    BLUE = "blue"

class Point(NamedTuple):
    x: int
    y: int = 0

@dataclass
class Meeting:
    """A meeting.

    Attributes:
        day: When it is.
    """

    day: datetime.date
    people: list[str] = field(default_factory=list)

class Row(TypedDict):
    name: str
    age: NotRequired[int]
'''


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        ("int", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("str", {"type": "string"}),
        ("bool", {"type": "boolean"}),
        ("None", {"type": "null"}),
        ("Any", {}),
        ("list", {"type": "array"}),
        ("list[int]", {"type": "array", "items": {"type": "integer"}}),
        ("Sequence[str]", {"type": "array", "items": {"type": "string"}}),
        ("set[int]", {"type": "array", "items": {"type": "integer"}, "uniqueItems": True}),
        ("tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}),
        ("tuple[int, int]", {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer"}}),
        (
            "tuple[int, str]",
            {"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [{"type": "integer"}, {"type": "string"}]},
        ),
        ("dict", {"type": "object"}),
        ("dict[str, float]", {"type": "object", "additionalProperties": {"type": "number"}}),
        ("Optional[int]", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("int | str", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ("Union[int, None]", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("Literal['a', 'b']", {"type": "string", "enum": ["a", "b"]}),
        ("Literal['a', 1]", {"enum": ["a", 1]}),
        ("Colour", {"type": "string", "enum": ["red", "blue"]}),
        ("datetime.date", {"type": "string", "format": "date"}),
        ("datetime.datetime", {"type": "string", "format": "date-time"}),
        ("datetime.time", {"type": "string", "format": "time"}),
        ("Annotated[int, 'how many']", {"type": "integer", "description": "how many"}),
        (
            "Point",
            {
                "type": "object",
                "properties": {"x": {"type": "integer"}, "y": {"type": "integer", "default": 0}},
                "additionalProperties": False,
                "required": ["x"],
            },
        ),
        (
            "Meeting",
            {
                "type": "object",
                "properties": {
                    "day": {"type": "string", "format": "date", "description": "When it is."},
                    "people": {"type": "array", "items": {"type": "string"}},
                },
                "additionalProperties": False,
                "required": ["day"],
            },
        ),
        (
            "Row",
            {
                "type": "object",
                "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                "additionalProperties": False,
                "required": ["name"],
            },
        ),
    ],
)
def test_annotation_becomes_schema(described: Run, annotation: str, schema: dict[str, Any]) -> None:
    result = described(f"{RECORDS}\ndef f(x: {annotation}): ...")
    assert result.ok, result.failure
    assert result.value["parameters"]["properties"]["x"] == schema


def test_docstring_describes_function_and_parameters(described: Run) -> None:
    """Continuation lines belong to their parameter; other sections stay in the description."""
    result = described('''
def f(a: int, b: str = "x", *, c: list[int] | None = None) -> int:
    """Add things.

    At length.

    Args:
        a: The first number,
            which goes on here.
        b (str): A text: with a colon.
        c:
            On its own line.

    Returns:
        The sum.
    """
''')
    assert result.value == {
        "description": "Add things.\n\nAt length.\n\nReturns:\n    The sum.",
        "parameters": {
            "type": "object",
            "properties": {
                "a": {"type": "integer", "description": "The first number, which goes on here."},
                "b": {"type": "string", "description": "A text: with a colon.", "default": "x"},
                "c": {
                    "anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}],
                    "description": "On its own line.",
                    "default": None,
                },
            },
            "additionalProperties": False,
            "required": ["a"],
        },
    }


def test_default_none_makes_a_parameter_nullable(described: Run) -> None:
    result = described("def f(limit: int = None): ...")
    limit = result.value["parameters"]["properties"]["limit"]
    assert limit == {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}


def test_no_parameters_no_docstring(described: Run) -> None:
    assert described("def f(): ...").value == {
        "description": "",
        "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
    }


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x): ...", ["'x'", "no annotation", "list[...]"]),
        ("def f(*xs: int): ...", ["'xs'", "by name"]),
        ("def f(**xs: int): ...", ["'xs'", "by name"]),
        ("def f(x: int, /): ...", ["'x'", "positional-only"]),
        ("def f(x: complex): ...", ["'x'", "complex", "dataclass"]),
        ("from typing import Callable\ndef f(x: Callable[[int], int]): ...", ["'x'", "Callable"]),
        ("def f(x: dict[int, str]): ...", ["'x'", "int", "strings only"]),
        ("class A: ...\ndef f(x: list[A]): ...", ["'x'", "A"]),
        ("def f(x: 'Unknown'): ...", ["Unknown"]),
        (
            (
                "from __future__ import annotations\nfrom dataclasses import dataclass\n"
                "@dataclass\nclass Node:\n    next: Node | None\ndef f(x: Node): ..."
            ),
            ["'x'", "Node", "contains itself"],
        ),
        ("from enum import Enum\nclass E(Enum):\n    A = (1, 2)\ndef f(x: E): ...", ["'x'", "choice"]),
        ("f = 3", ["not a function"]),
        ("class f: ...", ["not a function"]),
        ("async def f(): ...", ["async"]),
    ],
)
def test_signature_without_json_form_is_refused(described: Run, source: str, words: list[str]) -> None:
    """The sentence names the parameter and what is allowed, so that a model can repair its code."""
    failure = described(source).failure
    assert failure is not None
    assert failure.kind is FailureKind.SOURCE
    assert all(word in failure.message for word in words), failure.message


@pytest.mark.parametrize(
    ("annotation", "given", "seen"),
    [
        ("int", 3, "3"),
        ("int", 3.0, "3"),
        ("float", 3, "3"),
        ("float", 0.5, "0.5"),
        ("str", "ü\x00😀", r"'ü\x00😀'"),
        ("tuple[int, str]", [1, "a"], "(1, 'a')"),
        ("tuple[int, ...]", [1, 2], "(1, 2)"),
        ("set[int]", [2, 2], "{2}"),
        ("frozenset[int]", [2], "frozenset({2})"),
        ("dict[str, list[int]]", {"a": [1]}, "{'a': [1]}"),
        ("Colour", "red", "<Colour.RED: 'red'>"),
        ("list[Colour]", ["blue"], "[<Colour.BLUE: 'blue'>]"),
        ("Point", {"x": 1}, "Point(x=1, y=0)"),
        ("Meeting", {"day": "2024-02-29"}, "Meeting(day=datetime.date(2024, 2, 29), people=[])"),
        ("datetime.datetime", "2024-02-29T12:00:00", "datetime.datetime(2024, 2, 29, 12, 0)"),
        ("datetime.time", "08:30", "datetime.time(8, 30)"),
        ("Row", {"name": "a"}, "{'name': 'a'}"),
        ("int | str", "3", "'3'"),
        ("Point | None", None, "None"),
        ("Literal[1, 'a']", 1, "1"),
        ("Any", {"a": [1, None]}, "{'a': [1, None]}"),
    ],
)
def test_json_becomes_annotated_type(run: Run, annotation: str, given: object, seen: str) -> None:
    result = run(f"{RECORDS}\ndef f(x: {annotation}) -> str:\n    return repr(x)", x=given)
    assert result.value == seen, result.failure


@pytest.mark.parametrize(
    ("annotation", "given", "words"),
    [
        ("int", "3", ["'x'", "an integer", "string '3'"]),
        ("int", True, ["an integer", "boolean"]),
        ("int", 3.5, ["an integer", "3.5"]),
        ("str", None, ["a string", "null"]),
        ("bool", 1, ["true or false"]),
        ("list[int]", [1, "b"], ["['x'][1]", "an integer"]),
        ("list[int]", 4, ["an array"]),
        ("set[list[int]]", [[1]], ["set"]),
        ("tuple[int, int]", [1], ["an array of 2"]),
        ("dict[str, int]", {"a": "b"}, ["['x']['a']"]),
        ("Colour", "green", ["'red'", "'blue'"]),
        ("datetime.date", "31.12.2024", ["a date such as"]),
        ("Point", {"y": 1}, ["'x' is missing"]),
        ("Point", {"x": 1, "z": 2}, ["unknown name 'z'"]),
        ("list[Meeting]", [{"day": "2024-01-01", "people": [1]}], ["['x'][0]['people'][0]", "a string"]),
        ("Row", {"name": 1}, ["['name']"]),
        ("int | None", "a", ["int or null"]),
        ("Literal['a', 'b']", "c", ["one of 'a', 'b'"]),
    ],
)
def test_wrong_json_type_names_the_place(run: Run, annotation: str, given: object, words: list[str]) -> None:
    failure = run(f"{RECORDS}\ndef f(x: {annotation}): ...", x=given).failure
    assert failure is not None
    assert failure.kind is FailureKind.ARGUMENTS
    assert all(word in failure.message for word in words), failure.message


def test_unknown_and_missing_parameters(run: Run) -> None:
    source = "def f(a: int, b: int = 1) -> int:\n    return a + b"
    unknown, missing = run(source, a=1, c=2).failure, run(source, b=2).failure
    assert unknown is not None
    assert "unknown name 'c'" in unknown.message
    assert "a, b" in unknown.message
    assert missing is not None
    assert missing.kind is FailureKind.ARGUMENTS
    assert "'a' is missing" in missing.message


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(1, (2, 3))", [1, [2, 3]]),
        ("Point(1, 2)", {"x": 1, "y": 2}),
        ("Meeting(datetime.date(2024, 1, 1), ['a'])", {"day": "2024-01-01", "people": ["a"]}),
        ("{'a': Colour.RED}", {"a": "red"}),
        ("datetime.datetime(2024, 1, 1, 12)", "2024-01-01T12:00:00"),
        ("datetime.time(12, 30)", "12:30:00"),
        ("__import__('collections').Counter('aab')", {"a": 2, "b": 1}),
        ("'\\x00\\U0001f600ü'", "\x00\U0001f600ü"),
        ("None", None),
        ("1e300", 1e300),
        ("10**4000", 10**4000),
    ],
)
def test_value_becomes_json(run: Run, expression: str, value: object) -> None:
    result = run(f"{RECORDS}\ndef f():\n    return {expression}")
    assert result.ok, result.failure
    assert result.value == value


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("{1, 2}", ["set", "sorted list"]),
        ("[1, float('nan')]", ["value[1]", "nan"]),
        ("{'a': float('inf')}", ["value['a']", "inf"]),
        ("{1: 2}", ["key 1", "int"]),
        ("(n for n in 'ab')", ["generator", "list"]),
        ("object()", ["object"]),
        ("b'x'", ["bytes"]),
        ("__import__('decimal').Decimal(1)", ["Decimal", "string"]),
        ("10**5000", ["integer", "4,300"]),
        ("f", ["function"]),
        ("[*map(lambda _: deep(), 'a')]", ["200 levels"]),
        ("Bad()", ["ZeroDivisionError"]),
    ],
)
def test_value_without_json_form_is_refused_by_name(run: Run, expression: str, words: list[str]) -> None:
    failure = run(f"""
class Bad(dict):
    def items(self):
        1 / 0
def deep():
    inner = []
    for _ in range(100_000):
        inner = [inner]
    return inner
def f():
    return {expression}
""").failure
    assert failure is not None
    assert failure.kind is FailureKind.RESULT
    assert all(word in failure.message for word in words), failure.message
