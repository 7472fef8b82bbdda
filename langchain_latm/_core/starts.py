"""Starts many tasks one after the other, so that the event loop can do other work in between.

An event loop runs all ready tasks before it does anything else. Two hundred requests that begin in one round, each with
milliseconds of work before it first waits, block the loop for a third of a second.
"""

from __future__ import annotations

import asyncio
import weakref

_locks: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = weakref.WeakKeyDictionary()


async def start_in_turn() -> None:
    """Wait until no other task has begun in this round of the event loop; tasks begin in the order of their calls."""
    loop = asyncio.get_running_loop()
    lock = _locks.get(loop)
    if lock is None:
        lock = _locks[loop] = asyncio.Lock()
    async with lock:
        await asyncio.sleep(0)
