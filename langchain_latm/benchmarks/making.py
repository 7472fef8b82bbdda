"""`latm bench making|using|all`: tools are made and tested, and measured against ways that need none.

What happens is kept as events (`making_events`), so a run that is killed goes on where it was: no finished request is
asked again, and a tool that is made is not made again. A making that was cut short begins anew; what it had spent is in
no figure.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm.benchmarks import making_events as events
from langchain_latm.benchmarks.baselines import create_baseline
from langchain_latm.benchmarks.making_events import EventLog, PlannedTask, Settings, Unit
from langchain_latm.benchmarks.making_tasks import BenchTask
from langchain_latm.exceptions import ModelError, SandboxError, ToolMakingError, ToolUseError
from langchain_latm.making.maker import ToolMaker, create_tool_maker
from langchain_latm.making.paper.maker import create_paper_maker
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import ExactCheck
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Answer, Example, Task, TokenUsage

TOOLS: Final = "tools"
"""The folder of what was made, in that of the results: `METHOD-TASK-RUN.tool.json`, and `METHOD-TASK-RUN.failed.json`
with the attempts of a making without success."""

_CHECK: Final = ExactCheck()
"""For every method: what is nearly the answer is wrong."""

Maker = Callable[[Runnable[Any, Any], Sandbox], Runnable[Task, MadeTool]]
Progress = Callable[[str, int, int], None]
"""Gets what is done now, how much of it is done, and of how much; zero of zero where that is not known."""
Step = Callable[[str, str], None]
"""Gets the stage of a making that is done, and what came of it."""


def _default(model: Runnable[Any, Any], sandbox: Sandbox) -> Runnable[Task, MadeTool]:
    return create_tool_maker(model, model, sandbox=sandbox)


def _paper(model: Runnable[Any, Any], sandbox: Sandbox) -> Runnable[Task, MadeTool]:
    return create_paper_maker(model, model, sandbox=sandbox)


MAKERS: Final[Mapping[str, Maker]] = {"default": _default, "paper": _paper}
"""How tools are made, by name. One model takes both roles."""


def bench_making(
    tasks: Sequence[tuple[BenchTask, int]],
    model: Runnable[Any, Any],
    sandbox: Sandbox,
    out: Path,
    *,
    seed: int = 0,
    methods: Sequence[str] = (),
    baselines: Sequence[str] = (),
    concurrency: int = 1,
    makers: Mapping[str, Maker] = MAKERS,
    progress: Progress = lambda *_: None,
    step: Step = lambda *_: None,
) -> None:
    """Make and test tools, and let baselines answer the same tests; what is in `out` already is not done again.

    Args:
        tasks: Each with the number of its runs.
        model: Takes every role.
        sandbox: Where tools and programs run.
        out: An existing folder for `events.jsonl` and the tools.
        seed: What demonstrations and validation examples are drawn from.
        methods: Keys of `makers`; none for baselines alone.
        baselines: Some of `BASELINES`; none for tools alone. Each gets the demonstrations of run 0.
        concurrency: Requests under way at the same time. More than one makes the seconds of each longer.
        makers: What makes the tools.
        progress: Told what is done.
        step: Told of each step of a making.

    Raises:
        TaskError: `out` holds another measurement.
        ModelError: The model cannot be reached. What was finished before is kept, and the events say what was not.
        SandboxError: The sandbox itself failed; the same.
        OSError: `out` cannot be written.
    """
    log = EventLog(out / events.FILE)
    settings = Settings(
        model=model_name(model),
        seed=seed,
        test=len(tasks[0][0].test),
        tasks={
            task.name: PlannedTask(source=task.source, runs=runs, fingerprint=task.fingerprint) for task, runs in tasks
        },
        methods=tuple(dict.fromkeys(methods)),
        baselines=tuple(dict.fromkeys(baselines)),
    )
    log.refuse_other(settings)
    if settings not in log.events:
        log.append(settings)
    bench = _Bench(
        tasks={task.name: task for task, _ in tasks},
        model=model,
        sandbox=sandbox,
        tools=out / TOOLS,
        log=log,
        seed=seed,
        concurrency=concurrency,
        makers=makers,
        progress=progress,
        step=step,
    )
    finished, failed = log.finished(), log.failed_before()
    units = [unit for unit in settings.units() if unit not in finished]
    # What ended a run before comes last: if it does so each time, it keeps nothing else from being measured.
    units.sort(key=lambda unit: unit in failed)
    for number, unit in enumerate(units, 1):
        try:
            bench.run(unit, f"{number} of {len(units)}: {unit}")
        except (ModelError, SandboxError) as error:
            log.append(events.Error(unit=unit, message=str(error)))
            raise


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """The work on one unit after the other."""

    tasks: Mapping[str, BenchTask]
    model: Runnable[Any, Any]
    sandbox: Sandbox
    tools: Path
    log: EventLog
    seed: int
    concurrency: int
    makers: Mapping[str, Maker]
    progress: Progress
    step: Step

    def run(self, unit: Unit, told: str) -> None:
        """Do what is missing of a unit."""
        self.log.append(events.Begin(unit=unit))
        task = self.tasks[unit.task]
        answerer: Runnable[str, Answer]
        if unit.phase == "using":
            shown = task.task(self.seed, unit.run).demonstrations
            answerer = create_baseline(unit.method, self.model, demonstrations=shown, sandbox=self.sandbox)
        else:
            tool = self._tool(unit, told)
            if tool is None:
                return
            answerer = create_tool_user(tool, self.model, sandbox=self.sandbox)
        self._test(unit, answerer, task.test, f"{told}: testing")

    def _tool(self, unit: Unit, told: str) -> MadeTool | None:
        """Return the unit's tool, made now or before; None when there is none to be had."""
        name = f"{unit.method}-{unit.task}-{unit.run}"
        if self.log.made(unit):
            return MadeTool.load(self.tools / f"{name}.tool.json")
        self.progress(f"{told}: making", 0, 0)
        self.tools.mkdir(exist_ok=True)
        maker = self.makers[unit.method](self.model, self.sandbox)
        start = time.perf_counter()
        try:
            tool = _made(maker, self.tasks[unit.task].task(self.seed, unit.run), self.step)
        except ToolMakingError as failure:
            seconds = time.perf_counter() - start
            attempts = [attempt.model_dump(mode="json") for attempt in failure.attempts]
            write_atomically(self.tools / f"{name}.failed.json", json.dumps(attempts, indent=2) + "\n")
            why = str(failure)
            self.log.append(
                events.Failed(unit=unit, attempts=len(attempts), usage=failure.usage, seconds=seconds, message=why)
            )
            return None
        seconds = time.perf_counter() - start
        write_atomically(self.tools / f"{name}.tool.json", tool.dump())
        made = tool.provenance
        self.log.append(events.Made(unit=unit, attempts=made.attempts, usage=made.usage, seconds=seconds))
        return tool

    def _test(self, unit: Unit, answerer: Runnable[str, Answer], examples: Sequence[Example], told: str) -> None:
        """Ask what has not been asked yet, and sum up."""
        answered = self.log.answered(unit)
        left = [number for number in range(len(examples)) if number not in answered]
        config = RunnableConfig(max_concurrency=self.concurrency)
        timed: Runnable[str, Any] = RunnableLambda(lambda question: _timed(answerer, question))
        self.progress(told, len(answered), len(examples))
        # In parts, so that a failure wastes no request that is already on its way.
        for first in range(0, len(left), self.concurrency):
            part = left[first : first + self.concurrency]
            outcomes = timed.batch([examples[n].question for n in part], config, return_exceptions=True)
            for number, outcome in zip(part, outcomes, strict=True):
                if not isinstance(outcome, Exception):
                    answer, seconds = outcome
                    answered[number] = _answered(unit, number, answer, seconds, examples[number].answer)
                    self.log.append(answered[number])
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    raise outcome
            self.progress(told, len(answered), len(examples))
        self.log.append(_tested(unit, [answered[number] for number in range(len(examples))]))


