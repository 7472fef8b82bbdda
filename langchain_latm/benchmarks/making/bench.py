"""Makes and tests tools, and lets baselines answer the same tests.

Everything is kept as events (`events`), so a stopped run goes on where it was: no finished request is asked again, and
a tool that is made is not made again. A making that was cut short begins anew; what it had spent is in no figure.
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
from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.baselines import create_baseline
from langchain_latm.benchmarks.making.events import EventLog, PlannedTask, Settings, Unit
from langchain_latm.benchmarks.making.tasks import BenchTask
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
"""Folder of the tools, in the folder of the results: `METHOD-TASK-RUN.tool.json`, or `METHOD-TASK-RUN.failed.json` with
the attempts of a making that failed."""

_CHECK: Final = ExactCheck()
"""For every method: an answer that is nearly right is wrong."""

Maker = Callable[[Runnable[Any, Any], Sandbox], Runnable[Task, MadeTool]]
Progress = Callable[[str, int, int], None]
"""Gets the current step, how much of it is done, and of how much; zero of zero where that is not known."""
Step = Callable[[str, str], None]
"""Gets a finished stage of a making, and its result."""

MAKERS: Final[Mapping[str, Maker]] = {
    "default": lambda model, sandbox: create_tool_maker(model, model, sandbox=sandbox),
    "paper": lambda model, sandbox: create_paper_maker(model, model, sandbox=sandbox),
}
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
    """Make and test tools, and let baselines answer the same tests; what `out` holds already is not done again.

    Args:
        tasks: Each with its number of runs.
        model: Takes every role.
        sandbox: Runs tools and programs.
        out: An existing folder for `events.jsonl` and the tools.
        seed: Seed of demonstrations and validation examples.
        methods: Keys of `makers`; none for baselines only.
        baselines: Some of `BASELINES`; none for tools only. Each gets the demonstrations of run 0.
        concurrency: Requests at the same time. With more than one, each takes longer.
        makers: Makes the tools.
        progress: Gets each step.
        step: Gets each step of a making.

    Raises:
        TaskError: `out` holds another measurement.
        ModelError: The model cannot be reached. What was finished is kept, and the events say what was not.
        SandboxError: The sandbox itself failed. What was finished is kept.
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
    log.begin(settings)
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
    finished, stopped = log.finished(), log.stopped()
    # A unit that ended a run comes last: if it fails each time, everything else is measured nevertheless.
    units = sorted((unit for unit in settings.units() if unit not in finished), key=lambda unit: unit in stopped)
    for number, unit in enumerate(units, 1):
        try:
            bench.run(unit, f"{number} of {len(units)}: {unit}")
        except (ModelError, SandboxError) as error:
            log.append(events.Error(unit=unit, message=str(error)))
            raise


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """Runs one unit after the other."""

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

    def run(self, unit: Unit, title: str) -> None:
        """Do what is missing of a unit."""
        self.log.append(events.Begin(unit=unit))
        task = self.tasks[unit.task]
        answerer: Runnable[str, Answer]
        if unit.phase == "using":
            shown = task.task(self.seed, unit.run).demonstrations
            answerer = create_baseline(unit.method, self.model, demonstrations=shown, sandbox=self.sandbox)
        else:
            tool = self._tool(unit, title)
            if tool is None:
                return
            answerer = create_tool_user(tool, self.model, sandbox=self.sandbox)
        self._test(unit, answerer, task.test, f"{title}: testing")

    def _tool(self, unit: Unit, title: str) -> MadeTool | None:
        """Return the unit's tool, made now or before; None if the making failed."""
        file = self.tools / f"{unit.method}-{unit.task}-{unit.run}.tool.json"
        if self.log.made(unit):
            return MadeTool.load(file)
        self.progress(f"{title}: making", 0, 0)
        self.tools.mkdir(exist_ok=True)
        maker = self.makers[unit.method](self.model, self.sandbox)
        start = time.perf_counter()
        try:
            tool = _make(maker, self.tasks[unit.task].task(self.seed, unit.run), self.step)
        except ToolMakingError as failure:
            seconds = time.perf_counter() - start
            attempts = [attempt.model_dump(mode="json") for attempt in failure.attempts]
            failed = file.with_name(file.name.replace(".tool.json", ".failed.json"))
            write_atomically(failed, json.dumps(attempts, indent=2) + "\n")
            message, usage = str(failure), failure.usage
            event = events.Failed(unit=unit, attempts=len(attempts), usage=usage, seconds=seconds, message=message)
            self.log.append(event)
            return None
        seconds = time.perf_counter() - start
        write_atomically(file, tool.dump())
        made = tool.provenance
        self.log.append(events.Made(unit=unit, attempts=made.attempts, usage=made.usage, seconds=seconds))
        return tool

    def _test(self, unit: Unit, answerer: Runnable[str, Answer], examples: Sequence[Example], title: str) -> None:
        """Ask the requests that have not been asked yet, and sum up."""
        answered = self.log.answered(unit)
        left = [number for number in range(len(examples)) if number not in answered]
        config = RunnableConfig(max_concurrency=self.concurrency)
        ask: Runnable[int, Any] = RunnableLambda(lambda number: _ask(answerer, examples[number], unit, number))
        self.progress(title, len(answered), len(examples))
        # In parts, so that after a failure no request was asked in vain.
        for first in range(0, len(left), self.concurrency):
            outcomes = ask.batch(left[first : first + self.concurrency], config, return_exceptions=True)
            for event in outcomes:
                if isinstance(event, events.Answered):
                    answered[event.number] = event
                    self.log.append(event)
            for error in outcomes:
                if isinstance(error, Exception):
                    raise error
            self.progress(title, len(answered), len(examples))
        self.log.append(events.Tested.of(unit, [answered[number] for number in range(len(examples))]))


def _make(maker: Runnable[Task, MadeTool], task: Task, step: Step) -> MadeTool:
    """Make a tool, and report the steps of a maker that streams them."""
    if not isinstance(maker, ToolMaker):
        return maker.invoke(task)
    tool: MadeTool | None = None
    for event in maker.stream(task, stream_mode="custom"):
        step(event.stage, event.message)
        tool = event.tool
    if tool is None:  # the last event always carries it: `stream` raises otherwise
        raise ModelError("the making ended without a tool")
    return tool


def _ask(answerer: Runnable[str, Answer], example: Example, unit: Unit, number: int) -> events.Answered:
    """Ask one request of the test; a tool or program that fails gives no answer."""
    start = time.perf_counter()
    try:
        answer = answerer.invoke(example.question)
        right, failed = _CHECK.matches(answer.text, example.answer), False
        usage = sum(answer.usage.values(), TokenUsage())
    except ToolUseError as failure:
        right, failed, usage = False, True, failure.usage
    seconds = round(time.perf_counter() - start, 4)
    return events.Answered(unit=unit, number=number, right=right, failed=failed, usage=usage, seconds=seconds)
