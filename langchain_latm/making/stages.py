"""The stages of a making: what each node of the maker's graph does, and the plain data between them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.config import get_stream_writer
from langgraph.graph import END
from langgraph.runtime import get_runtime

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.making.asking import Asked, docstring_for, planned, prompt_for, same
from langchain_latm.making.mending import mended
from langchain_latm.making.parsed_proof import prove_parsed, read_by_model, written_anew
from langchain_latm.making.proposing import (
    MAX_SOURCE_CHARACTERS,
    RefusedError,
    code_in,
    describe_failure,
    entry_of,
    proposal_of,
)
from langchain_latm.making.verification import Proof, verify
from langchain_latm.making.wrapping import Readers, wrap
from langchain_latm.models.failures import model_failure
from langchain_latm.models.names import model_name
from langchain_latm.models.replies import reply_text
from langchain_latm.models.sampling import with_sampling
from langchain_latm.sandbox.base import Sandbox, ToolSource
from langchain_latm.text.reading.views import parser_of
from langchain_latm.tools.made_tool import MadeTool
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

_QUICK: Final = 0.5
"""Seconds that one example may take more than another. A slower function may not end in time on a larger request."""
_FURTHER: Final = 5
"""Attempts after a function that is proven, but slow."""


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


@dataclass(frozen=True)
class Stages:
    """The nodes of the graph, as flows over its state."""

    maker: Runnable[Any, Any]
    user: Runnable[Any, Any]
    sandbox: Sandbox
    attempts: int
    candidates: int
    temperatures: Sequence[float | None]
    seconds: float | None
    tokens: int | None

    def propose(self, state: State) -> Flow[State]:
        """Ask for candidates, and refuse those whose form is wrong."""
        start = time.perf_counter()
        task = get_runtime(Context).context.task
        attempt = len(state["attempts"]) + 1
        _tell("proposing", f"attempt {attempt}: asking for {_count(self.candidates, 'candidate')}", attempt)
        attempts = attempts_in(state)
        earlier = [each for done in attempts for each in done.candidates]
        asked = planned(task, attempt, self.candidates, self.temperatures, earlier)
        replies = yield from self._replies(asked)
        failures = [reply for reply in replies if isinstance(reply, Exception)]
        if len(failures) == len(replies) and not _verified(attempts):
            raise ModelError(model_failure(failures[0], self.maker)) from failures[0]
        candidates: list[Candidate] = []
        for number, (reply, one) in enumerate(zip(replies, asked, strict=True), 1):
            told = {
                "reply": reply_text(reply)[:MAX_SOURCE_CHARACTERS],
                "temperature": one.temperature,
                "way": one.number,
            }
            try:
                proposal = yield from self._proposal(reply, one, task, [*earlier, *candidates])
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
            try:
                proof = yield from self._prove(candidate.proposal, task)
            except ModelError:
                if not _verified(attempts_in(state)):
                    raise
                break  # what is proven already needs no quicker rival
            spent += proof.usage
            candidates[i] = candidate.model_copy(update={"proposal": proof.proposal, "report": proof.report})
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

    def _prove(self, proposal: ToolProposal, task: Task) -> Flow[Proof]:
        if proposal.parser is None:
            proof = yield from verify(proposal, task, self.user, self.sandbox)
            written = None
            if not proof.report.complete:
                written = yield from written_anew(proposal, proof.report.cases, task, self.sandbox)
            if written is None:
                return proof
            again = yield from verify(written, task, self.user, self.sandbox, own=proposal.source)
            return Proof(again.proposal, again.report, proof.usage + again.usage)
        written, report = yield from prove_parsed(proposal, proposal.parser, task, self.sandbox)
        return Proof(written, report, TokenUsage())

    def wrap(self, state: State) -> Flow[State]:
        """Make the record of the candidate that passed, of the quickest where several did."""
        start = time.perf_counter()
        task = get_runtime(Context).context.task
        attempts = attempts_in(state)
        proven = min(_verified(attempts), key=_slowness)
        readers, read = yield from self._readers(proven, task, len(attempts))
        _tell("wrapping", "writing the record", len(attempts))
        usage = _spent(state, "verification", read)
        tool = wrap(
            proven,
            task,
            readers=readers,
            attempts=attempts,
            usage=usage_in({"usage": usage}),
            seconds=state["seconds"] + time.perf_counter() - start,
            maker_model=model_name(self.maker),
            user_model=model_name(self.user),
        )
        return {"made_tool": tool.model_dump(mode="json"), "usage": usage}

    def _readers(self, proven: Candidate, task: Task, attempt: int) -> Flow[tuple[Readers, TokenUsage]]:
        """Find out who can read the arguments: the parser, if there is one, and the tool user's model."""
        proposal, report = proven.proposal, proven.report
        if proposal is None or report is None:
            raise AssertionError("what was verified was proposed")
        if proposal.parser is None:
            readings = {case.question: case.arguments for case in report.cases if case.arguments is not None}
            return Readers(parser_of(readings, proposal.parameters), model=True), TokenUsage()
        _tell("verification", "the model reads arguments of the unseen examples", attempt)
        right, spent = yield from read_by_model(proposal, report, task, self.user, self.sandbox)
        _tell("verification", f"the model's readings are {'proven too' if right else 'not proven'}", attempt)
        return Readers(proposal.parser, model=right), spent

    def after_verify(self, state: State) -> str:
        """Say which stage follows a verification."""
        attempts = attempts_in(state)
        may_go_on = len(attempts) < self.attempts and self._may_go_on(state)
        if _verified(attempts):
            return "propose" if may_go_on and _may_be_quicker(attempts) else "wrap"
        return "propose" if may_go_on else END

    def _may_go_on(self, state: State) -> bool:
        """Whether time and tokens are left for another attempt."""
        spent = sum(usage.total for usage in usage_in(state).values())
        return (self.seconds is None or state["seconds"] < self.seconds) and (
            self.tokens is None or spent < self.tokens
        )

    def _replies(self, asked: Sequence[Asked]) -> Flow[list[Any]]:
        """Ask the maker for all candidates of an attempt at once."""
        task = get_runtime(Context).context.task
        prompts = [prompt_for(each, task) for each in asked]
        models = [with_sampling(self.maker, temperature=each.temperature) for each in asked]
        ask: Runnable[Any, Any] = RunnableLambda(
            lambda given: prompts[given["candidate"]][0] | models[given["candidate"]], name="ask_maker"
        )
        return (yield Calls(ask, [{**values, "candidate": i} for i, (_, values) in enumerate(prompts)]))

    def _proposal(self, reply: Any, asked: Asked, task: Task, earlier: Sequence[Candidate]) -> Flow[ToolProposal]:
        """Turn one reply into a proposal, or raise `RefusedError`."""
        if isinstance(reply, Exception):
            raise RefusedError(model_failure(reply, self.maker))
        if _was_cut(reply):
            raise RefusedError("the reply was cut off at the longest length allowed; write a shorter function")
        code = code_in(reply_text(reply))
        way = asked.way
        source, entry = entry_of(code if way is None else mended(code, docstring=docstring_for(task)))
        check: Runnable[Any, Any] = RunnableLambda(self.sandbox.check, afunc=self.sandbox.acheck, name="check")
        (described,) = yield Calls(check, [ToolSource(source=source, entry=entry)])
        if isinstance(described, Exception):
            raise described
        proposal = proposal_of(source, entry, described)
        if way is not None and list(proposal.parameters["properties"]) == [*way.view.annotations]:
            proposal = proposal.model_copy(update={"parser": way.view.parser})
        if any(each.proposal is not None and same(each.proposal, proposal) for each in earlier):
            raise RefusedError("it is the same as an earlier candidate")
        return proposal


