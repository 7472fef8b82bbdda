"""Computes the figures of a run from its events, finished or not."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.events import Event, Settings, Unit
from langchain_latm.benchmarks.making.figures import (
    BaselineFigures,
    MakingFigures,
    MethodFigures,
    Missing,
    RunFigures,
    TestFigures,
)
from langchain_latm.benchmarks.making.tasks import Source
from langchain_latm.benchmarks.report import Spread, break_even
from langchain_latm.exceptions import TaskError
from langchain_latm.types import TokenUsage


def figures_of(happened: Sequence[Event]) -> MakingFigures:
    """Compute the figures from the events of one folder.

    Raises:
        TaskError: There are no settings among them.
    """
    settings = [event for event in happened if isinstance(event, Settings)]
    if not settings:
        raise TaskError("nothing was measured: the events hold no settings")
    sources = {name: task.source for each in settings for name, task in each.tasks.items()}
    makings = {event.unit: event for event in happened if isinstance(event, events.Made | events.Failed)}
    tested = {event.unit: _test(event) for event in happened if isinstance(event, events.Tested)}
    failed = {unit for unit, making in makings.items() if isinstance(making, events.Failed)}
    planned = list(dict.fromkeys(unit for each in settings for unit in each.units()))
    finished = [unit for unit in planned if unit in tested or unit in failed]
    runs = tuple(
        _run(unit, sources[unit.task], makings[unit], tested.get(unit)) for unit in finished if unit.phase == "making"
    )
    baselines = tuple(
        BaselineFigures(task=unit.task, source=sources[unit.task], method=unit.method, test=tested[unit])
        for unit in finished
        if unit.phase == "using"
    )
    last = happened[-1]
    return MakingFigures(
        model=settings[0].model,
        user=settings[0].user,
        half=settings[0].half,
        left_out={kind: why for each in settings for kind, why in each.left_out.items() if kind not in sources},
        seed=settings[0].seed,
        test=settings[0].test,
        shown=settings[0].shown,
        validation=settings[0].validation,
        further=settings[0].further,
        runs=runs,
        methods=tuple(_methods(runs, baselines)),
        baselines=baselines,
        missing=tuple(_missing([unit for unit in planned if unit not in finished], happened)),
        ended=last.message if isinstance(last, events.Error | events.Spent) else None,
    )


def _test(event: events.Tested) -> TestFigures:
    return TestFigures(
        requests=event.requests,
        right=event.right,
        failed=event.failed,
        without_model=event.without_model,
        tokens=event.usage.total / event.requests,
        calls=event.usage.calls / event.requests,
        seconds=statistics.median(event.seconds),
    )


def _run(unit: Unit, source: Source, making: events.Made | events.Failed, test: TestFigures | None) -> RunFigures:
    usage = sum(making.usage.values(), TokenUsage())
    return RunFigures(
        task=unit.task,
        source=source,
        method=unit.method,
        run=unit.run,
        attempts=making.attempts,
        tokens=usage.total,
        calls=usage.calls,
        seconds=making.seconds,
        error=making.message if isinstance(making, events.Failed) else None,
        unproven=isinstance(making, events.Failed) and making.unproven,
        test=test,
    )


def _methods(runs: Sequence[RunFigures], baselines: Sequence[BaselineFigures]) -> Iterator[MethodFigures]:
    """Yield the figures by task, in the order of the tasks, and by method."""
    tasks = dict.fromkeys(run.task for run in runs)
    for task, method in dict.fromkeys((task, run.method) for task in tasks for run in runs if run.task == task):
        same = [run for run in runs if (run.task, run.method) == (task, method)]
        accuracies = [run.test.accuracy for run in same if run.test]
        solved = [(run.tokens, run.test.tokens) for run in same if run.solved and run.test]
        making, use = map(statistics.fmean, zip(*solved, strict=True)) if solved else (None, None)
        yield MethodFigures(
            task=task,
            source=same[0].source,
            method=method,
            runs=len(same),
            made=len(accuracies),
            solved=len(solved),
            accuracy=Spread.of(accuracies) if accuracies else None,
            tokens=Spread.of([run.tokens for run in same]),
            seconds=Spread.of([run.seconds for run in same]),
            solved_tokens=making,
            use_tokens=use,
            break_even={
                each.method: break_even(making, each.test.tokens, use)
                for each in baselines
                if each.task == task and making is not None and use is not None
            },
        )


def _missing(units: Sequence[Unit], happened: Sequence[Event]) -> Iterator[Missing]:
    begun = {event.unit for event in happened if isinstance(event, events.Begin)}
    errors = {event.unit: event.message for event in happened if isinstance(event, events.Error)}
    for unit in units:
        yield Missing(unit=unit, why=errors.get(unit, "it was cut short" if unit in begun else "it was not begun"))
