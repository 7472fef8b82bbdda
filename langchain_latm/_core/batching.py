"""Answers the inputs of a batch together, without a graph, where possible; the others run one by one, as usual.

`batch` keeps its contract in LangChain: outputs in the order of the inputs, one traced run for each input under
its own config, errors in place of outputs with `return_exceptions`, and `max_concurrency` for what runs one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langchain_core.runnables.config import (
    ensure_config,
    get_async_callback_manager_for_config,
    get_callback_manager_for_config,
    get_config_list,
    patch_config,
)

from langchain_latm._core.caller import Caller
from langchain_latm._core.flow import Do, Flow, arun_flow, flow_functions, run_flow
from langchain_latm._core.starts import start_in_turn
from langchain_latm._core.tool_runs import arecord_call, record_call
from langchain_latm.exceptions import LATMError

In = TypeVar("In")
In_contra = TypeVar("In_contra", contravariant=True)
Kept = TypeVar("Kept")
Out = TypeVar("Out")
BatchConfig = RunnableConfig | Sequence[RunnableConfig] | None

_SEVERAL: Final = 2
_INPUTS_BETWEEN_PAUSES: Final = 100
_IN_GRAPH: Final = "__pregel_read"
"""A key in the config of LangGraph's nodes."""
_PAUSE: Final = Do(lambda: None, lambda: asyncio.sleep(0))


class Singly(NamedTuple):
    """Marks an input that is answered by itself, as usual, and holds the value to answer."""

    value: Any


class Together(Protocol[In_contra, Kept, Out]):
    """How a Runnable answers several inputs together. Both steps are flows, for one caller at a time."""

    def prepare(self, value: In_contra, caller: Caller) -> Flow[Kept | Singly | None]:
        """Return what `finish` needs of one input; None if the input is answered by itself. No side effects.

        Raises:
            LATMError: None of the inputs can be answered.
        """
        ...

    def finish(self, kept: Sequence[Kept], caller: Caller) -> Flow[list[Out | Exception | Singly]]:
        """Answer every prepared input, in order, or return `Singly` for one that is answered by itself after all."""
        ...


