"""Formats of counts, and of amounts of tokens and money."""

from __future__ import annotations

from decimal import Decimal


def counted(count: int, noun: str, plural: str = "") -> str:
    """Format a count with its noun: "1 row", "2,000 rows".

    Args:
        count: How many.
        noun: What, in the singular.
        plural: The plural, if it is not the noun with an s.
    """
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def amount(value: Decimal | int | None, unknown: str = "unknown") -> str:
    """Format tokens with separators, and dollars with 2 or 6 decimal places."""
    if value is None:
        return unknown
    if isinstance(value, int):
        return f"{value:,}"
    places = 2 if abs(value) >= 1 or not value else 6  # a use may cost less than a thousandth of a cent
    return f"{'-' if value < 0 else ''}${abs(value):,.{places}f}"


def after_uses(count: int | None) -> str:
    """Format the number of uses after which a tool has paid for itself."""
    if count is None:
        return "unknown"
    return "after 1 use" if count == 1 else f"after {count:,} uses"
