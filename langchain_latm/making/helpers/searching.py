"""Searches from what functions of other tools return for the examples of a task."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import permutations
from typing import Any, Final

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.making.helpers.choosing import MOST_OFFERED, MOST_TRIED
from langchain_latm.making.helpers.made import MadeHelper
from langchain_latm.making.planning import CandidatePlan
from langchain_latm.making.searching import MOST_PROGRAMS, Search, problems_of
from langchain_latm.making.synthesis.called import CalledFunction, derived_problems, gives_column, programs_of
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.models.failures import error_detail
from langchain_latm.sandbox.base import FailureKind, Limits, Sandbox, ToolSource
from langchain_latm.tools.inputs import annotation_of
from langchain_latm.tools.user import run_tool
from langchain_latm.types import InlinedHelper, Task

_MOST_PARAMETERS: Final = 3
_MOST_BINDINGS: Final = 6
"""Maximum number of ways in which one function is given the columns."""
_MOST_OTHERS: Final = 40
"""Maximum number of rows without an answer for which functions are run."""
_RUNNING_SECONDS: Final = 5.0
"""Time after which no further function is run: one that is too slow for a row takes up to a second."""
_SEARCHING_SECONDS: Final = 10.0
"""Time of all searches on values of functions; most take less than one second."""
_LIMITS: Final = Limits(wall_seconds=0.5, memory_bytes=128 * 1024 * 1024, output_bytes=64 * 1024)
_SLICE: Final = 8
"""Number of rows that are run at once, so that a function that never ends costs a few seconds at most."""
_OWN_FAILURES: Final = frozenset({FailureKind.EXCEPTION, FailureKind.RESULT, FailureKind.ARGUMENTS})
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "boolean": (bool,),
}

_log = logging.getLogger(__name__)

Found = tuple[CandidatePlan, AIMessage]


def searched_with_helpers(
    search: Search, task: Task, helpers: Sequence[MadeHelper], sandbox: Sandbox
) -> Flow[tuple[list[Found], list[MadeHelper]]]:
    """Search on the values of functions of other tools.

    The functions run in the sandbox, on the arguments of all examples; the search runs here, on what they return.

    Args:
        search: The search.
        task: The task.
        helpers: The functions, those that are likeliest to serve first.
        sandbox: Where they run.

    Returns:
        The programs as replies of a maker, as `making.searching.searched` returns them, and the functions that have a
        value for every demonstration.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    fitting: dict[str, MadeHelper] = {}
    running, searching = time.monotonic() + _RUNNING_SECONDS, _SEARCHING_SECONDS
    for plan, problem in problems_of(task):
        if plan.way is None or not problem.examples:
            continue
        short = Problem(problem.examples, problem.others[:_MOST_OTHERS], problem.name, problem.hint)
        called: list[tuple[CalledFunction, InlinedHelper]] = []
        for helper in helpers[:MOST_TRIED]:
            for given in _bindings(helper.parameters, problem.examples[0][0]):
                if time.monotonic() > running or len({origin.id for _, origin in called}) >= MOST_OFFERED:
                    break
                tool = ToolSource(source=helper.source, entry=helper.name)
                function = yield from run_function(tool, given, short, sandbox)
                if function is not None:
                    fitting.setdefault(helper.origin.id, helper)
                    called.append((function, helper.origin))
        start, header = time.monotonic(), plan.way.signature.rpartition(" -> ")[0]
        found = yield from search_on(search, short, [each for each, _ in called], header, searching)
        searching -= time.monotonic() - start
        if found:
            origins = {id(function): origin for function, origin in called}
            return [(plan, _reply(program, origins[id(function)])) for program, function in found[:MOST_PROGRAMS]], [
                *fitting.values()
            ]
    return [], [*fitting.values()]


