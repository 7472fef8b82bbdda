"""Waiting, in the two ways that callers wait: a thread that blocks, and a task of an event loop.

The backends are written once, as coroutines that wait through one of these classes. With `Blocking` such a coroutine
never suspends, so `run_blocking` runs it to its end without an event loop. They do not use the effects of
`_core.flow`: a wait here has a socket and a deadline and is part of a call of 50 µs, and asyncio waits for sockets in
coroutines anyway.
"""

from __future__ import annotations

import asyncio
import select
import socket
import struct
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

T = TypeVar("T")

_CHUNK: Final = 1 << 16
_LONGEST: Final = 10**8
"""Seconds (three years): the longest wait, because `poll` and some event loops accept no infinity."""


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, _LONGEST)


class IO(ABC):
    """How to wait. Deadlines are of `time.monotonic`."""

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> None:
        """Send everything. If the other end is gone this does nothing: the bytes it left to be received say why.

        Raises:
            TimeoutError: The other end did not take it in time.
        """
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[sock.send(rest, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                await self._wait(sock, deadline, writing=True)
            except OSError:
                return

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes, or none when no more will come.

        Raises:
            TimeoutError: Nothing came in time.
        """
        while True:
            await self._wait(sock, deadline)
            try:
                return sock.recv(_CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            except OSError:
                return b""

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back.

        Raises:
            TimeoutError: As for `send` and `receive`.
        """
        await self.send(sock, data, deadline)
        return await self.receive(sock, deadline)

    @abstractmethod
    async def result(self, future: Future[T]) -> T:
        """Wait for what another thread or task will provide."""

    @abstractmethod
    async def run(self, function: Callable[[], T]) -> T:
        """Run a function that blocks for long."""

    @abstractmethod
    async def _wait(self, sock: socket.socket, deadline: float, *, writing: bool = False) -> None:
        """Wait until a socket is ready."""


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine over `Blocking` returns."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise RuntimeError("a blocking coroutine must not suspend")


def set_receive_timeout(sock: socket.socket, seconds: float) -> None:
    """Let the kernel end a blocking receive after this time; `socket.settimeout` would poll before each receive."""
    whole, part = divmod(min(seconds, _LONGEST), 1)
    micros = max(int(part * 1e6), 0 if whole else 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", int(whole), micros))


class Blocking(IO):
    """Waits with the calling thread. The sockets have the receive timeout of their call (`set_receive_timeout`)."""

    async def exchange(self, sock: socket.socket, data: bytes, deadline: float) -> bytes:
        """Send everything and return the first bytes that come back, mostly with two system calls.

        Without this way a call took 60 instead of 45 µs.
        """
        sent = 0
        try:
            sent = sock.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            if sent == len(data):
                return sock.recv(_CHUNK)
        except OSError:
            pass  # no room, no answer in time, or the other end is gone: step by step then
        return await super().exchange(sock, data[sent:], deadline)

    async def result(self, future: Future[T]) -> T:
        """Block the thread."""
        return future.result()

    async def run(self, function: Callable[[], T]) -> T:
        """Run it in this thread."""
        return function()

    async def _wait(self, sock: socket.socket, deadline: float, *, writing: bool = False) -> None:
        poll = select.poll()
        poll.register(sock, select.POLLOUT if writing else select.POLLIN)
        if not poll.poll(_left(deadline) * 1000):
            raise TimeoutError


class Asyncio(IO):
    """Waits with the running event loop; a call of the process sandbox uses no thread."""

    async def result(self, future: Future[T]) -> T:
        """Suspend the task."""
        return await asyncio.wrap_future(future)

    async def run(self, function: Callable[[], T]) -> T:
        """Run it in another thread."""
        return await asyncio.to_thread(function)

    async def _wait(self, sock: socket.socket, deadline: float, *, writing: bool = False) -> None:
        loop = asyncio.get_running_loop()
        readiness = _readiness.get(loop)
        if readiness is None:
            readiness = _readiness[loop] = _Readiness(loop)
        await readiness.wait(loop, sock, select.EPOLLOUT if writing else select.EPOLLIN, deadline)


class _Readiness:
    """Tells the tasks of one event loop when their sockets are ready.

    The loop watches one descriptor, that of an epoll in which the sockets stay from call to call. `loop.add_reader`
    and `remove_reader` for each call take twice the time of the whole call: 1,800 instead of 4,900 calls a second of
    two tasks. Nothing here refers to the loop, so that both are garbage when the loop has ended.

    Args:
        loop: The running event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._epoll = select.epoll()
        self._waiting: dict[int, asyncio.Future[bool]] = {}
        loop.add_reader(self._epoll.fileno(), self._settle_ready)

    async def wait(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, event: int, deadline: float) -> None:
        """Wait for `select.EPOLLIN` or `select.EPOLLOUT` of a socket.

        Raises:
            TimeoutError: It was not ready in time.
        """
        ready: asyncio.Future[bool] = loop.create_future()
        timer = loop.call_later(_left(deadline), _settle, ready, False)
        descriptor = sock.fileno()
        self._waiting[descriptor] = ready
        try:
            try:
                self._epoll.modify(descriptor, event | select.EPOLLONESHOT)
            except FileNotFoundError:
                self._epoll.register(descriptor, event | select.EPOLLONESHOT)
            if not await ready:
                raise TimeoutError
        finally:
            timer.cancel()
            del self._waiting[descriptor]

    def _settle_ready(self) -> None:
        for descriptor, _ in self._epoll.poll(0):
            if descriptor in self._waiting:  # the task may have been cancelled
                _settle(self._waiting[descriptor], True)


_readiness: WeakKeyDictionary[asyncio.AbstractEventLoop, _Readiness] = WeakKeyDictionary()


def _settle(future: asyncio.Future[bool], outcome: bool) -> None:
    if not future.done():
        future.set_result(outcome)


BLOCKING: Final = Blocking()
ASYNCIO: Final = Asyncio()
