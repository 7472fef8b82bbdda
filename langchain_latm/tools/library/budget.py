"""Daily budgets for making tools. The account is in the store, so it outlives processes and all workers share it.

A claim lets makings under one budget run one at a time: two simultaneous makings would both start with the same
remaining budget. A making that has begun is finished, so a day may exceed its budget by at most one making. While it
runs, its tokens are written with each renewal of the claim; if its process dies, the written tokens count.

Days are in UTC by the store's clock, which dates every item.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_core.runnables import Runnable
from langgraph.store.base import Item, PutOp

from langchain_latm._core.flow import Calls, Effect, Flow
from langchain_latm.models.prices import price_of
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.spending import by_stage
from langchain_latm.types import Stage, TokenUsage, shorten

_LABEL: Final = "spending"
_CLAIMED: Final = "(the daily budget)"
"""A claimed id that no instance has."""
_CLAIM_SECONDS: Final = 60.0
_KNOWN_SECONDS: Final = 10.0
"""How long a spent budget is not checked again."""
_DOLLARS: Final = re.compile(r"(?:\$\s*([0-9]+(?:\.[0-9]+)?)|([0-9]+(?:\.[0-9]+)?)\s*USD)", re.IGNORECASE | re.ASCII)
_TOKENS: Final = re.compile(r"([0-9]+)(?:\s*tokens)?", re.IGNORECASE | re.ASCII)


class DailyLimit(NamedTuple):
    """Maximum daily spending on makings: tokens, or US dollars.

    Attributes:
        amount: How much.
        dollars: Whether these are dollars.
    """

    amount: Decimal
    dollars: bool

    @classmethod
    def of(cls, given: int | str, models: Mapping[Stage, str]) -> Self:
        """Read a limit: a number of tokens, or a text such as `"2.50 USD"`.

        Args:
            given: The limit.
            models: The models of a making.

        Raises:
            ValueError: It is neither; or it is in dollars, and the price of a model is unknown.
        """
        text = str(given).strip()
        if found := _TOKENS.fullmatch(text):
            return cls(Decimal(found[1]), dollars=False)
        found = _DOLLARS.fullmatch(text)
        if found is None:
            raise ValueError(
                f'budget: {shorten(text, 40)!r} is neither a number of tokens nor dollars such as "2.50 USD"'
            )
        for model in sorted({models["proposing"], models["verification"]}):
            if price_of(model, TokenUsage(input_tokens=1, calls=1)) is None:
                raise ValueError(f"budget: no price is known for {model}: give a number of tokens instead of dollars")
        return cls(Decimal(found[1] or found[2]), dollars=True)

    def __str__(self) -> str:
        return f"{self.amount:,} {'USD' if self.dollars else 'tokens'} a day"


class BudgetRefusal(NamedTuple):
    """Why no making may begin.

    Attributes:
        reason: In a sentence.
        spent: Whether the budget is spent; otherwise another making runs.
    """

    reason: str
    spent: bool


class MakingAccount:
    """The daily spending on makings of one library, or of one tenant's part of it.

    Args:
        library: Where it is stored.
        limit: The maximum; None for no limit, in which case nothing is stored.
        models: The model of each stage of a making.
    """

    def __init__(self, library: LibraryOperations, limit: DailyLimit | None, models: Mapping[Stage, str]) -> None:
        self._library = library
        self._limit = limit
        self._models = dict(models)
        self._claims = Claims(library, _CLAIM_SECONDS)
        self._spent_until = 0.0
        self._meters: dict[str, _Meter] = {}

    def begin(self, call: str = "") -> Flow[str | BudgetRefusal]:
        """Begin a making; return the key of its entry, or why it may not begin.

        The key is empty if nothing is to be written: there is no limit, or the making is in the account already.

        Args:
            call: Identifies a making of a run that may begin again after an interrupt of the run.
        """
        if self._limit is None:
            return ""
        of = sha256(call.encode(errors="surrogatepass")).hexdigest()[:16] if call else ""
        if of:
            (items,) = yield self._library.batch(self._library.find_all(_LABEL))
            if any(item.value["of"] == of for item in items):
                return ""
        if time.monotonic() < self._spent_until:
            return self._refusal()
        entry = yield from self._claims.take([_CLAIMED])
        if entry is None:
            return BudgetRefusal("another tool is being made under the same budget", spent=False)
        yield self._library.batch(self._put(entry, "", of, {}))
        (items,) = yield self._library.batch(self._library.find_all(_LABEL))
        day = next(_day(item) for item in items if item.key == entry)
        spent = sum((self._cost(item) for item in items if item.value["day"] == day), Decimal())
        if spent >= self._limit.amount:
            self._spent_until = time.monotonic() + _KNOWN_SECONDS
            yield self._library.batch(PutOp(self._library.labels(_LABEL), entry, None))
            yield from self._claims.try_release(entry)
            return self._refusal()
        old = [item.key for item in items if item.value["day"] < day and item.key != entry]
        yield self._library.batch(self._put(entry, day, of, {}))
        if old:
            yield self._library.batch(*(PutOp(self._library.labels(_LABEL), key, None) for key in old))
        return f"{entry} {day} {of}"

    def making(self, key: str, make: Callable[[list[BaseCallbackHandler]], Effect]) -> Effect:
        """Return an effect that makes a tool and writes its spending meanwhile.

        Args:
            key: From `begin`.
            make: Returns the effect of the making; its model calls get these callbacks.
        """
        if not key:
            return make([])
        entry, day, of = key.split(" ")
        meter = self._meters[key] = _Meter()

        def write() -> list[PutOp]:
            return [self._put(entry, day, of, {"proposing": meter.usage})]

        return self._claims.kept(entry, [_CLAIMED], make([meter]), write)

    def end(
        self,
        key: str,
        usage: Mapping[Stage, TokenUsage] | None,
        makers: Mapping[str, TokenUsage] = MappingProxyType({}),
    ) -> Flow[None]:
        """End a making, and write its spending.

        Args:
            key: From `begin`.
            usage: Tokens by stage; None if unknown, so that the tokens reported by its models count.
            makers: Tokens of the stage `proposing` by model, if one maker after the other was asked.
        """
        if not key:
            return
        entry, day, of = key.split(" ")
        meter = self._meters.pop(key, None)
        if usage is None and meter is not None:
            usage = {"proposing": meter.usage}
        if usage is not None:
            yield self._library.batch(self._put(entry, day, of, usage, makers))
        yield from self._claims.try_release(entry)

    def _refusal(self) -> BudgetRefusal:
        return BudgetRefusal(f"the budget for making tools ({self._limit}) is spent", spent=True)

    def _put(
        self,
        entry: str,
        day: str,
        of: str,
        usage: Mapping[Stage, TokenUsage],
        makers: Mapping[str, TokenUsage] = MappingProxyType({}),
    ) -> PutOp:
        value = {
            "day": day,
            "of": of,
            "usage": {stage: each.model_dump() for stage, each in usage.items()},
            "models": {stage: self._models.get(stage, "") for stage in usage},
            "makers": {model: each.model_dump() for model, each in makers.items()},
        }
        return PutOp(self._library.labels(_LABEL), entry, value, index=False)

    def _cost(self, item: Item) -> Decimal:
        """Return the cost of a making; a model without a price costs as much as the maker's."""
        cost = Decimal()
        usages, makers = _usage_of(item.value["usage"]), _usage_of(item.value.get("makers", {}))
        for model, usage in by_stage(usages, item.value["models"], makers=makers):
            if self._limit is not None and self._limit.dollars:
                named = price_of(model, usage)
                cost += price_of(self._models["proposing"], usage) or Decimal() if named is None else named
            else:
                cost += usage.total
        return cost


def making_of(maker: Runnable[Any, Any], task: Any) -> Callable[[list[BaseCallbackHandler]], Effect]:
    """Return the call of a maker, for `MakingAccount.making`."""
    return lambda callbacks: Calls(maker.with_config(callbacks=callbacks) if callbacks else maker, [task])


class _Meter(BaseCallbackHandler):
    """Adds up the tokens that models report while a maker runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.usage = TokenUsage()

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        """Add the tokens of a call."""
        for several in response.generations:
            for each in several:
                if isinstance(each, ChatGeneration):
                    with self._lock:
                        self.usage += TokenUsage.of(each.message)


def _usage_of(plain: Mapping[Any, Any]) -> dict[Any, TokenUsage]:
    return {key: TokenUsage(**each) for key, each in plain.items()}


def _day(item: Item) -> str:
    """Return the day in which the store wrote an item; SQLite's times are UTC without a time zone."""
    at: datetime = item.updated_at
    return (at.astimezone(UTC) if at.tzinfo else at).date().isoformat()
