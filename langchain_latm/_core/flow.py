"""Logic that is written once and run by two drivers, one blocking and one async.

A *flow* is a generator. It yields *effects* (calls of models, operations of a store, pauses) and is sent their
outcomes, so it never does I/O itself. `run_flow` and `arun_flow` are the only places where sync and async differ.
The pattern is that of httpx's `auth_flow`: https://www.python-httpx.org/advanced/authentication/
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import Any, Final, Protocol, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langchain_core.runnables.config import merge_configs
from langgraph.constants import TAG_NOSTREAM
from langgraph.errors import GraphBubbleUp

Out = TypeVar("Out")


class Effect(Protocol):
    """Something that a flow needs done. Its exceptions are raised in the flow, where it was yielded."""

    def run(self, config: RunnableConfig) -> list[Any]:
        """Do it, and return the outcomes that the flow is sent."""
        ...

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        ...


Flow = Generator[Effect, list[Any], Out]


@dataclass(frozen=True)
class Calls:
    """Call one runnable on several inputs, concurrently if it can.

    The outcomes are in the order of the inputs: an output, or the exception that the call raised.
    """

    runnable: Runnable[Any, Any]
    inputs: list[Any]

    def run(self, config: RunnableConfig) -> list[Any]:
        """Call it on each input."""
        return _outcomes(self.runnable.batch(self.inputs, _quiet(config), return_exceptions=True))

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        return _outcomes(await self.runnable.abatch(self.inputs, _quiet(config), return_exceptions=True))


@dataclass(frozen=True)
class Do:
    """Call a function that is not a Runnable and need not appear in a trace. The only outcome is its result."""

    sync: Callable[[], Any]
    asynchronous: Callable[[], Awaitable[Any]]

    def run(self, _config: RunnableConfig) -> list[Any]:
        """Call the function."""
        return [self.sync()]

    async def arun(self, _config: RunnableConfig) -> list[Any]:
        """Call its async twin."""
        return [await self.asynchronous()]


@dataclass(frozen=True)
class Compute:
    """Call a function that takes long or reads files, off the event loop. The only outcome is its result."""

    function: Callable[[], Any]

    def run(self, _config: RunnableConfig) -> list[Any]:
        """Call it."""
        return [self.function()]

    async def arun(self, _config: RunnableConfig) -> list[Any]:
        """Call it in another thread."""
        return [await asyncio.to_thread(self.function)]


@dataclass(frozen=True)
class Run:
    """Run another flow as one effect, which others can wrap. The only outcome is its result."""

    flow: Flow[Any]

    def run(self, config: RunnableConfig) -> list[Any]:
        """Run it."""
        return [run_flow(self.flow, config)]

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        return [await arun_flow(self.flow, config)]


def run_flow(flow: Flow[Out], config: RunnableConfig | None = None) -> Out:
    """Run a flow to its end and return its result.

    Args:
        flow: A flow that has not started.
        config: Passed to the Runnables that the flow calls.
    """
    config = {} if config is None else config
    resume: Callable[[], Effect] = partial(next, flow)
    with closing(flow):
        while True:
            try:
                effect = resume()
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            try:
                resume = partial(flow.send, effect.run(config))
            except StopIteration:  # raised in the flow, it would look like the flow's end
                raise
            except Exception as error:  # noqa: BLE001 - the flow decides
                resume = partial(flow.throw, error)


async def arun_flow(flow: Flow[Out], config: RunnableConfig | None = None) -> Out:
    """Do as `run_flow`, without blocking the event loop."""
    config = {} if config is None else config
    resume: Callable[[], Effect] = partial(next, flow)
    with closing(flow):
        while True:
            try:
                effect = resume()
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            try:
                resume = partial(flow.send, await effect.arun(config))
            except StopIteration:  # raised in the flow, it would look like the flow's end
                raise
            except Exception as error:  # noqa: BLE001 - the flow decides
                resume = partial(flow.throw, error)


def flow_runnable(flow: Callable[[Any], Flow[Out]], *, name: str) -> RunnableLambda[Any, Out]:
    """Make a Runnable of a function that returns a flow for each input. It can be pickled if the function can."""
    function, afunction = flow_functions(flow)
    return _FlowRunnable(function, afunc=afunction, name=name)


class _FlowRunnable(RunnableLambda[Any, Out]):
    """Calls its function directly. A flow never returns a Runnable, which `RunnableLambda` would call in turn."""

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Out:  # noqa: A002 - its name
        """Run the flow of an input."""
        return self._call_with_config(self.func, input, config, **kwargs)

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Out:  # noqa: A002
        """Do as `invoke`, without blocking the event loop."""
        return await self._acall_with_config(self.afunc, input, config, **kwargs)  # type: ignore[arg-type]  # no stream


def flow_functions(
    flow: Callable[[Any], Flow[Out]],
) -> tuple[Callable[[Any, RunnableConfig], Out], Callable[[Any, RunnableConfig], Awaitable[Out]]]:
    """Return a function of an input and a config that runs the flow of the input, and its async twin."""
    return _signed(partial(_run, flow)), _signed(partial(_arun, flow))


def _run(flow: Callable[[Any], Flow[Out]], value: Any, config: RunnableConfig) -> Out:
    return run_flow(flow(value), config)


async def _arun(flow: Callable[[Any], Flow[Out]], value: Any, config: RunnableConfig) -> Out:
    return await arun_flow(flow(value), config)


_SIGNATURE: Final = signature(lambda value, config: None)  # noqa: ARG005 - only its parameters count


def _signed(function: partial[Any]) -> partial[Any]:
    """Keep the signature of `_run` or `_arun`: LangChain asks for it in each call, and finding it takes 50 us."""
    function.__signature__ = _SIGNATURE  # type: ignore[attr-defined]
    return function


def _quiet(config: RunnableConfig) -> RunnableConfig:
    """Keep the tokens of inner model calls out of the stream that the caller's user reads."""
    return merge_configs(config, {"tags": [TAG_NOSTREAM]})


def _outcomes(outcomes: list[Any]) -> list[Any]:
    """Raise LangGraph's interrupts and the user's (Ctrl-C): neither is a failure of one call."""
    for outcome in outcomes:
        if isinstance(outcome, GraphBubbleUp) or (
            isinstance(outcome, BaseException) and not isinstance(outcome, Exception)
        ):
            raise outcome
    return outcomes
