"""Fits the coefficients of `langchain_latm.loop.dispatch.probability` and `joint_probability`.

Run `python -m langchain_latm.benchmarks.dispatch.fit INTENTS FOLDER...` (extra `embeddings`; minutes) with a file of
everyday intents, as `latm bench dispatch --intents` reads it, and folders of task files for requests of fixed form.
The result is the same for the same files.

Data: libraries of 1 to 37 tools with 3 or 6 examples each, drawn from the intents and from the tasks. New requests
are asked of the library, and of the library without their tool; so are requests of other kinds. Folds: the kinds are
cut into two halves; requests of each half are asked of a library of all intents and measured with the coefficients of
the other half. The printed coefficients are fitted on all kinds. Embeddings are compared for the intents only, since
requests of fixed form are recognised by their form.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from langchain_latm.benchmarks.dispatch.intents import read_intents
from langchain_latm.benchmarks.dispatch.real_kinds import big_bench
from langchain_latm.loop.dispatch.embedding_index import EmbeddingIndex
from langchain_latm.loop.dispatch.joint_probability import competing, joint_features
from langchain_latm.loop.dispatch.probability import features, sigmoid
from langchain_latm.models.embeddings import LocalEmbeddings
from langchain_latm.text.wording.character_grams import compared
from langchain_latm.text.wording.lexical import LexicalIndex, wordings_of
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
_THRESHOLDS: Final = tuple(each / 100 for each in (*range(20, 95, 5), 93, 95, 97, 98, 99))


class Vectors(dict[str, Sequence[float]]):
    """The vector of each text, computed when it is looked up."""

    def __init__(self) -> None:
        super().__init__()
        self._embeddings = LocalEmbeddings()

    def __missing__(self, text: str) -> Sequence[float]:
        vector = self[text] = self._embeddings.embed_query(text)
        return vector


class Seen(NamedTuple):
    """A request compared with a library: the most similar tool by wording, and the features."""

    tool: str | None
    by_words: tuple[float, ...]
    of_tools: dict[str, tuple[float, ...]]  # by wording and embeddings together


class Library:
    """Example questions of some tools, compared as the dispatcher does."""

    def __init__(self, examples: Mapping[str, Sequence[str]], vectors: Vectors | None) -> None:
        self.examples, self._vectors = examples, vectors
        self._words, self._likeness, self._meaning = LexicalIndex(), LikenessIndex(), EmbeddingIndex()
        for name, questions in examples.items():
            self._words.put(name, wordings_of(questions))
            self._likeness.put(name, questions)
        if vectors is None:
            return
        compared_examples = self._likeness.examples()
        self._meaning.update(
            compared_examples, {each: vectors[each] for each in self._meaning.missing(compared_examples)}
        )

    def ask(self, request: str, without: str | None = None) -> Seen:
        """Compare a request with the tools, except for the tool `without`."""
        fitting = next((each for each in self._words.search(request) if each.fits and each.name != without), None)
        found = [each for each in self._likeness.search(request) if each.name != without]
        best = found[0].name if found else None
        if self._vectors is None:
            return Seen(best, features(found, fitting), {})
        meaning = self._meaning.search(self._vectors[compared(request)], [each.name for each in found])
        both = self._likeness.search(request, [each.name for each in meaning])
        of_tools = joint_features([each for each in both if each.name != without], meaning, fitting)
        return Seen(best, features(found, fitting), of_tools)

    def requests(self, pool: Pool, rng: random.Random) -> Iterator[tuple[Seen, str | None]]:
        """Yield new requests with and without their tool, and the tool that is right."""
        foreign = [name for name in sorted(pool) if name not in self.examples]
        for name, questions in self.examples.items():
            new = [each for each in pool[name] if each not in questions]
            for request in rng.sample(new, min(_REQUESTS, len(new))):
                yield self.ask(request), name
                yield self.ask(request, without=name), None
            for _ in range(_REQUESTS if foreign else 0):
                yield self.ask(rng.choice(pool[rng.choice(foreign)])), None


def rows_by_words(asked: Sequence[tuple[Seen, str | None]]) -> list[Row]:
    """Return the features of each request, and whether the tool that it is most like is right."""
    return [(seen.by_words, wanted is not None and seen.tool == wanted) for seen, wanted in asked]


def rows_of_tools(asked: Sequence[tuple[Seen, str | None]]) -> list[Row]:
    """Return the features of each request and tool, and whether the tool is right."""
    return [(values, name == wanted) for seen, wanted in asked for name, values in seen.of_tools.items()]


def libraries(pool: Pool, rng: random.Random, vectors: Vectors | None) -> Iterator[Library]:
    """Draw libraries of several sizes."""
    for size in _SIZES:
        for _ in range(_TOOLS // size):
            count = rng.choice(_EXAMPLES)
            names = rng.sample(sorted(pool), min(size, len(pool)))
            yield Library({name: rng.sample(pool[name], count) for name in names}, vectors)


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
    vectors = Vectors()
    by_words: list[Measured] = []
    by_both: list[Measured] = []
    for seed in range(_DRAWS):
        rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
        halves = [_halves(pool, rng) for pool in pools]
        for side in (0, 1):
            asked = _asked([half[side] for half in halves], rng, vectors)
            words, both = fitted(rows_by_words(asked)), fitted(rows_of_tools(asked))
            other, every = halves[0][1 - side], intents.train
            tested = [(question, name) for name in other for question in intents.test[name]]
            tested += [(question, "") for question in intents.out_of_scope]
            for count in _EXAMPLES:
                library = Library({name: rng.sample(every[name], count) for name in every}, vectors)
                for question, wanted in tested:
                    seen = library.ask(question)
                    by_words.append(Measured.of(seen.tool, sigmoid(words, seen.by_words), wanted, count))
                    ranked = competing({name: sigmoid(both, values) for name, values in seen.of_tools.items()})
                    best = next(iter(ranked), None)
                    by_both.append(Measured.of(best, ranked.get(best or "", 0.0), wanted, count))
    _print_figures("by words", by_words)
    _print_figures("by words and embeddings", by_both)
    asked = _asked(pools, random.Random(_DRAWS), vectors)  # noqa: S311 - as above
    print("coefficients by words:", fitted(rows_by_words(asked)))  # noqa: T201 - a script
    print("by words and embeddings:", fitted(rows_of_tools(asked)))  # noqa: T201 - a script


class Measured(NamedTuple):
    """The tool that a tested request would get, if its probability is high enough."""

    outcome: str  # the right tool, a wrong one, or any for a foreign request
    likely: float
    examples: int  # of each tool

    @classmethod
    def of(cls, tool: str | None, likely: float, wanted: str, examples: int) -> Measured:
        """Compare the tool with the right one; it is empty for a foreign request."""
        return cls("foreign" if not wanted else "right" if tool == wanted else "wrong", likely, examples)


def _asked(pools: Sequence[Pool], rng: random.Random, vectors: Vectors) -> list[tuple[Seen, str | None]]:
    """Ask libraries of each pool; only those of the first one, the intents, compare embeddings."""
    return [
        each
        for pool, given in zip_longest(pools, [vectors])
        for library in libraries(pool, rng, given)
        for each in library.requests(pool, rng)
    ]


def _halves(pool: Pool, rng: random.Random) -> tuple[Pool, Pool]:
    names = rng.sample(sorted(pool), len(pool))
    middle = len(names) // 2
    return {name: pool[name] for name in names[:middle]}, {name: pool[name] for name in names[middle:]}


def _print_figures(title: str, measured: Sequence[Measured]) -> None:
    for count in _EXAMPLES:
        print(f"{title}, {count} examples: probability, found, wrong tool, foreign taken")  # noqa: T201 - a script
        chosen = [each for each in measured if each.examples == count]
        known = sum(each.outcome != "foreign" for each in chosen)
        for least in _THRESHOLDS:
            taken = [each.outcome for each in chosen if each.likely >= least]
            shares = (
                taken.count("right") / known,
                taken.count("wrong") / known,
                taken.count("foreign") / (len(chosen) - known),
            )
            print(least, *(f"{share:.4f}" for share in shares))  # noqa: T201 - a script
        print("curve:", _curve(chosen))  # noqa: T201 - a script
    print(f"{title}, curve of both:", _curve(measured))  # noqa: T201 - a script


def _curve(measured: Sequence[Measured]) -> list[tuple[float, float]]:
    """Return for each probability the share of requests that get a wrong tool, if half of them are foreign."""
    foreign = sum(each.outcome == "foreign" for each in measured)
    shares = {"wrong": len(measured) - foreign, "foreign": foreign}
    return [
        (
            least,
            round(sum(0.5 / shares[e.outcome] for e in measured if e.outcome in shares and e.likely >= least), 4),
        )
        for least in _THRESHOLDS
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
