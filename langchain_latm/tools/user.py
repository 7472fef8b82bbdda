"""The tool user: a light model reads the arguments off a request, the sandbox computes the answer (paper, section 3.2).

The model fills in the tool's JSON schema; it writes no code and does not see what the tool returned. Requests that the
tool's parser can read need no model.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from langchain_latm._core.batching import Singly, TogetherLambda
from langchain_latm._core.caller import Caller
from langchain_latm._core.flow import Calls, Do, Flow
from langchain_latm._core.telemetry import ToolSpan, executing
from langchain_latm._core.tool_runs import ToolRun
from langchain_latm.exceptions import LATMError, ToolUseError
from langchain_latm.models.late import LateModel, late_model, recorded_model
from langchain_latm.sandbox.base import ExecutionResult, Limits, Sandbox, ToolSource
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.arguments_reader import ArgumentsReader
from langchain_latm.tools.inputs import given_arguments
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.parsed_use import FailedCall, answer_of, failure_text
from langchain_latm.types import Answer, TokenUsage, ToolProposal, inputs_text, packages_key, shorten

_TRIED: Final = 5
"""Maximum number of unseen examples of its proof on which a model is tried before it reads its first request."""


def create_tool_user(
    tool: MadeTool,
    model: str | Runnable[Any, Any] | None = None,
    *,
    sandbox: Sandbox,
) -> Runnable[Any, Answer]:
    """Create the Runnable that answers requests with a made tool.

    A request that the tool's parser can read needs no model, and starts none. Otherwise the model reads the arguments,
    if it was proven to read them: arguments that do not fit the tool's schema are sent back to it once, with the error.
    If the tool was made without a model, the model first reads at most five unseen examples of the proof; it reads the
    request only if they all lead to their answers (`MadeTool.model_may_read`).
    The tool user does not try another tool, and does not answer by itself.

    A typed tool (`MadeTool.inputs`) takes its inputs as a dict, and needs no model: `invoke({"first": "Ada"})`.

    `batch` and `abatch` read all requests first, and send those that the parser reads to the sandbox in one batch.
    Requests that need the model are answered one by one, at most `max_concurrency` of the config at the same time.

    The Runnable can be pickled if the model is given by name, or can be pickled itself. In another process it has a
    sandbox of its own, which ends with that process.

    Args:
        tool: The tool. Its worked examples are the model's few-shot prompt.
        model: Reads the arguments: `"local"`, a name that `init_chat_model` takes, or a chat model. By default the
            model that the tool was proven with. It is set up on first use.
        sandbox: Where the tool runs. The caller closes it.

    Returns:
        A Runnable from a question, or from the inputs of a typed tool, to an `Answer`; sync, async, batch. The config's
        `tenant` separates the tool's state between calls from that of other tenants.

    Raises:
        ToolRecordError: The tool may not be used (`MadeTool.refusal`).
        ModelError: The model cannot be named or set up, if the tool has no parser. By the Runnable: the model cannot be
            set up or reached.
        ToolUseError: By the Runnable: no valid arguments after two tries, or the tool failed on them; the inputs do not
            have the tool's names; or a text is given to a typed tool, or inputs to another one.
        SandboxError: By the Runnable: the sandbox itself failed.
    """
    tool.require_usable()
    if tool.inputs is not None:
        typed = _TypedUser(tool, sandbox)
        return TogetherLambda(typed.use, typed, name=f"use_{tool.name}")
    if model is None:
        model = recorded_model(tool.provenance.user_model)
    elif isinstance(model, str):
        model = late_model(model) if tool.parser is None else LateModel(model)
    user = _ToolUser(tool, model, sandbox)
    return TogetherLambda(user.use, user, name=f"use_{tool.name}")


class _ToolUser:
    """Uses one tool; `create_tool_user` documents the arguments."""

    def __init__(self, tool: MadeTool, model: Runnable[Any, Any], sandbox: Sandbox) -> None:
        self._tool, self._model, self._sandbox = tool, model, sandbox
        self._model_reads = "model" in tool.read_by or (None if tool.model_may_read else False)  # None: not known yet

    @cached_property
    def _reader(self) -> ArgumentsReader:
        return ArgumentsReader(self._tool, self._model, worked_examples=self._tool.worked_examples)

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_reader"}  # its model class is local

    def use(self, question: str | FailedCall) -> Flow[Answer]:
        """Answer one request."""
        tool, start = self._tool, time.perf_counter()
        failed = question if isinstance(question, FailedCall) else None
        question = question.question if isinstance(question, FailedCall) else question
        if not isinstance(question, str):
            raise ToolUseError(
                f"{tool.name} answers requests in words, and takes no inputs: invoke it with a text",
                question=shorten(repr(question)),
                usage=TokenUsage(),
            )
        usage = TokenUsage()
        if failed is None and tool.parser is not None and (arguments := tool.parser.read(question)) is not None:
            result = yield from call_tool(self._sandbox, tool, arguments)
            if result.ok:
                return answer_of(question, tool, arguments, result, usage, start)
            failed = FailedCall(question, arguments, failure_text(result))
        why = "its wording matches no example, and no model was proven to read it" if failed is None else failed.why
        if self._model_reads is None:
            self._model_reads, usage = yield from reads_correctly(tool, self._model, self._sandbox)
        if self._model_reads:
            (reading,) = yield from self._reader.read([question])
            usage += reading.usage
            if reading.arguments is None:
                what = f"no valid arguments for {tool.name} in {shorten(question)!r}: {reading.error}"
                if failed is not None:
                    what = f"{tool.name} failed on {shorten(question)!r}: {why}; a model read no other arguments"
                raise ToolUseError(what, question=question, usage=usage)
            if failed is None or reading.arguments != failed.arguments:
                result = yield from call_tool(self._sandbox, tool, reading.arguments)
                if result.ok:
                    return answer_of(question, tool, reading.arguments, result, usage, start)
                why = failure_text(result)
        raise _failed(tool, question, why, usage)

    def prepare(self, value: Any, caller: Caller) -> Flow[_Parsed | None]:  # noqa: ARG002 - a part of `Together`
        """Read the arguments of one request of a batch; None if the parser does not read it."""
        yield from ()
        start = time.perf_counter()
        parser = self._tool.parser
        arguments = None if parser is None or not isinstance(value, str) else parser.read(value)
        return None if arguments is None else _Parsed(value, arguments, start)

    def finish(self, kept: Sequence[_Parsed], caller: Caller) -> Flow[list[Answer | Exception | Singly]]:
        """Call the function for all requests that were read; a model may read other arguments where it fails."""
        tool, tokens = self._tool, TokenUsage()
        results = yield from run_together(self._sandbox, tool, [each.arguments for each in kept], caller.tenant)
        return [
            answer_of(each.question, tool, each.arguments, result, tokens, each.start)
            if result.ok
            else Singly(FailedCall(each.question, each.arguments, failure_text(result)))
            if self._model_reads is not False
            else _failed(tool, each.question, failure_text(result), tokens)
            for each, result in zip(kept, results, strict=True)
        ]


def reads_correctly(tool: MadeTool, model: Runnable[Any, Any], sandbox: Sandbox) -> Flow[tuple[bool, TokenUsage]]:
    """Check whether a model reads unseen examples of a tool's proof, one after the other until a reading is wrong.

    Returns:
        Whether all readings led to the known answers, and the tokens.

    Raises:
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    reader, usage = ArgumentsReader(tool, model, worked_examples=tool.worked_examples), TokenUsage()
    unseen = [case for case in tool.report.cases if case.role == "validation"][:_TRIED]
    for case in unseen:
        (reading,) = yield from reader.read([case.question])
        usage += reading.usage
        if reading.arguments is None:
            return False, usage
        (result,) = yield from run_tool(sandbox, tool.tool_source, [reading.arguments])
        if not result.ok or not tool.stored_check.matches(result.value, case.expected):
            return False, usage
    return bool(unseen), usage


