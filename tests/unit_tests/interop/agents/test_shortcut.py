"""Requests that a made tool is certain to answer call no model; all others do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.store.memory import InMemoryStore
from pydantic import BaseModel

from langchain_latm import MadeTool, ToolLibrary, ToolMakingMiddleware, record_feedback
from langchain_latm.interop.agents import middleware
from langchain_latm.loop.dispatch.dispatcher import Dispatcher
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, sorting_tool, stream
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import ScriptedChatModel

SORT = KINDS["sort"]


@pytest.fixture(scope="module")
def sort_tool(sandbox: Sandbox) -> MadeTool:
    """A tool that reads its requests by a parser."""
    return sorting_tool(sandbox)


@pytest.fixture
def library(sort_tool: MadeTool) -> ToolLibrary:
    library = ToolLibrary(InMemoryStore())
    library.add(sort_tool)
    return library


class Counted:
    """An agent, and the messages of each call of its model."""

    def __init__(
        self,
        library: ToolLibrary,
        sandbox: Sandbox,
        middleware: dict[str, Any] | None = None,
        before: Sequence[AgentMiddleware[Any, Any, Any]] = (),
        **agent: Any,
    ) -> None:
        self.seen: list[list[BaseMessage]] = []
        self.offered: list[list[str]] = []
        counted = self

        class Model(ScriptedChatModel):
            def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
                counted.offered.append([each["name"] if isinstance(each, dict) else each.name for each in tools])
                return super().bind_tools(tools, **kwargs)

        def say(messages: list[BaseMessage]) -> str:
            counted.seen.append(messages)
            return '{"words": ["by the model"]}'

        ours = ToolMakingMiddleware(library, sandbox, **(middleware or {}))
        self.agent: Any = create_agent(Model(script=say), middleware=[*before, ours], **agent)

    def ask(self, *messages: AnyMessage | str) -> AIMessage:
        """Return the last message."""
        given = [HumanMessage(each) if isinstance(each, str) else each for each in messages]
        state = self.agent.invoke({"messages": given})
        last: AIMessage = state["messages"][-1]
        return last


def request() -> str:
    """A request that the tool's examples are worded like."""
    return stream(["sort"], 1, 77)[0]


@pytest.mark.parametrize("way", ["sync", "async"])
def test_what_a_parser_reads_calls_no_model(library: ToolLibrary, sandbox: Sandbox, way: str) -> None:
    counted, asked = Counted(library, sandbox), {"messages": [HumanMessage(request())]}
    state = counted.agent.invoke(asked) if way == "sync" else asyncio.run(counted.agent.ainvoke(asked))
    last: AIMessage = state["messages"][-1]
    (tool,) = library.list()
    assert last.text == SORT.answer(request())
    assert counted.seen == []
    assert last.response_metadata == {"latm_tool": tool.name, "latm_id": tool.id, "latm_answer": last.id}
    assert library.usage(tool.name).uses == 1


