"""Baselines: ways in which the same model answers every request anew, without a tool.

`direct` asks only for the answer, `cot` lets the model think first (chain of thought, Wei et al. 2022), `pot` has it
write a program for each request, which the sandbox runs (program of thought, Chen et al. 2022). All get the same solved
examples as a maker, temperature 0 and the same limit on a reply. None of them tries a second time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from langchain_core.messages import BaseMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Flow, flow_runnable
from langchain_latm.benchmarks.names import BASELINES
from langchain_latm.exceptions import ToolUseError
from langchain_latm.making.proposing import InvalidReplyError, code_in
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_error
from langchain_latm.models.late import late_model
from langchain_latm.models.replies import reply_text
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import answer_text
from langchain_latm.text.final_answer import final_answer
from langchain_latm.tools.direct_answer import create_direct_answer
from langchain_latm.tools.prompts import examples_text
from langchain_latm.tools.user import run_tool
from langchain_latm.types import Answer, Example, TokenUsage, ToolProposal, shorten

MAX_TOKENS: Final = 1_024
"""Limit of a reply: the default of the embedded model. A limit set by the user stays."""

_ENTRY: Final = "solve"

THINKING: Final = ChatPromptTemplate(
    [
        (
            "system",
            """\
Answer the question. Think step by step first. Then write a last line that begins with "Answer:", and after it the \
answer alone, written exactly as in these examples.

{demonstrations}""",
        ),
        ("human", "Question: {question}\nThink step by step:"),
    ]
)

PROGRAMMING: Final = ChatPromptTemplate(
    [
        (
            "system",
            """\
You write one Python program that answers one question: a function solve() without parameters that computes the \
answer and returns it as text, written exactly as in these examples. Standard library only. Reply with one ```python \
block and nothing else.

{demonstrations}""",
        ),
        (
            "human",
            """\
Question: Ann has these coins: 20, 50, 5 and 10 cents. Which coins are worth more than 8 cents? Largest first, with > \
between them.

Write the program.""",
        ),
        (
            "ai",
            """\
```python
def solve() -> str:
    coins = [20, 50, 5, 10]
    above = sorted((coin for coin in coins if coin > 8), reverse=True)
    return " > ".join(str(coin) for coin in above)
```""",
        ),
        ("human", "Question: {question}\n\nWrite the program."),
    ]
)


def create_baseline(
    name: str, model: str | Runnable[Any, Any], *, demonstrations: Sequence[Example], sandbox: Sandbox
) -> Runnable[str, Answer]:
    """Create one of `BASELINES`: a Runnable from a question to an `Answer` without a `tool_use`.

    The demonstrations show the form of an answer. The sandbox runs the programs of `pot`.

    Raises:
        ValueError: There is no such baseline.
        ModelError: By the Runnable: the model cannot be reached.
        ToolUseError: By the Runnable, of `pot` only: the reply holds no program, or the program failed.
        SandboxError: By the Runnable, of `pot` only: the sandbox itself failed.
    """
    resolved = late_model(model)
    match name:
        case "direct":
            return create_direct_answer(resolved, demonstrations=demonstrations)
        case "cot":
            return _baseline(name, resolved, THINKING, demonstrations, _thought)
        case "pot":
            return _baseline(name, resolved, PROGRAMMING, demonstrations, partial(_computed, sandbox))
    raise ValueError(f"{name!r} is none of {', '.join(BASELINES)}")


def _baseline(
    name: str,
    model: Runnable[Any, Any],
    prompt: ChatPromptTemplate,
    demonstrations: Sequence[Example],
    read: Callable[[str, BaseMessage], Flow[str]],
) -> Runnable[str, Answer]:
    """Create the Runnable that asks a model, and reads the answer from its reply."""
    shown, chat = examples_text(demonstrations), asking(model, temperature=0, max_tokens=MAX_TOKENS)

    def answer(question: str) -> Flow[Answer]:
        start = time.perf_counter()
        (reply,) = yield Calls(prompt | chat, [{"demonstrations": shown, "question": question}])
        if isinstance(reply, Exception):
            raise model_error(reply, model) from reply
        text = yield from read(question, reply)
        usage = {"answering": TokenUsage.of(reply)}
        return Answer(question=question, text=text, usage=usage, seconds=time.perf_counter() - start)

    return flow_runnable(answer, name=name)


def _thought(_question: str, reply: BaseMessage) -> Flow[str]:
    yield from ()
    return final_answer(reply_text(reply))


def _computed(sandbox: Sandbox, question: str, reply: BaseMessage) -> Flow[str]:
    """Run the program in a reply, and return what its `solve()` returns, as text."""
    try:
        source = code_in(reply_text(reply))
    except InvalidReplyError as invalid:
        raise _failed(str(invalid), question, reply) from invalid
    program = ToolProposal(source=source, entry=_ENTRY, description="", parameters={})
    (result,) = yield from run_tool(sandbox, program, [{}])
    if result.failure is not None:
        raise _failed(f"{result.failure.kind.value}: {result.failure.message}", question, reply)
    return answer_text(result.value)


def _failed(why: str, question: str, reply: BaseMessage) -> ToolUseError:
    message = f"the program for {shorten(question)!r} failed: {why}"
    return ToolUseError(message, question=question, usage=TokenUsage.of(reply))
