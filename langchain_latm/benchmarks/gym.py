"""Examples from the generators of reasoning-gym.

Some generators iterate over a set, whose order depends on Python's hash seed. `generate` runs them in a process with a
fixed seed, so that examples are the same on every machine. What generators print is dropped.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from langchain_latm.exceptions import TaskError
from langchain_latm.types import shorten


class Drawn(NamedTuple):
    """What one generator gave: for each draw its questions with answers; or why it gave nothing."""

    entries: list[list[tuple[Any, Any]]]
    error: str | None


def has_reasoning_gym() -> bool:
    """Return whether it is installed. No extra brings it: it takes 130 MB, and one dependency needs a C compiler."""
    return importlib.util.find_spec("reasoning_gym") is not None


def generators() -> list[str]:
    """Return the names of all generators."""
    return sorted(importlib.import_module("reasoning_gym").factory.DATASETS)


def draw(name: str, draws: Sequence[tuple[int, int]]) -> Drawn:
    """Draw examples from one generator in this process; `draws` are pairs of a seed and a number of examples."""
    gym = importlib.import_module("reasoning_gym")
    if name not in gym.factory.DATASETS:
        return Drawn([], "reasoning-gym has no generator of this name")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            sets = [gym.create_dataset(name, size=size, seed=seed) for seed, size in draws]
            return Drawn([[(each["question"], each["answer"]) for each in found] for found in sets], None)
    except Exception as error:  # noqa: BLE001 - a generator may fail in any way, and some need options
        return Drawn([], f"reasoning-gym cannot generate it: {type(error).__name__}: {error}")


def generate(names: Sequence[str], draws: Sequence[tuple[int, int]]) -> dict[str, Drawn]:
    """Draw examples from each generator, in a process of their own.

    Raises:
        TaskError: reasoning-gym is not installed, or cannot be loaded.
    """
    if not has_reasoning_gym():
        raise TaskError(f"{names[0]}: the generators of reasoning-gym are not installed: pip install reasoning-gym")
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps([list(names), list(draws)])],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"},
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise TaskError(f"reasoning-gym cannot be used: {shorten(reason, 200)}")
    return {name: Drawn(*drawn) for name, drawn in json.loads(done.stdout).items()}


if __name__ == "__main__":
    wanted, seeds = json.loads(sys.argv[1])
    with contextlib.redirect_stdout(io.StringIO()):  # importing it prints too
        answers = {each: draw(each, seeds) for each in wanted}
    sys.stdout.write(json.dumps(answers, default=str))
