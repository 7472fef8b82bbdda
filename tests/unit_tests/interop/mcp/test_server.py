"""The MCP server with the SDK's client, without sockets; both generations of the protocol."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx2
import mcp_types as types
import pytest
from mcp import Client
from mcp.client import IncomingMessage
from mcp.client.subscriptions import ToolsListChanged
from mcp.shared.exceptions import MCPError

from langchain_latm import ToolLibrary, create_tool_maker, open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.interop.mcp import server as served
from langchain_latm.interop.mcp.http import http_app, is_loopback
from langchain_latm.interop.mcp.server import ToolServer, create_mcp_server
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import VerificationReport
from tests.unit_tests.command_line import command_line
from tests.unit_tests.made_tool import made_tool, tool_of, typed_tool
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import GOOD, WRONG, both_roles, code, word_task

Mode = Literal["legacy", "2026-07-28"]
EXAMPLES = [each.model_dump() for each in (*word_task().demonstrations, *word_task().validation)]
EXAMPLE = 'Example: {"words": ["pear", "fig"]} gives "fig pear"'
WANTED: dict[str, Any] = {"name": "sorter", "description": "Sort words.", "examples": EXAMPLES}
DOCUMENTED = 'def {}(text: str) -> str:\n    """Do it.\n\n    Args:\n        text: Any.\n    """\n    {}\n'
NO_CASES = VerificationReport(cases=(), complete=True)
RAISES = DOCUMENTED.format("raises", "raise ValueError(text)")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tools.sqlite"


@pytest.fixture
def library(file: Path) -> Iterator[ToolLibrary]:
    with open_tool_library(file) as opened:
        opened.add(made_tool())
        yield opened


@pytest.fixture(params=["legacy", "2026-07-28"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param  # type: ignore[no-any-return]


class Heard:
    """Notifications to a client, each change once; events of its subscription also arrive as messages."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, message: IncomingMessage) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            self.changes.put_nowait(None)

    async def change(self) -> None:
        await asyncio.wait_for(self.changes.get(), 60)


@asynccontextmanager
async def connected(server: ToolServer, mode: Mode, heard: Heard | None = None) -> AsyncIterator[Client]:
    """Connect a client that is notified by its generation of the protocol."""
    heard = heard or Heard()
    async with Client(server, mode=mode, message_handler=heard if mode == "legacy" else None) as client:
        if mode == "legacy":
            yield client
            return
        async with client.listen(tools_list_changed=True) as subscription:

            async def hear() -> None:
                async for event in subscription:
                    assert isinstance(event, ToolsListChanged)
                    heard.changes.put_nowait(None)

            hearing = asyncio.create_task(hear())
            try:
                yield client
            finally:
                hearing.cancel()


def server_of(library: ToolLibrary, sandbox: Sandbox, script: Any = None, **changes: Any) -> ToolServer:
    maker = None
    if script is not None:
        maker = create_tool_maker(ScriptedChatModel(script=both_roles(script)), sandbox=sandbox, attempts=1)
    return create_mcp_server(library, sandbox=sandbox, maker=maker, **{"refresh_seconds": 0.05, **changes})


def rebuilt(tool: MadeTool) -> MadeTool:
    """The tool without the cases of another one."""
    return MadeTool.model_validate(tool.model_dump() | {"id": "", "report": NO_CASES})


def text_of(answer: types.CallToolResult) -> str:
    (block,) = answer.content
    assert isinstance(block, types.TextContent)
    return block.text


async def names(client: Client) -> list[str]:
    return [tool.name for tool in (await client.list_tools(cache_mode="bypass")).tools]


async def test_tools_are_listed_and_called(library: ToolLibrary, sandbox: Sandbox, mode: Mode) -> None:
    async with connected(server_of(library, sandbox), mode) as client:
        (tool,) = (await client.list_tools()).tools
        assert (tool.name, tool.description) == ("word_sorting", f"Sort words.\n{EXAMPLE}")
        assert tool.input_schema["properties"]["words"]["items"] == {"type": "string"}
        assert tool.input_schema["required"] == ["words"]
        answer = await client.call_tool("word_sorting", {"words": ["pear", "fig"]})
        assert (text_of(answer), answer.is_error) == ("fig pear", False)
        if mode == "legacy":
            assert client.server_capabilities.tools == types.ToolsCapability(list_changed=True)


def returning(name: str, returns: str, body: str) -> str:
    return f'def {name}(n: int) -> {returns}:\n    """Do it."""\n    return {body}\n'


