"""`latm bench dispatch --intents`: everyday requests in natural wording, with a tool for each intent."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from langchain_core.embeddings import Embeddings
from langgraph.store.memory import InMemoryStore
from pydantic import BaseModel, Field, ValidationError

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.dispatch.library import Kind, fill
from langchain_latm.benchmarks.dispatch.measure import answers_silently
from langchain_latm.benchmarks.report import Figures, Goal, Report, Spread, goals_table, percent, three_digits
from langchain_latm.exceptions import TaskError
from langchain_latm.loop.dispatch.dispatcher import create_dispatcher
from langchain_latm.models.embeddings import resolve_embeddings
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.types import first_error

_FOUND: Final = 0.45
_FOUND_WITH_EMBEDDINGS: Final = 0.6
_WRONG: Final = 0.02
_REFUSED: Final = 0.97


class Intents(NamedTuple):
    """Requests by intent."""

    train: Mapping[str, Sequence[str]]  # to draw examples from
    test: Mapping[str, Sequence[str]]  # to ask
    out_of_scope: Sequence[str]  # of no intent


class _File(BaseModel):
    train: list[tuple[str, str]] = Field(min_length=1)
    test: list[tuple[str, str]] = Field(min_length=1)
    out_of_scope: list[tuple[str, str]] = []


def read_intents(path: Path) -> Intents:
    """Read a file in the form of CLINC150: pairs of request and intent in `train` and `test`, and `out_of_scope`.

    Raises:
        TaskError: The file cannot be used; the text names it.
    """
    try:
        file = _File.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise TaskError(f"{path}: {first_error(error)}") from error
    except ValueError as error:
        raise TaskError(f"{path}: it is not JSON in UTF-8: {error}") from error
    known = {intent for _, intent in file.train}
    return Intents(
        train=_by_intent(file.train),
        test=_by_intent([each for each in file.test if each[1] in known]),
        out_of_scope=[request for request, _ in file.out_of_scope],
    )


def _by_intent(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for request, intent in pairs:
        found.setdefault(intent, []).append(request)
    return found


class IntentDraw(Figures):
    """A dispatcher's results with one draw of examples."""

    found: float  # share of the requests with a tool that got it
    wrong: float  # share of the requests with a tool that got another one
    silent: float = 0.0  # share of them that got another one that answers without a doubt
    refused: float | None  # share of the requests out of scope that got no tool; None if there were none
    p50_ms: float  # time of a decision, median


class IntentFigures(Figures):
    """The result of `latm bench dispatch --intents`."""

    seed: int
    tools: int
    examples: int
    max_error: float
    embeddings: str  # their name; empty for none
    draws: tuple[IntentDraw, ...]


def bench_intents(
    path: Path,
    *,
    examples: int,
    draws: int,
    seed: int,
    max_error: float,
    embeddings: str | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> IntentFigures:
    """Measure dispatchers over libraries with a tool for each intent.

    Args:
        path: The file; see `read_intents`.
        examples: Examples that each tool is proven with, drawn from `train`.
        draws: Draws of examples; draw n is seeded with `seed` + n.
        seed: The first seed.
        max_error: Of the dispatcher.
        embeddings: Their name, if the dispatcher has some.
        progress: Gets each step.

    Raises:
        ModelError: The embeddings cannot be set up.
        TaskError: The file cannot be used, or an intent has too few requests.
    """
    intents = read_intents(path)
    for name, requests in intents.train.items():
        if len(requests) < examples:
            raise TaskError(
                f"{path}: the intent {name!r} has {len(requests)} requests in `train`; {examples} are needed"
            )
    given = None if embeddings is None else resolve_embeddings(embeddings)
    found = []
    for draw in range(draws):
        progress("everyday intents", draw, draws)
        found.append(_drawn(intents, examples, seed + draw, max_error, given))
    return IntentFigures(
        seed=seed,
        tools=len(intents.train),
        examples=examples,
        max_error=max_error,
        embeddings=embeddings or "",
        draws=tuple(found),
    )


def _drawn(intents: Intents, examples: int, seed: int, max_error: float, embeddings: Embeddings | None) -> IntentDraw:
    rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
    library = ToolLibrary(InMemoryStore())
    names = sorted(intents.train)
    fill(library, [Kind(_tool_name(n), rng.sample(intents.train[name], examples)) for n, name in enumerate(names)])
    dispatcher = create_dispatcher(library, embeddings=embeddings, max_error=max_error, refresh_seconds=3_600)
    outcomes: list[str] = []
    taken: list[float] = []
    silent = 0
    for number, name in enumerate(names):
        for request in intents.test.get(name, ()):
            began = time.perf_counter()
            answer = dispatcher.invoke(request)
            taken.append(time.perf_counter() - began)
            tool = answer.tool
            outcomes.append("none" if tool is None else "found" if tool == _tool_name(number) else "wrong")
            silent += outcomes[-1] == "wrong" and answers_silently(library, request, answer)
    refused = [dispatcher.invoke(request).tool is None for request in intents.out_of_scope]
    return IntentDraw(
        found=outcomes.count("found") / len(outcomes),
        wrong=outcomes.count("wrong") / len(outcomes),
        silent=silent / len(outcomes),
        refused=statistics.fmean(refused) if refused else None,
        p50_ms=statistics.median(taken) * 1e3,
    )


def _tool_name(number: int) -> str:
    return f"intent_{number}"


def report_intents(figures: IntentFigures) -> Report:
    """Return each draw, their means, and the goals."""
    title = f"{figures.tools} everyday intents as tools, {figures.examples} examples each"
    rows = [
        [
            str(number),
            percent(each.found),
            percent(each.wrong),
            percent(each.silent),
            percent(each.refused),
            three_digits(each.p50_ms),
        ]
        for number, each in enumerate(figures.draws, 1)
    ]
    names = ("found", "wrong", "silent", "refused")
    spreads = [_spread([getattr(each, name) for each in figures.draws]) for name in names]
    rows.append(["mean (lowest to highest)", *("-" if each is None else f"{each:.1%}" for each in spreads), ""])
    table = PlainTable(title, ("draw", "found", "wrong tool", "of these silent", "foreign refused", "p50 ms"), rows)
    compared = f"wording and the embeddings {figures.embeddings}" if figures.embeddings else "wording alone"
    error = f"A wrong tool may be given to {figures.max_error:.1%} of the requests."
    sentence = f"Compared by {compared}; no model is asked. {error}"
    return Report(
        "What the dispatcher finds of everyday requests",
        [table, goals_table(list(_goals(spreads, figures)))],
        [sentence],
    )


def _spread(values: Sequence[float | None]) -> Spread | None:
    known = [each for each in values if each is not None]
    return Spread.of(known) if known else None


def _goals(spreads: Sequence[Spread | None], figures: IntentFigures) -> Iterator[Goal]:
    found, wrong, _, refused = spreads
    least = _FOUND_WITH_EMBEDDINGS if figures.embeddings else _FOUND
    if found is not None:
        yield Goal.judged(f"found: >= {least:.0%}", percent(found.mean), found.mean >= least)
    if wrong is not None:
        yield Goal.judged(f"wrong tool: <= {_WRONG:.0%}", percent(wrong.mean), wrong.mean <= _WRONG)
    if refused is not None:
        yield Goal.judged(f"foreign refused: >= {_REFUSED:.0%}", percent(refused.mean), refused.mean >= _REFUSED)
