"""Moves the only date of a sentence as its words say: "tomorrow", "3 weeks ago", "in 10 days", "yesterday was ..."."""

from __future__ import annotations

import re
from datetime import date, timedelta

from langchain_latm.making.synthesis.operators.date_functions import months_later
from langchain_latm.making.synthesis.sentences.written_dates import dates_found

MOVE_AMOUNT = r"(?:(?P<amount>\d{1,5})|an?|one)[\s-]+(?P<unit>hour|day|night|week|fortnight|month|year)s?['\u2019]?"
MOVES = (
    (r"(?:the\s+)?day\s+after\s+tom+or+ow", 2),
    (r"(?:the\s+)?day\s+before\s+yesterday", -2),
    (r"(?:the\s+)?(?:next|following)\s+day|tom+or+ow|(?<!\d )(?<!\w)(?:the\s+)?day\s+after", 1),
    (r"(?:the\s+)?previous\s+day|yesterday|(?<!\d )(?<!\w)(?:the\s+)?day\s+before", -1),
    (rf"{MOVE_AMOUNT}\s+(?:ago|before|earlier|back|prior|previously)", -1),
    (rf"{MOVE_AMOUNT}\s+(?:later|after|from|hence|ahead|on|away|afterwards|past)", 1),
    (rf"(?:in|after|within|plus|add(?:ing)?|for)\s+(?:the\s+next\s+)?{MOVE_AMOUNT}", 1),
)
"""Words that move a date, the longest first, with the days or the sign of the amount in them."""
DAYS_OF_MOVE = {"day": 1, "night": 1, "week": 7, "fortnight": 14}
MONTHS_OF_MOVE = {"month": 1, "year": 12}
STATED_BEFORE = re.compile(
    r"\s*,\s*|\s*,?\s*(?:it\s+)?(?:was|is|will\s+be)\s+(?:on\s+)?(?:the\s+)?(?:\w+day,?\s+)?(?:the\s+)?$", re.IGNORECASE
)
STATES_AFTER = re.compile(
    r"\bit(?:\s+was|\s+is|\s+will\s+be|['\u2019]s)\s+(?:on\s+)?(?:the\s+)?(?:\w+day,?\s+)?(?:the\s+)?$", re.IGNORECASE
)


def moved_date(text: str, order: str) -> date:
    """Return the only date of an English text, moved as its words say; its numbers are in digits.

    "Yesterday was 3 May 2021" and "it was 3 May 2021 a week ago" say what today is.

    Args:
        text: The text.
        order: "day first" or "month first" for dates of three numbers; empty if the examples don't show it.

    Raises:
        ValueError: There is no date or several, nothing moves it, or it moves out of the calendar.
    """
    found = dates_found(text, order, None)
    if len(found) != 1:
        raise ValueError("expected one date")
    place, day = found[0]
    moves: list[re.Match[str]] = []
    for pattern, sign in MOVES:
        for each in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
            covered = [(other.start(), other.end()) for other in moves] + [(place.start, place.stop)]
            if all(each.end() <= start or end <= each.start() for start, end in covered):
                moves.append(each)
                day = moved_by(day, each, -sign if states_date(text, each, place) else sign)
    if not moves:
        raise ValueError("expected words that move the date")
    return day


def states_date(text: str, move: re.Match[str], place: range) -> bool:
    """Whether a move says which day the date of a text was, as in "yesterday was 3 May 2021"."""
    if move.end() <= place.start:
        return STATED_BEFORE.fullmatch(text[move.end() : place.start]) is not None
    follows = re.fullmatch(r"[\s,]*", text[place.stop : move.start()]) is not None
    return follows and STATES_AFTER.search(text[: place.start]) is not None


def moved_by(day: date, move: re.Match[str], sign: int) -> date:
    """Return a date moved by the amount of a move, or by so many days if it has none.

    Raises:
        ValueError: It has hours that are no whole days, or leaves the calendar.
    """
    unit = (move.groupdict().get("unit") or "").lower()
    amount = int(move.groupdict().get("amount") or 1) * sign
    try:
        if unit == "hour":
            days, rest = divmod(amount, 24)
            if rest:
                raise ValueError("expected hours that are whole days")
            return day + timedelta(days=days)
        if unit in MONTHS_OF_MOVE:
            return months_later(day, amount * MONTHS_OF_MOVE[unit])
        return day + timedelta(days=amount * DAYS_OF_MOVE.get(unit, 1))
    except OverflowError:
        raise ValueError("expected a date in the years 1 to 9999") from None
