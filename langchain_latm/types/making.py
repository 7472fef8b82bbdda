"""The values of a making: proposals, reports, attempts, and the origin of a tool."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt, SerializerFunctionWrapHandler, model_serializer

from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.types.base import Stage, StoredValue, TokenUsage, Value
from langchain_latm.types.comparison import Comparison
from langchain_latm.types.packages import Package

MAX_CHANCE: Final = 0.01
"""Largest chance of a proof that a candidate which guesses passes it."""
_ROUNDING: Final = 1e-9
"""Two examples with a chance of one in ten each are a proof, but 0.1 ** 2 > 0.01 in floating point."""


def is_chance(chance: float) -> bool:
    """Whether this chance that a guess passes is too large for a proof."""
    return chance > MAX_CHANCE + _ROUNDING


class InlinedHelper(Value):
    """A function of another made tool whose source became a part of a tool.

    Attributes:
        function: Name of the function.
        tool: Name of the tool that it is from.
        id: Id of that tool's record.
    """

    function: str
    tool: str
    id: str

    def __str__(self) -> str:
        """Return the function and where it is from, for a person."""
        return f"{self.function} of {self.tool} ({self.id[:12]})"


class ToolProposal(StoredValue):
    """A valid function that a model wrote, not yet proven.

    Attributes:
        source: The Python text.
        entry: Name of the function to call.
        description: First part of its docstring.
        parameters: JSON schema of its parameters, derived inside the sandbox.
        parser: Reads its arguments off questions, if the maker used the parameters that the harness offered.
        inputs: For a typed task, the parameter that each input is given to, by the input's name.
        packages: The packages that it imports; empty if it needs only the standard library.
        helpers: The functions of other made tools that its source contains.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"inputs", "packages", "helpers"})

    source: str
    entry: str
    description: str
    parameters: dict[str, Any]
    parser: RequestParser | None = None
    inputs: dict[str, str] | None = None
    packages: tuple[Package, ...] = ()
    helpers: tuple[InlinedHelper, ...] = ()


class VerificationCase(Value):
    """The result of one example.

    Attributes:
        role: Whether the maker saw the example.
        question: The example's question; for a typed task, its inputs as JSON.
        expected: Its known answer: a text, or for a typed task any JSON value.
        arguments: What was read off the question; None if no valid arguments were found. For a typed task the inputs,
            by the names of the function's parameters.
        value: What the function returned.
        passed: Whether the value is the answer.
        error: Why there is no value.
        seconds: Time of the function in the sandbox; if it ran twice, the shorter time.
    """

    role: Literal["demonstration", "validation"]
    question: str
    expected: Any
    arguments: dict[str, Any] | None = None
    value: Any = None
    passed: bool = False
    error: str | None = None
    seconds: NonNegativeFloat = 0.0


