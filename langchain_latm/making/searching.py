"""Searching for a function without a model, before one is asked.

A search sees what a maker sees: the demonstrations, and the questions or inputs of all other examples, but no answer of
these. What it finds is proven as a maker's candidates are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NoReturn

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.making.planning import CandidatePlan
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.typed_ways import TypedSignature, typed_ways
from langchain_latm.making.ways import Way, ways
from langchain_latm.models.failures import error_detail
from langchain_latm.tools.inputs import as_arguments
from langchain_latm.types import Inputs, Task

Search = Callable[[Problem, float], Sequence[Program]]
"""Finds programs that give the answers of a problem, in at most this many seconds."""

SEARCHED: Final = "program search"
"""What a record names in place of the maker's model."""
_MOST_PROGRAMS: Final = 8
"""Programs that are tried at most, the likeliest first: each that comes as far as the unseen rows is a trial."""
_MOST_WAYS: Final = 3
"""Ways to read the questions of a task that are searched, the most specific first."""
_SECONDS: Final = 10.0
"""Time of all searches for one task; most take less than one second."""


_log = logging.getLogger(__name__)


def default_search(problem: Problem, seconds: float) -> Sequence[Program]:
    """Search with all operators of `making.synthesis`."""
    from langchain_latm.making.synthesis.search import synthesise  # noqa: PLC0415 - large, and only makers need it

    return synthesise(problem, seconds=seconds)


def chosen_search(search: Search | bool) -> Search | None:
    """Return the search that a maker was given: its own, the default one, or none."""
    if isinstance(search, bool):
        return default_search if search else None
    return search


class NoModel(RunnableLambda[Any, Any]):
    """Stands for a model where none may be asked: it raises `ModelError` as soon as one is."""

    model_name = "none"

    def __init__(self) -> None:
        super().__init__(_refuse, name="no model")


def _refuse(_: object) -> NoReturn:
    raise ModelError(
        "no program was found that is right on all examples, and there is no model to write one: name a model, or give "
        "more examples"
    )


def problem_of(task: Task) -> Problem:
    """Return a typed task as a search gets it: by the names of the function's parameters."""
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
    """Return a task of questions as a search gets it: what a way reads off them. None if it does not read them all."""
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


def _problems(task: Task) -> Iterator[tuple[CandidatePlan, Problem]]:
    """Yield what is searched, with the plan that a candidate of it fulfils."""
    if task.typed:
        yield CandidatePlan(None, None, typed_ways(task)[0]), problem_of(task)
        return
    for index, way in enumerate(ways(task)[:_MOST_WAYS]):
        problem = problem_of_way(way, task)
        if problem is not None:
            yield CandidatePlan(None, index, way), problem


def searched(search: Search, task: Task) -> Flow[list[tuple[CandidatePlan, AIMessage]]]:
    """Search, and return what was found as replies of a maker, the likeliest first, each with its plan.

    Where questions can be read in several ways, the first that gives a program is kept.
    """
    problems = list(_problems(task))
    seconds = _SECONDS / max(1, len(problems))
    find: Runnable[Problem, Sequence[Program]] = RunnableLambda(lambda problem: search(problem, seconds), name="search")
    for plan, problem in problems:
        (found,) = yield Calls(find, [problem])
        if isinstance(found, Exception):
            _log.warning("the search for %s failed, so the maker is asked: %s", task.name, error_detail(found))
            continue
        if found:
            ordered = sorted(found, key=lambda program: program.cost)
            replies = [AIMessage(f"```python\n{program.source}\n```") for program in islice(ordered, _MOST_PROGRAMS)]
            return [(plan, reply) for reply in replies]
    return []
