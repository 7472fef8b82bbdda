"""Answers the requests of a batch that parsers read together, without a graph or a model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from langchain_latm._core.batching import Singly
from langchain_latm._core.caller import Caller
from langchain_latm._core.flow import Flow
from langchain_latm._core.telemetry import answered
from langchain_latm.exceptions import RequestError, ToolLibraryError, ToolNotFoundError, ToolRecordError, ToolUseError
from langchain_latm.loop.judging import is_proven_with
from langchain_latm.loop.parser_check import is_sampled
from langchain_latm.loop.state import Begun, first_state, text_alone
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.inputs import given_arguments
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.tools.library.store_batch import now, unique_key
from langchain_latm.tools.parsed_use import failure_text
from langchain_latm.tools.user import run_together
from langchain_latm.types import Answer, Dispatch, TokenUsage, ToolUse, inputs_text

if TYPE_CHECKING:
    from langchain_latm.loop.parts import Loop
    from langchain_latm.loop.tenants import Stages, Tenants
    from langchain_latm.sandbox.base import ExecutionResult
    from langchain_latm.tools.made_tool import MadeTool


class ParsedRequest(NamedTuple):
    """A request that a parser read, so that its tool answers it without a doubt.

    Attributes:
        id: The id of the answer.
        given: The text, or the inputs for a typed tool.
        tool: The tool.
        arguments: What the parser read.
        dispatch: The decision.
        started: Seconds since the epoch.
    """

    id: str
    given: str | dict[str, Any]
    tool: MadeTool
    arguments: dict[str, Any]
    dispatch: Dispatch
    started: float


class ParsedBatch:
    """Answers requests together (`_core.batching.Together`), with the same results as the graph of the loop.

    The graph answers everything that needs more than a parser and a function: other wording, content besides text, a
    request whose earlier answer is disputed, one that the light model reads too (`parser_checks`), and one on which the
    function fails.

    Args:
        tenants: The stages of each tenant.
    """

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants

    def prepare(self, value: object, caller: Caller) -> Flow[ParsedRequest | Singly | None]:
        """Find the tool for one request, and its arguments."""
        started, request = time.time(), text_alone(value)
        loop = self._stages(caller).loop
        if request is None:
            return (yield from self._row(loop, value, started)) if isinstance(value, dict) else None
        dispatcher = loop.dispatchers.plain
        yield from dispatcher.refresh()
        try:
            found = dispatcher.by_parser(request)
            if found is None:
                return None
            decision, arguments = found
            tool, _ = yield from loop.tool_user(decision.tool_id or "")
        except (RequestError, ToolLibraryError, ToolRecordError):
            return None
        # A parser that reads any text does not check the wording (`loop.judging`).
        if (
            arguments is None
            and tool.parser is not None
            and (tool.parser.is_distinctive or is_proven_with(tool, request))
        ):
            arguments = tool.parser.read(request)
        if arguments is None or dispatcher.is_disputed(tool.name, request):
            return None
        key = unique_key()
        if tool.model_may_read and is_sampled(key, loop.parser_checks):
            return Singly(Begun({**first_state(request), "id": key}))
        return ParsedRequest(key, request, tool, arguments, decision, started)

    def _row(self, loop: Loop, inputs: dict[str, Any], started: float) -> Flow[ParsedRequest | None]:
        """Find the typed tool for one row."""
        try:
            decision = yield from loop.dispatchers.plain.dispatch_inputs(inputs)
            if decision.action != "reuse":
                return None
            tool, _ = yield from loop.tool_user(decision.tool_id or "")
            arguments = given_arguments(tool, inputs)
        except (RequestError, ToolNotFoundError, ToolRecordError, ToolUseError):
            return None
        if loop.dispatchers.plain.is_disputed(tool.name, inputs):
            return None
        return ParsedRequest(unique_key(), inputs, tool, arguments, decision, started)

    def finish(self, kept: Sequence[ParsedRequest], caller: Caller) -> Flow[list[Answer | Exception | Singly]]:
        """Call each tool once for all its requests, and keep the answers."""
        loop = self._stages(caller).loop
        rows: dict[str, list[int]] = {}
        for row, each in enumerate(kept):
            rows.setdefault(each.tool.id, []).append(row)
        answers: dict[int, Answer | Exception | Singly] = {}
        for numbers in rows.values():
            same = [kept[row] for row in numbers]
            sets = [each.arguments for each in same]
            results = yield from run_together(loop.sandbox, same[0].tool, sets, caller.tenant)
            done: list[tuple[int, Answer]] = []
            for row, result in zip(numbers, results, strict=True):
                if result.ok:
                    done.append((row, _answer(kept[row], result)))
                else:
                    answers[row] = Singly(_failed(kept[row], failure_text(result)))
            notes = yield from self._keep(loop, same[0].tool, [answer for _, answer in done], caller)
            for row, answer in done:
                answers[row] = answer.model_copy(update={"notes": tuple(notes)}) if notes else answer
        return [answers[row] for row in range(len(kept))]

    def _stages(self, caller: Caller) -> Stages:
        return self._tenants.of(caller)

    def _keep(self, loop: Loop, tool: MadeTool, answers: Sequence[Answer], caller: Caller) -> Flow[list[str]]:
        """Store the answers of a tool, with one note of all its uses; return the reason if that fails."""
        if not answers:
            return []
        answered("parser" if tool.inputs is None else "inputs", times=len(answers), tool=tool.id)
        use = loop.operations.library.use(tool, False, TokenUsage(), loop.models["using"], times=len(answers))
        shared = AnswerNote(question="", text="", tool=tool.name, tool_id=tool.id, user=caller.user, at=now())
        kept = [(answer.id, answer.question, answer.text) for answer in answers]
        return (yield from loop.tried(loop.operations.keep_uses(shared, kept, use)))


def _failed(parsed: ParsedRequest, why: str) -> Begun:
    """Return the state with which the graph continues after the function failed on a request."""
    failed = {"tool_id": parsed.tool.id, "arguments": parsed.arguments, "why": why}
    return Begun({**first_state(parsed.given), "id": parsed.id, "started": parsed.started, "failed_call": failed})


def _answer(parsed: ParsedRequest, result: ExecutionResult) -> Answer:
    tool = parsed.tool
    return Answer(
        question=parsed.given if isinstance(parsed.given, str) else inputs_text(parsed.given),
        text=answer_text(result.value),
        tool_use=ToolUse(
            tool=tool.name,
            tool_id=tool.id,
            arguments=parsed.arguments,
            value=result.value,
            seconds=result.seconds,
        ),
        usage={},
        seconds=max(0.0, time.time() - parsed.started),
        id=parsed.id,
        dispatch=parsed.dispatch,
    )
