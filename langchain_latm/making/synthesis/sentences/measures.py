"""Reads numbers in sentences with what they measure: a percentage, a sum of money, a length, a speed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from langchain_latm.making.synthesis.sentences.numerals import plain_number

Thing = tuple[str, Any, Fraction, int, int]
"""The sort of a thing, its value, the factor of its unit, and where it begins and ends in the text."""
Units = Mapping[str, tuple[str, Fraction]]
"""What each unit measures, and its factor, by name or symbol."""

UNREAD = "digits of something else"
"""The sort of digits that are part of a code, a fraction or the like."""
IN_WORDS = " in words"
"""End of the sort of a number in words where numbers are read in digits only."""
NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|(?:thir|four|fif|six|seven|eigh|nine)teen|ten|eleven|twelve"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|half|quarter|dozen|twice|double)s?\b",
    re.IGNORECASE,
)
MONEY_SCALE = r"\s?(k|K|m|M|mn|bn|thousand|million|billion)\b"
SCALES_OF_MONEY = {"k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}
PERCENT = r"\s?(?:%|percent\b|per\s?cent\b|pct\b)"
MONEY_SIGN = (
    r"(?:US|CA?|AU?|NZ|HK)?\$|[\u20ac\u00a3\u00a5\u20b9\u20a9\u20ba\u20bd]"
    r"|\b(?:USD|EUR|GBP|JPY|CHF|INR|CAD|AUD|Rs\.?)(?=[\s\d]|$)"
)
MONEY_NAME = r"(?:US\s|Swiss\s)?(?:dollars?|euros?|pounds?|bucks|quid|yen|rupees?|francs?|crowns?)\b"
EACH = r"\s?(?:each\b|apiece\b|a\s+piece\b|per\b|/\s?(?=[^\W\d])|(?:an?|1)\s+(?=[a-z])|for\s+(?:each|every|one)\b)"
EACH_BEFORE = re.compile(
    r"\b(?:each|apiece|per\s+\w+|(?:one|1)\s+(?:of\s+)?(?:the\s+)?\w+)\s*(?:is|are|at|costs?|for|:|=)?\s*$",
    re.IGNORECASE,
)
NO_UNITS = ("in", "a", "as", "am", "at", "us", "do", "das", "is", "ms", "mas", "pm")
"""Words that are seldom meant as units if another word follows."""


def units_in(table: str) -> Units:
    """Return the units of a table with a line for each: what it measures; factor; names and symbols.

    A factor is written as "n127d5000" for 127/5000, so that no number in it is taken for the answer of an example.
    """
    found = {}
    for line in filter(None, table.split("\n")):
        sort, factor, names = line.split(";")
        found.update({name: (sort, Fraction(factor[1:].replace("d", "/"))) for name in names.split(",")})
    return found


def number_of(text: str, numeral: re.Match[str], units: Units) -> Thing:
    """Return a number with its mark or unit."""
    start, end = numeral.span()
    value, one = Fraction(plain_number(numeral[0])), Fraction(1)
    if ordinal := re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE).match(text, end):
        return "ordinal", value, one, start, ordinal.end()
    if percent := re.compile(PERCENT, re.IGNORECASE).match(text, end):
        return "percentage", value, one, start, percent.end()
    before = re.compile(rf"(?<![^\W\d_])(?:{MONEY_SIGN})\s?$", re.IGNORECASE).search(text, max(0, start - 20), start)
    after = re.compile(rf"\s?(?:{MONEY_SIGN}|{MONEY_NAME})", re.IGNORECASE).match(text, end)
    if before or after:
        scale = re.compile(MONEY_SCALE).match(text, end) if before else None
        value *= SCALES_OF_MONEY[scale[1][0].lower()] if scale else 1
        stop = scale.end() if scale else after.end() if after and not before else end
        begin = before.start() if before else start
        each = re.compile(EACH, re.IGNORECASE).match(text, stop) or EACH_BEFORE.search(text, 0, begin)
        return ("price" if each else "money"), value, one, begin, stop
    gap = re.compile(r"[\s-]?").match(text, end)
    unit = unit_at_place(text, gap.end() if gap else end, units)
    if unit is not None:
        return unit[0], value, unit[1], start, unit[2]
    is_part = re.compile(r"[^\W\d_]").match(text, end) is not None  # "20k"
    return (UNREAD if is_part else "number"), value, one, start, end


def word_of(text: str, word: re.Match[str], units: Units) -> Thing:
    """Return a number in words as a thing that is not read, by what it counts."""
    gap = re.compile(r"[\s-]*(?:(?:of\s+)?an?\s+)?").match(text, word.end())
    unit = unit_at_place(text, gap.end() if gap else word.end(), units)
    return f"{unit[0] if unit else 'number'}{IN_WORDS}", word[0], Fraction(1), *word.span()


def unit_at_place(text: str, start: int, units: Units) -> tuple[str, Fraction, int] | None:
    """Return what the unit at a place of a text measures, its factor and its end; None if there is none."""
    power = re.compile(r"(square|sq\.?|cubic|cu\.?)\s", re.IGNORECASE).match(text, start)
    found = unit_named(text, power.end() if power else start, units)
    if found is None:
        return None
    sort, factor, end = found
    raised = re.compile(r"(\u00b2|\^?2\b)|(\u00b3|\^?3\b)").match(text, end)
    if sort == "length" and (power or raised):
        is_square = power[1][0] in "sS" if power else bool(raised and raised[1])
        sort, factor = ("area", factor**2) if is_square else ("volume", factor**3)
        end = raised.end() if raised else end
    sign = re.compile(r"\s*/\s*|\s+(?:per|an?|1)\s+").match(text, end)
    per = unit_named(text, sign.end(), units) if sign else None
    if per is not None:
        sort = "speed" if (sort, per[0]) == ("length", "duration") else f"{sort} per {per[0]}"
        factor, end = factor / per[1], per[2]
    return None if re.compile(r"[-'\u2019]\w|[\w^]").match(text, end) else (sort, factor, end)


def unit_named(text: str, start: int, units: Units) -> tuple[str, Fraction, int] | None:
    """Return what the longest name of a unit at a place measures, its factor and its end; None if there is none."""
    for pattern in (r"[^\W\d_]+ [^\W\d_]+", r"\u00b0 ?[CF]\b|[^\W\d_]+|[\u00b0\u2103\u2109]"):
        name = re.compile(pattern).match(text, start)
        if name is None:
            continue
        word = name[0].replace("\u00b0 ", "\u00b0")
        known = next((each for each in (word, word.lower(), word.lower().removesuffix("s")) if each in units), None)
        follows = start and not text[start - 1].isdigit() and re.compile(r"\s+[a-z]").match(text, name.end())
        if known is not None and not (follows and word.lower() in NO_UNITS):
            return *units[known], name.end()
    return None
