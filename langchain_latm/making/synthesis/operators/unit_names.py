"""Reads names of units, such as "kilonewtons", "US fl oz", "km/h" and "square feet".

A name may have several readings, such as "pint" or "m". Their functions are copied into tools, so they use nothing but
the standard library, the tables and each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Final

from langchain_latm.making.synthesis.operators.unit_table import UNIT_PREFIXES, UNIT_TABLE

Unit = tuple[Fraction, Fraction, Fraction, dict[str, str]]
"""Dimension, factor, what is added before, and labels of a reading. A dimension is a product of primes, one for each
letter, so that dimensions are multiplied like units."""
Units = dict[str, list[tuple[Unit, str]]]
Known = tuple[Units, Units, list[tuple[str, str, int]]]
"""The units by name and by symbol, each with the prefixes that it takes, and the prefixes with their powers of ten."""

DIMENSION_PRIMES: Final = dict(zip("LMTIKNJBARSQ", (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37), strict=True))
"""Length, mass, time, current, temperature, amount, luminous intensity, data, angle; radioactivity, and two doses."""
PI_DIGITS: Final = "3.14159265358979323846264338327950288419717"
UNIT_COUNTRIES: Final = {
    "us": "us", "american": "us", "metric": "metric", "imperial": "imperial", "uk": "imperial", "british": "imperial",
}  # fmt: skip
UNIT_WORD: Final = r"(?:°?[^\W\d_²³]+|[°\u2032\u2033℃℉])"
COMMON_WORDS: Final = frozenset("in a as am at us do das is ms mas pm".split())  # noqa: SIM905
"""Words that are seldom meant as units, such as "as", an attosecond."""


def known_units() -> Known:
    """Return the units by name and by symbol, each with the prefixes that it takes, and all prefixes."""
    names: Units = {}
    symbols: Units = {}
    for line in UNIT_TABLE.split("\n"):
        letters, factors, takes, named, short, *decided = line.split(";")
        dimension = Fraction(1)
        for letter, power in re.findall(r"([A-Z])(-?\d)?", letters):
            dimension *= Fraction(DIMENSION_PRIMES[letter]) ** int(power or 1)
        question, _, answers = "".join(decided).partition("=")
        for given, label in zip(factors.split(","), answers.split(","), strict=True):
            scale, _, before = given[1:].partition("+")
            above, _, below = scale.partition("/")
            factor = Fraction(above) / Fraction(below or 1) * (Fraction(PI_DIGITS) if given[0] == "p" else 1)
            unit = (dimension, factor, Fraction(before or 0), {question: label} if label else {})
            for found, words in ((names, named), (symbols, short)):
                for word in filter(None, words.split(",")):
                    found.setdefault(word, []).append((unit, takes))
    prefixes = [entry.split(" ") for entry in UNIT_PREFIXES.replace("\n", ";").split(";")]
    return names, symbols, [(name, symbol, int(power)) for name, symbol, power in prefixes]


def units_named(word: str, known: Known, *, strict: bool = True) -> list[Unit]:
    """Return the readings of a name or symbol; without `strict`, the symbol may be in another case."""
    names, symbols, starts = known
    singular = dict.fromkeys((word.lower(), word.lower().removesuffix("s")))
    ways = [(names, stem) for stem in singular] + [(symbols, word)]
    found = [unit for table, text in ways for unit, _ in table.get(text, [])]
    for name, symbol, power in starts:
        for table, text in ways:
            start = name if table is names else symbol
            for unit, takes in table.get(text[len(start) :], []) if text.startswith(start) else []:
                if takes and not (takes == "name" and table is symbols):
                    found += scaled_unit(unit, power, takes)
    if word.startswith("K"):  # the usual symbol of a kilobyte
        of_bytes = [unit for unit, takes in symbols.get(word[1:], []) if takes == "byte"]
        found += [each for unit in of_bytes for each in scaled_unit(unit, 3, "byte")]
    for power, start in enumerate(("kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"), 1):
        for table, text in ways:
            begin = start if table is names else f"{start[0].upper()}i"
            data = table.get(text[len(begin) :], []) if text.startswith(begin) else []
            found += [(unit[0], unit[1] * 1024**power, *unit[2:]) for unit, kind in data if kind in {"bit", "byte"}]
    return found if found or strict else units_in_any_case(word, known)


def scaled_unit(unit: Unit, power: int, prefixes: str) -> list[Unit]:
    """Return a unit with a prefix: of a byte, it may be a power of 1,024."""
    dimension, factor, before, labels = unit
    plain = (dimension, factor * Fraction(10) ** power, before, labels)
    if prefixes not in {"bit", "byte"}:
        return [plain]
    if power < 3 or power % 3:  # noqa: PLR2004 - bits are counted in thousands
        return []
    if prefixes == "bit":
        return [plain]
    binary = (dimension, factor * 1024 ** (power // 3), before, {**labels, "bytes": "binary"})
    return [(*plain[:3], {**labels, "bytes": "decimal"}), binary]


def units_in_any_case(word: str, known: Known) -> list[Unit]:
    """Return the readings of a symbol in another case, such as `KG`; none if several symbols are like it."""
    plain = word.lower()
    found: dict[str, list[Unit]] = {}
    for short in known[1]:
        if plain.endswith(short.lower()):
            begin = plain[: len(plain) - len(short)]
            for prefix in ("", *(symbol for _, symbol, _ in known[2] if symbol.lower() == begin)):
                if prefix.lower() == begin and (units := units_named(prefix + short, known)):
                    found[prefix + short] = units
    return [unit for units in found.values() for unit in units]


def unit_power(units: Iterable[Unit], power: int) -> list[Unit]:
    """Return the powers of readings; a temperature with its own zero has none."""
    return [(unit[0] ** power, unit[1] ** power, unit[2], unit[3]) for unit in units if not unit[2]]


def unit_products(left: list[Unit], right: list[Unit], sign: int) -> list[Unit]:
    """Return the products of readings, or their quotients, without those with labels that contradict each other."""
    return [
        (one[0] * other[0] ** sign, one[1] * other[1] ** sign, Fraction(0), {**one[3], **other[3]})
        for one, other in product(left, right)
        if not one[2] and not other[2] and all(other[3].get(key, value) == value for key, value in one[3].items())
    ]


def unit_factor(text: str, start: int, known: Known, *, strict: bool) -> tuple[int, list[Unit]] | None:
    """Return the end and the readings of the longest name at a position, with its power; None if there is none."""
    if area := re.compile(r"(square|sq\.?|cubic|cu\.?)[ -]", re.IGNORECASE).match(text, start):
        inner = unit_factor(text, area.end(), known, strict=strict)
        return inner and (inner[0], unit_power(inner[1], 2 if area[1][0] in "sS" else 3))
    words = re.compile(rf"{UNIT_WORD}(?:(?: |-|\. ?){UNIT_WORD}){{0,3}}|['\"]").match(text, start)
    ends = [each.end() for each in re.finditer(rf"{UNIT_WORD}|['\"]", text[start : words.end()])] if words else []
    for end in reversed(ends):
        name = re.sub(r"\. ?|-", " ", text[start : start + end])
        found = units_named(name, known, strict=strict or " " in name)
        country, _, rest = name.partition(" ")
        if not found and rest and (label := UNIT_COUNTRIES.get(country.lower())):
            of_country = [each for each in units_named(rest, known) if each[3].get("customary") == label]
            found = [(*each[:3], {}) for each in of_country]
        power = re.compile(r"(²|\^?2| squared)|(³|\^?3| cubed)").match(text, start + end)
        stop = power.end() if power else start + end
        is_mark = name in {"'", '"', "\u2032", "\u2033"}
        if found and (is_mark or not re.compile(r"[\w^]|['\u2019]\w").match(text, stop)):
            return stop, unit_power(found, 2 if power[1] else 3) if power else found
    return None


def unit_at(text: str, start: int, known: Known, *, strict: bool = True) -> tuple[int, list[Unit]] | None:
    """Return the end and the readings of the unit at a position; None if there is none.

    Raises:
        ValueError: It is divided by something unknown, as in "kg per person".
    """
    first = unit_factor(text, start, known, strict=strict)
    if first is None:
        return None
    end, units = first
    while sign := re.compile(r"\s*(/)\s*|\s+(per)\s+(?:an? )?|[·⋅*]").match(text, end):
        further = unit_factor(text, sign.end(), known, strict=strict)
        if further is None:
            raise ValueError("expected a known unit")
        end, units = further[0], unit_products(units, further[1], -1 if sign[1] or sign[2] else 1)
    return end, units


def whole_unit(text: str, known: Known) -> list[Unit]:
    """Return the readings of a text that is a unit and nothing else.

    Raises:
        ValueError: It is none.
    """
    name = text.strip()
    found = unit_at(name, 0, known, strict=False)
    if found is None or name[found[0] :] not in {"", "."}:
        raise ValueError("expected a known unit")
    return found[1]


def value_in(amounts: list[tuple[Fraction, list[Unit]]], target: list[Unit], conventions: dict[str, str]) -> Decimal:
    """Return the sum of amounts in a unit, in the one way to read all units that fits.

    Raises:
        ValueError: No way fits, several do and have different values, or the value is too large to be written.
    """
    values = set()
    for unit, *units in product(target, *(readings for _, readings in amounts)):
        labels = [each[3] for each in (unit, *units)]
        merged = {**conventions}
        for each in labels:
            merged = {**each, **merged}
        agree = all(merged[key] == value for each in labels for key, value in each.items())
        shifted = any(each[2] for each in (unit, *units)) and len(units) > 1
        if agree and not shifted and all(each[0] == unit[0] for each in units):
            pairs = zip(amounts, units, strict=True)
            total = sum((each[1] * (number + each[2]) for (number, _), each in pairs), Fraction(0))
            values.add(total / unit[1] - unit[2])
    if len(values) != 1:
        raise ValueError("expected units of one quantity, each with one meaning")
    value = values.pop()
    if abs(value) >= 10**18:
        raise ValueError("expected a smaller number")
    return Decimal(value.numerator) / Decimal(value.denominator)
