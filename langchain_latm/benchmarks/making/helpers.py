"""Measures which kinds each of our own helpers serves in the search, by leaving it out.

    python -m langchain_latm.benchmarks.making.helpers reasoning-gym data/requests data/tables

No model is asked. A helper serves a kind if a tool that is right on the test is made with all helpers, and none without
this one. Only kinds for which some program calls a helper are made. A helper should serve at least three kinds to stay.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making.drawing import draw_kinds
from langchain_latm.benchmarks.making.tasks import BenchTask
from langchain_latm.exceptions import LATMError
from langchain_latm.making.helpers.inlining import HELPERS, without_helper
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.searching import NoModel, problems_of
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.sandbox import Sandbox, create_sandbox
from langchain_latm.text.answer_check import ExactCheck
from langchain_latm.tools.user import create_tool_user

_TEST: Final = 20
_NEEDED: Final = 6
_SECONDS: Final = 10.0
_WITH_HELPERS: Final = ("lists", "helped")


def kinds_served(tasks: Sequence[BenchTask], sandbox: Sandbox) -> dict[str, list[str]]:
    """Return the names of the kinds that each helper serves.

    Args:
        tasks: The kinds.
        sandbox: Where tools run.
    """
    served: dict[str, list[str]] = {name: [] for name in HELPERS}
    for task in tasks:
        used = _used(task)
        print(f"  {task.name}: {', '.join(used) or '-'}", file=sys.stderr, flush=True)  # noqa: T201 - a program
        if not used or not _is_solved(task, sandbox):
            continue
        for name in used:
            with without_helper(name):
                if not _is_solved(task, sandbox):
                    served[name].append(task.name)
    return served


def _used(task: BenchTask) -> list[str]:
    """Return the helpers that programs of the engines with helpers call, whatever the other engines find."""
    sources = [
        program.source
        for _, problem in problems_of(task.task(0, 0))
        for program in synthesise(problem, seconds=_SECONDS, engines=_WITH_HELPERS)
    ]
    return [name for name in HELPERS if any(f"def {name}(" in source for source in sources)]


def _is_solved(task: BenchTask, sandbox: Sandbox) -> bool:
    """Make a tool without a model, and return whether it is right on the test."""
    maker = create_tool_maker(None, sandbox=sandbox, second_attempts=0, direct_samples=0)
    try:
        tool = maker.invoke(task.task(0, 0))
        answers = create_tool_user(tool, NoModel(), sandbox=sandbox).batch(
            [example.inputs or example.question for example in task.test], return_exceptions=True
        )
    except LATMError:
        return False
    right = 0
    for example, answer in zip(task.test, answers, strict=True):
        if isinstance(answer, Exception):
            continue
        typed = example.inputs is not None
        value = answer.tool_use.value if typed and answer.tool_use else answer.text
        right += ExactCheck(values=typed).matches(value, example.answer)
    return right == len(task.test)


def table(served: Mapping[str, Sequence[str]]) -> PlainTable:
    """Return the kinds of each helper as a table."""
    return PlainTable.of(
        "Kinds that only a helper solves in the search",
        list(served.items()),
        ("helper", lambda each: each[0]),
        ("kinds", lambda each: str(len(each[1]))),
        ("which", lambda each: ", ".join(each[1]) or "-"),
    )


if __name__ == "__main__":
    drawn = draw_kinds(sys.argv[1:], None, seed=0, half="development", test=_TEST, needed=_NEEDED)
    with create_sandbox() as opened:
        found = kinds_served(drawn.tasks, opened)
    print(f"{len(drawn.tasks)} kinds of the development half\n\n{table(found).markdown}")  # noqa: T201 - a program
