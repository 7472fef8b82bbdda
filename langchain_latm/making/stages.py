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
from langchain_latm.making.mending import mended
from langchain_latm.making.parsed_proof import prove_parsed, read_by_model, written_anew
from langchain_latm.making.planning import CandidatePlan, plan_attempt, prompt_for
from langchain_latm.making.proposing import (
    MAX_SOURCE_CHARACTERS,
    InvalidReplyError,
    code_in,
    describe_failure,
    docstring_for,
    entry_of,
    is_repeat,
    proposal_of,
)
from langchain_latm.making.verification import Proof, verify
from langchain_latm.making.wrapping import Readers, wrap
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_failure
from langchain_latm.models.names import model_name
from langchain_latm.models.replies import reply_text
from langchain_latm.sandbox.base import Sandbox, ToolSource
from langchain_latm.text.reading.proven_parser import parser_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Attempt, Candidate, Stage, Task, TokenUsage, ToolProposal, Value, VerificationReport

_SLOW: Final = 0.5
"""Seconds that the slowest example may take more than the quickest. A slower function may exceed the sandbox's time on
a larger request."""
_EXTRA_ATTEMPTS: Final = 5
"""Attempts at a quicker function after a proven but slow one."""


class MakingEvent(Value):
    """One line of progress.

    Attributes:
        stage: The current stage.
        message: For a person.
        attempt: Number of the attempt, from 1.
        candidate: Number of the candidate in the attempt, from 1; None if the event is about all of them.
        tool: The tool, in the last event of a stream that succeeded.
    """

    stage: Literal["proposing", "verification", "wrapping"]
    message: str
    attempt: int
    candidate: int | None = None
    tool: MadeTool | None = None


@dataclass(frozen=True)
class Context:
    """What the stages need and a checkpoint cannot hold: an answer check may be a function."""

    task: Task


class MakingState(TypedDict, total=False):
    """State of the graph, as a checkpointer may keep it: plain data."""

    task: dict[str, Any]
    candidates: list[dict[str, Any]]
    attempts: list[dict[str, Any]]
    usage: dict[str, dict[str, Any]]
    seconds: float
    made_tool: dict[str, Any]


def attempts_in(state: MakingState) -> tuple[Attempt, ...]:
    """Read the attempts out of a state."""
    return tuple(Attempt.model_validate(attempt) for attempt in state["attempts"])


def usage_in(state: MakingState) -> dict[Stage, TokenUsage]:
    """Read the tokens by stage out of a state."""
    return {stage: TokenUsage.model_validate(usage) for stage, usage in state["usage"].items()}  # type: ignore[misc]  # keys are stages: only _add_usage writes them


def _add_usage(state: MakingState, stage: Stage, usage: TokenUsage) -> dict[str, dict[str, Any]]:
    total = usage_in(state)
    total[stage] = total.get(stage, TokenUsage()) + usage
    return {name: tokens.model_dump() for name, tokens in total.items()}


