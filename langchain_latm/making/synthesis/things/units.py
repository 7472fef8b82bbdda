"""The units that people write in sentences, as a table that a tool can hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cache
from typing import Final

from langchain_latm.making.synthesis.operators.unit_names import DIMENSION_PRIMES, Unit, known_units, units_named
from langchain_latm.making.synthesis.sentences.measures import Units, units_in

_UNSAID: Final = frozenset(
    ("parsec", "pc", "rod", "chain", "grain", "gr", "mil", "thou", "fur", "au", "AU", "ac", "sf", "cf")
)
"""Units that are other words in most sentences, such as "pcs" or "chains"."""
_BARE: Final = frozenset(("sec",))
"""Units that nobody writes with a prefix."""
_SAID: Final = "weight;n1d1;kilo"
"""A unit that people say, and no table has."""
_PREFIXES: Final = ("kilo", "centi", "milli", "deci", "mega", "giga", "micro")
MEASURED: Final = {
    "length": "L", "area": "LL", "volume": "LLL", "weight": "M", "duration": "T", "temperature": "K", "data": "B",
}  # fmt: skip
"""What units in sentences measure, as products of dimensions (`DIMENSION_PRIMES`)."""


@cache
def all_units() -> Units:
    """Return all units by name."""
    return units_in(unit_table())


@cache
def unit_table() -> str:
    """Return all units that people write in sentences, with the usual prefixes.

    A unit of several meanings, such as a pint, is a sort of its own: its factor is not known.
    """
    known = known_units()
    names, symbols, prefixes = known
    lines: dict[tuple[str, Fraction], list[str]] = {}
    for table in (names, symbols):
        for word, readings in table.items():
            if word in _UNSAID:
                continue
            takes = any(each not in {"", "name"} for _, each in readings) and word not in _BARE
            starts = [(name if table is names else symbol) for name, symbol, _ in prefixes if name in _PREFIXES]
            for name in (word, *(start + word for start in starts if takes)):
                found = units_named(name, known)
                key = _measured(name, found) if found else None
                if key is not None:
                    lines.setdefault(key, []).append(name)
    written = [
        f"{sort};n{factor.numerator}d{factor.denominator};{','.join(dict.fromkeys(each))}"
        for (sort, factor), each in lines.items()
    ]
    return "\n".join([*written, _SAID])


def _measured(name: str, readings: Sequence[Unit]) -> tuple[str, Fraction] | None:
    """Return what a unit measures and its factor; None if it measures nothing that sentences are about."""
    first = min(readings, key=lambda each: len(each[3]))  # an ounce is rather one of weight
    sort = next((sort for sort, dimension in _dimensions().items() if dimension == first[0]), None)
    if sort is None:
        return None
    same = [each for each in readings if each[0] == first[0]]
    if first[2]:
        return f"{sort} in {'celsius' if first[1] == 1 else 'fahrenheit'}", Fraction(1)
    if len({each[1] for each in same}) > 1:
        return f"{sort} in {name}", Fraction(1)
    return sort, first[1]


@cache
def _dimensions() -> dict[str, Fraction]:
    found = {}
    for sort, letters in MEASURED.items():
        found[sort] = Fraction(1)
        for letter in letters:
            found[sort] *= DIMENSION_PRIMES[letter]
    return {**found, "speed": found["length"] / found["duration"]}


def units_of(sorts: Collection[str]) -> str:
    """Return the lines of the table for these sorts of things; each rate has two units."""
    needed = {part for sort in sorts for part in sort.split(" per ")}
    needed |= {"length", "duration"} if "speed" in sorts else set()
    return "\n".join(line for line in unit_table().split("\n") if line.partition(";")[0] in needed)
