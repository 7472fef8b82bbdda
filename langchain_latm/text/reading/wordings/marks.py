"""Marks: units and other words beside a value that tell its role, as in "5 km" and "km: 5"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langchain_latm.text.reading.wordings.tokens import Token

_ALIKE: Final = {
    word: line.split()[0]
    for line in """
        % percent pct per-cent prozent pourcent procent prozents percento percentage
        $ dollar dollars usd bucks
        \u20ac euro euros eur
        \u00a3 gbp quid
        h hour hours hr hrs stunde stunden std heure heures hora horas ora ore
        min minute minutes mins minuten minuto minutos minuti
        s sec secs second seconds sekunde sekunden seconde secondes segundo segundos
        d day days tag tage tagen jour jours d\u00eda d\u00edas
        y year years yr yrs jahr jahre jahren an ans a\u00f1o a\u00f1os
        km kilometer kilometers kilometre kilometres kilom\u00e8tre kilom\u00e8tres
        m meter meters metre metres m\u00e8tre m\u00e8tres metro metros
        kg kilo kilos kilogram kilograms kilogramm
        g gram grams gramm gramme grammes
        l litre litres liter liters
        """.strip().splitlines()
    for word in line.split()
}
"""Spellings of the common units. Without them the words beside values are compared as they are."""
UNITS: Final = frozenset(_ALIKE.values())


def unit_of(word: str) -> str | None:
    """Return the usual sign of a common unit; None for other words."""
    return _ALIKE.get(word)


def marks_beside(tokens: Sequence[Token], place: int) -> frozenset[str]:
    """Return the marks of a value: the common units beside it, and the neighbouring words with their side.

    A unit before a value belongs to it only if it is no unit of the value before, as in "5 % 20 $".
    """
    found: set[str] = set()
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    before = tokens[place - 1] if place else None
    if after is not None:
        found.add(_mark(after, ">"))
    if before is not None:
        taken = place > 1 and tokens[place - 2].sort is not None and unit_of(before.text) is not None
        if before.text in {"$", "\u20ac", "\u00a3"} or not taken:
            found.add(_mark(before, "<"))
    return frozenset(found)


def _mark(token: Token, side: str) -> str:
    if token.sort is not None:
        return f"{side}#{token.sort}"
    return unit_of(token.text) or f"{side}{token.text}"
