"""Made tools for tests, without a maker."""

from __future__ import annotations

from typing import Any

from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Provenance, TokenUsage, VerificationCase, VerificationReport, WorkedExample
from tests.unit_tests.word_task import GOOD

PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"type": "string"}, "description": "The words."}},
    "required": ["words"],
    "additionalProperties": False,
}


def made_tool(**changes: Any) -> MadeTool:
    """A record with one proven case; `changes` replace its fields."""
    case = VerificationCase(
        role="validation",
        question="Sort: pear fig",
        expected="fig pear",
        arguments={"words": ["pear", "fig"]},
        value="fig pear",
        passed=True,
    )
    return MadeTool(
        **{
            "name": "word_sorting",
            "description": "Sort words.",
            "parameters": PARAMETERS,
            "source": GOOD,
            "entry": "sort_words",
            "worked_examples": (WorkedExample(question="Sort: b a", arguments={"words": ["b", "a"]}, answer="a b"),),
            "report": VerificationReport(cases=(case,), complete=True),
            "provenance": Provenance(
                maker_model="strong",
                user_model="light",
                attempts=1,
                candidates=1,
                usage={"proposing": TokenUsage(input_tokens=3, output_tokens=4, calls=1)},
                seconds=1.5,
                created_at="2026-01-01T00:00:00+00:00",
                versions={"python": "3"},
            ),
            **changes,
        }
    )


def tool_of(sandbox: Sandbox, source: str, entry: str = "f") -> MadeTool:
    """A record around a source, described by the sandbox as a maker's candidate is."""
    described = sandbox.check(ToolSource(source=source, entry=entry))
    assert described.failure is None, described.failure
    return made_tool(name=entry, source=source, entry=entry, **described.value)


def tool_for(name: str, questions: list[str], **changes: Any) -> MadeTool:
    """A record whose proof holds these questions."""
    cases = tuple(
        VerificationCase(role="validation", question=question, expected="x", arguments={}, value="x", passed=True)
        for question in questions
    )
    report = VerificationReport(cases=cases, complete=True)
    return made_tool(**{"name": name, "report": report, "worked_examples": (), **changes})


def typed_tool(**changes: Any) -> MadeTool:
    """A record whose arguments are inputs, of columns "Vor name" and "class"; without a maker."""
    source = 'def badge(vor_name: str, class_: str) -> str:\n    """Write a badge."""\n'
    source += '    return f"{vor_name[0]}. {class_}"\n'
    case = VerificationCase(
        role="validation",
        question='{"Vor name": "Ada", "class": "Nguyen"}',
        expected="A. Nguyen",
        arguments={"vor_name": "Ada", "class_": "Nguyen"},
        value="A. Nguyen",
        passed=True,
    )
    properties = {"vor_name": {"type": "string", "description": "Vor name"}, "class_": {"type": "string"}}
    return made_tool(
        **{
            "name": "badge",
            "description": "Write a badge.",
            "parameters": {"type": "object", "properties": properties, "required": ["vor_name", "class_"]},
            "source": source,
            "entry": "badge",
            "worked_examples": (),
            "read_by": ("inputs",),
            "inputs": {"Vor name": "vor_name", "class": "class_"},
            "report": VerificationReport(cases=(case,), complete=True),
            **changes,
        }
    )
