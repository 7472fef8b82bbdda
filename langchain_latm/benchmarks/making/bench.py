"""Makes and tests tools, and lets baselines answer the same tests.

Everything is stored as events (`events`), so a stopped run continues without repeating finished requests and makings.
An interrupted making starts over; the figures do not contain its earlier cost.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.defaults import ATTEMPTS
from langchain_latm.benchmarks.demo import DEMONSTRATIONS, VALIDATION
from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.baselines import create_baseline
from langchain_latm.benchmarks.making.drawing import Half
from langchain_latm.benchmarks.making.events import Event, EventLog, PlannedTask, Settings, Unit
from langchain_latm.benchmarks.making.tasks import FURTHER, BenchTask
from langchain_latm.exceptions import ModelError, SandboxError, ToolMakingError, ToolUseError
from langchain_latm.making.maker import ToolMaker, create_tool_maker
from langchain_latm.making.paper.maker import create_paper_maker
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import ExactCheck, answer_text
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Answer, Example, Task, TokenUsage

TOOLS: Final = "tools"
"""Folder of the tools, in the folder of the results: `METHOD-TASK-RUN.tool.json`, or `METHOD-TASK-RUN.failed.json` with
the attempts of a making that failed."""

Maker = Callable[[Runnable[Any, Any], Runnable[Any, Any], Sandbox], Runnable[Task, MadeTool]]
"""Gets the maker's model, the tool user's and the sandbox."""
Progress = Callable[[str, int, int], None]
"""Gets the current step, how much of it is done, and of how much; zero of zero if unknown."""
Step = Callable[[str, str], None]
"""Gets a finished stage of a making, and its result."""

LIMIT: Final = 3_600.0
"""Seconds after which a making starts no new attempt.

