"""The stages of a making: what each node of the maker's graph does, and the plain data between them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.config import get_stream_writer
from langgraph.graph import END
from langgraph.runtime import get_runtime

from langchain_latm._flow import Calls, Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.made_tool import MadeTool
from langchain_latm.models import model_failure, model_name, reply_text, with_sampling
from langchain_latm.prompts import PROPOSING, REPAIRING, examples_text
from langchain_latm.sandbox.base import Sandbox, ToolSource
from langchain_latm.tool_maker.proposing import (
    MAX_SOURCE_CHARACTERS,
    RefusedError,
    code_in,
    describe_failure,
    entry_of,
    feedback,
    proposal_of,
)
from langchain_latm.tool_maker.verification import verify
from langchain_latm.tool_maker.wrapping import wrap
from langchain_latm.types import (
    Attempt,
    Candidate,
    Stage,
    Task,
    TokenUsage,
    ToolProposal,
    Value,
    VerificationReport,
)


class MakingEvent(Value):
    """One line of progress.

    Attributes:
        stage: Where the making is.
        message: For a person.
        attempt: Which attempt, from 1.
        candidate: Which candidate of the attempt, from 1; None when the event is about all of them.
        tool: The tool, in the last event of a stream that succeeded.
    """

    stage: Literal["proposing", "verification", "wrapping"]
    message: str
    attempt: int
    candidate: int | None = None
    tool: MadeTool | None = None


@dataclass(frozen=True)
class Context:
    """What a stage needs and no checkpoint can hold: an answer check that is a function."""

    task: Task


class State(TypedDict, total=False):
    """What a checkpointer may keep: the dumps of our values."""

    task: dict[str, Any]
    candidates: list[dict[str, Any]]
    attempts: list[dict[str, Any]]
    usage: dict[str, dict[str, Any]]
    seconds: float
    made_tool: dict[str, Any]


def attempts_in(state: State) -> tuple[Attempt, ...]:
    """Read the attempts out of a state."""
    return tuple(Attempt.model_validate(attempt) for attempt in state["attempts"])


def usage_in(state: State) -> dict[Stage, TokenUsage]:
    """Read the tokens by stage out of a state."""
    return {stage: TokenUsage.model_validate(usage) for stage, usage in state["usage"].items()}  # type: ignore[misc]  # keys are stages: only _spent writes them


def _spent(state: State, stage: Stage, spent: TokenUsage) -> dict[str, dict[str, Any]]:
    usage = usage_in(state)
    usage[stage] = usage.get(stage, TokenUsage()) + spent
    return {name: tokens.model_dump() for name, tokens in usage.items()}


def best_of(candidates: Sequence[Candidate]) -> Candidate | None:
    """Find the candidate that came furthest: proven on most examples, else run at all; the latest of equals."""
    return max(
        reversed(candidates),
        key=lambda candidate: candidate.report.passed if candidate.report else -1,
        default=None,
    )


@dataclass(frozen=True)
class Stages:
    """The nodes of the graph, as flows over its state."""

    maker: Runnable[Any, Any]
    user: Runnable[Any, Any]
    sandbox: Sandbox
    attempts: int
    candidates: int
    temperatures: Sequence[float | None]

    def propose(self, state: State) -> Flow[State]:
        """Ask for candidates, and refuse those whose form is wrong."""
        start = time.perf_counter()
        attempt = len(state["attempts"]) + 1
        _tell("proposing", f"attempt {attempt}: asking for {_count(self.candidates, 'candidate')}", attempt)
        replies = yield from self._replies(attempts_in(state))
        candidates: list[Candidate] = []
        for number, (reply, temperature) in enumerate(zip(replies, self._temperatures(attempt), strict=True), 1):
            told = {"reply": reply_text(reply)[:MAX_SOURCE_CHARACTERS], "temperature": temperature}
            try:
                proposal = yield from self._proposal(reply, candidates)
            except RefusedError as refused:
                candidates.append(Candidate(**told, refusal=str(refused)))
                _tell("proposing", f"candidate {number} refused: {refused}", attempt, number)
            else:
                candidates.append(Candidate(**told, proposal=proposal))
                parameters = ", ".join(proposal.parameters["properties"])
                _tell("proposing", f"candidate {number}: {proposal.entry}({parameters})", attempt, number)
        spent = sum((TokenUsage.of(reply) for reply in replies if isinstance(reply, BaseMessage)), TokenUsage())
        return {
            "candidates": [candidate.model_dump(mode="json") for candidate in candidates],
            "usage": _spent(state, "proposing", spent),
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def verify(self, state: State) -> Flow[State]:
        """Prove the candidates one after the other, until one passes."""
        start = time.perf_counter()
        task = get_runtime(Context).context.task
        attempt = len(state["attempts"]) + 1
        candidates = [Candidate.model_validate(candidate) for candidate in state["candidates"]]
        spent = TokenUsage()
        for i, candidate in enumerate(candidates):
            if candidate.proposal is None:
                continue
            _tell(
                "verification",
                f"candidate {i + 1}: {_count(len(task.demonstrations), 'demonstration')}, "
                f"{_count(len(task.validation), 'unseen example')}",
                attempt,
                i + 1,
            )
            proof = yield from verify(candidate.proposal, task, self.user, self.sandbox)
            spent += proof.usage
            candidates[i] = candidate.model_copy(update={"report": proof.report})
            _tell("verification", f"candidate {i + 1} {_verdict(proof.report, task)}", attempt, i + 1)
            if proof.report.verified:
                break
        done = Attempt(number=attempt, candidates=tuple(candidates))
        return {
            "candidates": [],
            "attempts": [*state["attempts"], done.model_dump(mode="json")],
            "usage": _spent(state, "verification", spent),
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def wrap(self, state: State) -> Flow[State]:
        """Make the record of the candidate that passed."""
        yield from ()
        attempts = attempts_in(state)
        _tell("wrapping", "writing the record", len(attempts))
        (proven,) = _verified(attempts[-1])
        tool = wrap(
            proven,
            get_runtime(Context).context.task,
            attempts=attempts,
            usage=usage_in(state),
            seconds=state["seconds"],
            maker_model=model_name(self.maker),
            user_model=model_name(self.user),
        )
        return {"made_tool": tool.model_dump(mode="json")}

    def after_verify(self, state: State) -> str:
        """Say which stage follows a verification."""
        attempts = attempts_in(state)
        if _verified(attempts[-1]):
            return "wrap"
        return "propose" if len(attempts) < self.attempts else END

    def _replies(self, attempts: Sequence[Attempt]) -> Flow[list[Any]]:
        """Ask the maker for all candidates of an attempt at once."""
        task = get_runtime(Context).context.task
        prompt = {
            "kind": f"{task.description}\n\n" if task.description else "",
            "demonstrations": examples_text(task.demonstrations),
        }
        best = best_of([candidate for attempt in attempts for candidate in attempt.candidates])
        if best is not None:
            prompt |= {"reply": best.reply or "(nothing)", "feedback": feedback(best)}
        attempt = len(attempts) + 1
        ways = [
            (REPAIRING if best is not None and position % 2 == 1 else PROPOSING)
            | with_sampling(self.maker, temperature=temperature)
            for position, temperature in zip(self._positions(attempt), self._temperatures(attempt), strict=True)
        ]
        ask: Runnable[Any, Any] = RunnableLambda(lambda asked: ways[asked["candidate"]], name="ask_maker")
        replies = yield Calls(ask, [{**prompt, "candidate": i} for i in range(len(ways))])
        failures = [reply for reply in replies if isinstance(reply, Exception)]
        if len(failures) == len(replies):
            raise ModelError(model_failure(failures[0], self.maker)) from failures[0]
        return replies

    def _positions(self, attempt: int) -> range:
        """Number an attempt's candidates on from those of the attempts before; every other one is a repair."""
        return range((attempt - 1) * self.candidates, attempt * self.candidates)

    def _temperatures(self, attempt: int) -> list[float | None]:
        """List the temperatures of an attempt: the ladder goes on where the attempt before left it."""
        return [self.temperatures[position % len(self.temperatures)] for position in self._positions(attempt)]

    def _proposal(self, reply: Any, earlier: Sequence[Candidate]) -> Flow[ToolProposal]:
        """Turn one reply into a proposal, or raise `RefusedError`."""
        if isinstance(reply, Exception):
            raise RefusedError(model_failure(reply, self.maker))
        if _was_cut(reply):
            raise RefusedError("the reply was cut off at the longest length allowed; write a shorter function")
        source, entry = entry_of(code_in(reply_text(reply)))
        if any(other.proposal is not None and other.proposal.source == source for other in earlier):
            raise RefusedError("it is the same as an earlier candidate")
        check: Runnable[Any, Any] = RunnableLambda(self.sandbox.check, afunc=self.sandbox.acheck, name="check")
        (described,) = yield Calls(check, [ToolSource(source=source, entry=entry)])
        if isinstance(described, Exception):
            raise described
        return proposal_of(source, entry, described)


