"""Counterexamples: the requests with a known answer that a version of a tool gets wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ToolUseError
from langchain_latm.text.answer_check import AnswerCheck, ExactCheck, answer_text
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.known_rows import asked_text
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Answer, TokenUsage, VerificationCase, shorten

_SHOWN_CHARACTERS = 60


def unproven(tool: MadeTool, known: Sequence[Instance]) -> list[Instance]:
    """Return the requests outside of a tool's proof: its answers to them are only known after a trial."""
    proven = {asked_text(tool, case.question) for case in tool.report.cases if case.passed}
    return [each for each in known if each.question.strip() not in proven]


def counterexamples(
    tool: MadeTool, user: Runnable[Any, Answer], known: Sequence[Instance], check: AnswerCheck
) -> Flow[tuple[tuple[VerificationCase, ...], TokenUsage]]:
    """Find the requests that a version answers wrongly.

    Requests of its proof are right, unless feedback has corrected the answer since: then the value in the proof is
    compared. The version is tried on all others, as on a later request.

    Args:
        tool: The version.
        user: Its tool user.
        known: Requests with known answers, each once.
        check: How answers are compared.

    Returns:
        Each request with a wrong answer or none, with its outcome; and the tokens that the trials took.

    Raises:
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    left = unproven(tool, known)
    outcomes = (yield Calls(user, [each.request for each in left])) if left else []
    tried = dict(zip((each.id for each in left), outcomes, strict=True))
    proof = {asked_text(tool, case.question): case for case in tool.report.cases if case.passed}
    cases: list[VerificationCase] = []
    for each in known:
        outcome = tried[each.id] if each.id in tried else proof[each.question.strip()]
        cases.append(_case(each, outcome, check))
    return tuple(case for case in cases if not case.passed), sum(map(_usage, outcomes), TokenUsage())


def summary(case: VerificationCase) -> str:
    """Describe a counterexample in one line."""
    came = "no answer" if case.error else repr(shorten(answer_text(case.value), _SHOWN_CHARACTERS))
    question, expected = (shorten(text, _SHOWN_CHARACTERS) for text in (case.question, answer_text(case.expected)))
    return f"{question!r} gave {came}, not {expected!r}"


def _case(known: Instance, outcome: Any, check: AnswerCheck) -> VerificationCase:
    expected = known.example.answer
    if isinstance(outcome, VerificationCase):
        # The check of the proof may be a function, which the record does not hold; with the same answer the case stays
        # right.
        same = ExactCheck(values=check.values).matches(outcome.expected, expected)
        right = same or check.matches(outcome.value, expected)
        return outcome.model_copy(update={"expected": expected, "passed": right})
    case = VerificationCase(role="validation", question=known.question, expected=expected)
    if isinstance(outcome, Answer) and (use := outcome.tool_use) is not None:
        passed = check.matches(use.value, expected)
        found = {"arguments": use.arguments, "value": use.value, "passed": passed, "seconds": use.seconds}
        return case.model_copy(update=found)
    if not isinstance(outcome, ToolUseError):
        raise outcome
    return case.model_copy(update={"error": str(outcome)})


def _usage(outcome: Any) -> TokenUsage:
    usage: TokenUsage = outcome.usage if isinstance(outcome, ToolUseError) else outcome.usage.get("using", TokenUsage())
    return usage
