"""The events of `latm bench making|using|all`, one JSON line each, from which a stopped run continues.

settings                                what is measured; repeated when a later run adds something
begin, made, answered ..., tested       a tool was made, and answered the test
begin, failed                           no tool was made
begin, answered ..., tested             a baseline answered the test
error                                   the model or the sandbox failed: the unit is not finished
spent                                   the budget was spent, which ended the run
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt, TypeAdapter, ValidationError

from langchain_latm._core.defaults import ATTEMPTS
from langchain_latm.benchmarks.demo import DEMONSTRATIONS, VALIDATION
from langchain_latm.benchmarks.making.drawing import Half
from langchain_latm.benchmarks.making.tasks import Source
from langchain_latm.benchmarks.names import METHODS
from langchain_latm.exceptions import TaskError
from langchain_latm.types import Stage, TokenUsage, ToolName, Value, first_error

FILE: Final = "events.jsonl"
_PAPERS: Final = METHODS[1]


class Unit(Value):
    """A part of the measurement that is begun and finished as one."""

    phase: Literal["making", "using"]  # a tool is made and tested, or a baseline is used
    method: str  # how the tool is made, or the baseline
    task: ToolName
    run: NonNegativeInt = 0  # from 0; always 0 for a baseline

    def __str__(self) -> str:
        return f"{self.method}, {self.task}" + (f", run {self.run}" if self.phase == "making" else "")


class PlannedTask(Value):
    """How often tools are made for a task, and the hash of its examples."""

    source: Source
    runs: PositiveInt
    fingerprint: str


class Settings(Value):
    """The settings of a measurement."""

    event: Literal["settings"] = "settings"
    model: str  # name of the maker's model, as in records of tools
    user: str | None = None  # name of the model that uses tools and answers alone; None for the maker's
    seed: int  # seed of the kinds that are drawn, of demonstrations and of validation examples
    test: PositiveInt  # maximum examples in the test of each task
    shown: PositiveInt = DEMONSTRATIONS  # demonstrations
    validation: PositiveInt = VALIDATION  # validation examples
    further: NonNegativeInt = 0  # further unseen examples, if a proof needs more
    attempts: PositiveInt = ATTEMPTS  # maximum rounds of a making
    half: Half | None = None  # the half that the kinds were drawn from; None if they were named
    left_out: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it. Kinds that the draw passed over, and why
    tasks: dict[ToolName, PlannedTask]
    methods: tuple[str, ...]  # how tools are made; empty for baselines only
    baselines: tuple[str, ...]  # empty for tools only

    def units(self) -> Iterator[Unit]:
        """Yield the units in their order: the first run of everything, then the second one, and so on.

        The paper's way makes tools from questions only, not from rows of tables.
        """
        for run in range(max((task.runs for task in self.tasks.values()), default=0)):
            for name, task in self.tasks.items():
                if run < task.runs:
                    methods = [each for each in self.methods if (each, task.source) != (_PAPERS, "tables")]
                    yield from (Unit(phase="making", method=each, task=name, run=run) for each in methods)
                if run == 0:
                    yield from (Unit(phase="using", method=each, task=name) for each in self.baselines)

    def differences(self, other: Settings) -> list[str]:
        """Return the differences that lead to other results; more tasks, runs, methods and baselines do not."""
        named = [
            f"{name} {getattr(self, name)}, not {getattr(other, name)}"
            for name in ("model", "user", "seed", "test", "shown", "validation", "further", "attempts", "half")
            if getattr(self, name) != getattr(other, name)
        ]
        common = [name for name in self.tasks if name in other.tasks]
        changed = [name for name in common if self.tasks[name].fingerprint != other.tasks[name].fingerprint]
        if changed and self.test == other.test:  # another size of the test changes the examples of every task
            named.append(f"other examples of {', '.join(changed)}")
        return named


class Begin(Value):
    """A unit begins, or begins again."""

    event: Literal["begin"] = "begin"
    unit: Unit


class Made(Value):
    """A tool was made; its record is in the folder `tools`. `usage` is by stage, `seconds` are wall-clock time."""

    event: Literal["made"] = "made"
    unit: Unit
    attempts: PositiveInt
    usage: dict[Stage, TokenUsage]
    seconds: NonNegativeFloat


class Failed(Value):
    """No tool was made. The unit is finished."""

    event: Literal["failed"] = "failed"
    unit: Unit
    attempts: NonNegativeInt
    usage: dict[Stage, TokenUsage]
    seconds: NonNegativeFloat
    message: str
    unproven: bool = False  # whether a function was right on all examples, but these are too few for a proof


class Answered(Value):
    """One request of the test was answered."""

    event: Literal["answered"] = "answered"
    unit: Unit
    number: NonNegativeInt  # index of the request in the test
    right: bool  # whether the answer is the known one
    failed: bool  # whether there was no answer
    usage: TokenUsage  # tokens and calls of the model
    seconds: NonNegativeFloat


class Tested(Value):
    """All requests of the test were answered. The unit is finished."""

    event: Literal["tested"] = "tested"
    unit: Unit
    requests: PositiveInt
    right: NonNegativeInt  # requests with the known answer
    failed: NonNegativeInt  # requests without an answer
    without_model: NonNegativeInt  # requests answered without a model call, right or wrong
    usage: TokenUsage  # tokens and calls for all requests
    seconds: tuple[NonNegativeFloat, ...]  # for each request, in the order of the test

    @classmethod
    def of(cls, unit: Unit, answered: Sequence[Answered]) -> Tested:
        """Sum up the answers to a test, in order."""
        return cls(
            unit=unit,
            requests=len(answered),
            right=sum(each.right for each in answered),
            failed=sum(each.failed for each in answered),
            without_model=sum(not each.failed and not each.usage.calls for each in answered),
            usage=sum((each.usage for each in answered), TokenUsage()),
            seconds=tuple(each.seconds for each in answered),
        )


class Error(Value):
    """The model or the sandbox failed, which ended the run."""

    event: Literal["error"] = "error"
    unit: Unit
    message: str


class Spent(Value):
    """The budget was spent, which ended the run."""

    event: Literal["spent"] = "spent"
    message: str


Event = Annotated[Settings | Begin | Made | Failed | Answered | Tested | Error | Spent, Field(discriminator="event")]
_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)


class EventLog:
    """The file of events. An appended event is on disk when `append` returns.

    An incomplete last line, left by a killed process, is removed.

    Raises:
        TaskError: The file cannot be read, or holds other events.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.events: list[Event] = []
        if path.exists():
            self.events, length = _read(path)
            os.truncate(path, length)

    def append(self, event: Event) -> None:
        """Write one more event."""
        with self._path.open("ab") as file:
            file.write(event.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.events.append(event)

    def finished(self) -> set[Unit]:
        """Return the finished units."""
        return {event.unit for event in self.events if isinstance(event, Failed | Tested)}

    def stopped(self) -> set[Unit]:
        """Return the units in which the model or the sandbox failed."""
        return {event.unit for event in self.events if isinstance(event, Error)}

    def made(self, unit: Unit) -> bool:
        """Return whether the unit's tool is made."""
        return any(isinstance(event, Made) and event.unit == unit for event in self.events)

    def answered(self, unit: Unit) -> dict[int, Answered]:
        """Return the answers to the unit's test so far, by the number of the request."""
        return {event.number: event for event in self.events if isinstance(event, Answered) and event.unit == unit}

    def begin(self, settings: Settings) -> None:
        """Write the settings of a run, unless they are there.

        Raises:
            TaskError: The file holds a measurement whose results would differ; the text lists the differences.
        """
        for earlier in (event for event in self.events if isinstance(event, Settings)):
            if differences := earlier.differences(settings):
                raise TaskError(
                    f"{self._path} is of another measurement: {'; '.join(differences)}. Choose another folder"
                )
        if settings not in self.events:
            self.append(settings)


def read_events(path: Path) -> Sequence[Event]:
    """Read the events of a run, finished or not; the file stays as it is.

    Raises:
        TaskError: As for `EventLog`, or there is no file.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Event], int]:
    """Return the events, and how many bytes of the file they take."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror or error}") from error
    whole = data[: data.rfind(b"\n") + 1]
    events: list[Event] = []
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            events.append(_EVENT.validate_json(line))
        except ValidationError as error:
            raise TaskError(f"{path}:{number}: not an event of this benchmark: {first_error(error)}") from error
    return events, len(whole)
