"""Verification: proves a candidate on examples, some of which its maker never saw.

No model judges. The tool user's model reads the arguments, the sandbox computes, and the value is compared with the
known answer. (In the paper, section 3.1, the maker writes unit tests, which can pass while they assert nothing.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Flow
from langchain_latm.making.chance import accuracy_at_least, chance_by_guessing, examples_needed
from langchain_latm.making.memorising import hard_coded_answers
from langchain_latm.sandbox.base import ExecutionResult, FailureKind, Sandbox
from langchain_latm.text.answer_check import AnswerCheck, answer_text
from langchain_latm.tools.arguments_reader import ArgumentsReader, Reading
from langchain_latm.tools.user import run_tool
from langchain_latm.types import (
    Example,
    Task,
    TokenUsage,
    ToolProposal,
    VerificationCase,
    VerificationReport,
    WorkedExample,
    shorten,
)

OTHER_SEEDS: Final = (1, 2, 3)
"""Hash seeds of the proof besides 0, which later calls use. If a set returns two words in random order, four seeds give
the same order in one of eight cases."""

Role = Literal["demonstration", "validation"]


@dataclass(frozen=True)
class Proof:
    """A candidate, its report, and the tokens of the verification."""

    proposal: ToolProposal
    report: VerificationReport
    usage: TokenUsage


def verify(
    proposal: ToolProposal,
    task: Task,
    model: Runnable[Any, Any],
    sandbox: Sandbox,
    *,
    own: str | None = None,
    trials: int = 0,
    known: Sequence[VerificationCase] = (),
) -> Flow[Proof]:
    """Try a candidate on every example.

    Demonstrations come first. Their arguments may be read several times, since the maker has seen their answers; a
    reading that leads to the answer becomes a worked example for the tool user. If all pass, the validation examples
    are read once, with the same prompt as later requests, and tried. If they pass too, as many further examples as the
    proof needs are tried.

    Args:
        proposal: The candidate.
        task: The task.
        model: The tool user's model.
        sandbox: Where the candidate runs.
        own: The maker's part of the source, if the harness added a function: only this part is searched for memorised
            answers.
        trials: How many candidates were tried on unseen examples before.
        known: The demonstrations with arguments that were read before; they are not read again.

    Raises:
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    trial = _Trial(proposal, task, model, sandbox)
    cases = yield from trial.demonstrate(known)
    complete = all(case.passed for case in cases)
    if complete:
        cases += yield from trial.validate(task.validation, worked := worked_examples(cases))
        further = task.further
        while (
            further
            and all(case.passed for case in cases)
            and (count := examples_needed(cases, task.check, trials + 1)) != 0
        ):
            # The known answers determine how many more are needed; if no number suffices, try all.
            cases += yield from trial.validate(further[:count], worked)
            further = further[count:] if count else ()
    report = reported(cases, trial.unstable, own or proposal.source, task, trials=trials + complete)
    return Proof(proposal, report, trial.usage)


def reported(
    cases: Sequence[VerificationCase], unstable: Sequence[str], own: str, task: Task, *, trials: int
) -> VerificationReport:
    """Write the report of a candidate.

    Args:
        cases: The cases of its examples. The report is complete if some of them are unseen.
        unstable: Questions with differing values.
        own: The source that is searched for memorised answers.
        task: The task.
        trials: How many candidates were tried on unseen examples, including this one if it was.
    """
    complete = any(case.role == "validation" for case in cases)
    chances: dict[str, Any] = {}
    if complete and all(case.passed for case in cases):
        unseen = sum(case.role == "validation" for case in cases)
        chances = {
            "chance": chance_by_guessing(cases, task.check, trials),
            "accuracy": accuracy_at_least(unseen, trials),
            "more_needed": examples_needed(cases, task.check, trials) or None,
        }
    return VerificationReport(
        cases=tuple(cases),
        unstable=tuple(dict.fromkeys(unstable)),
        hard_coded=hard_coded_answers(own, task.demonstrations, (*task.validation, *task.further)),
        complete=complete,
        trials=trials,
        **chances,
    )


def worked_examples(cases: Sequence[VerificationCase]) -> tuple[WorkedExample, ...]:
    """Turn the passed demonstrations into few-shot examples. Validation examples stay unseen, as part of the proof."""
    return tuple(
        WorkedExample(question=case.question, arguments=case.arguments, answer=case.expected)
        for case in cases
        if case.passed and case.role == "demonstration" and case.arguments is not None
    )