@dataclass(frozen=True)
class Stages:
    """The nodes of the graph, as flows over its state. `create_tool_maker` documents the fields."""

    maker: Runnable[Any, Any]
    user: Runnable[Any, Any]
    sandbox: Sandbox
    attempts: int
    candidates: int
    temperatures: Sequence[float | None]
    seconds: float | None
    tokens: int | None

    def propose(self, state: MakingState) -> Flow[MakingState]:
        """Ask for candidates, and refuse invalid replies."""
        start = time.perf_counter()
        task = get_runtime(Context).context.task
        attempts = attempts_in(state)
        attempt = len(attempts) + 1
        _report("proposing", f"attempt {attempt}: asking for {_count(self.candidates, 'candidate')}", attempt)
        earlier = [candidate for done in attempts for candidate in done.candidates]
        plans = plan_attempt(task, attempt, self.candidates, self.temperatures, earlier)
        replies = yield from self._replies(plans, task)
        failures = [reply for reply in replies if isinstance(reply, Exception)]
        if len(failures) == len(replies) and not _verified(attempts):
            raise ModelError(model_failure(failures[0], self.maker)) from failures[0]
        candidates: list[Candidate] = []
        for number, (reply, plan) in enumerate(zip(replies, plans, strict=True), 1):
            candidate = Candidate(
                reply=reply_text(reply)[:MAX_SOURCE_CHARACTERS], temperature=plan.temperature, way=plan.index
            )
            try:
                proposal = yield from self._proposal(reply, plan, task, [*earlier, *candidates])
            except InvalidReplyError as error:
                candidates.append(candidate.model_copy(update={"refusal": str(error)}))
                _report("proposing", f"candidate {number} refused: {error}", attempt, number)
            else:
                candidates.append(candidate.model_copy(update={"proposal": proposal}))
                parameters = ", ".join(proposal.parameters["properties"])
                _report("proposing", f"candidate {number}: {proposal.entry}({parameters})", attempt, number)
        spent = sum((TokenUsage.of(reply) for reply in replies if isinstance(reply, BaseMessage)), TokenUsage())
        return {
            "candidates": [candidate.model_dump(mode="json") for candidate in candidates],
            "usage": _add_usage(state, "proposing", spent),
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def verify(self, state: MakingState) -> Flow[MakingState]:
        """Prove the candidates one after the other, until one passes."""
        start = time.perf_counter()
        task = get_runtime(Context).context.task
        attempt = len(state["attempts"]) + 1
        candidates = [Candidate.model_validate(candidate) for candidate in state["candidates"]]
        examples = (
            f"{_count(len(task.demonstrations), 'demonstration')}, {_count(len(task.validation), 'unseen example')}"
        )
        if task.further:
            examples += f", up to {_count(len(task.further), 'further one')}"
        spent = TokenUsage()
        trials = _trials(attempts_in(state))
        for number, candidate in enumerate(candidates, 1):
            if candidate.proposal is None:
                continue
            _report("verification", f"candidate {number}: {examples}", attempt, number)
            try:
                proof = yield from self._prove(candidate.proposal, task, trials)
            except ModelError:
                if not _verified(attempts_in(state)):
                    raise
                break  # a tool is proven already: the search for a quicker one ends
            spent, trials = spent + proof.usage, proof.report.trials
            candidates[number - 1] = candidate.model_copy(update={"proposal": proof.proposal, "report": proof.report})
            _report("verification", f"candidate {number} {_verdict(proof.report, task)}", attempt, number)
            if proof.report.right:
                break
        done = Attempt(number=attempt, candidates=tuple(candidates))
        return {
            "candidates": [],
            "attempts": [*state["attempts"], done.model_dump(mode="json")],
            "usage": _add_usage(state, "verification", spent),
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def _prove(self, proposal: ToolProposal, task: Task, trials: int) -> Flow[Proof]:
        if proposal.parser is not None:
            written, report = yield from prove_parsed(proposal, proposal.parser, task, self.sandbox, trials=trials)
            return Proof(written, report, TokenUsage())
        proof = yield from verify(proposal, task, self.user, self.sandbox, trials=trials)
        written_proposal = yield from written_anew(proposal, proof.report.cases, task, self.sandbox)
        if written_proposal is None:
            return proof
        trials = proof.report.trials
        again = yield from verify(written_proposal, task, self.user, self.sandbox, own=proposal.source, trials=trials)
        best = proof if proof.report.verified and not again.report.verified else again
        report = best.report.model_copy(update={"trials": again.report.trials})
        return Proof(best.proposal, report, proof.usage + again.usage)

    def wrap(self, state: MakingState) -> Flow[MakingState]:
        """Make the record of the candidate that passed; if several did, of the quickest."""
        start = time.perf_counter()
        task = get_runtime(Context).context.task
        attempts = attempts_in(state)
        proven = min(_verified(attempts), key=_slowness)
        readers, read = yield from self._readers(proven, task, len(attempts))
        _report("wrapping", "writing the record", len(attempts))
        usage = _add_usage(state, "verification", read)
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
        """Find out who can read the arguments: a parser, the tool user's model, or both."""
        proposal, report = proven.proposal, proven.report
        if proposal is None or report is None:
            raise AssertionError("a verified candidate has a proposal and a report")
        if proposal.parser is None:
            readings = {case.question: case.arguments for case in report.cases if case.arguments is not None}
            return Readers(parser_of(readings, proposal.parameters), model=True), TokenUsage()
        _report("verification", "the model reads arguments of the unseen examples", attempt)
        right, spent = yield from read_by_model(proposal, report, task, self.user, self.sandbox)
        _report("verification", f"the model's readings are {'proven too' if right else 'not proven'}", attempt)
        return Readers(proposal.parser, model=right), spent

    def after_verify(self, state: MakingState) -> str:
        """Return the stage that follows a verification."""
        attempts = attempts_in(state)
        another = len(attempts) < self.attempts and self._within_budget(state)
        if _verified(attempts):
            return "propose" if another and _may_be_quicker(attempts) else "wrap"
        if any(candidate.report and candidate.report.right for candidate in attempts[-1].candidates):
            return END  # it may be chance: another candidate cannot prove more on the same examples
        return "propose" if another else END

    def _within_budget(self, state: MakingState) -> bool:
        """Whether time and tokens are left for another attempt."""
        spent = sum(usage.total for usage in usage_in(state).values())
        return (self.seconds is None or state["seconds"] < self.seconds) and (
            self.tokens is None or spent < self.tokens
        )

    def _replies(self, plans: Sequence[CandidatePlan], task: Task) -> Flow[list[Any]]:
        """Ask the maker for all candidates of an attempt at once."""
        prompts = [prompt_for(plan, task) for plan in plans]
        models = [asking(self.maker, temperature=plan.temperature) for plan in plans]
        ask: Runnable[Any, Any] = RunnableLambda(
            lambda given: prompts[given["candidate"]][0] | models[given["candidate"]], name="ask_maker"
        )
        return (yield Calls(ask, [{**values, "candidate": i} for i, (_, values) in enumerate(prompts)]))

    def _proposal(
        self, reply: Any, plan: CandidatePlan, task: Task, earlier: Sequence[Candidate]
    ) -> Flow[ToolProposal]:
        """Turn one reply into a proposal, or raise `InvalidReplyError`."""
        if isinstance(reply, Exception):
            raise InvalidReplyError(model_failure(reply, self.maker))
        if _was_cut(reply):
            raise InvalidReplyError("the reply was cut off at the longest length allowed; write a shorter function")
        code, way = code_in(reply_text(reply)), plan.way
        source, entry = entry_of(code if way is None else mended(code, docstring=docstring_for(task)))
        check: Runnable[Any, Any] = RunnableLambda(self.sandbox.check, afunc=self.sandbox.acheck, name="check")
        (described,) = yield Calls(check, [ToolSource(source=source, entry=entry)])
        if isinstance(described, Exception):
            raise described
        proposal = proposal_of(source, entry, described)
        if way is not None and list(proposal.parameters["properties"]) == [*way.view.annotations]:
            proposal = proposal.model_copy(update={"parser": way.view.parser})
        if any(each.proposal is not None and is_repeat(each.proposal, proposal) for each in earlier):
            raise InvalidReplyError("it is the same as an earlier candidate")
        return proposal


def _was_cut(reply: Any) -> bool:
    """Whether a provider reports that it stopped at the limit; each has its own word for it."""
    metadata = getattr(reply, "response_metadata", {})
    reasons = {metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason")}
    return not reasons.isdisjoint({"length", "max_tokens", "MAX_TOKENS"})


def _verified(attempts: Sequence[Attempt]) -> list[Candidate]:
    """Return the candidates that passed, in their order."""
    return [candidate for attempt in attempts for candidate in attempt.candidates if candidate.verified]


def _trials(attempts: Sequence[Attempt]) -> int:
    """Return how many candidates were tried on unseen examples."""
    reports = [candidate.report for attempt in attempts for candidate in attempt.candidates if candidate.report]
    return max((report.trials for report in reports), default=0)


def _slowness(candidate: Candidate) -> float:
    return candidate.report.slowness if candidate.report else 0.0


def _may_be_quicker(attempts: Sequence[Attempt]) -> bool:
    """Whether every proven candidate is slow, and attempts are left to find a quicker one."""
    first = next(attempt.number for attempt in attempts if _verified([attempt]))
    quickest = min(map(_slowness, _verified(attempts)))
    return quickest > _SLOW and len(attempts) - first < _EXTRA_ATTEMPTS


def _verdict(report: VerificationReport, task: Task) -> str:
    right = f"is right on {report.passed} of {max(len(report.cases), len(task.demonstrations) + len(task.validation))}"
    if report.verified:
        slow = f", but takes {report.slowness:.1f} s more for some" if report.slowness > _SLOW else ""
        return f"{right}: proven{slow}"
    if report.right:
        return f"{right}: not proven, since a guess could be"
    if report.unstable:
        right += ", gives different values when called twice"
    if report.hard_coded:
        right += ", has answers written into its code"
    failed = next((case for case in report.cases if not case.passed), None)
    return right + (f". {describe_failure(failed, failed.expected)}" if failed else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _report(
    stage: Literal["proposing", "verification", "wrapping"], message: str, attempt: int, candidate: int | None = None
) -> None:
    """Send progress to the stream of the graph, if there is one."""
    event = MakingEvent(stage=stage, message=message, attempt=attempt, candidate=candidate)
    get_stream_writer()(event.model_dump(mode="json"))