def _was_cut(reply: Any) -> bool:
    """Whether a provider says that it stopped at the limit; each has its own word for it."""
    metadata = getattr(reply, "response_metadata", {})
    reasons = {metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason")}
    return not reasons.isdisjoint({"length", "max_tokens", "MAX_TOKENS"})


def _verified(attempt: Attempt) -> list[Candidate]:
    return [candidate for candidate in attempt.candidates if candidate.report and candidate.report.verified]


def _verdict(report: VerificationReport, task: Task) -> str:
    right = f"is right on {report.passed} of {len(task.demonstrations) + len(task.validation)}"
    if report.verified:
        return f"{right}: proven"
    reasons = [*(["gives different values when called twice"] if report.unstable else [])]
    reasons += ["has answers written into its code"] if report.hard_coded else []
    failed = next((case for case in report.cases if not case.passed), None)
    return ", ".join([right, *reasons]) + (f". {describe_failure(failed)}" if failed else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _tell(
    stage: Literal["proposing", "verification", "wrapping"],
    message: str,
    attempt: int,
    candidate: int | None = None,
) -> None:
    """Send progress to whoever streams; nobody else notices."""
    event = MakingEvent(stage=stage, message=message, attempt=attempt, candidate=candidate)
    get_stream_writer()(event.model_dump(mode="json"))
