"""Logic written once and driven twice, blocking or not.

A *flow* is a generator: it yields the calls it needs and is sent their outcomes, so it never touches a model or a
sandbox itself. The two drivers below are the only place where sync and async differ.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
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


Flow = Generator[Calls, list[Any], Out]


def flow_runnable(flow: Callable[[Any], Flow[Out]], *, name: str) -> RunnableLambda[Any, Out]:
    """Make a Runnable, sync and async, of a function from an input to a flow."""

    def run(value: Any, config: RunnableConfig) -> Out:
        running, outcomes = flow(value), None
        while True:
            try:
                calls = running.send(outcomes)  # type: ignore[arg-type]  # a generator starts on None
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcomes = _outcomes(calls.runnable.batch(calls.inputs, _quiet(config), return_exceptions=True))

    async def arun(value: Any, config: RunnableConfig) -> Out:
        running, outcomes = flow(value), None
        while True:
            try:
                calls = running.send(outcomes)  # type: ignore[arg-type]  # a generator starts on None
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            outcomes = _outcomes(await calls.runnable.abatch(calls.inputs, _quiet(config), return_exceptions=True))

    return RunnableLambda(run, afunc=arun, name=name)


def _quiet(config: RunnableConfig) -> RunnableConfig:
    """Keep the tokens of inner model calls out of the stream that the caller's user reads."""
    return merge_configs(config, {"tags": [TAG_NOSTREAM]})


def _outcomes(outcomes: list[Any]) -> list[Any]:
    for outcome in outcomes:
        if isinstance(outcome, GraphBubbleUp):  # an interrupt of LangGraph is no failure of the call
            raise outcome
    return outcomes
