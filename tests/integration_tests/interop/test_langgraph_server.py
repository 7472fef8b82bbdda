"""`langgraph dev` serves the example's graphs, without `--allow-blocking`, to the official SDK.

It needs `langgraph-cli[inmem]`, which is in no group: its protobuf excludes that of other packages in the tests.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from typing import Any, ClassVar

import httpx
import pytest
from langgraph_sdk import get_client

from langchain_latm import create_sandbox, open_tool_library
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.sorting_tool import sorting_tool

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        importlib.util.find_spec("langgraph_api") is None,
        reason="needs langgraph-cli[inmem], whose protobuf excludes that of other packages in the tests",
    ),
]

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "notebooks" / "langgraph_server"
START_SECONDS = 120
SORT = KINDS["sort"]


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(each.get("text", "") for each in content)


class Model(BaseHTTPRequestHandler):
    """A model behind OpenAI's protocol: calls the offered tool for a sort, and then returns its result."""

    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append(body)
        last = body["messages"][-1]
        last = {**last, "content": _text(last["content"])}
        names = [each["function"]["name"] for each in body.get("tools", [])]
        message: dict[str, Any] = {"role": "assistant", "content": f"said: {last['content']}"}
        if SORT.opening in last["content"]:
            message["content"] = SORT.answer(last["content"])
            if "program" in str(body["messages"]) or "def " in str(body["messages"]):
                message["content"] = f"```python\n{SORT.source}```"
        if "word_sorting" in names and last["role"] == "user":
            call = {"name": "word_sorting", "arguments": json.dumps({"words": ["pear", "fig"]})}
            message = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": call}]}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


def answers_asked() -> int:
    """How many answers the model was asked for; the loop lets it check 2 % of the requests that parsers read."""
    return sum("Read the arguments" not in str(each["messages"]) for each in Model.asked)


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    Model.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()


@pytest.fixture(scope="module")
def server(model: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the example, on a library with a tool of a loop and one that an agent calls."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(EXAMPLE, folder / "example")
    with open_tool_library(folder / "tools.sqlite") as library, create_sandbox() as sandbox:
        latm = loop(World(), library, sandbox)
        for request in stream(["sort"], 6):
            latm.invoke(request)
        library.add(sorting_tool())
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", "--port", str(port)]
    settings = {
        "LATM_LIBRARY": str(folder / "tools.sqlite"),
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": model,
        "PYTHONPATH": str(ROOT),
        "LANGSMITH_TRACING": "false",
    }
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder / "example",
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(address):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.5)
        yield address
        assert "Blocking call" not in log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/ok", timeout=20).is_success
    except httpx.HTTPError:
        return False


async def _ask(server: str, graph: str, text: str, thread: str | None = None, **more: Any) -> list[dict[str, Any]]:
    given: Any = {"messages": [{"role": "user", "content": text}]}
    runs: Any = get_client(url=server).runs
    state = await runs.wait(thread, graph, input=given, **more)
    assert "messages" in state, state
    return state["messages"]  # type: ignore[no-any-return]


async def test_the_agent_calls_a_made_tool(server: str) -> None:
    messages = await _ask(server, "agent", "Sort these two for me")
    assert [each["type"] for each in messages] == ["human", "ai", "tool", "ai"]
    assert messages[2]["content"] == "fig pear"
    assert messages[3]["content"] == "said: fig pear"


async def test_the_loop_answers_on_messages(server: str) -> None:
    """A parser's request without a model, also many at once; another one by the model; a thread as a conversation."""
    asked = answers_asked()
    requests = stream(["sort"], 21, 7)
    messages = await _ask(server, "loop", requests[0])
    assert messages[-1]["content"] == SORT.answer(requests[0])
    assert messages[-1]["response_metadata"]["tool"] == "put_words_alphabetical_order"
    several = await asyncio.gather(*[_ask(server, "loop", request) for request in requests[1:]])
    assert [each[-1]["content"] for each in several] == [*map(SORT.answer, requests[1:])]
    assert answers_asked() == asked
    thread = (await get_client(url=server).threads.create())["thread_id"]
    first = await _ask(server, "loop", "What is the weather like?", thread)
    assert first[-1]["content"] == "said: What is the weather like?"
    second = await _ask(server, "loop", requests[0], thread)
    assert second[-1]["response_metadata"]["doubts"][0]["code"] == "history"
    assert answers_asked() == asked + 2


async def test_the_loop_has_an_input_schema(server: str) -> None:
    client = get_client(url=server)
    (assistant,) = await client.assistants.search(graph_id="loop")
    schemas = await client.assistants.get_schemas(assistant["assistant_id"])
    assert list((schemas["input_schema"] or {})["properties"]) == ["messages"]


@pytest.mark.parametrize("graph", ["tenant_agent", "tenant_loop"])
async def test_each_tenant_learns_in_the_servers_store(server: str, graph: str) -> None:
    """Six requests of a kind make a tool, which answers the seventh; another tenant has none of it."""

    async def ask(text: str, tenant: str) -> dict[str, Any]:
        messages = await _ask(server, graph, text, context={"tenant": tenant})
        return messages[-1]

    acme, other = f"acme.{graph}", f"other {graph}"
    requests = stream(["sort"], 8, 11)
    for request in requests[:6]:
        assert (await ask(request, acme))["content"] == SORT.answer(request)
    until = time.monotonic() + 120
    asked = answers_asked()
    while True:  # the agent's tool is made in the background
        last = await ask(requests[6], acme)
        metadata = last["response_metadata"]
        if metadata.get("latm_tool") or metadata.get("tool"):
            break
        assert time.monotonic() < until
        await asyncio.sleep(1.5)
    asked = answers_asked()
    assert (await ask(requests[7], acme))["content"] == SORT.answer(requests[7])
    assert answers_asked() == asked
    await ask(requests[7], other)
    assert answers_asked() == asked + 1
    found = await get_client(url=server).store.search_items(["latm", "names"])
    assert found["items"] == []
