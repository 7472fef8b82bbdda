"""`MadeTool.as_tool` on the real sandbox, by LangChain's own standard tests and by ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from pydantic import SecretStr

from langchain_latm.exceptions import SandboxClosedError
from langchain_latm.sandbox import Sandbox, create_sandbox
from tests.unit_tests.made_tool import made_tool, tool_of

NESTED = '''\
from typing import NotRequired, TypedDict


class Shelf(TypedDict):
    height: int
    label: NotRequired[str]


class Room(TypedDict):
    shelves: list[Shelf]
    door: NotRequired[Shelf]


def f(
    room: Room,
    sizes: tuple[int, float],
    by_name: dict[str, Shelf],
    extra: Shelf | None = None,
    odd: frozenset = frozenset([object]),
    times: int = 2,
) -> dict:
    """Say what arrived.

    Args:
        room: The room.
    """
    return {
        "keys": sorted(room),
        "shelves": [sorted(shelf) for shelf in room["shelves"]],
        "types": [type(size).__name__ for size in sizes],
        "names": {name: shelf["height"] for name, shelf in by_name.items()},
        "extra": extra,
        "odd": len(odd),
        "times": times,
    }
'''
ROOM: dict[str, Any] = {
    "room": {"shelves": [{"height": 1}, {"height": 2, "label": "x"}]},
    "sizes": [1, 2.5],
    "by_name": {"a": {"height": 7}},
}
ARRIVED: dict[str, Any] = {
    "keys": ["shelves"],
    "shelves": [["height"], ["height", "label"]],
    "types": ["int", "float"],
    "names": {"a": 7},
    "extra": None,
    "odd": 1,
    "times": 2,
}
RAISES = '''\
def f(number: int) -> int:
    """Fail.

    Args:
        number: Any.
    """
    if number > 0:
        raise KeyError("no such thing")
    return None if number == 0 else {number}
'''

Invoke = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def invoke(request: pytest.FixtureRequest) -> Invoke:
    """Invoke a tool in both ways."""
    if request.param == "sync":
        return lambda tool, *given: tool.invoke(*given)
    return lambda tool, *given: asyncio.run(tool.ainvoke(*given))


def call(**arguments: Any) -> ToolCall:
    return ToolCall(name="f", args=arguments, id="call_1", type="tool_call")


class _Sorter:
    """A sandbox per class: LangChain's suites ask for the tool in a property, where no fixture reaches."""

    _sandbox: Sandbox

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _running(cls, sandbox: Sandbox) -> None:
        cls._sandbox = sandbox

    @property
    def tool_constructor(self) -> BaseTool:
        return made_tool().as_tool(self._sandbox)

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"words": ["pear", "fig"]}


class TestStandardUnit(_Sorter, ToolsUnitTests):
    """The suite that every LangChain tool has to pass."""


class TestStandardIntegration(_Sorter, ToolsIntegrationTests):
    """The suite that invokes the tool."""


def test_a_call_gives_the_answer_text_and_the_value(sandbox: Sandbox, invoke: Invoke) -> None:
    message = invoke(tool_of(sandbox, NESTED).as_tool(sandbox), call(**ROOM))
    assert isinstance(message, ToolMessage)
    assert message.status == "success"
    assert message.artifact == ARRIVED
    assert json.loads(str(message.content)) == ARRIVED


@pytest.mark.parametrize(
    ("change", "arrived"),
    [
        ({"times": 5}, {"times": 5}),
        ({"extra": {"height": 3}}, {"extra": {"height": 3}}),
        ({"extra": None}, {}),
        ({"room": {"shelves": [], "door": {"height": 1}}}, {"keys": ["door", "shelves"], "shelves": []}),
        ({"odd": ["a", "b"]}, {"odd": 2}),
        ({"times": "5"}, {"times": 5}),
    ],
)
def test_records_and_defaults_arrive_as_they_were_given(
    sandbox: Sandbox, change: dict[str, Any], arrived: dict[str, Any]
) -> None:
    message = tool_of(sandbox, NESTED).as_tool(sandbox).invoke(call(**(ROOM | change)))
    assert message.artifact == ARRIVED | arrived


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "number"),
        ({"number": "many"}, "number"),
        ({"number": None}, "number"),
        ({"number": 1, "more": 2}, "more"),
    ],
)
def test_arguments_that_do_not_fit_become_an_error_message(
    sandbox: Sandbox, invoke: Invoke, arguments: dict[str, Any], told: str
) -> None:
    message = invoke(tool_of(sandbox, RAISES).as_tool(sandbox), call(**arguments))
    assert message.status == "error"
    assert message.content.startswith(f"arguments: they do not fit. {told}: ")


