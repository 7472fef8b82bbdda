"""Compares methods to complete a column: by search, by a model that writes, by both, or by a model on each row.

They are methods of making for `benchmarks.making`, so that events, resuming and figures are the same.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._core.defaults import ATTEMPTS, REPAIR
from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making.bench import LIMIT, Maker
from langchain_latm.benchmarks.making.figures import SOLVED, MakingFigures
from langchain_latm.benchmarks.names import SEARCH
from langchain_latm.benchmarks.report import Report, picture
from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Task

_LEAST_SECONDS: Final = 0.01
_LEAST_MOST_TOKENS: Final = 100.0
"""Start and minimum end of the picture's axes."""
_HEAD: Final = (
    "way",
    "tasks",
    "made",
    "too few examples",
    "solved",
    "all right",
    "false proofs",
    "tokens of a task",
    "seconds p50",
    "p95",
)


def way_makers(attempts: int = ATTEMPTS) -> Mapping[str, Maker]:
    """Return the maker of each method in `WAYS`, except for the baselines.

    Args:
        attempts: Maximum rounds of a model.
    """

    def maker(*, search: bool, repair: float) -> Maker:
        return lambda maker, user, sandbox: create_tool_maker(
            maker,
            user,
            sandbox=sandbox,
            search=search,
            repair=repair,
            attempts=attempts,
            seconds=LIMIT,
            direct_samples=0,
        )

    return {
        SEARCH: lambda _maker, _user, sandbox: _by_search(sandbox),
        "model": maker(search=False, repair=0),
        "model+repair": maker(search=False, repair=REPAIR),
        "both": maker(search=True, repair=0),
        "both+repair": maker(search=True, repair=REPAIR),
    }


def _by_search(sandbox: Sandbox) -> Runnable[Task, MadeTool]:
    """Make a tool only by search. If it finds none, the making fails, and the run continues."""
    maker = create_tool_maker(None, sandbox=sandbox, direct_samples=0)

    def make(task: Task) -> MadeTool:
        try:
            return maker.invoke(task)
        except ModelError as none:
            raise ToolMakingError("the search proved no program", attempts=(), usage={}) from none

    return RunnableLambda(make, name=SEARCH)


class Outcome(NamedTuple):
    """The result of one method for one task: its making, if any, and the rows of the test.

    Attributes:
        task: The task.
        way: The method.
        made: Whether a tool was proven; None for a model on each row.
        right: Share of the rows that are right; 0 without a tool.
        false_proof: Whether a proven tool is wrong on more than `1 - SOLVED` of them.
        unproven: Whether a function was right on all examples, which are too few for a proof.
        tokens: Tokens of making and rows together.
        seconds: Wall-clock seconds of the making, or of all rows without one.
    """

    task: str
    way: str
    made: bool | None
    right: float
    false_proof: bool
    unproven: bool
    tokens: float
    seconds: float

    @property
    def solved(self) -> bool:
        """Whether enough of the rows are right."""
        return self.right >= SOLVED


def outcomes(figures: MakingFigures) -> list[Outcome]:
    """Return the result of each method for each task."""
    made = [
        Outcome(
            task=run.task,
            way=run.method,
            made=run.test is not None,
            right=run.test.accuracy if run.test else 0.0,
            false_proof=run.false_proof,
            unproven=run.unproven,
            tokens=run.tokens + (run.test.tokens * run.test.requests if run.test else 0),
            seconds=run.seconds,
        )
        for run in figures.runs
    ]
    return made + [
        Outcome(
            task=each.task,
            way=each.method,
            made=None,
            right=each.test.accuracy,
            false_proof=False,
            unproven=False,
            tokens=each.test.tokens * each.test.requests,
            seconds=each.test.seconds * each.test.requests,
        )
        for each in figures.baselines
    ]


