"""The probability that the tool most similar to a request is the right one.

A logistic regression over how similar the request is to the best tool, how far behind the second one is, how similar
the best tool's examples are to each other, and whether its form (`text.wording.lexical`) fits. The coefficients come
from `langchain_latm.benchmarks.dispatch.fit`, which documents the data and prints the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log1p
from typing import Final, Literal, NamedTuple

from langchain_latm.text.wording.lexical import Match
from langchain_latm.text.wording.likeness import Likeness

MAX_ERROR: Final = 0.01
"""Default share of requests that may get a wrong tool."""

# Printed by `python -m langchain_latm.benchmarks.dispatch.fit`; _CURVE is the mean over 3 and 6 examples.
_BY_WORDS: Final = (1.408, 2.359, 6.897, 8.948, 0.488, -6.035, 0.618, 0.479, 0.071, -3.776)
_CURVE: Final = (
    (0.4, 0.0343),
    (0.5, 0.0213),
    (0.6, 0.0162),
    (0.65, 0.0138),
    (0.7, 0.0108),
    (0.75, 0.0081),
    (0.8, 0.0059),
    (0.85, 0.0036),
    (0.9, 0.0024),
    (0.95, 0.0011),
    (0.97, 0.0005),
    (1.0, 0.0),
)
"""Probabilities from which a tool is reused. For each, the share of requests that then got a wrong tool in
cross-validation, if half of the requests are of a kind that has a tool."""

# Chosen on two thirds of the intents, and on kinds of BIG-bench Hard and reasoning-gym, so that no figure got worse.
FIXED: Final = 0.7
"""Similarity of a tool's examples from which their wording is fixed, so that only the form distinguishes it from a
twin."""
_TELLING: Final = 16
"""Weight of shared words from which a form decides if the tool has no fixed wording."""
_UNLIKELY: Final = 0.1
_NEARLY_ALL: Final = 0.9
"""Share of its shared words from which a form outweighs the most similar examples. A smaller share may be just an
ending such as "Give only the result as your final answer", which many kinds have."""
_RIVAL: Final = 0.5
"""Share of the best tool's score from which another tool is a rival."""
_COMPETITION: Final = 4

_NO_TOOL: Final = Likeness("", 0.0, 0.0, 0.0, 0.0, 0)


class Verdict(NamedTuple):
    """What the wording says about a request.

    Attributes:
        tool: The tool that is sure enough to be reused; None if there is none.
        best: The tool that the request is most like, sure or not.
        probability: The probability that `best` is right; None if there is none, or if a form decided alone.
        by: What decided: `"example"`, the request is an example of the tool; `"form"`, it holds what the tool's
            examples share; `"likeness"`, the probability; or `"embeddings"`, the one that counts embeddings too.
    """

    tool: str | None
    best: str | None
    probability: float | None
    by: Literal["example", "form", "likeness", "embeddings"] | None = None


def clear_form(matches: Sequence[Match]) -> Match | None:
    """Return the match of a form that fits so clearly that examples need no comparison; None if there is none."""
    if not matches or not matches[0].fits or matches[0].held < _TELLING:
        return None
    rival = len(matches) > 1 and matches[1].score >= _RIVAL * matches[0].score
    return None if rival else matches[0]


def judge(found: Sequence[Likeness], fitting: Match | None, needed: float) -> Verdict:
    """Decide which tool a request is for, if the wording is clear enough.

    Args:
        found: The tools that the request is most like, the best first.
        fitting: How the form that fits best matches, if any fits.
        needed: Probability from which a tool is reused.
    """
    if not found:
        return Verdict(None, None, None)
    best = found[0]
    likely = min(sigmoid(_BY_WORDS, features(found, fitting)), _most_likely(found))
    example = next((each for each in found if each.is_example), None)
    if example is not None:
        return Verdict(example.name, best.name, likely, "example")
    if fitting is not None and _is_sure(best, likely, fitting):
        return Verdict(fitting.name, best.name, likely, "form")
    if best.own_centroid < FIXED and likely >= needed:
        return Verdict(best.name, best.name, likely, "likeness")
    return Verdict(None, best.name, likely)


def _is_sure(best: Likeness, likely: float, fitting: Match) -> bool:
    """Return whether a form decides: the request is most similar to the form's tool, or hardly similar to any other."""
    if fitting.name != best.name:
        return fitting.held >= _TELLING and fitting.score >= _NEARLY_ALL and likely < _UNLIKELY
    return best.own_centroid >= FIXED or fitting.held >= _TELLING


def _most_likely(found: Sequence[Likeness]) -> float:
    """Return a bound on the probability: a half where the second tool is as near, since the regression is linear."""
    if len(found) == 1 or not found[0].total:
        return 1.0
    return 1 - (found[1].total / found[0].total) ** _COMPETITION / 2


def features(found: Sequence[Likeness], fitting: Match | None) -> tuple[float, ...]:
    """Return what the probability is computed from.

    Args:
        found: The tools that a request is most like, the best first.
        fitting: How the form that fits best matches, if any fits.
    """
    best = found[0] if found else _NO_TOOL
    second = found[1] if len(found) > 1 else _NO_TOOL
    agrees = fitting is not None and fitting.name == best.name
    return (
        best.nearest,
        best.nearest - second.nearest,
        best.centroid,
        best.centroid - second.centroid,
        best.own_nearest,
        best.own_centroid,
        log1p(best.examples),
        float(agrees),
        float(fitting is not None and not agrees),
    )


def sigmoid(coefficients: Sequence[float], values: Sequence[float]) -> float:
    """Return the logistic function of a weighted sum; the last coefficient is the intercept."""
    *weights, intercept = coefficients
    return 1 / (1 + exp(-sum((weight * value for weight, value in zip(weights, values, strict=True)), intercept)))


def needed_probability(max_error: float, curve: Sequence[tuple[float, float]] = _CURVE) -> float:
    """Return the probability from which a tool is reused, so that this share of requests gets a wrong tool."""
    for (low, more), (high, less) in pairwise(curve):
        if less <= max_error < more:
            return high - (high - low) * (max_error - less) / (more - less)
    return curve[0][0] if max_error >= curve[0][1] else 1.0
