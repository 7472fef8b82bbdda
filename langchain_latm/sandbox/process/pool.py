"""Which caller uses which child: a limited number of them, each for one caller at a time, least recently used first."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from concurrent.futures import Future
from typing import TYPE_CHECKING

from langchain_latm.sandbox.process.child import ChildProcess

if TYPE_CHECKING:
    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox.process.child import Key
    from langchain_latm.sandbox.process.zygote_process import ZygoteProcess

_TURNS = 200
"""Calls in a row that a child answers for its own key while callers of another key wait for its place."""


class PoolClosedError(Exception):
    """The pool was closed, with the sandbox or to be replaced by another."""


class _Family:
    """The children of one key, and the callers who wait for one of them."""

    def __init__(self) -> None:
        self.size = 0
        self.idle: list[ChildProcess] = []
        self.waiting: deque[Future[ChildProcess]] = deque()


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
        self._families: dict[Key, _Family] = {}
        self._idle: OrderedDict[ChildProcess, None] = OrderedDict()
        # Keys that have waiting callers and no child at all, in the order of waiting.
        self._starving: OrderedDict[Key, None] = OrderedDict()
        self._children: set[ChildProcess] = set()
        self._closed = False

    async def lend(self, io: IO, key: Key) -> ChildProcess:
        """Return a child for the caller alone; wait for one when all are busy.

        Raises:
            PoolClosedError: After `close`.
        """
        lent = self._lend_or_queue(key)
        if isinstance(lent, ChildProcess):
            return lent
        try:
            return await io.result(lent)
        except PoolClosedError:
            raise
        except BaseException:  # cancelled or interrupted
            with self._lock:
                arrived = not lent.cancel() and lent.exception() is None
            if arrived:  # in this moment: it must not be lost
                self.give_back(lent.result())
            raise

    def _lend_or_queue(self, key: Key) -> ChildProcess | Future[ChildProcess]:
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
                    return child
                if family.size < self._per_key:
                    if len(self._children) < self._max_children:
                        return self._new(key, family)
                    # A second child for one key is not worth another key's only one.
                    if family.size == 0 and self._idle:
                        evicted, _ = self._idle.popitem(last=False)
                        self._families[evicted.key].idle.remove(evicted)
                        self._remove(evicted)
                        return self._new(key, family)
                turn: Future[ChildProcess] = Future()
                family.waiting.append(turn)
                if family.size == 0:
                    self._starving.setdefault(key)
                return turn
        finally:
            if evicted is not None:
                evicted.end()

    def give_back(self, child: ChildProcess) -> None:
        """Take a child back, end it if it is unusable, and serve who waits."""
        with self._lock:
            if self._closed:
                child.usable = False
            family = self._families[child.key]
            if child.usable and self._reuse:
                if family.waiting and (child.turns < _TURNS or not self._starving) and _hand_over(child, family):
                    child.turns += 1
                    return
                if not self._starving:
                    child.turns = 0
                    family.idle.append(child)
                    self._idle[child] = None
                    return
            self._remove(child)
            while self._starving and len(self._children) < self._max_children:
                key, _ = self._starving.popitem(last=False)
                family = self._families[key]
                successor = self._new(key, family)
                if not _hand_over(successor, family):
                    self._remove(successor)
        child.end()

    def close(self) -> None:
        """Refuse further callers, also those who wait, and end every process. Calling it twice is fine."""
        with self._lock:
            self._closed = True
            for family in self._families.values():
                for turn in family.waiting:
                    if turn.set_running_or_notify_cancel():
                        turn.set_exception(PoolClosedError())
                family.waiting.clear()
                family.idle.clear()
            idle = list(self._idle)
            self._idle.clear()
            self._starving.clear()
        for child in idle:
            child.end()
        self.zygote.end()

    def forget(self) -> None:
        """Close this process's copies of the sockets: in a fork of the host, the processes belong to the host."""
        for child in self._children:
            child.forget()
        self.zygote.forget()

    def _new(self, key: Key, family: _Family) -> ChildProcess:
        family.size += 1
        child = ChildProcess(key, self.zygote)
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
    """Give a child to the first caller who still waits."""
    while family.waiting:
        turn = family.waiting.popleft()
        if turn.set_running_or_notify_cancel():
            turn.set_result(child)
            return True
    return False
