"""The values that pass between the stages. All are frozen, and all are plain data once dumped.

    Example -> Task -> (maker) -> ToolProposal -> VerificationReport -> MadeTool -> (user) -> Answer

`MadeTool` has a module of its own, since it can also be served as a LangChain tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.text.reading.parser import RequestParser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import BaseMessage

MAX_QUESTION_CHARACTERS = 100_000
"""A longer question or answer is refused: no model that fills arguments could read it."""

LEAST_TOLD = 4
"""Solved examples that whoever asks for a tool must tell: with fewer, one at most could be proof."""
_SHOWN = 3

ToolName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
"""A name that every model provider accepts for a tool."""

Stage = Literal["dispatching", "proposing", "verification", "using", "answering"]


class Value(BaseModel):
    """Base of the values: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(Value):
    """A question with its known answer.

    Attributes:
        question: The request, as it will be put.
        answer: In the form that later answers shall have.
    """

    question: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
    answer: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]


class Task(Value):
    """One kind of request, told by solved examples.

    Attributes:
        name: Becomes the tool's name. The maker is told it too: from a telling one a model may know how it is done.
        demonstrations: What the maker is shown.
        validation: What the maker never sees: the tool must solve them too.
        description: One sentence on the kind of request, if the examples alone do not tell it.
        check: How a tool's value is compared with an answer: `"exact"` (default), `"text"` (case and white space
            do not count), `"numeric"` (within a tolerance) or a function `(value, answer) -> bool`.

    Raises:
        pydantic.ValidationError: A question stands twice, or has two answers.
    """

    name: ToolName
    demonstrations: Annotated[tuple[Example, ...], Field(min_length=1)]
    validation: Annotated[tuple[Example, ...], Field(min_length=1)]
    description: str | None = None
    check: AnswerCheck = ExactCheck()

    @classmethod
    def of_examples(
        cls,
        name: str,
        description: str,
        examples: Sequence[Example],
        *,
        check: AnswerCheck | str = ExactCheck(),  # noqa: B008 - frozen
    ) -> Self:
        """Make a task of what somebody told at once: at most three examples are shown, at least half are the proof.

        Raises:
            pydantic.ValidationError: As for `Task`; fewer than two examples among it.
        """
        shown = min(_SHOWN, len(examples) // 2)
        return cls(
            name=name,
            description=description,
            demonstrations=tuple(examples[:shown]),
            validation=tuple(examples[shown:]),
            check=check,
        )

    @model_validator(mode="after")
    def _no_question_twice(self) -> Self:
        seen: dict[str, Example] = {}
        for example in (*self.demonstrations, *self.validation):
            first = seen.get(example.question.strip())
            if first is not None:
                twice = "stands twice" if first.answer.strip() == example.answer.strip() else "has two answers"
                msg = (
                    f"a question {twice}: {shorten(example.question)!r}. Every demonstration and validation "
                    "example must be a question of its own, or the proof would prove nothing"
                )
                raise ValueError(msg)
            seen[example.question.strip()] = example
        return self


class TokenUsage(Value):
    """Tokens and calls of a model. Add two with `+`.

    Attributes:
        input_tokens: What the model read.
        output_tokens: What it wrote.
        calls: How often it was asked.
    """

    input_tokens: NonNegativeInt = 0
    output_tokens: NonNegativeInt = 0
    calls: NonNegativeInt = 0

    @property
    def total(self) -> int:
        """Input and output tokens together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: TokenUsage) -> TokenUsage:
        return TokenUsage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            calls=self.calls + other.calls,
        )

    @classmethod
    def of(cls, message: BaseMessage | None) -> TokenUsage:
        """Read the usage that a model reports with a reply; zero tokens where it reports none."""
        usage = getattr(message, "usage_metadata", None) or {}
        return cls(input_tokens=usage.get("input_tokens", 0), output_tokens=usage.get("output_tokens", 0), calls=1)


class ToolProposal(Value):
    """A function that a model wrote and that passed the checks on its form, not yet proven.

    Attributes:
        source: The Python text.
        entry: Name of the function to call.
        description: First part of its docstring.
        parameters: JSON schema of its parameters, derived inside the sandbox.
        parser: Reads its arguments off questions, where the maker took the parameters that the harness offered.
    """

    source: str
    entry: str
    description: str
    parameters: dict[str, Any]
    parser: RequestParser | None = None


class VerificationCase(Value):
    """What came of one example.

    Attributes:
        role: Whether the maker had seen the example.
        question: The example's question.
        expected: Its known answer.
        arguments: What the tool user read off the question; None when it found none that are valid.
        value: What the function returned.
        passed: Whether the value is the answer.
        error: Why there is no value.
        seconds: Time of the function in the sandbox; the lesser, where it was run twice.
    """

    role: Literal["demonstration", "validation"]
    question: str
    expected: str
    arguments: dict[str, Any] | None = None
    value: Any = None
    passed: bool = False
    error: str | None = None
    seconds: NonNegativeFloat = 0.0


class VerificationReport(Value):
    """The proof of one candidate, case by case, and what the probes found.

    Attributes:
        cases: Every example that was tried. Validation examples are tried only after all demonstrations passed.
        unstable: Questions whose arguments, run twice, gave two different values.
        hard_coded: Answers that stand literally in the source.
        complete: Whether every example of the task was tried.
    """

    cases: tuple[VerificationCase, ...]
    unstable: tuple[str, ...] = ()
    hard_coded: tuple[str, ...] = ()
    complete: bool = False

    @property
    def verified(self) -> bool:
        """Whether every example passed and no probe found anything."""
        return self.complete and self.passed == len(self.cases) and not (self.unstable or self.hard_coded)

    @property
    def slowness(self) -> float:
        """Seconds that the slowest example took more than the quickest: what a sandbox takes for any is in both."""
        seconds = [case.seconds for case in self.cases if case.arguments is not None]
        return max(seconds, default=0.0) - min(seconds, default=0.0)

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(case.passed for case in self.cases)


class Candidate(Value):
    """One reply of the maker and what became of it.

    Attributes:
        reply: What the model wrote, shortened.
        temperature: What it was sampled with; None means the model's own.
        way: Which of the ways to read arguments and to return answers it was asked to take; None for its own.
        refusal: Why it was not even run.
        proposal: The function, when its form was right.
        report: Its proof, when it was run.
    """

    reply: str
    temperature: float | None = None
    way: NonNegativeInt | None = None
    refusal: str | None = None
    proposal: ToolProposal | None = None
    report: VerificationReport | None = None

    @property
    def verified(self) -> bool:
        """Whether it was run, and its proof holds."""
        return self.report is not None and self.report.verified


class Attempt(Value):
    """One round of proposing and verifying.

    Attributes:
        number: Counted from 1.
        candidates: What the maker replied in it.
    """

    number: PositiveInt
    candidates: tuple[Candidate, ...]


class WorkedExample(Value):
    """A proven reading of a question: the few-shot examples of the tool user.

    Attributes:
        question: The question.
        arguments: What was read off it.
        answer: What the tool made of them.
    """

    question: str
    arguments: dict[str, Any]
    answer: str


class Provenance(Value):
    """Where a tool comes from.

    Attributes:
        maker_model: Name of the model that wrote it.
        user_model: Name of the model that read the arguments during the proof.
        attempts: Rounds that were needed.
        candidates: Replies of the maker in these rounds.
        usage: Tokens by stage.
        seconds: Time on the clock of the whole making.
        created_at: UTC, ISO 8601.
        versions: Of this package, langchain-core and Python.
    """

    maker_model: str
    user_model: str
    attempts: PositiveInt
    candidates: PositiveInt
    usage: dict[Stage, TokenUsage]
    seconds: NonNegativeFloat
    created_at: str
    versions: dict[str, str]


class ToolUse(Value):
    """One call of a tool.

    Attributes:
        tool: The tool's name.
        tool_id: The record's id.
        arguments: What it was called with.
        value: What it returned, as JSON data.
        seconds: Time of the function in the sandbox.
    """

    tool: str
    tool_id: str
    arguments: dict[str, Any]
    value: Any
    seconds: NonNegativeFloat


class DispatchCandidate(Value):
    """A tool that a request was compared with.

    Attributes:
        name: The tool's name.
        tool_id: Its record's id.
        by: What compared them: the `"words"` that they share, or `"embeddings"`.
        score: From 0 to 1, how much of what its example questions share the request holds; or how near the nearest of
            them is.
        threshold: The score from which the tool fits.
        fits: Whether it does: the score is enough, and what is shared makes up enough of the request.
    """

    name: ToolName
    tool_id: str
    by: Literal["words", "embeddings"] = "words"
    score: float
    threshold: float
    fits: bool


class Dispatch(Value):
    """What is to be done with a request.

    Attributes:
        action: `"reuse"` the tool; or `"make"` one, since enough requests of this kind wait; or let a strong model
            `"answer"` directly.
        tool: The tool's name, when one is reused.
        tool_id: Its record's id.
        by: What decided.
        score: The best candidate's score; 0 where there is none.
        candidates: The tools that came nearest, best first.
        waiting: How many solved requests of this kind wait for a tool, when none fits.
        reason: The decision in a sentence.
        usage: Tokens of the model, if one was asked.
    """

    action: Literal["reuse", "make", "answer"]
    tool: ToolName | None = None
    tool_id: str | None = None
    by: Literal["words", "embeddings", "model"] = "words"
    score: float = 0.0
    candidates: tuple[DispatchCandidate, ...] = ()
    waiting: NonNegativeInt = 0
    reason: str
    usage: TokenUsage = TokenUsage()


class Answer(Value):
    """The answer to one request, and what it cost.

    Attributes:
        question: The request.
        text: The answer.
        tool_use: The call that gave it; None when a model answered directly.
        usage: Tokens by stage.
        seconds: Time on the clock.
        id: For `record_feedback`; empty where no library keeps the answer.
        models: The model of each stage that took tokens.
        dispatch: Why it was answered in this way; None where nobody had to decide.
        tool_made: The name of the tool that was made on this occasion.
        notes: What else happened: a tool that failed, a making without success, a library that could not be written.
        waiting_for: What a person is asked before the run goes on (`create_latm`); None when it is done.
    """

    question: str
    text: str
    tool_use: ToolUse | None = None
    usage: dict[Stage, TokenUsage]
    seconds: NonNegativeFloat
    id: str = ""
    models: dict[Stage, str] = {}
    dispatch: Dispatch | None = None
    tool_made: ToolName | None = None
    notes: tuple[str, ...] = ()
    waiting_for: dict[str, Any] | None = None


class Feedback(Value):
    """What came of feedback on an answer.

    Attributes:
        answer_id: The answer's.
        right: Whether it was right.
        tool: The tool that gave it, or that was made of it.
        retired: Whether the tool was taken out of use, since it was wrong too often.
    """

    answer_id: str
    right: bool
    tool: ToolName | None = None
    retired: bool = False


class ToolEvent(Value):
    """What happened to a name, and when.

    Attributes:
        name: The tool's name.
        id: The record that it is about.
        action: `"added"` and `"activated"` make it the current one; after `"removed"` there is none.
        reason: Why, in the words of whoever did it.
        at: UTC, ISO 8601.
    """

    name: ToolName
    id: str
    action: Literal["added", "activated", "removed"]
    reason: str = ""
    at: str


class ToolSummary(Value):
    """One line of the list of tools.

    Attributes:
        name: The tool's name.
        id: Of the record that it means now.
        description: What it computes.
        since: When that became the current one; UTC, ISO 8601.
    """

    name: ToolName
    id: str
    description: str
    since: str


class ToolUsage(Value):
    """What is known of a name's uses, over all its versions.

    Attributes:
        uses: How often it was used, successful or not.
        failures: How often that gave no answer, or a wrong one.
        tokens: Tokens of the models that used it.
        last_use: UTC, ISO 8601; None when it was never used.
    """

    uses: NonNegativeInt = 0
    failures: NonNegativeInt = 0
    tokens: TokenUsage = TokenUsage()
    last_use: str | None = None


def shorten(text: str, width: int = 80) -> str:
    """Cut text for a message: one line, at most `width` characters."""
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width and len(text) <= 4 * width else line[: width - 3] + "..."


def first_error(error: ValidationError) -> str:
    """Say in one sentence what pydantic found first: where, and what is wrong."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    what = first["msg"].removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
