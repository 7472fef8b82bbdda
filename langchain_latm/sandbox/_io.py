"""Waiting, for both kinds of callers: blocking threads and tasks of an event loop.

The backends are written once, as coroutines that wait through one of these classes. With `Blocking`, such a coroutine
never suspends, so `run_blocking` runs it to its end without an event loop. They do not use the effects of `_core.flow`,
because a wait here has a socket and a deadline within a call of 50 µs, and asyncio needs coroutines for sockets anyway.
"""

from __future__ import annotations

import asyncio
import math
import queue
import select
import socket
import struct
import time
import weakref
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

_CHUNK: Final = 1 << 16
# Plain integers, if the system has these flags, since combining enum flags takes 1 µs of a call.
_RECEIVE: Final = int(getattr(socket, "MSG_DONTWAIT", 0))
_SEND: Final = _RECEIVE | int(getattr(socket, "MSG_NOSIGNAL", 0))
_LONGEST: Final = 10**8
"""Longest wait in seconds (three years), because `poll` and some event loops accept no infinity."""
_EARLY: Final = 0.01
"""Seconds by which a timer may fire too early, because event loops round times."""


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, _LONGEST)


Holder: TypeAlias = "weakref.ref[asyncio.AbstractEventLoop] | None"
"""The event loop of a task; None for a thread."""


def gone(holder: Holder) -> bool:
    """Whether the event loop can run no more tasks. Threads always finish."""
    loop = holder() if holder is not None else None
    return holder is not None and (loop is None or loop.is_closed())


class Turn(ABC):
    """Lets a thread or task wait in a queue until another hands it something.

    Handing over and leaving the queue may happen at the same moment, without a lock; only one of them succeeds.
    """

    def __init__(self, holder: Holder) -> None:
        self.holder: Final = holder
        self._open = [None]  # `pop` is atomic
        self._given: Any = None

    def give(self, thing: Any) -> bool:
        """Hand something over; return False if the caller no longer waits."""
        self._given = thing
        if not self._close():
            return False
        if self.wake():
            return True
        self._given = None
        return False

    def leave(self) -> Any:
        """Stop waiting; return the thing that was handed over at this moment, if any."""
        return None if self._close() else self._given

    @abstractmethod
    def wake(self) -> bool:
        """End a `wait` early; return False if the event loop is closed, so that no task waits."""

    @abstractmethod
    async def wait(self, seconds: float) -> Any:
        """Return the thing that was handed over; None after the timeout, or after `wake`."""

    def _close(self) -> bool:
        try:
            self._open.pop()
        except IndexError:
            return False
        return True


class _ThreadTurn(Turn):
    def __init__(self) -> None:
        super().__init__(None)
        self._woken: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wake(self) -> bool:
        self._woken.put(None)
        return True

    async def wait(self, seconds: float) -> Any:
        with suppress(queue.Empty):
            self._woken.get(timeout=seconds)
        return self._given


class _TaskTurn(Turn):
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        super().__init__(weakref.ref(self._loop))
        self._waiting: asyncio.Future[bool] | None = None

    def wake(self) -> bool:
        # A call from another thread writes to the pipe of the loop, which costs 45 µs a call with 64 tasks.
        if asyncio._get_running_loop() is self._loop:  # noqa: SLF001 - public in name only for loops; it does not raise
            self._settle()
            return True
        try:
            self._loop.call_soon_threadsafe(self._settle)
        except RuntimeError:  # it is closed
            return False
        return True

    async def wait(self, seconds: float) -> Any:
        if self._given is None:
            self._waiting = self._loop.create_future()
            # Not one timer for all, as for sockets, since thousands of tasks may be in the queue.
            timer = self._loop.call_later(seconds, self._settle)
            try:
                await self._waiting
            finally:
                timer.cancel()
        return self._given

    def _settle(self) -> None:
        if self._waiting is not None:
            _settle(self._waiting, True)