def test_very_many_errors_are_counted(sandbox: Sandbox, invoke: Invoke) -> None:
    """To describe each of a million, pydantic keeps all threads of the host waiting for seconds."""
    arguments = {f"x{number}": number for number in range(1_001)}
    message = invoke(tool_of(sandbox, RAISES).as_tool(sandbox), call(number=1, **arguments))
    assert message.content == "arguments: they do not fit. arguments: 1,001 values are invalid"


@pytest.mark.parametrize(("number", "told"), [(1, "exception: KeyError: 'no such thing'"), (-1, "result: ")])
def test_a_failure_of_the_function_becomes_an_error_message(
    sandbox: Sandbox, invoke: Invoke, number: int, told: str
) -> None:
    message = invoke(tool_of(sandbox, RAISES).as_tool(sandbox), call(number=number))
    assert message.status == "error"
    assert message.content.startswith(told)
    assert message.artifact is None


def test_a_value_of_none_is_an_answer(sandbox: Sandbox, invoke: Invoke) -> None:
    message = invoke(tool_of(sandbox, RAISES).as_tool(sandbox), call(number=0))
    assert (message.status, message.content, message.artifact) == ("success", "None", None)


def test_a_text_alone_is_the_first_argument(sandbox: Sandbox, invoke: Invoke) -> None:
    assert invoke(tool_of(sandbox, RAISES).as_tool(sandbox), "0") == "None"


def test_a_sandbox_that_is_closed_is_not_a_failure_of_the_tool() -> None:
    with create_sandbox() as sandbox:
        tool = made_tool().as_tool(sandbox)
    with pytest.raises(SandboxClosedError):
        tool.invoke(call(words=["a"]))


def test_a_chat_model_takes_it_by_its_own_schema(sandbox: Sandbox) -> None:
    model = ChatOpenAI(model="gpt-made-up", api_key=SecretStr("made-up"), http_socket_options=())
    tool = tool_of(sandbox, NESTED).as_tool(sandbox)
    (bound,) = model.bind_tools([tool]).kwargs["tools"]  # type: ignore[attr-defined]  # what it returns is a binding
    function = bound["function"]
    assert (function["name"], function["description"].partition("\n")[0]) == ("f", "Say what arrived.")
    assert function["parameters"]["required"] == ["room", "sizes", "by_name"]
    assert function["parameters"]["properties"]["room"]["description"] == "The room."
    assert function["parameters"]["properties"]["times"]["default"] == 2
    assert "default" not in function["parameters"]["properties"]["odd"]


class Watching(BaseCallbackHandler):
    """Keeps what a tool's start is told with."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, list[str], dict[str, Any]]] = []

    def on_tool_start(
        self,
        serialized: dict[str, Any],
        input_str: str,  # noqa: ARG002 - the callback's signature
        *,
        run_id: UUID,  # noqa: ARG002 - the same
        parent_run_id: UUID | None = None,  # noqa: ARG002 - the same
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        self.seen.append((serialized["name"], tags or [], metadata or {}))


def test_tags_and_metadata_reach_callbacks(sandbox: Sandbox, invoke: Invoke) -> None:
    made, watching = made_tool(), Watching()
    invoke(made.as_tool(sandbox), call(words=["a"]), RunnableConfig(callbacks=[watching], tags=["mine"]))
    ((name, tags, metadata),) = watching.seen
    assert name == "word_sorting"
    assert {"latm", "mine"} <= set(tags)
    assert {"latm_tool": "word_sorting", "latm_id": made.id}.items() <= metadata.items()


REMEMBERS = '''\
def f(word: str) -> str:
    """Do it.

    Args:
        word: Any.
    """
    SEEN.append(word)
    return " ".join(SEEN)


SEEN: list[str] = []
'''


async def test_what_a_tool_remembers_is_of_one_tenant(sandbox: Sandbox) -> None:
    made = tool_of(sandbox, REMEMBERS)
    tool = made.as_tool(sandbox)
    acme: RunnableConfig = {"configurable": {"tenant": "acme"}}
    assert tool.invoke({"word": "a"}, acme) == "a"
    assert await tool.ainvoke({"word": "b"}, {"configurable": {"tenant": "other"}}) == "b"
    assert tool.invoke({"word": "c"}) == "c"
    assert await tool.ainvoke({"word": "d"}, acme) == "a d"
    assert made.as_tool(sandbox, tenant="acme").invoke({"word": "e"}) == "a d e"
