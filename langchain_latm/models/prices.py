"""The price of tokens in US dollars: from the user's own prices, or from the table in the package `genai-prices`.

Nothing is requested over the network. A name gets a price if the table lists it, with or without a date. The package's
own matching is looser: it would find a price for `deepseek-r1:8b`, which runs on the user's machine, and no price is
better than a wrong one. Records do not tell where a model ran, so a self-hosted model with a listed name gets the
listed price, unless the user's own price (0, 0) overrides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from langchain_latm._core.defaults import LOCAL_MODEL_NAME
from langchain_latm.types import TokenUsage, shorten

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, TieredPrices

Prices = Mapping[str, tuple[Decimal | float, Decimal | float]]
"""The name of a model -> US dollars per million input tokens, and per million output tokens."""

_MILLION: Final = 1_000_000
_DATED: Final = re.compile(r"(-preview)?[-@](latest|preview|\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{3})$")


def price_of(model: str, usage: TokenUsage, own: Prices | None = None) -> Decimal | None:
    """Return the price of tokens of a model in US dollars, or None if it is unknown.

    It is today's list price, without discounts for cached input or batches. If prices change by the hour, the one at
    noon (UTC) is used, so that figures are stable during a day.

    Args:
        model: The model's name in records, from `model_name`.
        usage: The tokens. If a price depends on the length of a request, all calls count as equally long.
        own: Prices that take precedence over the table.
    """
    if own is not None and model in own:
        read, written = (Decimal(str(price)) for price in own[model])
    elif model == LOCAL_MODEL_NAME:  # the embedded model runs on the user's machine
        read = written = Decimal()
    else:
        found = _listed(model, usage.input_tokens // max(1, usage.calls))
        if found is None:
            return None
        read, written = found
    return (read * usage.input_tokens + written * usage.output_tokens) / _MILLION


def read_price(text: str) -> tuple[str, tuple[Decimal, Decimal]]:
    """Read `MODEL=IN/OUT`, dollars per million tokens.

    Raises:
        ValueError: The text has another form.
    """
    model, _, prices = text.rpartition("=")
    read, _, written = prices.partition("/")
    try:
        found = Decimal(read), Decimal(written)
    except InvalidOperation:
        found = Decimal("nan"), Decimal("nan")
    if not model.strip() or not all(price.is_finite() and price >= 0 for price in found):
        raise ValueError(
            f"{shorten(text)!r} is not MODEL=IN/OUT, dollars per million input and output tokens, such as gpt-4.1=2/8"
        )
    return model.strip(), found


def _listed(model: str, input_tokens: int) -> tuple[Decimal, Decimal] | None:
    """Return the prices per million tokens for calls with this many input tokens."""
    prices = _listed_at(model, datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0))
    return None if prices is None else (_at(prices[0], input_tokens), _at(prices[1], input_tokens))


@lru_cache  # a lookup takes milliseconds, and a library's costs need one per tool
def _listed_at(model: str, at: datetime) -> tuple[Decimal | TieredPrices, Decimal | TieredPrices] | None:
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - takes 0.2 s, needed for dollars only

    try:
        found = calc_price(Usage(), model, genai_request_timestamp=at)
    except LookupError:
        return None
    name = model.lower()
    if not {name, _DATED.sub("", name)} & {found.model.id.lower(), *_names(found.model.match)}:
        return None
    read, written = found.model_price.input_mtok, found.model_price.output_mtok
    return None if read is None or written is None else (read, written)  # None: a model for pictures or speech


def _names(match: MatchLogic) -> Iterator[str]:
    """Yield the names, not patterns, that the table lists for a model."""
    for field in ("equals", "starts_with", "ends_with", "contains"):
        if isinstance(text := getattr(match, field, None), str):
            yield text.lower()
    for field in ("or_", "and_"):
        for part in getattr(match, field, ()):
            yield from _names(part)


def _at(price: Decimal | TieredPrices, input_tokens: int) -> Decimal:
    """Return the price for the length of a request; it applies to all its tokens."""
    if isinstance(price, Decimal):
        return price
    return next((tier.price for tier in reversed(price.tiers) if input_tokens > tier.start), price.base)
