"""Refuses sentences that turn the meaning of the examples: "before" where all examples say "after", or "not"."""

from __future__ import annotations

import re
from collections.abc import Collection

NEGATIONS = """
    not never neither nor without except excluding exclude unless dont don't isnt isn't arent aren't wasnt wasn't
    doesnt doesn't didnt didn't cant can't cannot wont won't
""".split()  # noqa: SIM905 - a text of words reads best as one
OPPOSITES = """
    add plus sum total altogether together|subtract minus deduct difference take takes
    increase increased increases raise raised|decrease decreased decreases reduce reduced
    multiply times product double|divide divided quotient half halve ratio
    after later hence next following tomorrow|before earlier ago previous preceding yesterday
    more larger largest bigger biggest greater greatest|less fewer smaller smallest least fewest
    higher highest most maximum max above over|lower lowest minimum min below under
    longer longest taller tallest|shorter shortest
    older oldest elder|younger youngest
    best better|worst worse
    odd|even
    include including with|exclude excluding without
    keep|remove delete drop discard
    buy bought cost|sell sold
    gain profit win won|loss lose lost
    first|last
    begin begins began start starts started open opens|end ends ended finish finishes finished close closes
    ascending|descending reverse reversed backwards
    north|south
    east|west
    left|right
    inside|outside
    faster fastest|slower slowest
    cheaper cheapest|dearer dearest
    uppercase upper|lowercase
    upstream|downstream
    mean average|median mode
    perimeter circumference around|area surface
    deposit deposited|withdraw withdrew withdrawn
""".strip("\n")
"""Pairs of words of opposite meaning, one pair a line."""


def same_sense(text: str, turning: str) -> str:
    """Return an English text that has no word which turns it into the opposite of the examples.

    Args:
        text: The text.
        turning: Such words, with spaces between them (`turning_words`).

    Raises:
        ValueError: It has one of the words.
    """
    words = {*re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))}
    if turned := words.intersection(turning.split()):
        raise ValueError(f"expected no word that turns the meaning: {min(turned)}")
    return text


def turning_words(texts: Collection[str]) -> str:
    """Return the words that would turn the meaning of texts, with spaces between them.

    These are the negations that no text has, and the words of which the texts have only the opposite.
    """
    known = {word for text in texts for word in re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))}
    found = {word for word in NEGATIONS if word not in known}
    for line in OPPOSITES.split("\n"):
        one, other = ({*side.split()} for side in line.split("|"))
        if bool(known & one) != bool(known & other):
            found |= other if known & one else one
    return " ".join(sorted(found))
