"""The parts of a `ToolMakingMiddleware` for the library of a run: dispatchers, and tools for the agent to call."""

from __future__ import annotations

from collections import OrderedDict
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import SkipValidation

from langchain_latm.loop.parts import Dispatchers
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.library.library import ToolLibrary, only_logged
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Dispatch

AGENT: Final = "the agent's model"
"""The model to which uses are attributed; its tokens are in the agent's own accounts."""
_KEPT_TOOLS: Final = 100
_HANDED_OVER: Final = 100
"""Maximum number of runs that wait for their first model call; above it, some requests are compared twice."""


class Found(NamedTuple):
    """The result of a shortcut at the start of a run, kept until the first model call.

    Attributes:
        decision: The decision of the dispatcher.
        revision: That of the dispatcher's index.
    """

    decision: Dispatch | None
    revision: int


class AgentLibrary:
    """The parts of a middleware for one library.

    Args:
        library: The library.
        sandbox: Where its tools run.
        dispatchers: Its dispatchers.
        tenant: The tenant for which the tools run; empty for the tenant in the config of each run.
    """

    def __init__(self, library: ToolLibrary, sandbox: Sandbox, dispatchers: Dispatchers, tenant: str) -> None:
        self.library = library
        self.dispatchers = dispatchers
        self.tenant = tenant
        self._sandbox = sandbox
        self._tools: OrderedDict[str, BaseTool] = OrderedDict()
        self._found: OrderedDict[str, Found] = OrderedDict()

    def hand_over(self, request: str, found: Found) -> None:
        """Keep the tool for a request, from the start of a run to its first model call."""
        self._found[request] = found
        while len(self._found) > _HANDED_OVER:
            self._found.popitem(last=False)

    def handed_over(self, request: str) -> Found | None:
        """Return the kept tool of a request, once."""
        return self._found.pop(request, None)

    def tool(self, made: MadeTool) -> BaseTool:
        """Return the LangChain tool of a record, the same object each time, so that providers can cache it."""
        tool = self._tools.pop(made.id, None) or counted_tool(made, self._sandbox, self.library, tenant=self.tenant)
        self._tools[made.id] = tool
        while len(self._tools) > _KEPT_TOOLS:
            self._tools.popitem(last=False)
        return tool


def counted_tool(made: MadeTool, sandbox: Sandbox, library: ToolLibrary, *, tenant: str = "") -> BaseTool:
    """Return the LangChain tool of a record. Its uses are counted, whether an agent or an interpreter calls it.

    Args:
        made: The record.
        sandbox: Where it runs.
        library: Where its uses are counted.
        tenant: As for `MadeTool.as_tool`.
    """
    plain = made.as_tool(sandbox, tenant=tenant)
    fields = {name: getattr(plain, name) for name in type(plain).model_fields if name not in _HANDLERS}
    return _CountedTool(
        **fields,
        handle_tool_error=_noting(lambda error: str(error.args[0]) if error.args else "the tool failed"),
        handle_validation_error=_noting(plain.handle_validation_error),
        made=made,
        library=library,
    )


_HANDLERS: Final = {"handle_tool_error", "handle_validation_error"}
_failures: ContextVar[list[str] | None] = ContextVar("latm_failures", default=None)


def _noting(handle: Any) -> Any:
    """Return a handler of errors that also notes that the call has failed."""

    def handler(error: Any) -> str:
        text: str = handle(error)
        noted = _failures.get()
        if noted is not None:
            noted.append(text)
        return text

    return handler


class _CountedTool(StructuredTool):
    """Counts each call as a use, after it; with a failure, if the function or its arguments failed."""

    made: SkipValidation[MadeTool]
    library: SkipValidation[ToolLibrary]

    def run(self, *args: Any, **kwargs: Any) -> Any:
        noted: list[str] = []
        token = _failures.set(noted)
        try:
            result = super().run(*args, **kwargs)
        finally:
            _failures.reset(token)
        with only_logged(self.library):
            self.library.record_use(self.made, failed=bool(noted), model=AGENT)
        return result

    async def arun(self, *args: Any, **kwargs: Any) -> Any:
        noted: list[str] = []
        token = _failures.set(noted)
        try:
            result = await super().arun(*args, **kwargs)
        finally:
            _failures.reset(token)
        with only_logged(self.library):
            await self.library.arecord_use(self.made, failed=bool(noted), model=AGENT)
        return result
