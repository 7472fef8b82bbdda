"""Evaluators as LangSmith and openevals call them: functions of `inputs`, `outputs` and `reference_outputs`.

Source: https://docs.langchain.com/langsmith/code-evaluator and https://github.com/langchain-ai/openevals
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final

from langchain_latm.exceptions import TaskError

Evaluator = Callable[..., Any]
"""Returns True or False, a score from 0 to 1, a dict with `score`, a list of these, or an awaitable of one of them."""

_KEYWORDS: Final = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}


def is_evaluator(function: Any) -> bool:
    """Whether a function has the parameters of an evaluator: `outputs`, and `reference_outputs` or `inputs`."""
    names = _parameters(function)
    return "outputs" in names and not {"reference_outputs", "inputs"}.isdisjoint(names)


def passes(verdict: Any) -> bool:
    """Whether an evaluator's verdict says that the output is right: True or the score 1. Of several, all must.

    Raises:
        TaskError: `verdict` is not a verdict, or its score is not between 0 and 1.
    """
    if isinstance(verdict, list | tuple) and verdict:
        return all(passes(each) for each in verdict)
    score = (
        verdict.get("score", verdict.get("value")) if isinstance(verdict, dict) else getattr(verdict, "score", verdict)
    )
    if isinstance(score, bool):
        return score
    if isinstance(score, int | float) and 0 <= score <= 1:
        return score == 1
    raise TaskError(
        f"an evaluator returned {verdict!r:.200}: expected True or False, a score from 0 to 1, or a dict with 'score'"
    )


def as_check(evaluator: Evaluator) -> Callable[[Any, Any], bool]:
    """Return an evaluator as an answer check: the value is `outputs`, the known answer `reference_outputs`.

    Raises:
        TaskError: The evaluator needs `inputs`, which a check does not have, or is async.
    """
    parameters = _parameters(evaluator)
    needs = [name for name, each in parameters.items() if each.default is each.empty and each.kind in _KEYWORDS]
    if set(needs) - {"outputs", "reference_outputs"}:
        raise TaskError(f"as a check, an evaluator gets outputs and reference_outputs alone, not {', '.join(needs)}")
    if inspect.iscoroutinefunction(evaluator):
        raise TaskError("a check must be synchronous: pass the evaluator that is not a coroutine function")

    def check(value: Any, answer: Any) -> bool:
        return passes(evaluator(**_taken(evaluator, outputs=value, reference_outputs=answer)))

    check.__qualname__ = getattr(evaluator, "__qualname__", type(evaluator).__qualname__)
    return check


def judge(evaluator: Evaluator, question: str, answer: str) -> Any | Awaitable[Any]:
    """Call an evaluator on a request and its answer, without a reference; return its verdict, or an awaitable of it."""
    return evaluator(**_taken(evaluator, inputs=question, outputs=answer, reference_outputs=None))


def _taken(function: Evaluator, **given: Any) -> dict[str, Any]:
    """Return those of the given arguments that a function takes."""
    parameters = _parameters(function)
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return given
    return {name: value for name, value in given.items() if name in parameters}


def _parameters(function: Any) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a function without a signature, as some in C
        return {}
