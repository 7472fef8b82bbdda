"""Continues the search from what the functions of candidates return.

A candidate may compute the right value in another form or order, or one of its functions may read the text right and
another compute wrongly. Its functions run in the sandbox, and what they return is a column of the search for programs.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm._core.flow import Flow
from langchain_latm._core.source import functions_in, parse_source
from langchain_latm.making.helpers.searching import run_function, search_on
from langchain_latm.making.parsed_proof import needs_no_model
from langchain_latm.making.planning import ways_of
from langchain_latm.making.repair.describing import redescribed
from langchain_latm.making.repair.repairing import Repair, demonstrated, unseen_arguments
from langchain_latm.making.searching import Search, default_search
from langchain_latm.making.synthesis.called import CalledFunction
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.sandbox.base import Sandbox, ToolSource
from langchain_latm.types import Candidate, Task, ToolProposal, packages_key

_STEPS: Final = 150_000
"""Steps of the search on one function's values: half a second on a quiet core."""
_SECONDS: Final = 8.0
"""Time of all searches after one attempt. On a quiet machine the steps end them before."""
_MOST_FUNCTIONS: Final = 6
"""Maximum number of functions of one candidate, each with one column."""

Given = tuple[tuple[str, str], ...]


def continued(candidates: Sequence[Candidate], task: Task, search: Search, sandbox: Sandbox) -> Flow[list[Repair]]:
    """Search for programs on what the functions of candidates return.

    Only candidates count whose arguments need no model, and functions that have a value for every demonstration. The
    search sees the answers of the demonstrations alone.

    Args:
        candidates: The candidates of the last attempt.
        task: The task.
        search: The search for programs.
        sandbox: Where the functions run.

    Returns:
        The programs as repairs of their candidates, the likeliest first.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    found: list[Repair] = []
    ends = time.monotonic() + _SECONDS
    find = _short_search if search is default_search else search
    for base in candidates:
        problem = _problem(base, task)
        if problem is None or base.proposal is None:
            continue
        function = functions_in(parse_source(base.proposal.source))[base.proposal.entry]
        header = f"def {function.name}({ast.unparse(function.args)})"
        called: list[CalledFunction] = []
        for name, given in _calls(base.proposal, problem):
            if time.monotonic() > ends:
                break
            tool = ToolSource(source=base.proposal.source, entry=name, packages=packages_key(base.proposal.packages))
            ran = yield from run_function(tool, given, problem, sandbox)
            if ran is not None:
                called.append(ran)
        programs = yield from search_on(find, problem, called, header, ends - time.monotonic())
        found += [_repair(base, base.proposal, program, of, task) for program, of in programs]
    return sorted(found, key=lambda each: each.cost)


def _short_search(problem: Problem, seconds: float) -> Sequence[Program]:
    from langchain_latm.making.synthesis.search import synthesise  # noqa: PLC0415 - large, and only makers need it

    return synthesise(problem, seconds=seconds, steps=_STEPS)


def _problem(base: Candidate, task: Task) -> Problem | None:
    """Return the demonstrations of a wrong candidate as a problem; None if their arguments were not read alike."""
    proposal, cases = base.proposal, demonstrated(base)
    if proposal is None or base.way is None or not cases or not needs_no_model(proposal) or base.repaired:
        return None
    if all(case.passed for case in cases):
        return None
    places = {example.text: i for i, example in enumerate(task.demonstrations)}
    rows = [(case.arguments or {}, places.get(case.question)) for case in cases]
    if any(place is None or not row or row.keys() != rows[0][0].keys() for row, place in rows):
        return None
    if task.typed:
        values = [example.answer for example in task.demonstrations]
    else:
        values = [*ways_of(task)[base.way].form.values]
    others = [row for row in unseen_arguments(proposal, task) if row.keys() == rows[0][0].keys()]
    examples = tuple((row, values[place]) for row, place in rows if place is not None)
    return Problem(examples, tuple(others), proposal.entry)


def _calls(proposal: ToolProposal, problem: Problem) -> Iterator[tuple[str, Given]]:
    """Yield the calls whose values may serve: the candidate itself, and its functions of one parameter on a column."""
    columns = [*problem.examples[0][0]]
    yield proposal.entry, tuple((name, name) for name in columns)
    functions = functions_in(parse_source(proposal.source))
    single = [
        (name, node.args.args[0].arg)
        for name, node in functions.items()
        if name != proposal.entry and len(node.args.args) == 1 and not (node.args.posonlyargs or node.args.kwonlyargs)
    ]
    calls = [(name, ((parameter, column),)) for name, parameter in single for column in columns]
    yield from calls[:_MOST_FUNCTIONS]


def _repair(base: Candidate, proposal: ToolProposal, program: Program, of: CalledFunction, task: Task) -> Repair:
    changed = redescribed(proposal.model_copy(update={"source": program.source}), task)
    return Repair(base, changed, (f"a program was found on what `{of.name}` returns",), program.cost)
