"""Uses a tool on a request that its parser reads, without a model, and without importing LangChain."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from langchain_latm.sandbox.base import ExecutionResult, Sandbox
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Answer, TokenUsage, ToolUse


class FailedCall(NamedTuple):
    """A request on which a tool's function has failed, so that it is not called again with the same arguments.

    Attributes:
        question: The request; inputs of a typed tool as JSON.
        arguments: The arguments that the parser read, or the inputs.
        why: The reason.
    """

    question: str
    arguments: dict[str, Any]
    why: str


def answer_by_parser(tool: MadeTool, question: str, sandbox: Sandbox) -> Answer | FailedCall | None:
    """Answer a request; None if the parser does not read it.

    Raises:
        ToolRecordError: The tool may not be used (`MadeTool.refusal`).
        SandboxError: The sandbox itself failed.
    """
    tool.require_usable()
    start = time.perf_counter()
    arguments = None if tool.parser is None else tool.parser.read(question)
    if arguments is None:
        return None
    result = sandbox.call(tool.tool_source, arguments)
    if not result.ok:
        return FailedCall(question, arguments, failure_text(result))
    return answer_of(question, tool, arguments, result, TokenUsage(), start)


def failure_text(result: ExecutionResult) -> str:
    """Return the reason of a failed call, in words."""
    return "" if result.failure is None else f"{result.failure.kind.value}: {result.failure.message}"


def answer_of(  # noqa: PLR0917 - the parts of an answer
    question: str, tool: MadeTool, arguments: dict[str, Any], result: ExecutionResult, usage: TokenUsage, start: float
) -> Answer:
    """Return the answer from a call of a tool.

    Args:
        question: The request.
        tool: The tool.
        arguments: The arguments that were read off the request.
        result: The result of the call.
        usage: Tokens for reading the arguments.
        start: Start time, by `time.perf_counter`.
    """
    return Answer(
        question=question,
        text=answer_text(result.value),
        tool_use=ToolUse(
            tool=tool.name, tool_id=tool.id, arguments=arguments, value=result.value, seconds=result.seconds
        ),
        usage={"using": usage},
        seconds=time.perf_counter() - start,
    )