def search_on(
    search: Search, problem: Problem, called: Sequence[CalledFunction], header: str, seconds: float
) -> Flow[list[tuple[Program, CalledFunction]]]:
    """Search on the values of functions; return the programs, the likeliest first, each with its function.

    Args:
        search: The search.
        problem: The problem that the programs solve.
        called: The functions with their values.
        header: First line of the function to write, without the type of its value.
        seconds: Time of all searches together.
    """
    distinct = {repr((each.solved, each.others)): each for each in reversed(called)}
    find: Runnable[Any, list[tuple[Program, CalledFunction]]] = RunnableLambda(
        partial(_find, search, problem, [*reversed(distinct.values())], header), name="search"
    )
    if not called or seconds <= 0:
        return []
    (found,) = yield Calls(find, [seconds])
    if isinstance(found, Exception):
        _log.warning("the search on values of functions failed: %s", error_detail(found))
        return []
    return found  # type: ignore[no-any-return]  # a Runnable has no type of output


def _find(
    search: Search, problem: Problem, called: Sequence[CalledFunction], header: str, seconds: float
) -> list[tuple[Program, CalledFunction]]:
    found: list[tuple[Program, CalledFunction]] = []
    derived = [[*derived_problems(problem, function)] if gives_column(function.solved) else [] for function in called]
    ends = time.monotonic() + seconds
    header = f"{header} -> {annotation_of([answer for _, answer in problem.examples])}"
    for function in called:
        found += [(program, function) for program in programs_of(problem, function, [], header)]
    for number in range(2):  # first in place of the columns, for all functions, then beside them
        tasks = [(function, each[number]) for function, each in zip(called, derived, strict=True) if each]
        for done, (function, (of_values, cost)) in enumerate([] if found else tasks):
            share = (ends - time.monotonic()) / (len(tasks) - done)
            inner = search(of_values, share) if share > 0 else []
            programs = programs_of(problem, function, [(each, of_values, cost) for each in inner], header)
            found += [(program, function) for program in programs]
    return sorted(found, key=lambda pair: pair[0].cost)


def run_function(
    tool: ToolSource, given: tuple[tuple[str, str], ...], problem: Problem, sandbox: Sandbox
) -> Flow[CalledFunction | None]:
    """Run a function on the rows of a problem in the sandbox.

    Args:
        tool: The function.
        given: The column that each parameter is given.
        problem: The problem.
        sandbox: Where it runs.

    Returns:
        The function with its values; None if it fails on a solved row or on most of the others, or reaches a limit.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    rows = [*(row for row, _ in problem.examples), *problem.others]
    solved, values = len(problem.examples), list[list[Any]]()
    for begin, end in [(0, 1), *((start, start + _SLICE) for start in range(1, len(rows), _SLICE))]:
        sets = [{parameter: row[column] for parameter, column in given} for row in rows[begin:end]]
        for result in (yield from run_tool(sandbox, tool, sets, limits=_LIMITS)):
            if result.failure is not None and result.failure.kind not in _OWN_FAILURES:
                return None
            values.append([result.value] if result.ok else [])
        if not all(values[:solved]):
            return None
    failed = sum(not each for each in values[solved:])
    if 2 * failed > len(problem.others):
        return None
    columns = [[row[column] for row, _ in problem.examples] for column in problem.examples[0][0]]
    outcome = [each[0] for each in values[:solved]]
    if outcome in columns:
        return None  # it changes nothing
    return CalledFunction(tool.entry, tool.source, given, tuple(outcome), tuple(values[solved:]))


def _bindings(parameters: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield ways to give the columns to the required parameters, by types; equal names first."""
    properties = parameters.get("properties", {})
    required = [name for name in properties if name in parameters.get("required", [])] or [*properties]
    if not 0 < len(required) <= min(_MOST_PARAMETERS, len(row)):
        return
    every = (
        tuple(zip(required, columns, strict=True))
        for columns in permutations(row, len(required))
        if all(_fits(row[column], properties[name]) for name, column in zip(required, columns, strict=True))
    )
    some = [each for each, _ in zip(every, range(10 * _MOST_BINDINGS), strict=False)]
    yield from sorted(some, key=lambda each: -sum(name == column for name, column in each))[:_MOST_BINDINGS]


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value may fit the schema of a parameter; the sandbox decides."""
    kinds = [each.get("type") for each in schema.get("anyOf", [schema])]
    expected = [of for kind in kinds for of in _TYPES.get(str(kind), ())]
    return not expected or type(value) in expected


def _reply(program: Program, origin: InlinedHelper) -> AIMessage:
    return AIMessage(f"```python\n{program.source}\n```", additional_kwargs={"helpers": [origin.model_dump()]})
