"""Differential check: runs functions that are right on all examples on requests whose answers are unknown.

If two of them differ, at least one is wrong, or the request is not of the kind. The idea is from McKeeman,
"Differential testing for software", Digital Technical Journal 10(1), 1998.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm._core.flow import Flow
from langchain_latm._core.source import is_text_statement, parse_source
from langchain_latm.making.fresh_requests import FreshRequest, fresh_requests, fresh_rows
from langchain_latm.making.ways import ways
from langchain_latm.sandbox.base import ExecutionResult, FailureKind, Sandbox
from langchain_latm.text.answer_check import answer_text
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.proven_parser import parser_of
from langchain_latm.tools.arguments_reader import Reading
from langchain_latm.tools.user import run_tool
from langchain_latm.types import Candidate, Task, TokenUsage, ToolProposal, VerificationReport

MOST_COMPARED: Final = 4
"""Maximum number of functions to compare, the first ones that were found."""
_BATCH: Final = 10
_SECONDS: Final = 10.0
"""Time after which no further requests are tried: mutations may cause long computations."""
_OWN_FAILURES: Final = frozenset({FailureKind.EXCEPTION, FailureKind.RESULT, FailureKind.ARGUMENTS})
"""Failures of the function itself. If a limit of the sandbox stopped it, its answer is unknown."""


class Proven(NamedTuple):
    """A function that is right on all examples.

    Attributes:
        proposal: The function.
        report: Its proof.
        parser: The parser of its arguments; None if only a model reads them, or if they are inputs.
    """

    proposal: ToolProposal
    report: VerificationReport
    parser: RequestParser | None

    @classmethod
    def of(cls, candidate: Candidate) -> Proven:
        """Return a candidate with a proof as a proven function."""
        proposal, report = candidate.proposal, candidate.report
        if proposal is None or report is None:
            raise AssertionError("a proven candidate has a proposal and a report")
        parser = None
        if proposal.inputs is None:
            parser = proposal.parser or parser_of(readings_of(report), proposal.parameters)
        return cls(proposal, report, parser)


class Outcome(NamedTuple):
    """The outcome of a function on a request: a value, or None if it failed."""

    value: Any
    failed: bool


class Compared(NamedTuple):
    """The outcomes of one request.

    Attributes:
        request: The request.
        outcomes: The outcome of each function, in order; None if its arguments could not be read, or if it reached a
            limit of the sandbox.
    """

    request: FreshRequest
    outcomes: tuple[Outcome | None, ...]


def readings_of(report: VerificationReport) -> dict[str, dict[str, Any]]:
    """Return the arguments of each question that passed."""
    return {case.question: case.arguments for case in report.cases if case.passed and case.arguments is not None}


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with distinct code.

    Layout, comments and docstrings do not count.
    """
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(_code_of(candidate.proposal), candidate)
    return list(first.values())


def _code_of(proposal: ToolProposal | None) -> str:
    if proposal is None:
        return ""
    module = parse_source(proposal.source)
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            node.body = [each for each in node.body if not is_text_statement(each)] or [ast.Pass()]
    return ast.dump(module)


def requests_for(proven: Sequence[Proven], task: Task) -> list[FreshRequest]:
    """Return the fresh requests of a task, for the way in which the first function's arguments are read."""
    if task.typed:
        return fresh_rows(task.rows, proven[0].proposal, [example.inputs or {} for example in task.examples])
    known = [example.question for example in task.examples]
    parsers = [each.parser for each in proven if each.parser is not None] if proven[0].parser else []
    if parsers and all(slot.reader.reads_question for parser in parsers for slot in parser.slots):
        parsers += [way.view.parser for way in ways(task)[:1]]  # a parser of whole questions has no parts to change
    return fresh_requests(task.requests, readings_of(proven[0].report), list(dict.fromkeys(parsers)), known)


def run_all(proven: Sequence[Proven], requests: Sequence[FreshRequest], sandbox: Sandbox) -> Flow[list[Compared]]:
    """Run several functions on the requests whose arguments can be read without a model.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    names = [None if each is proven[0] else parameters_for(proven[0], each) for each in proven]
    compared: list[Compared] = []
    started = time.monotonic()
    for begin in range(0, len(requests), _BATCH):
        if time.monotonic() - started > _SECONDS:
            break
        batch = requests[begin : begin + _BATCH]
        columns = []
        for number, each in enumerate(proven):
            arguments = [_arguments(proven[0], each, names[number], request) for request in batch]
            sets = {i: found for i, found in enumerate(arguments) if found is not None}
            results = dict(zip(sets, (yield from run_tool(sandbox, each.proposal, [*sets.values()])), strict=True))
            columns.append([_outcome(results.get(i)) for i in range(len(batch))])
        compared += map(Compared, batch, zip(*columns, strict=True))
    return compared


def differs(one: Outcome | None, other: Outcome | None, task: Task) -> bool:
    """Whether two functions differ on a request. Two failures do not differ."""
    if one is None or other is None or (one.failed and other.failed):
        return False
    if one.failed or other.failed:
        return True
    return not task.check.matches(other.value, one.value if task.typed else answer_text(one.value))


def reading_for(first: Proven, each: Proven, request: FreshRequest) -> Reading:
    """Read the arguments of a function off a request, without a model."""
    arguments = _arguments(first, each, parameters_for(first, each), request)
    return Reading(arguments, None if arguments is not None else "no parser reads it", "", TokenUsage())


def parameters_for(first: Proven, other: Proven) -> dict[str, str] | None:
    """Map each parameter of another function to one of the first function; None if a parameter has no counterpart.

    Two parameters correspond if they had equal values on every example.
    """
    ours, theirs = readings_of(first.report), readings_of(other.report)
    questions = [question for question in theirs if question in ours]
    found: dict[str, str] = {}
    for name in other.proposal.parameters["properties"]:
        values = [theirs[question].get(name) for question in questions]
        fitting = [
            each
            for each in first.proposal.parameters["properties"]
            if each not in found.values() and repr([ours[question].get(each) for question in questions]) == repr(values)
        ]
        if not fitting:
            return None
        found[name] = name if name in fitting else fitting[0]
    return found if questions else None


def _arguments(
    first: Proven, each: Proven, names: Mapping[str, str] | None, request: FreshRequest
) -> dict[str, Any] | None:
    if each.parser is not None:
        return each.parser.parse(request.question)
    read = request.arguments if first.parser is None else first.parser.parse(request.question)
    if each is first or read is None:
        return read
    return None if names is None else {name: read[of] for name, of in names.items() if of in read}


def _outcome(result: ExecutionResult | None) -> Outcome | None:
    if result is None or (result.failure is not None and result.failure.kind not in _OWN_FAILURES):
        return None
    return Outcome(result.value, not result.ok)
