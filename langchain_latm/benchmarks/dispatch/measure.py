"""Measures one dispatcher: its decisions, their time, and its memory."""

from __future__ import annotations

import gc
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.store.memory import InMemoryStore

from langchain_latm._core.flow import run_flow
from langchain_latm.benchmarks.dispatch.figures import Found, Measured
from langchain_latm.benchmarks.dispatch.library import Kind, fill
from langchain_latm.benchmarks.report import p99
from langchain_latm.loop.dispatch.dispatcher import create_dispatcher
from langchain_latm.loop.judging import Verdicts, judge_wording
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.library.opening import open_tool_library
from langchain_latm.types import Dispatch

_WARM_UP: Final = 50
_COUNTED: Final = 20
"""Requests between two updates of the progress, so that they take no time."""
_MAX_AGE_SECONDS: Final = 1.0
"""By default a dispatcher checks its library for changes once a second."""


class Request(NamedTuple):
    """A request, and the right decision."""

    question: str
    kind: str  # name of its kind, and of the kind's tool
    has_tool: bool  # whether there is such a tool
    made_up: bool = False  # whether the kind is made up

    @property
    def wanted(self) -> str | None:
        """The right tool; None if there is none."""
        return self.kind if self.has_tool else None


PASSES: Final = 3
"""How often `measure` dispatches the requests: without a model, with one, and to find silent answers."""

_passed: list[Any] = []
"""In the measuring process, a number that it shares with the waiting one."""


def share_progress(passed: Any) -> None:
    """Let `measure` count in a shared number how many requests it has passed, of `PASSES` times all."""
    _passed[:] = [passed]


def _pass(requests: Sequence[Request]) -> Iterator[Request]:
    for number, request in enumerate(requests):
        yield request
        if _passed and number % _COUNTED == 0:
            _passed[0].value += min(_COUNTED, len(requests) - number)


def measure(path: Path, requests: Sequence[Request]) -> Measured:
    """Measure a dispatcher over the library in a file, in a fresh process, because memory is measured too."""
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
        for request in requests[:_WARM_UP]:
            dispatcher.invoke(request.question)
        answers, taken, computed = [], [], []
        for request in _pass(requests):
            began, cpu = clock(), time.thread_time()
            answers.append(dispatcher.invoke(request.question))
            taken.append(clock() - began)
            computed.append(time.thread_time() - cpu)
        library.add(library.get(library.list()[0].name))
        time.sleep(_MAX_AGE_SECONDS)
        began = clock()
        dispatcher.invoke(requests[0].question)
        changed = clock() - began
        del dispatcher  # frees its index before the next one is built
        asked = _asked(library, requests)
        silent = [answers_silently(library, r.question, a) for r, a in zip(_pass(requests), answers, strict=True)]
    both = zip(requests, answers, strict=True)
    mistaken = Counter(f"{r.kind} -> {a.tool}" for r, a in both if not r.made_up and a.tool not in (None, r.wanted))
    return Measured(
        real=_found(requests, answers, asked, silent, made_up=False),
        made_up=_found(requests, answers, asked, silent, made_up=True),
        mistaken=dict(mistaken.most_common()),
        p50_ms=statistics.median(taken) * 1e3,
        p99_ms=p99(taken) * 1e3,
        cpu_p50_ms=statistics.median(computed) * 1e3,
        opening_s=opened,
        change_s=changed,
        memory_mb=memory / 1e6,
    )


def ask(library: ToolLibrary, requests: Sequence[Request]) -> Found:
    """Ask a dispatcher over a library, once without and once with a model."""
    dispatcher = create_dispatcher(library)
    answers = [dispatcher.invoke(request.question) for request in requests]
    silent = [answers_silently(library, r.question, a) for r, a in zip(requests, answers, strict=True)]
    return _found(requests, answers, _asked(library, requests), silent, made_up=None)


def answers_silently(library: ToolLibrary, question: str, found: Dispatch) -> bool:
    """Whether a request got a tool that would answer without a judging model, since it is worded like the examples."""
    if found.tool_id is None:
        return False
    tool = run_flow(operations_of(library).get_by_id(found.tool_id))
    return run_flow(judge_wording(None, question, tool, found, Verdicts())).may_use


def _load_all() -> None:
    """Dispatch once, so that modules loaded on first use do not count as memory of the index."""
    library = ToolLibrary(InMemoryStore())
    fill(library, [Kind("sums", ["What is the sum of 1 and 2?", "What is the sum of 3 and 4?"])])
    _asked(library, [Request("What is the sum of 5 and 6?", "sums", has_tool=True)])


def _asked(library: ToolLibrary, requests: Sequence[Request]) -> list[bool]:
    """Return for each request whether a dispatcher with a model asks it; the model always says that no tool fits."""
    none_fits: Runnable[Any, Any] = RunnableLambda(lambda _: AIMessage("0"))
    dispatcher = create_dispatcher(library, model=none_fits)
    return [dispatcher.invoke(request.question).usage.calls > 0 for request in _pass(requests)]


def _found(
    requests: Sequence[Request],
    answers: Sequence[Dispatch],
    asked: Sequence[bool],
    silent: Sequence[bool],
    *,
    made_up: bool | None,
) -> Found:
    """Count the answers to requests of real or of made-up kinds; None for both."""
    counted = [
        (request.wanted, answer.tool, model, by_itself)
        for request, answer, model, by_itself in zip(requests, answers, asked, silent, strict=True)
        if made_up in (None, request.made_up)
    ]
    seen = [each for each in counted if each[0] is not None]
    unseen = [each for each in counted if each[0] is None]
    wrong = [each for each in counted if each[1] not in (None, each[0])]
    return Found(
        seen=len(seen),
        seen_right=sum(tool == wanted for wanted, tool, *_ in seen),
        unseen=len(unseen),
        unseen_right=sum(tool is None for _, tool, *_ in unseen),
        wrong_tool=len(wrong),
        seen_by_words=sum(not model for _, _, model, _ in seen),
        unseen_by_words=sum(not model for _, _, model, _ in unseen),
        seen_silent=sum(tool == wanted and by_itself for wanted, tool, _, by_itself in seen),
        wrong_silent=sum(by_itself for *_, by_itself in wrong),
    )
