"""The middleware and the MCP server make no blocking call on an event loop, on a library in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # noqa: F401 - the SDK's client would import it, and read its files, in the middle of the test
import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, HumanMessage
from mcp import Client
from mcp_types import TextContent

from langchain_latm import ToolLibrary, ToolMakingMiddleware, open_tool_library
from langchain_latm.interop.agents import middleware
from langchain_latm.interop.agents.learning import Learning
from langchain_latm.interop.mcp.server import create_mcp_server
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, kind_of, stream
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.never_blocks import never_blocks
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import GOOD, both_roles, code, word_task

EXAMPLES = [
    {"question": each.question, "answer": each.answer}
    for each in (*word_task().demonstrations, *word_task().validation)
]
"""Solved requests of one kind."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ToolLibrary]:
    with open_tool_library(tmp_path / "tools.sqlite") as opened:
        opened.add(made_tool())
        yield opened


async def test_an_agent_that_makes_and_uses_tools_never_blocks(library: ToolLibrary, sandbox: Sandbox) -> None:
    wanted = {"name": "sorter", "description": "Sort words.", "examples": EXAMPLES}
    calls = [("make_tool", wanted), ("word_sorting", {"words": ["fig", "date"]})]
    replies = [AIMessage("", tool_calls=[{"name": name, "args": args, "id": "1"}]) for name, args in calls]
    ours = ToolMakingMiddleware(library, sandbox, maker_model=ScriptedChatModel(script=both_roles(in_turn(code(GOOD)))))
    agent = create_agent(ScriptedChatModel(script=in_turn(*replies, "done")), middleware=[ours])
    with never_blocks():
        state = await agent.ainvoke({"messages": [HumanMessage("Sort: fig date")]})
    made, sorted_words = [str(each.text) for each in state["messages"] if each.type == "tool"]
    assert made.startswith("Made the tool sorter")
    assert sorted_words == "date fig"


@pytest.mark.parametrize("making", ["inline", "background"])
async def test_an_agent_that_learns_never_blocks(
    library: ToolLibrary, sandbox: Sandbox, making: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storing the instances, making the tool and answering with it."""
    monkeypatch.setattr(middleware, "_REFRESH_SECONDS", 0.0)
    world, (request,) = World(), stream(["sort"], 1, 99)
    learn = Learning(making=making)
    ours = ToolMakingMiddleware(library, sandbox, maker_model=world.model, learn=learn, second_attempts=0)
    model = ScriptedChatModel(script=lambda messages: kind_of(str(messages[-1].text)).answer(str(messages[-1].text)))
    agent: Any = create_agent(model, middleware=[ours])
    with never_blocks():
        for each in stream(["sort"], 6):
            await agent.ainvoke({"messages": [HumanMessage(each)]})
    assert await asyncio.to_thread(ours.wait, 20)
    with never_blocks():
        state = await agent.ainvoke({"messages": [HumanMessage(request)]})
    assert state["messages"][-1].text == KINDS["sort"].answer(request)
    assert (len(world.makings), len(model.prompts)) == (1, 6)


async def test_the_mcp_server_never_blocks(library: ToolLibrary, sandbox: Sandbox) -> None:
    maker = create_tool_maker(ScriptedChatModel(script=both_roles(in_turn(code(GOOD)))), sandbox=sandbox, attempts=1)
    server = create_mcp_server(library, sandbox=sandbox, maker=maker)
    wanted = {"name": "sorter", "description": "Sort words.", "examples": EXAMPLES}
    with never_blocks():
        async with Client(server, mode="2026-07-28") as client:
            assert not (await client.call_tool("make_tool", wanted)).is_error
            assert {each.name for each in (await client.list_tools()).tools} == {"make_tool", "sorter", "word_sorting"}
            answer = await client.call_tool("word_sorting", {"words": ["pear", "fig"]})
            assert isinstance(answer.content[0], TextContent)
            assert answer.content[0].text == "fig pear"
