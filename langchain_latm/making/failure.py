"""Writes the error message of a making that made no tool. It is for a person and never enters a prompt of the maker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_latm._core.amounts import counted
from langchain_latm.making.planning import best_candidate
from langchain_latm.text.answer_check import answer_text
from langchain_latm.types import (
    MAX_CHANCE,
    Attempt,
    Comparison,
    Difference,
    VerificationCase,
    VerificationReport,
    shorten,
)

_MAX_SHOWN = 3


def why_no_tool(
    attempts: Sequence[Attempt], comparison: Mapping[str, Any] | None = None, ended_early: str | None = None
) -> str:
    """Describe the outcomes of the candidates, and on which examples the best one failed, including unseen ones.

    If all candidates give the same wrong value for an example, the message asks whether the example's answer is right.

    Args:
        attempts: All attempts.
        comparison: The comparison of proven functions, dumped, if there were several.
        ended_early: A sentence on the budget that ended the making before all attempts were made.
    """
    candidates = [candidate for attempt in attempts for candidate in attempt.candidates]
    replies = [candidate for candidate in candidates if not candidate.repaired]
    if comparison is not None and any(candidate.verified for candidate in candidates):
        return _undecided(Comparison.model_validate(comparison))
    lucky = next((each.report for each in candidates if each.report and each.report.right), None)
    if lucky is not None:
        return _chance(lucky)
    refused = sum(candidate.refusal is not None for candidate in replies)
    message = (
        f"no tool was proven in {counted(len(attempts), 'attempt')}: of {counted(len(replies), 'candidate')}, "
        f"{_were(refused)} invalid, and {len(replies) - refused} failed the examples."
    )
    if ended_early:
        message = f"{message} {ended_early}"
    best = best_candidate(candidates)
    if best is None:
        return message
    if best.report is None:
        return f"{message} The best one was rejected: {best.refusal or 'it was not run'}."
    after = ", after a repair" if best.repaired else ""
    reports = [candidate.report for candidate in candidates if candidate.report is not None]
    right = f"The best one was right on {best.report.passed} of {counted(len(best.report.cases), 'example')}{after}."
    return " ".join([message, right, *_failures(best.report, reports)])


def _undecided(comparison: Comparison) -> str:
    """Describe where proven functions differ, and how to decide."""
    left = [each for each in comparison.differences if each.decided_by is None]
    shown = " ".join(
        f"On {shorten(each.question, 300)!r} they give {different_answers(each)}." for each in left[:_MAX_SHOWN]
    )
    return (
        f"no tool was made: {comparison.functions} different functions are right on all examples, but differ on "
        f"{comparison.inputs - comparison.agreed} of {comparison.inputs} other requests. {shown} Add these requests "
        "with their right answers to the examples, or let a person (`review`) or a model (`deciding_model`) decide."
    )


def different_answers(difference: Difference) -> str:
    """Name the answers of proven functions to a request on which they differ, each answer once."""
    said = ("none" if each is None else repr(shorten(each, 300)) for each in difference.answers)
    return " or ".join(dict.fromkeys(said))


def _chance(report: VerificationReport) -> str:
    """Explain that a candidate is right but may be a guess, and how many more examples are needed."""
    unseen = [answer_text(case.expected).strip() for case in report.cases if case.role == "validation"]
    values = len(set(unseen))
    answers = f" with {'the same answer' if values == 1 else f'{values} different answers'}" if len(unseen) > 1 else ""
    needed = (
        f"Add at least {counted(report.more_needed, 'more solved example')} like these."
        if report.more_needed
        else "Add solved examples with other answers: more of the same do not help."
    )
    return (
        f"no tool was proven: a function is right on {_all_examples(report)}, but it may be a guess. With "
        f"{counted(report.trials, 'candidate')} tried on {counted(len(unseen), 'unseen example')}{answers}, a guess "
        f"passes with a chance of up to {report.chance or 0:.2g}; a proof allows at most {MAX_CHANCE:g}. {needed}"
    )


def _were(count: int) -> str:
    return f"{count} was" if count == 1 else f"{count} were"


def _all_examples(report: VerificationReport) -> str:
    return "the only example" if len(report.cases) == 1 else f"all {len(report.cases):,} examples"


def _failures(report: VerificationReport, reports: Sequence[VerificationReport]) -> Iterator[str]:
    failed = [case for case in report.cases if not case.passed]
    for case in failed[:_MAX_SHOWN]:
        unseen = ", which the maker did not see," if case.role == "validation" else ""
        came = f"failed: {shorten(case.error, 300)}" if case.error else f"gave {shorten(repr(case.value), 300)}"
        known = shorten(answer_text(case.expected), 300)
        yield f"On {shorten(case.question, 300)!r}{unseen} it {came}, but the answer is {known!r}."
        if report.passed and _all_agree(case, reports):
            yield "Every candidate that ran on this example gave the same value: is the answer in the example right?"
    if len(failed) > _MAX_SHOWN:
        yield f"It failed on {len(failed) - _MAX_SHOWN} more."
    if report.unstable:
        yield "Called twice with the same arguments, it gave different values."
    if report.hard_coded:
        yield "Its code contains answers literally."


def _all_agree(case: VerificationCase, reports: Sequence[VerificationReport]) -> bool:
    """Whether several candidates gave the same value for a question."""
    found = [each for report in reports for each in report.cases if each.question == case.question]
    return case.error is None and len(found) > 1 and all(each.value == case.value for each in found)
