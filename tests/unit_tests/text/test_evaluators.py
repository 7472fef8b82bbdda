"""Evaluators of LangSmith and openevals as answer checks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from openevals.exact import exact_match, exact_match_async
from openevals.string.levenshtein import levenshtein_distance
from pydantic import TypeAdapter

from langchain_latm import AnswerCheck, TaskError
from langchain_latm.text.evaluators import is_evaluator, passes


def check(function: Any) -> Any:
    return TypeAdapter[Any](AnswerCheck).validate_python(function)


def test_those_of_openevals() -> None:
    for evaluator in (exact_match, levenshtein_distance):
        found = check(evaluator)
        assert (found.kind, found.name) == ("custom", evaluator.__qualname__)
        assert found.matches("a b", "a b") is True
        assert found.matches("a b", "a c") is False


def test_parameters_and_verdicts_of_any_sort() -> None:
    def plain(outputs: str, reference_outputs: str) -> bool:
        return outputs.lower() == reference_outputs

    def with_inputs(*, outputs: str, reference_outputs: str, inputs: str | None = None) -> dict[str, Any]:
        assert inputs is None
        return {"key": "same", "score": int(outputs.lower() == reference_outputs)}

    class Judge:
        def __call__(self, *, outputs: str, reference_outputs: str, **_: Any) -> Any:
            return [SimpleNamespace(score=1.0), SimpleNamespace(score=outputs.lower() == reference_outputs)]

    for evaluator in (plain, with_inputs, Judge()):
        assert check(evaluator).matches("A", "a") is True
        assert check(evaluator).matches("A", "b") is False


def test_an_invalid_verdict_is_an_error() -> None:
    """Otherwise a score from 1 to 10 would always pass."""
    assert [passes(each) for each in (True, 1, 1.0, {"score": True}, {"value": 1})] == [True] * 5
    assert [passes(each) for each in (False, 0, 0.99, {"score": 0.5}, [True, False])] == [False] * 5
    odd: Any
    for odd in (7, -1, None, "yes", {}, {"score": None}, [], float("nan")):
        with pytest.raises(TaskError, match="an evaluator returned"):
            passes(odd)


def test_an_invalid_check_is_refused() -> None:
    def needs_inputs(inputs: str, outputs: str) -> bool:
        return inputs == outputs

    with pytest.raises(ValueError, match=r"alone, not inputs"):
        check(needs_inputs)
    with pytest.raises(ValueError, match="must be synchronous"):
        check(exact_match_async)


def test_a_plain_function_is_not_an_evaluator() -> None:
    assert not is_evaluator(lambda value, answer: value == answer)
    assert not is_evaluator(max)
    assert check(lambda value, answer: value == answer * 2).matches("aa", "a") is True
