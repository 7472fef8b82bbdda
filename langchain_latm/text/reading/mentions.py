r"""Mentions: which of its options, and which names, the sentences of a question speak of.

Where a question ends in options, what they name is what it is about. "Ann has a red ball, and Tom has a blue one. Then
Ann and Tom swap. Then Tom and Ann swap. At the end Tom has\n(A) red ball\n(B) blue one" mentions in its first sentence
Ann, red ball, Tom, blue one; then twice two names, and one name at the end. Sentences alike that follow each other are
one group: here there are three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from langchain_latm.text.lexing.lists import marked_list_in
from langchain_latm.text.lexing.sentences import CLAUSE_END
from langchain_latm.text.lexing.words import CAPITALISED, MARKS

_LEAST: Final = 2
"""Options to choose from."""
_MOST: Final = 100
"""Options to choose from. The text is compared with each one at each place."""
_LONGEST: Final = 100
"""Characters of an option."""


class Group(NamedTuple):
    """Sentences alike.

    Attributes:
        rows: The mentions of each sentence.
        options: Of each place in these sentences, whether an option stands there; else it is a name.
    """

    rows: tuple[tuple[str, ...], ...]
    options: tuple[bool, ...]


def mention_groups(text: str, options: Sequence[str]) -> tuple[Group, ...] | None:
    """Return the mentions of each sentence that has any, in groups of sentences alike.

    A name is a capitalised word. At the beginning of a sentence it is one only if it stands elsewhere too, and not at
    the beginning of a sentence.

    Args:
        text: What stands before the options.
        options: What can be chosen.

    Returns:
        None where an option is mentioned nowhere, comes twice, or is longer than a name of a thing, or there are too
        many.
    """
    if not _LEAST <= len(options) <= _MOST or len(set(options)) < len(options) or max(map(len, options)) > _LONGEST:
        return None
    # The longest first: of "red" and "red ball" the longer one is meant where it stands.
    listed = "|".join(re.escape(each) for each in sorted(options, key=len, reverse=True))
    token = re.compile(rf"(?<!\w)(?:{listed})(?![\w{MARKS}])|{CAPITALISED.pattern}|{CLAUSE_END.pattern}")
    sentences = list(_sentences(text, token))
    known = set(options) | {word for sentence in sentences for word, begins in sentence if not begins}
    rows = [row for sentence in sentences if (row := tuple(word for word, _ in sentence if word in known))]
    if not set(options) <= {word for row in rows for word in row}:
        return None
    alike = groupby(rows, key=lambda row: tuple(word in options for word in row))
    return tuple(Group(tuple(group), places) for places, group in alike)


@lru_cache(maxsize=1)  # each slot of a parser reads one group of the same request
def groups_in(question: str) -> tuple[Group, ...] | None:
    """Return what a question mentions that ends in a marked list of options; None for other questions."""
    options = marked_list_in(question)
    return mention_groups(question[: options[0]], options[1]) if options else None


def _sentences(text: str, token: re.Pattern[str]) -> Iterator[list[tuple[str, bool]]]:
    """Yield for each sentence its options and capitalised words, and whether the sentence begins with them."""
    words: list[tuple[str, bool]] = []
    begin = 0
    for found in token.finditer(text):
        if CLAUSE_END.fullmatch(found[0]):
            yield words
            words, begin = [], found.end()
        else:
            words.append((found[0], not words and not text[begin : found.start()].strip()))
    yield words
