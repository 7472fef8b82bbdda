"""Real kinds of request for `latm bench dispatch`: what reasoning-gym generates, and BIG-bench files of the user's."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from langchain_latm.benchmarks.dispatch_library import Kind
from langchain_latm.making.task_files import load_questions
from langchain_latm.types import MAX_QUESTION_CHARACTERS

_NEEDS_A_CHOICE: Final = "composite"
"""It is no kind of its own."""
_SLOW: Final = "knight_swap"
"""It takes half a second for each request."""


def has_reasoning_gym() -> bool:
    """Whether it is installed. No extra brings it: it takes 130 MB and, for one of its parts, a C compiler."""
    return importlib.util.find_spec("reasoning_gym") is not None


def reasoning_gym_kinds(
    examples: int, requests: int, seed: int, progress: Callable[[int, int], None] = lambda *_: None
) -> list[Kind]:
    """Generate kinds with reasoning-gym, one for each of its data sets.

    Args:
        examples: For the tool of each.
        requests: At most, beside them.
        seed: What they are drawn from.
        progress: Gets how many of how many are done.

    Raises:
        ImportError: It is missing.
    """
    gym = importlib.import_module("reasoning_gym")
    names = sorted(set(gym.factory.DATASETS) - {_NEEDS_A_CHOICE, _SLOW})
    found: list[Kind] = []
    for number, name in enumerate(names):
        progress(number, len(names))
        questions: list[str] = []
        # Some of them print; and a data set of a newer version may not come without a choice of what is in it.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            questions = [each["question"] for each in gym.create_dataset(name, size=examples + requests, seed=seed)]
        found += _kind(f"gym_{name}", questions, examples, requests)
    return found


def big_bench_kinds(folder: Path, examples: int, requests: int) -> list[Kind]:
    """Read kinds from a folder, one from each of its JSON files.

    Args:
        folder: Where they are.
        examples: For the tool of each: the first ones of the file.
        requests: At most, beside them: the next ones.

    Raises:
        TaskError: A file cannot be used; the text names it.
    """
    kinds = (_kind(f"data_{name}", questions, examples, requests) for name, questions in big_bench(folder).items())
    return [kind for found in kinds for kind in found]


def big_bench(folder: Path) -> dict[str, list[str]]:
    """Read the questions of all JSON files in a folder, by name.

    Raises:
        TaskError: A file cannot be used; the text names it.
    """
    return {path.stem: [question for question, _ in load_questions(path)] for path in sorted(folder.glob("*.json"))}


def _kind(name: str, questions: list[str], examples: int, requests: int) -> Iterator[Kind]:
    """Yield the kind, if there are questions enough for its tool and one request."""
    usable = [each for each in dict.fromkeys(questions) if each.strip() and len(each) <= MAX_QUESTION_CHARACTERS]
    if len(usable) > examples:
        fit = re.sub(r"[^a-zA-Z0-9_-]+", "_", name)[:64]
        yield Kind(fit, tuple(usable[:examples]), tuple(usable[examples : examples + requests]))
