"""Words and tokens.

A word is a run of letters of any script, with their combining marks: vowel signs, diacritics, joiners. Digits, "_" and
apostrophes end it.
"""

from __future__ import annotations

import re
from typing import Final

MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07b0\u07eb-\u07f3\u07fd\u0816-\u082d\u0859-\u085b\u0898-\u08e1"
    r"\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a51\u0a70-\u0a75\u0a81-\u0ae3\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63"
    r"\u0c81-\u0c83\u0cbc-\u0ce3\u0d00-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0ddf\u0df2\u0df3\u0e31-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1-\u0ecd\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6\u102b-\u103e\u1056-\u108f"
    r"\u109a-\u109d\u135d-\u135f\u1712-\u1734\u1752-\u17d3\u17dd\u180b-\u180d\u180f\u1885-\u193b\u1a17-\u1a1b"
    r"\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1dff"
    r"\u200c\u200d\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua672\ua674-\ua67d"
    r"\ua69e\ua69f\ua6f0\ua6f1\ua802-\ua827\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua8ff\ua926-\ua92d\ua947-\ua953"
    r"\ua980-\ua9c0\ua9e5\uaa29-\uaa4d\uaa7b-\uaac1\uaaeb-\uaaef\uaaf5\uaaf6\uabe3-\uabea\uabec\uabed\ufb1e\ufe00-\ufe0f"
    r"\ufe20-\ufe2f"
)
"""Characters that continue a word besides letters, for a character set in a pattern: combining marks, and joiners as in
Persian. Python's "\\w" matches none of them. The ranges also contain letters of the same scripts."""
WORD: Final = re.compile(rf"[^\W\d_]++(?:[{MARKS}]+[^\W\d_]*)*+")
CAPITALISED: Final = re.compile(rf"(?<!\w)[A-Z][\w{MARKS}]+")
"""A word that begins with one of the letters A to Z; digits and "_" may follow."""
SINGLE_LETTER: Final = re.compile(rf"(?<![^\W_])(?<![{MARKS}])[^\W\d_](?![^\W_]|[{MARKS}])")
"""A letter of any script that stands alone, such as the label in "(B)"."""
_TOKEN: Final = re.compile(rf"{WORD.pattern}|\d+|\s+|[^\w\s]|_")
_COMPARED_TOKEN: Final = re.compile(rf"{WORD.pattern}(?:'{WORD.pattern})?|\d+|[^\w\s\x00-\x1f]|_")
_ASCII_TOKEN: Final = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|[0-9]+|[^\w\s\x00-\x1f]|_")
"""The same for ASCII text, which is faster."""
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
"""Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""

FUNCTION_WORDS: Final = frozenset(
    """
    a about after all also am an and any are as at be been before but by can could did do does for from had has have
    he her him his how i if in into is it its may me more most my no nor not of on one only or other our out over she
    should so some such than that the their them then there these they this those to up was we were what when where
    which while who whom whose why will with would yes you your
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
"""English words that occur in texts on any subject."""


def tokens(text: str) -> list[str]:
    """Split a text into words, numbers, white space and single signs. Joined, they give the text again."""
    return _TOKEN.findall(text)


def compared_tokens(text: str) -> list[str]:
    """Return the words, numbers and signs by which texts are compared, without white space and control characters.

    A word may have one apostrophe inside: "don't" is one token.
    """
    return (_ASCII_TOKEN if text.isascii() else _COMPARED_TOKEN).findall(text)


def is_word(text: str) -> bool:
    """Whether a text is one word."""
    return WORD.fullmatch(text) is not None


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script without spaces between words."""
    return UNSPACED.fullmatch(text) is not None


def pieces(word: str) -> list[str]:
    """Split a word in a script without spaces, which may be a whole sentence, into its bigrams of characters."""
    return [word[i : i + 2] for i in range(len(word) - 1)] if len(word) > 1 and is_unspaced(word) else [word]


def words(text: str, least: int = 1) -> list[str]:
    """Return the words of at least this many letters."""
    return [word for word in WORD.findall(text) if len(word) >= least]
