"""Notifications to MCP clients that the tools of a library have changed."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from typing import Final

import anyio
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ServerEvent, ToolsListChanged

from langchain_latm._core.flow import arun_flow
from langchain_latm.exceptions import LATMError
from langchain_latm.tools.library.library import ToolLibrary, operations_of

_UNKNOWN: Final = "unknown"  # differs from every stamp of a library, which is empty or begins with a number

_log = logging.getLogger(__name__)


class Changes:
    """Polls the library's stamp and notifies clients when it changes.

    Stores cannot notify across processes, so polling is the only way.

    Args:
        library: The library to watch.

    Attributes:
        listen: Handles `subscriptions/listen`, with which a client of protocol 2026-07-28 subscribes.
        run: Identifies this run of the server; it cannot be guessed.
    """

    def __init__(self, library: ToolLibrary) -> None:
        self._library = library
        self._bus = InMemorySubscriptionBus()
        self._stamp: str | None = None
        self._failing = False
        self._followers: set[int] = set()
        self.listen = ListenHandler(self._bus)
        self.run = secrets.token_hex(16)

    async def watch(self, seconds: float) -> None:
        """Poll every `seconds`, forever; a failing library is logged once and polled again."""
        while True:
            try:
                await self.look()
                self._failing = False
            except LATMError as error:
                self._stamp = self._stamp or _UNKNOWN
                if not self._failing:
                    _log.warning("changes of the library cannot be read: %s", error)
                self._failing = True
            await asyncio.sleep(seconds)

    async def look(self) -> None:
        """Poll now.

        Raises:
            ToolLibraryError: The library's store failed.
        """
        stamp = await arun_flow(operations_of(self._library).stamp())
        before, self._stamp = self._stamp, stamp
        if before not in (None, stamp):
            await self._bus.publish(ToolsListChanged())

    async def follow(self, session: ServerSession) -> None:
        """Notify a client of an older protocol of every change, until the SDK cancels this when its connection ends."""
        connection = id(session.client_params)  # each connection has its own object, which lives as long as this call
        if session.client_params is None or connection in self._followers:
            return  # a client may send `initialized` twice
        send, receive = anyio.create_memory_object_stream[ServerEvent](1)

        def keep(event: ServerEvent) -> None:
            with suppress(anyio.WouldBlock):  # a pending notification already covers this change
                send.send_nowait(event)

        unsubscribe = self._bus.subscribe(keep)
        self._followers.add(connection)
        try:
            async for _ in receive:
                await session.send_tool_list_changed()
        finally:
            unsubscribe()
            self._followers.discard(connection)
            send.close()
            receive.close()
