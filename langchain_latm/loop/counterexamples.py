"""Counterexamples: what a version of a tool gets wrong of all that is known of its requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ToolUseError
from langchain_latm.text.answer_check import AnswerCheck, answer_text
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Answer, TokenUsage, VerificationCase, shorten

_TOLD_CHARACTERS = 60


def unproven(tool: MadeTool, known: Sequence[Instance]) -> list[Instance]:
    """Return the requests on which only a trial tells what a tool says: its proof does not."""
    proven = {case.question.strip() for case in tool.report.cases if case.passed}
    return [each for each in known if each.question.strip() not in proven]


def counterexamples(
    tool: MadeTool, user: Runnable[str, Answer], known: Sequence[Instance], check: AnswerCheck
) -> Flow[tuple[tuple[VerificationCase, ...], TokenUsage]]:
    """Find out what a version gets wrong.

    What it was proven with is right, unless feedback has corrected the answer since; then the value in its proof
    tells. On everything else it is tried, as a later request would be.

    Args:
        tool: The version.
        user: Its tool user.
        known: Requests with known answers, each once.
        check: How answers are compared.

    Returns:
        Each request that comes out wrong, with what came of it; and the tokens that finding out took.

    Raises:
        ModelError: The model cannot be reached: nothing is known then of any request.
        SandboxError: The sandbox itself failed.
    """
    left = unproven(tool, known)
    outcomes = (yield Calls(user, [each.question for each in left])) if left else []
    tried = dict(zip((each.id for each in left), outcomes, strict=True))
    proof = {case.question.strip(): case for case in tool.report.cases if case.passed}
    cases: list[VerificationCase] = []
    for each in known:
        came = tried[each.id] if each.id in tried else proof[each.question.strip()]
        cases.append(_case(each, came, check))
    return tuple(case for case in cases if not case.passed), sum(map(_usage, outcomes), TokenUsage())


def told(case: VerificationCase) -> str:
    """Say for a person what came of a counterexample."""
    came = "no answer" if case.error else repr(shorten(answer_text(case.value), _TOLD_CHARACTERS))
    question, expected = shorten(case.question, _TOLD_CHARACTERS), shorten(case.expected, _TOLD_CHARACTERS)
    return f"{question!r} gave {came}, not {expected!r}"


def _case(known: Instance, came: Any, check: AnswerCheck) -> VerificationCase:
    expected = known.answer or ""
    if isinstance(came, VerificationCase):
        # Whoever compared them then may have had a check that the record does not keep: what is unchanged stays right.
        right = came.expected.strip() == expected.strip() or check.matches(came.value, expected)
        return came.model_copy(update={"expected": expected, "passed": right})
    case = VerificationCase(role="validation", question=known.question, expected=expected)
    if isinstance(came, Answer) and (use := came.tool_use) is not None:
        passed = check.matches(use.value, expected)
        found = {"arguments": use.arguments, "value": use.value, "passed": passed, "seconds": use.seconds}
        return case.model_copy(update=found)
    if not isinstance(came, ToolUseError):
        raise came
    return case.model_copy(update={"error": str(came)})


def _usage(outcome: Any) -> TokenUsage:
    usage: TokenUsage = outcome.usage if isinstance(outcome, ToolUseError) else outcome.usage.get("using", TokenUsage())
    return usage
