"""Reads the only number of a sentence, in digits or in words."""

from __future__ import annotations

import re

from langchain_latm.making.synthesis.sentences.number_words import with_digits

NUMERAL = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?![\d:/]|[.,]\d)"
NUMERAL_START = r"(?<![\w.,:/])(?<!\w-)"
RANGE_START = re.compile(r"\d\S*\s*(?:-|\u2013|to|till|until|and|or)\s*(?:the\s+)?$", re.IGNORECASE)
RANGE_END = re.compile(r"\s*(?:-|\u2013|to\s|till\s|until\s|or\s)\s*\d", re.IGNORECASE)


def number_in(text: str, kind: str) -> str:
    """Return the only number in a text, in digits or in words; or the only ordinal number, without its ending.

    Args:
        text: The text.
        kind: "number" or "ordinal number". Beside an ordinal number there may be others.

    Raises:
        ValueError: There is none, or several that differ.
    """
    digits = with_digits(text.replace("\u2212", "-"))
    if kind == "ordinal number":
        found = {str(int(each)) for each in re.findall(r"(?<![\w.,])(\d+)(?:st|nd|rd|th)\b", digits, re.IGNORECASE)}
    else:
        digits = re.sub(r"\b(?:minus|negative)\s+(?=\d)", "-", digits, flags=re.IGNORECASE)
        if re.search(r"\b(?:half|halves|quarters?|thirds?|dozens?)\b|[\u00bc-\u00be]", digits, re.IGNORECASE):
            raise ValueError("expected a number without a fraction in words")
        runs = [run.rstrip(".,:-/") for run in re.findall(r"[\w.,:/-]*\d[\w.,:/-]*", digits)]
        if not all(re.fullmatch(f"-?{NUMERAL}", run) for run in runs):
            raise ValueError("expected no other digits beside a number")
        found = set(map(plain_number, runs))
    if len(found) != 1:
        raise ValueError(f"expected one {kind}")
    (number,) = found
    return number


def plain_number(numeral: str) -> str:
    """Return a numeral with a decimal point and without grouping marks."""
    grouped = re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", numeral)
    return numeral.replace(",", "") if grouped else numeral.replace(",", ".")
