"""The goals of tool making, with the measurement of each."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.benchmarks.making.figures import SOLVED, MakingFigures, RunFigures
from langchain_latm.benchmarks.names import METHODS
from langchain_latm.benchmarks.report import Goal

OURS, PAPERS = METHODS
"""The method of making that the goals are about, and the method for comparison."""

_SOLVED_RUNS: Final = 1 / 2
_TIMES_SOLVED: Final = 3
_TIMES_TOKENS: Final = 4
_BEATEN: Final = ("direct", "pot")
_WITHOUT_MODEL: Final = 2 / 3
_NONE_SOLVED: Final = "no kind is solved"


def goals(figures: MakingFigures) -> list[Goal]:
    """Return each goal with its measurement, if any."""
    ours = [run for run in figures.runs if run.method == OURS]
    return [
        _share_solved(ours),
        *_compared_with_paper(figures),
        *(_better(figures, ours, baseline) for baseline in _BEATEN),
        _no_model(ours),
    ]


def _share_solved(ours: Sequence[RunFigures]) -> Goal:
    goal = f"makings that end in a tool with >= {SOLVED:.0%} of the test right: at least half"
    if not ours:
        return Goal.not_run(goal)
    solved = sum(run.solved for run in ours)
    return Goal.judged(goal, _of(solved, len(ours)), solved >= _SOLVED_RUNS * len(ours))


def _compared_with_paper(figures: MakingFigures) -> Iterator[Goal]:
    """Compare only runs that both methods have finished, since they got the same examples."""
    papers = {(run.task, run.run): run for run in figures.runs if run.method == PAPERS}
    pairs = [
        (run, papers[run.task, run.run]) for run in figures.runs if run.method == OURS and (run.task, run.run) in papers
    ]
    solving = f"such makings compared with `{PAPERS}`: at least {_TIMES_SOLVED} times as many"
    spending = f"tokens of a making compared with `{PAPERS}`: at most {_TIMES_TOKENS} times as many"
    if not pairs:
        yield Goal.not_run(solving)
        yield Goal.not_run(spending)
        return
    solved, others = (sum(run.solved for run in runs) for runs in zip(*pairs, strict=True))
    measured = f"{solved} and {others} of {len(pairs)}{_times(solved, others)}"
    yield Goal.judged(solving, measured, solved > 0 and solved >= _TIMES_SOLVED * others)
    tokens, spent = (statistics.fmean(run.tokens for run in runs) for runs in zip(*pairs, strict=True))
    measured = f"{tokens:,.0f} and {spent:,.0f}{_times(tokens, spent)}"
    yield Goal.judged(spending, measured, tokens <= _TIMES_TOKENS * spent)


def _better(figures: MakingFigures, ours: Sequence[RunFigures], baseline: str) -> Goal:
    """Compare the mean over the runs that solved a kind with the baseline; equality is not better."""
    goal = f"more of the test right than `{baseline}`, on each solved kind"
    solved = _by_kind(ours)
    alone = {each.task: each.test.accuracy for each in figures.baselines if each.method == baseline}
    compared = {task: (statistics.fmean(map(_accuracy, solved[task])), alone[task]) for task in solved if task in alone}
    if not compared:
        return Goal.judged(goal, _NONE_SOLVED, met=False) if ours and alone and not solved else Goal.not_run(goal)
    worse = [f"{task} ({tools:.0%} and {other:.0%})" for task, (tools, other) in compared.items() if tools <= other]
    measured = f"{len(compared) - len(worse)} of {len(compared)}" + (f"; not on {', '.join(worse)}" if worse else "")
    return Goal.judged(goal, measured, not worse)


def _no_model(ours: Sequence[RunFigures]) -> Goal:
    """Count a solved kind if all tools that solve it gave every answer without a model."""
    goal = "solved kinds whose requests are answered with 0 model calls: at least two thirds"
    kinds = _by_kind(ours)
    if not kinds:
        return Goal.judged(goal, _NONE_SOLVED, met=False) if ours else Goal.not_run(goal)
    tests = {task: [run.test for run in runs if run.test] for task, runs in kinds.items()}
    without = sum(not any(test.calls for test in of_kind) for of_kind in tests.values())
    alone = sum(test.without_model for of_kind in tests.values() for test in of_kind)
    requests = sum(test.requests for of_kind in tests.values() for test in of_kind)
    measured = f"{_of(without, len(kinds))} kinds; {_of(alone, requests)} requests"
    return Goal.judged(goal, measured, without >= _WITHOUT_MODEL * len(kinds))


def _by_kind(runs: Sequence[RunFigures]) -> dict[str, list[RunFigures]]:
    """Return the runs that solved their kind, by kind."""
    solved = [run for run in runs if run.solved]
    return {task: [run for run in solved if run.task == task] for task in dict.fromkeys(run.task for run in solved)}


def _accuracy(run: RunFigures) -> float:
    return run.test.accuracy if run.test else 0.0


def _times(ours: float, others: float) -> str:
    return f", {ours / others:.2f} times" if others else ""


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / whole:.0%})"
