"""The tool user: a light model reads the arguments off a request, the sandbox computes the answer (paper, section 3.2).

The model fills the tool's JSON schema; it never writes code and never sees what the tool returned.
"""

from __future__ import annotations

import ast
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ValidationError

from langchain_latm._arguments_model import ArgumentsModel, arguments_model
from langchain_latm._flow import Calls, Flow, flow_runnable
from langchain_latm.answer_check import answer_text
from langchain_latm.exceptions import ModelError, ToolUseError
from langchain_latm.models import model_failure, resolve_model, with_sampling
from langchain_latm.prompts import READING, READING_AGAIN, UNWORKED, worked_examples_text
from langchain_latm.sandbox.base import ExecutionResult, Sandbox
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    Answer,
    MadeTool,
    TokenUsage,
    ToolProposal,
    ToolUse,
    WorkedExample,
    shorten,
)

MAX_TOKENS = 1024
"""Longest reply of the tool user: arguments, never an essay."""


def create_tool_user(
    tool: MadeTool,
    model: str | Runnable[Any, Any] = "local",
    *,
    sandbox: Sandbox,
    max_tokens: int = MAX_TOKENS,
) -> Runnable[str, Answer]:
    """Create the Runnable that answers requests with a made tool.

    Arguments that do not fit the tool's schema go back to the model once, with the error; it does not guess, and
    it does not try another tool or answer by itself.

    Args:
        tool: The tool. Its worked examples are the model's few-shot prompt.
        model: Reads the arguments: `"local"`, a name that `init_chat_model` takes, or a chat model.
        sandbox: Where the tool runs. Closing it is the caller's part.
        max_tokens: Longest reply of the model, unless the model sets its own limit.

    Returns:
        A Runnable from a question to an `Answer`; sync, async, batch.

    Raises:
        ModelError: By the Runnable: the model cannot be reached.
        ToolUseError: By the Runnable: no valid arguments after two tries, or the tool failed on them.
        SandboxError: By the Runnable: the sandbox itself failed.
    """
    reader = ArgumentsReader(tool, model, worked_examples=tool.worked_examples, max_tokens=max_tokens)

    def use(question: str) -> Flow[Answer]:
        start = time.perf_counter()
        (reading,) = yield from reader.read([question])
        if reading.arguments is None:
            raise ToolUseError(
                f"no valid arguments for {tool.name} in {shorten(question)!r}: {reading.error}",
                question=question,
                usage=reading.usage,
            )
        (result,) = yield from run_tool(sandbox, tool, [reading.arguments])
        if result.failure is not None:
            failure = result.failure
            raise ToolUseError(
                f"{tool.name} failed on {shorten(question)!r}: {failure.kind.value}: {failure.message}",
                question=question,
                usage=reading.usage,
            )
        return Answer(
            question=question,
            text=answer_text(result.value),
            tool_use=ToolUse(
                tool=tool.name,
                tool_id=tool.id,
                arguments=reading.arguments,
                value=result.value,
                seconds=result.seconds,
            ),
            usage={"using": reading.usage},
            seconds=time.perf_counter() - start,
        )

    return flow_runnable(use, name=f"use_{tool.name}")


