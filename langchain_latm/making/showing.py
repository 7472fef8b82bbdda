"""Shows unseen examples if the proof can do without them: those on which candidates fail, and some to a search.

A candidate that is right on all demonstrations but wrong on an unseen example shows that the demonstrations are
ambiguous. The shortest such example becomes a demonstration, for the maker and for repairs, as in counterexample-guided
synthesis (Solar-Lezama 2008). A search that finds nothing gets a few more at once. Such an example proves nothing then.
The other unseen examples still decide, and no prompt has held their answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langgraph.runtime import get_runtime

from langchain_latm.making.parsed_proof import needs_no_model
from langchain_latm.making.state import Context, MakingState, attempts_in, right_in, tell
from langchain_latm.types import Attempt, Candidate, Task, VerificationCase, shorten

MOST_SHOWN: Final = 5
"""Maximum number of failing examples that are shown: each makes prompts longer and leaves fewer for the proof."""
_OFFERED: Final = 4
"""Number of further examples for a search that finds nothing."""
_KEPT: Final = 8
"""Minimum number of further examples that are left then: with three others, eleven prove a choice of two answers."""
_TOLD: Final = 200


def task_in(state: MakingState) -> Task:
    """Return the task of a making; the unseen examples shown since its start are among its demonstrations."""
    return with_shown(get_runtime(Context).context.task, state.get("shown", []))


def with_shown(task: Task, shown: Sequence[str]) -> Task:
    """Return a task with some of its unseen examples as demonstrations, and further examples in their place.

    Args:
        task: The task.
        shown: Texts of the examples, in the order in which they join the demonstrations.
    """
    if not shown:
        return task
    unseen = {example.text: example for example in (*task.validation, *task.further)}
    moved = [unseen.pop(text) for text in shown]
    left, number = tuple(unseen.values()), len(task.validation)
    changes = {
        "demonstrations": (*task.demonstrations, *moved),
        "validation": left[:number],
        "further": left[number:],
    }
    return task.model_copy(update=changes)


def more_to_show(task: Task) -> list[str]:
    """Choose unseen examples for a search that found nothing with the demonstrations.

    More examples confirm longer programs. Rare answers come first: if all demonstrations have the same answer, nothing
    shows when it is another.

    Returns:
        The texts of the examples; none if the proof needs all of them.
    """
    if len(task.further) < _OFFERED + _KEPT:
        return []
    answers = [repr(example.answer) for example in task.demonstrations]
    left, chosen = list(task.further), []
    for _ in range(_OFFERED):
        rarest = min(left, key=lambda example: answers.count(repr(example.answer)))  # the first of several
        left.remove(rarest)
        chosen.append(rarest.text)
        answers.append(repr(rarest.answer))
    return chosen


def show_failing(state: MakingState) -> MakingState:
    """Show an example on which a candidate of the last attempt fails that is right on all demonstrations.

    Only candidates whose arguments need no model count: a model's arguments may be wrong, rather than the function.

    Returns:
        The changes to the state; `learnt` says whether there is an example.
    """
    attempts, shown = attempts_in(state), state.get("shown", [])
    failing = [] if right_in(attempts) or not may_show(state) else _failing(attempts[-1].candidates)
    if not failing:
        return {"learnt": False}
    case = min(failing, key=lambda each: len(each.question))
    tell("verification", f"shown from now on: {shorten(case.question, _TOLD)!r}", len(attempts))
    changed = [_relabelled(attempt, case.question) for attempt in attempts]
    return {
        "attempts": [attempt.model_dump(mode="json") for attempt in changed],
        "shown": [*shown, case.question],
        "learnt": True,
    }


def may_show(state: MakingState) -> bool:
    """Whether another example may be shown."""
    failing = len(state.get("shown", [])) - state.get("offered", 0)
    return failing < MOST_SHOWN and bool(task_in(state).further)


def is_refuted(candidate: Candidate) -> bool:
    """Whether a candidate that needs no model is right on all demonstrations and fails on an unseen example."""
    return bool(_failing([candidate]))


def _failing(candidates: Sequence[Candidate]) -> list[VerificationCase]:
    """Return the unseen examples that the latest candidate fails that is right on all demonstrations."""
    for candidate in reversed(candidates):
        report, proposal = candidate.report, candidate.proposal
        if report is None or not report.complete or proposal is None or not needs_no_model(proposal):
            continue
        cases = [case for case in report.cases if not case.passed]
        if cases and all(case.role == "validation" and case.arguments is not None for case in cases):
            return cases
    return []


def _relabelled(attempt: Attempt, question: str) -> Attempt:
    """Return an attempt in whose reports an example counts as a demonstration."""

    def changed(candidate: Candidate) -> Candidate:
        if candidate.report is None:
            return candidate
        cases = [
            case.model_copy(update={"role": "demonstration"}) if case.question == question else case
            for case in candidate.report.cases
        ]
        return candidate.model_copy(update={"report": candidate.report.model_copy(update={"cases": tuple(cases)})})

    return attempt.model_copy(update={"candidates": tuple(map(changed, attempt.candidates))})
