"""Examples that reasoning-gym generates, the same ones on every machine and in every process.

Some of its generators go through a set, whose order depends on Python's hash seed. So they run in a process of their
own, with a fixed one. What they print is dropped.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from langchain_latm.benchmarks.real_kinds import has_reasoning_gym
from langchain_latm.exceptions import TaskError
from langchain_latm.types import shorten


class Drawn(NamedTuple):
    """What one generator gave: for each seed the questions with their answers; or why it gave nothing."""

    entries: list[list[tuple[Any, Any]]]
    error: str | None


def generate(names: Sequence[str], draws: Sequence[tuple[int, int]]) -> dict[str, Drawn]:
    """Let each generator draw examples.

    Args:
        names: Generators of reasoning-gym.
        draws: Pairs of a seed and a number of examples.

    Raises:
        TaskError: It is not installed, or cannot be loaded.
    """
    if not has_reasoning_gym():
        raise TaskError(f"{names[0]}: the generators of reasoning-gym are not there: pip install reasoning-gym")
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps([list(names), list(draws)])],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"},
    )
    if done.returncode:
        told = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise TaskError(f"reasoning-gym cannot be used: {shorten(told, 200)}")
    return {name: Drawn(*drawn) for name, drawn in json.loads(done.stdout).items()}


def _drawn(name: str, draws: list[tuple[int, int]]) -> Drawn:
    gym = importlib.import_module("reasoning_gym")
    if name not in gym.factory.DATASETS:
        return Drawn([], "reasoning-gym has no generator of this name")
    try:
        sets = [gym.create_dataset(name, size=size, seed=seed) for seed, size in draws]
        return Drawn([[(each["question"], each["answer"]) for each in found] for found in sets], None)
    except Exception as error:  # noqa: BLE001 - a generator of others may fail in any way; the task's user is told
        return Drawn([], f"reasoning-gym cannot generate it: {type(error).__name__}: {error}")


if __name__ == "__main__":
    wanted, seeds = json.loads(sys.argv[1])
    with contextlib.redirect_stdout(io.StringIO()):
        answers = {each: _drawn(each, seeds) for each in wanted}
    sys.stdout.write(json.dumps(answers, default=str))
