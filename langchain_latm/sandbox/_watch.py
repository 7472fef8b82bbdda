"""Waiting for many sockets in one event loop, at a fraction of what `loop.add_reader` costs for each wait."""

from __future__ import annotations

import asyncio
import math
import select
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import socket

_ARMED: Final = select.EPOLLONESHOT  # a socket stays known to the kernel from call to call, and is asked for each anew
_EARLY: Final = 0.01
"""Seconds by which a timer may fire too early, as its loop rounds time."""


class Watch:
    """The sockets that the tasks of one event loop wait for, each with a deadline.

    The loop itself watches a single descriptor, that of an epoll of ours, and mostly has one timer for all deadlines.
    Nothing here refers to the loop, so that a loop that has done its work goes, and this with it.

    Args:
        loop: The running event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._epoll = select.epoll()
        self._waiting: dict[int, tuple[asyncio.Future[bool], float]] = {}
        self._alarm = math.inf
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
        if deadline < self._alarm:
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
        self._alarm = when
        loop.call_at(when, self._late)

    def _late(self) -> None:
        """Give up those whose deadline is over, and set the timer for the next one."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        left = []
        for future, deadline in self._waiting.values():
            if deadline > now:
                left.append(deadline)
            elif not future.done():
                future.set_result(False)
        if self._alarm <= now + _EARLY:  # else this is a timer from before a nearer deadline came
            self._alarm = math.inf
            if left:
                self._ring(loop, min(left))


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch_of(loop: asyncio.AbstractEventLoop) -> Watch:
    """Return the watch of a loop; it lives as long as the loop."""
    watch = _watches.get(loop)
    if watch is None:
        watch = _watches[loop] = Watch(loop)
    return watch
