"""Made tools in an agent: found for each user message, made during a run, stored for later runs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final, Literal, NotRequired, cast

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse, ToolCallRequest
from langchain.agents.middleware.internal_call_transformer import InternalCallTransformer
from langchain.agents.middleware.types import PrivateStateAttr
from langchain_core.embeddings import Embeddings
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langgraph.types import Command

from langchain_latm._core.caller import Caller
from langchain_latm._core.defaults import SECOND_ATTEMPTS
from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.exceptions import LATMError
from langchain_latm.interop.agents.make_tool import MadeToolMaker, MakingBudget
from langchain_latm.interop.agents.shortcut import Shortcut
from langchain_latm.loop.dispatch.probability import MAX_ERROR
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.models.embeddings import resolve_embeddings
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.library.library import ToolLibrary, library_of, only_logged
from langchain_latm.tools.library.pending import Approve
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import MAX_QUESTION_CHARACTERS, ToolSummary

OFFERED: Final = 5
MAKINGS: Final = 3
_AGENT: Final = "the agent's model"
"""The model to which uses are attributed; its tokens are in the agent's own accounts."""

_log = logging.getLogger(__name__)


def _union(left: list[str] | None, right: list[str] | None) -> list[str]:
    """Join the names of tools that were made in parallel."""
    return list(dict.fromkeys([*(left or []), *(right or [])]))


class ToolMakingState(AgentState[Any]):
    """What the middleware stores in an agent's state: names of tools.

    Attributes:
        latm_offered: The library's tools offered for the last user message.
        latm_made: The tools made in this thread.
    """

    latm_offered: NotRequired[Annotated[list[str], PrivateStateAttr]]
    latm_made: NotRequired[Annotated[list[str], PrivateStateAttr, _union]]


