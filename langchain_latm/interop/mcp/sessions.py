"""Limits the sessions of the HTTP server: if there are too many, the least recently used one ends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_SESSIONS: Final = 1000
IDLE_SECONDS: Final = 30 * 60
_KEY: Final = b"mcp-session-id"


class SessionLimit:
    """Ends sessions, in the protocol's own way, to make room for new ones.

    The SDK refuses new sessions when there are too many, so a client that opens many would lock out all others. A
    session with a running request ends only if all others have one too.

    Args:
        app: The SDK's application.
        most: How many sessions there may be.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._used: dict[bytes, None] = {}  # the least recently used one comes first
        self._answering: Counter[bytes] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, after making room for the session that it may open."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        key = next((value for name, value in scope["headers"] if name == _KEY), None)
        if key is None:
            while len(self._used) >= self._most:
                await self._end_one(scope)
        elif key in self._used:
            self._touch(key)

        async def look(message: Message) -> None:
            if message["type"] == "http.response.start":
                opened = next((value for name, value in message["headers"] if name == _KEY), None)
                if opened is not None and message["status"] < 400:  # noqa: PLR2004 - the first status of an error
                    self._touch(opened)
                elif key is not None and message["status"] == 404:  # noqa: PLR2004 - the session has ended
                    self._used.pop(key, None)
            await send(message)

        self._answering[key or b""] += 1
        try:
            await self._app(scope, receive, look)
        finally:
            self._answering -= Counter((key or b"",))
        if scope["method"] == "DELETE":
            self._used.pop(key or b"", None)

    def _touch(self, key: bytes) -> None:
        self._used.pop(key, None)
        self._used[key] = None

    async def _end_one(self, scope: Scope) -> None:
        key = next((each for each in self._used if not self._answering[each]), next(iter(self._used)))
        del self._used[key]
        headers = [(name, value) for name, value in scope["headers"] if name in (b"host", b"authorization")]
        ending = {**scope, "method": "DELETE", "headers": [*headers, (_KEY, key)]}
        await self._app(ending, _nothing, _ignore)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignore(_message: Message) -> None:
    pass
