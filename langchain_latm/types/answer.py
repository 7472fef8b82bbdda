"""The answer to a request, how it was dispatched, what is doubtful about it, and feedback on it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import NonNegativeFloat, NonNegativeInt

from langchain_latm.types.base import Stage, TokenUsage, ToolName, Value


class ToolUse(Value):
    """One call of a tool.

    Attributes:
        tool: The tool's name.
        tool_id: The record's id.
        arguments: The arguments of the call.
        value: What it returned, as JSON data.
        seconds: Time of the function in the sandbox.
    """

    tool: str
    tool_id: str
    arguments: dict[str, Any]
    value: Any
    seconds: NonNegativeFloat


DoubtCode = Literal[
    "history",
    "content",
    "system_prompt",
    "different",
    "unjudged",
    "disputed",
    "same",
    "reread",
    "parser",
    "differing",
    "budget",
    "cut",
]
"""The code of a doubt; `Doubt` explains each."""


class Doubt(Value):
    """A reason why the reuse of a tool, or an answer, was uncertain, and what was done about it.

    With these codes the strong model answered:

    - `history`: the request follows earlier messages.
    - `content`: the request contains more than text, such as an image or a file.
    - `system_prompt`: a tool fits the text, but the request comes under a system prompt, and the tool was made without.
    - `different`: its wording differs from the tool's examples, and a model judged that it asks for something else.
    - `unjudged`: its wording differs from the tool's examples, and no model judged whether it asks for the same.
    - `disputed`: feedback calls the tool's earlier answer to the same request wrong.
    - `budget`: enough requests of its kind wait for a tool, but the day's budget for making tools is spent.
    - `cut`: no tool was used, and the strong model reached its limit of tokens, so that its answer ends too early.
    - `differing`: functions that are right on all examples give different answers to it, so the tool refused it.

    With these codes the tool answered:

    - `same`: its wording differs from the tool's examples, and a model judged that it asks for the same.
    - `reread`: the tool failed on the arguments that its parser read, and a model read other ones.
    - `parser`: the tool's parser and a model read different arguments.

    Attributes:
        code: The code.
        sentence: The same for a person.
        tool: The tool that it is about, if there is one.
    """

    code: DoubtCode
    sentence: str
    tool: ToolName | None = None


class DispatchCandidate(Value):
    """A tool that a request was compared with.

    Attributes:
        name: The tool's name.
        tool_id: Its record's id.
        by: How they were compared: by the `"words"` that all its example questions share, by the `"likeness"` to single
            ones, by its `"parser"`, or by likeness and `"embeddings"`.
        score: From 0 to 1: the share of what its example questions have in common that occurs in the request, or the
            probability that the tool is right.
        threshold: Score from which the tool fits.
        fits: Whether the score reaches the threshold and what is shared makes up enough of the request.
    """

    name: ToolName
    tool_id: str
    by: Literal["words", "likeness", "parser", "embeddings"] = "words"
    score: float
    threshold: float
    fits: bool


class Dispatch(Value):
    """What to do with a request.

    Attributes:
        action: `"reuse"` the tool; `"make"` one, since enough requests of this kind wait; or let a strong model
            `"answer"` directly.
        tool: The tool's name, if one is reused.
        tool_id: Its record's id.
        by: What decided. `"inputs"`: the names of a row's inputs. `"context"`: the request is more than a text alone
            (`create_latm`), so no tool was searched.
        score: The best candidate's score; 0 if there is none.
        probability: The probability that the most similar tool is right; None if its wording decided alone, or if
            no tool is similar.
        candidates: The tools that came nearest, best first.
        waiting: Number of solved requests of this kind that wait for a tool, if none fits.
        reason: The decision in a sentence.
        usage: Tokens of the model, if one was asked.
    """

    action: Literal["reuse", "make", "answer"]
    tool: ToolName | None = None
    tool_id: str | None = None
    by: Literal["words", "parser", "embeddings", "model", "context", "inputs"] = "words"
    score: float = 0.0
    probability: float | None = None
    candidates: tuple[DispatchCandidate, ...] = ()
    waiting: NonNegativeInt = 0
    reason: str
    usage: TokenUsage = TokenUsage()


class Answer(Value):
    """The answer to one request, and what it cost.

    Attributes:
        question: The request; inputs as JSON.
        text: The answer.
        tool_use: The call that gave it; None if a model answered directly.
        usage: Tokens by stage.
        seconds: Wall time.
        id: For `record_feedback`; empty if no library keeps the answer.
        models: The model of each stage that took tokens.
        dispatch: The decision; None if there was nothing to decide.
        tool_made: The name of the tool that this request had made.
        notes: What else happened: a tool that failed, a making without success, a library that could not be written.
        doubts: Why the reuse of a tool was uncertain; empty if it was certain.
        waiting_for: The question to a person that interrupts the run (`create_latm`); None if the run is done.
    """

    question: str
    text: str
    tool_use: ToolUse | None = None
    usage: dict[Stage, TokenUsage]
    seconds: NonNegativeFloat
    id: str = ""
    models: dict[Stage, str] = {}  # noqa: RUF012 - pydantic copies it
    dispatch: Dispatch | None = None
    tool_made: ToolName | None = None
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    waiting_for: dict[str, Any] | None = None


class Feedback(Value):
    """The effect of feedback on an answer.

    Attributes:
        answer_id: The answer's id.
        right: Whether it was right.
        tool: The tool that gave it, or that was made from it.
        retired: Whether the tool was taken out of use because it was wrong too often. `ToolLibrary.activate` undoes it.
        id: The feedback's own id, for `ToolLibrary.withdraw_feedback`.
        counted: Whether it counts by itself. Feedback of one stranger is only a doubt: the strong model answers the
            same request from then on.
    """

    answer_id: str
    right: bool
    tool: ToolName | None = None
    retired: bool = False
    id: str = ""
    counted: bool = True
