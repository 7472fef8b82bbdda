"""Finds quantities, such as "24 pounds-force", and the unit that a text asks for.

The functions are copied into tools: see `unit_names`. A text is read only if everything in it is understood: a number
without a unit, an unknown word or another unit may change what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from langchain_latm.making.synthesis.operators.unit_names import (
    COMMON_WORDS,
    UNIT_WORD,
    Known,
    Unit,
    unit_at,
    units_named,
    value_in,
    whole_unit,
)

Token = tuple[str, str, Fraction, list[Unit]]
"""Kind of a token, its text or, of a quantity, the text of its unit; number; readings of the unit."""

QUANTITY_NUMBERS: Final = {
    "point": r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?|\.\d+",
    "comma": r"(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?(?:[eE][+-]?\d{1,2})?",
}
PLAIN_WORDS: Final = frozenset(
    """
    a an answer are as be by calculate can change compute convert converted converting conversion could corresponds
    correspond do does equal equals equivalent equivalence express expressed expressing find following for from get give
    given gives have how i if in into is it length make makes many mass me measure measured measurement much
    need of on please quantity same show speed state temperature tell that the there this to translate turn unit units
    us value volume want was weigh weighs weight we were what what's whats when which will with would write written you
    distance area amount long heavy energy power pressure force time
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
"""Words that do not change what is asked. Tools also know the other words of their examples."""

LONGEST_REQUEST: Final = 300
ASKING_WORDS: Final = frozenset("to into in of as many units unit -> => > \u2192 = : -".split())  # noqa: SIM905
"""What precedes a unit that may be a word or letter without a meaning here, such as "in" or "C"."""
JOINING_WORDS: Final = {"plus": 1, "+": 1, "minus": -1, "\u2212": -1}
"""A hyphen is none: "5-10 kg" is a range."""


def read_number(text: str, notation: str) -> Fraction:
    """Return the value of a number in one of the notations."""
    plain = text.replace("\u2212", "-")
    if notation == "comma":
        return Fraction(re.sub("[. ]", "", plain).replace(",", "."))
    return Fraction(plain.replace(",", ""))


def unit_tokens(text: str, notation: str, known: Known) -> Iterator[Token]:
    """Yield the quantities, units, words and marks of a text.

    Raises:
        ValueError: A number has no unit, or a character is unknown.
    """
    number = re.compile(rf"(?<![\w.,])[+\u2212-]?(?:{QUANTITY_NUMBERS[notation]})(?![.,/:]?\d|[%\u2030])")
    word = re.compile(rf"[\w'\u2019]+|{UNIT_WORD}")
    mark = re.compile(r"[,.?!:;()\[\]=\"'<>|\u2192\u21d2\u2013\u2014\u2212+-]+")
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
        elif match := number.match(text, place):
            start = re.compile(r"\s?-?").match(text, match.end())
            unit = start and unit_at(text, start.end(), known, strict=False)
            if unit is None or start is None or is_preposition(text, start.end(), unit[0], known):
                raise ValueError("expected a unit after each number")
            yield "quantity", text[start.end() : unit[0]], read_number(match[0], notation), unit[1]
            place = unit[0]
        elif found := word.match(text, place):
            unit = unit_at(text, place, known)
            end = unit[0] if unit else found.end()
            yield "unit" if unit else "word", text[place:end], Fraction(0), unit[1] if unit else []
            place = end
        elif found := mark.match(text, place):
            yield "mark", found[0], Fraction(0), []
            place = found.end()
        else:
            raise ValueError("expected only words, numbers and units")


def is_preposition(text: str, start: int, end: int, known: Known) -> bool:
    """Whether a word after a number is no unit, as in "5 in metres"."""
    after = re.compile(r"\s+(?!in\b)").match(text, end)
    return (
        text[start:end].lower() in COMMON_WORDS and after is not None and unit_at(text, after.end(), known) is not None
    )


