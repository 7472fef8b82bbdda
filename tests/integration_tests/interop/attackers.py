"""Clients that attack `latm serve --http`, each in its own way, until the process is killed: ATTACK PORT TOKEN."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

HOST = "127.0.0.1"
FOREVER = 3600
PAUSE_SECONDS = 5.0
"""Pause before a disconnected client attacks again.

Without it, this process would use up the CPU, which no server withstands.
"""
PORT = 0
TOKEN = ""

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
}


def call(number: int, arguments: object) -> dict[str, object]:
    params = {"name": "word_sorting", "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


def head(method: str = "POST", *lines: str, length: int | None = None) -> bytes:
    fixed = [f"{method} /mcp HTTP/1.1", f"Host: {HOST}:{PORT}", "Accept: application/json, text/event-stream"]
    fixed += ["Content-Type: application/json", *lines]
    fixed += [f"Authorization: Bearer {TOKEN}"] if TOKEN else []
    fixed += [f"Content-Length: {length}"] if length is not None else []
    return ("\r\n".join(fixed) + "\r\n\r\n").encode()


def post(body: bytes, *lines: str) -> bytes:
    return head("POST", *lines, length=len(body)) + body


async def connected() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(HOST, PORT)


async def until_closed(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


async def opened_session() -> str:
    reader, writer = await connected()
    writer.write(post(json.dumps(INITIALIZE).encode()))
    while (line := await reader.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"mcp-session-id:"):
            writer.close()
            return line.split(b":")[1].strip().decode()
    raise ConnectionError("no session")


async def no_attack() -> None:
    await asyncio.sleep(FOREVER)


async def nothing_sent() -> None:
    reader, _writer = await connected()
    await until_closed(reader)


async def half_sent_header() -> None:
    reader, writer = await connected()
    writer.write(head()[:-2])
    await writer.drain()
    await until_closed(reader)


async def slow_header() -> None:
    _, writer = await connected()
    writer.write(head()[:-2])
    while True:
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.5)


async def slow_body() -> None:
    _, writer = await connected()
    writer.write(head(length=1_000_000))
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.5)


async def huge_header() -> None:
    reader, writer = await connected()
    with suppress(OSError):
        writer.write(head()[:-2] + b"X-A: " + b"a" * 10_000_000)
        await writer.drain()
    await until_closed(reader)


async def huge_body() -> None:
    reader, writer = await connected()
    writer.write(head(length=10_000_000_000))
    reading = asyncio.create_task(until_closed(reader))
    while not reading.done():
        writer.write(b" " * 1_000_000)
        await writer.drain()


async def large_bodies() -> None:
    reader, writer = await connected()
    reading = asyncio.create_task(until_closed(reader))
    while not reading.done():
        writer.write(post(b"[" * 4_000_000))
        await writer.drain()


async def chunks() -> None:
    reader, writer = await connected()
    writer.write(head("POST", "Transfer-Encoding: chunked"))
    reading = asyncio.create_task(until_closed(reader))
    while not reading.done():
        writer.write(b"1\r\na\r\n" * 100_000)
        await writer.drain()


async def pipelined() -> None:
    reader, writer = await connected()
    reading = asyncio.create_task(until_closed(reader))
    while not reading.done():
        writer.write(head("GET", "Mcp-Session-Id: none") * 1000)
        await writer.drain()


async def invalid() -> None:
    for what in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01" + b"\0" * 300, b"GET\r\n\r\n", b"\n" * 65536):
        reader, writer = await connected()
        writer.write(what)
        with suppress(TimeoutError):
            await asyncio.wait_for(until_closed(reader), 0.2)
        writer.close()


async def malformed() -> None:
    bodies = [b"{", b"null", b"\xff", b"[" * 1_000_000, b"1" * 1_000_000, b'{"jsonrpc":"2.0","id":1e400,"method":"x"}']
    bodies += [b'{"a":' * 100_000 + b"1" + b"}" * 100_000, json.dumps([call(n, {}) for n in range(10_000)]).encode()]
    for body in bodies:
        for lines in ((), ("MCP-Protocol-Version: 2026-07-28",)):
            reader, writer = await connected()
            writer.write(post(body, *lines))
            with suppress(TimeoutError):
                await asyncio.wait_for(until_closed(reader), 0.2)
            writer.close()


async def deep_arguments() -> None:
    key = await opened_session()
    for depth in (100, 190, 10_000):
        deep: bytes = b"[" * depth + b"]" * depth
        body = json.dumps(call(2, {"words": ["DEEP"]})).encode().replace(b'"DEEP"', deep)
        reader, writer = await connected()
        writer.write(post(body, f"Mcp-Session-Id: {key}"))
        await reader.readline()
        writer.close()


async def idle_session() -> None:
    await opened_session()


async def unread_answers() -> None:
    key = await opened_session()
    words = ["w" * 4000] * 50
    reader, writer = await connected()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    for number in range(40):
        writer.write(post(json.dumps(call(number, {"words": words})).encode(), f"Mcp-Session-Id: {key}"))
    with suppress(OSError):
        await writer.drain()
    await asyncio.sleep(FOREVER)
    del reader


async def streams() -> None:
    key = await opened_session()
    reader, writer = await connected()
    writer.write(head("GET", f"Mcp-Session-Id: {key}"))
    await until_closed(reader)


async def calls() -> None:
    key = await opened_session()
    reader, writer = await connected()
    reading = asyncio.create_task(until_closed(reader))
    number = 0
    while not reading.done():
        number += 1
        writer.write(post(json.dumps(call(number, {"words": ["b", "a"]})).encode(), f"Mcp-Session-Id: {key}"))
        await writer.drain()


ATTACKS: dict[str, tuple[Callable[[], Awaitable[None]], int]] = {
    each.__name__: (each, many)
    for each, many in [
        (no_attack, 1),
        (nothing_sent, 1100),
        (half_sent_header, 1100),
        (slow_header, 1100),
        (slow_body, 1100),
        (huge_header, 20),
        (huge_body, 20),
        (large_bodies, 5),
        (chunks, 20),
        (pipelined, 20),
        (invalid, 50),
        (malformed, 10),
        (deep_arguments, 5),
        (idle_session, 2000),
        (unread_answers, 10),
        (streams, 300),
        (calls, 20),
    ]
}
"""How many clients attack at the same time."""


async def main(attack: str) -> None:
    how, many = ATTACKS[attack]

    async def again() -> None:
        while True:
            with suppress(OSError):
                await how()
            await asyncio.sleep(PAUSE_SECONDS)

    await asyncio.gather(*(again() for _ in range(many)))


if __name__ == "__main__":
    _, name, port, TOKEN = sys.argv
    PORT = int(port)
    asyncio.run(main(name))
