"""The maker chain: propose -> verify -> wrap, as a LangGraph graph behind a Runnable from `Task` to `MadeTool`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import get_runtime

from langchain_latm._flow import Calls, Flow, flow_runnable
from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.models import model_failure, model_name, resolve_model, with_sampling
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
    MadeTool,
    Stage,
    Task,
    TokenUsage,
    ToolProposal,
    Value,
    VerificationReport,
)

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import Checkpointer

ATTEMPTS = 6
CANDIDATES = 1
TEMPERATURES: tuple[float | None, ...] = (0.0, 0.6, 0.9)
MAX_TOKENS = 1024


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


def create_tool_maker(
    maker_model: str | Runnable[Any, Any] = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    sandbox: Sandbox,
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    temperatures: Sequence[float | None] = TEMPERATURES,
    max_tokens: int = MAX_TOKENS,
    checkpointer: Checkpointer = None,
) -> ToolMaker:
    """Create the Runnable that makes a tool of a task (paper, section 3.1).

    Each attempt asks the maker for some candidates at once, refuses those whose form is wrong, and proves the others on
    the task's examples until one passes. From the second attempt on, every other candidate is a repair of the best so
    far, from its wrong answers and errors on the demonstrations; the rest start afresh, since a model seldom repairs
    what it does not understand. Validation examples never enter a prompt of the maker.

    One candidate at a time takes the fewest tokens; more at once take less time where the model works in parallel.

    Args:
        maker_model: Writes the function: `"local"`, a name that `init_chat_model` takes, or a chat model.
        user_model: Reads the arguments, as it will later for every request. By default the maker's model.
        sandbox: Where candidates run. Closing it is the caller's part.
        attempts: Rounds at most.
        candidates: Replies of the maker in a round.
        temperatures: What the candidates are sampled with, in turn over all rounds; None leaves the model's own. Models
            that have no temperature are left alone.
        max_tokens: Longest reply of either model, unless the model sets its own limit.
        checkpointer: Keeps the state of a making between its stages (LangGraph), as plain data.

    Raises:
        ValueError: A number below 1, or no temperature.
        ModelError: A model that cannot be named or set up.
    """
    if attempts < 1 or candidates < 1 or max_tokens < 1 or not temperatures:
        msg = "attempts, candidates and max_tokens must be at least 1, and temperatures must not be empty"
        raise ValueError(msg)
    maker = resolve_model(maker_model)
    user = maker if user_model is None else resolve_model(user_model)
    stages = _Stages(
        maker=maker,
        user=with_sampling(user, max_tokens=max_tokens),
        sandbox=sandbox,
        attempts=attempts,
        candidates=candidates,
        temperatures=temperatures,
        max_tokens=max_tokens,
    )
    graph = StateGraph(_State, context_schema=_Context)
    graph.add_node("propose", flow_runnable(stages.propose, name="propose"))
    graph.add_node("verify", flow_runnable(stages.verify, name="verify"))
    graph.add_node("wrap", flow_runnable(stages.wrap, name="wrap"))
    graph.add_edge(START, "propose")
    graph.add_edge("propose", "verify")
    graph.add_conditional_edges("verify", stages.after_verify, ["propose", "wrap", END])
    graph.add_edge("wrap", END)
    compiled = graph.compile(checkpointer=checkpointer, name="tool_maker")
    return ToolMaker(compiled.with_config(recursion_limit=2 * attempts + 5))


class ToolMaker(Runnable[Task, MadeTool]):
    """Makes a `MadeTool` of a `Task`. Create it with `create_tool_maker`.

    `invoke`, `ainvoke`, `batch` and `abatch` return the tool or raise `ToolMakingError`, which carries every attempt.
    `stream` and `astream` yield the tool alone, as a Runnable in a chain must; with `stream_mode="custom"` they yield a
    `MakingEvent` per step instead, the last of which carries the tool.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data.
    """

    def __init__(self, graph: CompiledStateGraph[Any, Any, Any, Any]) -> None:
        self.graph = graph

    def invoke(self, input: Task, config: RunnableConfig | None = None, **kwargs: Any) -> MadeTool:  # noqa: A002 - the name in Runnable
        """Make the tool.

        Raises:
            ToolMakingError: No candidate was proven.
            ModelError: A model cannot be reached.
            SandboxError: The sandbox itself failed.
        """
        return _outcome(self.graph.invoke(_start(input), config, context=_Context(input), **kwargs))

    async def ainvoke(self, input: Task, config: RunnableConfig | None = None, **kwargs: Any) -> MadeTool:  # noqa: A002 - the same
        """Do as `invoke`, without blocking the event loop."""
        return _outcome(await self.graph.ainvoke(_start(input), config, context=_Context(input), **kwargs))

    def stream(
        self,
        input: Task,  # noqa: A002 - the same
        config: RunnableConfig | None = None,
        *,
        stream_mode: Literal["custom"] | None = None,
        **kwargs: Any,
    ) -> Iterator[Any]:
        """Yield the tool; or, with `stream_mode="custom"`, progress events. Raises as `invoke` does."""
        if stream_mode is None:
            yield self.invoke(input, config, **kwargs)
            return
        parts = self.graph.stream(
            _start(input), config, context=_Context(input), stream_mode=["custom", "values"], **kwargs
        )
        state: dict[str, Any] = {}
        for mode, part in parts:
            if mode == "custom":
                yield MakingEvent.model_validate(part)
            else:
                state = part
        yield _last_event(state)

    async def astream(
        self,
        input: Task,  # noqa: A002 - the same
        config: RunnableConfig | None = None,
        *,
        stream_mode: Literal["custom"] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[Any]:
        """Do as `stream`, without blocking the event loop."""
        if stream_mode is None:
            yield await self.ainvoke(input, config, **kwargs)
            return
        parts = self.graph.astream(
            _start(input), config, context=_Context(input), stream_mode=["custom", "values"], **kwargs
        )
        state: dict[str, Any] = {}
        async for mode, part in parts:
            if mode == "custom":
                yield MakingEvent.model_validate(part)
            else:
                state = part
        yield _last_event(state)


@dataclass(frozen=True)
class _Context:
    """What a stage needs and no checkpoint can hold: an answer check that is a function."""

    task: Task


class _State(TypedDict, total=False):
    task: dict[str, Any]
    candidates: list[dict[str, Any]]
    attempts: list[dict[str, Any]]
    usage: dict[str, dict[str, Any]]
    seconds: float
    made_tool: dict[str, Any]


def _start(task: Task) -> _State:
    return {
        "task": task.model_dump(mode="json"),
        "candidates": [],
        "attempts": [],
        "usage": {},
        "seconds": 0.0,
    }


def _attempts(state: _State) -> tuple[Attempt, ...]:
    return tuple(Attempt.model_validate(attempt) for attempt in state["attempts"])


def _usage(state: _State) -> dict[Stage, TokenUsage]:
    return {stage: TokenUsage.model_validate(usage) for stage, usage in state["usage"].items()}  # type: ignore[misc]  # keys are stages: only _spent writes them


def _spent(state: _State, stage: Stage, spent: TokenUsage) -> dict[str, dict[str, Any]]:
    usage = _usage(state)
    usage[stage] = usage.get(stage, TokenUsage()) + spent
    return {name: tokens.model_dump() for name, tokens in usage.items()}


def _outcome(state: dict[str, Any]) -> MadeTool:
    if "made_tool" in state:
        return MadeTool.model_validate(state["made_tool"])
    attempts = _attempts(state)  # type: ignore[arg-type]  # a graph returns its state as a plain dict
    candidates = [candidate for attempt in attempts for candidate in attempt.candidates]
    refused = sum(candidate.refusal is not None for candidate in candidates)
    best = _best(candidates)
    told = feedback(best) if best else "There was no candidate."
    raise ToolMakingError(
        f"no tool was proven in {len(attempts)} attempts: of {len(candidates)} candidates {refused} were refused for "
        f"their form and {len(candidates) - refused} failed the examples. The best one: {told}",
        attempts=attempts,
        usage=_usage(state),  # type: ignore[arg-type]  # the same
    )


def _last_event(state: dict[str, Any]) -> MakingEvent:
    tool = _outcome(state)
    return MakingEvent(stage="wrapping", message=f"made {tool.name}", attempt=tool.provenance.attempts, tool=tool)


def _best(candidates: Sequence[Candidate]) -> Candidate | None:
    """Find the candidate that came furthest: proven on most examples, else run at all; the latest of equals."""
    return max(
        reversed(candidates),
        key=lambda candidate: candidate.report.passed if candidate.report else -1,
        default=None,
    )


@dataclass(frozen=True)
class _Stages:
    maker: Runnable[Any, Any]
    user: Runnable[Any, Any]
    sandbox: Sandbox
    attempts: int
    candidates: int
    temperatures: Sequence[float | None]
    max_tokens: int

    def propose(self, state: _State) -> Flow[_State]:
        """Ask for candidates, and refuse those whose form is wrong."""
        start = time.perf_counter()
        attempt = len(state["attempts"]) + 1
        _tell("proposing", f"attempt {attempt}: asking for {_count(self.candidates, 'candidate')}", attempt)
        replies = yield from self._replies(_attempts(state))
        candidates: list[Candidate] = []
        for number, (reply, temperature) in enumerate(zip(replies, self._ladder(attempt), strict=True), 1):
            told = {"reply": _text(reply)[:MAX_SOURCE_CHARACTERS], "temperature": temperature}
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

    def verify(self, state: _State) -> Flow[_State]:
        """Prove the candidates one after the other, until one passes."""
        start = time.perf_counter()
        task = get_runtime(_Context).context.task
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

    def wrap(self, state: _State) -> Flow[_State]:
        """Make the record of the candidate that passed."""
        yield from ()
        attempts = _attempts(state)
        _tell("wrapping", "writing the record", len(attempts))
        (proven,) = _verified(attempts[-1])
        tool = wrap(
            proven,
            get_runtime(_Context).context.task,
            attempts=attempts,
            usage=_usage(state),
            seconds=state["seconds"],
            maker_model=model_name(self.maker),
            user_model=model_name(self.user),
        )
        return {"made_tool": tool.model_dump(mode="json")}

    def after_verify(self, state: _State) -> str:
        """Say which stage follows a verification."""
        attempts = _attempts(state)
        if _verified(attempts[-1]):
            return "wrap"
        return "propose" if len(attempts) < self.attempts else END

    def _replies(self, attempts: Sequence[Attempt]) -> Flow[list[Any]]:
        """Ask the maker for all candidates of an attempt at once."""
        task = get_runtime(_Context).context.task
        prompt = {
            "kind": f"{task.description}\n\n" if task.description else "",
            "demonstrations": examples_text(task.demonstrations),
        }
        best = _best([candidate for attempt in attempts for candidate in attempt.candidates])
        if best is not None:
            prompt |= {"reply": best.reply or "(nothing)", "feedback": feedback(best)}
        ways = [
            (REPAIRING if best is not None and self._is_repair(len(attempts) + 1, i) else PROPOSING)
            | with_sampling(self.maker, temperature=temperature, max_tokens=self.max_tokens)
            for i, temperature in enumerate(self._ladder(len(attempts) + 1))
        ]
        ask: Runnable[Any, Any] = RunnableLambda(lambda asked: ways[asked["candidate"]], name="ask_maker")
        replies = yield Calls(ask, [{**prompt, "candidate": i} for i in range(len(ways))])
        failures = [reply for reply in replies if isinstance(reply, Exception)]
        if len(failures) == len(replies):
            raise ModelError(model_failure(failures[0], self.maker)) from failures[0]
        return replies

    def _ladder(self, attempt: int) -> list[float | None]:
        """List the temperatures of an attempt: the ladder goes on where the attempt before left it."""
        first = (attempt - 1) * self.candidates
        return [self.temperatures[(first + i) % len(self.temperatures)] for i in range(self.candidates)]

    def _is_repair(self, attempt: int, candidate: int) -> bool:
        """Say whether a candidate is a repair: every other one, counted over all attempts from the second."""
        return ((attempt - 1) * self.candidates + candidate) % 2 == 1

    def _proposal(self, reply: Any, earlier: Sequence[Candidate]) -> Flow[ToolProposal]:
        """Turn one reply into a proposal, or raise `RefusedError`."""
        if isinstance(reply, Exception):
            raise RefusedError(model_failure(reply, self.maker))
        if _was_cut(reply):
            raise RefusedError(f"the reply did not end within {self.max_tokens:,} tokens and was cut off")
        source, entry = entry_of(code_in(_text(reply)))
        if any(other.proposal is not None and other.proposal.source == source for other in earlier):
            raise RefusedError("it is the same as an earlier candidate")
        check: Runnable[Any, Any] = RunnableLambda(self.sandbox.check, afunc=self.sandbox.acheck, name="check")
        (described,) = yield Calls(check, [ToolSource(source=source, entry=entry)])
        if isinstance(described, Exception):
            raise described
        return proposal_of(source, entry, described)


def _text(reply: Any) -> str:
    return str(reply.text) if isinstance(reply, BaseMessage) else str(reply)


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