def _was_cut(reply: Any) -> bool:
    """Whether a provider says that it stopped at the limit; each has its own word for it."""
    metadata = getattr(reply, "response_metadata", {})
    reasons = {metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason")}
    return not reasons.isdisjoint({"length", "max_tokens", "MAX_TOKENS"})


def _verified(attempts: Sequence[Attempt]) -> list[Candidate]:
    """Return the candidates that passed, in their order."""
    return [each for attempt in attempts for each in attempt.candidates if each.verified]


def _slowness(candidate: Candidate) -> float:
    return candidate.report.slowness if candidate.report else 0.0


def _may_be_quicker(attempts: Sequence[Attempt]) -> bool:
    """Whether all that passed so far is slow, and not enough has been tried to find something quicker."""
    first = next(attempt.number for attempt in attempts if _verified([attempt]))
    quickest = min(map(_slowness, _verified(attempts)))
    return quickest > _QUICK and len(attempts) - first < _FURTHER


def _verdict(report: VerificationReport, task: Task) -> str:
    right = f"is right on {report.passed} of {len(task.demonstrations) + len(task.validation)}"
    if report.verified:
        slow = f", but takes {report.slowness:.1f} s more for some" if report.slowness > _QUICK else ""
        return f"{right}: proven{slow}"
    reasons = [*(["gives different values when called twice"] if report.unstable else [])]
    reasons += ["has answers written into its code"] if report.hard_coded else []
    failed = next((case for case in report.cases if not case.passed), None)
    return ", ".join([right, *reasons]) + (f". {describe_failure(failed, failed.expected)}" if failed else "")


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