class ToolMakingMiddleware(AgentMiddleware[ToolMakingState, Any, Any]):
    """Lets an agent use the tools of a library, and make new ones.

    If a tool surely answers the user's message, no model is called: the dispatcher is sure, the tool's parser reads the
    message, and the message is all that is asked (text alone, no earlier messages, no structured output, no other
    system prompt than the one under which the tool's requests came). The answer is an `AIMessage` whose `id` takes
    feedback (`record_feedback`), with the tool in `response_metadata`.

    Otherwise, the model is offered the tools that may fit the message, in addition to the agent's own, and those that
    it called in this thread. The message only selects what is offered: the agent's model sees the whole conversation,
    with its system prompt and all content, and decides what to call with which arguments. Tools that a closed loop made
    of requests under a system prompt are not offered, because they depend on that prompt.

    With a `maker_model`, the model also gets the tool `make_tool`: it describes a kind of computation with solved
    examples, a tool is made and proven, and can be called in the same run; later runs find it in the library. Made
    tools run in the sandbox, and only offered tools run. The middleware does not choose among the agent's own tools,
    and an agent's own tool takes precedence over a library tool of its name.

    Failures (no tool proven, an unreadable library, a failing tool) become messages to the model; the run continues.
    Sync and async are supported. Put this first: what comes after it is not called for a direct answer, and
    `LLMToolSelectorMiddleware` also selects among the offered tools. `HumanInTheLoopMiddleware` can ask about
    `make_tool` or a made tool, by name, before it is called.

    Args:
        library: Where tools are searched and stored. A run whose config names a tenant uses that tenant's own.
        sandbox: Where the tools run. The caller closes it.
        maker_model: Writes new tools; by default no tools are made.
        user_model: Reads arguments in the proof; by default the maker's model. In the agent, its own model does.
        embeddings: Find tools whose wording differs from the message: see `create_dispatcher`.
        max_error: Share of messages for which a wrong tool may come first: see `create_dispatcher`.
        answer_directly: Whether tools answer without a model where that is sure. `"any_prompt"`: whatever the system
            prompt of the agent says, which suits agents whose prompt changes no answer of a tool.
        offered: Maximum number of library tools offered.
        makings: Maximum number of makings in one run.
        making_tokens: Tokens of makings in one run after which no other starts; no limit by default.
        approve: Interrupt before a new tool is added, with its source and proof; resume with `True` or with a reason
            against it. The agent needs a checkpointer. `"later"`: do not interrupt; the tool is kept, and nothing uses
            it before a person has approved it (`latm serve --ui`, `ToolLibrary.approve`).
        attempts: Maximum attempts of a making, as for `create_tool_maker`.
        second_attempts: See `create_tool_maker`.

    Source: https://docs.langchain.com/oss/python/langchain/middleware

    Example:
        ```python
        from langchain.agents import create_agent
        from langchain_latm import ToolMakingMiddleware, create_sandbox, open_tool_library

        with open_tool_library("tools.sqlite") as library, create_sandbox() as sandbox:
            middleware = ToolMakingMiddleware(library, sandbox, maker_model="openai:gpt-4.1")
            agent = create_agent("openai:gpt-4.1-mini", middleware=[middleware])
            state = agent.invoke({"messages": [("user", "Sort these words: walnut hazel oak")]})
            print(state["messages"][-1].text)  # -> hazel oak walnut
        ```
    """

    state_schema = ToolMakingState
    transformers = (InternalCallTransformer,)

    def __init__(
        self,
        library: ToolLibrary,
        sandbox: Sandbox,
        *,
        maker_model: str | Runnable[Any, Any] | None = None,
        user_model: str | Runnable[Any, Any] | None = None,
        embeddings: str | Embeddings | None = None,
        max_error: float = MAX_ERROR,
        answer_directly: bool | Literal["any_prompt"] = True,
        offered: int = OFFERED,
        makings: int = MAKINGS,
        making_tokens: int | None = None,
        approve: Approve = False,
        attempts: int = 8,
        second_attempts: int = SECOND_ATTEMPTS,
    ) -> None:
        super().__init__()
        self._library = library
        self._sandbox = sandbox
        self._offered = offered
        self._answer_directly = answer_directly is not False
        self._shortcut = Shortcut(
            library,
            sandbox,
            None if embeddings is None else resolve_embeddings(embeddings),
            max_error,
            any_prompt=answer_directly == "any_prompt",
        )
        self._served: dict[str, BaseTool] = {}
        self.tools: Sequence[BaseTool] = []
        if maker_model is not None:
            maker = create_tool_maker(
                maker_model, user_model, sandbox=sandbox, attempts=attempts, second_attempts=second_attempts
            )
            budget = MakingBudget(makings, making_tokens)
            self.tools = [MadeToolMaker(library, maker, budget, approve=approve).as_tool()]

    def before_agent(self, state: ToolMakingState, runtime: Any) -> dict[str, Any] | None:  # noqa: ARG002 - the names of AgentMiddleware
        """Find the tools to offer for the last user message."""
        try:
            known = _independent(self._own().list())
            likely = run_flow(self._shortcut.offer(_last_message(state), known, Caller.of_context()))
            return self._fitting(state, known, likely)
        except LATMError as error:
            return _nothing(error)

    async def abefore_agent(self, state: ToolMakingState, runtime: Any) -> dict[str, Any] | None:  # noqa: ARG002 - see `before_agent`
        """Do as `before_agent`."""
        try:
            known = _independent(await self._own().alist())
            likely = await arun_flow(self._shortcut.offer(_last_message(state), known, Caller.of_context()))
            return self._fitting(state, known, likely)
        except LATMError as error:
            return _nothing(error)

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Answer by a tool, or offer the tools to the model."""
        if self._may_answer(request) and (
            answer := run_flow(self._shortcut.answer(_conversation(request), Caller.of_context()))
        ):
            return answer
        found = [tool for name in self._new(request) if (tool := self._get(name)) is not None]
        return handler(request.override(tools=[*request.tools, *found]))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any] | AIMessage:
        """Do as `wrap_model_call`."""
        if self._may_answer(request) and (
            answer := await arun_flow(self._shortcut.answer(_conversation(request), Caller.of_context()))
        ):
            return answer
        found = [tool for name in self._new(request) if (tool := await self._aget(name)) is not None]
        return await handler(request.override(tools=[*request.tools, *found]))

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Run a made tool that was offered; leave all other tools to the agent."""
        if not self._is_ours(request):
            return _naming_made_tools(handler(request), request)
        library = self._own()
        try:
            made = library.get(request.tool_call["name"])
            result = handler(request.override(tool=self._serve(made)))
        except LATMError as error:
            return _error(request, error)
        with only_logged(library):
            library.record_use(made, failed=_failed(result), model=_AGENT)
        return result

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        """Do as `wrap_tool_call`."""
        if not self._is_ours(request):
            return _naming_made_tools(await handler(request), request)
        library = self._own()
        try:
            made = await library.aget(request.tool_call["name"])
            result = await handler(request.override(tool=self._serve(made)))
        except LATMError as error:
            return _error(request, error)
        with only_logged(library):
            await library.arecord_use(made, failed=_failed(result), model=_AGENT)
        return result

    def _own(self) -> ToolLibrary:
        """Return the library of the tenant that the run's config names."""
        return library_of(self._library, Caller.of_context())

    def _may_answer(self, request: ModelRequest[Any]) -> bool:
        """Whether a text is an answer to the request: not where a structured output or a tool call is wanted."""
        return self._answer_directly and request.response_format is None and request.tool_choice in (None, "auto")

    def _fitting(self, state: ToolMakingState, known: Sequence[ToolSummary], likely: Sequence[str]) -> dict[str, Any]:
        """Return what the state keeps of the tools that may fit, and of those that the agent called before."""
        names = {each.name for each in known}
        called = [name for name in _called(state) if name in names]
        return {"latm_offered": list(dict.fromkeys([*called, *likely]))[: self._offered]}

    def _new(self, request: ModelRequest[Any]) -> list[str]:
        """Return the offered names that are not names of the agent's own tools, in a stable order."""
        own = {tool.get("name") if isinstance(tool, dict) else tool.name for tool in request.tools}
        return [name for name in _shown(request.state) if name not in own]

    def _get(self, name: str) -> BaseTool | None:
        try:
            return self._serve(self._own().get(name))
        except LATMError as error:
            _log.warning("the tool %s is not offered: %s", name, error)
            return None

    async def _aget(self, name: str) -> BaseTool | None:
        try:
            return self._serve(await self._own().aget(name))
        except LATMError as error:
            _log.warning("the tool %s is not offered: %s", name, error)
            return None

    def _serve(self, made: MadeTool) -> BaseTool:
        """Return the LangChain tool of a record, the same object each time, so that providers can cache it."""
        if made.id not in self._served:
            self._served[made.id] = made.as_tool(self._sandbox, tenant=self._library.tenant)
        return self._served[made.id]

    def _is_ours(self, request: ToolCallRequest) -> bool:
        return request.tool is None and request.tool_call["name"] in _shown(request.state)