class IO(ABC):
    """A way of waiting. Deadlines use `time.monotonic`.

    Attributes:
        blocks: Whether calls on a socket may block, so that the socket must be in blocking mode.
    """

    blocks: bool

    async def send(self, sock: socket.socket, data: bytes, deadline: float) -> bool:
        """Send everything; return False if the other end is gone or reads no further.

        Raises:
            TimeoutError: The other end did not read it in time.
        """
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[sock.send(rest, _SEND) :]
            except BlockingIOError:
                await self._wait(sock, deadline, writing=True)
            except OSError:
                return False
        return True

    async def receive(self, sock: socket.socket, deadline: float) -> bytes:
        """Return some bytes, or none at the end of the stream.

        Raises:
            TimeoutError: Nothing came in time.
        """
        while True:
            await self._wait(sock, deadline)
            try:
                return sock.recv(_CHUNK, _RECEIVE)
            except BlockingIOError:
                continue
            except OSError:
                return b""

    def at_once(self, sock: socket.socket, data: bytes) -> tuple[int, bytes]:
        """Do the part of `send` and `receive` that needs no coroutine.

        Returns:
            How many bytes were sent, and the first bytes of the reply; empty if they have not arrived yet.
        """
        try:
            return sock.send(data, _SEND), b""
        except OSError:
            return 0, b""

    @abstractmethod
    def holder(self) -> Holder:
        """Return the caller's event loop."""

    @abstractmethod
    def turn(self) -> Turn:
        """Return a turn, for which the caller waits."""

    @abstractmethod
    async def run(self, function: Callable[[], T]) -> T:
        """Run a function that may block for long."""

    @abstractmethod
    async def _wait(self, sock: socket.socket, deadline: float, *, writing: bool = False) -> None:
        """Wait until a socket is ready."""


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that waits through `Blocking`."""
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

    blocks = True

    def at_once(self, sock: socket.socket, data: bytes) -> tuple[int, bytes]:
        """Send and receive with two system calls, which is usually enough.

        Without this, a call takes 60 instead of 45 µs.
        """
        sent = 0
        try:
            sent = sock.send(data, _SEND)
            if sent == len(data):
                return sent, sock.recv(_CHUNK)
        except OSError:
            pass  # no room, no answer in time, or the other end is gone: continue step by step
        return sent, b""

    def holder(self) -> Holder:
        """Return None."""
        return None

    def turn(self) -> Turn:
        """Return a turn for which the thread blocks."""
        return _ThreadTurn()

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

    blocks = False

    def holder(self) -> Holder:
        """Return the running event loop."""
        return weakref.ref(asyncio.get_running_loop())

    def turn(self) -> Turn:
        """Return a turn for which the task is suspended."""
        return _TaskTurn()

    async def run(self, function: Callable[[], T]) -> T:
        """Run it in another thread."""
        return await asyncio.to_thread(function)

    async def _wait(self, sock: socket.socket, deadline: float, *, writing: bool = False) -> None:
        loop = asyncio.get_running_loop()
        await _Waits.of(loop).ready(loop, sock, select.EPOLLOUT if writing else select.EPOLLIN, deadline)


class _Waits:
    """The sockets for which the tasks of one event loop wait, each until a deadline.

    The loop watches the descriptor of one epoll, in which the sockets stay between calls, and has one timer for all
    deadlines. Calling `loop.add_reader` and `remove_reader` for each call takes twice the time of the whole call: two
    tasks make 1,800 instead of 4,900 calls a second. A timer for each wait takes a tenth of a call. Only the loop
    refers to this object, as a reader, until it is closed: futures refer to their loop, so any other reference would
    keep alive a loop that ended in the middle of calls, with its tasks.

    Args:
        loop: The running event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._epoll = select.epoll()
        self._waiting: dict[int, tuple[asyncio.Future[bool], float]] = {}
        self._alarm = math.inf
        loop.add_reader(self._epoll.fileno(), self._settle_ready)

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> _Waits:
        """Return the object of a loop."""
        known = _waits.get(loop)
        found = known() if known is not None else None
        if found is None:
            found = cls(loop)
            _waits[loop] = weakref.ref(found)
        return found

    async def ready(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, event: int, deadline: float) -> None:
        """Wait for `select.EPOLLIN` or `select.EPOLLOUT` of a socket.

        Raises:
            TimeoutError: The socket was not ready in time.
        """
        descriptor = sock.fileno()
        try:
            self._epoll.modify(descriptor, event | select.EPOLLONESHOT)
        except FileNotFoundError:
            self._epoll.register(descriptor, event | select.EPOLLONESHOT)
        entry = self._waiting[descriptor] = (loop.create_future(), deadline)
        if deadline < self._alarm:
            self._set_alarm(loop, deadline)
        try:
            if not await entry[0]:
                raise TimeoutError
        finally:
            if self._waiting.get(descriptor) is entry:  # the socket may have been closed, and its descriptor reused
                del self._waiting[descriptor]

    def _settle_ready(self) -> None:
        for descriptor, _ in self._epoll.poll(0):
            entry = self._waiting.get(descriptor)
            if entry is not None:  # the task may have been cancelled
                _settle(entry[0], True)

    def _set_alarm(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        self._alarm = when
        loop.call_later(min(max(when - time.monotonic(), 0), _LONGEST), self._end_late)

    def _end_late(self) -> None:
        """End the waits that are late, and set the timer for the next deadline."""
        now = time.monotonic()
        left = math.inf
        for future, deadline in list(self._waiting.values()):
            if deadline > now:
                left = min(left, deadline)
            else:
                _settle(future, False)
        if self._alarm <= now + _EARLY:  # otherwise a timer that was set before a nearer deadline was added
            self._alarm = math.inf
            if left < math.inf:
                self._set_alarm(asyncio.get_running_loop(), left)


_waits: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, weakref.ref[_Waits]] = weakref.WeakKeyDictionary()


def _settle(future: asyncio.Future[bool], outcome: bool) -> None:
    if not future.done():
        future.set_result(outcome)


BLOCKING: Final = Blocking()
ASYNCIO: Final = Asyncio()
