"""The cost of requests for a plain agent, an agent with made tools, and the loop: the table on the page about agents.

Calls and bytes are those that a provider gets: the real client of OpenAI sends them to a transport in this process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from langgraph.store.memory import InMemoryStore

from langchain_latm import MadeTool, ToolLibrary, ToolMakingMiddleware, create_latm
from langchain_latm.interop.agents import middleware as middleware_module
from langchain_latm.interop.agents.learning import Learning
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, stream

pytestmark = pytest.mark.filterwarnings(
    "ignore:A test tried to use socket"
)  # openai asks the system what sockets can do

PAGE = Path(__file__).parents[4] / "notebooks" / "how_to" / "agents.md"
SORT = KINDS["sort"]
OTHER = "Who wrote Faust?"
MANY = 50
SHARE = 0.1
"""Tolerance for bytes, since the client's own fields change with its versions."""


class Provider:
    """A provider that knows the kind, counts its calls and their bytes, and calls a made tool that it is offered."""

    def __init__(self) -> None:
        self.calls = 0
        self.bytes = 0

    @property
    def model(self) -> ChatOpenAI:
        client = httpx.Client(transport=httpx.MockTransport(self._answer))
        return ChatOpenAI(model="gpt-4.1-mini", api_key="none", http_client=client, max_retries=0)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        self.bytes += len(request.content)
        body = json.loads(request.content)
        return httpx.Response(
            200,
            json={
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": "m",
                "choices": [{"index": 0, "finish_reason": "stop", "message": self._message(body)}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            },
        )

    def _message(self, body: dict[str, Any]) -> dict[str, Any]:
        last, texts = body["messages"][-1], str(body["messages"])
        made = [each["function"]["name"] for each in body.get("tools", []) if each["function"]["name"] != "make_tool"]
        if made and last["role"] == "user":
            arguments = json.dumps({"words": last["content"].removeprefix(SORT.opening).split()})
            call = {"id": "1", "type": "function", "function": {"name": made[0], "arguments": arguments}}
            return {"role": "assistant", "tool_calls": [call]}
        if last["content"].endswith("Arguments:"):
            asked = last["content"].rpartition("Question: ")[2].partition("\n")[0]
            return {"role": "assistant", "content": json.dumps(SORT.arguments(asked.removeprefix(SORT.opening)))}
        if "```python" in texts:
            return {"role": "assistant", "content": f"```python\n{SORT.source}```"}
        known = last["role"] == "user" and SORT.opening in last["content"]
        return {"role": "assistant", "content": SORT.answer(last["content"]) if known else last["content"]}


Ask = Callable[[str], str]


def _agent(provider: Provider, *middleware: Any) -> Ask:
    agent: Any = create_agent(provider.model, middleware=middleware)
    return lambda text: agent.invoke({"messages": [("user", text)]})["messages"][-1].text


def ways(provider: Provider, library: ToolLibrary, sandbox: Sandbox) -> dict[str, Callable[[], Ask]]:
    def made(**settings: Any) -> ToolMakingMiddleware:
        return ToolMakingMiddleware(library, sandbox, second_attempts=0, **settings)

    def learning() -> ToolMakingMiddleware:
        return made(maker_model=provider.model, learn=Learning(making="inline"))

    def closed_loop() -> Ask:
        settings: Any = {"refresh_seconds": 0.0, "parser_checks": 0.0, "second_attempts": 0}
        latm = create_latm(provider.model, library=library, sandbox=sandbox, **settings)
        return lambda text: latm.invoke(text).text

    return {
        "`create_agent`": lambda: _agent(provider),
        "with `ToolMakingMiddleware`": lambda: _agent(provider, made()),
        "the same, `answer_directly=False`": lambda: _agent(provider, made(answer_directly=False)),
        "with `learn=True`": lambda: _agent(provider, learning()),
        "`create_latm`": closed_loop,
    }


@pytest.fixture(scope="module")
def tool(sandbox: Sandbox) -> MadeTool:
    library = ToolLibrary(InMemoryStore())
    latm = loop(World(), library, sandbox)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    return library.get(library.list()[0].name)


def measured(name: str, tool: MadeTool, sandbox: Sandbox) -> list[tuple[int, int]]:
    """Calls and bytes of a request that a tool knows, of another one, and of fifty of a new kind."""
    cells: list[tuple[int, int]] = []
    many, known = stream(["sort"], MANY, 3), stream(["sort"], 1, 77)
    for requests, tools in ((known, [tool]), ([OTHER], [tool]), (many, [])):
        provider, library = Provider(), ToolLibrary(InMemoryStore())
        for each in tools:
            library.add(each)
        ask = ways(provider, library, sandbox)[name]()
        for request in requests:
            assert ask(request) == (OTHER if request == OTHER else SORT.answer(request)), (name, request)
        cells.append((provider.calls, provider.bytes))
    return cells


@pytest.mark.slow
def test_the_table_on_the_page_is_what_is_measured(
    tool: MadeTool, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware_module, "_REFRESH_SECONDS", 0.0)
    found = {name: measured(name, tool, sandbox) for name in ways(Provider(), ToolLibrary(InMemoryStore()), sandbox)}
    table = "\n".join(
        f"| {name} | " + " | ".join(f"{calls}, {size:,} bytes" for calls, size in cells) + " |"
        for name, cells in found.items()
    )
    shown = re.findall(r"^\| (.*?) \| (\d+), ([\d,]+) bytes \| (\d+), ([\d,]+) bytes \| (\d+), ([\d,]+) bytes \|$",
                       PAGE.read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    page = {name: [int(each.replace(",", "")) for each in cells] for name, *cells in shown}
    assert page.keys() == found.keys(), f"the page's table must be:\n{table}"
    for name, cells in found.items():
        numbers = [number for cell in cells for number in cell]
        assert page[name][::2] == numbers[::2], f"the page's table must be:\n{table}"
        assert page[name][1::2] == [pytest.approx(size, rel=SHARE) for size in numbers[1::2]], f"must be:\n{table}"


@pytest.mark.slow
def test_made_tools_save_calls(tool: MadeTool, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that a parser reads costs nothing, one that no tool fits as much as in a plain agent."""
    monkeypatch.setattr(middleware_module, "_REFRESH_SECONDS", 0.0)
    plain, middleware, learning = (
        measured(name, tool, sandbox) for name in ("`create_agent`", "with `ToolMakingMiddleware`", "with `learn=True`")
    )
    assert plain[0][0] == 1
    assert middleware[0] == (0, 0)
    assert middleware[1] == plain[1]
    assert learning[2][0] < plain[2][0] / 4
