"""The closed loop: requests reuse tools, get answered, or get a tool made (paper, section 3.3 and figure 3)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import RunnableConfig
from langgraph.graph import MessagesState
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from langchain_latm._core.batching import Batch, TogetherRunnable
from langchain_latm._core.caller import Caller, with_tenant
from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm._core.graph_runnable import Beginning, GraphRunnable
from langchain_latm.loop.background import BackgroundMakings
from langchain_latm.loop.feedback import Said, feedback, said_by
from langchain_latm.loop.graphs import making_graph, request_graph
from langchain_latm.loop.message_graph import message_graph
from langchain_latm.loop.parsed_batch import ParsedBatch
from langchain_latm.loop.parts import Dispatchers, Loop
from langchain_latm.loop.state import (
    Begun,
    LATMEvent,
    RequestState,
    Solved,
    answer_in,
    first_state,
    solved_state,
)
from langchain_latm.loop.tenants import Tenants
from langchain_latm.tools.library.libraries import pinned
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.tools.library.verdicts import Retirement
from langchain_latm.types import Answer, Feedback, FeedbackSource

if TYPE_CHECKING:
    from langgraph.types import Checkpointer

LATMInput = str | dict[str, Any] | Begun | Sequence[BaseMessage] | PromptValue | Command[Any] | None
"""A request: text, messages, a filled prompt. Or, to resume a run as in LangGraph: `Command(resume=...)` or None."""


class LATM(TogetherRunnable[LATMInput, Answer], GraphRunnable[LATMInput, Answer], AbstractContextManager["LATM"]):
    """Answers requests, and makes tools for kinds that recur. Create it with `create_latm`.

    A dict is a row for the typed tool that takes inputs of these names. It is an error if there is no such tool, or
    several.

    `invoke` and `ainvoke` return an `Answer`, `batch` and `abatch` a list of them. A batch answers the requests that
    parsers of tools read together: each tool is called once for all its requests, and the library gets one note of
    these uses. The others run one by one as by `invoke`, at most `max_concurrency` of the config at the same time. A
    single request that a parser reads is answered in the same way, without a run of the graph, unless callbacks or a
    tracer listen to the run. With a checkpointer, each request is a run of the graph.

    `stream` and `astream` yield only the answer; with
    `stream_mode="custom"` they yield a `LATMEvent` per step, the last of which carries the answer. An interrupted run
    returns an incomplete answer, with the question to a person as `waiting_for`; `invoke(Command(resume=...), config)`
    resumes it.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data, and internal: serve `message_graph` instead.

    Raises:
        RequestError: The request is empty, too long, or its last message is not a person's; or no tool, or several,
            take such inputs.
        ToolUseError: A typed tool failed on its inputs: no model answers a row.
        ModelError: No tool fits, and the strong model cannot be reached.
        SandboxError: The sandbox itself failed.
        ToolLibraryError: The library's store failed before there was an answer; later, the answer's notes say so.
    """

    def __init__(
        self,
        tenants: Tenants,
        checkpointer: Checkpointer,
        retirement: Retirement,
        context_schema: type[Any] | None = None,
    ) -> None:
        self._tenants = tenants
        self._checkpointer = checkpointer
        self._retirement = retirement
        self._context_schema = context_schema
        # A factory needs a run of a graph to name the library.
        self._together = None if checkpointer or tenants.fixed is None else ParsedBatch(tenants)
        making = making_graph(tenants)
        self._background = BackgroundMakings(tenants, making, checkpointer)
        self.name = "latm"
        graph = request_graph(tenants, making.compile(name="making"), self._background, context_schema)
        self.graph = graph.compile(checkpointer=checkpointer, name=self.name)

    @property
    def message_graph(self) -> CompiledStateGraph[MessagesState, Any, Any, Any]:
        """The loop as a graph on messages, for LangGraph Server: takes `{"messages": [...]}`, adds the answer.

        The last message is the request. If the thread has earlier messages, the strong model answers, with all of them.
        The answer's id is that of its message, for `record_feedback`; `response_metadata` names the tool and doubts.

        Raises:
            ValueError: The loop has a checkpointer; a server stores runs with its own.
        """
        if self._checkpointer:
            raise ValueError("create the loop without a checkpointer: a server stores runs with its own")
        return message_graph(self, self._context_schema)

    def answer_parsed(self, requests: Sequence[LATMInput], config: RunnableConfig | None = None) -> list[Answer | None]:
        """Answer the requests that parsers of tools read, as `batch` does; None for the others, which need a model.

        No model is asked, and no tool is made. The result for an invalid request is None too.

        Args:
            requests: The requests.
            config: For all of them.
        """
        if self._together is None:
            return [None] * len(requests)
        return [*Batch(self._together, (_unanswered, _aunanswered), "latm", requests, config).run()]

    async def aanswer_parsed(
        self, requests: Sequence[LATMInput], config: RunnableConfig | None = None
    ) -> list[Answer | None]:
        """Do as `answer_parsed`, without blocking the event loop."""
        if self._together is None:
            return [None] * len(requests)
        return [*(await Batch(self._together, (_unanswered, _aunanswered), "latm", requests, config).arun())]

    def learn(self, solved: Solved, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Learn from a request that was answered elsewhere, as if the strong model had answered it.

        It waits as an instance of its kind, unless a tool fits it; when enough wait, a tool is made.

        Args:
            solved: The request and its answer.
            config: As for `invoke`.
            **kwargs: As for `invoke`.

        Returns:
            The answer. Its `id` takes feedback, unless `dispatch` found a tool.

        Raises:
            RequestError: The request cannot be one, or the answer is empty or too long.

        Example:
            ```python
            from langchain_latm import create_latm, create_sandbox, open_tool_library
            from langchain_latm.loop.state import Solved

            with open_tool_library("tools.sqlite") as library, create_sandbox() as sandbox:
                latm = create_latm("openai:gpt-4.1", library=library, sandbox=sandbox)
                answer = latm.learn(Solved("Reverse this word: drawer", "reward"))
                print(answer.text)  # -> reward
            ```
        """
        return self.invoke(Begun(dict(solved_state(solved))), config, **kwargs)

    async def alearn(self, solved: Solved, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Do as `learn`, without blocking the event loop."""
        return await self.ainvoke(Begun(dict(solved_state(solved))), config, **kwargs)

    def record_feedback(
        self,
        answer_id: str,
        correct_answer: str,
        *,
        tenant: str | None = None,
        user: str | None = None,
        source: FeedbackSource | None = None,
    ) -> Feedback:
        """Record the correct answer to an earlier request, with this loop's `check` and limits for retiring a tool.

        See `record_feedback` of the package, which needs no loop.

        Args:
            answer_id: See there.
            correct_answer: See there.
            tenant: Whose answer it is; by default that of the run in which this is called, if any.
            user: Who gives the feedback; by default the user of that run.
            source: See there.
        """
        own, said = self._feedback(correct_answer, tenant, user, source)
        return run_flow(feedback(own.operations, answer_id, said, own.check, self._retirement))

    async def arecord_feedback(
        self,
        answer_id: str,
        correct_answer: str,
        *,
        tenant: str | None = None,
        user: str | None = None,
        source: FeedbackSource | None = None,
    ) -> Feedback:
        """Do as `record_feedback`, without blocking the event loop."""
        own, said = self._feedback(correct_answer, tenant, user, source)
        return await arun_flow(feedback(own.operations, answer_id, said, own.check, self._retirement))

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most this many seconds for the makings in the background; return whether all have ended."""
        return self._background.wait(seconds)

    def close(self) -> None:
        """Wait for the makings in the background, and start no more."""
        self._background.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self, value: LATMInput, config: RunnableConfig | None) -> Beginning:
        """Return the graph's input, and a config with the thread that a checkpointer needs."""
        if isinstance(value, Begun):
            start: Any = value.state
        else:
            start = value if value is None or isinstance(value, Command) else first_state(value)
        config = with_tenant(config, self._tenants.tenant)
        if self._checkpointer and isinstance(start, dict) and "thread_id" not in config["configurable"]:
            config = {**config, "configurable": {**config["configurable"], "thread_id": start["id"]}}
        return start, config, {}

    def _validate(self, state: dict[str, Any], config: RunnableConfig | None) -> None:
        if self._tenants.fixed is not None:  # a factory's loop keeps no runs
            self._tenants.validate(cast(RequestState, state), Caller.of(config))

    def _result(self, state: dict[str, Any]) -> Answer:
        asked = state.get("__interrupt__")
        return answer_in(state, self._tenants.default.loop.models, asked[0].value if asked else None)

    def _event(self, part: dict[str, Any]) -> LATMEvent:
        """Read an event of the loop, or of the maker inside it."""
        return LATMEvent.model_validate({key: part[key] for key in ("stage", "message", "tool") if key in part})

    def _last_event(self, state: dict[str, Any]) -> LATMEvent:
        answer = self._result(state)
        return LATMEvent(stage="using" if answer.tool_use else "answering", message="answered", answer=answer)

    def _feedback(
        self, correct_answer: str, tenant: str | None, user: str | None, source: FeedbackSource | None
    ) -> tuple[Loop, Said]:
        """Return the loop of the tenant, and the feedback with its source."""
        caller = Caller.of_context()
        whose, by = caller.tenant if tenant is None else tenant, caller.user if user is None else user
        return self._tenants.of(Caller(whose)).loop, said_by(correct_answer, source, by)


def dispatchers_of(loop: LATM, library: ToolLibrary) -> Dispatchers:
    """Return the dispatchers of a loop for one of its libraries, for other parts of this package."""
    with pinned(library):
        return loop._tenants.of(Caller(library.tenant)).loop.dispatchers  # noqa: SLF001 - the same module


def _unanswered(inputs: Sequence[Any], _configs: Any, *, return_exceptions: bool) -> list[Any]:  # noqa: ARG001 - as `batch`
    return [None] * len(inputs)


async def _aunanswered(inputs: Sequence[Any], configs: Any, *, return_exceptions: bool) -> list[Any]:
    return _unanswered(inputs, configs, return_exceptions=return_exceptions)
