"""How surely a tool's proof is no chance, as a sentence for people."""

from __future__ import annotations

from langchain_latm.types import VerificationReport


def sureness(report: VerificationReport) -> str | None:
    """Say what the proof of a tool excludes and what it promises; None if that was not estimated."""
    if report.chance is None or report.accuracy is None:
        return None
    trials = "1 candidate" if report.trials == 1 else f"{report.trials} candidates"
    return (
        f"Chance that a guess passes, with {trials} tried on the unseen examples: at most {_percent(report.chance)}. "
        f"Right on at least {int(100 * report.accuracy)} % of such requests (95 % sure)."
    )


def _percent(share: float) -> str:
    return "0.01 %" if share < 0.0001 else f"{100 * share:.2g} %"  # noqa: PLR2004 - smaller says no more
