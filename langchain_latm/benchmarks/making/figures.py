"""The values that `latm bench making|using|all` measures; stored runs hold them too."""

from __future__ import annotations

from typing import Final

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from langchain_latm.benchmarks.making.events import Unit
from langchain_latm.benchmarks.making.tasks import Source
from langchain_latm.benchmarks.report import Figures, Spread

SOLVED: Final = 0.95
"""Share of the test that a tool must answer rightly to count as a success. A proof alone does not count."""


class TestFigures(Figures):
    """How the test of a task was answered.

    Attributes:
        requests: Number of requests.
        right: Requests with the known answer.
        failed: Requests without an answer.
        without_model: Requests answered without a model call.
        tokens: Input and output tokens per request, mean.
        calls: Model calls per request, mean.
        seconds: Time of a request, median.
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
        """Share of the requests with the right answer; one without an answer is not right."""
        return self.right / self.requests


class RunFigures(Figures):
    """One making, and the test of its tool.

    Attributes:
        task: Name of the task.
        source: Source of its examples.
        method: How the tool is made.
        run: From 0.
        attempts: Attempts of the maker.
        tokens: Input and output tokens of the making, for maker and tool user.
        calls: Model calls of the making.
        seconds: Wall-clock time of the making.
        error: Why there is no tool; None if there is one.
        test: Test of the tool; None if there is none.
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


class BaselineFigures(Figures):
    """One baseline on the test of a task."""

    task: str
    source: Source
    method: str
    test: TestFigures


class MethodFigures(Figures):
    """One way of making, over all runs of a task.

    Attributes:
        task: Name of the task.
        source: Source of its examples.
        method: How the tools are made.
        runs: Finished runs.
        made: Runs that made a tool.
        solved: Runs whose tool answers at least `SOLVED` of the test rightly.
        accuracy: On the test, over the runs with a tool.
        tokens: Tokens of a making, over all runs.
        seconds: Wall-clock time of a making, over all runs.
        solved_tokens: Tokens of a making, mean over the runs that solved; None if none did.
        use_tokens: Tokens of a request, mean over the runs that solved; None if none did.
        break_even: By baseline: requests after which the making has paid for itself in tokens, from these two means;
            None for never. Empty if no run solved.
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


class Missing(Figures):
    """A unit that was planned and is not finished, and why."""

    unit: Unit
    why: str


class MakingFigures(Figures):
    """The result of `latm bench making|using|all`.

    Attributes:
        model: Name of the model, which took every role.
        seed: Seed of demonstrations and validation examples.
        test: Requests in each test.
        runs: Finished makings.
        methods: Finished makings, by task and method.
        baselines: Finished baselines.
        missing: Units that are not finished.
        ended: What ended the last run early; None if nothing did.
    """

    model: str
    seed: int
    test: PositiveInt
    runs: tuple[RunFigures, ...]
    methods: tuple[MethodFigures, ...]
    baselines: tuple[BaselineFigures, ...]
    missing: tuple[Missing, ...]
    ended: str | None = None

    def accuracy(self, task: str, method: str) -> float | None:
        """Return the share of a task's test that is right: of a baseline, or the mean of the tools of a method."""
        for tools in self.methods:
            if (tools.task, tools.method) == (task, method):
                return tools.accuracy.mean if tools.accuracy else None
        alone = (each.test.accuracy for each in self.baselines if (each.task, each.method) == (task, method))
        return next(alone, None)
