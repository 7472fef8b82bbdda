"""Made-up kinds of request for large libraries, drawn from a seed, all different.

To the dispatcher they look like real requests: a few words occur in very many kinds and most words in few (Zipf's law),
unrelated kinds share openings such as "How many" and endings such as "Give only the result", and a filling may be a
word of the fixed part of another kind.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

_FREQUENT: Final = """
    find list number words compute text given value order count numbers word letters return string first last sum each
    result total points line date time sort largest smallest days sequence table row column name item person price
    length distance rate between next step state move path set group cost share player score city color box code digit
    """.split()  # noqa: SIM905 - a text of words reads best as one
_BETWEEN: Final = "the of a to in and for with that is on from by at as are it its if than which all into".split()  # noqa: SIM905 - as above
_OPENINGS: Final = (
    "How many",
    "What is the",
    "Find the",
    "Given a list of",
    "Compute the",
    "Sort the following",
    "Consider the following",
    "You are given",
    "Your task is to",
    "Determine whether",
    "Write the",
    "Which of the following",
)
_ENDINGS: Final = (
    "Give only the result as your final answer.",
    "Answer with a number.",
    "Answer yes or no.",
    "Think step by step, then give the answer.",
    "Your answer should be a single word.",
    "Return the result as a comma-separated list.",
    "Do not explain your answer.",
)
_ONSETS: Final = "b c d f g h j k l m n p r s t v w br cl cr dr fl gr pl pr sl sp st tr th".split()  # noqa: SIM905 - as above
_VOWELS: Final = "a e i o u ai ea ee ou".split()  # noqa: SIM905 - as above
_CODAS: Final = ["", "", "", *"n r s t l m nd st rt ng".split()]  # noqa: SIM905 - as above
_VOCABULARY: Final = 5_000
_FLATTENING: Final = 2.7
"""Mandelbrot's correction: the most frequent words of a language stand out less than Zipf's law says."""
_FIXED_WORDS: Final = (6, 25)
_MOST_GAPS: Final = 4
_OPENED: Final = 0.4
_ENDED: Final = 0.35
_JOINING: Final = 0.35
"""Shares: kinds with a shared opening, kinds with a shared ending, words that only join others."""

Filling = Callable[[random.Random, "Vocabulary"], str]


class Vocabulary:
    """Words, of which a few are frequent and most are rare."""

    def __init__(self, rng: random.Random) -> None:
        words = dict.fromkeys(_FREQUENT)
        while len(words) < _VOCABULARY:
            words["".join(_syllable(rng) for _ in range(rng.choice((2, 2, 3))))] = None
        self._words = list(words)
        weights = (1 / (rank + _FLATTENING) for rank in range(1, len(self._words) + 1))
        self._cumulated = list(itertools.accumulate(weights))

    def draw(self, rng: random.Random, count: int) -> list[str]:
        """Draw words by their frequency."""
        return rng.choices(self._words, cum_weights=self._cumulated, k=count)


def _syllable(rng: random.Random) -> str:
    return rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)


_FILLINGS: Final[tuple[Filling, ...]] = (
    lambda rng, _: str(rng.randint(0, 9_999)),
    lambda rng, _: ", ".join(str(rng.randint(0, 999)) for _ in range(rng.randint(2, 8))),
    lambda rng, words: words.draw(rng, 1)[0],
    lambda rng, words: " ".join(words.draw(rng, rng.randint(2, 8))),
    lambda rng, words: f'"{" ".join(words.draw(rng, rng.randint(1, 3)))}"',
)
"""The content of a gap: a number, numbers, a word, words, or words in quotes."""


class MadeUpKind(NamedTuple):
    """One kind of request."""

    name: str
    template: tuple[str | Filling, ...]  # the shared text of its requests, and the contents of the gaps
    words: Vocabulary  # of the fillings

    def questions(self, rng: random.Random, count: int) -> list[str]:
        """Draw requests of this kind."""
        return [
            " ".join(part if isinstance(part, str) else part(rng, self.words) for part in self.template)
            for _ in range(count)
        ]


def made_up_kinds(seed: int) -> Iterator[MadeUpKind]:
    """Yield different kinds without end; a seed always gives the same ones."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
    words = Vocabulary(rng)
    known: set[tuple[str | Filling, ...]] = set()
    while True:
        template = _template(rng, words)
        if template not in known:
            known.add(template)
            yield MadeUpKind(f"made_up_{len(known)}", template, words)


def _template(rng: random.Random, words: Vocabulary) -> tuple[str | Filling, ...]:
    length = rng.randint(*_FIXED_WORDS)
    joining = round(_JOINING * length)
    fixed = [*rng.choices(_BETWEEN, k=joining), *words.draw(rng, length - joining)]
    rng.shuffle(fixed)
    cuts = sorted({*rng.sample(range(1, length), rng.randint(0, _MOST_GAPS - 1)), length})
    parts: list[str | Filling] = [rng.choice(_OPENINGS)] if rng.random() < _OPENED else []
    for start, end in itertools.pairwise([0, *cuts]):
        parts += [" ".join(fixed[start:end]), rng.choice(_FILLINGS)]
    if rng.random() < _ENDED:
        parts.append(rng.choice(_ENDINGS))
    return tuple(parts)
