"""The stages after several functions are proven: run them on fresh requests, and decide differences."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm._core.flow import Flow
from langchain_latm.making.answers import example_of, example_with, read_answer, written_answer
from langchain_latm.making.deciding import Deciders
from langchain_latm.making.differential import (
    MOST_COMPARED,
    Compared,
    Proven,
    differs,
    distinct,
    parameters_for,
    reading_for,
    requests_for,
    run_all,
)
from langchain_latm.making.failure import different_answers
from langchain_latm.making.fresh_requests import FreshRequest, in_turn
from langchain_latm.making.joining import joined
from langchain_latm.making.showing import task_in
from langchain_latm.making.state import (
    MakingState,
    add_usage,
    attempts_in,
    best_in,
    right_in,
    tell,
    verified_in,
)
from langchain_latm.making.verification import tried
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.arguments_reader import Reading
from langchain_latm.types import (
    Attempt,
    Candidate,
    Comparison,
    Difference,
    Example,
    Task,
    TokenUsage,
    shorten,
)

_MOST_ASKED: Final = 5
"""Maximum number of differences to decide, on different sorts of mutation if possible."""
_MOST_SHOWN: Final = 1_000
"""Maximum length of a request or an answer in a record."""


def to_compare(attempts: Sequence[Attempt]) -> list[Candidate]:
    """Return the distinct candidates that are right on all examples, beginning with the one that becomes the tool."""
    best = best_in(attempts)
    return distinct([best, *(each for each in right_in(attempts) if each is not best)])[:MOST_COMPARED]


def with_decided(
    candidate: Candidate, decided: Sequence[Example], readings: Sequence[Reading], task: Task, sandbox: Sandbox
) -> Flow[Candidate]:
    """Add decided requests to the proof of a candidate that is right on all examples.

    Args:
        candidate: The candidate.
        decided: The requests with their right answers.
        readings: The candidate's arguments for each; requests that it could not read are left out.
        task: The task.
        sandbox: Where the candidate runs.
    """
    proposal, report = candidate.proposal, candidate.report
    if proposal is None or report is None:
        return candidate
    read = [i for i, reading in enumerate(readings) if reading.arguments is not None]
    cases, unstable = yield from tried(
        sandbox, proposal, task.check, [decided[i] for i in read], [readings[i] for i in read], role="validation"
    )
    # A wrong case becomes a demonstration, so that a correction is shown its answer.
    shown = [case if case.passed else case.model_copy(update={"role": "demonstration"}) for case in cases]
    changes = {"cases": (*report.cases, *shown), "unstable": (*report.unstable, *unstable)}
    return candidate.model_copy(update={"report": report.model_copy(update=changes)})


def decided_in(state: MakingState, task: Task) -> list[tuple[FreshRequest, Example]]:
    """Return the decided requests of a state, with their examples."""
    found = [(FreshRequest(**each["request"]), each["answer"]) for each in state.get("verdicts", [])]
    return [(request, example_of(task, request.question, answer)) for request, answer in found if answer is not None]


@dataclass(frozen=True)
class ComparingStages:
    """Two nodes of the maker's graph, as flows over its state."""

    sandbox: Sandbox
    deciders: Deciders

    def compare(self, state: MakingState) -> Flow[MakingState]:
        """Run the proven functions on fresh requests."""
        start = time.perf_counter()
        task, attempts = task_in(state), attempts_in(state)
        proven = [Proven.of(each) for each in to_compare(attempts)]
        decided = {verdict["request"]["question"] for verdict in state.get("verdicts", [])}
        requests = [each for each in requests_for(proven, task) if each.question not in decided]
        found = yield from run_all(proven, requests, self.sandbox)
        pairs = [each for each in found if each.outcomes[0] is not None and any(each.outcomes[1:])]
        differing = _various([each for each in pairs if _differ(each, task)])
        comparison = Comparison(
            functions=len(proven),
            inputs=len(pairs),
            agreed=len(pairs) - len(differing),
            differences=(*_decided(state), *(_difference(each, task) for each in differing[:_MOST_ASKED])),
        )
        agree = f"they agree on {comparison.agreed} of {comparison.inputs} fresh requests"
        tell("verification", f"{len(proven)} different functions are right on all examples: {agree}", len(attempts))
        for each in differing[:_MOST_ASKED]:
            tell("verification", _sentence(_difference(each, task)), len(attempts))
        return {
            "comparison": comparison.model_dump(mode="json"),
            "differing": [each.request._asdict() for each in differing],
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def after_compare(self, state: MakingState) -> str:
        """Return the stage after the comparison."""
        return "decide" if state["differing"] else "wrap"

    def decide(self, state: MakingState) -> Flow[MakingState]:
        """Ask for the right answers of the differences, and drop the functions that are wrong.

        If an answer stays unknown, the tool must fail on that request.
        """
        start = time.perf_counter()
        task, attempts = task_in(state), attempts_in(state)
        proven = [Proven.of(each) for each in to_compare(attempts)]
        comparison = Comparison.model_validate(state["comparison"])
        requests = [FreshRequest(**each) for each in state["differing"]]
        compared = yield from run_all(proven, requests[:_MOST_ASKED], self.sandbox)
        verdicts = list(state.get("verdicts", []))
        decided, spent = list(comparison.differences), TokenUsage()
        excluded: set[int] = set()
        for each in compared:
            if self.deciders.review is None and not _differ(each, task, excluded):
                continue  # the remaining functions agree; only a person is asked for further examples
            open_difference = _difference(each, task, whole=True)
            difference, usage = yield from self.deciders.decide(open_difference, task)
            spent += usage
            if difference.decided_by is None:
                continue
            verdicts.append({"request": each.request._asdict(), "answer": difference.answer})
            excluded |= _wrong(each, difference.answer, task)
            decided = [_short(difference) if one.question == _short(difference).question else one for one in decided]
            tell("verification", _sentence(difference), len(attempts))
        before = len(decided_in(state, task))
        new = decided_in({"verdicts": verdicts}, task)[before:]
        attempts = yield from self._with_decided(attempts, proven[0], new, task)
        changes: MakingState = {
            "attempts": [each.model_dump(mode="json") for each in attempts],
            "verdicts": verdicts,
            "joined": None,
        }
        if verified_in(attempts):
            settled = {verdict["request"]["question"] for verdict in verdicts}
            left = [each for each in requests if each.question not in settled]
            together, sure = yield from self._joined(attempts, left, task)
            changes["joined"] = together.model_dump(mode="json") if together else None
            changes["undecided"] = not sure
            if together:
                comparison = comparison.model_copy(update={"refuses": True})
                tell("verification", "undecided: the tool will fail where they differ", len(attempts))
        comparison = comparison.model_copy(update={"differences": tuple(decided)})
        return {
            **changes,
            "comparison": comparison.model_dump(mode="json"),
            "usage": add_usage(state, "answering", spent) if spent.calls else state["usage"],
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def _with_decided(
        self, attempts: Sequence[Attempt], first: Proven, decided: Sequence[tuple[FreshRequest, Example]], task: Task
    ) -> Flow[tuple[Attempt, ...]]:
        """Add the decided requests to the proof of each candidate that is right on all examples."""
        requests, examples = [request for request, _ in decided], [example for _, example in decided]
        changed = []
        for attempt in attempts:
            candidates = []
            for candidate in attempt.candidates:
                if candidate.report is not None and candidate.report.right and decided:
                    readings = [reading_for(first, Proven.of(candidate), request) for request in requests]
                    candidate = yield from with_decided(candidate, examples, readings, task, self.sandbox)  # noqa: PLW2901
                candidates.append(candidate)
            changed.append(attempt.model_copy(update={"candidates": tuple(candidates)}))
        return tuple(changed)

    def _joined(
        self, attempts: Sequence[Attempt], left: Sequence[FreshRequest], task: Task
    ) -> Flow[tuple[Candidate | None, bool]]:
        """Join the function that becomes the tool with those from which it differs on undecided requests.

        A difference on which the function itself fails does not count: it gives no wrong answer there.

        Returns:
            The joined candidate, None if none is needed or possible; and whether a tool can be made.
        """
        candidates = to_compare(attempts)
        if len(candidates) == 1:
            return None, True
        proven = [Proven.of(each) for each in candidates]
        compared = yield from run_all(proven, left, self.sandbox)
        others = [
            each
            for number, each in enumerate(proven)
            if any(
                (ours := one.outcomes[0]) and not ours.failed and differs(ours, one.outcomes[number], task)
                for one in compared
            )
        ]
        if not others:
            return None, True
        named = [(each.proposal, parameters_for(proven[0], each)) for each in others]
        pairs = [(proposal, names) for proposal, names in named if names is not None]
        if len(pairs) < len(others):
            return None, False  # they take other arguments
        proposal, report = joined(proven[0].proposal, pairs, task.check), proven[0].report
        examples = [example_with(task, case.question, case.expected) for case in report.cases]
        readings = [Reading(case.arguments, None, "", TokenUsage()) for case in report.cases]
        cases, unstable = yield from tried(self.sandbox, proposal, task.check, examples, readings, role="validation")
        if unstable or not all(case.passed for case in cases):
            return None, False
        roles = [
            case.model_copy(update={"role": before.role}) for case, before in zip(cases, report.cases, strict=True)
        ]
        report = report.model_copy(update={"cases": tuple(roles)})
        return candidates[0].model_copy(update={"proposal": proposal, "report": report}), True


def _differ(each: Compared, task: Task, excluded: Sequence[int] | set[int] = ()) -> bool:
    """Whether functions differ on a request, ignoring the excluded ones."""
    outcomes = [outcome for i, outcome in enumerate(each.outcomes) if i not in excluded and outcome is not None]
    return any(differs(outcomes[0], outcome, task) for outcome in outcomes[1:])


def _wrong(each: Compared, answer: str | None, task: Task) -> set[int]:
    """Return the numbers of the functions that are wrong on a request."""
    if answer is None:
        return set()
    return {
        i
        for i, outcome in enumerate(each.outcomes)
        if outcome is not None and (outcome.failed or not task.check.matches(outcome.value, read_answer(task, answer)))
    }


def _various(differing: Sequence[Compared]) -> list[Compared]:
    """Return the differences, the most informative first.

    Asked requests come before mutations; then those that divide the functions most evenly, then the shortest. A
    difference that divides the functions like an earlier one, or by the same sort of mutation, comes later: it rules
    out little.
    """
    ordered = sorted(
        differing,
        key=lambda each: (
            each.request.mutation is not None,
            max(Counter(_parts(each)).values()),
            len(each.request.question),
        ),
    )
    return in_turn(ordered, lambda each: each.request.mutation or _parts(each))


def _parts(each: Compared) -> tuple[int, ...]:
    """Return, for each function, the number of the first function with the same outcome."""
    given = [repr(outcome) for outcome in each.outcomes]
    return tuple(map(given.index, given))


def _difference(each: Compared, task: Task, *, whole: bool = False) -> Difference:
    given = [
        None if outcome.failed else written_answer(task, outcome.value)
        for outcome in each.outcomes
        if outcome is not None
    ]
    difference = Difference(question=each.request.question, answers=tuple(dict.fromkeys(given)))
    return difference if whole else _short(difference)


def _short(difference: Difference) -> Difference:
    """Shorten the texts of a difference for the record."""
    answers = tuple(None if each is None else _cut(each) for each in difference.answers)
    answer = None if difference.answer is None else _cut(difference.answer)
    return difference.model_copy(update={"question": _cut(difference.question), "answers": answers, "answer": answer})


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def _decided(state: MakingState) -> tuple[Difference, ...]:
    """Return the decided differences of an earlier comparison."""
    earlier = state.get("comparison")
    differences = Comparison.model_validate(earlier).differences if earlier else ()
    return tuple(each for each in differences if each.decided_by is not None)


def _sentence(difference: Difference) -> str:
    """Describe a difference for a person."""
    question = shorten(difference.question, 300)
    if difference.decided_by is None:
        return f"they differ on {question!r}: {different_answers(difference)}"
    if difference.answer is None:
        return f"a {difference.decided_by} says that {question!r} cannot occur"
    return f"a {difference.decided_by} says that the answer to {question!r} is {shorten(difference.answer, 300)!r}"
