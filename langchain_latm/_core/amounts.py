"""How amounts of tokens and money are written for a person."""

from __future__ import annotations

from decimal import Decimal


def amount(value: Decimal | int | None, unknown: str = "unknown") -> str:
    """Write tokens as they are counted, and dollars with as many places as they need."""
    if value is None:
        return unknown
    if isinstance(value, int):
        return f"{value:,}"
    places = 2 if abs(value) >= 1 or not value else 6  # a use may cost less than a thousandth of a cent
    return f"{'-' if value < 0 else ''}${abs(value):,.{places}f}"


def after_uses(count: int | None) -> str:
    """Write after how many uses a tool has paid for itself."""
    if count is None:
        return "unknown"
    return "after 1 use" if count == 1 else f"after {count:,} uses"
