"""The closed loop: requests reuse tools, get answered, or get a tool made (paper, section 3.3 and figure 3)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from langchain_core.embeddings import Embeddings
from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command
from pydantic import TypeAdapter

from langchain_latm._core.batching import Batch, TogetherRunnable
from langchain_latm._core.caller import Caller, with_tenant
from langchain_latm._core.defaults import (
    ATTEMPTS,
    CANDIDATES,
    DECIDING_SAMPLES,
    DEMONSTRATIONS,
    INSTANCES,
    SECOND_ATTEMPTS,
)
from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm._core.graph_runnable import Beginning, GraphRunnable
from langchain_latm.loop.dispatch.dispatcher import Dispatcher, validate_share
from langchain_latm.loop.dispatch.probability import MAX_ERROR
from langchain_latm.loop.feedback import RETIRE_AFTER, RETIRE_SHARE, Said, feedback, said_by
from langchain_latm.loop.makings import ask_about
from langchain_latm.loop.message_graph import message_graph
from langchain_latm.loop.parsed_batch import ParsedBatch
from langchain_latm.loop.parts import Dispatchers, Labels, Loop, When
from langchain_latm.loop.state import (
    Begun,
    LATMEvent,
    Making,
    RequestState,
    Solved,
    answer_in,
    first_state,
    noted,
    solved_state,
)
from langchain_latm.loop.tenants import Tenants
from langchain_latm.making.escalating import MakerModel, maker_models
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.models.embeddings import resolve_embeddings
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.budget import DailyLimit, MakingAccount
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.libraries import LibraryFactory, pinned
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of
from langchain_latm.tools.library.pending import Approve, PendingTools
from langchain_latm.tools.library.verdicts import Retirement
from langchain_latm.types import Answer, Feedback, FeedbackSource, Stage

if TYPE_CHECKING:
    from langgraph.types import Checkpointer

LATMInput = str | dict[str, Any] | Begun | Sequence[BaseMessage] | PromptValue | Command[Any] | None
"""A request: text, messages, a filled prompt. Or, to resume a run as in LangGraph: `Command(resume=...)` or None."""

PARSER_CHECKS = 0.02
_BACKGROUND_MAKINGS = 2
_DAY = 86_400.0

_log = logging.getLogger(__name__)


def create_latm(
    maker_model: MakerModel = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    library: ToolLibrary | LibraryFactory,
    sandbox: Sandbox,
    answering_model: str | Runnable[Any, Any] | None = None,
    dispatcher_model: str | Runnable[Any, Any] | None = None,
    judging_model: str | Runnable[Any, Any] | None = "answering",
    embeddings: str | Embeddings | None = None,
    max_error: float = MAX_ERROR,
    instances: int = INSTANCES,
    demonstrations: int = DEMONSTRATIONS,
    samples: int = 1,
    parser_checks: float = PARSER_CHECKS,
    labels: Labels = "model",
    check: AnswerCheck | str = "exact",
    making: When = "inline",
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    second_attempts: int = SECOND_ATTEMPTS,
    packages: Sequence[str] = (),
    budget: int | str | None = None,
    approve: Approve = False,
    approval_seconds: float = 7 * _DAY,
    retire_after: int = RETIRE_AFTER,
    retire_share: float = RETIRE_SHARE,
    claim_seconds: float = 60.0,
    refresh_seconds: float = 1.0,
    checkpointer: Checkpointer = None,
    context_schema: type[Any] | None = None,
) -> LATM:
    """Create the Runnable from a request to its `Answer`, which makes tools for kinds of request that recur.

    Each request is dispatched. If a tool fits, the light model reads its arguments and the sandbox computes the answer.
    If none fits, the strong model answers, and request and answer are stored as an instance of their kind. When enough
    instances wait, a tool is made of them, proven on those that its maker is not shown, and used from then on. If a
    tool fails on a request, the strong model answers it.

    Of all workers that share the library, only one makes a tool of a kind at a time. A failed making is tried again
    when twice as many instances wait.

    A tool is used, and something is learned, only where it is sure what is asked; otherwise the strong model answers,
    with the whole conversation, and `Answer.doubts` says why:

    - The request is text alone. Earlier messages, or content that is no text (images, audio, files), may change what it
      asks for. A system prompt belongs to the kind: a tool is used only under the system prompt that the requests it
      was made of came under, or without one if they had none. Only white space may differ.
    - The tool's parser reads the request, in which case, white space, marks and courtesy may differ from the examples.
      If it does not, a fixed word was changed, added or left out, and a judging model is asked once whether the request
      asks for the same as a proven example. If it says so, the light model reads the arguments. For a tool without a
      parser, the fixed words are those that all examples of its proof share; if they share none, every request is
      judged, except these examples.

    Customers who do not trust each other are tenants: `latm.invoke(request, {"configurable": {"tenant": "acme"}})`.
    Nothing of one reaches another: requests, answers, tools and what these remember. Each makes its own tools. Your
    application sets the tenant, never a request. The how-to page on operation says more.

    Args:
        maker_model: Writes the functions: `"local"`, a name that `init_chat_model` takes, or a chat model. Of a list of
            them, the smallest first, the next one is asked where the one before proved nothing (`create_tool_maker`).
        user_model: Reads arguments. By default the maker's model, of several the first.
        library: Where tools, instances and answers are stored, each tenant's apart. The caller closes it. Or a function
            that returns the library of a run from its LangGraph runtime, as on LangGraph Server:
            `lambda runtime: ToolLibrary(runtime.store, tenant=runtime.context.tenant)`. It is called in each stage and
            must be quick; nothing of one library reaches another. Such a loop takes no checkpointer.
        sandbox: Where the tools run. The caller closes it.
        answering_model: Answers if no tool fits, and so labels the instances. By default the maker's model,
            of several the last.
        dispatcher_model: Asked if the wording does not decide which tool fits. By default no model is asked.
        judging_model: Asked whether a request that a tool's parser does not read asks for what the tool computes.
            `"answering"`: the answering model. None: no model is asked, and the strong model answers such requests.
            A request about which the dispatcher's model was asked is not judged again.
        embeddings: Compared if the wording does not decide: see `create_dispatcher`.
        max_error: Share of requests in natural wording that may get a wrong tool: see `create_dispatcher`.
        instances: Solved requests of a kind that a tool is made of.
        demonstrations: How many of them the maker is shown; the tool is proven on the others.
        samples: How often the strong model is asked for one answer. With more than one, only an answer that more than
            half of them give becomes a label.
        parser_checks: Share of the requests read by a tool's parser that the model reads too. If their answers differ,
            the tool continues without its parser. 0 for none.
        labels: Where correct answers come from: `"model"`, the strong model; `"person"`, asked by an `interrupt` for
            each new instance; `"feedback"`, only `record_feedback`.
        check: How answers are compared.
        making: `"inline"`, in the run whose request completes the instances, after its answer; `"background"`, in a
            thread; `"off"`, never.
        attempts: See `create_tool_maker`.
        candidates: See `create_tool_maker`.
        second_attempts: See `create_tool_maker`. Where proven functions differ, the source of the labels decides: the
            answering model, or a person by an `interrupt` (`making="inline"` only). With `labels="feedback"`, and
            where it is not known, the tool fails on such requests, and the strong model answers them.
        packages: Packages that tools may import, as for `create_tool_maker`. Customers cannot declare any.
        budget: How much a day (UTC) the makings of a library, or of each tenant, may take: a number of tokens, or US
            dollars as `"2.50 USD"`. Then the strong model answers, with the doubt `budget`. All workers share it, and
            make one tool at a time; a making that has begun is finished. By default there is no limit.
        approve: Interrupt before a tool is added to the library; resume with `True`, or with the reason against it.
            `"later"`: do not interrupt, but store the tool as a pending one, which nothing uses before a person has
            approved it: `latm serve --ui`, `latm tools approve`, or `ToolLibrary.approve`.
        approval_seconds: How long no other worker makes such a tool while a person decides.
        retire_after: See `record_feedback`.
        retire_share: See `record_feedback`.
        claim_seconds: How long a making blocks others after its process died.
        refresh_seconds: How long a change of the library may go unnoticed.
        checkpointer: Stores a run between its stages, so that it can be resumed after an interrupt or the death of its
            process: `invoke(None, config)` with its `thread_id` repeats no finished stage. A making in the background
            is resumed when its kind is made again.
        context_schema: Type of the runtime's context, for a library from a function: `latm.invoke(request,
            context=...)`. The graphs on messages takes it too.

    Returns:
        A Runnable; use it in a `with` statement if it makes tools in the background.

    Raises:
        ValueError: Numbers contradict each other; `approve=True` or `labels="person"` without a checkpointer;
            `approve=True` with a making that is not inline; a checkpointer with a library from a function; a budget in
            dollars for a model without a known price.
        PackageError: What is declared is no name of a package.
        ModelError: A model cannot be named or set up.

    Example:
        ```python
        from langchain_latm import create_latm, create_sandbox, open_tool_library

        SOLVED_BY_THE_MODEL = ("fig apple", "crow auk", "tin iron", "red blue", "oak elm", "mars io")

        with (
            open_tool_library("new.sqlite") as library,
            create_sandbox() as sandbox,
            create_latm("openai:gpt-4.1", library=library, sandbox=sandbox) as latm,
        ):
            for words in SOLVED_BY_THE_MODEL:  # the sixth request of the kind makes a tool
                answer = latm.invoke(f"Sort these words: {words}")
            print(answer.text, answer.tool_made)  # -> io mars sort_words
            answer = latm.invoke("Sort these words: kiwi date lime")
            print(answer.text, answer.dispatch.action)  # -> date kiwi lime reuse
        ```
    """
    if not 0 < demonstrations < instances:
        raise ValueError("demonstrations must be at least 1 and less than instances: the rest is the proof")
    if samples < 1:
        raise ValueError("samples must be at least 1")
    retirement = Retirement.of(retire_after, retire_share)
    validate_share(max_error)
    if not 0 <= parser_checks <= 1:
        raise ValueError("parser_checks must be a share from 0 to 1")
    if approve is True and making != "inline":
        raise ValueError('approve=True needs making="inline": a run in the background cannot be resumed')
    if (approve is True or labels == "person") and not checkpointer:
        raise ValueError('approve=True and labels="person" interrupt the run: pass a checkpointer to resume it')
    if checkpointer and not isinstance(library, ToolLibrary):
        raise ValueError("a loop whose library is given by a function takes no checkpointer: a server has its own")
    makers = maker_models(maker_model)
    user = makers[0] if user_model is None else late_model(user_model)
    strong = makers[-1] if answering_model is None else late_model(answering_model)
    judge = strong if judging_model == "answering" else None if judging_model is None else late_model(judging_model)
    dispatching = None if dispatcher_model is None else late_model(dispatcher_model)
    embedding = None if embeddings is None else resolve_embeddings(embeddings)
    models: dict[Stage, str] = {
        "dispatching": model_name(dispatching) if dispatching is not None else "",
        "judging": model_name(judge) if judge is not None else "",
        "using": model_name(user),
        "answering": model_name(strong),
        "proposing": model_name(makers[-1]),
        "verification": model_name(user),
    }
    limit = None if budget is None else DailyLimit.of(budget, models)
    tool_maker = create_tool_maker(
        makers,
        user,
        sandbox=sandbox,
        attempts=attempts,
        candidates=candidates,
        second_attempts=second_attempts,
        packages=packages,
        deciding_model=strong if labels == "model" else None,
        deciding_samples=max(samples, DECIDING_SAMPLES),
        direct_samples=0,  # the requests that wait were answered directly
        review=ask_about if labels == "person" and making == "inline" else None,
    )
    answer_check = TypeAdapter[AnswerCheck](AnswerCheck).validate_python(check)

    def create(own: ToolLibrary) -> Loop:
        operations = loop_operations_of(own)
        return Loop(
            operations=operations,
            dispatchers=Dispatchers(
                lambda key: Dispatcher(own, dispatching, embedding, instances, refresh_seconds, max_error, key)
            ),
            claims=Claims(operations.library, claim_seconds),
            account=MakingAccount(operations.library, limit, models),
            maker=tool_maker,
            strong=strong,
            judge=judge,
            user=user,
            models=models,
            sandbox=sandbox,
            check=answer_check,
            instances=instances,
            demonstrations=demonstrations,
            samples=samples,
            parser_checks=parser_checks,
            labels=labels,
            making=making,
            approve=approve,
            pending=PendingTools(operations.library),
            approval_seconds=approval_seconds,
        )

    return LATM(Tenants(library, create), checkpointer, retirement, context_schema)


class LATM(TogetherRunnable[LATMInput, Answer], GraphRunnable[LATMInput, Answer], AbstractContextManager["LATM"]):
    """Answers requests, and makes tools for kinds that recur. Create it with `create_latm`.

    A dict is a row for the typed tool that takes inputs of these names; without exactly one such tool it is an error.

    `invoke` and `ainvoke` return an `Answer`, `batch` and `abatch` a list of them. A batch answers the requests that
    parsers of tools read together: each tool is called once for all its requests, and the library gets one note of
    these uses. The others run one by one as by `invoke`, at most `max_concurrency` of the config at the same time. A
    single request that a parser reads is answered in the same way, without a run of the graph, unless callbacks or a
    tracer listen to the run. With a checkpointer, each request is a run of the graph.

    `stream` and `astream` yield only the answer; with
    `stream_mode="custom"` they yield a `LATMEvent` per step, the last of which carries the answer. An interrupted run
    returns the answer so far, with the question to a person as `waiting_for`; `invoke(Command(resume=...), config)`
    resumes it.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data, and internal: serve `message_graph` instead.

    Raises:
        RequestError: The request is empty, too long, or its last message is not a person's; or not one tool takes such
            inputs.
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
        # Without a run of a graph, a factory cannot say which library a batch is for.
        self._together = None if checkpointer or tenants.fixed is None else ParsedBatch(tenants)
        self._pool = ThreadPoolExecutor(_BACKGROUND_MAKINGS, thread_name_prefix="latm-making")
        self._makings: set[Future[None]] = set()
        self._making = _making_graph(tenants)
        self._background = self._making.compile(checkpointer=checkpointer, name="making")
        self.name = "latm"
        self.graph = self._whole_graph(tenants).compile(checkpointer=checkpointer, name=self.name)

    @property
    def message_graph(self) -> CompiledStateGraph[MessagesState, Any, Any, Any]:
        """The loop as a graph on messages, for LangGraph Server: takes `{"messages": [...]}`, adds the answer.

        The last message is the request. Of a thread with earlier messages the strong model answers, with all of them.
        The answer's id is that of its message, for `record_feedback`; `response_metadata` names the tool and doubts.

        Raises:
            ValueError: The loop has a checkpointer; a server stores runs with its own.
        """
        if self._checkpointer:
            raise ValueError("create the loop without a checkpointer: a server stores runs with its own")
        return message_graph(self, self._context_schema)

    def answer_parsed(self, requests: Sequence[LATMInput], config: RunnableConfig | None = None) -> list[Answer | None]:
        """Answer the requests that parsers of tools read, as `batch` does; None for the others, which need a model.

        No model is asked, and no tool is made. A request with an error in it is one of the others.

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
        """Learn from a request that was answered elsewhere, as from one that the strong model answers.

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
        """Wait at most so many seconds for the makings in the background; return whether all have ended."""
        return not wait(set(self._makings), seconds).not_done

    def close(self) -> None:
        """Wait for the makings in the background, and start no more."""
        self._pool.shutdown()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _whole_graph(self, tenants: Tenants) -> StateGraph[RequestState]:
        graph = StateGraph(RequestState, context_schema=self._context_schema)
        graph.add_node("dispatch", tenants.first("dispatch", lambda stages: stages.request.dispatch))
        graph.add_node("use", tenants.later("use", lambda stages: stages.request.use))
        graph.add_node("answer", tenants.later("answer", lambda stages: stages.request.answer))
        graph.add_node("ask_person", tenants.later("ask_person", lambda stages: stages.request.ask_person))
        graph.add_node("keep", tenants.later("keep", lambda stages: stages.request.keep))
        graph.add_node("claim", tenants.later("claim", lambda stages: stages.making.claim))
        graph.add_node("making", self._making.compile(name="making"))
        graph.add_node("hand_over", self._hand_over)
        request, making = tenants.default.request, tenants.default.making
        graph.add_edge(START, "dispatch")
        graph.add_conditional_edges("dispatch", request.after_dispatch, ["use", "claim", "answer", "keep", END])
        graph.add_conditional_edges("use", request.after_use, ["answer", END])
        graph.add_conditional_edges("answer", request.after_answer, ["ask_person", "keep"])
        graph.add_edge("ask_person", "keep")
        graph.add_conditional_edges("keep", request.after_keep, ["claim", END])
        after = ["answer", "dispatch", END]
        graph.add_conditional_edges("claim", making.after_claim, ["making", "hand_over", "answer", END])
        graph.add_conditional_edges("making", making.after_making, after)
        graph.add_conditional_edges("hand_over", making.after_making, after)
        return graph

    def _hand_over(self, state: RequestState) -> dict[str, Any]:
        """Make the tool in a background thread."""
        making, library = Making.of(state), self._tenants.of(Caller.of_context()).library
        future = self._pool.submit(self._make_in_background, library, state, making)
        self._makings.add(future)
        future.add_done_callback(self._makings.discard)
        return {"making": None, **noted(state, f"{making.name} is being made in the background")}

    def _make_in_background(self, library: ToolLibrary, state: RequestState, making: Making) -> None:
        # Named by its instances, so that the next making of this kind resumes one that was interrupted.
        thread = sha256("\n".join(sorted(each.id for each in making.used)).encode()).hexdigest()
        tenant = state.get("tenant", "") if self._tenants.fixed is not None else ""
        config = with_tenant({"configurable": {"thread_id": f"latm-making-{thread}"}}, tenant)
        try:
            with pinned(library):
                ended = self._made(state, making, config)
        except Exception:  # noqa: BLE001 - no caller waits for it
            _log.exception("making %s in the background failed", making.name)
            return
        for note in ended["notes"][len(state.get("notes", [])) :]:
            _log.warning("%s", note)

    def _made(self, state: RequestState, making: Making, config: RunnableConfig) -> dict[str, Any]:
        begun = self._background.get_state(config) if self._checkpointer else None
        if begun is None or not begun.next:
            return self._background.invoke(state, config)
        earlier, claims = Making.of(cast(RequestState, begun.values)), self._tenants.of(Caller.of(config)).loop.claims
        run_flow(claims.exchange(making.claim, earlier.claim, earlier.ids))
        return self._background.invoke(None, config)

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
        """Return the loop of the tenant, and what is said by whom."""
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


def _making_graph(tenants: Tenants) -> StateGraph[RequestState]:
    graph = StateGraph(RequestState)
    graph.add_node("make", tenants.later("make", lambda stages: stages.making.make))
    graph.add_node("ask_approval", tenants.later("ask_approval", lambda stages: stages.making.ask_approval))
    graph.add_node("add", tenants.later("add", lambda stages: stages.making.add))
    graph.add_edge(START, "make")
    making = tenants.default.making
    graph.add_conditional_edges("make", making.after_make, ["ask_approval", "add", END])
    graph.add_conditional_edges("ask_approval", making.after_approval, ["add", END])
    graph.add_edge("add", END)
    return graph