class _TypedUser:
    """Uses one typed tool. Nothing has to be read, so a batch is one call of the sandbox."""

    def __init__(self, tool: MadeTool, sandbox: Sandbox) -> None:
        self._tool, self._sandbox = tool, sandbox

    def use(self, inputs: Any) -> Flow[Answer]:
        """Answer one row."""
        start = time.perf_counter()
        if isinstance(inputs, FailedCall):
            raise _failed(self._tool, inputs.question, inputs.why, TokenUsage())
        arguments = given_arguments(self._tool, inputs)
        result = yield from call_tool(self._sandbox, self._tool, arguments)
        answer = self._answer(_Parsed(inputs_text(inputs), arguments, start), result)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def prepare(self, value: Any, caller: Caller) -> Flow[_Parsed | None]:  # noqa: ARG002 - a part of `Together`
        """Name the arguments of one row of a batch; None if it does not fit, which `use` explains."""
        yield from ()
        start = time.perf_counter()
        try:
            return _Parsed(inputs_text(value), given_arguments(self._tool, value), start)
        except (ToolUseError, TypeError, ValueError, RecursionError):
            return None

    def finish(self, kept: Sequence[_Parsed], caller: Caller) -> Flow[list[Answer | Exception | Singly]]:
        """Call the function for all rows."""
        arguments = [each.arguments for each in kept]
        results = yield from run_together(self._sandbox, self._tool, arguments, caller.tenant)
        return [self._answer(each, result) for each, result in zip(kept, results, strict=True)]

    def _answer(self, row: _Parsed, result: ExecutionResult) -> Answer | ToolUseError:
        if not result.ok:
            return _failed(self._tool, row.question, failure_text(result), TokenUsage())
        return answer_of(row.question, self._tool, row.arguments, result, TokenUsage(), row.start)


