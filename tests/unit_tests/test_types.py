"""The values: frozen, and plain data once dumped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.messages import AIMessage
from pydantic import ValidationError

from langchain_latm.text.answer_check import NumericCheck
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    Example,
    Task,
    TokenUsage,
    VerificationCase,
    VerificationReport,
    first_error,
    shorten,
)
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn

A, B = Example(question="1+1", answer="2"), Example(question="2+2", answer="4")


class TestExamplesAndTasks:
    @pytest.mark.parametrize(
        "fields",
        [
            {"question": "", "answer": "a"},
            {"question": "q"},
            {"question": "q", "answer": "a", "hint": "h"},
            {"question": "q" * (MAX_QUESTION_CHARACTERS + 1), "answer": "a"},
            {"question": "q", "answer": "a" * (MAX_QUESTION_CHARACTERS + 1)},
            {"question": 5, "answer": "a"},
        ],
    )
    def test_an_example_needs_a_question_and_an_answer(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            Example.model_validate(fields)

    @pytest.mark.parametrize("value", [A, Task(name="t", demonstrations=(A,), validation=(B,)), TokenUsage()])
    def test_values_are_frozen(self, value: Any) -> None:
        for field in type(value).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(value, field, None)

    @pytest.mark.parametrize("name", ["", "two words", "a" * 65, "é", "a\n", "a/b"])
    def test_a_name_is_one_that_model_providers_accept(self, name: str) -> None:
        with pytest.raises(ValidationError):
            Task(name=name, demonstrations=(A,), validation=(B,))

    @pytest.mark.parametrize("fields", [{"demonstrations": ()}, {"validation": ()}])
    def test_a_task_needs_examples_of_both_kinds(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            Task(**{"name": "t", "demonstrations": (A,), "validation": (B,), **fields})

    @pytest.mark.parametrize(
        ("again", "problem"),
        [
            (A, "occurs twice"),
            (Example(question=" 1+1\n", answer="2 "), "occurs twice"),
            (Example(question="1+1", answer="3"), "has two answers"),
        ],
    )
    @pytest.mark.parametrize("shown", [True, False])
    def test_no_question_occurs_twice(self, again: Example, problem: str, *, shown: bool) -> None:
        parts = {"demonstrations": (A, again), "validation": (B,)}
        if not shown:
            parts = {"demonstrations": (A,), "validation": (B, again)}
        with pytest.raises(ValidationError, match=problem):
            Task(name="t", **parts)

    def test_a_task_dumps_to_plain_data_and_comes_back(self) -> None:
        task = Task(name="t", demonstrations=(A,), validation=(B,), check=NumericCheck(absolute=0.5))
        assert Task.model_validate_json(json.dumps(task.model_dump(mode="json"))) == task


class TestTokenUsage:
    def test_adds_up(self) -> None:
        usage = TokenUsage(input_tokens=1, output_tokens=2, calls=3)
        both = usage + TokenUsage(input_tokens=10, output_tokens=20, calls=30)
        assert both == TokenUsage(input_tokens=11, output_tokens=22, calls=33)
        assert both.total == 33
        assert sum([usage, usage], TokenUsage()).calls == 6

    def test_reads_what_a_model_reports(self) -> None:
        message = AIMessage("x", usage_metadata={"input_tokens": 5, "output_tokens": 7, "total_tokens": 12})
        assert TokenUsage.of(message) == TokenUsage(input_tokens=5, output_tokens=7, calls=1)

    @pytest.mark.parametrize("message", [AIMessage("x"), None])
    def test_counts_the_call_where_a_model_reports_nothing(self, message: AIMessage | None) -> None:
        assert TokenUsage.of(message) == TokenUsage(calls=1)

    def test_is_never_negative(self) -> None:
        with pytest.raises(ValidationError):
            TokenUsage(input_tokens=-1)


@pytest.mark.parametrize(
    ("changes", "verified"),
    [
        ({}, True),
        ({"complete": False}, False),
        ({"unstable": ("q",)}, False),
        ({"hard_coded": ("a",)}, False),
        ({"cases": (VerificationCase(role="validation", question="q", expected="a"),)}, False),
    ],
)
def test_a_report_verifies_only_what_passed_everywhere(changes: dict[str, Any], *, verified: bool) -> None:
    case = VerificationCase(role="validation", question="q", expected="a", passed=True)
    report = VerificationReport(**{"cases": (case,), "complete": True, **changes})
    assert report.verified is verified


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("abc", "abc"),
        ("a\n  b\tc ", "a b c"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 77 + "..."),
        (" " * 10_000, "..."),
        ("a" + " " * 10_000 + "b", "a..."),
        ("x " * 1_000_000, "x " * 38 + "x..."),
    ],
)
def test_shorten_gives_one_line_of_bounded_length(text: str, short: str) -> None:
    assert shorten(text) == short


@pytest.mark.parametrize("width", [10, 40, 300])
def test_shorten_keeps_to_its_width(width: int) -> None:
    assert len(shorten("word " * 500, width)) <= width


def test_first_error_says_where_and_what() -> None:
    with pytest.raises(ValidationError) as refused:
        Task.model_validate({"name": "t", "demonstrations": [{"question": "q"}], "validation": [A.model_dump()]})
    assert first_error(refused.value) == "demonstrations.0.answer: Field required"
    with pytest.raises(ValidationError) as refused:
        Task(name="t", demonstrations=(A,), validation=(A,))
    assert first_error(refused.value).startswith("a question occurs twice: '1+1'.")


def test_a_reply_from_langchains_cache_took_no_tokens() -> None:
    model = ScriptedChatModel(script=in_turn("Hello."), cache=InMemoryCache())
    first, again = (TokenUsage.of(model.invoke("Say hello.")) for _ in range(2))
    assert (first.calls, again) == (1, TokenUsage())
    assert first.total > 0
    assert len(model.prompts) == 1
