"""The past and expected cost of a run, in tokens and, if prices are known, in US dollars."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from langchain_core.runnables import Runnable

from langchain_latm._core.defaults import LOCAL_MODEL_NAME, TOKENS
from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.events import Event, Settings, Unit
from langchain_latm.benchmarks.making.tasks import BenchTask
from langchain_latm.benchmarks.names import BASELINES, METHODS, SEARCH
from langchain_latm.exceptions import TaskError
from langchain_latm.models.names import model_name
from langchain_latm.models.prices import Prices, price_of
from langchain_latm.types import TokenUsage

_NOTHING: Final = TokenUsage()
_MAKING: Final = {
    METHODS[0]: TokenUsage(input_tokens=10_500, output_tokens=3_400, calls=18),
    METHODS[1]: TokenUsage(input_tokens=4_200, output_tokens=1_500, calls=4),
    SEARCH: _NOTHING,
}
"""Cost of a making as in `notebooks/04_benchmark.ipynb`, the mean of 30 for each method with the embedded model.

Any other method counts as the default one.
"""
_WRITTEN: Final = {"direct": 15, "cot": 250, "pot": 150}
"""Tokens of a reply, and below of the instructions around the examples and the question."""
_MAKING_SECONDS: Final = {METHODS[0]: 127.0, METHODS[1]: 71.0, SEARCH: 3.0}
_REQUEST_SECONDS: Final = {"direct": 1.1, "cot": 5.5, "pot": 3.3}
"""With the embedded model on two idle cores, as in the same notebook; `cot` by the tokens that it writes."""
_INSTRUCTIONS: Final = 150
_LONG_MINUTES: Final = 100
_CHARACTERS: Final = 4
"""Approximate number of characters of a token."""


class Estimate(NamedTuple):
    """The expected cost of the unfinished parts of one method.

    Attributes:
        way: How tools are made, or a baseline.
        parts: Makings with their tests, or tests.
        usage: Expected tokens and calls: as measured so far in this run, or as usual.
        most: Maximum tokens of its makings; 0 if they have no limit, or if there are none.
        seconds: Expected time, one part after the other; None if it is not known for these models.
    """

    way: str
    parts: int
    usage: TokenUsage
    most: int
    seconds: float | None = None


class Costs:
    """Tokens and dollars of a run with two models.

    Args:
        maker: The model that makes tools, or its name in records.
        user: The model that uses them and answers alone.
        prices: Prices that take precedence over the list.
    """

    def __init__(self, maker: Runnable[Any, Any] | str, user: Runnable[Any, Any] | str, prices: Prices) -> None:
        self._models = (model_name(maker), model_name(user))
        self._prices = prices

    def require_prices(self) -> None:
        """Raise a `TaskError` if the price of a model is not known."""
        for model in self._models:
            if price_of(model, TokenUsage(input_tokens=1), self._prices) is None:
                raise TaskError(f"a budget needs prices, but that of {model} is not known: add --price {model}=IN/OUT")

    def dollars(self, usages: Sequence[TokenUsage]) -> Decimal | None:
        """Return the cost of the tokens of maker and user; None if a needed price is unknown."""
        pairs = zip(self._models, usages, strict=True)
        parts = [price_of(model, usage, self._prices) for model, usage in pairs if usage.total]
        return None if None in parts else sum((part for part in parts if part is not None), Decimal())

    def spent(self, happened: Iterable[Event]) -> tuple[TokenUsage, TokenUsage]:
        """Return the tokens of maker and user in a run so far, without those of interrupted makings."""
        maker = user = _NOTHING
        for event in happened:
            if isinstance(event, events.Made | events.Failed):
                # The paper's maker writes its own tests; by default, the user model reads the arguments in the
                # verification.
                alone = event.unit.method == METHODS[1]
                maker += sum((each for stage, each in event.usage.items() if alone or stage == "proposing"), _NOTHING)
                user += sum(
                    (each for stage, each in event.usage.items() if not alone and stage != "proposing"), _NOTHING
                )
            elif isinstance(event, events.Answered):
                user += event.usage
        return maker, user

    def over(self, budget: Decimal, happened: Iterable[Event]) -> str | None:
        """Return a message if a budget is spent."""
        cost = self.dollars(self.spent(happened))
        if cost is None or cost < budget:
            return None
        return f"The budget of ${budget} is spent: the requests and makings of this folder cost ${cost:.4f}."

    def outlook(self, found: Sequence[Estimate]) -> str:
        """Describe the expected cost of a run in one line."""
        usages = _by_role(found)
        whole = sum(usages, _NOTHING)
        most = sum(max(each.most, each.usage.total) for each in found)
        limit = f" ({most:,} if makings take their limits)" if most > whole.total else ""
        cost = self.dollars(usages)
        price = "price unknown" if cost is None else f"${cost:.2f}"
        parts = sum(each.parts for each in found)
        plural = "" if parts == 1 else "s"
        times = [each.seconds for each in found]
        time = "" if None in times else f", about {_duration(sum(each or 0.0 for each in times))}"
        return (
            f"Estimate for {parts} part{plural}: {whole.calls:,} calls, {whole.total:,} tokens{limit}, {price}{time}."
        )


def estimate(settings: Settings, tasks: Sequence[BenchTask], happened: Sequence[Event]) -> list[Estimate]:
    """Estimate the unfinished part of a run.

    Args:
        settings: What is measured.
        tasks: Its tasks.
        happened: The events so far, whose means replace the defaults.
    """
    finished = {event.unit for event in happened if isinstance(event, events.Failed | events.Tested)}
    by_name = {task.name: task for task in tasks}
    making, asking = _means(happened)
    took = _mean_seconds(happened)
    local = {settings.model, settings.user or settings.model} == {LOCAL_MODEL_NAME}
    found: dict[str, Estimate] = {}
    for unit in settings.units():
        if unit in finished:
            continue
        task = by_name[unit.task]
        request = asking.get(unit.method) or _request(unit, task, settings.shown)
        usage = sum([request] * len(task.test), _NOTHING)
        limit = 0
        seconds: float | None = took.get(unit.method)
        if seconds is None and local:
            of_request = _REQUEST_SECONDS.get(unit.method, 0.0) * len(task.test)
            made = _MAKING_SECONDS.get(unit.method, _MAKING_SECONDS[METHODS[0]])
            seconds = of_request + (made if unit.phase == "making" else 0.0)
        if unit.phase == "making":
            usage += making.get(unit.method) or _MAKING.get(unit.method, _MAKING[METHODS[0]])
            limit = 0 if unit.method in (METHODS[1], SEARCH) else TOKENS
        before = found.get(unit.method, Estimate(unit.method, 0, _NOTHING, 0, 0.0))
        found[unit.method] = Estimate(
            unit.method,
            before.parts + 1,
            before.usage + usage,
            before.most + limit,
            None if seconds is None or before.seconds is None else before.seconds + seconds,
        )
    return list(found.values())


def _request(unit: Unit, task: BenchTask, shown: int) -> TokenUsage:
    """Guess the tokens of one request; a tool of ours is expected to need none."""
    if unit.method not in (*BASELINES, METHODS[1]):
        return _NOTHING
    of_test = sum(len(each.text) for each in task.test) // len(task.test)
    of_examples = shown * sum(len(f"{each.text}{each.answer}") for each in task.pool) // len(task.pool)
    read = _INSTRUCTIONS + (of_test + of_examples) // _CHARACTERS
    return TokenUsage(input_tokens=read, output_tokens=_WRITTEN.get(unit.method, _WRITTEN["direct"]), calls=1)


def _means(happened: Iterable[Event]) -> tuple[Mapping[str, TokenUsage], Mapping[str, TokenUsage]]:
    """Return the mean usage of a making, and that of a request, by way."""
    making: dict[str, list[TokenUsage]] = {}
    asking: dict[str, list[TokenUsage]] = {}
    for event in happened:
        if isinstance(event, events.Made | events.Failed):
            making.setdefault(event.unit.method, []).append(sum(event.usage.values(), _NOTHING))
        elif isinstance(event, events.Answered):
            asking.setdefault(event.unit.method, []).append(event.usage)
    return dict(_mean(making)), dict(_mean(asking))


def _mean_seconds(happened: Iterable[Event]) -> Mapping[str, float]:
    """Return the mean time of a finished part, by way: a making with its test, or a test."""
    parts: dict[Unit, float] = defaultdict(float)
    finished: set[Unit] = set()
    for event in happened:
        if isinstance(event, events.Made | events.Failed | events.Answered):
            parts[event.unit] += event.seconds
        if isinstance(event, events.Failed | events.Tested):
            finished.add(event.unit)
    by_way: dict[str, list[float]] = defaultdict(list)
    for unit in finished:
        by_way[unit.method].append(parts[unit])
    return {way: statistics.fmean(each) for way, each in by_way.items()}


def _duration(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if minutes < _LONG_MINUTES else f"{minutes / 60:.1f} hours"


def _mean(usages: Mapping[str, Sequence[TokenUsage]]) -> Iterator[tuple[str, TokenUsage]]:
    for way, each in usages.items():
        whole, count = sum(each, _NOTHING), len(each)
        yield (
            way,
            TokenUsage(
                input_tokens=round(whole.input_tokens / count),
                output_tokens=round(whole.output_tokens / count),
                calls=round(whole.calls / count),
            ),
        )


def _by_role(found: Iterable[Estimate]) -> tuple[TokenUsage, TokenUsage]:
    """Return the tokens of maker and user: a making counts as the maker's."""
    maker = user = _NOTHING
    for each in found:
        if each.way in BASELINES:
            user += each.usage
        else:
            maker += each.usage
    return maker, user
