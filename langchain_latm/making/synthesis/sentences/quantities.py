"""Reads the only quantity of a kind in a sentence: a percentage, a temperature, a duration, a length."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from langchain_latm.making.synthesis.sentences.number_words import with_digits
from langchain_latm.making.synthesis.sentences.numerals import (
    NUMERAL,
    NUMERAL_START,
    RANGE_END,
    RANGE_START,
    plain_number,
)

UNITS_OF = {
    "percentage": {r"%|per\s?cent|pct|prozent|pour\s?cent|por\s?ciento|per\s?cento": 1},
    "temperature": {
        r"\u00b0\s?[CF]?|\u2103|(?:degrees?|grad|degr\u00e9s?|grados?)(?:\s+(?:celsius|centigrade|fahrenheit|[CF]))?": 1
    },
    "age": {r"years?[\s-]olds?|years? of age": 1},
    "duration": {
        "seconds?|secs?|s": 1, r"minutes?|mins?\.?|m": 60, "hours?|hrs?|h": 60 * 60, "days?|d": 24 * 60 * 60,
        "weeks?|wks?": 7 * 24 * 60 * 60,
    },
    "length": {
        "millimet(?:re|er)s?|mm": 1, "centimet(?:re|er)s?|cms?": 10, "met(?:re|er)s?|m": 10**3,
        "kilomet(?:re|er)s?|kms?": 10**6,
    },
    "weight": {"grams?|g": 1, "kilograms?|kilos?|kgs?": 10**3, "tonnes?|t": 10**6},
}  # fmt: skip
"""The units of each kind, and what each is in the smallest one. A ton has another weight in each country, so it is left
out. The factors are computed, since a number that answers an example may not be a literal of a tool's code."""
AGE_START = r"\bage(?:d|\s+of)?\s+|\bturn(?:ed|s|ing)?\s+"
MINUS = r"(?<![^\s(:])-\s?|\b(?:minus|negative)\s+"
UNFINISHED = re.compile(r"\s?(?:and\s)?\d+(?!\d|\s?[^\W\d_]|[\s-][^\W\d_])")
TIMED = "(second|minute|hour|day|week|met(?:re|er)|kilomet(?:re|er)|kilo|tonne)"


def quantity_in(text: str, kind: str, scales: Collection[str] = ()) -> str:
    """Return the only quantity of a kind as a plain number, in seconds, millimetres or grams if the kind has units.

    Parts with "and", a comma or a space between them are one duration, as "1 hour and 20 minutes".

    Args:
        text: The text.
        kind: The kind; "scale" for the scale of the only temperature: "C", "F", or "degrees" if it is not said.
        scales: The scales that a temperature may have; any by default.

    Raises:
        ValueError: There is none, or several that differ, or a range.
    """
    measured = "temperature" if kind == "scale" else kind
    units, digits = UNITS_OF[measured], with_plain_parts(text, measured)
    values: list[Decimal] = []
    found = set()
    end, smallest = 0, 0
    for each in re.finditer(quantity_pattern(measured), digits, re.IGNORECASE):
        gap = digits[end : each.start()]
        after = digits[each.end() :]
        if RANGE_START.search(digits[: each.start()]) or RANGE_END.match(after):
            raise ValueError(f"expected one {kind}, not a range")
        if kind == "duration" and UNFINISHED.match(after):
            raise ValueError("expected a unit of time after each number")
        written = each["unit"] or ""
        found.add(scale_of(written))
        factor = next((units[unit] for unit in units if re.fullmatch(unit, written, re.IGNORECASE)), 1)
        number = plain_number(each["number"] or each["age"])
        value = Decimal(number) * (-factor if each["minus"] or each["below"] else factor)
        if values and factor < smallest and re.fullmatch(r"\s*(?:,|and|,\s*and)?\s*", gap):
            values[-1] += value
        else:
            values.append(value)
        end, smallest = each.end(), factor
    if len(set(values)) != 1 or (measured == "temperature" and len(found) != 1):
        raise ValueError(f"expected one {kind}")
    if scales and not found.issubset(scales):
        raise ValueError("expected a scale that the examples have")
    if kind == "scale":
        return found.pop()
    return f"{values[0]:f}" if len(units) == 1 else f"{values[0].normalize():f}"


def with_plain_parts(text: str, kind: str) -> str:
    """Write numbers in digits, fractions in decimals, and spaces between the parts of a duration.

    Raises:
        ValueError: It has units of time without a fixed length.
    """
    digits = with_digits(text.replace("\u2212", "-"))
    if len(UNITS_OF[kind]) > 1:
        digits = with_fractions(digits)
    if kind != "duration":
        return digits
    if re.search(r"\d[\s-]?(?:months?|years?)\b", digits, re.IGNORECASE):
        raise ValueError("expected units of time of one length")
    return re.sub(r"(?<=\d)(h|d|m|min)(?=\d)", r"\g<1> ", digits, flags=re.IGNORECASE)  # "2h10min"


def quantity_pattern(kind: str) -> str:
    """Return the pattern of a quantity of a kind."""
    word = rf"[\s-]?(?P<unit>{'|'.join(f'(?:{unit})' for unit in UNITS_OF[kind])})(?![^\W\d_])"
    pattern = rf"(?P<minus>{MINUS})?{NUMERAL_START if kind != 'temperature' else ''}(?P<number>{NUMERAL}){word}"
    pattern += r"(?P<below>\s+below\s+(?:zero|freezing|0))?"
    return pattern + (rf"|(?:{AGE_START})(?P<age>\d{{1,3}})(?![\w/:%]|[.,]\d)" if kind == "age" else "")


def scale_of(unit: str) -> str:
    """Return the scale that a unit of temperatures names."""
    scale = re.search(r"[CF]$|\u2103|celsius|centigrade|fahrenheit", unit, re.IGNORECASE)
    if scale is None:
        return "degrees"
    return "F" if scale[0][0] in "fF" else "C"


def with_fractions(text: str) -> str:
    """Write halves and quarters in decimals: "2 and a half hours", "half an hour", "an hour and a half"."""
    text = re.sub(rf"\b(\d+)\s+and\s+a\s+half\s+{TIMED}", r"\g<1>.5 \g<2>", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(\d+)\s+{TIMED}s?\s+and\s+a\s+half\b", r"\g<1>.5 \g<2>", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:an?|another)\s+{TIMED}\s+and\s+a\s+half\b", rf"{3 / 2} \g<1>", text, flags=re.IGNORECASE)
    for word, value in ((r"3[\s-]quarters", 3 / 4), (r"(?:an?\s+)?quarter", 1 / 4), (r"(?:an?\s+)?half", 1 / 2)):
        fraction = rf"\b{word}[\s-]+(?:of\s+)?(?:an?\s+)?{TIMED}\b"
        text = re.sub(fraction, rf"{value} \g<1>", text, flags=re.IGNORECASE)
    return re.sub(rf"\b(?:an?|another)\s+{TIMED}\b", r"1 \g<1>", text, flags=re.IGNORECASE)
