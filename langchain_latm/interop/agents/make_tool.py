"""The tool `make_tool`, with which an agent requests a new tool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, NamedTuple

from langchain.agents.middleware.internal_call_transformer import internal_call_metadata
from langchain.tools import ToolRuntime
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import merge_configs
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command, interrupt
from pydantic import BaseModel, Field, ValidationError

from langchain_latm._core.caller import Caller, RunAs, caller_of_run
from langchain_latm._core.flow import Flow, flow_runnable
from langchain_latm._core.plain_names import plain_name
from langchain_latm.exceptions import LATMError, ToolMakingError
from langchain_latm.interop.agents.agent_library import AgentLibrary
from langchain_latm.interop.agents.agent_state import all_shown_in, changed
from langchain_latm.making.maker import ToolMaker
from langchain_latm.tools.library.budget import BudgetRefusal, DailyLimit, MakingAccount, making_of
from langchain_latm.tools.library.library import operations_of
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.pending import Approve, PendingTool, PendingTools
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import MIN_GIVEN_EXAMPLES, Example, Task, TokenUsage, argument_errors, first_error, shorten

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
    """Arguments of `make_tool`."""

    name: str = Field(description="A short name for the tool, such as count_vowels.")
    description: str = Field(description="One sentence: what the tool computes.")
    examples: Annotated[list[SolvedExample], Field(min_length=MIN_GIVEN_EXAMPLES, max_length=50)] = Field(
        description="Solved examples, at least four, better six, each another question."
    )


class MakingBudget(NamedTuple):
    """Limits on makings in one run of an agent.

    Attributes:
        makings: Maximum number of makings.
        tokens: Tokens after which no other making starts; None for no limit.
        daily: Daily limit for all makings of a library, or of a tenant's part of it; None for no limit.
    """

    makings: int
    tokens: int | None
    daily: DailyLimit | None


class MakeToolCall(NamedTuple):
    """One call of `make_tool`."""

    name: str
    description: str
    examples: list[SolvedExample]
    runtime: ToolRuntime


class MadeToolMaker:
    """Makes tools for an agent.

    Args:
        name: The name of the tool that makes them.
        middleware: The middleware's name in the agent's state.
        of: Returns the parts for the library of the run.
        maker: The maker.
        budget: See `ToolMakingMiddleware`.
        approve: See `ToolMakingMiddleware`.
    """

    def __init__(
        self,
        name: str,
        middleware: str,
        of: Callable[[Caller], AgentLibrary],
        maker: ToolMaker,
        budget: MakingBudget,
        *,
        approve: Approve,
    ) -> None:
        self._name = name
        self._middleware = middleware
        self._of = of
        self._maker = maker
        self._budget = budget
        self._approve = approve

    def as_tool(self) -> BaseTool:
        """Return the tool."""
        make = flow_runnable(self._make, name=self._name)

        def run(name: str, description: str, examples: list[SolvedExample], runtime: ToolRuntime) -> Any:
            return make.invoke(MakeToolCall(name, description, examples, runtime), _config(runtime))

        async def arun(name: str, description: str, examples: list[SolvedExample], runtime: ToolRuntime) -> Any:
            return await make.ainvoke(MakeToolCall(name, description, examples, runtime), _config(runtime))

        return StructuredTool(
            name=self._name,
            description=_DESCRIPTION,
            args_schema=MakeToolArguments,
            func=run,
            coroutine=arun,
            handle_validation_error=_invalid_arguments,
            tags=["latm"],
        )

    def _make(self, call: MakeToolCall) -> Flow[Command[Any] | ToolMessage]:
        caller = yield from caller_of_run()
        own = self._of(caller)
        if own.tenant and own.tenant != caller.tenant:
            (made,) = yield RunAs(self._made(call, own, caller.user), Caller(own.tenant, caller.user))
            return made  # type: ignore[no-any-return]  # an effect's outcomes have no type
        return (yield from self._made(call, own, caller.user))

    def _made(self, call: MakeToolCall, own: AgentLibrary, user: str) -> Flow[Command[Any] | ToolMessage]:
        runtime, library = call.runtime, operations_of(own.library)
        if refusal := self._refusal(runtime):
            return self._reply(runtime, refusal)
        try:
            task = _task((yield from self._free_name(library, call)), call)
            account = MakingAccount(library, self._budget.daily, self._maker.models)
            key = yield from account.begin(_call_of(runtime) if self._approve is True else "")
            if isinstance(key, BudgetRefusal):
                return self._reply(runtime, f"No tool was made: {key.reason}. Go on without it.")
            (made,) = yield account.making(key, making_of(self._maker, task))
            spent = made.provenance if isinstance(made, MadeTool) else made
            yield from account.end(key, getattr(spent, "usage", None), getattr(spent, "makers", {}))
            if isinstance(made, Exception):
                raise made
            reason = f"asked for by an agent: {shorten(call.description)}"
            if self._approve == "later":
                yield from PendingTools(library).put(PendingTool(tool=made, reason=reason, user=user))
                text = "The tool was made, and waits until a person has approved it. Go on without it."
                return self._reply(runtime, text, made.provenance.usage.values())
            if self._approve and (said := interrupt(_approval_request(made))) is not True:
                text = f"The tool was made, and a person refused it: {said or 'no reason was given'}. Go on without it."
                return self._reply(runtime, text, made.provenance.usage.values())
            yield from library.add(made, reason)
        except (LATMError, ValidationError) as error:
            return self._failed(runtime, error)
        # Without the last sentence a small model ends its turn here.
        text = (
            f"Made the tool {made.name}: {made.description} It is right on all {made.report.passed} examples. "
            f"No question is answered by that yet: call {made.name} now."
        )
        message = self._reply(runtime, text, made.provenance.usage.values(), status="success")
        return Command(update={**changed(self._middleware, {"made": [made.name]}), "messages": [message]})

    def _free_name(self, library: LibraryOperations, call: MakeToolCall) -> Flow[str]:
        """Return a name that neither the library nor another middleware uses.

        Simultaneous makings may still get the same name and become its versions.
        """
        plain = plain_name(call.name, longest=60)
        wanted = "made_tool" if plain in ("", self._name) else plain
        return (yield from library.free_name(wanted, all_shown_in(call.runtime.state)))

    def _refusal(self, runtime: ToolRuntime) -> str | None:
        """Return why no making may start, if so. The spending is read from the messages since the user's last one."""
        before, tokens = _spent(self._name, runtime.state["messages"], runtime.tool_call_id)
        if before >= self._budget.makings:
            return f"No tool was made: {self._budget.makings} makings in one run are allowed. Go on without it."
        if self._budget.tokens is not None and tokens >= self._budget.tokens:
            return f"No tool was made: makings took {tokens:,} tokens in this run already. Go on without it."
        return None

    def _reply(self, runtime: ToolRuntime, text: str, usage: Any = (), *, status: Any = "error") -> ToolMessage:
        tokens = sum(usage, TokenUsage()).total
        return ToolMessage(
            text, name=self._name, tool_call_id=runtime.tool_call_id or "", status=status, artifact={"tokens": tokens}
        )

    def _failed(self, runtime: ToolRuntime, error: Exception) -> ToolMessage:
        usage = error.usage.values() if isinstance(error, ToolMakingError) else ()
        reason = first_error(error) if isinstance(error, ValidationError) else str(error)
        return self._reply(runtime, f"No tool was made: {shorten(reason, 600)}", usage)


