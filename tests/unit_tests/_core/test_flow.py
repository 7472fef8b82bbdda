"""One piece of logic, driven with and without blocking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langgraph.constants import TAG_NOSTREAM
from langgraph.errors import GraphBubbleUp, GraphInterrupt

from langchain_latm._core.flow import Calls, Flow, arun_flow, flow_runnable, run_flow

Drive = Callable[[Runnable[Any, Any], Any], Any]


@pytest.fixture(params=["sync", "async"])
def drive(request: pytest.FixtureRequest) -> Drive:
    """Invoke a Runnable in both ways."""
    if request.param == "sync":
        return lambda chain, value: chain.invoke(value)
    return lambda chain, value: asyncio.run(chain.ainvoke(value))


def reciprocal(number: int) -> float:
    return 1 / number


def calling(runnable: Runnable[Any, Any] | Callable[[Any], Any]) -> Runnable[Any, Any]:
    """A flow that calls on every number of a list and returns the outcomes."""
    called = runnable if isinstance(runnable, Runnable) else RunnableLambda(runnable)

    def flow(numbers: list[int]) -> Flow[list[Any]]:
        return (yield Calls(called, numbers))

    return flow_runnable(flow, name="calling")


def test_outcomes_come_in_order(drive: Drive) -> None:
    assert drive(calling(reciprocal), [1, 2, 4]) == [1.0, 0.5, 0.25]


def test_an_exception_of_a_call_is_its_outcome(drive: Drive) -> None:
    first, broken, last = drive(calling(reciprocal), [1, 0, 2])
    assert (first, last) == (1.0, 0.5)
    assert isinstance(broken, ZeroDivisionError)


def test_no_inputs_give_no_outcomes(drive: Drive) -> None:
    assert drive(calling(reciprocal), []) == []


def test_what_is_sent_decides_what_is_called_next(drive: Drive) -> None:
    def flow(number: int) -> Flow[tuple[int, int]]:
        rounds = 0
        while number < 100:
            (number,) = yield Calls(RunnableLambda(lambda n: 2 * n), [number])
            rounds += 1
        return number, rounds

    chain = flow_runnable(flow, name="double")
    assert drive(chain, 7) == (112, 4)
    assert drive(chain, 200) == (200, 0)
    assert chain.name == "double"


def test_one_flow_may_ask_through_another(drive: Drive) -> None:
    def inner(number: int) -> Flow[Any]:
        (outcome,) = yield Calls(RunnableLambda(reciprocal), [number])
        return outcome

    def outer(numbers: list[int]) -> Flow[float]:
        total = 0.0
        for number in numbers:
            total += yield from inner(number)
        return total

    assert drive(flow_runnable(outer, name="outer"), [1, 4]) == 1.25


def test_an_exception_of_the_flow_ends_it(drive: Drive) -> None:
    def flow(number: int) -> Flow[int]:
        (outcome,) = yield Calls(RunnableLambda(reciprocal), [number])
        raise LookupError from outcome

    with pytest.raises(LookupError) as raised:
        drive(flow_runnable(flow, name="failing"), 0)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("interrupt", [GraphInterrupt(()), GraphBubbleUp("out")])
def test_an_interrupt_of_langgraph_passes_through(drive: Drive, interrupt: GraphBubbleUp) -> None:
    def stop(_: int) -> int:
        raise interrupt

    with pytest.raises(type(interrupt)):
        drive(calling(stop), [1, 2])


class Exhausted(Runnable[Any, Any]):
    """A Runnable whose own `batch` is broken."""

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:  # noqa: A002 - its name in Runnable
        raise NotImplementedError

    def batch(self, *_: Any, **__: Any) -> Any:
        raise StopIteration("not the flow's end")


def test_a_stop_iteration_of_a_call_is_not_taken_for_the_end_of_the_flow() -> None:
    with pytest.raises(StopIteration, match="not the flow's end"):
        calling(Exhausted()).invoke([1])


def test_inner_calls_stay_out_of_the_stream_and_keep_the_caller_s_config(drive: Drive) -> None:
    seen: list[RunnableConfig] = []

    def look(number: int, config: RunnableConfig) -> int:
        seen.append(config)
        return number

    chain = calling(RunnableLambda(look)).with_config(tags=["mine"], metadata={"who": "me"})
    drive(chain, [1, 2])
    assert len(seen) == 2
    for config in seen:
        assert {TAG_NOSTREAM, "mine"} <= set(config["tags"])
        assert config["metadata"]["who"] == "me"


async def test_the_flow_itself_is_not_tagged() -> None:
    events = [event async for event in calling(reciprocal).astream_events([1], version="v2")]
    tags = {event["name"]: event["tags"] for event in events if event["event"] == "on_chain_start"}
    assert tags["calling"] == []
    assert TAG_NOSTREAM in tags["reciprocal"]


def test_batch_runs_one_flow_per_input() -> None:
    assert calling(reciprocal).batch([[1], [2, 4]]) == [[1.0], [0.5, 0.25]]


class Reading(NamedTuple):
    """An effect of the test's own: reading a value, or an error."""

    value: Any

    def run(self, config: RunnableConfig) -> list[Any]:
        if isinstance(self.value, Exception):
            raise self.value
        return [self.value, config]

    async def arun(self, config: RunnableConfig) -> list[Any]:
        await asyncio.sleep(0)
        return self.run(config)


@pytest.mark.parametrize("run", [run_flow, lambda flow: asyncio.run(arun_flow(flow))])
def test_a_flow_runs_without_a_config_and_with_any_effect(run: Callable[[Flow[Any]], Any]) -> None:
    def flow() -> Flow[list[Any]]:
        first, config = yield Reading(1)
        try:
            yield Reading(KeyError("broken"))
        except KeyError as error:
            caught = error.args
        (twice,) = yield Calls(RunnableLambda(lambda number: 2 * number), [first])
        return [twice, config, caught]

    assert run(flow()) == [2, {}, ("broken",)]


@pytest.mark.parametrize("run", [run_flow, lambda flow: asyncio.run(arun_flow(flow))])
def test_an_error_that_a_flow_does_not_catch_ends_it(run: Callable[[Flow[Any]], Any]) -> None:
    closed = []

    def flow() -> Flow[None]:
        try:
            yield Reading(KeyError("broken"))
        finally:
            closed.append(True)

    with pytest.raises(KeyError, match="broken"):
        run(flow())
    assert closed
