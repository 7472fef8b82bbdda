"""Tries a pending tool on an example that a person gives."""

from __future__ import annotations

import json

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import RequestError, ToolUseError
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import CustomCheck, ExactCheck
from langchain_latm.tools.inputs import given_arguments
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import call_tool
from langchain_latm.types import MAX_QUESTION_CHARACTERS, VerificationCase, shorten

_UNREAD = "its parser does not read this request, so the tool does not answer it alone"


def tried(tool: MadeTool, sandbox: Sandbox, question: str, answer: str) -> Flow[VerificationCase]:
    """Run a tool on a request, or on inputs as JSON, and compare with the right answer. No model is asked.

    Raises:
        RequestError: Question or answer is empty or too long, or is not JSON although the tool is typed.
        SandboxError: The sandbox itself failed.
    """
    question, answer = question.strip(), answer.strip()
    if not question or max(len(question), len(answer)) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"an example needs a question and an answer of at most {MAX_QUESTION_CHARACTERS} characters")
    typed = tool.inputs is not None
    expected = _expected(tool, answer) if typed else answer
    if not typed and not answer:
        raise RequestError("an example needs its right answer")
    case = VerificationCase(role="validation", question=question, expected=expected)
    arguments = None
    if typed:
        try:
            arguments = given_arguments(tool, _json(question))
        except ToolUseError as error:
            raise RequestError(str(error)) from error
    elif tool.parser is not None:
        arguments = tool.parser.read(question)
    if arguments is None:
        return case.model_copy(update={"error": _UNREAD})
    result = yield from call_tool(sandbox, tool, arguments)
    changes = {"arguments": arguments, "value": result.value, "seconds": result.seconds}
    if result.failure is not None:
        why = f"{result.failure.kind.value}: {shorten(result.failure.message, 300)}"
        return case.model_copy(update={**changes, "error": why})
    check = ExactCheck(values=typed) if isinstance(tool.check, CustomCheck) else tool.check
    return case.model_copy(update={**changes, "passed": check.matches(result.value, expected)})


def _expected(tool: MadeTool, answer: str) -> object:
    """Return the value of a text: unchanged if all known answers are texts, else parsed as JSON."""
    if all(isinstance(case.expected, str) for case in tool.report.cases):
        return answer
    return _json(answer)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{shorten(text)!r} is not a JSON value; write a text in double quotes") from error