def report(figures: MakingFigures) -> Report:
    """Return the comparison of the methods, and each task."""
    found = outcomes(figures)
    ways = list(dict.fromkeys(each.way for each in found))
    tasks = list(dict.fromkeys(each.task for each in found))
    by_place = {(each.task, each.way): each for each in found}
    words = {(task, way): _word(by_place.get((task, way))) for task in tasks for way in ways}
    missing = f"{len(figures.missing)} parts are missing: repeat the command."
    model = "" if ways == [SEARCH] else f"Model: {figures.model}. "
    measured = (
        f"{model}{len(tasks)} tasks of the {figures.half} half, drawn from seed {figures.seed}; "
        f"{figures.shown} rows are shown and {figures.validation} prove a tool. At most {figures.test} other rows are "
        "the test: their inputs are known to a making, their answers are not."
    )
    words_used = (
        "*too few examples*: a function is right on all of them, but so might a guess be (more --proof helps). "
        f"*solved*: at least {SOLVED:.0%} of the test is right; *all right*: all of it. *false proof*: a proven tool "
        f"answers more than {1 - SOLVED:.0%} wrongly. Tokens are of the making and of all rows of the test, seconds of "
        "the making alone; where a model answers each row, of all rows of the test."
    )
    tables = [
        PlainTable("Side by side", _HEAD, [_row(way, [each for each in found if each.way == way]) for way in ways]),
        PlainTable("Tasks", ("task", *ways), [[task, *(words[task, way] for way in ways)] for task in tasks]),
        *([PlainTable("Left out", ("task", "why"), sorted(figures.left_out.items()))] if figures.left_out else []),
    ]
    sentences = [*([missing] if figures.missing else []), measured, words_used]
    return Report("Ways to complete a column", tables, sentences)


def _row(way: str, members: Sequence[Outcome]) -> list[str]:
    made = "-" if members[0].made is None else str(sum(each.made is True for each in members))
    counts = [sum(each.solved for each in members), sum(each.right == 1 for each in members)]
    times = sorted(each.seconds for each in members)
    tokens = statistics.fmean(each.tokens for each in members)
    false = sum(each.false_proof for each in members)
    rates = [f"{tokens:,.0f}", f"{statistics.median(times):.1f}", f"{times[int(len(times) * 0.95)]:.1f}"]
    few = str(sum(each.unproven for each in members))
    return [way, str(len(members)), made, few, *map(str, counts), str(false), *rates]


def _word(outcome: Outcome | None) -> str:
    if outcome is None:
        return "missing"
    if outcome.made is False:
        return f"no tool ({outcome.tokens:,.0f} tokens, {outcome.seconds:.1f} s)"
    return f"{outcome.right:.0%} ({outcome.tokens:,.0f} tokens, {outcome.seconds:.1f} s)"


def draw(figures: MakingFigures, folder: Path) -> list[str]:
    """Draw the number of tasks that each method solves over the time and the tokens of a task.

    Return the picture's name.
    """
    found = outcomes(figures)
    longest = max((each.seconds for each in found), default=1.0)
    most = max(_LEAST_MOST_TOKENS, *(each.tokens for each in found), 0)
    with picture(folder / "ways.png", 11, 4) as figure:
        over_time, over_tokens = figure.subplots(1, 2, sharey=True)
        for way in dict.fromkeys(each.way for each in found):
            solved = [each for each in found if each.way == way and each.solved]
            _steps(over_time, [each.seconds for each in solved], (_LEAST_SECONDS, longest), way)
            _steps(over_tokens, [each.tokens for each in solved], (0, most), way)
        over_time.set(xscale="log", xlabel="seconds of a task", ylabel="tasks solved")
        over_tokens.set(xlabel="tokens of a task, making included")
        over_tokens.set_xscale("symlog", linthresh=_LEAST_MOST_TOKENS)
        over_tokens.set_xlim(0, most)
        if found:
            over_tokens.legend()
    return ["ways.png"]


def _steps(axes: Any, values: Sequence[float], ends: tuple[float, float], label: str) -> None:
    counts = [*range(len(values) + 1), len(values)]
    axes.step([ends[0], *sorted(values), ends[1]], counts, where="post", label=label, alpha=0.8)
