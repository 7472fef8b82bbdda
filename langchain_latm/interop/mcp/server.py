"""A Model Context Protocol server that serves the tools of a library to any MCP client (extra `mcp`).

It supports both generations of the protocol: clients that start with `initialize` (until 2025-11-25), and clients that
send their version with each request (2026-07-28).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any, Final, cast

from langchain_core.messages import ToolMessage

try:
    import mcp_types as types
    from mcp.server import InitializationOptions, NotificationOptions, Server, ServerRequestContext
    from mcp.server.stdio import stdio_server
    from mcp.shared.exceptions import MCPError
    from mcp_types.version import MODERN_PROTOCOL_VERSIONS
except ImportError as missing:
    raise ImportError("the MCP server needs the MCP SDK: run pip install 'langchain-latm[mcp]'") from missing

from langchain_latm._core.flow import arun_flow
from langchain_latm.exceptions import LATMError, ToolNotFoundError
from langchain_latm.interop.mcp.changes import Changes
from langchain_latm.interop.mcp.making import MAKE_TOOL, ToolMaking
from langchain_latm.interop.mcp.text import readable, sendable, sendable_json, text_result, with_readable_descriptions
from langchain_latm.making.maker import ToolMaker
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.library.library import ToolLibrary, only_logged, operations_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.returns import as_object, fits, object_schema, result_schema
from langchain_latm.tools.served_description import served_description
from langchain_latm.types import ToolSummary, shorten

PAGE: Final = 500
"""Tools in one page of `tools/list`; many clients read only the first page."""
_DESCRIPTION_CHARACTERS: Final = 1024
_CLIENT: Final = "the MCP client's model"
"""The model to which uses are attributed; its tokens are in the client's own accounts."""
_INSTRUCTIONS: Final = (
    "Each tool answers one kind of request. A model wrote it, it was proven on solved examples, and it runs in a "
    "sandbox without files and network. New tools may appear at any time."
)

_log = logging.getLogger(__name__)


def create_mcp_server(
    library: ToolLibrary,
    *,
    sandbox: Sandbox,
    maker: ToolMaker | None = None,
    approve: bool = False,
    budget: int | str | None = None,
    name: str = "langchain-latm",
    refresh_seconds: float = 1.0,
    examples: bool = True,
) -> ToolServer:
    """Create an MCP server for the tools of a library.

    Each request sees the library's current tools. When any process changes the current tool of a name, clients are
    notified that the list has changed. Tools that were made of requests under a system prompt (`create_latm`) are not
    served, since the server does not know a client's system prompt.

    All clients see the same tools, those of `library`. Each session has its own tool processes, so the state of a tool
    is not shared between clients. With `maker`, all clients see a new tool with its description and its examples.

    Args:
        library: The library. The caller closes it.
        sandbox: Where the tools run. The caller closes it.
        maker: A maker of `create_tool_maker`, which gives clients the tool `make_tool`; by default they can only use
            existing tools.
        approve: Whether such a new tool waits until a person approves it (`latm serve --ui`).
        budget: Daily limit for all makings for this library, as for `create_latm`.
        name: The server's name in the protocol.
        refresh_seconds: How often to look for changes made by other processes, in seconds.
        examples: Whether each description ends with an example of the tool's proof for clients' models. In a library
            that makes its own tools, this was a user's request.

    Returns:
        A low-level `Server` of the MCP SDK; start it with `serve_stdio`, `run(...)` or `streamable_http_app(...)`.

    Source: https://modelcontextprotocol.io/specification
    """
    return ToolServer(library, sandbox, maker, name, refresh_seconds, budget=budget, approve=approve, examples=examples)


