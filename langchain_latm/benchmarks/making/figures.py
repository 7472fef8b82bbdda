"""The values that `latm bench making|using|all` measures; stored runs hold them too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from langchain_latm.benchmarks.demo import DEMONSTRATIONS, VALIDATION
from langchain_latm.benchmarks.making.drawing import Half
from langchain_latm.benchmarks.making.events import Unit
from langchain_latm.benchmarks.making.tasks import Source
from langchain_latm.benchmarks.report import Figures, Spread

SOLVED: Final = 0.95
"""Share of the test that a tool must answer correctly to count as a success. A proof is not enough."""


class TestFigures(Figures):
    """The results of the test of a task."""

    __test__ = False  # otherwise pytest collects it

    requests: PositiveInt
    right: NonNegativeInt  # requests with the known answer
    failed: NonNegativeInt  # requests without an answer
    without_model: NonNegativeInt  # requests answered without a model call
    tokens: NonNegativeFloat  # input and output tokens per request, mean
    calls: NonNegativeFloat  # model calls per request, mean
    seconds: NonNegativeFloat  # time of a request, median

    @property
    def accuracy(self) -> float:
        """Share of the requests with the right answer; a missing answer is not right."""
        return self.right / self.requests

    @property
    def wrong(self) -> float:
        """Share of the requests with a wrong answer; a missing answer is not wrong."""
        return (self.requests - self.right - self.failed) / self.requests


class RunFigures(Figures):
    """One making, and the test of its tool."""

    task: str
    source: Source
    method: str
    run: NonNegativeInt
    attempts: NonNegativeInt
    tokens: NonNegativeInt  # input and output tokens of the making, for maker and tool user
    calls: NonNegativeInt  # model calls of the making
    seconds: NonNegativeFloat  # wall-clock time of the making
    error: str | None = None  # why there is no tool; None if there is one
    unproven: bool = False  # whether a function was right on all examples, but these are too few for a proof
    test: TestFigures | None = None  # test of the tool; None if there is none

    @property
    def solved(self) -> bool:
        """Whether the tool answers enough of the test correctly."""
        return self.test is not None and self.test.accuracy >= SOLVED

    @property
    def false_proof(self) -> bool:
        """Whether the tool answers too much of the test wrongly."""
        return self.test is not None and not self.solved and self.test.wrong > 1 - SOLVED


class BaselineFigures(Figures):
    """One baseline on the test of a task."""

    task: str
    source: Source
    method: str
    test: TestFigures


class MethodFigures(Figures):
    """One method of making, over all runs of a task."""

    task: str
    source: Source
    method: str
    runs: PositiveInt
    made: NonNegativeInt  # runs that made a tool
    solved: NonNegativeInt  # runs whose tool answers at least `SOLVED` of the test correctly
    accuracy: Spread | None  # accuracy on the test, over the runs with a tool
    tokens: Spread  # tokens of a making, over all runs
    seconds: Spread  # wall-clock time of a making, over all runs
    solved_tokens: float | None  # tokens of a making, mean over the runs that solved; None if none did
    use_tokens: float | None  # tokens of a request, mean over the runs that solved; None if none did
    # By baseline: requests after which the making has paid for itself in tokens, from these two means; None for
    # never. Empty if no run solved.
    break_even: dict[str, NonNegativeInt | None]


class Yield(NamedTuple):
    """The right answers and the tokens of a making with its test, or of a baseline's test."""

    task: str
    accuracy: float
    right: int
    tokens: float  # of the test, and of the making

    @classmethod
    def of(cls, task: str, test: TestFigures | None, making: int = 0) -> Self:
        """Sum up a test; without one, nothing is right."""
        if test is None:
            return cls(task, 0.0, 0, making)
        return cls(task, test.accuracy, test.right, making + test.tokens * test.requests)


def per_1000(results: Sequence[Yield]) -> float | None:
    """Return the right answers for 1,000 tokens; None if there were no tokens."""
    tokens = sum(each.tokens for each in results)
    return 1_000 * sum(each.right for each in results) / tokens if tokens else None


class Missing(Figures):
    """A planned unit that is not finished, with the reason."""

    unit: Unit
    why: str


class MakingFigures(Figures):
    """The result of `latm bench making|using|all`."""

    model: str  # name of the maker's model
    user: str | None = None  # name of the model that used tools and answered alone; None for the maker's
    half: Half | None = None  # the half that the kinds were drawn from; None if they were named
    left_out: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it. Kinds that the draw passed over, and why
    seed: int  # seed of the kinds that are drawn, of demonstrations and of validation examples
    test: PositiveInt
    shown: PositiveInt = DEMONSTRATIONS  # demonstrations of a making
    validation: PositiveInt = VALIDATION  # its validation examples
    further: NonNegativeInt = 0  # further unseen examples, where a proof needs more
    runs: tuple[RunFigures, ...]
    methods: tuple[MethodFigures, ...]  # finished makings, by task and method
    baselines: tuple[BaselineFigures, ...]
    missing: tuple[Missing, ...]
    ended: str | None = None  # the reason why the last run ended early, if it did

    def accuracy(self, task: str, method: str) -> float | None:
        """Return the share of a task's test that is right: of a baseline, or the mean of the tools of a method."""
        for tools in self.methods:
            if (tools.task, tools.method) == (task, method):
                return tools.accuracy.mean if tools.accuracy else None
        alone = (each.test.accuracy for each in self.baselines if (each.task, each.method) == (task, method))
        return next(alone, None)
