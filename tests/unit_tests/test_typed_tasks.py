"""Examples and tasks with inputs: accepted values, and how they are compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from langchain_latm.text.answer_check import ExactCheck, NumericCheck, TextCheck
from langchain_latm.text.json_values import json_key, same_json
from langchain_latm.types import Example, Task


def example(answer: Any, **inputs: Any) -> Example:
    return Example(inputs=inputs, answer=answer)


def task(*examples: Example, **changes: Any) -> Task:
    return Task(**{"name": "t", "demonstrations": examples[:1], "validation": examples[1:], **changes})


class TestExample:
    @pytest.mark.parametrize("answer", ["", 0, False, 18.9, [None, []], {"a": None}, "ß"])
    def test_an_answer_is_any_value_but_null(self, answer: Any) -> None:
        made = example(answer, größe="x")
        assert Example.model_validate_json(made.model_dump_json()) == made
        assert json.loads(made.model_dump_json()) == {"inputs": {"größe": "x"}, "answer": answer}

    def test_a_question_is_dumped_as_before(self) -> None:
        assert Example(question="q", answer="a").model_dump() == {"question": "q", "answer": "a"}

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"answer": "a"}, "needs a question"),
            ({"question": "q", "inputs": {"a": 1}, "answer": "a"}, "not both"),
            ({"inputs": {"a": 1}, "answer": None}, "row without an answer"),
            ({"inputs": {}, "answer": 1}, "there is none"),
            ({"inputs": {"a": float("nan")}, "answer": 1}, "not a JSON value"),
            ({"inputs": {"a": 1}, "answer": float("inf")}, "not a JSON value"),
            ({"inputs": {"a": 1}, "answer": {1, 2}}, "not a JSON value"),
            ({"inputs": {"\udc80": 1}, "answer": 1}, "surrogate"),
            ({"inputs": {"a": "x" * 100_001}, "answer": 1}, "at most"),
            ({"question": "q", "answer": 5}, "a text of at most"),
        ],
    )
    def test_what_is_refused(self, fields: dict[str, Any], problem: str) -> None:
        with pytest.raises(ValidationError, match=problem):
            Example.model_validate(fields)


class TestTask:
    @pytest.mark.parametrize(
        ("second", "changes", "problem"),
        [
            (
                example(2, b=1),
                {},
                "validation example 1: the input 'a' is missing; the first example has no input 'b'",
            ),
            (Example(question="q", answer="a"), {}, "validation example 1: it has a question"),
            (example(2, a=1.0), {}, "validation example 1: the same inputs as demonstration 1, with another answer"),
            (example(1, a=1), {}, "the same inputs as demonstration 1, with the same answer"),
            (example(1, a=2), {"rows": ({"b": 1},)}, "rows, number 1"),
            (example(1, a=2), {"requests": ("q",)}, "`rows`"),
            (example(1, a=2), {"further": (example(1, a=3, c=4),)}, "further 1: the first example has no input 'c'"),
        ],
    )
    def test_an_example_that_differs_is_named(self, second: Example, changes: dict[str, Any], problem: str) -> None:
        with pytest.raises(ValidationError, match=problem):
            task(example(1, a=1), second, **changes)

    def test_it_dumps_to_plain_data_and_compares_values(self) -> None:
        made = task(example([1], a=1), example([2], a=True), rows=({"a": "1"},), check="numeric:0.5")
        assert Task.model_validate_json(made.model_dump_json()) == made
        assert made.check == NumericCheck(absolute=0.5, values=True)
        assert made.input_names == ("a",)


class TestChecks:
    @pytest.mark.parametrize(
        ("check", "value", "answer", "right"),
        [
            (ExactCheck(values=True), 18.90, 18.9, True),
            (ExactCheck(values=True), 5, 5.0, True),
            (ExactCheck(values=True), 7, "007", False),
            (ExactCheck(values=True), 7, "7", False),
            (ExactCheck(values=True), True, 1, False),
            (ExactCheck(values=True), " a", "a", False),
            (ExactCheck(values=True), [1, {"b": None, "a": 2}], [1.0, {"a": 2, "b": None}], True),
            (ExactCheck(values=True), [1, 2], [2, 1], False),
            (ExactCheck(values=True), {"a": 1}, {"a": 1, "b": 2}, False),
            (ExactCheck(values=True), None, "", False),
            (ExactCheck(values=True), "", "", True),
            (TextCheck(values=True), ["A  b"], ["a B"], True),
            (TextCheck(values=True), 7, "7", False),
            (NumericCheck(values=True, absolute=0.01), {"x": 1.005, "n": "a"}, {"x": 1, "n": "a"}, True),
            (NumericCheck(values=True, absolute=0.01), {"x": 1.02, "n": "a"}, {"x": 1, "n": "a"}, False),
            (NumericCheck(values=True), "1,000.50 ", 1000.5, True),
            (NumericCheck(values=True), True, 1, False),
            (NumericCheck(values=True), "", "", True),
            (NumericCheck(values=True), "x", 1, False),
        ],
    )
    def test_values_are_compared(self, check: Any, value: Any, answer: Any, *, right: bool) -> None:
        assert check.matches(value, answer) is right

    def test_a_check_of_texts_is_dumped_as_before(self) -> None:
        assert ExactCheck().model_dump() == {"kind": "exact"}
        assert TextCheck(values=True).model_dump() == {"kind": "text", "values": True}

    @pytest.mark.parametrize("check", ["numeric:", "numeric:x", "numeric:-1", "numeric:inf", "text:1", "other"])
    def test_other_short_forms_are_refused(self, check: str) -> None:
        with pytest.raises(ValidationError):
            task(example(1, a=1), example(2, a=2), check=check)

    def test_values_share_a_key_if_they_are_the_same(self) -> None:
        values: list[Any] = [1, 1.0, True, "1", None, [1], [True], {"a": 1, "b": 2}, {"b": 2.0, "a": 1}, "", 1e300, 0.1]
        for one in values:
            for other in values:
                assert (json_key(one) == json_key(other)) is same_json(one, other), (one, other)