def quantities_in(
    text: str, notation: str, words: Iterable[str], known: Known
) -> tuple[list[tuple[Fraction, list[Unit]]], dict[str, list[Unit]]]:
    """Return the quantities of a text, those after "minus" as negative numbers, and the other units that it names.

    Raises:
        ValueError: Something in it is not understood.
    """
    if len(text) > LONGEST_REQUEST:
        raise ValueError("expected a shorter text")
    tokens = list(unit_tokens(text, notation, known))
    plain, sign, last = {*PLAIN_WORDS, *words}, 1, 0
    amounts: list[tuple[Fraction, list[Unit]]] = []
    units: dict[str, list[Unit]] = {}
    doubtful: dict[str, list[Unit]] = {}
    for place, (kind, name, number, readings) in enumerate(tokens):
        word = name.lower().replace("\u2019", "'")
        asked = place > 0 and tokens[place - 1][1].lower() in ASKING_WORDS
        joins = [tokens[each][0] if 0 <= each < len(tokens) else "" for each in (place - 1, place + 1)]
        if kind == "quantity":
            between = " ".join(each[1].lower() for each in tokens[last + 1 : place]) if amounts else "plus"
            if not between and not is_part(number, readings, amounts[-1]):
                raise ValueError("expected one quantity, or a sum")
            sign = joined_sign(between) if between else sign
            amounts.append((sign * number, readings))
            last = place
        elif kind == "unit" and len(name) > 1 and word not in COMMON_WORDS:
            units.setdefault(name, readings)
        elif asked and (found := readings or ([] if word in plain else units_named(name, known, strict=False))):
            doubtful.setdefault(name, found)
        elif word in JOINING_WORDS:
            if joins != ["quantity", "quantity"]:
                raise ValueError("expected two quantities to add")
        elif kind != "mark" and word not in plain:
            raise ValueError(f"expected no word like {name!r}")
    return amounts, units or doubtful


def joined_sign(between: str) -> int:
    """Return the sign of a quantity after the words before it.

    Raises:
        ValueError: They do not add it to another one or subtract it.
    """
    if between not in JOINING_WORDS:
        raise ValueError("expected one quantity, or a sum")
    return JOINING_WORDS[between]


def is_part(number: Fraction, units: list[Unit], before: tuple[Fraction, list[Unit]]) -> bool:
    """Whether a quantity is less than one unit of the one before, as the inches of 5 feet 11 inches."""
    pairs = [(one, other) for one in before[1] for other in units if one[0] == other[0]]
    return bool(pairs) and before[0] >= 0 and all(0 <= number * other[1] < one[1] for one, other in pairs)


def converted_request(
    text: str, notation: str, words: Iterable[str], conventions: dict[str, str], known: Known
) -> tuple[Decimal, str]:
    """Return the quantity of a text in the other unit that it names, and that unit as it is written.

    Raises:
        ValueError: The text is not understood, or names no such unit or several.
    """
    amounts, units = quantities_in(text, notation, words, known)
    if not amounts or len({name.lower() for name in units}) != 1:
        raise ValueError("expected a quantity, and one other unit")
    ((name, target), *_) = units.items()
    return value_in(amounts, target, conventions), name


def converted_cell(text: str, unit: str, notation: str, conventions: dict[str, str], known: Known) -> Decimal:
    """Return a text that is one quantity, or a sum, in a unit.

    Raises:
        ValueError: The text or the unit is not understood.
    """
    amounts, units = quantities_in(text, notation, (), known)
    if not amounts or units:
        raise ValueError("expected a quantity")
    return value_in(amounts, whole_unit(unit, known), conventions)


def converted_number(number: Decimal, source: str, target: str, conventions: dict[str, str], known: Known) -> Decimal:
    """Return a number of one unit in another.

    Raises:
        ValueError: A unit is not understood, or they measure different quantities.
    """
    return value_in([(Fraction(number), whole_unit(source, known))], whole_unit(target, known), conventions)