def _config(runtime: ToolRuntime) -> RunnableConfig:
    """Hide the maker's model calls from the user's stream."""
    return merge_configs(runtime.config, {"metadata": internal_call_metadata()})


def _call_of(runtime: ToolRuntime) -> str:
    """Return a unique key of a call, which stays the same when its run is resumed. Ids of calls alone may repeat."""
    place = runtime.config.get("configurable", {})
    return f"{place.get('thread_id')} {place.get('checkpoint_ns')} {runtime.tool_call_id}"


def _approval_request(made: MadeTool) -> dict[str, Any]:
    """Return the data for a person's approval of a tool."""
    return {
        "kind": "approval",
        "name": made.name,
        "description": made.description,
        "source": made.source,
        "report": made.report.model_dump(mode="json"),
    }


def _task(name: str, call: MakeToolCall) -> Task:
    solved = [Example(question=each.question, answer=each.answer) for each in call.examples]
    return Task.of_examples(name, shorten(call.description, 300), solved)


def _spent(name: str, messages: Sequence[AnyMessage], call_id: str | None) -> tuple[int, int]:
    """Count this run's makings before a call, and the tokens recorded for them."""
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
        if call["name"] == name
    ]
    tokens = sum(
        message.artifact["tokens"]
        for message in since
        if isinstance(message, ToolMessage) and message.name == name and message.artifact
    )
    return (calls.index(call_id) if call_id in calls else len(calls)), tokens


def _invalid_arguments(error: Any) -> str:
    return f"arguments: {argument_errors(error)}"
