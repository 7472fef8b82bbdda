"""Fits the coefficients of `langchain_latm.loop.dispatch.probability`.

Run `python -m langchain_latm.benchmarks.dispatch.fit INTENTS FOLDER...` (needs numpy; minutes) with a file of
everyday intents, as `latm bench dispatch --intents` reads it, and folders of task files for requests of fixed form.
The result is the same for the same files.

Data: libraries of 1 to 37 tools with 3 or 6 examples each, drawn from the intents and from the tasks. New requests
are asked of the library, and of the library without their tool; so are requests of other kinds. Folds: the kinds are
cut into two halves; each half is measured with the coefficients of the other one. The printed coefficients are fitted
on all kinds.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from langchain_latm.benchmarks.dispatch.intents import read_intents
from langchain_latm.benchmarks.dispatch.real_kinds import big_bench
from langchain_latm.loop.dispatch.probability import features, sigmoid
from langchain_latm.text.wording.lexical import LexicalIndex, Match, forms_of
from langchain_latm.text.wording.likeness import LikenessIndex

Pool = Mapping[str, Sequence[str]]
Row = tuple[tuple[float, ...], bool]

_SIZES: Final = (1, 3, 6, 12, 37)
_EXAMPLES: Final = (3, 6)
_TOOLS: Final = 48
"""Tools of each size, in several libraries."""
_PENALTY: Final = 0.1
_DRAWS: Final = 3
_REQUESTS: Final = 6
_THRESHOLDS: Final = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)


class Library:
    """Example questions of some tools, compared as the dispatcher does."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        self.examples = examples
        self.words, self.likeness = LexicalIndex(), LikenessIndex()
        for name, questions in examples.items():
            self.words.put(name, forms_of(questions))
            self.likeness.put(name, questions)

    def ask(self, request: str, without: str | None = None) -> tuple[str | None, tuple[float, ...]]:
        """Return the tool that a request is most like, and the features; leave out the tool `without`."""
        found = [each for each in self.likeness.search(request) if each.name != without]
        return (found[0].name if found else None), features(found, self._fitting(request, without))

    def rows(self, pool: Pool, rng: random.Random) -> Iterator[Row]:
        """Yield the features of new requests with and without their tool, and whether the best tool is right."""
        foreign = [name for name in sorted(pool) if name not in self.examples]
        for name, questions in self.examples.items():
            new = [each for each in pool[name] if each not in questions]
            for request in rng.sample(new, min(_REQUESTS, len(new))):
                found, values = self.ask(request)
                yield values, found == name
                yield self.ask(request, without=name)[1], False
            for _ in range(_REQUESTS if foreign else 0):
                yield self.ask(rng.choice(pool[rng.choice(foreign)]))[1], False

    def _fitting(self, request: str, without: str | None = None) -> Match | None:
        return next((each for each in self.words.search(request) if each.fits and each.name != without), None)


def libraries(pool: Pool, rng: random.Random) -> Iterator[Library]:
    """Draw libraries of several sizes."""
    for size in _SIZES:
        for _ in range(_TOOLS // size):
            count = rng.choice(_EXAMPLES)
            names = rng.sample(sorted(pool), min(size, len(pool)))
            yield Library({name: rng.sample(pool[name], count) for name in names})


def fitted(rows: Sequence[Row]) -> tuple[float, ...]:
    """Return the coefficients of a logistic regression, by Newton's method; the intercept is last."""
    import numpy as np  # noqa: PLC0415 - of the extra `embeddings`

    values = np.array([[*each, 1.0] for each, _ in rows])
    right = np.array([float(each) for _, each in rows])
    penalty = np.eye(values.shape[1]) * _PENALTY
    penalty[-1, -1] = 0.0
    found = np.zeros(values.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-values @ found))
        slope = values.T @ (likely - right) + penalty @ found
        curvature = (values * (likely * (1 - likely))[:, None]).T @ values + penalty
        found -= np.linalg.solve(curvature, slope)
    return tuple(round(float(each), 3) for each in found)


def main(arguments: Sequence[str]) -> None:
    """Print the figures of cross-validation, and the coefficients fitted on all kinds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("intents", type=Path)
    parser.add_argument("folders", type=Path, nargs="*")
    given = parser.parse_args(arguments)
    intents = read_intents(given.intents)
    tasks = {
        f"{folder.name} {name}": questions
        for folder in given.folders
        for name, questions in big_bench(folder).items()
        if len(questions) > max(_EXAMPLES)
    }
    pools: list[Pool] = [intents.train, tasks] if tasks else [intents.train]
    measured: list[tuple[str, float, str]] = []
    for seed in range(_DRAWS):
        rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
        halves = [_halves(pool, rng) for pool in pools]
        for side in (0, 1):
            rows = [
                row
                for half in halves
                for library in libraries(half[side], rng)
                for row in library.rows(half[side], rng)
            ]
            coefficients = fitted(rows)
            for count in _EXAMPLES:
                other = halves[0][1 - side]
                library = Library({name: rng.sample(other[name], count) for name in other})
                asked = [(question, name) for name in other for question in intents.test[name]]
                asked += [(question, "") for question in intents.out_of_scope]
                for question, wanted in asked:
                    name, values = library.ask(question)
                    outcome = "foreign" if not wanted else "right" if name == wanted else "wrong"
                    measured.append((outcome, sigmoid(coefficients, values), f"{count} examples"))
    _print_figures(measured)
    rng = random.Random(_DRAWS)  # noqa: S311 - as above
    rows = [row for pool in pools for library in libraries(pool, rng) for row in library.rows(pool, rng)]
    print("coefficients:", fitted(rows))  # noqa: T201 - a script


def _halves(pool: Pool, rng: random.Random) -> tuple[Pool, Pool]:
    names = rng.sample(sorted(pool), len(pool))
    middle = len(names) // 2
    return {name: pool[name] for name in names[:middle]}, {name: pool[name] for name in names[middle:]}


def _print_figures(measured: Sequence[tuple[str, float, str]]) -> None:
    for setting in sorted({each[2] for each in measured}):
        print(f"{setting}: probability, found, wrong tool, foreign taken")  # noqa: T201 - a script
        chosen: list[Any] = [each for each in measured if each[2] == setting]
        known = sum(outcome != "foreign" for outcome, *_ in chosen)
        for least in _THRESHOLDS:
            taken = [outcome for outcome, likely, _ in chosen if likely >= least]
            shares = (
                taken.count("right") / known,
                taken.count("wrong") / known,
                taken.count("foreign") / (len(chosen) - known),
            )
            print(least, *(f"{share:.4f}" for share in shares))  # noqa: T201 - a script


if __name__ == "__main__":
    main(sys.argv[1:])
