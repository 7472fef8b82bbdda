"""The figures of `latm bench making|using|all` as a report, with the goals."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Final, NamedTuple

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making.figures import SOLVED, MakingFigures, MethodFigures, RunFigures, TestFigures
from langchain_latm.benchmarks.making.goals import goals
from langchain_latm.benchmarks.names import BASELINES
from langchain_latm.benchmarks.report import Report, goals_table

_SHOWN: Final = 12


def report(figures: MakingFigures) -> Report:
    """Return the goals, what making gave and took, how the tests were answered, when tools pay, and each run."""
    tables = [goals_table(goals(figures))]
    if figures.methods:
        tables += [_by_source(figures), _making(figures)]
    if figures.runs or figures.baselines:
        tables.append(_answering(figures))
    if figures.methods and figures.baselines:
        tables.append(_break_even(figures))
    if figures.runs:
        tables.append(_runs(figures))
    return Report("What tool making gives, and what that costs", tables, list(_sentences(figures)))


def _sentences(figures: MakingFigures) -> Iterator[str]:
    if figures.missing:
        units = [f"{each.unit}: {each.why.rstrip('.')}" for each in figures.missing]
        more = f"; and {len(units) - _SHOWN} more" if len(units) > _SHOWN else ""
        done = len(figures.runs) + len(figures.baselines)
        ended = f" The last run ended early: {figures.ended}" if figures.ended else ""
        yield (
            f"This report is partial: {done} of {done + len(units)} parts are finished.{ended} "
            f"Missing: {'; '.join(units[:_SHOWN])}{more}."
        )
    yield (
        f"The model {figures.model} took every role: it made the tools, read the arguments, and answered alone. Each "
        f"test has {figures.test} requests, which no making has seen; answers must be exact. Examples for making are "
        f"drawn from seed {figures.seed}."
    )
    yield (
        f"A run solves a kind when its tool answers at least {SOLVED:.0%} of the test rightly; a proof alone does not "
        "count. Tokens are input and output together."
    )
    not_run = [f"`{name}`" for name in BASELINES if not any(each.method == name for each in figures.baselines)]
    if not_run:
        yield f"Baselines that were not run: {', '.join(not_run)}."
    if not figures.runs:
        yield "No making is finished: `latm bench making` was not run, or was stopped before."


def _by_source(figures: MakingFigures) -> PlainTable:
    groups = dict.fromkeys((each.source, each.method) for each in figures.methods)
    by_source = [[run for run in figures.runs if (run.source, run.method) == group] for group in groups]
    return PlainTable.of(
        "Making, by source of the tasks",
        by_source,
        ("source", lambda runs: runs[0].source),
        ("method", lambda runs: runs[0].method),
        ("made a tool", lambda runs: f"{sum(run.test is not None for run in runs)} of {len(runs)}"),
        ("solved", lambda runs: f"{_solved(runs)} of {len(runs)} ({_solved(runs) / len(runs):.0%})"),
        ("kinds solved", lambda runs: f"{_kinds([run for run in runs if run.solved])} of {_kinds(runs)}"),
        ("tokens of a making", lambda runs: f"{statistics.fmean(run.tokens for run in runs):,.0f}"),
    )


def _solved(runs: list[RunFigures]) -> int:
    return sum(run.solved for run in runs)


def _kinds(runs: list[RunFigures]) -> int:
    return len({run.task for run in runs})


def _making(figures: MakingFigures) -> PlainTable:
    return PlainTable.of(
        "Making: mean (lowest to highest) over the runs",
        figures.methods,
        ("task", lambda each: each.task),
        ("method", lambda each: each.method),
        ("made a tool", lambda each: f"{each.made} of {each.runs}"),
        ("solved", lambda each: f"{each.solved} of {each.runs}"),
        ("test right", lambda each: "-" if each.accuracy is None else f"{each.accuracy:.0%}"),
        ("tokens of a making", lambda each: f"{each.tokens:,.0f}"),
        ("seconds", lambda each: f"{each.seconds:,.0f}"),
    )


class _Answered(NamedTuple):
    task: str
    method: str
    test: TestFigures


def _answering(figures: MakingFigures) -> PlainTable:
    tested = [_Answered(run.task, f"{run.method}, run {run.run}", run.test) for run in figures.runs if run.test]
    tested += [_Answered(each.task, each.method, each.test) for each in figures.baselines]
    tasks = list(dict.fromkeys(each.task for each in tested))
    return PlainTable.of(
        "Answering the test: tokens and calls per request, seconds are the median",
        sorted(tested, key=lambda each: tasks.index(each.task)),
        ("task", lambda each: each.task),
        ("method", lambda each: each.method),
        ("right", lambda each: f"{each.test.right} of {each.test.requests} ({each.test.accuracy:.0%})"),
        ("no answer", lambda each: str(each.test.failed)),
        ("without a model", lambda each: str(each.test.without_model)),
        ("tokens", lambda each: f"{each.test.tokens:,.0f}"),
        ("calls", lambda each: f"{each.test.calls:.1f}"),
        ("seconds", lambda each: f"{each.test.seconds:.2f}"),
    )


def _break_even(figures: MakingFigures) -> PlainTable:
    return PlainTable(
        "Requests after which a solved kind has paid for its making, in tokens (n*)",
        ("task", "method", *(f"against {name}" for name in BASELINES)),
        [[each.task, each.method, *(_pays(each, name) for name in BASELINES)] for each in figures.methods],
    )


def _pays(method: MethodFigures, baseline: str) -> str:
    if baseline not in method.break_even:
        return "-" if method.solved else "not solved"
    after = method.break_even[baseline]
    return "never" if after is None else f"{after:,}"


def _runs(figures: MakingFigures) -> PlainTable:
    return PlainTable.of(
        "Each making",
        figures.runs,
        ("task", lambda run: run.task),
        ("method", lambda run: run.method),
        ("run", lambda run: str(run.run)),
        ("outcome", lambda run: "solved" if run.solved else "made, not solved" if run.test else "no tool"),
        ("test right", lambda run: f"{run.test.accuracy:.0%}" if run.test else "-"),
        ("attempts", lambda run: str(run.attempts)),
        ("tokens", lambda run: f"{run.tokens:,}"),
        ("calls", lambda run: str(run.calls)),
        ("seconds", lambda run: f"{run.seconds:,.0f}"),
    )
