"""Writes the number words of English sentences in digits, so that other readers need to know digits only."""

from __future__ import annotations

import re

CARDINALS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
""".split()  # noqa: SIM905 - a text of words reads best as one
ORDINALS = """
    zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
""".split()  # noqa: SIM905 - a text of words reads best as one
TENS = """
    twenty thirty forty fifty sixty seventy eighty ninety
""".split()  # noqa: SIM905 - a text of words reads best as one
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
TENTHS = """
    twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth
""".split()  # noqa: SIM905 - a text of words reads best as one
TEN = f"(?:{'|'.join(TENS)})"
BELOW_100 = rf"(?:{TEN}(?:[\s-]+(?:{'|'.join(CARDINALS[1:10])}))?|{'|'.join(CARDINALS)})\b"
BELOW_1000 = rf"(?:(?:{BELOW_100}|a)[\s-]+hundred\b(?:(?:\s+and)?[\s-]+{BELOW_100})?|{BELOW_100})"
SCALE = r"(?:thousand|million|billion)\b"
CARDINAL = (
    rf"(?:(?:{BELOW_1000}|a)[\s-]+{SCALE}(?:,?\s+(?:and\s+)?{BELOW_1000}[\s-]+{SCALE})*"
    rf"(?:,?\s+(?:and\s+)?{BELOW_1000})?|{BELOW_1000})"
)
ORDINAL = (
    rf"(?:(?:(?:{BELOW_100}|a)[\s-]+hundred(?:\s+and)?[\s-]+)?(?:(?:{TEN}[\s-]+)?(?:{'|'.join(ORDINALS[1:])})"
    rf"|{'|'.join(TENTHS)})|(?:{BELOW_100}[\s-]+)?(?:hundredth|thousandth))\b"
)
NUMBER = re.compile(rf"\b(?:({ORDINAL})|({CARDINAL}))(?!-\w*[a-z]{{2}}ly\b)", re.IGNORECASE)
SIZED = re.compile(rf"(?<![\w.,])(\d+)(?:\.(\d+))?\s+({SCALE})", re.IGNORECASE)
NO_NUMBER = re.compile(
    r"\b(?:no|this|that|the|any|some|every|each|which|another|other|last|next|right|wrong|good|only|big|small|new|old)"
    r"[\s-]+$",
    re.IGNORECASE,
)
NO_ORDINAL = re.compile(r"(?:\b(?:an?|one|per|split|each|every)|\d)[\s-]+$", re.IGNORECASE)


def with_digits(text: str) -> str:
    """Return an English text with its numbers in digits: "the twenty-first of two hundred" as "the 21st of 200".

    The pronoun in "this one" and the unit of time in "a second" are no numbers.
    """
    shown, end = [], 0
    for found in NUMBER.finditer(text):
        words, before, after = found[0].lower(), text[: found.start()], text[found.end() :]
        pronoun = words == "one" and (NO_NUMBER.search(before) or re.match(r"\s+(?:of|another)\b|[\u2019']s\b", after))
        if pronoun or (words == "second" and NO_ORDINAL.search(before)):
            continue
        total = part = 0
        for word in re.findall("[a-z]+", words):
            if word.startswith("hundred"):
                part = max(part, 1) * 10**2
            elif word in CARDINALS or word in ORDINALS:
                part += (CARDINALS if word in CARDINALS else ORDINALS).index(word)
            elif word in TENS or word in TENTHS:
                part += ((TENS if word in TENS else TENTHS).index(word) + 2) * 10
            elif word.removesuffix("th") in SCALES:
                total, part = total + max(part, 1) * SCALES[word.removesuffix("th")], 0
        number = total + part
        ending = "th" if number % 10**2 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        shown += [text[end : found.start()], f"{number}{ending if found[1] else ''}"]
        end = found.end()
    digits = re.sub(r"(\d) point (\d)", r"\1.\2", "".join([*shown, text[end:]]))
    for found in reversed([*SIZED.finditer(digits)]):
        zeros = len(str(SCALES[found[3].lower()])) - 1
        fraction = found[2] or ""
        if len(fraction) <= zeros:
            whole = str(int(found[1] + fraction.ljust(zeros, "0")))
            digits = digits[: found.start()] + whole + digits[found.end() :]
    return digits
