"""Builds libraries of several sizes, and measures a dispatcher over each."""

from __future__ import annotations

import math
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from langgraph.store.memory import InMemoryStore

from langchain_latm.benchmarks.dispatch.figures import DispatchFigures, PaperSplit, SizeFigures
from langchain_latm.benchmarks.dispatch.library import Kind, fill
from langchain_latm.benchmarks.dispatch.made_up_kinds import MadeUpKind, made_up_kinds
from langchain_latm.benchmarks.dispatch.measure import PASSES, Request, ask, measure, share_progress
from langchain_latm.benchmarks.dispatch.real_kinds import big_bench, big_bench_kinds, reasoning_gym_kinds
from langchain_latm.benchmarks.gym import has_reasoning_gym
from langchain_latm.benchmarks.names import PAPER_TASKS
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.tools.library.opening import open_tool_library

PAPER_TOOLS: Final = 4
"""How many of the paper's six tasks have a tool; the others are unseen."""
FIT_FROM: Final = 1_000
"""Minimum number of tools for fitting the growth; with fewer, fixed costs of a dispatcher dominate."""
_REQUESTS_OF_A_REAL_KIND: Final = 12
"""Maximum number, since some generators are slow."""
_LOOK_SECONDS: Final = 0.5

Progress = Callable[[str, int, int], None]
"""Gets the current step, how much of it is done, and of how much; zero of zero if unknown."""


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

    Half of the real kinds have a tool in every library that is large enough; its other tools are for made-up kinds. A
    quarter of the requests is of each of these four: real and made-up kinds, with and without a tool.

    Args:
        sizes: Tools in each library.
        requests: Requests for each size, at most.
        seed: Seed of kinds and requests; split n of the paper's tasks is drawn from `seed` + n.
        examples: Examples that each tool is proven with.
        data: A folder with BIG-bench files: more real kinds and, with the paper's tasks among them, its setting.
        splits: Random choices of the paper's tasks that have a tool.
        progress: Gets each step.

    Raises:
        TaskError: A file in `data` cannot be used.
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
    """Return the power with which y grows with x; None where fewer than two y are positive."""
    logs = [(math.log(x), math.log(y)) for x, y in points if y > 0]
    if len(logs) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def _real_kinds(examples: int, seed: int, data: Path | None, progress: Progress) -> tuple[list[Kind], dict[str, int]]:
    """Return the real kinds that are available, and how many come from each source."""
    gym, given = [], []
    if has_reasoning_gym():
        step = "real kinds of reasoning-gym"
        gym = reasoning_gym_kinds(examples, _REQUESTS_OF_A_REAL_KIND, seed, lambda *count: progress(step, *count))
    if data is not None:
        given = big_bench_kinds(data, examples, _REQUESTS_OF_A_REAL_KIND)
    return [*gym, *given], {"reasoning-gym": len(gym), "data": len(given)}


@dataclass(frozen=True)
class _Bench:
    """The measurements of libraries of several sizes over the same kinds."""

    seen: Sequence[Kind]
    unseen: Sequence[Kind]
    requests: int
    seed: int
    examples: int
    largest: int

    def size(self, tools: int, progress: Progress) -> SizeFigures:
        """Build a library of this many tools, and measure a dispatcher over it."""
        real = self.seen[:tools]
        with TemporaryDirectory(prefix="latm-bench-") as folder:
            path, began, step = Path(folder) / "tools.sqlite", time.perf_counter(), f"{tools:,} tools: building"
            progress(step, 0, tools)
            asked: list[Kind] = []
            with open_tool_library(path) as library:
                fill(library, real)
                made_up = self._made_up(tools - len(real), asked)
                fill(library, made_up, lambda done: progress(step, len(real) + done, tools))
            building = time.perf_counter() - began
            requests = [
                *_in_turns(self.unseen, self.requests, has_tool=False),
                *_in_turns(self._further, self.requests, has_tool=False, made_up=True),
                *_in_turns(real, self.requests),
                *_in_turns(asked, self.requests, made_up=True),
            ]
            random.Random(self.seed).shuffle(requests)  # noqa: S311 - nothing secret is drawn
            step, total = f"{tools:,} tools: measuring", PASSES * len(requests)
            progress(step, 0, total)
            # A fresh process, since memory that the building has freed would hide that of the index.
            spawn = multiprocessing.get_context("spawn")
            passed = spawn.Value("l", 0)
            with ProcessPoolExecutor(1, spawn, initializer=share_progress, initargs=(passed,)) as fresh:
                measuring = fresh.submit(measure, path, requests)
                while not wait([measuring], timeout=_LOOK_SECONDS).done:
                    progress(step, max(1, passed.value), total)
                measured = measuring.result()
        return SizeFigures(**dict(measured), tools=tools, real_tools=len(real), building_s=building)

    def _made_up(self, count: int, asked: list[Kind]) -> Iterator[Kind]:
        """Yield kinds for tools, and append an even sample, whose requests are asked, to `asked`."""
        chosen = set(random.Random(self.seed).sample(range(count), min(count, self.requests)))  # noqa: S311 - as above
        each = math.ceil(self.requests / len(chosen)) if chosen else 0
        for number, made_up in enumerate(islice(made_up_kinds(self.seed), count)):
            kind = self._kind(made_up, each if number in chosen else 0)
            if number in chosen:
                asked.append(kind)
            yield kind

    @cached_property
    def _further(self) -> list[Kind]:
        """Return made-up kinds that have no tool in any library, with one request each."""
        found = islice(made_up_kinds(self.seed), self.largest, self.largest + self.requests)
        return [self._kind(kind, 1) for kind in found]

    def _kind(self, kind: MadeUpKind, requests: int) -> Kind:
        rng = random.Random(f"{self.seed} {kind.name}")  # noqa: S311 - as above
        questions = kind.questions(rng, self.examples + requests)
        return Kind(kind.name, questions[: self.examples], questions[self.examples :])


def _in_turns(kinds: Sequence[Kind], count: int, *, has_tool: bool = True, made_up: bool = False) -> list[Request]:
    """Return up to `count` requests: the first one of each kind, then the second one of each, and so on."""
    turns = zip_longest(*(kind.requests for kind in kinds))
    requests = (
        Request(question, kind.name, has_tool, made_up)
        for turn in turns
        for kind, question in zip(kinds, turn, strict=True)
        if question is not None
    )
    return list(islice(requests, count))


def _paper(data: Path, splits: int, seed: int, examples: int, progress: Progress) -> tuple[PaperSplit, ...]:
    """Measure the paper's setting, if its tasks are in the folder."""
    tasks = big_bench(data)
    if not tasks.keys() >= set(PAPER_TASKS):
        return ()
    found = []
    for split in range(splits):
        progress("the paper's setting", split, splits)
        rng = random.Random(seed + split)  # noqa: S311 - as above
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
