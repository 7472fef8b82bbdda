"""A place in the queue for a child: of a thread that blocks, or of a task of an event loop."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_latm.sandbox._child_process import ChildProcess


class Turn(ABC):
    """Waits for a child. The pool calls `take` and `leave` under its lock.

    Attributes:
        child: What came; None if the pool was closed instead.
    """

    def __init__(self) -> None:
        self.child: ChildProcess | None = None
        self._open = True

    def take(self, child: ChildProcess | None) -> bool:
        """Accept a child, or None, and wake up who waits; return False if nobody does any more."""
        if not self._open:
            return False
        self.child = child  # before who waits can look
        if self._wake():
            self._open = False
            return True
        self.child = None
        return False

    def leave(self) -> ChildProcess | None:
        """Wait no longer; return a child that has come in the same moment."""
        self._open = False
        return self.child

    @abstractmethod
    async def come(self) -> None:
        """Wait until `take` was called."""

    @abstractmethod
    def _wake(self) -> bool:
        """Wake up who waits; return False if that is impossible. It may be called from any thread."""


class ThreadTurn(Turn):
    """The calling thread waits."""

    def __init__(self) -> None:
        super().__init__()
        self._barred = threading.Lock()
        self._barred.acquire()

    async def come(self) -> None:
        """Block the thread."""
        self._barred.acquire()

    def _wake(self) -> bool:
        self._barred.release()
        return True


class TaskTurn(Turn):
    """A task of the running event loop waits."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Future[None] = self._loop.create_future()

    async def come(self) -> None:
        """Suspend the task."""
        await self._came

    def _wake(self) -> bool:
        if asyncio._get_running_loop() is self._loop:  # noqa: SLF001 - the only way to ask without an exception
            self._settle()
            return True
        try:
            self._loop.call_soon_threadsafe(self._settle)
        except RuntimeError:  # the loop was closed, and its task with it
            return False
        return True

    def _settle(self) -> None:
        if not self._came.done():
            self._came.set_result(None)