def test_a_message_is_compared_with_the_tools_once(
    library: ToolLibrary, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    find = Dispatcher.find

    def counting(self: Dispatcher, text: str) -> Any:
        compared.append(text)
        return find(self, text)

    monkeypatch.setattr(Dispatcher, "find", counting)
    monkeypatch.setattr(middleware, "_REFRESH_SECONDS", 0.0)
    counted = Counted(library, sandbox)
    assert counted.ask(request()).text == SORT.answer(request())
    assert compared == [request()]
    counted.ask("Who wrote Faust?")
    assert compared == [request(), "Who wrote Faust?"]
    assert counted.seen
    compared.clear()
    removing = Removing(library)
    Counted(library, sandbox, before=[removing]).ask(request())
    assert removing.done
    assert compared == [request()] * 2, "the library has changed since"


class Removing(AgentMiddleware[Any, Any, Any]):
    """Removes all tools before the model is called."""

    def __init__(self, library: ToolLibrary) -> None:
        self.library, self.done = library, False

    def before_model(self, state: Any, runtime: Any) -> None:  # noqa: ARG002 - the names of AgentMiddleware
        for each in self.library.list():
            self.library.remove(each.name)
        self.done = True


def image() -> HumanMessage:
    return HumanMessage([{"type": "text", "text": request()}, {"type": "image", "url": "https://x.test/a.png"}])


class Words(BaseModel):
    words: list[str]


NOT_ALONE: dict[str, Callable[[ToolLibrary, Sandbox], tuple[Counted, tuple[AnyMessage | str, ...]]]] = {
    "an image": lambda library, sandbox: (Counted(library, sandbox), (image(),)),
    "history": lambda library, sandbox: (
        Counted(library, sandbox),
        ("Sort descending from now on.", AIMessage("Fine."), request()),
    ),
    "a system prompt": lambda library, sandbox: (
        Counted(library, sandbox, system_prompt="Answer in capitals."),
        (request(),),
    ),
    "a structured output": lambda library, sandbox: (Counted(library, sandbox, response_format=Words), (request(),)),
    "another wording": lambda library, sandbox: (Counted(library, sandbox), (f"Do not do this: {request()}",)),
    "nothing": lambda library, sandbox: (Counted(library, sandbox), (" ",)),
    "turned off": lambda library, sandbox: (Counted(library, sandbox, {"answer_directly": False}), (request(),)),
}


@pytest.mark.parametrize("why", NOT_ALONE)
def test_the_model_answers_what_is_not_sure(library: ToolLibrary, sandbox: Sandbox, why: str) -> None:
    counted, messages = NOT_ALONE[why](library, sandbox)
    counted.ask(*messages)
    assert counted.seen
    assert library.usage(library.list()[0].name).uses == 0


def test_any_system_prompt_if_the_user_says_so(library: ToolLibrary, sandbox: Sandbox) -> None:
    counted = Counted(library, sandbox, {"answer_directly": "any_prompt"}, system_prompt="You are kind.")
    assert counted.ask(request()).text == SORT.answer(request())
    assert counted.seen == []


@pytest.mark.slow
def test_a_tool_of_a_system_prompt_answers_under_it(sandbox: Sandbox) -> None:
    library, world = ToolLibrary(InMemoryStore()), World()
    latm = loop(world, library, sandbox)
    for asked in stream(["sort"], 6):
        latm.invoke([SystemMessage("You are kind."), HumanMessage(asked)])
    assert len(library.list()) == 1
    under, without = Counted(library, sandbox, system_prompt="You  are kind."), Counted(library, sandbox)
    assert under.ask(request()).text == SORT.answer(request())
    without.ask(request())
    assert (len(under.seen), len(without.seen)) == (0, 1)


def test_feedback_on_a_direct_answer_counts(
    library: ToolLibrary, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "_REFRESH_SECONDS", 0.0)
    counted = Counted(library, sandbox)
    first = counted.ask(request())
    record_feedback(library, first.id or "", "another answer", user="ann")
    counted.ask(request())
    assert len(counted.seen) == 1, "a disputed answer is not given again"
    counted.ask(stream(["sort"], 1, 78)[0])
    assert len(counted.seen) == 1


def test_a_function_that_fails_leaves_the_request_to_the_model(library: ToolLibrary, sandbox: Sandbox) -> None:
    good = library.get(library.list()[0].name)
    (parameter,) = good.parameters["properties"]
    source = f"def {good.entry}({parameter}: list[str]) -> str:\n    raise ValueError({parameter})\n"
    library.add(MadeTool.model_validate(good.model_dump() | {"id": "", "source": source}))
    counted = Counted(library, sandbox)
    counted.ask(request())
    assert len(counted.seen) == 1


def test_a_library_that_fails_loses_no_answer(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    class Away(InMemoryStore):
        def batch(self, ops: Any) -> Any:
            raise OSError(f"the database is away: {ops}")

    counted = Counted(ToolLibrary(Away()), sandbox)
    counted.ask(request())
    assert len(counted.seen) == 1
    assert "no made tool answers directly" in caplog.text


def test_only_tools_that_may_fit_are_offered(library: ToolLibrary, sandbox: Sandbox) -> None:
    library.add(made_tool(name="days_between", description="Return the number of days from one date to another."))
    sort = next(each.name for each in library.list() if each.name != "days_between")
    counted = Counted(library, sandbox)
    counted.ask("Who wrote Faust?")
    assert counted.offered == []
    counted.ask("How many days is it from Christmas to Easter?")
    assert counted.offered == [["days_between"]]
    called = AIMessage("", tool_calls=[{"name": sort, "args": {}, "id": "1"}])
    counted.ask("Use it.", called, ToolMessage("a b", tool_call_id="1"), AIMessage("a b"), "And now with these?")
    assert counted.offered[1:] == [[sort]], "what was called in the thread stays"


def test_another_tenant_has_no_shortcut(library: ToolLibrary, sandbox: Sandbox) -> None:
    counted = Counted(library, sandbox)
    counted.agent.invoke({"messages": [HumanMessage(request())]}, {"configurable": {"tenant": "other"}})
    assert len(counted.seen) == 1
