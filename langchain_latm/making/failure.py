"""What a person is told of a making that led to no tool. Nothing of this enters a prompt of the maker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from langchain_latm.making.asking import best_of
from langchain_latm.types import Attempt, Candidate, VerificationCase, VerificationReport, shorten

_SHOWN = 3


def why_no_tool(attempts: Sequence[Attempt]) -> str:
    """Say what became of the candidates, and on which examples the best one failed, unseen ones too.

    Where all candidates give the same other value for an example, its answer may be the mistake: that is asked.
    """
    candidates = [candidate for attempt in attempts for candidate in attempt.candidates]
    refused = sum(candidate.refusal is not None for candidate in candidates)
    told = (
        f"no tool was proven in {len(attempts)} attempts: of {len(candidates)} candidates {refused} were refused for "
        f"their form and {len(candidates) - refused} failed the examples."
    )
    best = best_of(candidates)
    if best is None:
        return told
    return f"{told} The best one {_told(best, [each.report for each in candidates if each.report is not None])}"


def _told(best: Candidate, reports: Sequence[VerificationReport]) -> str:
    report = best.report
    if report is None:
        return f"was refused: {best.refusal or 'it was not run'}."
    return " ".join([f"was right on {report.passed} of {len(report.cases)} examples.", *_failures(report, reports)])


def _failures(report: VerificationReport, reports: Sequence[VerificationReport]) -> Iterator[str]:
    failed = [case for case in report.cases if not case.passed]
    for case in failed[:_SHOWN]:
        unseen = ", which the maker did not see," if case.role == "validation" else ""
        came = f"failed: {shorten(case.error, 300)}" if case.error else f"gave {shorten(repr(case.value), 300)}"
        known = shorten(case.expected, 300)
        yield f"On {shorten(case.question, 300)!r}{unseen} it {came}, but the answer is {known!r}."
        if report.passed and _all_agree(case, reports):
            yield "Every candidate that got so far gave the same: is the answer in the example right?"
    if len(failed) > _SHOWN:
        yield f"It failed on {len(failed) - _SHOWN} more."
    if report.unstable:
        yield "Called twice with the same arguments it gave different values."
    if report.hard_coded:
        yield "Answers stand literally in its code."


def _all_agree(case: VerificationCase, reports: Sequence[VerificationReport]) -> bool:
    """Whether several candidates gave the same value for a question."""
    found = [each for report in reports for each in report.cases if each.question == case.question]
    return case.error is None and len(found) > 1 and all(each.value == case.value for each in found)
