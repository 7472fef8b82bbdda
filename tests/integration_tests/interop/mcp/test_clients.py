"""The MCP server with the SDK's client: as another process behind pipes, and over HTTP on loopback."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp import Client, ClientSession, StdioServerParameters
from mcp.client import IncomingMessage
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import ToolsListChanged
from mcp.shared.exceptions import MCPError

from langchain_latm import create_sandbox, create_tool_maker, open_tool_library
from langchain_latm.interop.mcp.http import serve_http
from langchain_latm.interop.mcp.server import create_mcp_server
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import GOOD, both_roles, code, word_task

TOKEN = "a-token-of-some-length"
COMMAND = ["-m", "langchain_latm.cli.app", "serve", "--library"]
BEGIN = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},'
    '"clientInfo":{"name":"test","version":"1"}}}\n'
)
EXAMPLES = [each.model_dump() for each in (*word_task().demonstrations, *word_task().validation)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        library.add(made_tool())
    return tmp_path / "tools.sqlite"


def put(file: Path, name: str) -> None:
    with open_tool_library(file) as other:
        other.add(made_tool(name=name))


class Heard:
    def __init__(self) -> None:
        self.changes: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, message: IncomingMessage) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            self.changes.put_nowait(None)

    async def change(self) -> None:
        await asyncio.wait_for(self.changes.get(), 120)


@asynccontextmanager
async def over_stdio(file: Path, heard: Heard, errors: Path) -> AsyncIterator[ClientSession]:
    command = StdioServerParameters(command=sys.executable, args=[*COMMAND, str(file)])
    with errors.open("w") as log:
        async with (
            stdio_client(command, errlog=log) as (incoming, outgoing),
            ClientSession(incoming, outgoing, message_handler=heard) as session,
        ):
            await session.initialize()
            yield session


@asynccontextmanager
async def over_http(url: str, heard: Heard, token: str | None = None) -> AsyncIterator[ClientSession]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=120) as http,
        streamable_http_client(url, http_client=http) as (incoming, outgoing),
        ClientSession(incoming, outgoing, message_handler=heard) as session,
    ):
        await session.initialize()
        yield session


@contextmanager
def served(file: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `latm serve --http` in a process of its own; give its URL."""
    process = subprocess.Popen(
        [sys.executable, *COMMAND, str(file), "--http", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stderr is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())
        assert found, process.stderr.read()
        yield found[0], process
    finally:
        process.kill()
        process.communicate()


def text_of(answer: Any) -> str:
    (block,) = answer.content
    return str(block.text)


async def names(session: ClientSession) -> list[str]:
    return [tool.name for tool in (await session.list_tools()).tools]


async def use(session: ClientSession, heard: Heard, file: Path) -> None:
    """List tools, call one, get a notification of a new one, and call that; errors are reported."""
    assert await names(session) == ["word_sorting"]
    answer = await session.call_tool("word_sorting", {"words": ["pear", "fig"]})
    assert (text_of(answer), answer.is_error) == ("fig pear", False)
    put(file, "another")
    await heard.change()
    assert await names(session) == ["another", "word_sorting"]
    assert text_of(await session.call_tool("another", {"words": ["b", "a"]})) == "a b"
    wrong = await session.call_tool("another", {"words": 3})
    assert wrong.is_error
    assert text_of(wrong).startswith("arguments: they do not fit. words:")
    with pytest.raises(MCPError, match="no tool named 'nothing'"):
        await session.call_tool("nothing", {})
    assert text_of(await session.call_tool("another", {"words": ["d", "c"]})) == "c d"


async def test_stdio(file: Path, tmp_path: Path) -> None:
    heard = Heard()
    async with over_stdio(file, heard, tmp_path / "errors") as session:
        await use(session, heard, file)
    said = (
        f"serving MCP to one client on standard input and output\n  exposed: the tools of {file}, now 1: word_sorting\n"
    )
    assert (tmp_path / "errors").read_text() == said


async def test_http(file: Path) -> None:
    with served(file) as (url, _):
        heard = Heard()
        async with over_http(url, heard) as session:
            await use(session, heard, file)


async def test_http_in_the_protocol_of_2026(file: Path) -> None:
    with served(file) as (url, _):
        async with Client(url) as client, client.listen(tools_list_changed=True) as changes:
            assert client.protocol_version == "2026-07-28"
            put(file, "another")
            assert isinstance(await asyncio.wait_for(anext(changes), 120), ToolsListChanged)
            assert {tool.name for tool in (await client.list_tools()).tools} == {"another", "word_sorting"}
            assert text_of(await client.call_tool("another", {"words": ["b", "a"]})) == "a b"


async def test_the_token(file: Path) -> None:
    with served(file, LATM_TOKEN=TOKEN) as (url, _):
        for token in (None, "wrong", TOKEN + "x", TOKEN[:-1]):
            headers = {} if token is None else {"Authorization": f"Bearer {token}"}
            async with httpx2.AsyncClient(headers=headers) as http:
                assert (await http.post(url, json={})).status_code == 401
                assert (await http.get(url)).status_code == 401
        async with over_http(url, Heard(), TOKEN) as session:
            assert await names(session) == ["word_sorting"]


async def test_clients_that_vanish_leave_the_others_alone(file: Path) -> None:
    program = (
        "import asyncio, os, sys\n"
        "from mcp import Client\n"
        "async def main():\n"
        "    async with Client(sys.argv[1], mode=sys.argv[2]) as client:\n"
        "        await client.list_tools()\n"
        "        asyncio.create_task(client.call_tool('word_sorting', {'words': ['a']}))\n"
        "        await asyncio.sleep(0)\n"
        "        os._exit(7)\n"
        "asyncio.run(main())\n"
    )
    with served(file) as (url, process):
        heard = Heard()
        async with over_http(url, heard) as session:
            for mode in ("legacy", "auto") * 2:
                gone = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, mode)
                assert await gone.wait() == 7
            put(file, "another")
            await heard.change()
            assert await names(session) == ["another", "word_sorting"]
        assert process.poll() is None


