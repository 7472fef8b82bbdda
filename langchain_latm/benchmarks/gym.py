"""Examples from the generators of reasoning-gym.

Some generators iterate over a set, whose order depends on Python's hash seed. `generate` runs them in a process with a
fixed seed, so that examples are the same on every machine. What generators print is dropped.

Our tests compare answers exactly, so a fair kind has one right answer, which its text determines. `why_unfair` decides
that with the generator's own scorer, which gets the recorded answer of a question together with the solution of another
question. A scorer that still gives full marks judges by rules, and may accept other answers too.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.exceptions import TaskError
from langchain_latm.types import shorten

_PROBED: Final = 6
"""Number of examples for testing a scorer."""


class Drawn(NamedTuple):
    """The result of one generator: questions with answers for each draw, or the reason for failure."""

    entries: list[list[tuple[Any, Any]]]
    error: str | None


def has_reasoning_gym() -> bool:
    """Return whether it is installed. No extra brings it: it takes 130 MB, and one dependency needs a C compiler."""
    return importlib.util.find_spec("reasoning_gym") is not None


def generators() -> list[str]:
    """Return the names of all generators."""
    return sorted(importlib.import_module("reasoning_gym").factory.DATASETS)


def draw(name: str, draws: Sequence[tuple[int, int]], *, fair: bool = False) -> Drawn:
    """Draw examples from one generator in this process.

    Args:
        name: The generator.
        draws: Pairs of a seed and a number of examples.
        fair: Whether to draw nothing if `why_unfair` has a reason.
    """
    gym = importlib.import_module("reasoning_gym")
    if name not in gym.factory.DATASETS:
        return Drawn([], "reasoning-gym has no generator of this name")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            if fair and (why := why_unfair(gym.create_dataset(name, size=_PROBED, seed=0))):
                return Drawn([], why)
            sets = [gym.create_dataset(name, size=size, seed=seed) for seed, size in draws]
            return Drawn([[(each["question"], each["answer"]) for each in found] for found in sets], None)
    except Exception as error:  # noqa: BLE001 - a generator may fail in any way, and some need options
        return Drawn([], f"reasoning-gym cannot generate it: {type(error).__name__}: {error}")


def why_unfair(dataset: Any) -> str | None:
    """Return why exact comparison with its answers would be unfair; None if it is fair.

    Args:
        dataset: Entries with `question`, `answer` and `metadata`, and the method `score_answer(answer, entry)`.
    """
    entries = [dict(dataset[number]) for number in range(len(dataset))]
    if not all(isinstance(entry["answer"], str) and entry["answer"].strip() for entry in entries):
        return "some questions have no recorded answer"
    for entry in entries:
        answer = entry["answer"]
        for other in (each for each in entries if each["answer"] != answer):
            changed = {**_exchanged(entry, other, _bare(answer)), "answer": other["answer"]}
            try:
                accepted = dataset.score_answer(answer, changed) >= 1
            except Exception:  # noqa: BLE001 - it reads what was exchanged
                accepted = False
            if accepted:
                return "its scorer judges by rules, not by the recorded answer: several answers may be right"
    return None


def _exchanged(value: Any, other: Any, answer: str) -> Any:
    """Return an entry in which the solution is replaced by that of another entry."""
    if isinstance(value, dict) and isinstance(other, dict):
        return {key: _exchanged(each, other.get(key, each), answer) for key, each in value.items()}
    return other if answer and _bare(value) == answer else value


def _bare(value: Any) -> str:
    """Return only letters and digits, so that `[[1, 2], [3, 4]]` equals its rows as text."""
    return re.sub(r"\W+", "", str(value))


def generate(names: Sequence[str], draws: Sequence[tuple[int, int]], *, fair: bool = False) -> dict[str, Drawn]:
    """Draw examples from each generator, as `draw` does, in a process of their own.

    Raises:
        TaskError: reasoning-gym is not installed, or cannot be loaded.
    """
    if not has_reasoning_gym():
        raise TaskError(f"{names[0]}: the generators of reasoning-gym are not installed: pip install reasoning-gym")
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps([list(names), list(draws), fair])],
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
    wanted, seeds, only_fair = json.loads(sys.argv[1])
    with contextlib.redirect_stdout(io.StringIO()):  # importing it prints too
        answers = {each: draw(each, seeds, fair=only_fair) for each in wanted}
    sys.stdout.write(json.dumps(answers, default=str))