async def test_a_making_waits_for_a_person_and_a_budget_ends_makings(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode
) -> None:
    server = server_of(library, sandbox, lambda _: code(GOOD), approve=True, budget=1)
    async with connected(server, mode) as client:
        told = await client.call_tool("make_tool", WANTED)
        assert (text_of(told), told.is_error) == (
            "The tool sorter is made and proven. It waits until a person has approved it.",
            False,
        )
        assert await names(client) == ["make_tool", "word_sorting"]
        refused = await client.call_tool("make_tool", WANTED | {"name": "another"})
        assert refused.is_error
        assert "budget for making tools (1 tokens a day) is spent" in text_of(refused)
        library.approve("sorter")
        assert await names(client) == ["make_tool", "sorter", "word_sorting"]
    with pytest.raises(ValueError, match="no price is known"):
        server_of(library, sandbox, lambda _: code(GOOD), budget="1 USD")


RETURNING = {
    "number": ("float", "n / 2", {"result": 1.5}),
    "record": ("dict[str, int]", '{"n": n}', {"n": 3}),
    "rows": ("list[str | None]", '["ä", None]', {"result": ["ä", None]}),
}


async def test_values_are_structured_as_the_function_says(library: ToolLibrary, sandbox: Sandbox, mode: Mode) -> None:
    """The SDK's client checks each value against the schema."""
    for name, (returns, body, _) in RETURNING.items():
        library.add(rebuilt(tool_of(sandbox, returning(name, returns, body), name)))
    async with connected(server_of(library, sandbox), mode) as client:
        described = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        assert described["record"] == {"type": "object", "additionalProperties": {"type": "integer"}}
        assert (described["number"] or {})["properties"] == {"result": {"type": "number"}}
        for name, (_, _, value) in RETURNING.items():
            answer = await client.call_tool(name, {"n": 3})
            assert (answer.structured_content, answer.is_error) == (value, False)


async def test_a_value_of_another_type_is_an_error_and_none_is_promised_without_a_type(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode
) -> None:
    library.add(rebuilt(tool_of(sandbox, returning("liar", "str", "n"), "liar")))
    library.add(rebuilt(tool_of(sandbox, returning("unsure", "'Row'", "n") + "class Row: ...\n", "unsure")))
    async with connected(server_of(library, sandbox), mode) as client:
        described = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        assert described["unsure"] is None
        answer = await client.call_tool("unsure", {"n": 3})
        assert (text_of(answer), answer.structured_content) == ("3", None)
        answer = await client.call_tool("liar", {"n": 3})
        assert answer.is_error
        assert text_of(answer) == "result: the value of liar is not of the type that its function declares"


async def test_a_typed_tool_is_served_with_the_names_of_its_columns(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode
) -> None:
    library.add(typed_tool())
    async with connected(server_of(library, sandbox), mode) as client:
        (tool,) = (each for each in (await client.list_tools()).tools if each.name == "badge")
        assert tool.input_schema["properties"]["vor_name"]["description"] == "Vor name"
        answer = await client.call_tool("badge", {"vor_name": "Uma", "class_": "Diaz"})
        assert (text_of(answer), answer.structured_content) == ("U. Diaz", {"result": "U. Diaz"})


async def test_tools_that_depend_on_a_system_prompt_are_not_served(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode
) -> None:
    example = Instance(id="1", question="Sort: b a", answer="b a", system_key="prompt")
    run_flow(loop_operations_of(library).add_made(made_tool(name="descending"), [example], [], "made"))
    async with connected(server_of(library, sandbox), mode) as client:
        assert await names(client) == ["word_sorting"]
        with pytest.raises(MCPError, match="descending depends on a system prompt") as refused:
            await client.call_tool("descending", {"words": ["a", "b"]})
        assert refused.value.code == types.INVALID_PARAMS
    assert library.usage("descending").uses == 0


async def test_what_goes_wrong_is_reported_and_the_server_continues(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode
) -> None:
    library.add(tool_of(sandbox, RAISES, "raises"))
    async with connected(server_of(library, sandbox), mode) as client:
        for arguments in ({}, {"words": 3}, {"words": ["a"], "more": 1}):
            answer = await client.call_tool("word_sorting", arguments)
            assert answer.is_error
            assert text_of(answer).startswith("arguments: they do not fit.")
        answer = await client.call_tool("raises", {"text": "why"})
        assert answer.is_error
        assert text_of(answer) == "exception: ValueError: why"
        with pytest.raises(MCPError, match="no tool named 'nothing'") as refused:
            await client.call_tool("nothing", {})
        assert refused.value.code == types.INVALID_PARAMS
        with pytest.raises(MCPError, match="no tool named 'make_tool'"):  # off by default
            await client.call_tool("make_tool", WANTED)
        assert text_of(await client.call_tool("word_sorting", {"words": ["b", "a"]})) == "a b"
    assert (library.usage("word_sorting").uses, library.usage("word_sorting").failures) == (4, 3)


