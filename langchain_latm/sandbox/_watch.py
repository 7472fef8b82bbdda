"""Waiting for many sockets in one event loop, at a fraction of what `loop.add_reader` costs for each wait."""

from __future__ import annotations

import asyncio
import select
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import socket

_ARMED: Final = select.EPOLLONESHOT  # a socket stays known to the kernel from call to call, and is asked for each anew


class Watch:
    """The sockets that the tasks of one event loop wait for, each with a deadline.

    The loop itself watches a single descriptor, that of an epoll of ours, and has a single timer for all deadlines.

    Args:
        loop: The running event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._epoll = select.epoll()
        self._waiting: dict[int, tuple[asyncio.Future[bool], float]] = {}
        self._timer: asyncio.TimerHandle | None = None
        loop.add_reader(self._epoll.fileno(), self._came)

    async def ready(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, event: int, deadline: float) -> bool:
        """Wait for an event (`select.EPOLLIN`, `select.EPOLLOUT`); return False when the deadline came first.

        Deadlines are of `loop.time`, which is `time.monotonic`.
        """
        future: asyncio.Future[bool] = loop.create_future()
        descriptor = sock.fileno()
        try:
            self._epoll.modify(descriptor, event | _ARMED)
        except FileNotFoundError:
            self._epoll.register(descriptor, event | _ARMED)
        self._waiting[descriptor] = (future, deadline)
        if self._timer is None or self._timer.when() > deadline:
            self._ring(loop, deadline)
        try:
            return await future
        finally:
            del self._waiting[descriptor]

    def _came(self) -> None:
        for descriptor, _ in self._epoll.poll(0):
            future, _ = self._waiting.get(descriptor, (None, 0.0))
            if future is not None and not future.done():  # a task that was cancelled leaves its event behind
                future.set_result(True)

    def _ring(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(when, self._late, loop)

    def _late(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give up those whose deadline is over, and set the timer for the next one."""
        self._timer = None
        now = loop.time()
        left = []
        for future, deadline in self._waiting.values():
            if deadline > now:
                left.append(deadline)
            elif not future.done():
                future.set_result(False)
        if left:
            self._ring(loop, min(left))


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch_of(loop: asyncio.AbstractEventLoop) -> Watch:
    """Return the watch of a loop; it lives as long as the loop."""
    watch = _watches.get(loop)
    if watch is None:
        watch = _watches[loop] = Watch(loop)
    return watch
