"""What tokens cost in US dollars: by the user's own prices, or by the table that `genai-prices` brings along.

The table is part of the installed package; nothing is ever asked over the network. A price is found for a name that
the table lists, and for such a name with a date behind it. Its own way to match names would also find a price for
`deepseek-r1:8b`, which runs on the user's machine: no price is better than that of another model. Records do not say
where a model ran, so a copy of one's own under a listed name gets the listed price; own prices (0, 0) say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from langchain_latm.types import TokenUsage, shorten

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, TieredPrices

Prices = Mapping[str, tuple[Decimal | float, Decimal | float]]
"""The name of a model -> US dollars per million input tokens, and per million output tokens."""

_MILLION: Final = 1_000_000
_DATED: Final = re.compile(r"(-preview)?[-@](latest|preview|\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{3})$")


def price_of(model: str, usage: TokenUsage, own: Prices | None = None) -> Decimal | None:
    """Return what tokens of a model cost in US dollars, or None if its price is not known.

    It is today's list price: whether discounts for cached input or batches were due is not known. Where prices go by
    the hour, that of noon (UTC) is taken, so that figures stay the same all day.

    Args:
        model: Its name in records, as `model_name` gives it.
        usage: The tokens. Where a price depends on the length of a request, all calls are taken for equally long.
        own: Prices that go before those of the table.
    """
    if own is not None and model in own:
        read, written = (Decimal(str(price)) for price in own[model])
    else:
        found = _listed(model, usage.input_tokens // max(1, usage.calls))
        if found is None:
            return None
        read, written = found
    return (read * usage.input_tokens + written * usage.output_tokens) / _MILLION


def read_price(text: str) -> tuple[str, tuple[Decimal, Decimal]]:
    """Read `MODEL=IN/OUT`, dollars per million tokens.

    Raises:
        ValueError: It is something else.
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
    """Return the prices of a million tokens, for calls with so many input tokens."""
    prices = _listed_at(model, datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0))
    return None if prices is None else (_at(prices[0], input_tokens), _at(prices[1], input_tokens))


@lru_cache  # to find a name takes milliseconds, and the accounts of a library ask for each tool
def _listed_at(model: str, at: datetime) -> tuple[Decimal | TieredPrices, Decimal | TieredPrices] | None:
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - a fifth of a second, for whoever asks for money

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
    """Yield the names that the table lists for a model; patterns are left out."""
    for field in ("equals", "starts_with", "ends_with", "contains"):
        if isinstance(text := getattr(match, field, None), str):
            yield text.lower()
    for field in ("or_", "and_"):
        for part in getattr(match, field, ()):
            yield from _names(part)


def _at(price: Decimal | TieredPrices, input_tokens: int) -> Decimal:
    """Choose the price of a long request where there is one: it holds for all tokens of the request."""
    if isinstance(price, Decimal):
        return price
    return next((tier.price for tier in reversed(price.tiers) if input_tokens > tier.start), price.base)
