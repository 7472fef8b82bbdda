"""Made tools in an agent: found for each user message, made during a run, stored for later runs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Literal

from langchain.agents.middleware import (
    AgentMiddleware,
    ExtendedModelResponse,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
)
from langchain.agents.middleware.internal_call_transformer import InternalCallTransformer
from langchain_core.embeddings import Embeddings
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.runnables import Runnable
from langchain_core.runnables.config import ensure_config
from langchain_core.tools import BaseTool
from langgraph.types import Command

from langchain_latm._core.caller import Caller
from langchain_latm._core.defaults import INSTANCES, SECOND_ATTEMPTS
from langchain_latm._core.flow import Flow, arun_flow, run_flow
from langchain_latm.exceptions import LATMError, ToolNotFoundError
from langchain_latm.interop.agents.agent_library import AgentLibrary
from langchain_latm.interop.agents.agent_state import (
    ToolMakingState,
    called_in,
    changed,
    is_final,
    last_message_in,
    shown_in,
)
from langchain_latm.interop.agents.learning import Learner, Learning
from langchain_latm.interop.agents.make_tool import NAME, MadeToolMaker, MakingBudget
from langchain_latm.interop.agents.shortcut import Shortcut
from langchain_latm.loop.create import create_latm
from langchain_latm.loop.dispatch.dispatcher import Dispatcher, validate_share
from langchain_latm.loop.dispatch.probability import MAX_ERROR
from langchain_latm.loop.latm import LATM, dispatchers_of
from langchain_latm.loop.parts import Dispatchers
from langchain_latm.making.escalating import MakerModel, maker_models
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.models.embeddings import resolve_embeddings
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.library.budget import DailyLimit
from langchain_latm.tools.library.libraries import Libraries, LibraryFactory, caller_on
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.library.pending import Approve

OFFERED: Final = 5
MAKINGS: Final = 3
_REFRESH_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class ToolMakingMiddleware(AgentMiddleware[ToolMakingState, Any, Any]):
    """Lets an agent use the tools of a library, and make new ones.

    If a tool is certain to answer the user's message, no model is called. That is so if the dispatcher is certain, the
    tool's parser reads the message, and the message is the whole request (text alone, no earlier messages, no
    structured output, and the same system prompt as the tool's requests had). The answer is an `AIMessage` whose `id`
    takes feedback (`record_feedback`), with the tool in `response_metadata`.

    Otherwise, the model is offered the tools that may fit the message and those that it called earlier in this thread,
    in addition to the agent's own. The message only selects the offered tools: the agent's model sees the whole
    conversation, with its system prompt and all content, and decides which tool to call with which arguments. Tools
    that a closed loop made of requests under a system prompt are not offered, because they depend on that prompt.

    With a `maker_model` and without `learn`, the model also gets the tool `make_tool`. The model describes a kind of
    computation with solved examples; a tool is made and proven, and can be called in the same run. Later runs find it
    in the library. Made tools run in the sandbox, and only offered tools run. The middleware does not choose among the
    agent's own tools, and an agent's own tool takes precedence over a library tool of its name.

    With `learn=True`, the agent learns from its traffic: a message that is the whole request (as above) and the model's
    final answer become an instance, as in `create_latm`. When enough instances of a kind wait, one worker makes a tool
    of them in a background thread, so that no user waits; `wait` waits for it. From then on, requests of this kind need
    no model. A turn in which the agent called tools other than made ones is skipped, because a made tool would not call
    them. A message that became an instance has its answer's id in `response_metadata["latm_answer"]`: a user's
    thumbs-up is `record_feedback(library, id, message.text)`.

    Failures (no tool proven, an unreadable library, a failing tool) become messages to the model; the run continues.
    Sync and async are supported. Put this middleware first: later ones are not called for a direct answer, and
    `LLMToolSelectorMiddleware` also selects among the offered tools. `HumanInTheLoopMiddleware` can ask about
    `make_tool` or a made tool, by name, before it is called.

    Args:
        library: Where tools are found and stored. A run whose config names a tenant uses that tenant's library. Or a
            function that returns the library of a run from its runtime, so that the agent's store and context are used:
            `lambda runtime: ToolLibrary(runtime.store, tenant=runtime.context.tenant)`. It must be quick.
        sandbox: Where the tools run. The caller closes it.
        maker_model: Writes new tools; by default no tools are made. Of a list of models, the next one is asked if the
            one before proves nothing (`create_tool_maker`).
        user_model: Reads arguments in the proof; by default the maker's model. In use, the agent's own model gives the
            arguments.
        learn: Make tools of the agent's own solved turns, as described above. Pass a `Learning` to set options.
        embeddings: Find tools whose wording differs from the message: see `create_dispatcher`.
        max_error: Share of messages for which a wrong tool may come first: see `create_dispatcher`.
        answer_directly: Whether tools that are certain to fit answer without a model. `"any_prompt"`: under any system
            prompt, which suits agents whose prompt does not change a tool's answer. Instances then belong to no system
            prompt either.
        offered: Maximum number of library tools offered.
        makings: Maximum number of makings that the model may ask for in one run: by default 3, and with `learn` none.
            With 0 the model does not get `make_tool`, which saves some 1,100 bytes in each of its prompts.
        making_tokens: Tokens of makings in one run after which no other starts; no limit by default.
        budget: Daily limit for the makings of a library, or of each tenant, as for `create_latm`.
        approve: Interrupt before a new tool is added, with its source and proof; resume with `True` or with a reason
            against it. The agent needs a checkpointer. `"later"`: do not interrupt, but store the tool as pending until
            a person approves it (`latm serve --ui`, `ToolLibrary.approve`). Tools made of learned turns always wait in
            this way.
        attempts: Maximum attempts of a making, as for `create_tool_maker`.
        second_attempts: See `create_tool_maker`.
        packages: Packages that tools may import, as for `create_tool_maker`. The agent cannot declare any.
        name: The name of this middleware. Several in one agent, such as for a team's and a personal library, need
            different names. The tool that makes tools is then `make_NAME_tool`. If two libraries have tools of the same
            name, that of the first middleware is offered.

    Raises:
        ValueError: `max_error` is not a share; `learn` without a `maker_model`.
        PackageError: A declared name is not the name of a package.
        ModelError: A model or the embeddings cannot be named or set up.
        RequestError: By a run of the agent: the function of the library fails, or the tenant is not usable.

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
        library: ToolLibrary | LibraryFactory,
        sandbox: Sandbox,
        *,
        maker_model: MakerModel | None = None,
        user_model: str | Runnable[Any, Any] | None = None,
        learn: bool | Learning = False,
        embeddings: str | Embeddings | None = None,
        max_error: float = MAX_ERROR,
        answer_directly: bool | Literal["any_prompt"] = True,
        offered: int = OFFERED,
        makings: int | None = None,
        making_tokens: int | None = None,
        budget: int | str | None = None,
        approve: Approve = False,
        attempts: int = 8,
        second_attempts: int = SECOND_ATTEMPTS,
        packages: Sequence[str] = (),
        name: str | None = None,
    ) -> None:
        super().__init__()
        validate_share(max_error)
        self._name = type(self).__name__ if name is None else name
        self._offered = offered
        self._answer_directly = answer_directly is not False
        self._any_prompt = answer_directly == "any_prompt"
        self._shortcut = Shortcut(sandbox, any_prompt=self._any_prompt)
        embedding = None if embeddings is None else resolve_embeddings(embeddings)
        maker = None if maker_model is None else maker_models(maker_model)
        learning = Learning() if learn is True else learn or None
        self._loop: LATM | None = None
        self._learner: Learner | None = None
        if learning is not None:
            if maker is None:
                raise ValueError("learn needs a maker_model: it writes the tools")
            self._loop = create_latm(
                maker,
                user_model,
                library=library,
                sandbox=sandbox,
                embeddings=embedding,
                max_error=max_error,
                instances=learning.instances,
                demonstrations=learning.demonstrations,
                check=learning.check,
                making=learning.making,
                attempts=attempts,
                second_attempts=second_attempts,
                packages=packages,
                budget=budget,
                approve="later" if approve else False,
                refresh_seconds=_REFRESH_SECONDS,
            )
            self._learner = Learner(self._name, learning, self._loop)

        def dispatchers(own: ToolLibrary) -> Dispatchers:
            if self._loop is not None:
                return dispatchers_of(self._loop, own)
            return Dispatchers(
                lambda key: Dispatcher(own, None, embedding, INSTANCES, _REFRESH_SECONDS, max_error, key)
            )

        def parts(own: ToolLibrary) -> AgentLibrary:
            tenant = own.tenant if isinstance(library, ToolLibrary) else caller_on(own, Caller()).tenant
            return AgentLibrary(own, sandbox, dispatchers(own), tenant)

        self._of = Libraries(library, parts).of
        self.tools: Sequence[BaseTool] = []
        makings = (0 if learning else MAKINGS) if makings is None else makings
        if maker is not None and makings:
            tool_maker = create_tool_maker(
                maker,
                user_model,
                sandbox=sandbox,
                attempts=attempts,
                second_attempts=second_attempts,
                packages=packages,
                helpers=library if isinstance(library, ToolLibrary) else (),
                direct_samples=0,  # a run has a budget
            )
            limit = None if budget is None else DailyLimit.of(budget, tool_maker.models)
            limits = MakingBudget(makings, making_tokens, limit)
            making = MadeToolMaker(
                NAME if name is None else f"make_{name}_tool", self._name, self._of, tool_maker, limits, approve=approve
            )
            self.tools = [making.as_tool()]

    @property
    def name(self) -> str:
        """The name that distinguishes it from other middleware of the agent."""
        return self._name

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most this many seconds for the makings in the background; return whether all have ended."""
        return self._loop is None or self._loop.wait(seconds)

    def before_agent(self, state: ToolMakingState, runtime: Any) -> dict[str, Any] | None:  # noqa: ARG002 - the names of AgentMiddleware
        """Find the tools to offer for the last user message."""
        return run_flow(self._offer(state, self._own()))

    async def abefore_agent(self, state: ToolMakingState, runtime: Any) -> dict[str, Any] | None:  # noqa: ARG002 - see `before_agent`
        """Do as `before_agent`."""
        return await arun_flow(self._offer(state, self._own()))

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any] | AIMessage:
        """Answer by a tool, or offer the tools to the model."""
        prepared = run_flow(self._prepare(request, self._own()), ensure_config())
        return prepared if isinstance(prepared, AIMessage) else self._noted(request, handler(prepared))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any] | AIMessage:
        """Do as `wrap_model_call`."""
        prepared = await arun_flow(self._prepare(request, self._own()), ensure_config())
        return prepared if isinstance(prepared, AIMessage) else self._noted(request, await handler(prepared))

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Run a made tool that was offered; leave all other tools to the agent."""
        if not self._is_ours(request):
            return self._naming_made_tools(handler(request), request)
        own = self._own()
        try:
            made = own.library.get(request.tool_call["name"])
            return handler(request.override(tool=own.tool(made)))
        except ToolNotFoundError:  # it was removed; or it is another middleware's
            return self._naming_made_tools(handler(request), request)
        except LATMError as error:
            return _error(request, error)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        """Do as `wrap_tool_call`."""
        if not self._is_ours(request):
            return self._naming_made_tools(await handler(request), request)
        own = self._own()
        try:
            made = await own.library.aget(request.tool_call["name"])
            return await handler(request.override(tool=own.tool(made)))
        except ToolNotFoundError:  # as above
            return self._naming_made_tools(await handler(request), request)
        except LATMError as error:
            return _error(request, error)

    def after_agent(self, state: ToolMakingState, runtime: Any) -> dict[str, Any] | None:  # noqa: ARG002 - see `before_agent`
        """Learn from the turn, if `learn` is set."""
        if self._learner is None:
            return None
        return run_flow(self._learner.learn(state, self._own(), Caller.of_context()))

    async def aafter_agent(self, state: ToolMakingState, runtime: Any) -> dict[str, Any] | None:  # noqa: ARG002 - see `before_agent`
        """Do as `after_agent`."""
        if self._learner is None:
            return None
        return await arun_flow(self._learner.learn(state, self._own(), Caller.of_context()))

    def _own(self) -> AgentLibrary:
        """Return the parts for the library of the run."""
        return self._of(Caller.of_context())

    def _offer(self, state: ToolMakingState, own: AgentLibrary) -> Flow[dict[str, Any]]:
        """Return the change of the state with the offered tools: those that may fit, and those called before."""
        try:
            tools = yield from operations_of(own.library).summaries()
            # A description tells what a tool computes, unless it depends on the system prompt of its requests.
            known = [each for each in tools if not each.system_key]
            likely = yield from self._shortcut.offer(last_message_in(state), known, own)
        except LATMError as error:
            _log.warning("no made tools are offered, because the library cannot be searched: %s", error)
            names = []
        else:
            current = {each.name for each in known}
            before = [name for name in called_in(state) if name in current]
            names = list(dict.fromkeys([*before, *likely]))[: self._offered]
        return changed(self._name, {"offered": names, "turn": None})

    def _prepare(self, request: ModelRequest[Any], own: AgentLibrary) -> Flow[AIMessage | ModelRequest[Any]]:
        """Return the answer of a tool or, if none is certain to answer, the request with the offered tools."""
        # A text is no answer if a structured output or a tool call is required.
        if self._answer_directly and request.response_format is None and request.tool_choice in (None, "auto"):
            answer = yield from self._shortcut.answer(_conversation(request), own, Caller.of_context())
            if answer is not None:
                return answer
        found: list[BaseTool] = []
        for name in self._new(request):
            try:
                found.append(own.tool((yield from operations_of(own.library).get(name))))
            except LATMError as error:
                _log.warning("the tool %s is not offered: %s", name, error)
        return request.override(tools=[*request.tools, *found])

    def _noted(
        self, request: ModelRequest[Any], response: ModelResponse[Any]
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any]:
        """Store a response for learning, if `learn` is set."""
        last = response.result[-1] if response.result else None
        if self._learner is None or request.response_format is not None or last is None or not is_final(last):
            return response
        prompt = request.system_message
        turn = {
            "text": str(last.text),
            "system": "" if prompt is None or self._any_prompt else str(prompt.text),
            "model": model_name(request.model),
        }
        return ExtendedModelResponse(response, Command(update=changed(self._name, {"turn": turn})))  # type: ignore[typeddict-item]

    def _new(self, request: ModelRequest[Any]) -> list[str]:
        """Return the offered names that no other tool of the request has, in a stable order."""
        others = {tool.get("name") if isinstance(tool, dict) else tool.name for tool in request.tools}
        return [name for name in shown_in(request.state, self._name) if name not in others]

    def _is_ours(self, request: ToolCallRequest) -> bool:
        return request.tool is None and request.tool_call["name"] in shown_in(request.state, self._name)

    def _naming_made_tools(
        self, result: ToolMessage | Command[Any], request: ToolCallRequest
    ) -> ToolMessage | Command[Any]:
        """Name the offered tools in the error about a tool that does not exist: the agent knows only its own."""
        made = shown_in(request.state, self._name)
        failed = isinstance(result, ToolMessage) and result.status == "error"
        if request.tool is not None or not made or not failed or not isinstance(result, ToolMessage):
            return result
        return result.model_copy(update={"content": f"{result.text} Made tools: {', '.join(made)}."})


def _conversation(request: ModelRequest[Any]) -> list[BaseMessage]:
    """Return the system prompt and the messages."""
    return [*([request.system_message] if request.system_message else []), *request.messages]


def _error(request: ToolCallRequest, error: LATMError) -> ToolMessage:
    call = request.tool_call
    return ToolMessage(str(error), name=call["name"], tool_call_id=call["id"] or "", status="error")
