"""Draws kinds at random, so that nothing can be tuned for them.

A pool is reasoning-gym or a folder. The hash of its name assigns each kind to a half: `development` for learning, and
`final` for the figures of a report. A seed draws kinds from one half of each pool; a larger draw with the same seed
includes the smaller one. Kinds that cannot be measured fairly are skipped, with the reason.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from langchain_latm.benchmarks.gym import generators, has_reasoning_gym
from langchain_latm.benchmarks.making.tasks import BenchTask, generated_tasks, of_file
from langchain_latm.benchmarks.names import GYM
from langchain_latm.exceptions import TaskError

Half = Literal["development", "final"]

_AT_ONCE: Final = 8
"""Minimum number of generators per process, since starting one takes seconds."""


class DrawnKinds(NamedTuple):
    """The result of a draw.

    Attributes:
        tasks: The kinds to measure.
        left_out: Skipped kinds, with the reason.
    """

    tasks: tuple[BenchTask, ...]
    left_out: dict[str, str]


def half_of(kind: str) -> Half:
    """Return the half of a kind: `development` if the hash of its name is even."""
    return "final" if hashlib.sha256(kind.encode()).digest()[-1] % 2 else "development"


def draw_kinds(
    pools: Sequence[str],
    count: int | None,
    *,
    seed: int,
    half: Half,
    test: int,
    needed: int,
    progress: Callable[[str], object] = lambda _: None,
) -> DrawnKinds:
    """Draw kinds from each pool.

    Args:
        pools: `reasoning-gym`, or folders with one JSON file a kind (`of_file`).
        count: Kinds from each pool; None for all of the half.
        seed: Seed of the draw.
        half: The half that they are drawn from.
        test: Examples in the test of each; a small file gives fewer.
        needed: Examples that a making needs.
        progress: Called before kinds are drawn from a pool.

    Raises:
        TaskError: A pool is missing or gives no kind, or two kinds have one name.
    """
    tasks: dict[str, BenchTask] = {}
    left_out: dict[str, str] = {}
    for pool in pools:
        progress(f"drawing kinds from {pool}")
        names = [name for name in _names(pool) if half_of(name) == half]
        random.Random(seed).shuffle(names)  # noqa: S311 - nothing secret
        wanted, drawn = len(names) if count is None else count, 0
        while names and drawn < wanted:
            some = max(_AT_ONCE, wanted - drawn)
            batch, names = names[:some], names[some:]
            for name, task in _tasks(pool, batch, test, needed).items():
                if drawn == wanted:
                    break
                if isinstance(task, str):
                    left_out[name] = task
                    continue
                if name in tasks:
                    raise TaskError(f"two pools hold a kind named {name}: rename one")
                tasks[name], drawn = task, drawn + 1
        if not drawn:
            raise TaskError(f"{pool}: no kind of the {half} half can be measured")
    return DrawnKinds(tuple(tasks.values()), left_out)


def _names(pool: str) -> list[str]:
    if pool == GYM:
        if not has_reasoning_gym():
            raise TaskError("reasoning-gym is not installed: pip install reasoning-gym")
        return generators()
    found = sorted(path.stem for path in Path(pool).glob("*.json"))
    if not found:
        raise TaskError(f"{pool}: expected {GYM}, or a folder with one JSON file for each kind")
    return found


def _tasks(pool: str, names: Sequence[str], test: int, needed: int) -> dict[str, BenchTask | str]:
    if pool == GYM:
        return generated_tasks(names, test, needed=needed, fair=True)
    found: dict[str, BenchTask | str] = {}
    for name in names:
        path = Path(pool) / f"{name}.json"
        try:
            found[name] = of_file(path, test, needed=needed)
        except TaskError as error:
            found[name] = str(error).removeprefix(f"{name}: ").removeprefix(f"{path}: ")
    return found