class _Parsed(NamedTuple):
    """A request of a batch with its arguments and its start time, by `time.perf_counter`."""

    question: str
    arguments: dict[str, Any]
    start: float


def _failed(tool: MadeTool, question: str, why: str, usage: TokenUsage) -> ToolUseError:
    return ToolUseError(f"{tool.name} failed on {shorten(question)!r}: {why}", question=question, usage=usage)


def run_tool(
    sandbox: Sandbox,
    tool: ToolProposal | ToolSource,
    argument_sets: list[dict[str, Any]],
    *,
    hash_seed: int = 0,
    limits: Limits | None = None,
) -> Flow[list[ExecutionResult]]:
    """Run a function that is not a made tool yet on several argument sets, in one batch, for the tenant of the run.

    `limits` override those of the sandbox.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    if not argument_sets:
        return []
    packages = tool.packages if isinstance(tool.packages, str) else packages_key(tool.packages)
    source = ToolSource(source=tool.source, entry=tool.entry, hash_seed=hash_seed, packages=packages)

    def run(sets: list[dict[str, Any]], config: RunnableConfig) -> list[ExecutionResult]:
        return sandbox.batch(source, sets, tenant=Caller.of(config).tenant, limits=limits)

    async def arun(sets: list[dict[str, Any]], config: RunnableConfig) -> list[ExecutionResult]:
        return await sandbox.abatch(source, sets, tenant=Caller.of(config).tenant, limits=limits)

    (outcome,) = yield Calls(RunnableLambda(run, afunc=arun, name="sandbox"), [argument_sets])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome  # type: ignore[no-any-return]  # a Runnable has no type of output


def call_tool(
    sandbox: Sandbox, tool: MadeTool, arguments: dict[str, Any], *, tenant: str | None = None
) -> Flow[ExecutionResult]:
    """Call a made tool once, as a tool run in the trace, for a tenant: by default that of the run.

    Raises:
        SandboxError: The sandbox itself failed.
        ToolRecordError: The tool may not be used (`MadeTool.refusal`).
    """
    source = tool.tool_source

    def run(config: RunnableConfig) -> ExecutionResult:
        whose = Caller.of(config).tenant if tenant is None else tenant
        return sandbox.batch(source, [arguments], tenant=whose)[0]

    async def arun(config: RunnableConfig) -> ExecutionResult:
        whose = Caller.of(config).tenant if tenant is None else tenant
        return (await sandbox.abatch(source, [arguments], tenant=whose))[0]

    with executing(tool.name, tool.id) as span:
        (result,) = yield ToolRun(_Call(tool.name, tool.id, arguments), run, arun, _shown)
        _note_failures(span, [result])
    return result  # type: ignore[no-any-return]  # an effect's outcomes have no type


class _Call(NamedTuple):
    """One call, for the trace."""

    tool: str
    tool_id: str
    arguments: dict[str, Any]


def _shown(result: ExecutionResult) -> str | LATMError:
    return answer_text(result.value) if result.ok else LATMError(failure_text(result))


def run_together(
    sandbox: Sandbox, tool: MadeTool, argument_sets: Sequence[dict[str, Any]], tenant: str
) -> Flow[list[ExecutionResult]]:
    """Run a tool on many argument sets for a tenant, in one batch that is not a run of its own in a trace.

    Raises:
        SandboxError: The sandbox itself failed.
        ToolRecordError: The tool may not be used (`MadeTool.refusal`).
    """
    source = tool.tool_source
    with executing(tool.name, tool.id, len(argument_sets)) as span:
        (results,) = yield Do(
            lambda: sandbox.batch(source, argument_sets, tenant=tenant),
            lambda: sandbox.abatch(source, argument_sets, tenant=tenant),
        )
        _note_failures(span, results)
    return results  # type: ignore[no-any-return]  # an effect's outcomes have no type


def _note_failures(span: ToolSpan, results: Sequence[ExecutionResult]) -> None:
    for result in results:
        if result.failure is not None:
            span.failed(result.failure.kind.value)
