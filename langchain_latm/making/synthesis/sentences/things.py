"""Reads all typed things of a sentence in their order: dates, times, sums of money, quantities and other numbers.

Where the readers of one thing refuse a second one of its kind, these say which things there are. A tool takes a request
only if it holds the things that all examples hold, so the wording need not be known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from langchain_latm.making.synthesis.sentences.clock_times import CLOCK_FORMS, MINUTES, moment_of
from langchain_latm.making.synthesis.sentences.measures import (
    IN_WORDS,
    NUMBER_WORD,
    UNREAD,
    Thing,
    Units,
    number_of,
    unit_at_place,
    word_of,
)
from langchain_latm.making.synthesis.sentences.number_words import with_digits
from langchain_latm.making.synthesis.sentences.quantities import with_fractions
from langchain_latm.making.synthesis.sentences.written_dates import dates_found

Placed = tuple[str, Any, Fraction, tuple[str, ...]]
"""The sort of a thing, its value, the factor of its unit, and the words beside it."""

DIGITS = (
    r"(?<![\w.:/])(?<!\d,)(?<!\w-)(?!\d{4}-\d\d-\d)(?:(?<![^\s(:=])-)?"
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?!\d|[.,:/]\d)"
)
"""A number that is no part of a date, a time, a fraction or a code."""
WORDS_BEFORE = 4
WORDS_AFTER = 3
"""Maximum number of words beside a thing, on each side."""
SHORT = 3
ASKS_UNIT = re.compile(r"(?:\b(?:in|into|to|as|many|of|are|total|number|whole)|[=>(])\s*$", re.IGNORECASE)
"""Words after which a short name, such as "g", is a unit that is asked for."""
BETWEEN_PARTS = re.compile(r"\s*(?:,|and|,\s*and)?\s*")
BETWEEN_ITEMS = re.compile(r"[\s,;|/&+(){}\[\]]*(?:\b(?:and|plus|or)\b)?[\s,;|/&+(){}\[\]]*", re.IGNORECASE)
RANGE = re.compile(r"\s*(?:-|\u2013|to|till|until|and|but)\s*", re.IGNORECASE)
SHARED_UNIT = re.compile(r"\s*(?:,|and|or|by|x|\u00d7|to|-|\u2013)\s*", re.IGNORECASE)


def in_signs(text: str) -> str:
    """Return a text with plain minus signs, and with the parts of durations apart: "8m38s", "1h38" and "2:28 h"."""
    text = re.sub(r"(?<![\d:])(\d{1,3}):([0-5]\d)\s?(?:h|hrs?|hours?)\b", r"\1 h \2 min", text.replace("\u2212", "-"))
    text = re.sub(r"(?<=\d)\s?m\s?(?=\d+\s?s\b)|(?<=\dh)\s?(\d+)\s?m\b", r"\1 min ", text)
    text = re.sub(r"(?<=\d)h\s?([0-5]\d)(?!\s?m|\w)", r" h \1 min", text)
    return re.sub(r"(?<=\d)(h|d|min)(?=\d)", r"\g<1> ", text, flags=re.IGNORECASE)


def in_digits(text: str) -> str:
    """Return an English text with its numbers in digits, and "half an hour" as a decimal."""
    return with_fractions(with_digits(text))


def dates_of(text: str, order: str) -> list[Thing]:
    """Return the dates of a text; "day first" or "month first" is the order of dates of three numbers."""
    found = dates_found(text, order, None)
    return [("date", day.isoformat(), Fraction(1), place.start, place.stop) for place, day in found]


def times_of(text: str, found: Collection[Thing]) -> list[Thing]:
    """Return the times of day of a text, in minutes, where nothing was found before."""
    times: list[Thing] = []
    for form in CLOCK_FORMS:
        for each in re.finditer(rf"(?<![\w.,:/$\u20ac\u00a3-]){form}(?![\w:/%]|[.,]\d)", text, re.IGNORECASE):
            minute = minute_of(each, text) if is_free(each.start(), each.end(), [*found, *times]) else None
            if minute is not None:
                times.append(("time", minute, Fraction(1), *each.span()))
    return times


def minute_of(found: re.Match[str], text: str) -> int | None:
    """Return the minute of the day of a time; None if it is no time, or its half of the day is not known."""
    try:
        hour, minute, _ = moment_of(found.groupdict(), text, early=False)
    except ValueError:
        return None
    return hour * MINUTES + minute


def things_in(text: str, found: Sequence[Thing], units: Units, options: Collection[str]) -> list[Placed]:
    """Return the things found in a text and its numbers, in their order, with the words beside them.

    Args:
        text: The text.
        found: Its dates and times.
        units: The units.
        options: "ranges" if two things such as "8:00 to 17:30" are a range; "lists" if things such as "78, 94 and 61"
            are a list; "plain" if a number counts whatever it measures, in base units of the SI; "target" if the text
            names the unit in which what it measures is asked for.

    Raises:
        ValueError: No unit is asked for, or several.
    """
    numerals = [each for each in re.finditer(DIGITS, text) if is_free(each.start(), each.end(), found)]
    numbers = [number_of(text, each, units) for each in numerals]
    known = [*found, *numbers]
    known += [
        (UNREAD, each[0], Fraction(1), *each.span())
        for each in re.finditer(r"\d+", text)
        if is_free(each.start(), each.end(), known)
    ]
    known += [
        word_of(text, each, units) for each in NUMBER_WORD.finditer(text) if is_free(each.start(), each.end(), known)
    ]
    things = with_shared_units(sorted(known, key=lambda each: each[3]), text)
    things = with_whole_durations(things, text)
    if "target" in options:
        things = in_target(things, text, units)
    if "plain" in options:
        things = [
            ("number", each[1] * each[2], Fraction(1), *each[3:]) if isinstance(each[1], Fraction) else each
            for each in things
        ]
    if "ranges" in options:
        things = with_groups(things, text, "range", RANGE)
    if "lists" in options:
        things = with_groups(things, text, "list", BETWEEN_ITEMS)
    ends = [0, *(each[4] for each in things), len(text)]
    starts = [*(each[3] for each in things), len(text)]
    placed: list[Placed] = []
    for i, each in enumerate(things):
        before = words_in(re.split(r"[.;:!?]", text[ends[i] : starts[i]])[-1])[-WORDS_BEFORE:]
        after = words_in(re.split(r"[,.;:!?]", text[ends[i + 1] : starts[i + 1]])[0])[:WORDS_AFTER]
        placed.append((*each[:3], (*before, *after)))
    return placed


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"[^\W\d_]+", text.lower())


def is_free(start: int, end: int, found: Collection[Thing]) -> bool:
    """Whether no thing found so far covers a part of a span."""
    return not any(start < other[4] and other[3] < end for other in found)


def with_shared_units(things: Sequence[Thing], text: str) -> list[Thing]:
    """Return things in which a number before another one has the unit of both, as in "22 and 20 metres"."""
    found: list[Thing] = []
    for each in reversed(things):
        after = found[-1] if found else None
        if (
            after is not None
            and each[0] == "number"
            and after[0] not in {"number", "date", "time", "ordinal", UNREAD}
            and not after[0].endswith(IN_WORDS)
            and not (after[0] == "percentage" and each[1] < 1)  # "0.4 or 35 %"
            and SHARED_UNIT.fullmatch(text[each[4] : after[3]])
        ):
            found.append((after[0], each[1], after[2], each[3], each[4]))
        else:
            found.append(each)
    return found[::-1]


def with_whole_durations(things: Sequence[Thing], text: str) -> list[Thing]:
    """Return things in which neighbouring parts, such as "2 h 5 min", are one."""
    found: list[Thing] = []
    for each in things:
        last = found[-1] if found else None
        if (
            last is not None
            and last[0] == each[0] == "duration"
            and each[2] < last[2]
            and BETWEEN_PARTS.fullmatch(text[last[4] : each[3]])
        ):
            found[-1] = ("duration", last[1] * last[2] / each[2] + each[1], each[2], last[3], each[4])
        else:
            found.append(each)
    return found


def in_target(things: Sequence[Thing], text: str, units: Units) -> list[Thing]:
    """Return things with their quantities in the unit that the text asks for, and the symbol of this unit.

    Raises:
        ValueError: It asks for no unit of a quantity that it holds, or for several.
    """
    sorts = {each[0] for each in things}
    targets: dict[tuple[str, Fraction], tuple[int, int]] = {}
    for each in re.finditer(r"[^\W\d_]+|\u00b0 ?[CF]", text):
        found = unit_at_place(text, each.start(), units) if is_free(*each.span(), things) else None
        is_asked = ASKS_UNIT.search(text, 0, each.start()) or re.compile(r"\s*[?.!]*$").match(text, each.end())
        if found is not None and found[0] in sorts and (is_asked or len(each[0]) > SHORT):
            targets.setdefault(found[:2], each.span())
    if len(targets) != 1:
        raise ValueError("expected one unit that is asked for")
    ((sort, factor), span) = targets.popitem()
    names = [name for name, unit in units.items() if unit == (sort, factor) and name.isascii() and name.isalpha()]
    changed = [(*each[:2], each[2] / factor, *each[3:]) if each[0] == sort else each for each in things]
    return sorted([*changed, ("unit", min(names, key=len), Fraction(1), *span)], key=lambda each: each[3])


def with_groups(things: Sequence[Thing], text: str, name: str, between: re.Pattern[str]) -> list[Thing]:
    """Return things in which neighbours of one sort are one range of two, or one list of any number.

    Args:
        things: The things.
        text: The text with digits.
        name: "range" or "list".
        between: What stands between two things of a group.
    """
    found: list[Thing] = []
    for each in things:
        last = found[-1] if found else None
        if last is None or not between.fullmatch(text[last[4] : each[3]]):
            found.append(each)
        elif last[0] == each[0]:
            found[-1] = (f"{name} of {each[0]}", [last[:3], each[:3]], Fraction(1), last[3], each[4])
        elif last[0] == f"{name} of {each[0]}" and name == "list":
            found[-1] = (last[0], [*last[1], each[:3]], Fraction(1), last[3], each[4])
        else:
            found.append(each)
    return found


def values_of(
    things: Sequence[Placed],
    wanted: Sequence[tuple[str, int, str]],
    also: Collection[str],
    by_size: Collection[str],
    by_words: Mapping[str, tuple[Collection[str], Collection[str]]],
) -> list[Any]:
    """Return the values of the wanted things: for each sort as many as there must be, or a list of all of them.

    Args:
        things: The things of a request.
        wanted: Each sort with the number of its things, 0 for a list of any number, and the factor of the unit in which
            they are given.
        also: Sorts of which a request may hold other things, which are not read.
        by_size: Sorts whose values are ordered by size, since their order in a request means nothing.
        by_words: Sorts of two things that the words beside them tell apart: those of the first, and of the second.

    Raises:
        ValueError: There are more or fewer things of a sort, or things of another sort.
    """
    values: list[Any] = []
    for sort, count, factor in wanted:
        found = [each for each in things if each[0] == sort]
        if not found or (count and len(found) != count):
            raise ValueError(f"expected {count or 'some'} of this sort: {sort}")
        if sort in by_words:
            found = told_apart(found, *by_words[sort])
        if sort.startswith("list of "):
            lists = [[plain_value(part, factor) for part in each[1]] for each in found]
            values += lists if count else [lists]
            continue
        pairs = [pair for each in found for pair in (each[1] if isinstance(each[1], list) else [each])]
        plain = [plain_value(pair, factor) for pair in pairs]
        ordered = sorted(plain) if sort in by_size else plain
        values += ordered if count else [ordered]
    unknown = {each[0] for each in things} - {sort for sort, _, _ in wanted} - {*also}
    if unknown:
        raise ValueError(f"expected nothing of this sort: {min(unknown)}")
    return values


def told_apart(things: Sequence[Placed], first: Collection[str], second: Collection[str]) -> list[Placed]:
    """Return two things in the order that the words beside them tell.

    Raises:
        ValueError: They do not tell it.
    """
    one, other = (sum(word in first for word in each[3]) - sum(word in second for word in each[3]) for each in things)
    if one == other:
        raise ValueError("expected words that tell two things of a sort apart")
    return list(things) if one > other else [things[1], things[0]]


def plain_value(thing: Sequence[Any], factor: str) -> Any:
    """Return a number in the unit of a factor, as an integer if it is whole; another value as it is."""
    if not isinstance(thing[1], Fraction):
        return thing[1]
    value = thing[1] * thing[2] / Fraction(factor)
    return value.numerator if value.denominator == 1 else float(value)
