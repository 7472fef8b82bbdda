"""Measures how many requests several processes on one library answer in a second; a part of `latm bench bulk`."""

from __future__ import annotations

import multiprocessing
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from langchain_core.runnables import RunnableLambda

from langchain_latm import LATM, create_latm, create_sandbox, open_tool_library
from langchain_latm._core.caller import with_tenant
from langchain_latm.benchmarks.sorting import BulkFigures, no_model, sorted_words, sorting_requests, sorting_tool
from langchain_latm.tools.library.library import ToolLibrary

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

_BATCH: Final = 100
WORKER_WAYS: Final = {"invoke": 1, f"batches of {_BATCH}": _BATCH}
"""How workers ask: a name, and the number of requests at once."""
_START_SECONDS: Final = 300
"""Maximum seconds that workers wait for each other; on a busy machine, importing LangChain takes 10 s."""


class _Share(NamedTuple):
    """The work of one worker.

    Attributes:
        requests: Its requests.
        batch: How many it asks at once; 1 for `invoke`.
    """

    requests: Sequence[str]
    batch: int


def bench_workers(
    address: str | None, rows: int, *, workers: int, progress: Callable[[str, int], object] = lambda *_: None
) -> Iterator[BulkFigures]:
    """Measure how many requests workers answer that share a library, one by one and in batches.

    Everything is written under a separate tenant, which is erased afterwards.

    Args:
        address: File or URL of the library; by default a temporary file.
        rows: How many requests, of all workers together.
        workers: How many processes.
        progress: Gets the name of the next measurement, and how many of `WORKER_WAYS` are done.

    Raises:
        RuntimeError: An answer is wrong, or an answer or its use is missing in the library.
        ToolLibraryError: The library cannot be used.
    """
    tenant = f"latm bench {secrets.token_hex(4)}"
    requests = sorting_requests(rows)
    with ExitStack() as stack:
        if address is None:
            address = str(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "tools.sqlite")
        own = stack.enter_context(open_tool_library(address)).for_tenant(tenant)
        own.add(sorting_tool())
        stack.callback(own.erase_tenant)
        context = multiprocessing.get_context("spawn")
        start = context.Barrier(workers)
        pool = stack.enter_context(
            ProcessPoolExecutor(workers, context, initializer=_open, initargs=(address, tenant, start))
        )
        for done, (way_of_asking, batch) in enumerate(WORKER_WAYS.items()):
            name = f"create_latm, {workers} workers, {way_of_asking}"
            progress(f"measuring {name}", done)
            shares = [_Share(requests[worker::workers], batch) for worker in range(workers)]
            spans = [*pool.map(_answer, shares)]
            began, ended = min(each[0] for each in spans), max(each[1] for each in spans)
            _check(own, (done + 1) * rows)
            yield BulkFigures(
                name=name,
                rows=rows,
                seconds=ended - began,
                cpu_seconds=sum(each[2] for each in spans),
            )


def _check(library: ToolLibrary, expected: int) -> None:
    kept = library.usage(sorting_tool().name).uses
    if kept != expected:
        raise RuntimeError(f"the library holds {kept:,} uses of {expected:,}")


class _Worker(NamedTuple):
    """The resources of a worker's process, which stay open until it ends.

    Attributes:
        latm: The loop.
        tenant: The tenant of the library.
        start: The barrier at which the workers wait for each other.
        open: The resources to close at the end.
    """

    latm: LATM
    tenant: str
    start: Barrier
    open: ExitStack


_worker: _Worker | None = None


def _open(address: str, tenant: str, start: Barrier) -> None:
    """Open the library and a sandbox in a new process."""
    global _worker  # noqa: PLW0603 - the state of a process of the pool
    try:
        stack = ExitStack()
        library = stack.enter_context(open_tool_library(address))
        sandbox = stack.enter_context(create_sandbox())
        latm = create_latm(RunnableLambda(no_model), library=library, sandbox=sandbox, parser_checks=0)
        _worker = _Worker(latm, tenant, start, stack)
    except BaseException:
        start.abort()  # otherwise the others would wait for this one
        raise


def _answer(share: _Share) -> tuple[float, float, float]:
    """Answer the requests of a share; return when it began and ended, and the CPU time of this process."""
    assert _worker is not None  # noqa: S101 - for the type checker: the initializer has set it
    config: Any = with_tenant(None, _worker.tenant)
    latm, requests = _worker.latm, share.requests
    _worker.start.wait(_START_SECONDS)
    began, cpu = time.time(), time.process_time()
    if share.batch == 1:
        answers = [latm.invoke(request, config) for request in requests]
    else:
        parts = [requests[start : start + share.batch] for start in range(0, len(requests), share.batch)]
        answers = [answer for part in parts for answer in latm.batch(list(part), config)]
    ended = time.time(), time.process_time() - cpu
    if [each.text for each in answers] != [*map(sorted_words, requests)]:
        raise RuntimeError("an answer is wrong")
    return began, *ended
