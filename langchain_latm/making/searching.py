"""Searching for the function of a typed task without a model, before one is asked.

A search sees what a maker sees: the demonstrations, and the inputs of all other rows, but no answer of these. What it
finds is proven as a maker's candidates are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.typed_ways import TypedSignature
from langchain_latm.tools.inputs import as_arguments
from langchain_latm.types import Inputs, Task

Search = Callable[[Problem], Sequence[Program]]
"""Finds programs that give the answers of a problem; none if there are none. Its time is its own affair."""

SEARCHED: Final = "program search"
"""What a record names in place of the maker's model."""
_MOST_PROGRAMS: Final = 8
"""Programs that are tried at most, the likeliest first: each that comes as far as the unseen rows is a trial."""


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
        hint="\n".join([task.name, *([task.description] if task.description else [])]),
    )


def searched(search: Search, task: Task) -> Flow[list[AIMessage]]:
    """Search, and return what was found as replies of a maker, the likeliest first."""
    find: Runnable[Problem, Sequence[Program]] = RunnableLambda(search, name="search")
    (found,) = yield Calls(find, [problem_of(task)])
    if isinstance(found, Exception):
        raise found
    ordered = sorted(found, key=lambda program: program.cost)
    return [AIMessage(f"```python\n{program.source}\n```") for program in islice(ordered, _MOST_PROGRAMS)]
