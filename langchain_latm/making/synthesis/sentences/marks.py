"""Finds the only e-mail address, web address, phone number or the like in a sentence."""

from __future__ import annotations

import re

FORMS = {
    "e-mail address": (
        r"(?<![\w.+-])[A-Za-z0-9_.%+-]*[A-Za-z0-9_%+-]@(?:[\w-]+(?:\.[\w-]+)+|\[\d{1,3}(?:\.\d{1,3}){3}\])"
    ),
    "web address": r"(?<![\w@])(?:https?://|ftp://|www\.)[^\s<>()\"]*[\w/=#&-]",
    "IP address": (
        r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f:]*:[\da-f]*:)(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4})"
        r"(?!\w|[.:]\w)"
    ),
    "hashtag": r"(?<![\w&/#])#\w*[^\W\d]\w*",
    "mention": r"(?<![\w.@/+-])@\w+(?:\.\w+)*(?![\w@])",
    "version": r"(?<![\d.])(?<![A-Za-uw-z])\d+\.\d+\.\d+(?:\.\d+)?(?![\d.]*\d|\w)",
    "phone number": (
        r"(?<![\w.+(/-])(?!\d{4}-\d\d-\d\d(?!\d))(?:\+\s?\d{1,3}[\s.-]?|00\d{1,3}[\s.-]?)?(?:\(\d{1,5}\)[\s.-]?)?\d{2,}(?:[\s./-]\d{2,}){0,5}"
        r"(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w/-]|[.:,]\d)"
    ),
    "dimensions": r"(?<![\w.,])\d+(?:\.\d+)?(?:\s?(?:x|\u00d7|by)\s?\d+(?:\.\d+)?){1,2}(?![\w]|[.,]\d)",
    "file name": r"(?<![\w@.:/\\-])(?!www\.)[\w-]+(?:\.\w+)*\.(?=\d*[A-Za-z])[A-Za-z0-9]{2,5}(?![\w@/:-]|\.\w)",
    "book number": r"(?<![\w-])(?:97[89][ -]?)?\d(?:[ -]?\d){8}[ -]?[\dX](?![\w-])",
    "offset": r"\b(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::?[0-5]\d)?(?![\d:])",
}  # fmt: skip
LARGEST_OFFSET = 14
"""Hours of the largest offset from UTC that is in use."""
PHONE_DIGITS = range(7, 16)
"""Possible numbers of digits of a phone number: at most 15, as in ITU-T E.164."""


def form_in(text: str, kind: str) -> str:
    """Return the only text of a known form.

    Dimensions are "30x20x10", an offset from UTC is "+05:30", the number of a book (ISBN) has no marks. Other texts are
    returned as they are.

    Raises:
        ValueError: There is none, or several that differ.
    """
    flags = re.IGNORECASE if kind in {"IP address", "offset"} else 0
    texts = [each[0] for each in re.finditer(FORMS[kind], text.replace("\u2212", "-"), flags)]
    found = {each for each in texts if kind != "phone number" or sum(map(str.isdigit, each)) in PHONE_DIGITS}
    if len(found) != 1:
        raise ValueError(f"expected one {kind}")
    (form,) = found
    if kind == "dimensions":
        return re.sub(r"\s?(?:x|\u00d7|by)\s?", "x", form)
    if kind == "book number":
        return re.sub("[ -]", "", form)
    if kind == "offset":
        digits = re.sub(r"\D", "", form)
        hour, minute = (digits[:-2], digits[-2:]) if digits[2:] else (digits, "00")
        if int(hour) > LARGEST_OFFSET:
            raise ValueError("expected an offset of at most 14 hours")
        return f"{'-' if '-' in form else '+'}{int(hour):02}:{minute}"
    return form


def shaped_in(text: str, shape: str) -> str:
    """Return the only part of a text that has a shape, given as a regular expression, and touches no other word.

    Raises:
        ValueError: There is none, or several that differ.
    """
    found = {each[0] for each in re.finditer(rf"(?<!\w)(?<!\w[-./:@]){shape}(?![-./:@]?\w)", text)}
    if len(found) != 1:
        raise ValueError("expected one part of the shape of the examples")
    (part,) = found
    return part
