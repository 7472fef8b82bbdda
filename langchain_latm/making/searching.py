"""Searches for a function without a model, before one is asked.

A search sees the demonstrations, and the questions or inputs of all other examples without their answers. The programs
it finds are proven like a maker's candidates.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, NoReturn

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.making.helpers.parts import FoundPart
from langchain_latm.making.planning import CandidatePlan
from langchain_latm.making.synthesis.partial import Part, part_programs
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.typed_ways import TypedSignature, typed_ways
from langchain_latm.making.ways import Way, ways
from langchain_latm.models.failures import error_detail
from langchain_latm.tools.inputs import as_arguments
from langchain_latm.types import Inputs, Task

Search = Callable[[Problem, float], Sequence[Program]]
"""Finds programs that give the answers of a problem, in at most this many seconds."""

SEARCHED: Final = "program search"
"""Name in a record in place of the maker's model."""
MOST_PROGRAMS: Final = 8
"""Maximum number of programs to try, the likeliest first: each that reaches the unseen rows is a trial."""
_MOST_WAYS: Final = 8
"""Maximum number of ways of a task to search, the most specific first."""
_SECONDS: Final = 20.0
"""Time of all searches for one task; most take less than one second, and their steps are limited too."""


_SECONDS_OF_PARTS: Final = 4.0
"""Maximum duration of the searches for parts of the answers, for each way."""

_log = logging.getLogger(__name__)


def default_search(problem: Problem, seconds: float) -> Sequence[Program]:
    """Search with all operators of `making.synthesis`."""
    from langchain_latm.making.synthesis.search import synthesise  # noqa: PLC0415 - large, and only makers need it

    return synthesise(problem, seconds=seconds)


def chosen_search(search: Search | bool) -> Search | None:
    """Return the search for an argument of `create_tool_maker`: a custom search, the default one, or none."""
    if isinstance(search, bool):
        return default_search if search else None
    return search


class NoModel(RunnableLambda[Any, Any]):
    """A placeholder for a model that raises `ModelError` when it is asked."""

    model_name = "none"

    def __init__(self) -> None:
        super().__init__(_refuse, name="no model")


def _refuse(_: object) -> NoReturn:
    raise ModelError(
        "no program was found that is right on all examples, and there is no model to write one: name a model, or give "
        "more examples"
    )


def problem_of(task: Task) -> Problem:
    """Return the problem of a typed task, with the names of the function's parameters."""
    function = TypedSignature.of(task)

    def row(inputs: Inputs | None) -> dict[str, object]:
        return as_arguments(inputs or {}, function.parameters, function.texts)

    unseen = (*task.validation, *task.further)
    return Problem(
        examples=tuple((row(example.inputs), example.answer) for example in task.demonstrations),
        others=(*(row(example.inputs) for example in unseen), *map(row, task.rows)),
        name=function.entry,
        hint=_hint(task),
    )


def problem_of_way(way: Way, task: Task) -> Problem | None:
    """Return the problem of a task with questions, with the arguments that a way reads; None if it cannot read all."""
    parse = way.view.parser.parse
    shown = [parse(example.question) for example in task.demonstrations]
    given = [arguments for arguments in shown if arguments is not None]
    if len(given) < len(shown) or not all(given):
        return None
    unseen = [example.question for example in (*task.validation, *task.further)]
    others = [arguments for question in (*unseen, *task.requests) if (arguments := parse(question)) is not None]
    return Problem(
        examples=tuple(zip(given, way.form.values, strict=True)),
        others=tuple(others),
        name=way.entry,
        hint=_hint(task),
    )


def _hint(task: Task) -> str:
    return "\n".join([task.name, *([task.description] if task.description else [])])


def problems_of(task: Task) -> Iterator[tuple[CandidatePlan, Problem]]:
    """Yield the problems of a task, each with the plan for its candidates."""
    if task.typed:
        yield CandidatePlan(None, None, typed_ways(task)[0]), problem_of(task)
        return
    for index, way in _searched_ways(ways(task)):
        problem = problem_of_way(way, task)
        if problem is not None:
            yield CandidatePlan(None, index, way), problem


def _searched_ways(found: Sequence[Way]) -> list[tuple[int, Way]]:
    """Return the ways to search with their indexes: first the best fitting way of each view, then the others."""
    views = [way.view for way in found]
    is_first = [views.index(view) == index for index, view in enumerate(views)]
    order = sorted(range(len(found)), key=lambda index: not is_first[index])  # stable
    return [(index, found[index]) for index in order[:_MOST_WAYS]]


def searched(search: Search, task: Task, *, seconds: float = _SECONDS) -> Flow[list[tuple[CandidatePlan, AIMessage]]]:
    """Search, and return the programs as replies of a maker, the likeliest first, each with its plan.

    If there are several ways, only the programs of the first way with any are returned.

    Args:
        search: The search.
        task: The task.
        seconds: Time of all searches.
    """
    problems = sorted(problems_of(task), key=lambda each: not _is_mentioned(each[1]))  # stable
    left = seconds
    for done, (plan, problem) in enumerate(problems):
        # Each has its share of the time that is left: what an early search does not need, later ones have.
        share, start = max(left, 0.0) / (len(problems) - done), time.monotonic()
        find: Runnable[Problem, Sequence[Program]] = RunnableLambda(partial(_find, search, share), name="search")
        (found,) = yield Calls(find, [problem])
        left -= time.monotonic() - start
        if isinstance(found, Exception):
            _log.warning("the search for %s failed, so the maker is asked: %s", task.name, error_detail(found))
            continue
        if found:
            ordered = sorted(found, key=lambda program: program.cost)
            replies = [AIMessage(f"```python\n{program.source}\n```") for program in islice(ordered, MOST_PROGRAMS)]
            return [(plan, reply) for reply in replies]
    return []


def _is_mentioned(problem: Problem) -> bool:
    """Whether the answers, as texts, are what the sentences of a column mention, such as versions or percentages.

    Then a few examples that look like whole numbers or lists of them do not show the type of the answers.
    """
    from langchain_latm.making.synthesis.operators.shaped import are_mentioned  # noqa: PLC0415 - as above

    rows, answers = [row for row, _ in problem.examples], [answer for _, answer in problem.examples]
    if not all(isinstance(answer, str) for answer in answers):
        return False
    return any(
        all(isinstance(row[name], str) for row in (*rows, *problem.others))
        and are_mentioned([row[name] for row in rows], answers, [row[name] for row in problem.others])
        for name in rows[0]
    )


def _find(search: Search, seconds: float, problem: Problem) -> Sequence[Program]:
    return search(problem, seconds)


def parts_found(task: Task) -> Flow[list[FoundPart]]:
    """Search for functions that compute parts of the answers, for a maker to call, in the first way that has any."""
    for plan, problem in problems_of(task):
        find: Runnable[Problem, list[Part]] = RunnableLambda(_part_programs, name="search_parts")
        (found,) = yield Calls(find, [problem])
        if isinstance(found, Exception):
            _log.warning("the search for parts of %s failed: %s", task.name, error_detail(found))
        elif found:
            return [FoundPart.of(part, plan.index) for part in found]
    return []


def _part_programs(problem: Problem) -> list[Part]:
    return part_programs(problem, default_search, seconds=_SECONDS_OF_PARTS)
