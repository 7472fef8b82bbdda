"""Real kinds of request: generators of reasoning-gym, and the user's BIG-bench files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from langchain_latm._core.plain_names import plain_name
from langchain_latm.benchmarks.dispatch.library import Kind
from langchain_latm.benchmarks.gym import draw, generators
from langchain_latm.making.task_files import load_questions
from langchain_latm.types import MAX_QUESTION_CHARACTERS

_LEFT_OUT: Final = ("composite", "knight_swap")
"""`composite` mixes other generators; `knight_swap` takes half a second per request."""


def reasoning_gym_kinds(
    examples: int, requests: int, seed: int, progress: Callable[[int, int], None] = lambda *_: None
) -> list[Kind]:
    """Generate a kind from each generator of reasoning-gym: `examples` for its tool, and up to `requests` others."""
    names = [name for name in generators() if name not in _LEFT_OUT]
    found: list[Kind] = []
    for number, name in enumerate(names):
        progress(number, len(names))
        # A generator that fails is left out, since newer versions may have some that need options.
        for entries in draw(name, [(seed, examples + requests)]).entries:
            found += _kind(f"gym_{name}", [question for question, _ in entries], examples, requests)
    return found


def big_bench_kinds(folder: Path, examples: int, requests: int) -> list[Kind]:
    """Read a kind from each JSON file of a folder: the first questions become examples, the next ones requests."""
    files = big_bench(folder).items()
    return [kind for name, questions in files for kind in _kind(f"data_{name}", questions, examples, requests)]


def big_bench(folder: Path) -> dict[str, list[str]]:
    """Read the questions of all JSON files in a folder, by the name of the file.

    Raises:
        TaskError: A file cannot be used; the text names it.
    """
    return {path.stem: [question for question, _ in load_questions(path)] for path in sorted(folder.glob("*.json"))}


def _kind(name: str, questions: Sequence[str], examples: int, requests: int) -> Iterator[Kind]:
    """Yield the kind, if there are enough questions for its tool and one request."""
    usable = [each for each in dict.fromkeys(questions) if each.strip() and len(each) <= MAX_QUESTION_CHARACTERS]
    if len(usable) > examples:
        tool_name = plain_name(name)
        yield Kind(tool_name, tuple(usable[:examples]), tuple(usable[examples : examples + requests]))