async def test_a_change_by_another_is_reported(file: Path, library: ToolLibrary, sandbox: Sandbox, mode: Mode) -> None:
    heard = Heard()
    async with connected(server_of(library, sandbox), mode, heard) as client:
        assert await names(client) == ["word_sorting"]
        with open_tool_library(file) as other:
            other.add(made_tool(name="another"))
            await heard.change()
            assert await names(client) == ["another", "word_sorting"]
            assert text_of(await client.call_tool("another", {"words": ["b", "a"]})) == "a b"
            other.remove("another")
            await heard.change()
        assert await names(client) == ["word_sorting"]
        assert heard.changes.empty()


@pytest.mark.slow
async def test_a_client_has_a_tool_made(library: ToolLibrary, sandbox: Sandbox, mode: Mode) -> None:
    heard, steps = Heard(), []

    async def step(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001 - the SDK's names
        steps.append(message)

    async with connected(server_of(library, sandbox, lambda _: code(GOOD)), mode, heard) as client:
        assert await names(client) == ["make_tool", "word_sorting"]
        answer = await client.call_tool("make_tool", WANTED, progress_callback=step)
        assert not answer.is_error, answer
        assert text_of(answer).startswith("The tool sorter is made, proven on 6 examples")
        assert steps[-1] == "made sorter"
        await heard.change()
        assert await names(client) == ["make_tool", "sorter", "word_sorting"]
        assert text_of(await client.call_tool("sorter", {"words": ["b", "a"]})) == "a b"
        assert library.history("sorter")[0].reason == "made for an MCP client"
        again = await client.call_tool("make_tool", WANTED)
        assert again.is_error
        assert "a tool named sorter already exists" in text_of(again)
        assert not (await client.call_tool("make_tool", WANTED | {"replace": True})).is_error


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"examples": EXAMPLES[:3]}, "examples: Tuple should have at least 4 items"),
        ({"examples": [EXAMPLES[0], *EXAMPLES[:4]]}, "a question occurs twice"),
        ({"name": "../x"}, "name: String should match pattern"),
        ({"name": "make_tool"}, "the name make_tool is reserved"),
        ({"maker": "gpt"}, "maker: Extra inputs are not permitted"),
        ({}, "no tool was proven in 1 attempt"),
    ],
)
async def test_a_making_that_fails_is_reported(
    library: ToolLibrary, sandbox: Sandbox, changes: dict[str, Any], told: str
) -> None:
    async with connected(server_of(library, sandbox, lambda _: code(WRONG)), "legacy") as client:
        answer = await client.call_tool("make_tool", WANTED | changes)
        assert answer.is_error
        assert told in text_of(answer)
        assert await names(client) == ["make_tool", "word_sorting"]


