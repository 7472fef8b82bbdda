"""Words and tokens.

A word is a run of letters of any script: digits, "_" and apostrophes end it. Combining marks that Unicode does not
compose with their letter end it too.
"""

from __future__ import annotations

import re
from typing import Final

WORD: Final = re.compile(r"[^\W\d_]+")
CAPITALISED: Final = re.compile(r"(?<!\w)[A-Z]\w+")
"""A word that begins with one of the letters A to Z; digits and "_" may follow."""
SINGLE_LETTER: Final = re.compile(r"(?<![^\W_])[^\W\d_](?![^\W_])")
"""A letter of any script that stands alone, such as the label in "(B)"."""
_TOKEN: Final = re.compile(rf"{WORD.pattern}|\d+|\s+|[^\w\s]|_")
_COMPARED_TOKEN: Final = re.compile(rf"{WORD.pattern}(?:'{WORD.pattern})?|\d+|[^\w\s\x00-\x1f]|_")

FUNCTION_WORDS: Final = frozenset(
    """
    a about after all also am an and any are as at be been before but by can could did do does for from had has have
    he her him his how i if in into is it its may me more most my no nor not of on one only or other our out over she
    should so some such than that the their them then there these they this those to up was we were what when where
    which while who whom whose why will with would yes you your
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
"""English words that stand in texts of every kind."""


def tokens(text: str) -> list[str]:
    """Cut a text into words, numbers, white space and single signs. Joined, they are the text."""
    return _TOKEN.findall(text)


def compared_tokens(text: str) -> list[str]:
    """Return the words, numbers and signs that texts are compared by, without white space and control characters.

    A word may have one apostrophe inside: "don't" is one token.
    """
    return _COMPARED_TOKEN.findall(text)


def words(text: str, least: int = 1) -> list[str]:
    """Return the words of at least so many letters."""
    return [word for word in WORD.findall(text) if len(word) >= least]
