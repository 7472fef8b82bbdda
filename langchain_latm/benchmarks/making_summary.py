"""From the events of `latm bench making|using|all` to its figures, whether all that was wanted is finished or not."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

from langchain_latm.benchmarks import making_events as events
from langchain_latm.benchmarks.making_events import Event, Settings, Unit
from langchain_latm.benchmarks.making_figures import (
    BaselineFigures,
    MakingFigures,
    MethodFigures,
    Missing,
    RunFigures,
    Spread,
    TestFigures,
)
from langchain_latm.benchmarks.making_tasks import Source
from langchain_latm.exceptions import TaskError
from langchain_latm.types import TokenUsage


def break_even(making: float, direct: float, use: float) -> int | None:
    """Say after how many requests a making has paid for itself; None if never.

    Args:
        making: What it took.
        direct: What a request takes without the tool.
        use: What one takes with it.
    """
    return math.ceil(making / (direct - use)) if direct > use else None


def figures_of(happened: Sequence[Event]) -> MakingFigures:
    """Compute the figures from the events of one folder.

    Raises:
        TaskError: There are no settings among them.
    """
    settings = [event for event in happened if isinstance(event, Settings)]
    if not settings:
        raise TaskError("nothing was measured: the events hold no settings")
    sources = {name: task.source for each in settings for name, task in each.tasks.items()}
    made = {event.unit: event for event in happened if isinstance(event, events.Made)}
    failed = {event.unit: event for event in happened if isinstance(event, events.Failed)}
    tested = {event.unit: _test(event) for event in happened if isinstance(event, events.Tested)}
    wanted = list(dict.fromkeys(unit for each in settings for unit in each.units()))
    makings: dict[Unit, events.Made | events.Failed] = {**made, **failed}
    runs = tuple(
        _run(unit, sources[unit.task], makings[unit], tested.get(unit))
        for unit in wanted
        if unit.phase == "making" and (unit in tested or unit in failed)
    )
    baselines = tuple(
        BaselineFigures(task=unit.task, source=sources[unit.task], method=unit.method, test=tested[unit])
        for unit in wanted
        if unit.phase == "using" and unit in tested
    )
    last = happened[-1]
    return MakingFigures(
        model=settings[0].model,
        seed=settings[0].seed,
        test=settings[0].test,
        runs=runs,
        methods=tuple(_methods(runs, baselines)),
        baselines=baselines,
        missing=tuple(_missing(wanted, {*tested, *failed}, happened)),
        ended=last.message if isinstance(last, events.Error) else None,
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
        test=test,
    )


def _methods(runs: Sequence[RunFigures], baselines: Sequence[BaselineFigures]) -> Iterable[MethodFigures]:
    """Yield the figures by task, in the order of the tasks, and by method."""
    tasks = dict.fromkeys(run.task for run in runs)
    for task, method in dict.fromkeys((task, run.method) for task in tasks for run in runs if run.task == task):
        of_it = [run for run in runs if (run.task, run.method) == (task, method)]
        solved = [run for run in of_it if run.solved]
        accuracies = [run.test.accuracy for run in of_it if run.test]
        making = statistics.fmean(run.tokens for run in solved) if solved else None
        use = statistics.fmean(run.test.tokens for run in solved if run.test) if solved else None
        yield MethodFigures(
            task=task,
            source=of_it[0].source,
            method=method,
            runs=len(of_it),
            made=len(accuracies),
            solved=len(solved),
            accuracy=Spread.of(accuracies) if accuracies else None,
            tokens=Spread.of([run.tokens for run in of_it]),
            seconds=Spread.of([run.seconds for run in of_it]),
            solved_tokens=making,
            use_tokens=use,
            break_even={
                each.method: break_even(making, each.test.tokens, use)
                for each in baselines
                if each.task == task and making is not None and use is not None
            },
        )


def _missing(wanted: Sequence[Unit], finished: set[Unit], happened: Sequence[Event]) -> Iterable[Missing]:
    begun = {event.unit for event in happened if isinstance(event, events.Begin)}
    errors = {event.unit: event.message for event in happened if isinstance(event, events.Error)}
    for unit in wanted:
        if unit not in finished:
            cut = "it was cut short" if unit in begun else "it was not begun"
            yield Missing(unit=unit, why=errors.get(unit, cut))