async def test_hostile_records_do_no_harm(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    library.add(tool_of(sandbox, DOCUMENTED.format("half", 'return "\\ud800"'), "half"))
    library.add(made_tool(name="long", description="\x1b[2J" + "long " * 9999))
    remote = {"words": {"type": "string", "$ref": "http://example.com", "x-mcp-header": "a", "description": "\ud800"}}
    library.add(made_tool(name="remote", parameters={"type": "object", "properties": remote}))
    library.add(made_tool(name="unservable", parameters={"type": "object", "properties": {"a": {"type": "file"}}}))
    library.add(made_tool(name="make_tool"))
    async with connected(server_of(library, sandbox, lambda _: code(GOOD)), mode) as client:
        found = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(found) == {"make_tool", "half", "long", "remote", "word_sorting"}
        description = found["long"].description or ""
        assert len(description) == 1024
        assert description.startswith("[2Jlong long")
        assert "example.com" not in str(found["remote"].input_schema)
        assert "header" not in str(found["remote"].input_schema)
        assert "unservable is not served" in caplog.text
        assert "make_tool is not served" in caplog.text
        await client.call_tool("half", {"text": "x"})  # any reply: the connection stays open
        with pytest.raises(MCPError, match="parameters that cannot be served"):
            await client.call_tool("unservable", {})
        assert text_of(await client.call_tool("word_sorting", {"words": ["b", "a"]})) == "a b"


async def test_a_damaged_record_is_left_out(
    library: ToolLibrary, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    tool_id = library.add(made_tool(name="damaged"))
    library._store.put(("latm", "records"), tool_id, {"json": '{"name": "damaged"}'}, index=False)
    async with connected(server_of(library, sandbox), "legacy") as client:
        assert await names(client) == ["word_sorting"]
        assert "the tool damaged is not served" in caplog.text
        with pytest.raises(MCPError, match="is not usable"):
            await client.call_tool("damaged", {"words": []})


async def test_a_library_that_vanishes_is_reported_at_each_call(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(server_of(library, sandbox), mode) as client:
        assert await names(client) == ["word_sorting"]
        library.close()
        for _ in range(2):
            with pytest.raises(MCPError, match="the tool library's store failed"):
                await client.call_tool("word_sorting", {"words": ["a"]})
            with pytest.raises(MCPError, match="the tool library's store failed"):
                await names(client)
        await asyncio.sleep(0.3)
        assert caplog.text.count("changes of the library cannot be read") == 1


async def test_many_tools_come_in_pages(
    library: ToolLibrary, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "PAGE", 2)
    for number in range(4):
        library.add(made_tool(name=f"tool_{number}"))
    async with connected(server_of(library, sandbox, lambda _: code(GOOD)), "legacy") as client:
        pages: list[list[str]] = []
        cursor: str | None = None
        while not pages or cursor:
            page = await client.list_tools(cursor=cursor)
            pages.append([tool.name for tool in page.tools])
            cursor = page.next_cursor
        assert pages == [["make_tool", "tool_0", "tool_1"], ["tool_2", "tool_3"], ["word_sorting"]]


async def test_clients_come_and_go(library: ToolLibrary, sandbox: Sandbox, mode: Mode) -> None:
    server = server_of(library, sandbox)
    for _ in range(3):
        async with connected(server, mode) as client, connected(server, mode) as other:
            assert await names(client) == await names(other) == ["word_sorting"]


REMEMBERS = DOCUMENTED.format("remembers", "KEPT.append(text)\n    return ' '.join(KEPT)") + "\nKEPT = []\n"


async def test_no_client_reaches_what_a_tool_remembers_of_another(
    library: ToolLibrary, sandbox: Sandbox, mode: Mode
) -> None:
    library.add(tool_of(sandbox, REMEMBERS, "remembers"))
    for server in (server_of(library, sandbox), server_of(library, sandbox)):
        async with connected(server, mode) as one, connected(server, mode) as other:
            for client, text in ((one, "a"), (other, "b")):
                assert text_of(await client.call_tool("remembers", {"text": text})) == text


async def test_sessions_over_http_are_tenants(library: ToolLibrary, sandbox: Sandbox) -> None:
    library.add(tool_of(sandbox, REMEMBERS, "remembers"))
    server = server_of(library, sandbox)
    transport = httpx2.ASGITransport(app=http_app(server, host="127.0.0.1"))

    async with server.session_manager.run(), httpx2.AsyncClient(transport=transport) as client:

        async def send(method: str, params: dict[str, Any], number: int | None, session: str = "") -> httpx2.Response:
            headers = {"Accept": "application/json, text/event-stream"}
            if session:
                headers["mcp-session-id"] = session
            message = {"jsonrpc": "2.0", "method": method, "params": params} | ({"id": number} if number else {})
            return await client.post("http://127.0.0.1:8765/mcp", json=message, headers=headers)

        async def begin() -> str:
            begun = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
            session = str((await send("initialize", begun, 1)).headers["mcp-session-id"])
            await send("notifications/initialized", {}, None, session)
            return session

        async def remembered(session: str, text: str) -> str:
            told = await send("tools/call", {"name": "remembers", "arguments": {"text": text}}, 2, session)
            return told.text.split('"text":"')[1].split('"')[0]

        one, other = await begin(), await begin()
        assert [await remembered(one, "a"), await remembered(other, "b"), await remembered(one, "c")] == [
            "a",
            "b",
            "a c",
        ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer a token of a length"}, 200),
        ({"Authorization": "bEARER  a token of a length "}, 200),
        ({"Authorization": "Bearera token of a length"}, 401),
        ({"Authorization": "a token of a length"}, 401),
        ({"Authorization": "Bearer A token of a length"}, 401),
        ({"Authorization": "Bearer a token of a length", "Host": "LocalHost:80"}, 200),
        ({"Authorization": "Bearer a token of a length", "Host": "localhost"}, 200),
        ({"Authorization": "Bearer a token of a length", "Host": "Tools.Example.com"}, 200),
        ({"Authorization": "Bearer a token of a length", "Host": "tools.example.com:443"}, 200),
        ({"Authorization": "Bearer a token of a length", "Host": "tools.example.com.evil.example"}, 421),
        ({"Authorization": "Bearer a token of a length", "Host": "one.example:8443"}, 200),
        ({"Authorization": "Bearer a token of a length", "Host": "one.example:80"}, 421),
        ({"Authorization": "Bearer a token of a length", "Origin": "https://tools.example.com"}, 200),
        ({"Authorization": "Bearer a token of a length", "Origin": "null"}, 403),
        ({"Authorization": "Basic a token of a length"}, 401),
        ({"Authorization": "Bearer a token of a length", "Host": "evil.example"}, 421),
        ({"Authorization": "Bearer a token of a length", "Origin": "http://evil.example"}, 403),
    ],
)
async def test_the_door(library: ToolLibrary, sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    server = server_of(library, sandbox)
    hosts = ["tools.Example.com", "one.example:8443"]
    app = http_app(server, host="127.0.0.1", token="a token of a length", allowed_hosts=hosts)
    begin = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    accept = {"Accept": "application/json, text/event-stream"}
    transport = httpx2.ASGITransport(app=app)
    async with server.session_manager.run(), httpx2.AsyncClient(transport=transport) as client:
        answer = await client.post("http://127.0.0.1:8765/mcp", json=begin, headers=accept | headers)
        assert answer.status_code == status
        assert (answer.headers.get("www-authenticate") == "Bearer") == (status == 401)


async def test_beyond_loopback_only_allowed_hosts_are_answered(library: ToolLibrary, sandbox: Sandbox) -> None:
    for hosts, status in ([], 400), (["10.0.0.1"], 400), (["tools.example.com"], 421):
        server = server_of(library, sandbox)
        app = http_app(server, host="0.0.0.0", token="a token", allowed_hosts=hosts)  # noqa: S104 - nothing listens
        headers = {"Authorization": "Bearer a token", "Accept": "application/json, text/event-stream"}
        transport = httpx2.ASGITransport(app=app)
        async with server.session_manager.run(), httpx2.AsyncClient(transport=transport, headers=headers) as client:
            assert (await client.post("http://10.0.0.1/mcp", json={})).status_code == status


@pytest.mark.parametrize("host", ["", "*", "https://example.com", "example.com/mcp", "a b", "example.com:x"])
def test_an_allowed_host_is_a_name(library: ToolLibrary, sandbox: Sandbox, host: str) -> None:
    with pytest.raises(ValueError, match="is not a host"):
        http_app(server_of(library, sandbox), host="127.0.0.1", allowed_hosts=[host])


def test_no_server_for_others_without_a_token(library: ToolLibrary, sandbox: Sandbox) -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost")] == [True] * 4
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "", "10.0.0.1", "example.com")] == [False] * 5  # noqa: S104
    for host in ("0.0.0.0", "", "example.com"):  # noqa: S104 - nothing listens
        with pytest.raises(ValueError, match="a token is needed"):
            http_app(server_of(library, sandbox), host=host, token="")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--http", "--host", "0.0.0.0"), "0.0.0.0 is reachable from other machines"),  # noqa: S104 - the same
        (("--http", "--host", "0.0.0.0", "--token", "short"), "at least 16"),  # noqa: S104 - the same
        (("--http", "--token", "with spaces in its midst"), "no spaces"),
        (("--http", "--allowed-host", "https://example.com"), "not the name of a host"),
        (("--allowed-host", "example.com"), "needs --http"),
        (("--host", "0.0.0.0"), "needs --http"),  # noqa: S104 - the same
        (("--maker", "local"), "needs --make-tool"),
    ],
)
def test_the_command_refuses(
    arguments: tuple[str, ...],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("LATM_TOKEN", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    exit_code, out, error = command_line(monkeypatch, capsys)(
        "serve", *arguments, "--library", str(tmp_path / "a.sqlite")
    )
    assert (exit_code, out) == (2, "")
    assert told in error


@pytest.mark.slow
def test_without_the_extra_the_pip_command_is_reported() -> None:
    program = (
        "import sys; sys.modules['mcp'] = sys.modules['mcp_types'] = None\n"
        "try:\n    import langchain_latm.interop.mcp.server\nexcept ImportError as error:\n    print(error)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "pip install 'langchain-latm[mcp]'" in told
