"""Many tasks that start together, begun one after the other, so that the event loop keeps doing its other work.

A loop runs all tasks that are ready before it looks at anything else. Two hundred requests that begin in one round,
with milliseconds of work each before they first wait, pause it for a third of a second.
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
