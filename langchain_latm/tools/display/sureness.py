"""The certainty of a tool's proof, in sentences for people."""

from __future__ import annotations

from langchain_latm._core.amounts import counted
from langchain_latm._core.visible import visible
from langchain_latm.types import Comparison, VerificationReport, shorten


def sureness(report: VerificationReport) -> list[str]:
    """Describe what the proof of a tool excludes and guarantees, and how other proven functions compare, if known."""
    lines = (_chance(report), _refused(report), _comparison(report.comparison))
    return [line for line in lines if line is not None]


def _chance(report: VerificationReport) -> str | None:
    if report.chance is None or report.accuracy is None:
        return None
    trials = "1 candidate" if report.trials == 1 else f"{report.trials} candidates"
    return (
        f"Chance that a guess passes, with {trials} tried on the unseen examples: at most {_percent(report.chance)}. "
        f"Right on at least {int(100 * report.accuracy)} % of such requests (95 % sure)."
    )


def _refused(report: VerificationReport) -> str | None:
    if not report.refused:
        return None
    return f"It refused {counted(report.refused, 'further example')}, whose wording it does not know."


def _comparison(comparison: Comparison | None) -> str | None:
    if comparison is None:
        return None
    line = (
        f"{comparison.functions} different functions are right on all examples, and agree on {comparison.agreed} of "
        f"{comparison.inputs} other requests."
    )
    if comparison.differences:
        first = comparison.differences[0]
        answers = " or ".join("none" if each is None else repr(_short(each)) for each in first.answers[:4])
        line += f" They differ on {_short(first.question)!r}: {answers}."
    for who in ("person", "model"):
        if number := sum(each.decided_by == who for each in comparison.differences):
            line += f" A {who} decided {number}."
    return f"{line} The tool fails where they differ." if comparison.refuses else line


def _short(text: str) -> str:
    return shorten(visible(text), 100)


def _percent(share: float) -> str:
    return "0.01 %" if share < 0.0001 else f"{100 * share:.2g} %"  # noqa: PLR2004 - smaller says no more