class TogetherRunnable(Runnable[In, Out]):
    """A Runnable whose batches are answered together as far as possible. Inherit from it before other Runnables.

    A single input is answered as a batch of one if nothing traces the run, since running a graph takes 3 ms of CPU.
    """

    _together: Together[In, Any, Out] | None
    """None to answer each input by itself."""

    def invoke(self, input: In, config: RunnableConfig | None = None, **kwargs: Any) -> Out:  # noqa: A002 - the name in Runnable
        """Answer one input."""
        caller = None if kwargs else self._caller_of_untraced(config)
        if caller is None:
            return super().invoke(input, config, **kwargs)  # type: ignore[safe-super]  # that of the next base class
        found = run_flow(self._directly(input, caller))
        if isinstance(found, Singly):
            return super().invoke(found.value, config)  # type: ignore[safe-super]  # the same
        if isinstance(found, Exception):
            raise found
        return found

    async def ainvoke(self, input: In, config: RunnableConfig | None = None, **kwargs: Any) -> Out:  # noqa: A002 - the name in Runnable
        """Do as `invoke`, without blocking the event loop."""
        caller = None if kwargs else self._caller_of_untraced(config)
        if caller is None:
            return await super().ainvoke(input, config, **kwargs)
        await start_in_turn()
        found = await arun_flow(self._directly(input, caller))
        if isinstance(found, Singly):
            return await super().ainvoke(found.value, config)
        if isinstance(found, Exception):
            raise found
        return found

    def _directly(self, value: In, caller: Caller) -> Flow[Out | Exception | Singly]:
        """Answer one input as a batch of one, if possible."""
        if self._together is None:
            return Singly(value)
        prepared = yield from self._together.prepare(value, caller)
        if prepared is None or isinstance(prepared, Singly):
            return prepared or Singly(value)
        try:
            (outcome,) = yield from self._together.finish([prepared], caller)
        except LATMError:  # another way to answer may be left
            return Singly(value)
        return outcome

    def _caller_of_untraced(self, config: RunnableConfig | None) -> Caller | None:
        """Return the caller of a run; None if something listens to the run, or if it is part of a graph's run."""
        config = ensure_config(config)
        if _IN_GRAPH in config["configurable"] or get_callback_manager_for_config(config).handlers:
            return None
        return _caller_of(config)

    def batch(
        self,
        inputs: Sequence[In],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[Out]:
        """Answer inputs together as far as possible, and the others one by one."""
        if kwargs or self._together is None or len(inputs) < _SEVERAL:
            return super().batch(list(inputs), config, return_exceptions=return_exceptions, **kwargs)
        single = super().batch, super().abatch
        batch = Batch(self._together, single, self.get_name(), inputs, config, return_exceptions=return_exceptions)
        return batch.run()

    async def abatch(
        self,
        inputs: Sequence[In],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[Out]:
        """Do as `batch`, without blocking the event loop."""
        if kwargs or self._together is None or len(inputs) < _SEVERAL:
            return await super().abatch(list(inputs), config, return_exceptions=return_exceptions, **kwargs)
        single = super().batch, super().abatch
        batch = Batch(self._together, single, self.get_name(), inputs, config, return_exceptions=return_exceptions)
        return await batch.arun()


class TogetherLambda(TogetherRunnable[In, Out], RunnableLambda[In, Out]):
    """A Runnable of a flow. It can be pickled if its parts can.

    Args:
        flow: Returns the flow for one input.
        together: Answers several inputs together.
        name: Name of the Runnable and of its runs.
    """

    def __init__(self, flow: Callable[[Any], Flow[Out]], together: Together[In, Any, Out], *, name: str) -> None:
        function, afunction = flow_functions(flow)
        super().__init__(function, afunc=afunction, name=name)
        self._together = together


class Batch(Generic[In, Kept, Out]):
    """One batch call.

    Args:
        together: Answers several inputs together.
        single: `batch` and `abatch` of the Runnable, as they answer each input by itself.
        name: Name of a run, unless its config says otherwise.
        inputs: The inputs.
        config: As for `Runnable.batch`.
        return_exceptions: As for `Runnable.batch`.
    """

    def __init__(
        self,
        together: Together[In, Kept, Out],
        single: tuple[Callable[..., list[Out]], Callable[..., Awaitable[list[Out]]]],
        name: str,
        inputs: Sequence[In],
        config: BatchConfig,
        *,
        return_exceptions: bool = False,
    ) -> None:
        self._together = together
        self._batch, self._abatch = single
        self._inputs = inputs
        self._return_exceptions = return_exceptions
        self._configs = _configs(config, len(inputs))
        self._runs = _Runs(name)
        self._replaced: dict[int, Any] = {}
        self._outcomes: dict[int, Out | Exception] = {}

    def run(self) -> list[Out]:
        """Return the outputs."""
        try:
            return run_flow(self._flow())
        except BaseException as error:
            run_flow(self._runs.end(self._outcomes, error))
            raise

    async def arun(self) -> list[Out]:
        """Do as `run`, without blocking the event loop."""
        try:
            return await arun_flow(self._flow())
        except BaseException as error:
            await arun_flow(self._runs.end(self._outcomes, error))
            raise

    def _flow(self) -> Flow[list[Out]]:
        callers: dict[Caller | None, list[int]] = {}
        whose: dict[int, Caller | None] = {}  # most rows share one config
        for row, config in enumerate(self._configs):
            if id(config) not in whose:
                whose[id(config)] = _caller_of(config)
            callers.setdefault(whose[id(config)], []).append(row)
        for caller, rows in callers.items():
            if caller is not None:
                yield from self._answer_together(rows, caller)
        left = [row for row in range(len(self._inputs)) if row not in self._outcomes]
        if left:
            inputs = [self._replaced.get(row, self._inputs[row]) for row in left]
            given = inputs, [self._runs.config_of(row, self._configs[row]) for row in left]
            wanted = {"return_exceptions": self._return_exceptions}
            (outputs,) = yield Do(partial(self._batch, *given, **wanted), partial(self._abatch, *given, **wanted))
            self._outcomes.update(zip(left, outputs, strict=True))
        outcomes = [self._outcomes[row] for row in range(len(self._inputs))]
        failed = next((each for each in outcomes if isinstance(each, Exception)), None)
        if failed is not None and not self._return_exceptions:
            raise failed
        yield from self._runs.end(self._outcomes)
        return outcomes  # type: ignore[return-value]  # with exceptions among them, if they are wanted

    def _answer_together(self, rows: Sequence[int], caller: Caller) -> Flow[None]:
        """Answer the inputs of one caller, as far as they can be together."""
        kept: dict[int, Kept] = {}
        try:
            for number, row in enumerate(rows, 1):
                prepared = yield from self._together.prepare(self._inputs[row], caller)
                if isinstance(prepared, Singly):
                    self._replaced[row] = prepared.value
                elif prepared is not None:
                    kept[row] = prepared
                if number % _INPUTS_BETWEEN_PAUSES == 0:
                    yield _PAUSE
        except LATMError as error:
            self._outcomes.update(dict.fromkeys(rows, error))
            return
        if not kept:
            return
        try:
            yield from self._runs.begin([(row, self._inputs[row], self._configs[row]) for row in kept])
            found = yield from self._together.finish(list(kept.values()), caller)
        except LATMError:  # each is answered by itself, and gets its own error
            return
        for row, each in zip(kept, found, strict=True):
            if isinstance(each, Singly):
                self._replaced[row] = each.value
            else:
                self._outcomes[row] = each


class _Runs:
    """The traced runs of inputs that are answered together: one for each input, or none if nothing listens."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begun: dict[int, Any] = {}

    def begin(self, rows: Sequence[tuple[int, Any, RunnableConfig]]) -> Flow[None]:
        """Begin the runs of rows: number, input and config of each."""
        yield Do(partial(self._begin, rows), partial(self._abegin, rows))

    def config_of(self, row: int, config: RunnableConfig) -> RunnableConfig:
        """Return the config for calling `invoke` on a row: a child of its run, if that has begun."""
        run = self._begun.get(row)
        return config if run is None else patch_config(config, callbacks=run.get_child())

    def end(self, outcomes: dict[int, Any], error: BaseException | None = None) -> Flow[None]:
        """End all runs, each with its outcome, or with the error if it has none."""
        if self._begun:
            ended = [(run, outcomes.get(row, error)) for row, run in self._begun.items()]
            yield Do(partial(self._end, ended), partial(self._aend, ended))

    def _begin(self, rows: Sequence[tuple[int, Any, RunnableConfig]]) -> None:
        managers: dict[int, Any] = {}
        for row, value, config in rows:
            manager = managers.get(id(config))
            if manager is None:
                manager = managers[id(config)] = get_callback_manager_for_config(config)
            if manager.handlers:
                self._begun[row] = manager.on_chain_start(None, value, **self._named(config))

    async def _abegin(self, rows: Sequence[tuple[int, Any, RunnableConfig]]) -> None:
        managers: dict[int, Any] = {}
        for row, value, config in rows:
            manager = managers.get(id(config))
            if manager is None:
                manager = managers[id(config)] = get_async_callback_manager_for_config(config)
            if manager.handlers:
                self._begun[row] = await manager.on_chain_start(None, value, **self._named(config))

    def _named(self, config: RunnableConfig) -> dict[str, Any]:
        return {"name": config.get("run_name") or self._name, "run_id": config.get("run_id")}

    @staticmethod
    def _end(ended: Sequence[tuple[Any, Any]]) -> None:
        for run, outcome in ended:
            if (call := getattr(outcome, "tool_use", None)) is not None:
                record_call(run.get_child(), call, outcome.text)
            run.on_chain_error(outcome) if isinstance(outcome, BaseException) else run.on_chain_end(outcome)

    @staticmethod
    async def _aend(ended: Sequence[tuple[Any, Any]]) -> None:
        for run, outcome in ended:
            if (call := getattr(outcome, "tool_use", None)) is not None:
                await arecord_call(run.get_child(), call, outcome.text)
            await (run.on_chain_error(outcome) if isinstance(outcome, BaseException) else run.on_chain_end(outcome))


def _configs(config: BatchConfig, length: int) -> Sequence[RunnableConfig]:
    """Return the config of each input: one object for all of them, unless they differ."""
    if config is None or (isinstance(config, dict) and config.get("run_id") is None):
        return [ensure_config(config)] * length
    return get_config_list(config, length)


def _caller_of(config: RunnableConfig) -> Caller | None:
    """Return the caller of a run; None if its config is invalid, which `invoke` reports."""
    try:
        return Caller.of(config)
    except LATMError:
        return None
