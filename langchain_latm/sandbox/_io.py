"""Waiting, in the two ways that callers wait: a thread that blocks, and a task of an event loop.

Everything else in this package is written once, as coroutines that wait through one of these classes. With
`Blocking` such a coroutine never suspends, so `run_blocking` runs it to its end without an event loop.

These are not the effects of `_core.flow`: a call takes some 300 us in all, with deadlines and turns at each wait, and
coroutines are what pipes and sockets in asyncio need anyway.
"""

from __future__ import annotations

import asyncio
import select
import socket
import struct
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from langchain_latm.sandbox._turn import TaskTurn, ThreadTurn, Turn
from langchain_latm.sandbox._watch import watch_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

_CHUNK = 1 << 16
_SEND = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
_LONGEST = 10**8
"""Seconds: three years stand for "no limit", which a socket cannot be told as infinity."""


class IO(Protocol):
    """How to wait. Deadlines are of `time.monotonic`."""

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything. If the other end is gone this does nothing: what it left behind to be received says why.

        Raises:
            TimeoutError: The other end did not take it in time.
        """
        ...

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes, or none when no more will come.

        Raises:
            TimeoutError: Nothing came in time.
        """
        ...

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back: what nearly every call is.

        Raises:
            TimeoutError: As for `send` and `receive`.
        """
        ...

    turn: type[Turn]
    """How to wait for something that another caller will provide."""

    async def run(self, function: Callable[[], T]) -> T:
        """Run a function that takes long."""
        ...


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine over `Blocking` returns."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise RuntimeError("a blocking coroutine must not suspend")


def set_patience(sock: socket.socket, seconds: float) -> None:
    """Let the kernel end a blocking receive after this time: half the system calls of `socket.settimeout`."""
    seconds = min(seconds, _LONGEST)
    whole = int(seconds)
    micros = max(int((seconds - whole) * 1e6), 0 if whole else 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", whole, micros))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, _LONGEST)


class Blocking:
    """Waits with the calling thread. The sockets are blocking and patient for one call (`set_patience`)."""

    turn: type[Turn] = ThreadTurn

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[sock.send(rest, _SEND) :]
            except BlockingIOError:
                self._wait(sock, select.POLLOUT, deadline)
            except OSError:
                return

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes: a child that answers drop by drop must not outstay the deadline."""
        self._wait(sock, select.POLLIN, deadline)
        try:
            return sock.recv(_CHUNK)
        except OSError:
            return b""

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back: two system calls when nothing is in the way."""
        sent = 0
        try:
            sent = sock.send(data, _SEND)
            if sent == len(data):
                return sock.recv(_CHUNK)
        except OSError:
            pass  # no room, no patience, or the other end is gone: step by step then
        await self.send(sock, data[sent:], deadline)
        return await self.receive(sock, deadline)

    async def run(self, function: Callable[[], T]) -> T:
        """Run it here."""
        return function()

    @staticmethod
    def _wait(sock: socket.socket, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(sock, event)
        if not poll.poll(_left(deadline) * 1000):
            raise TimeoutError


class Asyncio:
    """Waits with the running event loop, whichever that is; no thread is used for a call."""

    turn: type[Turn] = TaskTurn

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[sock.send(rest, _SEND) :]
            except BlockingIOError:
                await self._wait(sock, select.EPOLLOUT, deadline)
            except OSError:
                return

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes."""
        while True:
            await self._wait(sock, select.EPOLLIN, deadline)
            try:
                return sock.recv(_CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            except OSError:
                return b""

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back."""
        await self.send(sock, data, deadline)
        return await self.receive(sock, deadline)

    async def run(self, function: Callable[[], T]) -> T:
        """Run it in a thread: only a new start of the whole sandbox takes this way."""
        return await asyncio.to_thread(function)

    @staticmethod
    async def _wait(sock: socket.socket, event: int, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        if not await watch_of(loop).ready(loop, sock, event, deadline):
            raise TimeoutError
