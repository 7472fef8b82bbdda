"""Sessions make room for new ones, tested with an application that only knows the protocol's headers."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import httpx2

from langchain_latm.interop.mcp.sessions import SessionLimit

URL = "http://localhost/mcp"


class Sessions:
    """Opens, uses and ends sessions; a GET is a stream that lasts until it is released."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.released = asyncio.Event()
        self._numbers = map(str, count())

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        key = headers.get("mcp-session-id")
        assert headers["host"] == "localhost"
        if key is None:
            key = next(self._numbers)
            self.open.append(key)
        status = 200 if key in self.open else 404
        if scope["method"] == "DELETE":
            self.open.remove(key)
        if scope["method"] == "GET":
            await self.released.wait()
        await send({"type": "http.response.start", "status": status, "headers": [(b"mcp-session-id", key.encode())]})
        await send({"type": "http.response.body", "body": b""})


async def test_the_session_that_was_used_least_recently_ends() -> None:
    sessions = Sessions()
    app = SessionLimit(sessions, 3)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
        stream = asyncio.create_task(client.get(URL))
        for _ in range(5):
            await asyncio.sleep(0)
        for _ in range(2):
            await client.post(URL)
        streaming = asyncio.create_task(client.get(URL, headers={"mcp-session-id": "1"}))
        for _ in range(5):
            await asyncio.sleep(0)
        for _ in range(50):
            await client.post(URL)
            assert (await client.post(URL, headers={"mcp-session-id": "1"})).status_code == 200
        assert (await client.post(URL, headers={"mcp-session-id": "2"})).status_code == 404
        assert len(sessions.open) <= 4  # one is not known yet: its first request is not answered
        sessions.released.set()
        await asyncio.gather(stream, streaming)


async def test_an_ended_session_leaves_its_place() -> None:
    sessions = Sessions()
    app = SessionLimit(sessions, 2)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
        for _ in range(2):
            await client.post(URL)
        await client.delete(URL, headers={"mcp-session-id": "1"})
        await client.post(URL)
        assert sessions.open == ["0", "2"]
