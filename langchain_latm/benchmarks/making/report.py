"""The figures of `latm bench making|using|all` as a report, with the goals."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making.figures import (
    SOLVED,
    MakingFigures,
    MethodFigures,
    RunFigures,
    TestFigures,
    Yield,
    per_1000,
)
from langchain_latm.benchmarks.making.goals import goals
from langchain_latm.benchmarks.names import BASELINES
from langchain_latm.benchmarks.report import Report, goals_table

_SHOWN: Final = 12
_COMPARED: Final = "pot"
"""The method with which the tokens of all others are compared: a program for each request."""
_HALVES: Final = {"development": "even", "final": "odd"}


def report(figures: MakingFigures, *, with_goals: bool = False) -> Report:
    """Return the report: results and costs of making, answers to the tests, break-even, and each run.

    Args:
        figures: The figures.
        with_goals: Whether to begin with the goals of this project.
    """
    tables = [goals_table(goals(figures))] if with_goals else []
    if figures.methods:
        tables.append(_by_source(figures))
    if figures.runs or figures.baselines:
        tables.append(_per_token(figures))
    if figures.methods:
        tables.append(_making(figures))
    if figures.runs or figures.baselines:
        tables.append(_answering(figures))
    if figures.methods and figures.baselines:
        tables.append(break_even_table(figures))
    if figures.runs:
        tables.append(_runs(figures))
    if figures.left_out:
        tables.append(PlainTable("Kinds that were left out", ("kind", "why"), sorted(figures.left_out.items())))
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
    if figures.half:
        yield (
            f"**{figures.half.capitalize()} half.** The kinds are drawn from seed {figures.seed}, from the half of "
            f"each pool whose names have an {_HALVES[figures.half]} hash. {len(figures.left_out)} drawn kinds were "
            "left out, since they cannot be measured fairly; the last table says why."
        )
    roles = (
        f"The model {figures.model} took every role: it made the tools, read the arguments, and answered alone."
        if figures.user is None
        else f"The model {figures.model} made the tools; {figures.user} read the arguments, and answered alone."
    )
    at_most = "at most " if figures.half else ""
    yield (
        f"{roles} Each test has {at_most}{figures.test} requests, which no making has seen; answers must be exact. "
        f"Examples for making are drawn from seed {figures.seed}."
    )
    few = any(run.unproven for run in figures.runs)
    yield (
        f"A run solves a kind when its tool answers at least {SOLVED:.0%} of the test rightly; a proof alone does not "
        f"count. A false proof is a tool that answers more than {1 - SOLVED:.0%} wrongly; a refused request is not "
        "wrong. Tokens are input and output together."
        + " *Too few examples*: a function is right on all of them, but so might a guess be."
        * few
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
        *([("too few examples", _unproven)] if _unproven(figures.runs) != "0" else []),
        ("false proofs", lambda runs: str(sum(run.false_proof for run in runs))),
        ("kinds solved", lambda runs: f"{_kinds([run for run in runs if run.solved])} of {_kinds(runs)}"),
        ("tokens of a making", lambda runs: f"{statistics.fmean(run.tokens for run in runs):,.0f}"),
    )


def _per_token(figures: MakingFigures) -> PlainTable:
    """Compare the right answers per token of all methods; a tool's tokens include those of its making."""
    ways: dict[tuple[str, str], list[Yield]] = {}
    for run in figures.runs:
        ways.setdefault((run.source, run.method), []).append(Yield.of(run.task, run.test, run.tokens))
    for each in figures.baselines:
        ways.setdefault((each.source, each.method), []).append(Yield.of(each.task, each.test))
    rows = []
    for (source, way), results in ways.items():
        tasks = {each.task for each in results}
        programs = [each for each in ways.get((source, _COMPARED), []) if each.task in tasks]
        common = {each.task for each in programs}
        ours, theirs = per_1000([each for each in results if each.task in common]), per_1000(programs)
        times = f"{ours / theirs:.2f}" if programs and ours is not None and theirs else "-"
        right = statistics.fmean(each.accuracy for each in results)
        tokens = statistics.fmean(each.tokens for each in results)
        given = per_1000(results)
        shown = "no tokens" if given is None else f"{given:.2f}"
        rows.append([source, way, str(len(tasks)), f"{right:.0%}", f"{tokens:,.0f}", shown, times])
    return PlainTable(
        "What tokens give: right answers to the tests, over all runs; a making without a tool has none",
        ("source", "way", "kinds", "right", "tokens of a test", "right per 1,000 tokens", f"times `{_COMPARED}`"),
        rows,
    )


def _unproven(runs: Sequence[RunFigures]) -> str:
    return str(sum(run.unproven for run in runs))


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


def break_even_table(figures: MakingFigures, *, solved_by: str | None = None) -> PlainTable:
    """Return after how many requests each making has paid for itself.

    Args:
        figures: The figures.
        solved_by: Only include the kinds that this method of making solved.
    """
    return PlainTable(
        "Requests after which a solved kind has paid for its making, in tokens (n*)",
        ("task", "method", *(f"against {name}" for name in BASELINES)),
        [
            [each.task, each.method, *(_pays(each, name) for name in BASELINES)]
            for each in figures.methods
            if solved_by is None or (each.method == solved_by and each.solved)
        ],
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