def run_tool(
    sandbox: Sandbox, tool: MadeTool | ToolProposal, argument_sets: list[dict[str, Any]]
) -> Flow[list[ExecutionResult]]:
    """Run a tool on several argument sets, in one batch.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    if not argument_sets:
        return []
    source = tool.tool_source
    batch: Runnable[Any, Any] = RunnableLambda(
        lambda sets: sandbox.batch(source, sets),
        afunc=lambda sets: sandbox.abatch(source, sets),
        name="sandbox",
    )
    (outcome,) = yield Calls(batch, [argument_sets])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome  # type: ignore[no-any-return]  # a Runnable does not tell what it returns


@dataclass(frozen=True)
class Reading:
    """The arguments read off one question, or why there are none, and the tokens spent."""

    arguments: dict[str, Any] | None
    error: str | None
    reply: str
    usage: TokenUsage


class ArgumentsReader:
    """Reads arguments for one function off questions with a model, in JSON that fits its schema.

    The prompt is the same text for every question but for its last line, so that providers and llama.cpp can
    reuse what they computed for the beginning.
    """

    def __init__(
        self,
        tool: MadeTool | ToolProposal,
        model: str | Runnable[Any, Any],
        *,
        worked_examples: Sequence[WorkedExample] = (),
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._model = with_sampling(resolve_model(model), temperature=0, max_tokens=max_tokens)
        self._arguments: type[ArgumentsModel] = arguments_model(tool.entry, tool.parameters)
        schema = {**tool.parameters, "title": tool.entry, "description": tool.description or tool.entry}
        self._structured = _structured(self._model, schema)
        self._constants = {
            "signature": signature_text(tool.source, tool.entry),
            "worked_examples": worked_examples_text(worked_examples) or UNWORKED,
        }

    def read(self, questions: Sequence[str]) -> Flow[list[Reading]]:
        """Read each question's arguments; those that do not fit are asked for once more, with the error.

        Raises:
            ModelError: The model cannot be reached.
        """
        for question in questions:
            if len(question) > MAX_QUESTION_CHARACTERS:
                raise ToolUseError(
                    f"the question has {len(question):,} characters; at most {MAX_QUESTION_CHARACTERS:,} are read",
                    question=shorten(question),
                    usage=TokenUsage(),
                )
        inputs = [{**self._constants, "question": question} for question in questions]
        replies = yield Calls(READING | self._structured, inputs)
        readings = [self._reading(reply) for reply in replies]
        again = [i for i, reading in enumerate(readings) if reading.arguments is None]
        corrected = yield from self.read_again(
            [questions[i] for i in again],
            [readings[i] for i in again],
            [f"These arguments do not fit: {readings[i].error}." for i in again],
        )
        for i, reading in zip(again, corrected, strict=True):
            readings[i] = replace(reading, usage=readings[i].usage + reading.usage)
        return readings

    def read_again(
        self, questions: Sequence[str], readings: Sequence[Reading], errors: Sequence[str]
    ) -> Flow[list[Reading]]:
        """Ask once more for arguments that were wrong, saying what was wrong with them.

        The usage of the readings that come back is that of this second try alone.

        Raises:
            ModelError: The model cannot be reached.
        """
        if not questions:
            return []
        replies = yield Calls(
            READING_AGAIN | self._structured,
            [
                {**self._constants, "question": question, "reply": reading.reply or "{}", "error": error}
                for question, reading, error in zip(questions, readings, errors, strict=True)
            ],
        )
        return [self._reading(reply) for reply in replies]

    def _reading(self, reply: Any) -> Reading:
        if isinstance(reply, Exception):
            return self._failed(reply)
        raw = reply["raw"]
        text = _text(raw)
        usage = TokenUsage.of(raw)
        data = reply["parsed"] if reply["parsed"] is not None else _json_in(text)
        if data is None:
            what = "the reply holds no JSON object" if text.strip() else "the reply is empty"
            return Reading(None, what, text[:2000], usage)
        try:
            return Reading(self._arguments.model_validate(data).to_json(), None, text[:2000], usage)
        except ValidationError as error:
            return Reading(None, _errors(error), json.dumps(data, ensure_ascii=False)[:2000], usage)

    def _failed(self, error: Exception) -> Reading:
        if type(error).__name__ == "LengthFinishReasonError":  # openai's: named, not imported, to stay light
            completion = getattr(getattr(error, "completion", None), "usage", None)
            usage = TokenUsage(
                input_tokens=getattr(completion, "prompt_tokens", 0),
                output_tokens=getattr(completion, "completion_tokens", 0),
                calls=1,
            )
            return Reading(None, "the reply was cut off at its longest allowed length", "", usage)
        raise ModelError(model_failure(error, self._model)) from error


def signature_text(source: str, entry: str) -> str:
    """Return the head of a function, with its docstring and without its body."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == entry:
            node.body = node.body[:1] if ast.get_docstring(node) else [ast.Expr(ast.Constant(...))]
            node.decorator_list = []
            return ast.unparse(ast.fix_missing_locations(node))
    msg = f"the source has no function {entry!r}"
    raise ValueError(msg)


def _structured(model: Runnable[Any, Any], schema: dict[str, Any]) -> Runnable[Any, Any]:
    """Ask the model for JSON by whatever way its provider has; a plain Runnable is trusted to write JSON."""
    try:
        return model.with_structured_output(schema, include_raw=True)  # type: ignore[attr-defined,no-any-return]
    except (AttributeError, NotImplementedError):
        return model | RunnableLambda(lambda raw: {"raw": raw, "parsed": None, "parsing_error": None})


def _text(raw: Any) -> str:
    if isinstance(raw, AIMessage) and raw.tool_calls:
        return json.dumps(raw.tool_calls[0]["args"], ensure_ascii=False)
    if isinstance(raw, BaseMessage):
        return str(raw.text)
    return raw if isinstance(raw, str) else ""


def _json_in(text: str) -> dict[str, Any] | None:
    """Find the JSON object in a reply that may have words or a code fence around it."""
    for match in islice(re.finditer(r"\{", text), 20):
        try:
            data, _ = json.JSONDecoder().raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            inner = data.get("arguments")
            return inner if isinstance(inner, dict) and "name" in data else data
    return None


def _errors(error: ValidationError) -> str:
    """Say for a model what is wrong with its arguments, parameter by parameter."""
    return "; ".join(
        f"{'.'.join(str(part) for part in e['loc']) or 'arguments'}: {e['msg']}"
        for e in error.errors(include_url=False, include_input=False, include_context=False)[:5]
    )
