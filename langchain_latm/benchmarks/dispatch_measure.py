"""Measuring one dispatcher: what it says, how long that takes, and what memory."""

from __future__ import annotations

import gc
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.store.memory import InMemoryStore

from langchain_latm.benchmarks.dispatch_figures import Found, Measured
from langchain_latm.benchmarks.dispatch_library import Kind, fill
from langchain_latm.loop.dispatch.dispatcher import create_dispatcher
from langchain_latm.tools.library.library import ToolLibrary, open_tool_library
from langchain_latm.types import Dispatch

_WARMING: Final = 50


class Request(NamedTuple):
    """A request, and what should become of it.

    Attributes:
        question: The request.
        kind: The name of its kind, and of the tool that it is for, if there is one.
        has_tool: Whether there is.
        made_up: Whether its kind is.
    """

    question: str
    kind: str
    has_tool: bool
    made_up: bool = False

    @property
    def wanted(self) -> str | None:
        """The tool that it is for."""
        return self.kind if self.has_tool else None


def measure(path: Path, requests: Sequence[Request]) -> Measured:
    """Measure a dispatcher over a library; in a process that has done nothing else, for the memory's sake.

    Args:
        path: The library's file.
        requests: What is asked.

    Raises:
        ToolLibraryError: The library's store failed.
    """
    import psutil  # noqa: PLC0415 - of the extra `bench`

    _load_all()
    process, clock = psutil.Process(), time.perf_counter
    with open_tool_library(path) as library:
        gc.collect()
        memory, began = process.memory_info().rss, clock()
        dispatcher = create_dispatcher(library)
        dispatcher.invoke(requests[0].question)
        opened = clock() - began
        gc.collect()
        memory = process.memory_info().rss - memory
        for request in requests[:_WARMING]:
            dispatcher.invoke(request.question)
        told, taken = [], []
        for request in requests:
            began = clock()
            told.append(dispatcher.invoke(request.question))
            taken.append(clock() - began)
        library.add(library.get(library.list()[0].name))
        time.sleep(1.0)  # how long the dispatcher trusts what it knows
        began = clock()
        dispatcher.invoke(requests[0].question)
        changed = clock() - began
        del dispatcher  # two large indexes are not needed at once
        asked = _asked(library, requests)
    pairs = zip(requests, told, strict=True)
    mistaken = Counter(f"{r.kind} -> {t.tool}" for r, t in pairs if not r.made_up and t.tool not in (None, r.wanted))
    return Measured(
        real=_found(requests, told, asked, made_up=False),
        made_up=_found(requests, told, asked, made_up=True),
        mistaken=dict(mistaken.most_common()),
        p50_ms=statistics.median(taken) * 1e3,
        p99_ms=sorted(taken)[int(len(taken) * 0.99)] * 1e3,
        opening_s=opened,
        change_s=changed,
        memory_mb=memory / 1e6,
    )


def ask(library: ToolLibrary, requests: Sequence[Request]) -> Found:
    """Ask a dispatcher over a library, once as it is and once with a model.

    Raises:
        ToolLibraryError: The library's store failed.
    """
    dispatcher = create_dispatcher(library)
    told = [dispatcher.invoke(request.question) for request in requests]
    return _found(requests, told, _asked(library, requests), made_up=None)


def _load_all() -> None:
    """Dispatch once, so that what is loaded and kept at the first time is not taken for the index's."""
    library = ToolLibrary(InMemoryStore())
    fill(library, [Kind("sums", ["What is the sum of 1 and 2?", "What is the sum of 3 and 4?"])])
    with_model(library).invoke("What is the sum of 5 and 6?")


def with_model(library: ToolLibrary) -> Runnable[str, Dispatch]:
    """Create a dispatcher with a model that always says that none fits: what it is asked can be counted."""
    none_fits: Runnable[Any, Any] = RunnableLambda(lambda _: AIMessage("0"))
    return create_dispatcher(library, model=none_fits)


def _asked(library: ToolLibrary, requests: Sequence[Request]) -> list[bool]:
    """Return for each request whether a model was asked."""
    dispatcher = with_model(library)
    return [dispatcher.invoke(request.question).usage.calls > 0 for request in requests]


def _found(
    requests: Sequence[Request], told: Sequence[Dispatch], asked: Sequence[bool], *, made_up: bool | None
) -> Found:
    """Count what the requests of real or of made-up kinds were told; None for all."""
    counted = [
        (request.wanted, each.tool, model)
        for request, each, model in zip(requests, told, asked, strict=True)
        if made_up in (None, request.made_up)
    ]
    seen = [each for each in counted if each[0] is not None]
    unseen = [each for each in counted if each[0] is None]
    return Found(
        seen=len(seen),
        seen_right=sum(tool == wanted for wanted, tool, _ in seen),
        unseen=len(unseen),
        unseen_right=sum(tool is None for _, tool, _ in unseen),
        wrong_tool=sum(tool not in (None, wanted) for wanted, tool, _ in counted),
        seen_by_words=sum(not model for _, _, model in seen),
        unseen_by_words=sum(not model for _, _, model in unseen),
    )
