"""The state of a making, as plain data, and its progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict

from langgraph.config import get_stream_writer

from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Attempt, Candidate, Stage, Task, TokenUsage, Value, VerificationReport

MakingStage = Literal["proposing", "verification", "repair", "wrapping"]

_SLOW: Final = 0.5
"""Maximum difference in seconds between the slowest and the quickest example. A slower function may exceed the
sandbox's time limit on a larger request."""


class MakingEvent(Value):
    """One line of progress.

    Attributes:
        stage: The current stage.
        message: A text for a person.
        attempt: Number of the attempt, from 1.
        candidate: Number of the candidate in the attempt, from 1; None if the event is about all of them.
        tool: The tool, in the last event of a stream that succeeded.
    """

    stage: MakingStage
    message: str
    attempt: int
    candidate: int | None = None
    tool: MadeTool | None = None


@dataclass(frozen=True)
class Context:
    """What a checkpoint cannot hold: a task's answer check may be a function."""

    task: Task


class MakingState(TypedDict, total=False):
    """State of the graph, as a checkpointer may keep it: plain data.

    Attributes:
        task: The task.
        candidates: Candidates of the current attempt, until they are verified.
        attempts: Earlier attempts.
        usage: Tokens by stage.
        seconds: Time of the stages so far.
        comparison: The comparison of the proven functions, if there were several.
        differing: Fresh requests on which they differ, the most informative first.
        verdicts: Decided requests with their answers.
        joined: The candidate that fails if the proven functions differ, if one is needed.
        undecided: Whether no tool can be made because a difference stays undecided.
        made_tool: The tool.
        searched: How many of the first attempts were searches without a model.
        parts: Functions that a search found for parts of the answers, which candidates may call.
        helpers: Functions of other tools, which candidates may call; missing until they were looked for.
        shown: Unseen examples, as texts, that became demonstrations: a search needed more of them, or candidates failed
            on them.
        offered: How many of these, from the first, the search needed.
        learnt: Whether the last stage added such a demonstration.
        escalations: What was spent before the turn of each further maker.
    """

    task: dict[str, Any]
    candidates: list[dict[str, Any]]
    attempts: list[dict[str, Any]]
    usage: dict[str, dict[str, Any]]
    seconds: float
    comparison: dict[str, Any]
    differing: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    joined: dict[str, Any] | None
    undecided: bool
    made_tool: dict[str, Any]
    searched: int
    parts: list[dict[str, Any]]
    helpers: list[dict[str, Any]]
    shown: list[str]
    offered: int
    learnt: bool
    escalations: list[dict[str, Any]]


def attempts_in(state: MakingState) -> tuple[Attempt, ...]:
    """Return the attempts of a state."""
    return tuple(Attempt.model_validate(attempt) for attempt in state["attempts"])


def usage_in(state: MakingState) -> dict[Stage, TokenUsage]:
    """Return the tokens of a state, by stage."""
    return {stage: TokenUsage.model_validate(usage) for stage, usage in state["usage"].items()}  # type: ignore[misc]  # keys are stages: only add_usage writes them


def add_usage(state: MakingState, stage: Stage, usage: TokenUsage) -> dict[str, dict[str, Any]]:
    """Return the tokens of a state, by stage, with some added."""
    total = usage_in(state)
    total[stage] = total.get(stage, TokenUsage()) + usage
    return {name: tokens.model_dump() for name, tokens in total.items()}


def trials_in(attempts: Sequence[Attempt]) -> int:
    """Return how many candidates were tried on unseen examples."""
    reports = [candidate.report for attempt in attempts for candidate in attempt.candidates if candidate.report]
    return max((report.trials for report in reports), default=0)


def right_in(attempts: Sequence[Attempt]) -> list[Candidate]:
    """Return the candidates that are right on every example, in order."""
    candidates = [candidate for attempt in attempts for candidate in attempt.candidates]
    return [candidate for candidate in candidates if candidate.report is not None and candidate.report.right]


def verified_in(attempts: Sequence[Attempt]) -> list[Candidate]:
    """Return the proven candidates, in order."""
    return [candidate for candidate in right_in(attempts) if candidate.verified]


def best_in(attempts: Sequence[Attempt]) -> Candidate:
    """Return the candidate that becomes the tool: the first proven one or, if all are slow, the quickest."""
    return min(verified_in(attempts), key=_seconds_too_slow)


def _seconds_too_slow(candidate: Candidate) -> float:
    return candidate.report.slowness if candidate.report and is_slow(candidate.report) else 0.0


def is_slow(report: VerificationReport | None) -> bool:
    """Whether some example takes much longer than the quickest one."""
    return report is not None and report.slowness > _SLOW


def tell(stage: MakingStage, message: str, attempt: int, candidate: int | None = None) -> None:
    """Send progress to the stream of the graph, if there is one."""
    event = MakingEvent(stage=stage, message=message, attempt=attempt, candidate=candidate)
    get_stream_writer()(event.model_dump(mode="json"))
