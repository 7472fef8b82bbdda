"""Reads the only time of day in an English sentence: "half past nine tonight", "8 pm", "noon", "17:05"."""

from __future__ import annotations

import re

from langchain_latm.making.synthesis.sentences.number_words import with_digits
from langchain_latm.making.synthesis.sentences.numerals import RANGE_END, RANGE_START

HOURS = 12
MINUTES = 60
AFTER_HOUR = r"half\s+past|(?:a\s+)?quarter\s+(?:past|after)|\d{1,2}\s+(?:minutes?\s+)?(?:past|after)"
BEFORE_HOUR = r"(?:a\s+)?quarter\s+(?:to|of|before)|\d{1,2}\s+(?:minutes?\s+)?(?:to|before)"
CLOCK_FORMS = (
    (
        rf"(?:(?P<later>{AFTER_HOUR})|(?P<earlier>{BEFORE_HOUR}))\s+(?P<hour>\d{{1,2}})"
        r"(?:\s+o['\u2019]?\s?clock)?(?:\s?(?P<half>[ap])\.?\s?m\b)?"
    ),
    r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\s?(?P<half>[ap])\.?\s?m\b)?",
    r"(?P<hour>\d{1,2})(?:[.:h ](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b",
    r"(?P<hour>\d{1,2})\s+o['\u2019]?\s?clock",
    "(?P<named>noon|midday|midnight)",
    r"(?<=at )(?P<hour>\d{1,2})(?=\s+(?:in\s+the\s+(?:morning|afternoon|evening)|at\s+night|tonight))",
)
RELATIVE = re.compile(r"\bfrom\s+$|(?:\d|minutes?|quarter|half)\s+(?:past|to|after|before)\s+$", re.IGNORECASE)
"""Before a time, words after which it is only an end of a span, or a distance from it is meant."""
MORNING = r"\b(?:this|in\s+the|tomorrow|yesterday|every|\w+day)\s+morning\b|\bmornings?\b"
LATER = r"\b(?:afternoon|evening|tonight)s?\b"


def time_in(text: str, *, early: bool) -> tuple[int, int, str | None]:
    """Return the hour, the minute and the second, if given, of the only time of day in a text.

    Args:
        text: The text.
        early: Whether a time in words is before noon if the text doesn't say which half of the day it is in.

    Raises:
        ValueError: There is none, or several that differ, or its half of the day is not known.
    """
    digits = with_digits(text)
    found: list[tuple[range, tuple[int, int, str | None]]] = []
    for form in CLOCK_FORMS:
        for each in re.finditer(rf"(?<![\w.,:/$\u20ac\u00a3-]){form}(?![\w:/%]|[.,]\d)", digits, re.IGNORECASE):
            if any(each.start() in place or each.end() - 1 in place for place, _ in found):
                continue
            before = digits[: each.start()]
            if RANGE_START.search(before) or RANGE_END.match(digits, each.end()) or RELATIVE.search(before):
                raise ValueError("expected one time of day, not a range")
            found.append((range(*each.span()), moment_of(each.groupdict(), digits, early=early)))
    if len({moment for _, moment in found}) != 1:
        raise ValueError("expected one time of day")
    return found[0][1]


def moment_of(parts: dict[str, str | None], text: str, *, early: bool) -> tuple[int, int, str | None]:
    """Return the time of the parts that one of `CLOCK_FORMS` found in a text."""
    if "named" in parts:
        return (0 if str(parts["named"]).lower() == "midnight" else HOURS), 0, None
    hour, minute, second = int(parts["hour"] or 0), int(parts.get("minute") or 0), parts.get("second")
    half = (parts.get("half") or "").lower()
    if not half and hour <= HOURS:
        half = half_of_day(text)
        written = parts.get("minute") is not None
        if not half and not written and not early:
            raise ValueError("expected a half of the day")
    if hour > (HOURS if half == "a" else 23):
        raise ValueError("expected an hour of a day")
    if half and hour <= HOURS:
        hour = hour % HOURS + HOURS * (half == "p")
    if phrase := parts.get("later") or parts.get("earlier"):
        number = re.search(r"\d+", phrase)
        minutes = int(number[0]) if number else 30 if "half" in phrase.lower() else 15
        if minutes >= MINUTES:
            raise ValueError("expected the minutes of an hour")
        moved = (hour * MINUTES + (minutes if parts.get("later") else -minutes)) % (2 * HOURS * MINUTES)
        hour, minute = moved // MINUTES, moved % MINUTES
    return hour, minute, second


def half_of_day(text: str) -> str:
    """Return "a" or "p" if a text speaks of the morning, or of the afternoon, the evening or tonight."""
    morning, later = (re.search(each, text, re.IGNORECASE) is not None for each in (MORNING, LATER))
    if morning and later:
        raise ValueError("expected one half of the day")
    return "a" if morning else "p" if later else ""
