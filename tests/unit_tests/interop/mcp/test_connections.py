"""Connections that keep the server waiting, without sockets; the clock is the test's."""

from __future__ import annotations

import asyncio
import resource
from typing import Any

import pytest
import uvicorn

from langchain_latm.interop.mcp.connections import (
    MOST_CONNECTIONS,
    SECONDS,
    Connection,
    Connections,
    LimitedServer,
    Owed,
    most_connections,
)
from langchain_latm.interop.mcp.http import _Door

HEAD = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\n"
REQUEST = HEAD + b"Content-Length: 2\r\n\r\n{}"
STREAM = b"GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


class Wire(asyncio.Transport):
    """The server's end of a connection."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 1), "sockname": ("127.0.0.1", 2)})
        self.sent = b""
        self.unread = 0
        self.open = self.reading = True

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return not self.open

    def close(self) -> None:
        self.open = False

    def abort(self) -> None:
        self.open = False

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


class World:
    """A server whose application never ends its answers."""

    def __init__(self, limit: int, token: str | None = None) -> None:
        self.state = Connections(limit)
        self.config = uvicorn.Config(_Door(self.app, token), http=Connection, log_config=None, ws="none")
        self.config.load()

    async def app(self, scope: Any, receive: Any, _send: Any) -> None:
        if scope["type"] == "http":
            while (await receive())["type"] != "http.disconnect":
                pass

    async def connect(self, data: bytes = b"", address: str = "127.0.0.1") -> tuple[Connection, Wire]:
        wire = Wire(address)
        connection = Connection(self.config, self.state, app_state={})
        connection.connection_made(wire)
        if data:
            connection.data_received(data)
        for _ in range(5):
            await asyncio.sleep(0)
        return connection, wire


def wait(connection: Connection, seconds: float) -> None:
    """Check a connection as the server does, once in a second."""
    begin = connection.begun
    for second in range(int(seconds) + 1):
        connection.check(begin + second)
    connection.check(begin + seconds)


@pytest.mark.parametrize(
    ("data", "more", "owed"),
    [
        (b"", b"", "request"),
        (HEAD, b"X-A: b\r\n", "request"),
        (HEAD + b"Content-Length: 99\r\n\r\n", b" ", "body"),
        (CHUNKED, b"1\r\na\r\n", "rest"),
    ],
)
async def test_a_client_that_keeps_the_server_waiting_is_cut_off(data: bytes, more: bytes, owed: Owed) -> None:
    """Even if it keeps sending small pieces."""
    connection, wire = await World(9).connect(data)
    assert connection.owed == owed
    wait(connection, SECONDS[owed])
    assert wire.open
    connection.data_received(more)
    connection.check(connection.begun + SECONDS[owed] + 1)
    assert not wire.open


async def test_a_client_that_reads_no_answer_is_cut_off() -> None:
    connection, wire = await World(9).connect(REQUEST)
    wire.unread = 1
    wait(connection, SECONDS["reading"])
    assert wire.open
    connection.check(connection.begun + SECONDS["reading"] + 1)
    assert not wire.open


@pytest.mark.parametrize("data", [REQUEST, STREAM])
async def test_a_client_may_wait_for_its_answer(data: bytes) -> None:
    connection, wire = await World(9).connect(data)
    assert connection.owed is None
    wait(connection, 1000)
    assert wire.open


async def test_a_body_of_unknown_length_is_refused_and_read_no_further() -> None:
    """h11 takes seconds for this one, and the other clients do not wait for it."""
    connection, wire = await World(9).connect()
    connection.data_received(CHUNKED + b"1\r\na\r\n" * 40_000)
    assert connection._unread
    for _ in range(5):
        await asyncio.sleep(0)
    assert wire.sent.startswith(b"HTTP/1.1 411 ")
    assert b"Content-Length" in wire.sent
    assert not connection._unread


async def test_a_refused_request_whose_body_comes_late_ends_no_connection() -> None:
    world = World(9, token="a token")
    connection, wire = await world.connect(HEAD + b"Content-Length: 2\r\n\r\n")
    owed = [connection.owed]
    connection.data_received(b"{}")
    owed.append(connection.owed)
    assert owed == ["rest", "request"]
    connection.data_received(REQUEST)
    for _ in range(5):
        await asyncio.sleep(0)
    assert wire.sent.count(b"HTTP/1.1 401 ") == 2
    assert wire.open


async def test_newcomers_take_the_places_of_clients_that_are_waited_for() -> None:
    world = World(8)
    _, call = await world.connect(REQUEST)
    _, stream = await world.connect(STREAM)
    waiting = [(await world.connect(HEAD))[1] for _ in range(20)]
    assert [wire.open for wire in waiting] == [False] * 14 + [True] * 6
    assert (call.open, stream.open) == (True, True)
    _, newest = await world.connect(REQUEST)
    assert newest.open
    assert world.state.closed == {None: 15}


async def test_a_client_between_two_requests_keeps_its_connection() -> None:
    world = World(8, token="needed")
    client, wire = await world.connect()
    idle = [(await world.connect(HEAD))[1] for _ in range(7)]
    client.data_received(REQUEST)
    await asyncio.sleep(0)
    assert b"HTTP/1.1 401 " in wire.sent
    assert client.owed == "request"
    await world.connect(HEAD)
    assert (wire.open, idle[0].open) == (True, False)


async def test_the_address_with_the_most_connections_loses_them() -> None:
    world = World(8)
    _, other = await world.connect(HEAD, "10.0.0.9")
    _, same = await world.connect(HEAD, "2001:db8::1")
    many = [(await world.connect(HEAD, f"2001:db8:0:1::{number}"))[1] for number in range(20)]
    assert (other.open, same.open, sum(wire.open for wire in many)) == (True, True, 6)


async def test_streams_leave_places_and_calls_are_kept() -> None:
    world = World(8)
    calls = [(await world.connect(REQUEST))[1] for _ in range(3)]
    streams = [(await world.connect(STREAM))[1] for _ in range(20)]
    assert [wire.open for wire in calls] == [True] * 3
    assert [wire.open for wire in streams] == [False] * 15 + [True] * 5
    more = [(await world.connect(REQUEST))[1] for _ in range(8)]
    assert [wire.open for wire in calls] == [False] * 3
    assert all(wire.open for wire in more)


async def test_the_server_checks_and_logs(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(1)
    server = LimitedServer(world.config, 1)
    world.state = server.server_state
    connection, wire = await world.connect(HEAD)
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: connection.begun + SECONDS["request"] + 1)
    await server.on_tick(0)
    assert not wire.open
    assert "closed connections: 1 (no request in 10 s)" in caplog.text


def test_at_most_half_of_the_files_are_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"files": 256}
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limits["files"], -1))
    assert (most_connections(), most_connections(1000), most_connections(9)) == (128, 128, 9)
    limits["files"] = 1_000_000
    assert (most_connections(), most_connections(1000)) == (MOST_CONNECTIONS, 1000)
    limits["files"] = resource.RLIM_INFINITY
    assert most_connections() == MOST_CONNECTIONS
