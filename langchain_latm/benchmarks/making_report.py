"""The figures of `latm bench making|using|all` as tables and sentences, beside the goals."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making_figures import SOLVED, MakingFigures, MethodFigures, Spread, TestFigures
from langchain_latm.benchmarks.making_goals import goals
from langchain_latm.benchmarks.names import BASELINES

_SHOWN = 12


def tables(figures: MakingFigures) -> list[PlainTable]:
    """Return the goals, what making gave and took, how the test was answered, when tools pay, and each run."""
    shown = [PlainTable("Goals", ("goal", "measured", ""), goals(figures))]
    if figures.methods:
        shown += [_by_source(figures), _making(figures)]
    if figures.runs or figures.baselines:
        shown.append(_answering(figures))
    if figures.methods and figures.baselines:
        shown.append(_break_even(figures))
    if figures.runs:
        shown.append(_runs(figures))
    return shown


def sentences(figures: MakingFigures) -> list[str]:
    """Return what was measured and how, and what is missing."""
    told = []
    if figures.missing:
        units = [f"{each.unit}: {each.why.rstrip('.')}" for each in figures.missing]
        more = f"; and {len(units) - _SHOWN} more" if len(units) > _SHOWN else ""
        done = len(figures.runs) + len(figures.baselines)
        ended = f" The last run ended early: {figures.ended}" if figures.ended else ""
        told.append(
            f"This report is partial: {done} of {done + len(units)} parts are finished.{ended} "
            f"Missing: {'; '.join(units[:_SHOWN])}{more}."
        )
    told.append(
        f"The model {figures.model} took every role: it made the tools, read the arguments, and answered alone. Each "
        f"test has {figures.test} requests, which no making has seen; answers must be exact. Examples for making are "
        f"drawn from seed {figures.seed}."
    )
    told.append(
        f"A kind counts as solved by a run when the tool that it made answers at least {SOLVED:.0%} of the test "
        "rightly; a proof alone does not count. Tokens are input and output together."
    )
    not_run = [f"`{name}`" for name in BASELINES if not any(each.method == name for each in figures.baselines)]
    if not_run:
        told.append(f"Baselines that were not run: {', '.join(not_run)}.")
    if not figures.runs:
        told.append("No tool was made: `latm bench making` was not run, or did not come so far.")
    return told


def markdown(figures: MakingFigures) -> str:
    """Return the tables and sentences as a Markdown page."""
    shown = [f"## {table.title}\n\n{table.markdown}" for table in tables(figures)]
    return "\n\n".join(["# What tool making gives, and what that costs", *sentences(figures), *shown]) + "\n"


def _by_source(figures: MakingFigures) -> PlainTable:
    rows = []
    for source, method in dict.fromkeys((each.source, each.method) for each in figures.methods):
        runs = [run for run in figures.runs if (run.source, run.method) == (source, method)]
        kinds = {run.task for run in runs}
        solved = [run for run in runs if run.solved]
        rows.append(
            [
                source,
                method,
                f"{sum(run.test is not None for run in runs)} of {len(runs)}",
                f"{len(solved)} of {len(runs)} ({len(solved) / len(runs):.0%})",
                f"{len({run.task for run in solved})} of {len(kinds)}",
                f"{sum(run.tokens for run in runs) / len(runs):,.0f}",
            ]
        )
    head = ("source", "method", "made a tool", "solved", "kinds solved", "tokens of a making")
    return PlainTable("Making, by source of the tasks", head, rows)


def _making(figures: MakingFigures) -> PlainTable:
    rows = [
        [
            each.task,
            each.method,
            f"{each.made} of {each.runs}",
            f"{each.solved} of {each.runs}",
            "-" if each.accuracy is None else _spread(each.accuracy, "{:.0%}"),
            _spread(each.tokens, "{:,.0f}"),
            _spread(each.seconds, "{:,.0f}"),
        ]
        for each in figures.methods
    ]
    head = ("task", "method", "made a tool", "solved", "test right", "tokens of a making", "seconds")
    return PlainTable("Making: mean (lowest to highest) over the runs", head, rows)


def _answering(figures: MakingFigures) -> PlainTable:
    tested = [(run.task, f"{run.method}, run {run.run}", run.test) for run in figures.runs if run.test]
    tested += [(each.task, each.method, each.test) for each in figures.baselines]
    tasks = list(dict.fromkeys(task for task, _, _ in tested))
    rows = [
        [
            task,
            method,
            f"{test.right} of {test.requests} ({test.accuracy:.0%})",
            str(test.failed),
            str(test.without_model),
            *_costs(test),
        ]
        for task, method, test in sorted(tested, key=lambda each: tasks.index(each[0]))
    ]
    head = ("task", "method", "right", "no answer", "without a model", "tokens", "calls", "seconds")
    return PlainTable("Answering the test: tokens and calls per request, seconds are the median", head, rows)


def _break_even(figures: MakingFigures) -> PlainTable:
    rows = [[each.task, each.method, *(_pays(each, name) for name in BASELINES)] for each in figures.methods]
    head = ("task", "method", *(f"beside {name}" for name in BASELINES))
    return PlainTable("Requests after which a solved kind has paid for its making, in tokens (n*)", head, rows)


def _pays(method: MethodFigures, baseline: str) -> str:
    if baseline not in method.break_even:
        return "-" if method.solved else "not solved"
    after = method.break_even[baseline]
    return "never" if after is None else f"{after:,}"


def _runs(figures: MakingFigures) -> PlainTable:
    rows = [
        [
            run.task,
            run.method,
            str(run.run),
            "solved" if run.solved else "no tool" if run.test is None else "made, not solved",
            "-" if run.test is None else f"{run.test.accuracy:.0%}",
            str(run.attempts),
            f"{run.tokens:,}",
            str(run.calls),
            f"{run.seconds:,.0f}",
        ]
        for run in figures.runs
    ]
    head = ("task", "method", "run", "outcome", "test right", "attempts", "tokens", "calls", "seconds")
    return PlainTable("Each making", head, rows)


def _costs(test: TestFigures) -> Sequence[str]:
    return f"{test.tokens:,.0f}", f"{test.calls:.1f}", f"{test.seconds:.2f}"


def _spread(spread: Spread, form: str) -> str:
    if spread.lowest == spread.highest:
        return form.format(spread.mean)
    return f"{form.format(spread.mean)} ({form.format(spread.lowest)} to {form.format(spread.highest)})"
