"""Learns which words tell two things of one sort apart, such as a discount and a tax, whatever their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction

from langchain_latm.making.synthesis.sentences.things import Placed
from langchain_latm.making.synthesis.things.reading import FEWEST

_Pair = tuple[AbstractSet[str], AbstractSet[str]]
"""The words beside two things."""


def telling_words(
    rows: Sequence[Sequence[Placed] | None], solved: int, sort: str, labels: Sequence[bool] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return words that tell the two things of a sort apart: those beside the first, and beside the second.

    If answers are one of two labels, the thing that is smaller for one label and larger for the other is the first one.
    Otherwise the word that stands beside exactly one of the two in most rows tells them apart. Further rows are told
    apart by the words beside things that are told apart already (bootstrapping, as in Yarowsky, ACL 1995).

    Args:
        rows: The things of each row; None for a row that is not read.
        solved: The number of rows with an answer, which come first.
        sort: The sort.
        labels: For answers of two labels, whether each is the first of them.

    Returns:
        The words; None if too many rows have no such word.
    """
    pairs: dict[int, _Pair] = {}
    for i, row in enumerate(rows):
        found = [frozenset(each[3]) for each in row or () if each[0] == sort]
        if len(found) == 2:  # noqa: PLR2004 - two things
            pairs[i] = found[0], found[1]
    turned = _by_label(rows, sort, labels) if labels else _by_word(pairs)
    turned = {i: is_turned for i, is_turned in turned.items() if i in pairs}
    if not turned:
        return None
    while True:
        scores = _scores(pairs, turned)
        margins = {i: _margin(pair, scores) for i, pair in pairs.items() if i not in turned}
        best = max(margins, key=lambda i: (abs(margins[i]), -i), default=None)
        if best is None or not margins[best]:
            break
        turned[best] = margins[best] < 0
    if sum(i in turned for i in range(solved)) < FEWEST * solved or len(turned) < FEWEST * len(rows):
        return None
    for least in (2, 1):  # a word beside one thing only may be there by chance
        kept = {word: score // abs(score) for word, score in scores.items() if abs(score) >= least}
        margins = {i: _margin(pairs[i], kept) for i in turned}
        if all(margin and (margin < 0) == turned[i] for i, margin in margins.items()):
            first, second = (tuple(sorted(word for word in kept if kept[word] == side)) for side in (1, -1))
            return first, second
    return None


def _by_label(rows: Sequence[Sequence[Placed] | None], sort: str, labels: Sequence[bool]) -> dict[int, bool]:
    """Return for the rows with a label whether the second thing comes first, if the label says which is smaller."""
    found = {}
    for i, (row, label) in enumerate(zip(rows, labels, strict=False)):
        values = [
            each[1] * each[2] if isinstance(each[1], Fraction) else each[1] for each in row or () if each[0] == sort
        ]
        if len(values) == 2 and values[0] != values[1]:  # noqa: PLR2004 - two things
            found[i] = (values[0] > values[1]) == label
    return found


def _by_word(pairs: Mapping[int, _Pair]) -> dict[int, bool]:
    """Return for the rows with the most telling word whether the second thing comes first."""
    seeds = Counter(word for one, other in pairs.values() for word in one ^ other)
    if not seeds:
        return {}
    seed = min(seeds, key=lambda word: (-seeds[word], word))
    return {i: seed in other for i, (one, other) in pairs.items() if (seed in one) != (seed in other)}


def _scores(pairs: Mapping[int, _Pair], turned: Mapping[int, bool]) -> dict[str, int]:
    """Return in how many rows each word is beside the first thing, or, negative, the second; none that is beside both.

    Args:
        pairs: The words beside the two things of each row.
        turned: For rows that are told apart, whether the second thing comes first.
    """
    counts: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for i, is_turned in turned.items():
        one, other = pairs[i][::-1] if is_turned else pairs[i]
        counts[0].update(one - other)
        counts[1].update(other - one)
    words = [*counts[0], *counts[1]]
    return {word: counts[0][word] - counts[1][word] for word in words if not (counts[0][word] and counts[1][word])}


def _margin(pair: _Pair, scores: Mapping[str, int]) -> int:
    one, other = (sum(scores.get(word, 0) for word in words) for words in pair)
    return one - other
