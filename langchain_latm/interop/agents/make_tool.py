"""The tool by which an agent asks for a new tool."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, NamedTuple

from langchain.agents.middleware.internal_call_transformer import internal_call_metadata
from langchain.tools import ToolRuntime
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import merge_configs
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command, interrupt
from pydantic import BaseModel, Field, ValidationError

from langchain_latm._core.flow import Calls, Flow, flow_runnable
from langchain_latm.exceptions import LATMError, ToolMakingError
from langchain_latm.making.maker import ToolMaker
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import LEAST_TOLD, Example, Task, TokenUsage, first_error, shorten

NAME: Final = "make_tool"

_DESCRIPTION: Final = """\
Make a new tool for a kind of computation that comes up again and again and that no tool does yet. Give solved \
examples that you are certain of: a program is written from some of them and proven on the others, and then you can \
call it by its name. Not for a single question, and not for what needs knowledge of the world."""


class SolvedExample(BaseModel):
    """A question of the kind, and its right answer."""

    question: str = Field(description="A whole question, as a user would ask it.")
    answer: str = Field(description="Its right answer alone, written as the tool shall write it.")


class MakeToolArguments(BaseModel):
    """What `make_tool` is called with."""

    name: str = Field(description="A short name for the tool, such as count_vowels.")
    description: str = Field(description="One sentence: what the tool computes.")
    examples: Annotated[list[SolvedExample], Field(min_length=LEAST_TOLD, max_length=50)] = Field(
        description="Solved examples, at least four, better six, each another question."
    )


class Limits(NamedTuple):
    """What makings may take in one run of an agent.

    Attributes:
        makings: How many are begun.
        tokens: After how many tokens no other is begun; None for no limit.
    """

    makings: int
    tokens: int | None


class Asked(NamedTuple):
    """One call of `make_tool`."""

    name: str
    description: str
    examples: list[SolvedExample]
    runtime: ToolRuntime


class MadeToolMaker:
    """Makes tools for an agent; `ToolMakingMiddleware` says what the arguments are."""

    def __init__(self, library: ToolLibrary, maker: ToolMaker, limits: Limits, *, approve: bool) -> None:
        self._library = library
        self._maker = maker
        self._limits = limits
        self._approve = approve

    def as_tool(self) -> BaseTool:
        """Return the tool."""
        make = flow_runnable(self._make, name=NAME)

        def run(name: str, description: str, examples: list[SolvedExample], runtime: ToolRuntime) -> Any:
            return make.invoke(Asked(name, description, examples, runtime), _config(runtime))

        async def arun(name: str, description: str, examples: list[SolvedExample], runtime: ToolRuntime) -> Any:
            return await make.ainvoke(Asked(name, description, examples, runtime), _config(runtime))

        return StructuredTool(
            name=NAME,
            description=_DESCRIPTION,
            args_schema=MakeToolArguments,
            func=run,
            coroutine=arun,
            handle_validation_error=_misfits,
            tags=["latm"],
        )

    def _make(self, asked: Asked) -> Flow[Command[Any] | ToolMessage]:
        runtime, library = asked.runtime, self._library
        if refusal := self._refusal(runtime):
            return _said(runtime, refusal)
        try:
            task = _task((yield from self._free_name(asked.name)), asked)
            (made,) = yield Calls(self._maker, [task])
            if isinstance(made, Exception):
                raise made
            if self._approve and (said := interrupt(_shown(made))) is not True:
                told = f"The tool was made, and a person refused it: {said or 'no reason was given'}. Go on without it."
                return _said(runtime, told, made.provenance.usage.values())
            yield from library.do(library.flows.add(made, f"asked for by an agent: {shorten(asked.description)}"))
        except (LATMError, ValidationError) as error:
            return _failed(runtime, error)
        # A small model that is not told what is left to do ends its turn here.
        told = (
            f"Made the tool {made.name}: {made.description} It is right on all {made.report.passed} examples. "
            f"No question is answered by that yet: call {made.name} now."
        )
        message = _said(runtime, told, made.provenance.usage.values(), status="success")
        return Command(update={"latm_made": [made.name], "messages": [message]})

    def _refusal(self, runtime: ToolRuntime) -> str | None:
        """Say why no making is begun, if none is: the messages since the user's last one tell what was spent."""
        before, tokens = _spent(runtime.state["messages"], runtime.tool_call_id)
        if before >= self._limits.makings:
            return f"No tool was made: {self._limits.makings} makings in one run are allowed. Go on without it."
        if self._limits.tokens is not None and tokens >= self._limits.tokens:
            return f"No tool was made: makings took {tokens:,} tokens in this run already. Go on without it."
        return None

    def _free_name(self, name: str) -> Flow[str]:
        """Return a name that no other tool has; two makings at once may still share one, as versions of it."""
        plain = re.sub(r"[^a-zA-Z0-9_-]+", "_", name).strip("_")[:60]
        wanted = "made_tool" if plain in ("", NAME) else plain
        taken = {each.name for each in (yield from self._library.do(self._library.flows.list()))}
        numbered = (wanted if number == 1 else f"{wanted}_{number}" for number in range(1, len(taken) + 2))
        return next(each for each in numbered if each not in taken)


def _shown(made: MadeTool) -> dict[str, Any]:
    """Return what a person sees before a tool is kept."""
    return {
        "kind": "approval",
        "name": made.name,
        "description": made.description,
        "source": made.source,
        "report": made.report.model_dump(mode="json"),
    }


def _task(name: str, asked: Asked) -> Task:
    solved = [Example(question=each.question, answer=each.answer) for each in asked.examples]
    return Task.of_examples(name, shorten(asked.description, 300), solved)


def _config(runtime: ToolRuntime) -> RunnableConfig:
    """Keep the maker's model calls out of what the user reads."""
    return merge_configs(runtime.config, {"metadata": internal_call_metadata()})


def _spent(messages: Sequence[AnyMessage], call_id: str | None) -> tuple[int, int]:
    """Return how many makings of this run came before a call, and the tokens that are known of them."""
    since: list[AnyMessage] = []
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            break
        since.append(message)
    calls = [
        call["id"]
        for message in reversed(since)
        if isinstance(message, AIMessage)
        for call in message.tool_calls
        if call["name"] == NAME
    ]
    tokens = sum(
        message.artifact["tokens"]
        for message in since
        if isinstance(message, ToolMessage) and message.name == NAME and message.artifact
    )
    return (calls.index(call_id) if call_id in calls else len(calls)), tokens


def _said(runtime: ToolRuntime, text: str, usage: Any = (), *, status: Any = "error") -> ToolMessage:
    tokens = sum(usage, TokenUsage()).total
    return ToolMessage(
        text, name=NAME, tool_call_id=runtime.tool_call_id or "", status=status, artifact={"tokens": tokens}
    )


def _failed(runtime: ToolRuntime, error: Exception) -> ToolMessage:
    usage = error.usage.values() if isinstance(error, ToolMakingError) else ()
    told = first_error(error) if isinstance(error, ValidationError) else str(error)
    return _said(runtime, f"No tool was made: {shorten(told, 600)}", usage)


def _misfits(error: Any) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return "arguments: " + "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in found[:5])
