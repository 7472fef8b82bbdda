"""Logic written once and driven twice, blocking or not.

A *flow* is a generator: it yields what it needs done and is sent the outcomes, so it never touches a model, a sandbox
or a store itself. The two drivers and the two forms of `run` below are the only places where sync and async differ.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langchain_core.runnables.config import merge_configs
from langgraph.constants import TAG_NOSTREAM
from langgraph.errors import GraphBubbleUp

Out = TypeVar("Out")


@dataclass(frozen=True)
class Calls:
    """Call one runnable on several inputs, at the same time where it can.

    The flow is sent one outcome per input, in order: the output, or the exception that the call ended in.
    """

    runnable: Runnable[Any, Any]
    inputs: list[Any]

    def run(self, config: RunnableConfig) -> list[Any]:
        """Carry it out."""
        return _outcomes(self.runnable.batch(self.inputs, _quiet(config), return_exceptions=True))

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`."""
        return _outcomes(await self.runnable.abatch(self.inputs, _quiet(config), return_exceptions=True))


@dataclass(frozen=True)
class Do:
    """Do one thing that is no Runnable and that a trace need not show, such as reading a store.

    The flow is sent its outcome alone, in a list; what it raises is raised in the flow.
    """

    sync: Callable[[], Any]
    asynchronous: Callable[[], Awaitable[Any]]

    def run(self, _config: RunnableConfig) -> list[Any]:
        """Carry it out."""
        return [self.sync()]

    async def arun(self, _config: RunnableConfig) -> list[Any]:
        """Do as `run`."""
        return [await self.asynchronous()]


Flow = Generator[Calls | Do, list[Any], Out]


def flow_runnable(flow: Callable[[Any], Flow[Out]], *, name: str) -> RunnableLambda[Any, Out]:
    """Make a Runnable, sync and async, of a function from an input to a flow."""

    def run(value: Any, config: RunnableConfig) -> Out:
        return _drive(flow(value), config)

    async def arun(value: Any, config: RunnableConfig) -> Out:
        return await _adrive(flow(value), config)

    return RunnableLambda(run, afunc=arun, name=name)


def _drive(flow: Flow[Out], config: RunnableConfig) -> Out:
    outcomes, error = None, None
    try:
        while True:
            try:
                needed = flow.throw(error) if error is not None else flow.send(outcomes)  # type: ignore[arg-type]  # a generator starts on None
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            try:
                outcomes, error = needed.run(config), None
            except StopIteration:  # a generator cannot be told of it
                raise
            except Exception as failure:  # noqa: BLE001 - the flow decides
                error = failure
    finally:
        flow.close()


async def _adrive(flow: Flow[Out], config: RunnableConfig) -> Out:
    outcomes, error = None, None
    try:
        while True:
            try:
                needed = flow.throw(error) if error is not None else flow.send(outcomes)  # type: ignore[arg-type]  # a generator starts on None
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            try:
                outcomes, error = await needed.arun(config), None
            except StopIteration:  # a generator cannot be told of it
                raise
            except Exception as failure:  # noqa: BLE001 - the flow decides
                error = failure
    finally:
        flow.close()


def _quiet(config: RunnableConfig) -> RunnableConfig:
    """Keep the tokens of inner model calls out of the stream that the caller's user reads."""
    return merge_configs(config, {"tags": [TAG_NOSTREAM]})


def _outcomes(outcomes: list[Any]) -> list[Any]:
    for outcome in outcomes:
        # Neither an interrupt of LangGraph nor one of the user is a failure of the call.
        if isinstance(outcome, GraphBubbleUp) or (
            isinstance(outcome, BaseException) and not isinstance(outcome, Exception)
        ):
            raise outcome
    return outcomes