class _Trial:
    """One candidate under test, with the sum of its tokens and its unstable questions."""

    def __init__(self, proposal: ToolProposal, task: Task, model: Runnable[Any, Any], sandbox: Sandbox) -> None:
        self._proposal, self._task, self._model, self._sandbox = proposal, task, model, sandbox
        self.usage = TokenUsage()
        self.unstable: list[str] = []

    def demonstrate(self, known: Sequence[VerificationCase] = ()) -> Flow[list[VerificationCase]]:
        """Find arguments for each demonstration that lead to its answer.

        The first reading has no hints. If every demonstration fails, the shortest one is read again with a hint: the
        result of its arguments, and the answer. Those that still fail are read again with the passed ones as worked
        examples.
        """
        examples = self._task.demonstrations
        if known:
            given = {case.question: case.arguments for case in known}
            readings = [Reading(given.get(each.text), None, "", TokenUsage()) for each in examples]
            return (yield from self._cases("demonstration", examples, readings))
        plain = ArgumentsReader(self._proposal, self._model)
        readings = yield from plain.read([example.question for example in examples])
        cases = yield from self._cases("demonstration", examples, readings)
        if not any(case.passed for case in cases):
            shortest = min(range(len(cases)), key=lambda i: len(examples[i].question))
            question, case = examples[shortest].question, cases[shortest]
            again = yield from plain.read_again([question], [readings[shortest]], [_hint(case)])
            (hinted,) = yield from self._cases("demonstration", [examples[shortest]], again)
            cases[shortest] = hinted if hinted.passed else case  # a failed hint says nothing about the function
        failed = [i for i, case in enumerate(cases) if not case.passed]
        worked = worked_examples(cases)
        if failed and worked:
            helped = ArgumentsReader(self._proposal, self._model, worked_examples=worked)
            again = yield from helped.read([examples[i].question for i in failed])
            retried = yield from self._cases("demonstration", [examples[i] for i in failed], again)
            for i, case in zip(failed, retried, strict=True):
                cases[i] = case
        return cases

    def validate(self, examples: Sequence[Example], worked: Sequence[WorkedExample]) -> Flow[list[VerificationCase]]:
        """Try unseen examples, which are read like later requests."""
        reader = ArgumentsReader(self._proposal, self._model, worked_examples=worked)
        readings = yield from reader.read([example.question for example in examples])
        return (yield from self._cases("validation", examples, readings))

    def _cases(
        self, role: Role, examples: Sequence[Example], readings: Sequence[Reading]
    ) -> Flow[list[VerificationCase]]:
        """Try the function on the arguments that were read."""
        self.usage = sum((reading.usage for reading in readings), self.usage)
        cases, unstable = yield from tried(
            self._sandbox, self._proposal, self._task.check, examples, readings, role=role
        )
        self.unstable += unstable
        return cases


def tried(
    sandbox: Sandbox,
    proposal: ToolProposal,
    check: AnswerCheck,
    examples: Sequence[Example],
    readings: Sequence[Reading],
    *,
    role: Role,
) -> Flow[tuple[list[VerificationCase], list[str]]]:
    """Run a function on the arguments of each example, and compare its values with the answers.

    If it returns a value, it runs a second time; if the value is the answer, also under other hash seeds: a value that
    depends on the order of a set changes with the seed.

    Returns:
        The case of each example, and the questions whose values differ.
    """
    sets = {i: reading.arguments for i, reading in enumerate(readings) if reading.arguments is not None}
    results = dict(zip(sets, (yield from run_tool(sandbox, proposal, [*sets.values()])), strict=True))
    valued = [i for i in sets if results[i].ok]
    again = yield from run_tool(sandbox, proposal, [sets[i] for i in valued])
    differing = {i for i, second in zip(valued, again, strict=True) if not _same(second, results[i])}
    for i, second in zip(valued, again, strict=True):
        if second.seconds < results[i].seconds:  # a busy machine may slow down one of the two
            results[i] = results[i]._replace(seconds=second.seconds)
    cases = [_case(check, role, each, readings[i], results.get(i)) for i, each in enumerate(examples)]
    for seed in OTHER_SEEDS:
        left = [i for i in valued if cases[i].passed and i not in differing]
        again = yield from run_tool(sandbox, proposal, [sets[i] for i in left], hash_seed=seed)
        differing |= {
            i for i, other in zip(left, again, strict=True) if not (_same(other, results[i]) or _was_slow(other))
        }
    return cases, [examples[i].text for i in sorted(differing)]


def _same(one: ExecutionResult, other: ExecutionResult) -> bool:
    return one.ok and one.value == other.value


def _was_slow(result: ExecutionResult) -> bool:
    """Whether a call reached a time limit, which a busy machine may cause."""
    return result.failure is not None and result.failure.kind in {FailureKind.WALL, FailureKind.CPU}


def _case(
    check: AnswerCheck, role: Role, example: Example, reading: Reading, result: ExecutionResult | None
) -> VerificationCase:
    case = VerificationCase(role=role, question=example.text, expected=example.answer, error=reading.error)
    if result is None:
        return case
    failure = result.failure
    return case.model_copy(
        update={
            "arguments": reading.arguments,
            "value": result.value,
            "passed": result.ok and check.matches(result.value, example.answer),
            "error": f"{failure.kind.value}: {failure.message}" if failure else None,
            "seconds": result.seconds,
        }
    )


def _hint(case: VerificationCase) -> str:
    came = f"fails: {case.error}" if case.error else f"returns {shorten(answer_text(case.value), 300)!r}"
    return f"With these arguments the function {came}. The answer is {shorten(answer_text(case.expected), 300)!r}."
