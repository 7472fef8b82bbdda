"""Turns the comparison of a request with the wording of all tools into a decision, or into the tools in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from langchain_latm.loop.dispatch.tool_index import Comparison
from langchain_latm.types import Dispatch, DispatchCandidate, TokenUsage

_DOUBTFUL: Final = 0.2
"""Probability from which a model is asked about the tools that a request is most like."""
_SHOWN_PROBABILITY: Final = 0.02
_KEPT: Final = 1_000
_RIVAL: Final = 0.8
"""Share of a form's score from which another form is a rival: two tools with the same wording differ in their data
only."""


def decided(seen: Comparison) -> Dispatch | None:
    """Return the decision for a tool, if the wording is sure enough."""
    verdict, readers = seen.verdict, seen.readers
    if len(readers) == 1 and verdict.by != "example" and verdict.tool != (reader := readers[0]):
        candidate = _candidate(seen, reader, "parser")
        return reuse(candidate, [candidate, *_without(seen, reader)], f"the parser of {reader} reads it", seen)
    if verdict.tool is None or (len(readers) > 1 and verdict.by != "example" and not _stands_out(seen)):
        return None
    name = verdict.tool
    if verdict.by == "form":
        chosen = next(each for each in seen.candidates if each.name == name)
        return reuse(chosen, seen.candidates, reason_of(chosen), seen)
    chosen = _candidate(seen, name, "embeddings" if verdict.by == "embeddings" else "likeness")
    reason = f"it is an example of {name}" if verdict.by == "example" else _likeness_reason(seen, name)
    return reuse(chosen, [chosen, *_without(seen, name)], reason, seen)


def _stands_out(seen: Comparison) -> bool:
    """Whether the tool of the verdict reads the request, and its form fits much better than those of other readers."""
    scores = {each.name: each.score for each in seen.candidates if each.name in seen.readers}
    best = scores.pop(seen.verdict.tool or "", None)
    return seen.verdict.tool in seen.readers and (
        best is None or all(score < _RIVAL * best for score in scores.values())
    )


def doubtful(seen: Comparison) -> list[DispatchCandidate]:
    """Return the tools that a model is asked about, if there is one."""
    near = seen.nearest if (seen.verdict.probability or 0.0) >= _DOUBTFUL else []
    fitting = [each.name for each in seen.candidates if each.fits]
    by = "embeddings" if seen.verdict.by == "embeddings" else "likeness"
    return [_candidate(seen, name, by) for name in dict.fromkeys([*seen.readers, *fitting, *near])]


def reuse(
    chosen: DispatchCandidate,
    candidates: Sequence[DispatchCandidate],
    reason: str,
    seen: Comparison,
    *,
    by: Any = None,
    usage: TokenUsage | None = None,
) -> Dispatch:
    """Return the decision for a tool."""
    return Dispatch(
        action="reuse",
        tool=chosen.name,
        tool_id=chosen.tool_id,
        by=by or ("words" if chosen.by == "likeness" else chosen.by),
        score=chosen.score,
        probability=seen.verdict.probability,
        candidates=tuple(candidates),
        reason=reason,
        usage=usage or TokenUsage(),
    )


@lru_cache(_KEPT)
def read_by_one(name: str, tool_id: str) -> Dispatch:
    """Return the decision for the tool whose parser alone reads a request."""
    chosen = DispatchCandidate(name=name, tool_id=tool_id, by="parser", score=1.0, threshold=1.0, fits=True)
    reason = f"the parser of {name} reads it"
    return Dispatch(
        action="reuse", tool=name, tool_id=tool_id, by="parser", score=1.0, candidates=(chosen,), reason=reason
    )


def reason_of(best: DispatchCandidate) -> str:
    """Say why a tool fits."""
    return f"it holds {best.score:.0%} of what the examples of {best.name} share; {best.threshold:.0%} are needed"


def reason_against(candidates: Sequence[DispatchCandidate], seen: Comparison) -> str:
    """Say why no tool fits."""
    if len(seen.readers) > 1:
        return f"none fits for certain: the parsers of {' and '.join(seen.readers)} read it"
    near = candidates[0] if candidates else None
    if near is not None and near.by == "words" and near.fits:
        other = next((name for name in seen.nearest if name != near.name), None)
        but = "is not enough like them" if other is None else f"is as much like {other}"
        return f"none fits for certain: it holds what the examples of {near.name} share, but {but}"
    probability = seen.verdict.probability or 0.0
    if near is None or (near.by == "words" and probability >= _DOUBTFUL):
        if seen.verdict.best is None or probability < _SHOWN_PROBABILITY:
            return "no tool has examples with anything in common with it"
        reason = _likeness_reason(seen, seen.verdict.best)
        if probability >= seen.needed:  # likeness is not enough if the tool's examples share their wording
            reason = f"it is like the examples of {seen.verdict.best}, but not in the wording that they share"
        return f"none fits for certain: {reason}"
    missing = f"{near.threshold:.0%} are needed" if near.score < near.threshold else "that is too little of the request"
    return f"none fits: it holds {near.score:.0%} of what the examples of {near.name} share, and {missing}"


def _likeness_reason(seen: Comparison, name: str) -> str:
    probability = seen.verdict.probability or 0.0
    return f"{name} is right with a probability of {probability:.0%}; {seen.needed:.0%} are needed"


def _candidate(seen: Comparison, name: str, by: Any) -> DispatchCandidate:
    """Return a tool with its score."""
    certain = by == "parser" or (seen.verdict.by == "example" and name == seen.verdict.tool)
    likely = 1.0 if certain else (seen.verdict.probability or 0.0) if name == seen.verdict.best else 0.0
    shared = next((each for each in seen.candidates if each.name == name), None)
    if shared is not None and not certain and name != seen.verdict.tool:
        return shared
    return DispatchCandidate(
        name=name, tool_id=seen.ids[name], by=by, score=likely, threshold=seen.needed, fits=likely >= seen.needed
    )


def _without(seen: Comparison, name: str) -> list[DispatchCandidate]:
    return [each for each in seen.candidates if each.name != name]
