"""What tools are measured against: ways in which the same model answers every request anew.

`direct` asks for the answer alone, `cot` lets the model think first (chain of thought, Wei et al. 2022), `pot` has it
write a program for each request, which the sandbox runs (program of thought, Chen et al. 2022). All get the same solved
examples as a maker, temperature 0 and the same limit on a reply. None of them tries a second time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any, Final

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Flow, flow_runnable
from langchain_latm.benchmarks.names import BASELINES
from langchain_latm.benchmarks.prompts import PROGRAMMING, THINKING
from langchain_latm.exceptions import ModelError, ToolUseError
from langchain_latm.making.proposing import InvalidReplyError, code_in
from langchain_latm.models.failures import model_failure
from langchain_latm.models.replies import reply_text
from langchain_latm.models.resolve import resolve_model
from langchain_latm.models.sampling import with_sampling
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.direct_answer import create_direct_answer
from langchain_latm.tools.prompts import examples_text
from langchain_latm.tools.user import run_tool
from langchain_latm.types import Answer, Example, TokenUsage, ToolProposal, shorten

MAX_TOKENS: Final = 1_024
"""Longest reply: what the embedded model has by default. A limit that the model's user chose stays."""

_MARK: Final = re.compile(r"answer:", re.IGNORECASE)
_ENTRY: Final = "solve"


def create_baseline(
    name: str, model: str | Runnable[Any, Any], *, demonstrations: Sequence[Example], sandbox: Sandbox
) -> Runnable[str, Answer]:
    """Create a baseline by its name.

    Args:
        name: One of `BASELINES`.
        model: `"local"`, a name that `init_chat_model` takes, or a chat model.
        demonstrations: Solved examples for the prompt.
        sandbox: Where the programs of `pot` run.

    Returns:
        A Runnable from a question to an `Answer` without a `tool_use`.

    Raises:
        ValueError: There is no such baseline.
        ModelError: By the Runnable: the model cannot be reached.
        ToolUseError: By the Runnable, from `pot` alone: the program failed.
        SandboxError: By the Runnable, from `pot` alone: the sandbox itself failed.
    """
    match name:
        case "direct":
            return create_direct_answer(_limited(model), demonstrations=demonstrations)
        case "cot":
            return create_cot(model, demonstrations=demonstrations)
        case "pot":
            return create_pot(model, demonstrations=demonstrations, sandbox=sandbox)
    raise ValueError(f"{name!r} is none of {', '.join(BASELINES)}")


def create_cot(
    model: str | Runnable[Any, Any] = "local", *, demonstrations: Sequence[Example]
) -> Runnable[str, Answer]:
    """Create the Runnable that lets a model think first, and takes what it writes after the last "Answer:".

    A reply without that word is the answer as it is.

    Args:
        model: `"local"`, a name that `init_chat_model` takes, or a chat model.
        demonstrations: Solved examples for the prompt; they show the form of an answer, not the thinking.

    Raises:
        ModelError: By the Runnable: the model cannot be reached.
    """
    chat, prompt = _limited(model), examples_text(demonstrations)

    def answer(question: str) -> Flow[Answer]:
        start = time.perf_counter()
        reply = yield from _reply(THINKING, chat, {"demonstrations": prompt, "question": question})
        return _answer(question, _after_mark(reply_text(reply)), TokenUsage.of(reply), start)

    return flow_runnable(answer, name="cot")


def create_pot(
    model: str | Runnable[Any, Any] = "local", *, demonstrations: Sequence[Example], sandbox: Sandbox
) -> Runnable[str, Answer]:
    """Create the Runnable that has a model write a program for each request, and takes what `solve()` returns.

    Args:
        model: `"local"`, a name that `init_chat_model` takes, or a chat model.
        demonstrations: Solved examples for the prompt; they show the form of an answer, not a program.
        sandbox: Where the programs run. Closing it is the caller's part.

    Raises:
        ModelError: By the Runnable: the model cannot be reached.
        ToolUseError: By the Runnable: the reply holds no program, or it failed. Its tokens are in the error.
        SandboxError: By the Runnable: the sandbox itself failed.
    """
    chat, prompt = _limited(model), examples_text(demonstrations)

    def answer(question: str) -> Flow[Answer]:
        start = time.perf_counter()
        reply = yield from _reply(PROGRAMMING, chat, {"demonstrations": prompt, "question": question})
        usage = TokenUsage.of(reply)
        try:
            source = code_in(reply_text(reply))
        except InvalidReplyError as refused:
            raise _failed(str(refused), question, usage) from refused
        program = ToolProposal(source=source, entry=_ENTRY, description="", parameters={})
        (result,) = yield from run_tool(sandbox, program, [{}])
        if result.failure is not None:
            raise _failed(f"{result.failure.kind.value}: {result.failure.message}", question, usage)
        return _answer(question, answer_text(result.value), usage, start)

    return flow_runnable(answer, name="pot")


def _limited(model: str | Runnable[Any, Any]) -> Runnable[Any, Any]:
    return with_sampling(resolve_model(model), temperature=0, max_tokens=MAX_TOKENS)


def _reply(prompt: Runnable[Any, Any], chat: Runnable[Any, Any], values: dict[str, str]) -> Flow[Any]:
    (reply,) = yield Calls(prompt | chat, [values])
    if isinstance(reply, Exception):
        raise ModelError(model_failure(reply, chat)) from reply
    return reply


def _after_mark(text: str) -> str:
    """Return what stands after the last mark, without the stars that make it bold."""
    *before, last = _MARK.split(text)
    return last.strip(" \t\r\n*") if before else text.strip()


def _answer(question: str, text: str, usage: TokenUsage, start: float) -> Answer:
    return Answer(question=question, text=text, usage={"answering": usage}, seconds=time.perf_counter() - start)


def _failed(why: str, question: str, usage: TokenUsage) -> ToolUseError:
    return ToolUseError(f"the program for {shorten(question)!r} failed: {why}", question=question, usage=usage)