def _independent(tools: Sequence[ToolSummary]) -> list[ToolSummary]:
    """Return the tools that depend on no system prompt: what they compute is in their descriptions."""
    return [each for each in tools if not each.system_key]


def _conversation(request: ModelRequest[Any]) -> list[BaseMessage]:
    """Return the system prompt and the messages."""
    return [*([request.system_message] if request.system_message else []), *request.messages]


def _called(state: ToolMakingState) -> list[str]:
    """Return the names of the tools that were called in this thread, the latest first."""
    messages: list[AnyMessage] = state["messages"]
    return [
        call["name"] for message in reversed(messages) if isinstance(message, AIMessage) for call in message.tool_calls
    ]


def _last_message(state: ToolMakingState) -> str:
    """Return the text of the last user message."""
    messages: list[AnyMessage] = state["messages"]
    asked = next((message for message in reversed(messages) if isinstance(message, HumanMessage)), None)
    # No tool fits a message without text; of a long one, the beginning is enough.
    return (str(asked.text).strip() if asked else "")[:MAX_QUESTION_CHARACTERS] or "?"


def _shown(state: Any) -> list[str]:
    values = cast("dict[str, Any]", state)
    return _union(values.get("latm_offered"), values.get("latm_made"))


def _nothing(error: LATMError) -> dict[str, Any]:
    _log.warning("no made tools are offered, because the library cannot be searched: %s", error)
    return {"latm_offered": []}


def _naming_made_tools(result: ToolMessage | Command[Any], request: ToolCallRequest) -> ToolMessage | Command[Any]:
    """Name the offered tools in the error about a tool that does not exist: the agent knows only its own."""
    made = _shown(request.state)
    if request.tool is not None or not made or not isinstance(result, ToolMessage) or not _failed(result):
        return result
    return result.model_copy(update={"content": f"{result.text} Made tools: {', '.join(made)}."})


def _failed(result: ToolMessage | Command[Any]) -> bool:
    return isinstance(result, ToolMessage) and result.status == "error"


def _error(request: ToolCallRequest, error: LATMError) -> ToolMessage:
    call = request.tool_call
    return ToolMessage(str(error), name=call["name"], tool_call_id=call["id"] or "", status="error")
