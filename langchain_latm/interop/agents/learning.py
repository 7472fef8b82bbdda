"""An agent that learns from its traffic: its solved turns become instances, from which the closed loop makes tools."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, SystemMessage

from langchain_latm._core.caller import Caller
from langchain_latm._core.defaults import DEMONSTRATIONS, INSTANCES
from langchain_latm._core.flow import Do, Flow
from langchain_latm.exceptions import LATMError
from langchain_latm.interop.agents.agent_library import AgentLibrary
from langchain_latm.interop.agents.agent_state import ToolMakingState, Turn, all_shown_in, called_in, is_final, kept_in
from langchain_latm.interop.agents.shortcut import ANSWER_ID
from langchain_latm.loop.context import context_doubts
from langchain_latm.loop.latm import LATM
from langchain_latm.loop.parts import When
from langchain_latm.loop.state import Solved
from langchain_latm.models.replies import was_cut, without_thoughts
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.text.evaluators import Evaluator, judge, passes
from langchain_latm.tools.library.libraries import pinned
from langchain_latm.types import Answer, TokenUsage

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Learning:
    """Options for learning from an agent's turns (`ToolMakingMiddleware(learn=...)`).

    Attributes:
        labels: Which answers count as right: `"agent"`, those of the agent's model; `"model"`, those that the maker's
            model confirms, with one call for each turn (its answer alone is the label, which suits agents that answer
            in sentences); `"feedback"`, those for which `record_feedback` is called; or those that an evaluator
            accepts, a function of `inputs` and `outputs` as in LangSmith and openevals.
        pure_tools: Names of the agent's own tools whose results depend on their arguments alone, such as a calculator.
            A turn in which the agent called any other tool is skipped, since a made tool would not call it.
        instances: See `create_latm`.
        demonstrations: See `create_latm`.
        check: See `create_latm`.
        making: When tools are made: `"background"`, in a thread, so that no user waits for it; `"inline"`, at the end
            of the turn that completes the instances, for scripts and for processes that end with it.
    """

    labels: Literal["agent", "model", "feedback"] | Evaluator = "agent"
    pure_tools: tuple[str, ...] = ()
    instances: int = INSTANCES
    demonstrations: int = DEMONSTRATIONS
    check: AnswerCheck | str = "exact"
    making: When = "background"

    def __post_init__(self) -> None:
        if not callable(self.labels) and self.labels not in ("agent", "model", "feedback"):
            raise ValueError(f'labels must be "agent", "model", "feedback" or an evaluator, not {self.labels!r}')


class Learner:
    """Learns from the turns of an agent.

    Args:
        name: The middleware's name in the agent's state.
        learning: The options.
        loop: Keeps the instances and makes the tools.
    """

    def __init__(self, name: str, learning: Learning, loop: LATM) -> None:
        self._name = name
        self._learning = learning
        self._loop = loop

    def learn(self, state: ToolMakingState, own: AgentLibrary, caller: Caller) -> Flow[dict[str, Any] | None]:
        """Learn from the turn that ended, if possible; return the change of the state.

        The answer's message gets the id for feedback. Failures are only logged, since the user has the answer.
        """
        turn, messages = kept_in(state, self._name).get("turn"), state["messages"]
        if turn is None or not self._is_alone(state, messages, turn):
            return None
        request, last = messages[0], messages[-1]
        try:
            solved = yield from self._solved(turn, request, messages)
            config: Any = {"configurable": {key: name for key, name in caller._asdict().items() if name}}
            (answer,) = yield _apart(
                lambda: self._learned(solved, config, own), lambda: self._alearned(solved, config, own)
            )
        except LATMError as error:
            _log.warning("nothing is learned from a turn: %s", error)
            return None
        if answer.dispatch is not None and answer.dispatch.action == "reuse":
            return None
        named = {**last.response_metadata, ANSWER_ID: answer.id}
        return {"messages": [last.model_copy(update={"response_metadata": named})]}

    def _is_alone(self, state: ToolMakingState, messages: list[AnyMessage], turn: Turn) -> bool:
        """Whether the last message answers the only request, based only on the request and on made tools."""
        if len(messages) < 2 or state.get("structured_response") is not None:  # noqa: PLR2004 - request and answer
            return False
        asked = [each for each in messages if isinstance(each, HumanMessage)]
        if asked != [messages[0]] or context_doubts([messages[0]]) or not str(messages[0].text).strip():
            return False
        # A message that another middleware put in place of the answer, such as about a spent budget, is no answer.
        if not is_final(messages[-1]) or str(messages[-1].text) != turn["text"] or was_cut(messages[-1]):
            return False
        return set(called_in(state)) <= {*all_shown_in(state), *self._learning.pure_tools}

    def _solved(self, turn: Turn, request: BaseMessage, messages: list[AnyMessage]) -> Flow[Solved]:
        labels, text = self._learning.labels, without_thoughts(turn["text"]).strip()
        trusted = labels in ("agent", "model")
        if callable(labels):
            (trusted,) = yield _judged(labels, str(request.text), text)
        system = [SystemMessage(turn["system"])] if turn["system"] else []
        usages = (TokenUsage.of(each) for each in messages if isinstance(each, AIMessage))
        return Solved(
            [*system, HumanMessage(str(request.text))],
            text,
            trusted=trusted,
            confirm=labels == "model",
            model=turn["model"],
            usage=sum(usages, TokenUsage()),
        )

    def _learned(self, solved: Solved, config: Any, own: AgentLibrary) -> Answer:
        with pinned(own.library):
            return self._loop.learn(solved, config)

    async def _alearned(self, solved: Solved, config: Any, own: AgentLibrary) -> Answer:
        with pinned(own.library):
            return await self._loop.alearn(solved, config)


def _apart(sync: Callable[[], Any], asynchronous: Callable[[], Any]) -> Do:
    """Run a function in its own context, apart from the agent's run, its checkpoints and its stream."""

    async def arun() -> Any:
        return await asyncio.create_task(asynchronous(), context=contextvars.Context())

    return Do(lambda: contextvars.Context().run(sync), arun)


def _judged(evaluator: Evaluator, question: str, answer: str) -> Do:
    """Ask an evaluator whether an answer is right; None if it fails."""

    def run() -> bool:
        try:
            verdict = judge(evaluator, question, answer)
            return passes(asyncio.run(_value(verdict)) if inspect.isawaitable(verdict) else verdict)
        except Exception as error:  # noqa: BLE001 - that of a function of the caller
            return _unknown(error)

    async def arun() -> bool:
        try:
            verdict = await asyncio.to_thread(judge, evaluator, question, answer)
            return passes(await verdict if inspect.isawaitable(verdict) else verdict)
        except Exception as error:  # noqa: BLE001 - as above
            return _unknown(error)

    return Do(run, arun)


async def _value(verdict: Awaitable[Any]) -> Any:
    return await verdict


def _unknown(error: Exception) -> bool:
    _log.warning("the evaluator of the labels failed, so an answer waits without a label: %s", error)
    return False
