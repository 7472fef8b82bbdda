"""Waiting, in the two ways that callers wait: a thread that blocks, and a task of an event loop.

Everything else in this package is written once, as coroutines that wait through one of these classes. With
`Blocking` such a coroutine never suspends, so `run_blocking` runs it to its end without an event loop.
"""

from __future__ import annotations

import asyncio
import select
import socket
import struct
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

T = TypeVar("T")

_CHUNK = 1 << 16
_SEND = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
_LONGEST = 10**8
"""Seconds: three years stand for "no limit", which a socket cannot be told as infinity."""


class IO(Protocol):
    """How to wait. Deadlines are of `time.monotonic`."""

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything.

        Raises:
            TimeoutError: The other end did not take it in time.
            OSError: The other end is gone.
        """
        ...

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back: what nearly every call is.

        Raises:
            TimeoutError: As for `send` and `receive`.
            OSError: As for `send` and `receive`.
        """
        ...

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes, or none at the end of the stream.

        Raises:
            TimeoutError: Nothing came in time.
            OSError: The connection is broken.
        """
        ...

    async def outcome(self, future: Future[T]) -> T:
        """Return the result of something that another caller will provide."""
        ...

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

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything."""
        try:
            sent = sock.send(data, _SEND)
        except BlockingIOError:
            sent = 0
        if sent == len(data):
            return
        rest = memoryview(data)[sent:]
        while rest:
            self._wait(sock, select.POLLOUT, deadline)
            rest = rest[sock.send(rest, _SEND) :]

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back."""
        try:
            sent = sock.send(data, _SEND)
            if sent < len(data):
                await self.send(sock, data[sent:], deadline)
        except BlockingIOError:
            await self.send(sock, data, deadline)
        except TimeoutError:
            raise
        except OSError:
            pass  # it has ended; what it left in the socket says why
        try:
            return sock.recv(_CHUNK)
        except BlockingIOError:
            self._wait(sock, select.POLLIN, deadline)
            return sock.recv(_CHUNK)

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes: a child that answers drop by drop must not outstay the deadline."""
        self._wait(sock, select.POLLIN, deadline)
        return sock.recv(_CHUNK)

    async def outcome(self, future: Future[T]) -> T:
        """Wait for a future."""
        return future.result()

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

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[sock.send(rest, _SEND) :]
            except BlockingIOError:
                loop = asyncio.get_running_loop()
                await self._wait(sock, loop.add_writer, loop.remove_writer, deadline)

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back."""
        try:
            await self.send(sock, data, deadline)
        except TimeoutError:
            raise
        except OSError:
            pass  # it has ended; what it left in the socket says why
        return await self.receive(sock, deadline)

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes."""
        _left(deadline)  # bytes that are there already are no reason to stay longer
        while True:
            try:
                return sock.recv(_CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                loop = asyncio.get_running_loop()
                await self._wait(sock, loop.add_reader, loop.remove_reader, deadline)

    async def outcome(self, future: Future[T]) -> T:
        """Wait for a future; cancelling the task cancels it, unless its result is there already."""
        return await asyncio.wrap_future(future)

    async def run(self, function: Callable[[], T]) -> T:
        """Run it in a thread: only a new start of the whole sandbox takes this way."""
        return await asyncio.to_thread(function)

    @staticmethod
    async def _wait(
        sock: socket.socket, watch: Callable[..., Any], forget: Callable[[int], Any], deadline: float
    ) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[bool] = loop.create_future()
        descriptor = sock.fileno()

        def settle(came: bool) -> None:
            if not ready.done():
                ready.set_result(came)

        watch(descriptor, settle, True)
        timer = loop.call_later(_left(deadline), settle, False)
        try:
            if not await ready:
                raise TimeoutError
        finally:
            timer.cancel()
            forget(descriptor)
