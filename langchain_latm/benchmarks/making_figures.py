"""The values that `latm bench making|using|all` gives."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, NonNegativeInt, PositiveInt

from langchain_latm.benchmarks.making_events import Unit
from langchain_latm.benchmarks.making_tasks import Source

SOLVED: Final = 0.95
"""The part of the test that a tool answers rightly, from which it counts as a success. A proof alone does not."""


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class Spread(_Figures):
    """What several runs gave."""

    mean: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up values; at least one."""
        return cls(mean=statistics.fmean(values), lowest=min(values), highest=max(values))


class TestFigures(_Figures):
    """How one way answered the test of a task.

    Attributes:
        requests: All of them.
        right: Answered as known.
        failed: Without an answer.
        without_model: Answered without a call of a model.
        tokens: For each request, input and output, on average.
        calls: Of a model for each request, on average.
        seconds: For a request, median.
    """

    __test__ = False  # pytest would take it for a test

    requests: PositiveInt
    right: NonNegativeInt
    failed: NonNegativeInt
    without_model: NonNegativeInt
    tokens: NonNegativeFloat
    calls: NonNegativeFloat
    seconds: NonNegativeFloat

    @property
    def accuracy(self) -> float:
        """The part of the requests that is answered rightly; one without an answer is not."""
        return self.right / self.requests


class RunFigures(_Figures):
    """One making, and the test of what it made.

    Attributes:
        task: Its name.
        source: Where its examples come from.
        method: How the tool is made.
        run: From 0.
        attempts: Of the maker.
        tokens: That the making took, of maker and tool user, input and output.
        calls: Of a model, the same.
        seconds: On the clock, the same.
        error: Why there is no tool; None where there is one.
        test: Of the tool; None where there is none.
    """

    task: str
    source: Source
    method: str
    run: NonNegativeInt
    attempts: NonNegativeInt
    tokens: NonNegativeInt
    calls: NonNegativeInt
    seconds: NonNegativeFloat
    error: str | None = None
    test: TestFigures | None = None

    @property
    def solved(self) -> bool:
        """Whether the tool answers enough of the test rightly."""
        return self.test is not None and self.test.accuracy >= SOLVED


class BaselineFigures(_Figures):
    """One baseline on the test of a task."""

    task: str
    source: Source
    method: str
    test: TestFigures


class MethodFigures(_Figures):
    """One way of making over all runs of a task.

    Attributes:
        task: Its name.
        source: Where its examples come from.
        method: How the tools are made.
        runs: That are finished.
        made: Those of them that gave a tool.
        solved: Those whose tool answers at least `SOLVED` of the test rightly.
        accuracy: On the test, over the runs with a tool.
        tokens: Of a making, over all runs.
        seconds: The same.
        solved_tokens: Tokens of a making, mean over the runs that solved; None where none did.
        use_tokens: Tokens of a request, the same.
        break_even: By baseline: after how many requests the making has paid for itself in tokens, from these two means;
            None for never. Empty where no run solved.
    """

    task: str
    source: Source
    method: str
    runs: PositiveInt
    made: NonNegativeInt
    solved: NonNegativeInt
    accuracy: Spread | None
    tokens: Spread
    seconds: Spread
    solved_tokens: float | None
    use_tokens: float | None
    break_even: dict[str, NonNegativeInt | None]


class Missing(_Figures):
    """A unit that was wanted and is not finished, and why."""

    unit: Unit
    why: str


class MakingFigures(_Figures):
    """The result of `latm bench making|using|all`.

    Attributes:
        model: Which took every role.
        seed: What demonstrations and validation examples were drawn from.
        test: Requests in each test.
        runs: Makings that are finished.
        methods: The same by task and method.
        baselines: That are finished.
        missing: What was wanted besides.
        ended: What ended the last run early; None where nothing did.
    """

    model: str
    seed: int
    test: PositiveInt
    runs: tuple[RunFigures, ...]
    methods: tuple[MethodFigures, ...]
    baselines: tuple[BaselineFigures, ...]
    missing: tuple[Missing, ...]
    ended: str | None = None