def _made(maker: Runnable[Task, MadeTool], task: Task, step: Step) -> MadeTool:
    """Make a tool; a maker that tells its steps is listened to."""
    if not isinstance(maker, ToolMaker):
        return maker.invoke(task)
    tool: MadeTool | None = None
    for event in maker.stream(task, stream_mode="custom"):
        step(event.stage, event.message)
        tool = event.tool
    if tool is None:  # the last event always carries it: `stream` raises otherwise
        raise ModelError("the making ended without a tool")
    return tool


def _timed(answerer: Runnable[str, Answer], question: str) -> tuple[Answer | ToolUseError, float]:
    start = time.perf_counter()
    try:
        outcome: Answer | ToolUseError = answerer.invoke(question)
    except ToolUseError as failure:
        outcome = failure
    return outcome, time.perf_counter() - start


def _answered(unit: Unit, number: int, outcome: Answer | ToolUseError, seconds: float, known: str) -> events.Answered:
    if isinstance(outcome, ToolUseError):
        right, usage = False, outcome.usage
    else:
        right, usage = _CHECK.matches(outcome.text, known), sum(outcome.usage.values(), TokenUsage())
    return events.Answered(
        unit=unit,
        number=number,
        right=right,
        failed=isinstance(outcome, ToolUseError),
        usage=usage,
        seconds=round(seconds, 4),
    )


def _tested(unit: Unit, answered: Sequence[events.Answered]) -> events.Tested:
    return events.Tested(
        unit=unit,
        requests=len(answered),
        right=sum(each.right for each in answered),
        failed=sum(each.failed for each in answered),
        without_model=sum(not each.failed and not each.usage.calls for each in answered),
        usage=sum((each.usage for each in answered), TokenUsage()),
        seconds=tuple(each.seconds for each in answered),
    )
