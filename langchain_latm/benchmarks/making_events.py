"""The events of `latm bench making`: one JSON line each, from which a killed run goes on and the report is written.

settings                                what is measured; again when a later run wants more
begin, made, answered ..., tested       a tool was made, and answered the test
begin, failed                           no tool was made
begin, answered ..., tested             a baseline answered the test
error                                   the model or the sandbox failed: the unit is not finished
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt, TypeAdapter, ValidationError

from langchain_latm.benchmarks.making_tasks import Source
from langchain_latm.exceptions import TaskError
from langchain_latm.types import Stage, TokenUsage, ToolName, Value, first_error

FILE: Final = "events.jsonl"


class Unit(Value):
    """What is begun and finished as one.

    Attributes:
        phase: `"making"` a tool and testing it, or `"using"` a baseline.
        method: How the tool is made, or the baseline.
        task: The task's name.
        run: From 0; always 0 for a baseline.
    """

    phase: Literal["making", "using"]
    method: str
    task: ToolName
    run: NonNegativeInt = 0

    def __str__(self) -> str:
        return f"{self.method}, {self.task}" + (f", run {self.run}" if self.phase == "making" else "")


class PlannedTask(Value):
    """How often tools are made for a task, and the hash of its examples."""

    source: Source
    runs: PositiveInt
    fingerprint: str


class Settings(Value):
    """What is measured.

    Attributes:
        model: Its name, as in records.
        seed: What demonstrations and validation examples are drawn from.
        test: Examples in the test of each task.
        tasks: By name.
        methods: How tools are made; empty where only baselines are wanted.
        baselines: Empty where only tools are wanted.
    """

    event: Literal["settings"] = "settings"
    model: str
    seed: int
    test: PositiveInt
    tasks: dict[ToolName, PlannedTask]
    methods: tuple[str, ...]
    baselines: tuple[str, ...]

    def units(self) -> Iterator[Unit]:
        """Yield the units in their order: the first run of everything, then the second one, and so on."""
        for run in range(max((task.runs for task in self.tasks.values()), default=0)):
            for name, task in self.tasks.items():
                if run < task.runs:
                    yield from (Unit(phase="making", method=each, task=name, run=run) for each in self.methods)
                if run == 0:
                    yield from (Unit(phase="using", method=each, task=name) for each in self.baselines)

    def differences(self, other: Settings) -> list[str]:
        """Say what in `other` would give other results; more tasks, runs, methods and baselines are none."""
        named = [
            f"{name} {getattr(self, name)}, not {getattr(other, name)}"
            for name in ("model", "seed", "test")
            if getattr(self, name) != getattr(other, name)
        ]
        common = [name for name in self.tasks if name in other.tasks]
        changed = [name for name in common if self.tasks[name].fingerprint != other.tasks[name].fingerprint]
        # Another size of the test changes the examples of every task: to say so again would tell nothing.
        if changed and self.test == other.test:
            named.append(f"other examples of {', '.join(changed)}")
        return named


class Begin(Value):
    """A unit begins, or begins again."""

    event: Literal["begin"] = "begin"
    unit: Unit


class Made(Value):
    """A tool was made; its record is in the folder `tools`. `usage` is by stage, `seconds` on the clock."""

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


class Answered(Value):
    """One request of the test.

    Attributes:
        number: Its place in the test, from 0.
        right: Whether the answer is the known one.
        failed: Whether there was no answer.
        usage: Tokens and calls of the model.
        seconds: Time on the clock.
    """

    event: Literal["answered"] = "answered"
    unit: Unit
    number: NonNegativeInt
    right: bool
    failed: bool
    usage: TokenUsage
    seconds: NonNegativeFloat


class Tested(Value):
    """All requests of the test are answered. The unit is finished.

    Attributes:
        requests: All of them.
        right: Answered as known.
        failed: Without an answer.
        without_model: Answered without a call of a model, right or wrong.
        usage: Tokens and calls for all of them.
        seconds: For each request, in the order of the test.
    """

    event: Literal["tested"] = "tested"
    unit: Unit
    requests: PositiveInt
    right: NonNegativeInt
    failed: NonNegativeInt
    without_model: NonNegativeInt
    usage: TokenUsage
    seconds: tuple[NonNegativeFloat, ...]


class Error(Value):
    """The model or the sandbox failed, and with it the run."""

    event: Literal["error"] = "error"
    unit: Unit
    message: str


Event = Annotated[Settings | Begin | Made | Failed | Answered | Tested | Error, Field(discriminator="event")]
_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)


class EventLog:
    """The file of events. What is appended is on the disk when `append` returns.

    A last line without its end is what a killed process leaves: it is cut off.

    Raises:
        TaskError: The file cannot be read, or is none of this benchmark.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        whole = 0
        self.events: list[Event] = []
        if path.exists():
            self.events, whole = _read(path)
            os.truncate(path, whole)

    def append(self, event: Event) -> None:
        """Write one more event."""
        with self._path.open("ab") as file:
            file.write(event.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.events.append(event)

    def finished(self) -> set[Unit]:
        """Return the units that need not run again."""
        return {event.unit for event in self.events if isinstance(event, Failed | Tested)}

    def failed_before(self) -> set[Unit]:
        """Return the units in which the model or the sandbox failed."""
        return {event.unit for event in self.events if isinstance(event, Error)}

    def made(self, unit: Unit) -> bool:
        """Say whether the unit's tool is made."""
        return any(isinstance(event, Made) and event.unit == unit for event in self.events)

    def answered(self, unit: Unit) -> dict[int, Answered]:
        """Return what is known of the unit's test, by the number of the request."""
        return {event.number: event for event in self.events if isinstance(event, Answered) and event.unit == unit}

    def refuse_other(self, settings: Settings) -> None:
        """Refuse to go on with settings that give other results than those in the file.

        Raises:
            TaskError: With what differs.
        """
        for earlier in (event for event in self.events if isinstance(event, Settings)):
            if differences := earlier.differences(settings):
                raise TaskError(
                    f"{self._path} is of another measurement: {'; '.join(differences)}. Choose another folder"
                )


def read_events(path: Path) -> Sequence[Event]:
    """Read the events of a run, whether it has ended or not; the file stays as it is.

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
