"""Calls of made tools as tool runs in LangChain's traces, with name, arguments, id and version."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import get_async_callback_manager_for_config, get_callback_manager_for_config

_VERSION_DIGITS = 12


class ToolCall(Protocol):
    """One call of a made tool."""

    @property
    def tool(self) -> str:
        """The tool's name."""

    @property
    def tool_id(self) -> str:
        """The id of its record, whose beginning is its version."""

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments of the call."""


def metadata_of(tool: str, tool_id: str) -> dict[str, str]:
    """Return the metadata of a tool in traces."""
    return {"latm_tool": tool, "latm_id": tool_id, "latm_version": tool_id[:_VERSION_DIGITS]}


@dataclass(frozen=True)
class ToolRun:
    """Call a tool within a tool run; an effect. Its only outcome is the call's.

    Attributes:
        call: The call.
        sync: Calls it.
        asynchronous: Calls it without blocking the event loop.
        ended: Returns what the trace shows of an outcome: the answer, or the error as an exception.
    """

    call: ToolCall
    sync: Callable[[RunnableConfig], Any]
    asynchronous: Callable[[RunnableConfig], Awaitable[Any]]
    ended: Callable[[Any], str | Exception]

    def run(self, config: RunnableConfig) -> list[Any]:
        """Call it."""
        manager = get_callback_manager_for_config(config)
        if not manager.handlers:
            return [self.sync(config)]
        run = manager.on_tool_start(**_start(manager, self.call))
        try:
            outcome = self.sync(config)
        except BaseException as error:
            run.on_tool_error(error)
            raise
        shown = self.ended(outcome)
        run.on_tool_error(shown) if isinstance(shown, Exception) else run.on_tool_end(shown)
        return [outcome]

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        manager = get_async_callback_manager_for_config(config)
        if not manager.handlers:
            return [await self.asynchronous(config)]
        run = await manager.on_tool_start(**_start(manager, self.call))
        try:
            outcome = await self.asynchronous(config)
        except BaseException as error:
            await run.on_tool_error(error)
            raise
        shown = self.ended(outcome)
        await (run.on_tool_error(shown) if isinstance(shown, Exception) else run.on_tool_end(shown))
        return [outcome]


def record_call(manager: Any, call: ToolCall, answer: str) -> None:
    """Record a call that has ended, in a batch with others, as a tool run."""
    manager.on_tool_start(**_start(manager, call)).on_tool_end(answer)


async def arecord_call(manager: Any, call: ToolCall, answer: str) -> None:
    """Do as `record_call`, without blocking the event loop."""
    await (await manager.on_tool_start(**_start(manager, call))).on_tool_end(answer)


def _start(manager: Any, call: ToolCall) -> dict[str, Any]:
    manager.add_tags(["latm"], inherit=False)
    manager.add_metadata(metadata_of(call.tool, call.tool_id), inherit=False)
    arguments = dict(call.arguments)
    return {
        "serialized": {"name": call.tool},
        "input_str": json.dumps(arguments, ensure_ascii=False, default=str),
        "inputs": arguments,
        "name": call.tool,
    }
