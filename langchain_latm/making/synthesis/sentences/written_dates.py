"""Reads the only date in a sentence: "on the 3rd of May 2019", "March 12, 2021", "2020/11/30", "14.02.2017"."""

from __future__ import annotations

import re
from datetime import date

from langchain_latm.making.synthesis.sentences.number_words import with_digits
from langchain_latm.making.synthesis.sentences.numerals import RANGE_END, RANGE_START

NAMES_OF_MONTHS = (
    "january|jan|januar|j\u00e4nner|janvier|enero|gennaio|janeiro|januari",
    "february|feb|februar|f\u00e9vrier|febrero|febbraio|fevereiro|februari",
    "march|mar|m\u00e4rz|mars|marzo|mar\u00e7o|maart|marts",
    "april|apr|avril|abril|aprile",
    "may|mai|mayo|maggio|maio|mei|maj",
    "june|jun|juni|juin|junio|giugno|junho",
    "july|jul|juli|juillet|julio|luglio|julho",
    "august|aug|ao\u00fbt|agosto|augustus|augusti",
    "september|sep|sept|septembre|septiembre|settembre|setembro",
    "october|oct|oktober|okt|octobre|octubre|ottobre|outubro",
    "november|nov|novembre|noviembre|novembro",
    "december|dec|dezember|dez|d\u00e9cembre|diciembre|dicembre|dezembro|desember",
)
MONTH_NAME = rf"(?P<month>{'|'.join(NAMES_OF_MONTHS)})\b\.?"
MONTH_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|\.|er|\u00ba)?(?![\d%]|:\d|\s?[ap]\.?m\b)"
DATE_YEAR = r"(?:(?:-|,?\s+(?:(?:of|in|de|del)\s+)?)(?P<year>[12]\d{3})(?![\d%]|:\d|[.,]\d|\s?[$\u20ac\u00a3]))?"
DATE_FORMS = (
    rf"{MONTH_DAY}(?:\s+day)?[\s-]*(?:(?:of|de)\s+)?{MONTH_NAME}{DATE_YEAR}",
    rf"{MONTH_NAME}[\s-]*(?:the\s+)?{MONTH_DAY}{DATE_YEAR}",
    r"(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<first>\d{1,2})(?P=mark)(?P<second>\d{1,2})",
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>[12]\d{3})",
)
MONTHS_OF_A_YEAR = 12
DAY_AND_YEAR = 2
"""Index of the first form without the name of a month."""


def date_in(text: str, order: str, year: int | None) -> date:
    """Return the only date in a text.

    Args:
        text: The text.
        order: "day first" or "month first" for dates of three numbers; if empty, a date that could be read in both
            ways is an error. With dots, the day is first.
        year: The year of dates without one.

    Raises:
        ValueError: There is none, or several that differ, or a part of it is not known.
    """
    digits = with_digits(text)
    found = dates_found(digits, order, year)
    if any(RANGE_START.search(digits[: span.start]) or RANGE_END.match(digits, span.stop) for span, _ in found):
        raise ValueError("expected one date, not a range")
    if len({day for _, day in found}) != 1:
        raise ValueError("expected one date")
    return found[0][1]


def date_of_two(text: str, order: str, year: int | None, place: int) -> date:
    """Return the first or second date of a text with two of them; the other arguments are as for `date_in`.

    Args:
        text: The text.
        order: As for `date_in`.
        year: As for `date_in`.
        place: 0 or 1.

    Raises:
        ValueError: There are not two dates, or a part of one is not known.
    """
    found = sorted(dates_found(with_digits(text), order, year), key=lambda each: each[0].start)
    if len(found) != 2:  # noqa: PLR2004 - two
        raise ValueError("expected two dates")
    return found[place][1]


def dates_found(digits: str, order: str, year: int | None) -> list[tuple[range, date]]:
    """Return the dates in a text without numbers in words, with their places."""
    found: list[tuple[range, date]] = []
    for place, form in enumerate(DATE_FORMS):
        for each in re.finditer(rf"(?<![\w.,/:-]){form}(?![\w/])", digits, re.IGNORECASE):
            if not any(each.start() in other or each.end() - 1 in other for other, _ in found):
                found.append((range(*each.span()), date_of(each, place, order, year)))
    return found


def date_of(found: re.Match[str], place: int, order: str, year: int | None) -> date:
    """Return the date of a match of a form; raise `ValueError` if it is not a date, or ambiguous."""
    parts = found.groupdict()
    if place < DAY_AND_YEAR:
        if parts["year"] is None and year is None:
            raise ValueError("expected a date with a year")
        name = parts["month"].lower()
        month = next(number for number, names in enumerate(NAMES_OF_MONTHS, 1) if name in names.split("|"))
        return date(int(parts["year"] or year or 0), month, int(parts["day"]))
    first, second = int(parts["first"]), int(parts["second"])
    if place == DAY_AND_YEAR:
        return date(int(parts["year"]), first, second)
    if (
        not order
        and parts["mark"] != "."
        and first <= MONTHS_OF_A_YEAR
        and second <= MONTHS_OF_A_YEAR
        and first != second
    ):
        raise ValueError("expected a date that shows the order of day and month")
    swapped = (
        order == "month first" and parts["mark"] != "." and first <= MONTHS_OF_A_YEAR
    ) or second > MONTHS_OF_A_YEAR
    day, month = (second, first) if swapped else (first, second)
    return date(int(parts["year"]), month, day)