class ToolServer(Server[Changes]):
    """Serves made tools over MCP. Create it with `create_mcp_server`.

    Names, descriptions and schemas were written by models: they are passed on as data and never executed here. A tool's
    failure becomes an error result, anything else an error of the protocol; neither ends the server.
    """

    def __init__(
        self,
        library: ToolLibrary,
        sandbox: Sandbox,
        maker: ToolMaker | None,
        name: str,
        refresh_seconds: float,
        *,
        budget: int | str | None,
        approve: bool,
        examples: bool,
    ) -> None:
        self._library = library
        self._sandbox = sandbox
        self._refresh_seconds = refresh_seconds
        self._examples = examples
        self._making = None if maker is None else ToolMaking(library, maker, budget, approve=approve)
        self._known: tuple[str, tuple[ToolSummary, ...]] | None = None
        self._described: dict[str, types.Tool] = {}
        super().__init__(
            name,
            version=version("langchain-latm"),
            instructions=_INSTRUCTIONS,
            lifespan=self._life,
            # Schemas may declare parameters that are sent as HTTP headers; made tools have none.
            get_tool_input_schema=lambda _name: None,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_subscriptions_listen=_listen,
        )
        self.add_notification_handler("notifications/initialized", types.NotificationParams, _follow)

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """Return the SDK's options; by default they announce notifications of changed tools."""
        options = notification_options or NotificationOptions(tools_changed=True)
        return super().create_initialization_options(options, experimental_capabilities, extensions)

    async def serve_stdio(self) -> None:
        """Serve one client over standard input and output until it closes them.

        Anything else that this process prints meanwhile goes to standard error.
        """
        async with stdio_server() as (incoming, outgoing):
            await self.run(incoming, outgoing, self.create_initialization_options())

    @asynccontextmanager
    async def _life(self, _server: Server[Changes]) -> AsyncIterator[Changes]:
        changes = Changes(self._library)
        watching = asyncio.create_task(changes.watch(self._refresh_seconds))
        try:
            yield changes
        finally:
            watching.cancel()

    async def _list_tools(
        self, _ctx: ServerRequestContext[Changes], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """Return a page of the tools, sorted by name. The cursor is the last name of the page before."""
        after = (params.cursor if params else None) or ""
        try:
            everything = await self._summaries()
            page = [each for each in everything if each.name > after][: PAGE + 1]
            found = [await self._describe(each) for each in page[:PAGE]]
        except LATMError as error:
            raise _protocol_error(error) from error
        own = [self._making.tool] if self._making is not None and not after else []
        return types.ListToolsResult(
            tools=[*own, *(tool for tool in found if tool is not None)],
            next_cursor=page[PAGE - 1].name if len(page) > PAGE else None,
        )

    async def _summaries(self) -> tuple[ToolSummary, ...]:
        """Return the library's tools, which are read again only after a change."""
        stamp = await arun_flow(operations_of(self._library).stamp())
        if self._known is None or self._known[0] != stamp:
            known = tuple(each for each in await self._library.alist() if not each.system_key)
            self._known = stamp, known
            current = {each.id for each in self._known[1]}
            self._described = {key: tool for key, tool in self._described.items() if key in current}
        return self._known[1]

    async def _describe(self, summary: ToolSummary) -> types.Tool | None:
        """Return a tool as clients see it, or None if its record is damaged."""
        if summary.name == MAKE_TOOL and self._making is not None:
            _log.warning("the library's tool %s is not served: the server's own tool has its name", MAKE_TOOL)
            return None
        if summary.id not in self._described:
            try:
                tool = await self._library.aget_by_id(summary.id)
                # A schema of the maximum length takes pydantic a second.
                self._described[summary.id] = await asyncio.to_thread(_as_mcp_tool, tool, examples=self._examples)
            except (ToolNotFoundError, ValueError) as error:  # a damaged record is a ValueError too
                _log.warning("the tool %s is not served: %s", summary.name, error)
                return None
        return self._described[summary.id]

    async def _call_tool(
        self, ctx: ServerRequestContext[Changes], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        arguments, tenant = params.arguments or {}, _tenant_of(ctx)
        try:
            if self._making is not None and params.name == MAKE_TOOL:
                return await self._making.run(ctx, arguments, tenant)
            return await self._use(params.name, arguments, tenant)
        except LATMError as error:
            raise _protocol_error(error) from error

    async def _use(self, name: str, arguments: dict[str, Any], tenant: str) -> types.CallToolResult:
        tool = await self._library.aget(name)
        if all(each.name != name for each in await self._summaries()):
            raise ToolNotFoundError(f"the tool {name} depends on a system prompt, so it is not served")
        try:
            served = await asyncio.to_thread(tool.as_tool, self._sandbox, tenant=tenant)  # builds its arguments' model
        except ValueError as error:
            reason = f"the tool {name} has parameters that cannot be served: {shorten(str(error))}"
            raise MCPError(types.INTERNAL_ERROR, sendable(reason)) from error
        call = {"type": "tool_call", "id": "mcp", "name": tool.name, "args": arguments}
        message = cast(ToolMessage, await served.ainvoke(call))
        failed = message.status == "error"
        schema = result_schema(tool)
        misfit = not failed and schema is not None and not fits(message.artifact, schema)
        with only_logged(self._library):
            await self._library.arecord_use(tool, failed=failed or misfit, model=_CLIENT)
        if misfit:
            return text_result(
                f"result: the value of {name} is not of the type that its function declares", failed=True
            )
        result = text_result(str(message.content), failed=failed)
        if failed or schema is None:
            return result
        return result.model_copy(update={"structured_content": sendable_json(as_object(message.artifact, schema))})


def _tenant_of(ctx: ServerRequestContext[Changes]) -> str:
    """Return the tenant of a call: that of its session, or one for this call only if there are no sessions.

    Without HTTP, each connection has its own run of the server. With HTTP, clients that start with `initialize` have
    sessions, and the SDK only accepts requests with the session's id; other clients send independent requests.
    """
    run = ctx.lifespan_context.run
    if ctx.request is None:
        return run
    session = ctx.request.headers.get("mcp-session-id")
    if session is None or ctx.protocol_version in MODERN_PROTOCOL_VERSIONS:
        return secrets.token_hex(16)
    return f"{run}-{session}"


def _as_mcp_tool(tool: MadeTool, *, examples: bool) -> types.Tool:
    """Describe a tool with the schema of its arguments model, a closed set, instead of the record's text."""
    return types.Tool(
        name=tool.name,
        description=served_description(
            readable(tool.description[: 4 * _DESCRIPTION_CHARACTERS]),
            tool.report,
            example=examples,
            most=_DESCRIPTION_CHARACTERS,
        ),
        input_schema=with_readable_descriptions(sendable_json(tool.arguments_model.model_json_schema())),
        output_schema=None if (schema := result_schema(tool)) is None else object_schema(schema),
        annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _protocol_error(error: LATMError) -> MCPError:
    asked = isinstance(error, ToolNotFoundError)
    return MCPError(types.INVALID_PARAMS if asked else types.INTERNAL_ERROR, sendable(str(error)))


async def _follow(ctx: ServerRequestContext[Changes], _params: types.NotificationParams) -> None:
    await ctx.lifespan_context.follow(ctx.session)


async def _listen(
    ctx: ServerRequestContext[Changes], params: types.SubscriptionsListenRequestParams
) -> types.SubscriptionsListenResult:
    return await ctx.lifespan_context.listen(ctx, params)
