"""`latm bench dispatch`: which tool the dispatcher finds without a model, how fast, and how that grows."""

from __future__ import annotations

import math
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from langgraph.store.memory import InMemoryStore

from langchain_latm.benchmarks.dispatch_figures import DispatchFigures, PaperSplit, SizeFigures
from langchain_latm.benchmarks.dispatch_library import Kind, fill
from langchain_latm.benchmarks.dispatch_measure import Request, ask, measure
from langchain_latm.benchmarks.made_up_kinds import MadeUpKind, made_up_kinds
from langchain_latm.benchmarks.names import PAPER_TASKS
from langchain_latm.benchmarks.real_kinds import big_bench, big_bench_kinds, has_reasoning_gym, reasoning_gym_kinds
from langchain_latm.tools.library.library import ToolLibrary, open_tool_library

PAPER_TOOLS: Final = 4
"""So many of them have a tool; the others are unseen."""
FIT_FROM: Final = 1_000
"""Below so many tools, what any dispatcher takes stands out more than what the tools add."""
_OF_A_REAL_KIND: Final = 12
"""Requests at most: drawing many takes long for some kinds."""

Progress = Callable[[str, int, int], None]
"""Gets what is done now, how much of it is done, and of how much; zero of zero where that is not known."""


def bench_dispatch(
    *,
    sizes: Sequence[int],
    requests: int = 2_000,
    seed: int = 0,
    examples: int = 3,
    data: Path | None = None,
    splits: int = 5,
    progress: Progress = lambda *_: None,
) -> DispatchFigures:
    """Measure dispatchers over libraries of several sizes.

    Half of the real kinds have a tool in every library that is large enough; the rest of its tools are for made-up
    kinds. A quarter of the requests is of each of these four: real and made-up, with a tool and without.

    Args:
        sizes: Tools in each library.
        requests: For each size, at most.
        seed: What kinds and requests are drawn from.
        examples: With which each tool is proven.
        data: A folder with BIG-bench files, for more real kinds and, if the paper's tasks are among them, for its
            setting.
        splits: Random choices of the paper's tasks that have a tool; the first is drawn from `seed`, and so on.
        progress: Told what is done.

    Raises:
        TaskError: A file in `data` cannot be used.
        ToolLibraryError: A library's store failed.
    """
    real, sources = _real_kinds(examples, seed, data, progress)
    random.Random(seed).shuffle(real)  # noqa: S311 - nothing secret is drawn
    seen, unseen = real[: len(real) // 2], real[len(real) // 2 :]
    bench = _Bench(seen, unseen, requests=requests // 4, seed=seed, examples=examples, largest=max(sizes))
    found = tuple(bench.size(size, progress) for size in sorted(set(sizes)))
    large = [each for each in found if each.tools >= FIT_FROM]
    return DispatchFigures(
        seed=seed,
        examples=examples,
        real_kinds=sources,
        sizes=found,
        paper=_paper(data, splits, seed, examples, progress) if data is not None else (),
        time_exponent=exponent([(each.tools, each.p50_ms) for each in large]),
        memory_exponent=exponent([(each.tools, each.memory_mb) for each in large]),
        opening_exponent=exponent([(each.tools, each.opening_s) for each in large]),
    )


def exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """Return the power with which the second numbers grow with the first; None where fewer than two are positive."""
    logs = [(math.log(x), math.log(y)) for x, y in points if y > 0]
    if len(logs) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope


def _real_kinds(examples: int, seed: int, data: Path | None, progress: Progress) -> tuple[list[Kind], dict[str, int]]:
    """Return the real kinds that are at hand, and how many come from where."""
    gym, given = [], []
    if has_reasoning_gym():
        told = "real kinds of reasoning-gym"
        gym = reasoning_gym_kinds(examples, _OF_A_REAL_KIND, seed, lambda done, total: progress(told, done, total))
    if data is not None:
        given = big_bench_kinds(data, examples, _OF_A_REAL_KIND)
    return [*gym, *given], {"reasoning-gym": len(gym), "data": len(given)}


class _Bench:
    """The measurements of libraries of several sizes over the same kinds."""

    def __init__(
        self, seen: Sequence[Kind], unseen: Sequence[Kind], *, requests: int, seed: int, examples: int, largest: int
    ) -> None:
        self._requests, self._seed, self._examples, self._seen = requests, seed, examples, seen
        further = [self._kind(kind, 1) for kind in islice(made_up_kinds(seed), largest, largest + requests)]
        self._unseen = [
            *_spread(unseen, requests, has_tool=False),
            *_spread(further, requests, has_tool=False, made_up=True),
        ]

    def size(self, tools: int, progress: Progress) -> SizeFigures:
        """Build a library of so many tools and measure a dispatcher over it."""
        real = self._seen[:tools]
        with TemporaryDirectory(prefix="latm-bench-") as folder:
            path, began, told = Path(folder) / "tools.sqlite", time.perf_counter(), f"{tools:,} tools: building"
            progress(told, 0, tools)
            asked: list[Kind] = []
            with open_tool_library(path) as library:
                fill(library, [*real], lambda _: None)
                made_up = self._made_up(tools - len(real), asked)
                fill(library, made_up, lambda done: progress(told, len(real) + done, tools))
            building = time.perf_counter() - began
            requests = [*self._unseen, *_spread(real, self._requests), *_spread(asked, self._requests, made_up=True)]
            random.Random(self._seed).shuffle(requests)  # noqa: S311 - nothing secret is drawn
            progress(f"{tools:,} tools: measuring", 0, 0)
            # A process of its own: memory that the building has freed would hide what the index takes.
            spawn = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=spawn) as fresh:
                measured = fresh.submit(measure, path, requests).result()
        return SizeFigures(**dict(measured), tools=tools, real_tools=len(real), building_s=building)

    def _made_up(self, count: int, asked: list[Kind]) -> Iterator[Kind]:
        """Yield kinds for tools, and note those, drawn evenly, whose requests are asked."""
        chosen = set(random.Random(self._seed).sample(range(count), min(count, self._requests)))  # noqa: S311 - the same
        each = math.ceil(self._requests / len(chosen)) if chosen else 0
        for number, made_up in enumerate(islice(made_up_kinds(self._seed), count)):
            kind = self._kind(made_up, each if number in chosen else 0)
            if number in chosen:
                asked.append(kind)
            yield kind

    def _kind(self, kind: MadeUpKind, requests: int) -> Kind:
        rng = random.Random(f"{self._seed} {kind.name}")  # noqa: S311 - the same
        questions = kind.questions(rng, self._examples + requests)
        return Kind(kind.name, questions[: self._examples], questions[self._examples :])


def _spread(kinds: Sequence[Kind], count: int, *, has_tool: bool = True, made_up: bool = False) -> list[Request]:
    """Return so many requests, or all there are: the first one of each kind, then the second one of each..."""
    turns = (
        Request(kind.requests[turn], kind.name, has_tool, made_up)
        for turn in range(max((len(kind.requests) for kind in kinds), default=0))
        for kind in kinds
        if turn < len(kind.requests)
    )
    return list(islice(turns, count))


def _paper(data: Path, splits: int, seed: int, examples: int, progress: Progress) -> tuple[PaperSplit, ...]:
    """Measure the paper's setting, if its tasks are in the folder."""
    tasks = big_bench(data)
    if not tasks.keys() >= set(PAPER_TASKS):
        return ()
    found = []
    for split in range(splits):
        progress("the paper's setting", split, splits)
        rng = random.Random(seed + split)  # noqa: S311 - nothing secret is drawn
        tools = tuple(rng.sample(PAPER_TASKS, PAPER_TOOLS))
        library = ToolLibrary(InMemoryStore())
        requests = [
            Request(question, name, has_tool=False) for name in tasks if name not in tools for question in tasks[name]
        ]
        for name in tools:
            questions = rng.sample(tasks[name], len(tasks[name]))
            fill(library, [Kind(name, questions[:examples])])
            requests += [Request(question, name, has_tool=True) for question in questions[examples:]]
        found.append(PaperSplit(tools=tools, found=ask(library, requests)))
    return tuple(found)
