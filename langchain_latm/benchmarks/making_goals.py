"""The goals of tool making, and what was measured of each. A goal that is missed is said to be, with its figure."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from langchain_latm.benchmarks.making_figures import SOLVED, MakingFigures, MethodFigures, RunFigures

OURS: Final = "default"
"""The way of making that the goals are about."""
PAPERS: Final = "paper"
"""The way that it is measured against."""

_SOLVED_RUNS: Final = 1 / 2
_TIMES_SOLVED: Final = 3
_TIMES_TOKENS: Final = 4
_BEATEN: Final = ("direct", "pot")
_WITHOUT_MODEL: Final = 2 / 3
_BETTER: Final = "more of the test right than `{}`, on each solved kind"
_NOT_RUN: Final = "not run"
_NONE_SOLVED: Final = "no kind is solved"


class Goal(NamedTuple):
    """A goal, the figure, and whether it is `"met"`, `"missed"` or `"not run"`."""

    goal: str
    measured: str
    verdict: str


def goals(figures: MakingFigures) -> list[Goal]:
    """Return each goal with what was measured of it, even where nothing was."""
    ours = [run for run in figures.runs if run.method == OURS]
    kinds = [each for each in figures.methods if each.method == OURS and each.solved]
    return [
        _share_solved(ours),
        *_beside_paper(figures),
        *(_better(figures, kinds, baseline) for baseline in _BEATEN if ours),
        *(Goal(_BETTER.format(baseline), "-", _NOT_RUN) for baseline in _BEATEN if not ours),
        _no_model(ours),
    ]


def _share_solved(ours: Sequence[RunFigures]) -> Goal:
    goal = f"makings that end in a tool with >= {SOLVED:.0%} of the test right: at least half"
    if not ours:
        return Goal(goal, "-", _NOT_RUN)
    solved = sum(run.solved for run in ours)
    return Goal(goal, f"{_of(solved, len(ours))}", _verdict(solved >= _SOLVED_RUNS * len(ours)))


def _beside_paper(figures: MakingFigures) -> Iterator[Goal]:
    """Compare only runs that both ways have finished: they got the same examples."""
    by_run = {(run.method, run.task, run.run): run for run in figures.runs}
    pairs = [
        (run, other)
        for run in figures.runs
        if run.method == OURS and (other := by_run.get((PAPERS, run.task, run.run))) is not None
    ]
    solving = f"such makings beside `{PAPERS}`: at least {_TIMES_SOLVED} times as many"
    spending = f"tokens of a making beside `{PAPERS}`: at most {_TIMES_TOKENS} times as many"
    if not pairs:
        yield Goal(solving, "-", _NOT_RUN)
        yield Goal(spending, "-", _NOT_RUN)
        return
    solved, papers = sum(run.solved for run, _ in pairs), sum(other.solved for _, other in pairs)
    times = f", {solved / papers:.2f} times" if papers else ""
    measured = f"{solved} and {papers} of {len(pairs)}{times}"
    yield Goal(solving, measured, _verdict(solved > 0 and solved >= _TIMES_SOLVED * papers))
    tokens = statistics.fmean(run.tokens for run, _ in pairs)
    others = statistics.fmean(other.tokens for _, other in pairs)
    times = f", {tokens / others:.2f} times" if others else ""
    yield Goal(spending, f"{tokens:,.0f} and {others:,.0f}{times}", _verdict(tokens <= _TIMES_TOKENS * others))


def _better(figures: MakingFigures, kinds: Sequence[MethodFigures], baseline: str) -> Goal:
    """Compare the mean over the runs that solved a kind with the baseline; equal is not better."""
    goal = _BETTER.format(baseline)
    alone = {each.task: each.test.accuracy for each in figures.baselines if each.method == baseline}
    compared = [(kind.task, _accuracy(figures.runs, kind), alone[kind.task]) for kind in kinds if kind.task in alone]
    if not compared:
        return Goal(goal, "-", _NOT_RUN) if kinds or not alone else Goal(goal, _NONE_SOLVED, "missed")
    worse = [f"{task} ({ours:.0%} and {theirs:.0%})" for task, ours, theirs in compared if ours <= theirs]
    measured = f"{len(compared) - len(worse)} of {len(compared)}" + (f"; not on {', '.join(worse)}" if worse else "")
    return Goal(goal, measured, _verdict(not worse))


def _accuracy(runs: Sequence[RunFigures], kind: MethodFigures) -> float:
    return statistics.fmean(
        run.test.accuracy
        for run in runs
        if run.solved and run.test and (run.task, run.method) == (kind.task, kind.method)
    )


def _no_model(ours: Sequence[RunFigures]) -> Goal:
    """Count a solved kind where every answer of every tool that solves it came without a model."""
    goal = "solved kinds whose requests are answered with 0 model calls: at least two thirds"
    solved = [run for run in ours if run.solved and run.test]
    if not solved:
        return Goal(goal, _NONE_SOLVED, "missed") if ours else Goal(goal, "-", _NOT_RUN)
    kinds = {run.task for run in solved}
    asking = {run.task for run in solved if run.test and run.test.calls}
    alone = sum(run.test.without_model for run in solved if run.test)
    requests = sum(run.test.requests for run in solved if run.test)
    measured = f"{_of(len(kinds - asking), len(kinds))} kinds; {_of(alone, requests)} requests"
    return Goal(goal, measured, _verdict(len(kinds - asking) >= _WITHOUT_MODEL * len(kinds)))


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / whole:.0%})"


def _verdict(met: bool) -> str:
    return "met" if met else "missed"
