"""Assigns a limited number of children to callers: one caller at a time each.

The least recently used is ended first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

from langchain_latm.sandbox.process.child import ChildProcess

if TYPE_CHECKING:
    from langchain_latm.sandbox._io import IO, Holder, Turn
    from langchain_latm.sandbox.process.child import Key
    from langchain_latm.sandbox.process.zygote_process import ZygoteProcess

_TURNS: Final = 200
"""Maximum number of consecutive calls of a child for its own key while callers of another key wait for its place."""

_LOOK_SECONDS: Final = 0.5
"""Seconds between a waiting caller's checks for lost children; with many callers, each checks less often."""
_FEW: Final = 64


class PoolClosedError(Exception):
    """The pool was closed, with the sandbox or for a replacement."""


class _Family:
    """The children of one key, and the callers that wait for one of them."""

    def __init__(self) -> None:
        self.size = 0
        self.idle: list[ChildProcess] = []
        self.waiting: deque[Turn] = deque()


class Pool:
    """Lends children to callers.

    Args:
        zygote: The process that forks them.
        max_children: How many may exist.
        per_key: How many may exist for one tool, tenant and set of limits.
        reuse: Whether a child may serve a second call.
    """

    def __init__(self, zygote: ZygoteProcess, *, max_children: int, per_key: int, reuse: bool) -> None:
        self.zygote = zygote
        self._max_children = max_children
        self._per_key = per_key
        self._reuse = reuse
        self._lock = threading.Lock()
        # Returned children that are not processed yet. The garbage collector may end a task that has a child, possibly
        # in a thread that holds the lock, so whoever releases the lock processes them.
        self._returned: deque[ChildProcess] = deque()
        self._families: dict[Key, _Family] = {}
        self._idle: OrderedDict[ChildProcess, None] = OrderedDict()
        # Keys with waiting callers and no child, in the order of waiting.
        self._starving: OrderedDict[Key, None] = OrderedDict()
        self._children: set[ChildProcess] = set()
        self._waiting = 0  # approximate number of waiting callers
        self._closed = False

    async def arrival(self, turn: Turn) -> ChildProcess:
        """Wait for a child, after `lend` returned a turn.

        Raises:
            PoolClosedError: The pool was closed meanwhile.
        """
        self._waiting += 1
        try:
            while (child := await turn.wait(_LOOK_SECONDS * (1 + self._waiting / _FEW))) is None:
                if self._closed:
                    raise PoolClosedError  # noqa: TRY301 - `except` leaves the queue on every way out
                self._reclaim()
        except BaseException:  # cancelled, interrupted, or closed
            arrived = turn.leave()
            if arrived is not None:  # handed over at this moment: it must not be lost
                self.give_back(arrived)
            raise
        finally:
            self._waiting -= 1
        return child  # type: ignore[no-any-return]

    def lend(self, io: IO, key: Key) -> ChildProcess | Turn:
        """Return a child for exclusive use, or a turn in the queue if all are busy.

        Raises:
            PoolClosedError: After `close`.
        """
        evicted = None
        try:
            with self._lock:
                if self._closed:
                    raise PoolClosedError
                family = self._families.get(key)
                if family is None:
                    family = self._families[key] = _Family()
                if family.idle:
                    child = family.idle.pop()
                    del self._idle[child]
                    child.lend(io.holder())
                    return child
                if family.size < self._per_key:
                    if len(self._children) < self._max_children:
                        return self._new(key, family, io.holder())
                    # A second child for one key does not justify ending another key's only child.
                    if family.size == 0 and self._idle:
                        evicted, _ = self._idle.popitem(last=False)
                        self._families[evicted.key].idle.remove(evicted)
                        self._remove(evicted)
                        return self._new(key, family, io.holder())
                turn = io.turn()
                family.waiting.append(turn)
                if family.size == 0:
                    self._starving.setdefault(key)
                return turn
        finally:
            if self._returned:
                self._take_in()
            if evicted is not None:
                evicted.end()

    def give_back(self, child: ChildProcess) -> None:
        """Take a child back, end it if it is unusable, and serve waiting callers."""
        if self._lock.acquire(blocking=False):
            try:
                ended = child in self._children and not self._keep(child)  # it may have been reclaimed
            finally:
                self._lock.release()
            if ended:
                child.end()
        else:
            self._returned.append(child)
        if self._returned:
            self._take_in()

    def _take_in(self) -> None:
        while self._returned and self._lock.acquire(blocking=False):
            ended = []
            try:
                while self._returned:
                    child = self._returned.popleft()
                    if child in self._children and not self._keep(child):
                        ended.append(child)
            finally:
                self._lock.release()
            for child in ended:
                child.end()

    def _keep(self, child: ChildProcess) -> bool:
        """Pass a child to the next caller, or keep it idle; otherwise give its place away and return False."""
        if self._closed:
            child.usable = False
        family = self._families[child.key]
        if child.usable and self._reuse:
            if family.waiting and (child.turns < _TURNS or not self._starving) and _hand_over(child, family):
                child.turns += 1
                return True
            if not self._starving:
                child.turns = 0
                child.holder = None
                family.idle.append(child)
                self._idle[child] = None
                return True
        self._remove(child)
        while self._starving and len(self._children) < self._max_children:
            key, _ = self._starving.popitem(last=False)
            family = self._families[key]
            successor = self._new(key, family, None)
            if not _hand_over(successor, family):
                self._remove(successor)
        return False

    def _reclaim(self) -> None:
        """Take back the children of tasks that no longer run, because their event loop was closed or abandoned."""
        with self._lock:
            lost = [child for child in self._children if child.lost]
        for child in lost:
            child.usable = False
            self.give_back(child)
        self._take_in()

    def close(self) -> None:
        """Refuse further and waiting callers, and end every process. Calling it twice is fine."""
        with self._lock:
            self._closed = True
            waiting = [turn for family in self._families.values() for turn in family.waiting]
            for family in self._families.values():
                family.waiting.clear()
                family.idle.clear()
            idle = list(self._idle)
            self._idle.clear()
            self._starving.clear()
        self._take_in()
        for turn in waiting:
            turn.wake()
        for child in idle:
            child.end()
        self.zygote.end()

    def forget(self) -> None:
        """Close this process's copies of the sockets: in a fork of the host, the processes belong to the host."""
        for child in self._children:
            child.forget()
        self.zygote.forget()

    def _new(self, key: Key, family: _Family, holder: Holder) -> ChildProcess:
        family.size += 1
        child = ChildProcess(key, self.zygote)
        child.lend(holder)
        self._children.add(child)
        return child

    def _remove(self, child: ChildProcess) -> None:
        self._children.discard(child)
        family = self._families[child.key]
        family.size -= 1
        if family.size == 0:
            if family.waiting:
                self._starving.setdefault(child.key)
            else:
                del self._families[child.key]


def _hand_over(child: ChildProcess, family: _Family) -> bool:
    """Give a child to the first caller that still waits."""
    while family.waiting:
        turn = family.waiting.popleft()
        child.lend(turn.holder)
        if turn.give(child):
            return True
    return False
