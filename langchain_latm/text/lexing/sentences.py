"""Sentences and their parts.

A sentence ends in ".", "?" or "!" before white space or the end of the text, so not in "3.5" or "e.g.x".
"""

from __future__ import annotations

import re
from typing import Final

CLAUSE_END: Final = re.compile(r"[.?!:](?=\s|$)|\n")
"""The end of a sentence, a colon before white space, or a line break."""
_SENTENCE_END: Final = re.compile(r"[.?!](?:\s|$)")
_NEXT_SENTENCE: Final = re.compile(r"[.?!]\s+[\"'(]?[A-Z]")
_BETWEEN: Final = re.compile(r"(?<=[.?!])\s+(?=[^a-z])|(?<=[\u3002\uff01\uff1f])")
_LEAST_WORDS: Final = 3
"""Minimum mean number of words in a sentence: shorter ones are probably cut at abbreviations."""
_ONLY_AN_END: Final = re.compile(r"[.?!]+ *")
_LABEL_START: Final = re.compile(r"[.?!\n]\s*")
_CONTENT_START: Final = re.compile(r"\n|[:?!]\s|[\"\u201c]")


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends somewhere in a text."""
    return _SENTENCE_END.search(text) is not None


def has_sentences(text: str) -> bool:
    """Whether a text holds the end of a sentence and the capitalised beginning of the next one."""
    return _NEXT_SENTENCE.search(text) is not None


def sentences(text: str) -> list[str]:
    """Return the sentences of a text without their full stops; none if they are lines, or too short to be sentences."""
    found = [part.strip().rstrip(".\u3002") for part in _BETWEEN.split(text)]
    found = [part for part in found if part]
    unspaced = "\u3002" in text
    return found if "\n" not in text and (unspaced or len(text.split()) >= _LEAST_WORDS * len(found)) else []


def is_sentence_end(text: str) -> bool:
    """Whether a text is only signs that end a sentence, and spaces."""
    return _ONLY_AN_END.fullmatch(text) is not None


def last_clause(text: str) -> str:
    """Return the text after the last ".", "?", "!" or line break; the whole text if there is none."""
    return _LABEL_START.split(text)[-1]


def last_content(text: str) -> str:
    """Return the text after the last line break, opening quote, colon, "?" or "!": content often begins there."""
    *_, last = (0, *(found.end() for found in _CONTENT_START.finditer(text)))
    return text[last:]