class VerificationReport(Value):
    """The proof of one candidate, case by case, and what the probes found.

    Attributes:
        cases: Every example that was tried. Validation examples are tried only after all demonstrations passed.
        unstable: Questions whose arguments gave a different value in a second run: at once, or with sets in another
            order (another hash seed).
        hard_coded: Answers that occur literally in the source.
        complete: Whether every example of the task was tried.
        trials: How many candidates of the making were tried on unseen examples, up to this one. 0 if it was not
            counted, as in records of earlier versions.
        chance: Upper bound of the chance that one of these candidates passes by guessing, if this one passed.
            [How many examples](../how_to/write_a_task.md#how-many) says how it is found. None if it was not estimated.
        accuracy: Lower bound of the share of such requests on which the function is right, if this one passed: 95 %
            sure, exact (Clopper-Pearson), corrected for the number of trials (Bonferroni). None if not estimated.
        more_needed: How many more unseen examples would lower the chance to 1 %, if it is above; None if it is not, or
            if no number of such examples would.
        comparison: The comparison with other proven functions; None if there was no other.
        refused: How many further examples the tool refused, since it does not know their wording. They are no cases:
            they prove nothing, and such requests go to the strong model.
    """

    cases: tuple[VerificationCase, ...]
    unstable: tuple[str, ...] = ()
    hard_coded: tuple[str, ...] = ()
    complete: bool = False
    trials: NonNegativeInt = 0
    chance: NonNegativeFloat | None = None
    accuracy: NonNegativeFloat | None = None
    more_needed: PositiveInt | None = None
    comparison: Comparison | None = None
    refused: NonNegativeInt = 0

    @property
    def verified(self) -> bool:
        """Whether it is right, and the chance that a guess passes, if estimated, is at most 1 %."""
        return self.right and not self.may_be_chance

    @property
    def right(self) -> bool:
        """Whether every example passed and no probe found anything."""
        return self.complete and self.passed == len(self.cases) and not (self.unstable or self.hard_coded)

    @property
    def may_be_chance(self) -> bool:
        """Whether guessing would pass with a chance of more than 1 %."""
        return self.chance is not None and is_chance(self.chance)

    @property
    def slowness(self) -> float:
        """Seconds between the slowest and the quickest example. The difference cancels the sandbox's own time."""
        seconds = [case.seconds for case in self.cases if case.arguments is not None]
        return max(seconds, default=0.0) - min(seconds, default=0.0)

    @property
    def passed(self) -> int:
        """Number of cases that passed."""
        return sum(case.passed for case in self.cases)

    @model_serializer(mode="wrap")
    def _without_unknown(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out fields that were not estimated, so that older records keep their ids."""
        later = ("chance", "accuracy", "more_needed", "comparison")
        unknown = {name for name in later if getattr(self, name) is None}
        unknown |= {name for name in ("trials", "refused") if not getattr(self, name)}
        return {name: value for name, value in plain(self).items() if name not in unknown}


class Candidate(Value):
    """One reply of the maker and its outcome, or an earlier one after a repair.

    Attributes:
        reply: What the model wrote, shortened; after a repair the repaired source, as a reply.
        temperature: Temperature that it was sampled with; None for the model's own.
        way: Index of the way that it was asked to fill; None if it chose the parameters itself.
        maker: Name of the model that wrote it, or `program search`.
        refusal: Why it was not run.
        proposal: The function, if the reply was valid.
        report: Its proof, if it was run.
        repaired: The changes that the repair made in a reply of the maker, step by step; empty for an unchanged reply.
    """

    reply: str
    temperature: float | None = None
    way: NonNegativeInt | None = None
    maker: str = ""
    refusal: str | None = None
    proposal: ToolProposal | None = None
    report: VerificationReport | None = None
    repaired: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether it was run and passed."""
        return self.report is not None and self.report.verified


class Attempt(Value):
    """One round of proposing and verifying.

    Attributes:
        number: Counted from 1.
        candidates: The maker's replies, then the repaired ones that were tried on unseen examples.
    """

    number: PositiveInt
    candidates: tuple[Candidate, ...]


class WorkedExample(Value):
    """A proven reading of a question, for the few-shot prompt of the tool user.

    Attributes:
        question: The question.
        arguments: What was read off it.
        answer: What the tool computed from them.
    """

    question: str
    arguments: dict[str, Any]
    answer: str


class DirectCost(Value):
    """The cost of answering unseen examples of a proof directly with a model, without the tool.

    Attributes:
        model: Its name.
        answers: How many it answered.
        right: How many of these answers were right.
        usage: Tokens of all of them.
        seconds: Seconds from asking to the answer, added up.
    """

    model: str
    answers: PositiveInt
    right: NonNegativeInt
    usage: TokenUsage
    seconds: NonNegativeFloat


class Provenance(StoredValue):
    """Origin of a tool.

    Attributes:
        maker_model: Name of the model that wrote it, or `program search` if none did.
        user_model: Name of the model that read the arguments during the proof.
        attempts: Number of rounds.
        candidates: Number of replies of the maker in these rounds.
        usage: Tokens by stage.
        seconds: Wall time of the whole making.
        created_at: UTC, ISO 8601.
        versions: Versions of this package, langchain-core and Python.
        repaired: The changes that a repair made in the maker's function, step by step.
        direct: The cost of direct answers to unseen examples; None if it was not measured.
        makers: Tokens of the stage `proposing` by model, if one maker after the other was asked; otherwise empty, since
            all are of `maker_model`.
        helpers: The functions of other made tools that its source contains.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"repaired", "direct", "makers", "helpers"})

    maker_model: str
    user_model: str
    attempts: PositiveInt
    candidates: PositiveInt
    usage: dict[Stage, TokenUsage]
    seconds: NonNegativeFloat
    created_at: str
    versions: dict[str, str]
    repaired: tuple[str, ...] = ()
    direct: DirectCost | None = None
    makers: dict[str, TokenUsage] = {}  # noqa: RUF012 - pydantic copies it
    helpers: tuple[InlinedHelper, ...] = ()
