"""Reading arguments off a question with a model, for the tool user and for verification.

The model fills in the JSON schema of a function. It writes no code, and does not see what the function returned.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable
from pydantic import ValidationError

from langchain_latm._core.flow import Calls, Flow
from langchain_latm._core.source import parse_source
from langchain_latm.exceptions import ToolUseError
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_error
from langchain_latm.models.late import late_model
from langchain_latm.models.replies import was_cut, without_thoughts
from langchain_latm.tools.arguments_model import ArgumentsModel, arguments_model
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.prompts import READING, READING_AGAIN, UNWORKED, worked_examples_text
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    TokenUsage,
    ToolProposal,
    WorkedExample,
    argument_errors,
    shorten,
)

_TOKENS_BESIDE_THE_QUESTION = 128
_CUT = "the reply was cut off at its longest allowed length"


@dataclass(frozen=True)
class Reading:
    """The arguments read off one question, or why there are none, and the tokens."""

    arguments: dict[str, Any] | None
    error: str | None
    reply: str
    usage: TokenUsage


class ArgumentsReader:
    """Reads arguments for one function off questions with a model, as JSON that fits its schema.

    The prompts of all questions differ only in the last line, so that providers and llama.cpp can cache the rest.

    Arguments are validated against the schema. A parameter whose texts were copied from the question in every worked
    example must be copied in later requests too, which catches misspelt or invented words. Only texts are compared,
    ignoring case and white space.
    """

    def __init__(
        self,
        tool: MadeTool | ToolProposal,
        model: str | Runnable[Any, Any],
        *,
        worked_examples: Sequence[WorkedExample] = (),
    ) -> None:
        self._model = late_model(model)
        self._arguments: type[ArgumentsModel] = arguments_model(tool.entry, tool.parameters)
        described = {"title": tool.entry, "description": tool.description or tool.entry}
        self._schema = self._arguments.provider_schema() | described
        self._worked = bool(worked_examples)
        longer = [len(json.dumps(each.arguments)) - len(each.question) for each in worked_examples]
        self._tokens_beside_the_question = max([_TOKENS_BESIDE_THE_QUESTION, *longer])
        self._copied = _always_copied(worked_examples) if worked_examples else set(tool.parameters["properties"])
        self._constants = {
            "signature": signature_text(tool.source, tool.entry),
            "worked_examples": worked_examples_text(worked_examples) or UNWORKED,
        }

    def read(self, questions: Sequence[str]) -> Flow[list[Reading]]:
        """Read each question's arguments; if they are wrong, ask once more, with the error.

        Raises:
            ModelError: The model cannot be reached.
            ToolUseError: A question is too long, or is not encodable as UTF-8.
        """
        for question in questions:
            if len(question) > MAX_QUESTION_CHARACTERS:
                raise ToolUseError(
                    f"the question has {len(question):,} characters; at most {MAX_QUESTION_CHARACTERS:,} are read",
                    question=shorten(question),
                    usage=TokenUsage(),
                )
            if any("\ud800" <= character <= "\udfff" for character in question):
                raise ToolUseError(
                    "the question contains a lone surrogate, not encodable as UTF-8: decode it as UTF-8 first",
                    question=shorten(question).encode(errors="replace").decode(),
                    usage=TokenUsage(),
                )
        inputs = [{**self._constants, "question": question} for question in questions]
        replies = yield Calls(READING | self._asking(questions), inputs)
        readings = [self._reading(reply) for reply in replies]
        wrong = {
            i: error
            for i, reading in enumerate(readings)
            if (error := reading.error or self._not_copied(reading, questions[i]))
        }
        corrected = yield from self.read_again(
            [questions[i] for i in wrong],
            [readings[i] for i in wrong],
            [f"These arguments do not fit: {error}." for error in wrong.values()],
        )
        for i, reading in zip(wrong, corrected, strict=True):
            chosen = self._choose(readings[i], reading, questions[i])
            readings[i] = replace(chosen, usage=readings[i].usage + reading.usage)
        return readings

    def read_again(
        self, questions: Sequence[str], readings: Sequence[Reading], errors: Sequence[str]
    ) -> Flow[list[Reading]]:
        """Ask once more for arguments that were wrong, with the errors.

        The usage of the returned readings is that of this second try only.

        Raises:
            ModelError: The model cannot be reached.
        """
        if not questions:
            return []
        replies = yield Calls(
            READING_AGAIN | self._asking(questions),
            [
                {**self._constants, "question": question, "reply": reading.reply or "{}", "error": error}
                for question, reading, error in zip(questions, readings, errors, strict=True)
            ],
        )
        return [self._reading(reply) for reply in replies]

    def _reading(self, reply: Any) -> Reading:
        if isinstance(reply, Exception):
            return self._failed(reply)
        text = _text(reply)
        usage = TokenUsage.of(reply)
        if was_cut(reply):  # clients complete the JSON of a call that was cut off, so it would look complete
            return Reading(None, _CUT, text[:2000], usage)
        data = _json_in(text)
        if data is None:
            what = "the reply holds no JSON object" if text.strip() else "the reply is empty"
            return Reading(None, what, text[:2000], usage)
        try:
            return Reading(self._arguments.model_validate(data).to_json(), None, text[:2000], usage)
        except ValidationError as error:
            return Reading(None, argument_errors(error), json.dumps(data, ensure_ascii=False)[:2000], usage)

    def _asking(self, questions: Sequence[str]) -> Runnable[Any, Any]:
        """Return a Runnable that asks the model for JSON; a plain Runnable must write JSON by itself.

        Arguments copied from a question take at most one token per character of the question. This is the limit on
        tokens, or more if a worked example is longer than its question, as a snippet of code may be. It stops a small
        model that loops.
        """
        limit = self._tokens_beside_the_question + max(len(question) for question in questions)
        return asking(self._model, temperature=0, max_tokens=limit, schema=self._schema)

    def _not_copied(self, reading: Reading, question: str) -> str | None:
        """Return an error for the first text among the arguments that should occur in the question but does not."""
        text = _folded(question)
        for name in sorted(self._copied & set(reading.arguments or {})):
            for part in _texts((reading.arguments or {})[name]):
                if _folded(part) not in text:
                    return f"{name}: {shorten(part)!r} does not stand in the question; copy what stands there"
        return None

    def _choose(self, first: Reading, second: Reading, question: str) -> Reading:
        """Choose between two readings: the second, if it is valid.

        If it is not valid, there are no arguments, so that a tool in use does not compute on invented text. Without
        worked examples it is not known whether arguments must be copied, so a valid first reading is used.
        """
        doubt = second.error or self._not_copied(second, question)
        if doubt is None:
            return second
        if self._worked or first.arguments is None:
            return replace(second, arguments=None, error=doubt)
        return first

    def _failed(self, error: Exception) -> Reading:
        if type(error).__name__ == "LengthFinishReasonError":  # from openai, compared by name to avoid the import
            completion = getattr(getattr(error, "completion", None), "usage", None)
            usage = TokenUsage(
                input_tokens=getattr(completion, "prompt_tokens", 0),
                output_tokens=getattr(completion, "completion_tokens", 0),
                calls=1,
            )
            return Reading(None, _CUT, "", usage)
        raise model_error(error, self._model) from error


def signature_text(source: str, entry: str) -> str:
    """Return the signature and docstring of a function, without its body."""
    for node in parse_source(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == entry:
            node.body = node.body[:1] if ast.get_docstring(node) else [ast.Expr(ast.Constant(...))]
            node.decorator_list = []
            return ast.unparse(ast.fix_missing_locations(node))
    raise ValueError(f"the source has no function {entry!r}")


def _always_copied(worked_examples: Sequence[WorkedExample]) -> set[str]:
    """Return the parameters whose texts occurred in the question in every worked example."""
    names = set.intersection(*(set(example.arguments) for example in worked_examples))
    return {
        name
        for name in names
        if all(
            _folded(text) in _folded(example.question)
            for example in worked_examples
            for text in _texts(example.arguments[name])
        )
    }


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, except the names of fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _text(raw: Any) -> str:
    if isinstance(raw, AIMessage) and raw.tool_calls:
        return json.dumps(raw.tool_calls[0]["args"], ensure_ascii=False)
    if isinstance(raw, BaseMessage):
        raw = str(raw.text)
    return without_thoughts(raw) if isinstance(raw, str) else ""


def _json_in(text: str) -> dict[str, Any] | None:
    """Find the JSON object in a reply; words or a code fence may surround it."""
    for match in islice(re.finditer(r"\{", text), 20):
        try:
            data, _ = json.JSONDecoder().raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            inner = data.get("arguments")
            return inner if isinstance(inner, dict) and "name" in data else data
    return None
