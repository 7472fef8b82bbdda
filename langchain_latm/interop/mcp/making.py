"""The MCP tool `make_tool`, with which a client requests a new tool."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import mcp_types as types
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableConfig
from pydantic import Field, StringConstraints, ValidationError

from langchain_latm._core.caller import with_tenant
from langchain_latm._core.flow import Do, Effect, Flow, arun_flow
from langchain_latm.exceptions import LATMError, ModelError, RequestError, ToolMakingError, ToolNotFoundError
from langchain_latm.interop.mcp.text import sendable, text_result
from langchain_latm.making.maker import ToolMaker
from langchain_latm.tools.library.budget import BudgetRefusal, DailyLimit, MakingAccount
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    MIN_GIVEN_EXAMPLES,
    Example,
    Stage,
    Task,
    TokenUsage,
    ToolName,
    Value,
    first_error,
    shorten,
)

if TYPE_CHECKING:
    from mcp.server import ServerRequestContext

    from langchain_latm.interop.mcp.changes import Changes

MAKE_TOOL: Final = "make_tool"
_FAILURE_CHARACTERS: Final = 2000
_REASON: Final = "made for an MCP client"


class SolvedRequest(Value):
    """A question with its known answer.

    Attributes:
        question: The request, worded as later ones will be.
        answer: The answer, in the form that later answers should have.
    """

    # The docstring is part of the tool's schema, which clients' models read.

    question: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
    answer: Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]


class MakeToolArguments(Value):
    """Arguments of `make_tool`; the field descriptions are part of the tool's schema.

    Attributes:
        name: The tool's name.
        description: The kind of request.
        examples: Solved requests; the maker sees the first ones, and the others prove the tool.
        check: How answers are compared.
        replace: Whether a tool of this name may be replaced.
    """

    name: Annotated[ToolName, Field(description="Name of the new tool.")]
    description: Annotated[
        str,
        StringConstraints(min_length=1, max_length=2000),
        Field(description="One sentence on the kind of request that the tool answers."),
    ]
    examples: Annotated[
        tuple[SolvedRequest, ...],
        Field(
            min_length=MIN_GIVEN_EXAMPLES,
            max_length=50,
            description="Different solved requests of this kind, six or more where possible. The answers must be "
            "right: the tool is proven on them.",
        ),
    ]
    check: Annotated[
        Literal["exact", "text", "numeric"], Field(description="How the tool's answers are compared with these.")
    ] = "exact"
    replace: Annotated[bool, Field(description="Whether a tool of this name may be replaced.")] = False

    def task(self) -> Task:
        """Return the maker's task; at least half of the examples are for the proof."""
        examples = [Example(question=each.question, answer=each.answer) for each in self.examples]
        return Task.of_examples(self.name, self.description, examples, check=self.check)


class ToolMaking:
    """Makes tools for clients, one at a time, because each making takes many model calls.

    Args:
        library: The library that the tools are added to.
        maker: The maker.
        approve: Whether a person approves each tool before it is used.
        budget: Daily limit for makings, as for `create_latm`.

    Raises:
        ValueError: The budget cannot be read, or is in dollars and a price is unknown.
    """

    tool: Final = types.Tool(
        name=MAKE_TOOL,
        description="Have a new tool made for a kind of request that will come again. A model writes a Python function "
        "from solved examples, and it is kept only if it gives the right answer on examples that the model never saw. "
        "This takes from seconds to minutes; afterwards the tool is in the list of tools.",
        input_schema=MakeToolArguments.model_json_schema(),
        annotations=types.ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False),
    )

    def __init__(self, library: ToolLibrary, maker: ToolMaker, budget: int | str | None, *, approve: bool) -> None:
        self._library = library
        self._approve = approve
        limit = None if budget is None else DailyLimit.of(budget, maker.models)
        self._account = MakingAccount(operations_of(library), limit, maker.models)
        self._maker = maker
        self._lock = asyncio.Lock()

    async def run(
        self, ctx: ServerRequestContext[Changes], arguments: dict[str, Any], tenant: str
    ) -> types.CallToolResult:
        """Make a tool, add it to the library, and notify all clients.

        Raises:
            ToolLibraryError: The library's store failed.
            SandboxError: The sandbox itself failed.
        """
        try:
            wanted = MakeToolArguments.model_validate(arguments)
            task = wanted.task()
        except ValidationError as error:
            return _failure(f"arguments: they do not fit. {first_error(error)}")
        if wanted.name == MAKE_TOOL:
            return _failure(f"the name {MAKE_TOOL} is reserved: choose another name")
        async with self._lock:
            if not wanted.replace and await self._exists(wanted.name):
                return _failure(f"a tool named {wanted.name} already exists: choose another name, or set `replace`")
            try:
                tool = await arun_flow(self._accounted(ctx, task, tenant))
            except (ToolMakingError, ModelError, RequestError) as error:
                return _failure(str(error))
            if self._approve:
                await self._library.aput_pending(tool, reason=_REASON)
                return text_result(f"The tool {tool.name} is made and proven. It waits until a person has approved it.")
            await self._library.aadd(tool, reason=_REASON)
        await ctx.lifespan_context.look()
        proven = len(task.demonstrations) + len(task.validation)
        text = f"The tool {tool.name} is made, proven on {proven} examples, and in the list of tools. It does this:"
        return text_result(f"{text} {shorten(tool.description, 500)}")

    async def _exists(self, name: str) -> bool:
        try:
            await self._library.aget(name)
        except ToolNotFoundError:
            return False
        return True

    def _accounted(self, ctx: ServerRequestContext[Changes], task: Task, tenant: str) -> Flow[MadeTool]:
        """Make the tool, and write its cost to the day's account."""
        key = yield from self._account.begin()
        if isinstance(key, BudgetRefusal):
            raise RequestError(f"no tool was made: {key.reason}")

        def make(callbacks: list[BaseCallbackHandler]) -> Effect:
            config: RunnableConfig = {**with_tenant(None, tenant), "callbacks": callbacks}
            return Do(lambda: self._maker.invoke(task, config), lambda: self._make(ctx, task, config))

        spent: tuple[Mapping[Stage, TokenUsage] | None, Mapping[str, TokenUsage]] = (None, {})
        try:
            (tool,) = yield self._account.making(key, make)
            spent = (tool.provenance.usage, tool.provenance.makers)
        except ToolMakingError as error:
            spent = (error.usage, error.makers)
            raise
        finally:
            yield from self._account.end(key, *spent)
        return tool  # type: ignore[no-any-return]  # an effect's outcomes have no type

    async def _make(self, ctx: ServerRequestContext[Changes], task: Task, config: RunnableConfig) -> MadeTool:
        """Run the maker; each step is reported to a client that asked for progress."""
        tool: MadeTool | None = None
        step = 0
        async for event in self._maker.astream(task, config, stream_mode="custom"):
            step += 1
            await ctx.session.report_progress(step, message=sendable(shorten(event.message, 200)))
            tool = event.tool
        if tool is None:  # unreachable: the last event carries the tool, or `astream` raises
            raise LATMError("the making ended without a tool")
        return tool


def _failure(reason: str) -> types.CallToolResult:
    return text_result(reason[:_FAILURE_CHARACTERS], failed=True)