async def test_a_client_has_a_tool_made_and_all_are_notified(file: Path) -> None:
    """In this process, since the maker follows a script."""
    model = ScriptedChatModel(script=both_roles(lambda _: code(GOOD)))
    with open_tool_library(file) as library, create_sandbox() as sandbox:
        maker = create_tool_maker(model, sandbox=sandbox, search=False)
        server = create_mcp_server(library, sandbox=sandbox, maker=maker, refresh_seconds=60)
        where: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve_http(server, host="127.0.0.1", port=0, listening=where.set_result))
        url, heard, other_heard = await where, Heard(), Heard()
        async with over_http(url, heard) as session, over_http(url, other_heard) as other:
            assert await names(other) == ["make_tool", "word_sorting"]
            wanted = {"name": "sorter", "description": "Sort words.", "examples": EXAMPLES}
            answer = await session.call_tool("make_tool", wanted)
            assert not answer.is_error, answer
            await heard.change()
            await other_heard.change()
            assert await names(other) == ["make_tool", "sorter", "word_sorting"]
            assert text_of(await other.call_tool("sorter", {"words": ["b", "a"]})) == "a b"
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_end_http_leaves_nothing_behind(file: Path, by: signal.Signals) -> None:
    with served(file) as (url, process):
        async with Client(url) as client:
            await client.call_tool("word_sorting", {"words": ["a"]})  # a child of the sandbox runs now
            await asyncio.to_thread(end, process, by)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_stdio_leaves_nothing_behind(file: Path, by: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, *COMMAND, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(BEGIN)
        process.stdin.flush()
        assert "serverInfo" in process.stdout.readline()
        end(process, by)
    finally:
        process.kill()
        process.communicate()


def end(process: subprocess.Popen[str], by: signal.Signals) -> None:
    """Ask a server to end, and see that all its children do."""
    children = [
        int(each)
        for task in Path(f"/proc/{process.pid}/task").iterdir()
        for each in (task / "children").read_text().split()
    ]
    assert children
    process.send_signal(by)
    out, error = process.communicate(timeout=60)
    assert out == ""
    assert "Traceback" not in error
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_port_that_is_taken(file: Path) -> None:
    with served(file) as (url, _):
        port = url.rpartition(":")[2].removesuffix("/mcp")
        told = subprocess.run(
            [sys.executable, *COMMAND, str(file), "--http", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert told.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in " ".join(told.stderr.split())
