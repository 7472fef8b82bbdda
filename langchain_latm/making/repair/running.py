"""Runs the variants of a schema on arguments in the sandbox, within a budget."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from langchain_latm._core.flow import Flow
from langchain_latm.making.repair.schema import Schema
from langchain_latm.sandbox.base import ExecutionResult, FailureKind, Limits, Sandbox, ToolSource
from langchain_latm.tools.user import run_tool

FEW_STEPS: Final = 3_000
MANY_STEPS: Final = 200_000
"""Maximum number of loop iterations and function calls in one call of a variant: few if the candidate itself needs few.
200,000 take about 15 ms."""
_LIMITS: Final = Limits(wall_seconds=1.0, memory_bytes=128 * 1024 * 1024, output_bytes=64 * 1024)
"""Limits of one call. A new process also has to load the variants in this time."""
_LOST: Final = frozenset({FailureKind.WALL, FailureKind.CPU, FailureKind.MEMORY, FailureKind.CRASH, FailureKind.OUTPUT})
_MOST_LOST: Final = 4
"""Number of calls that end their process after which the rest of a schema is skipped: each takes up to a second."""
_FIRST_SLICE: Final = 16
_SLICE_SECONDS: Final = 0.3


class Outcome(NamedTuple):
    """The outcome of a variant for one set of arguments: a value, or None if it failed."""

    value: Any
    failed: bool


@dataclass
class Budget:
    """How much a repair may try.

    Attributes:
        seconds: Time since the budget was created. A running batch is not stopped.
        variants: Maximum number of variants.
        tried: Number of variants that were tried so far.
    """

    seconds: float
    variants: int
    tried: int = 0
    _started: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> bool:
        """Whether no time or no variant is left."""
        return self.tried >= self.variants or self.left <= 0

    @property
    def left(self) -> float:
        """The remaining seconds."""
        return self.seconds - (time.monotonic() - self._started)


def run_variants(
    schema: Schema,
    numbers: Sequence[int],
    arguments: Sequence[Mapping[str, Any]],
    sandbox: Sandbox,
    budget: Budget,
    *,
    steps: int = MANY_STEPS,
) -> Flow[dict[int, tuple[Outcome, ...]]]:
    """Run variants on every set of arguments.

    Args:
        schema: The schema that holds the variants.
        numbers: Numbers of the variants; 0 is the program without an edit.
        arguments: Keyword arguments, one mapping for each call.
        sandbox: Where the variants run.
        budget: The time and number of variants that are left.
        steps: Maximum number of steps of each call.

    Returns:
        The outcomes of the variants that stayed within the limits and the budget for every set of arguments.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    tool = ToolSource(source=schema.source, entry=schema.entry, packages=schema.packages)
    outcomes: dict[int, tuple[Outcome, ...]] = dict.fromkeys(numbers, ())
    lost, size = 0, _FIRST_SLICE
    for given in arguments:
        waiting, ended = list(outcomes), []
        while waiting:
            if budget.spent or lost >= _MOST_LOST:
                ended += waiting
                break
            some, waiting = waiting[:size], waiting[size:]
            began = time.monotonic()
            sets = [{**given, schema.number: number, schema.steps: steps} for number in some]
            for number, result in zip(some, (yield from run_tool(sandbox, tool, sets, limits=_LIMITS)), strict=True):
                lost += result.failure is not None and result.failure.kind in _LOST
                if _is_lost(result, schema):
                    ended.append(number)
                else:
                    outcomes[number] = (*outcomes[number], Outcome(result.value, not result.ok))
            pace = (time.monotonic() - began) / len(some)
            size = max(_FIRST_SLICE, min(int(_SLICE_SECONDS / max(pace, 1e-6)), 8 * size))
        for number in ended:
            del outcomes[number]
    return outcomes


def _is_lost(result: ExecutionResult, schema: Schema) -> bool:
    failure = result.failure
    if failure is None:
        return False
    halted = failure.kind is FailureKind.EXCEPTION and failure.message == schema.halted
    return halted or failure.kind in _LOST or failure.kind in {FailureKind.SOURCE, FailureKind.ARGUMENTS}