It is generous, so that attempts and tokens are the limits and a busy machine does not change the results.
"""

MAKERS: Final[Mapping[str, Maker]] = {
    "default": lambda maker, user, sandbox: create_tool_maker(
        maker, user, sandbox=sandbox, direct_samples=0, seconds=LIMIT
    ),
    "paper": lambda maker, user, sandbox: create_paper_maker(maker, user, sandbox=sandbox),
}
"""How tools are made, by name."""


@dataclass(frozen=True, kw_only=True)
class MakingBench:
    """Makes and tests tools, and lets baselines answer the same tests; parts that `out` holds are not repeated."""

    maker: Runnable[Any, Any]  # makes the tools
    user: Runnable[Any, Any]  # uses them, and is the baselines' model
    sandbox: Sandbox
    out: Path  # an existing folder for `events.jsonl` and the tools
    seed: int = 0  # seed of demonstrations and validation examples
    shown: int = DEMONSTRATIONS
    validation: int = VALIDATION
    further: int = FURTHER
    attempts: int = ATTEMPTS  # maximum rounds of a making, as in `makers`
    test: int | None = None  # maximum examples in a test; by default the number of the longest one
    half: Half | None = None  # the half that the tasks were drawn from
    left_out: Mapping[str, str] = field(default_factory=dict)  # kinds that the draw skipped
    spent: Callable[[Sequence[Event]], str | None] = lambda _: None  # gets all events; returns a reason to stop, if any
    concurrency: int = 1  # requests at the same time; with more than one, each takes longer
    makers: Mapping[str, Maker] = field(default_factory=lambda: MAKERS)
    progress: Progress = lambda *_: None
    step: Step = lambda *_: None

    def run(
        self, tasks: Sequence[tuple[BenchTask, int]], *, methods: Sequence[str] = (), baselines: Sequence[str] = ()
    ) -> None:
        """Measure the missing parts, until `spent` says to stop. A making or request that has begun is finished.

        Args:
            tasks: Each with its number of runs.
            methods: Keys of `makers`; none for baselines only.
            baselines: Some of `BASELINES`; none for tools only. Each gets the demonstrations of run 0.

        Raises:
            TaskError: `out` holds another measurement.
            ModelError: The model cannot be reached. Finished parts are kept, and the events tell which parts are
                missing.
            SandboxError: The sandbox itself failed. Finished parts are kept.
            OSError: `out` cannot be written.
        """
        log = EventLog(self.out / events.FILE)
        by_name = {task.name: task for task, _ in tasks}
        settings = self.settings(tasks, methods=methods, baselines=baselines)
        log.begin(settings)
        finished, stopped = log.finished(), log.stopped()
        # A unit that ended a run comes last, so that everything else is measured even if it fails each time.
        units = sorted((unit for unit in settings.units() if unit not in finished), key=lambda unit: unit in stopped)
        for number, unit in enumerate(units, 1):
            try:
                self._run(log, unit, by_name[unit.task], f"{number} of {len(units)}: {unit}")
            except _SpentError as spent:
                log.append(events.Spent(message=str(spent)))
                return
            except (ModelError, SandboxError) as error:
                log.append(events.Error(unit=unit, message=str(error)))
                raise

    def settings(
        self, tasks: Sequence[tuple[BenchTask, int]], *, methods: Sequence[str] = (), baselines: Sequence[str] = ()
    ) -> Settings:
        """Return what `run` would measure."""
        maker, user = model_name(self.maker), model_name(self.user)
        return Settings(
            model=maker,
            user=None if user == maker else user,
            seed=self.seed,
            test=self.test or max(len(task.test) for task, _ in tasks),
            shown=self.shown,
            validation=self.validation,
            further=self.further,
            attempts=self.attempts,
            half=self.half,
            left_out=dict(self.left_out),
            tasks={t.name: PlannedTask(source=t.source, runs=runs, fingerprint=t.fingerprint) for t, runs in tasks},
            methods=tuple(dict.fromkeys(methods)),
            baselines=tuple(dict.fromkeys(baselines)),
        )

    def _run(self, log: EventLog, unit: Unit, task: BenchTask, title: str) -> None:
        """Run the missing part of a unit."""
        self._require_budget(log)
        log.append(events.Begin(unit=unit))
        given = task.task(self.seed, unit.run, shown=self.shown, validation=self.validation, further=self.further)
        if unit.phase == "using":
            shown = [_in_words(each) for each in given.demonstrations]
            answerer = create_baseline(unit.method, self.user, demonstrations=shown, sandbox=self.sandbox)
        elif (tool := self._tool(log, unit, given, title)) is not None:
            answerer = create_tool_user(tool, self.user, sandbox=self.sandbox)
        else:
            return
        self._test(log, unit, answerer, task.test, f"{title}: testing")

    def _tool(self, log: EventLog, unit: Unit, task: Task, title: str) -> MadeTool | None:
        """Return the unit's tool, made now or earlier; None if the making failed."""
        file = self.out / TOOLS / f"{unit.method}-{unit.task}-{unit.run}.tool.json"
        if log.made(unit):
            return MadeTool.load(file)
        self.progress(f"{title}: making", 0, 0)
        file.parent.mkdir(exist_ok=True)
        maker = self.makers[unit.method](self.maker, self.user, self.sandbox)
        start = time.perf_counter()
        try:
            tool = _make(maker, task, self.step)
        except ToolMakingError as failure:
            seconds = time.perf_counter() - start
            attempts = [attempt.model_dump(mode="json") for attempt in failure.attempts]
            failed = file.with_name(file.name.replace(".tool.json", ".failed.json"))
            write_atomically(failed, json.dumps(attempts, indent=2) + "\n")
            message, usage = str(failure), failure.usage
            event = events.Failed(unit=unit, attempts=len(attempts), usage=usage, seconds=seconds, message=message)
            reports = [each.report for attempt in failure.attempts for each in attempt.candidates if each.report]
            log.append(event.model_copy(update={"unproven": any(report.right for report in reports)}))
            return None
        seconds = time.perf_counter() - start
        write_atomically(file, tool.dump())
        made = tool.provenance
        log.append(events.Made(unit=unit, attempts=made.attempts, usage=made.usage, seconds=seconds))
        return tool

    def _test(
        self, log: EventLog, unit: Unit, answerer: Runnable[Any, Answer], examples: Sequence[Example], title: str
    ) -> None:
        """Ask the requests that have not been asked yet, and sum up."""
        answered = log.answered(unit)
        left = [number for number in range(len(examples)) if number not in answered]
        config = RunnableConfig(max_concurrency=self.concurrency)
        ask: Runnable[int, Any] = RunnableLambda(lambda number: _ask(answerer, examples[number], unit, number))
        self.progress(title, len(answered), len(examples))
        # In parts, so that a failure loses no finished request.
        for first in range(0, len(left), self.concurrency):
            self._require_budget(log)
            outcomes = ask.batch(left[first : first + self.concurrency], config, return_exceptions=True)
            for event in outcomes:
                if isinstance(event, events.Answered):
                    answered[event.number] = event
                    log.append(event)
            for error in outcomes:
                if isinstance(error, Exception):
                    raise error
            self.progress(title, len(answered), len(examples))
        log.append(events.Tested.of(unit, [answered[number] for number in range(len(examples))]))

    def _require_budget(self, log: EventLog) -> None:
        if why := self.spent(log.events):
            raise _SpentError(why)


class _SpentError(Exception):
    """Ends a run whose budget is spent."""


def _in_words(example: Example) -> Example:
    """Return a row in the form for a model without a tool: inputs as JSON, answer as text."""
    return Example(question=example.text, answer=answer_text(example.answer)) if example.inputs else example


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


def _ask(answerer: Runnable[Any, Answer], example: Example, unit: Unit, number: int) -> events.Answered:
    """Ask one request of the test. A tool or program that fails gives no answer; a nearly right answer is wrong."""
    start = time.perf_counter()
    typed = example.inputs is not None and unit.phase == "making"
    asked = example if typed else _in_words(example)
    try:
        answer = answerer.invoke(asked.inputs if typed else asked.question)
        value = answer.tool_use.value if typed and answer.tool_use else answer.text
        right, failed = ExactCheck(values=typed).matches(value, asked.answer), False
        usage = sum(answer.usage.values(), TokenUsage())
    except ToolUseError as failure:
        right, failed, usage = False, True, failure.usage
    seconds = round(time.perf_counter() - start, 4)
    return events.Answered(unit=unit, number=number, right=right, failed=failed, usage=usage, seconds=seconds)
