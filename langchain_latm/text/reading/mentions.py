r"""Mentions: the options and names that the sentences of a question mention.

A question that ends in options is about what they name. "Ann has a red ball, and Tom has a blue one. Then Ann and Tom
swap. Then Tom and Ann swap. At the end Tom has\n(A) red ball\n(B) blue one" mentions in its first sentence Ann, red
ball, Tom, blue one; then twice two names, and one name at the end. Consecutive sentences of the same pattern form a
group: here there are three.
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
"""Minimum number of options."""
_MOST: Final = 100
"""Maximum number of options. Each position of the text is compared with each of them."""
_LONGEST: Final = 100
"""Maximum length of an option."""


class Group(NamedTuple):
    """Consecutive sentences that mention options and names in the same pattern.

    Attributes:
        rows: The mentions of each sentence.
        options: For each place in a row, whether it is an option; if not, it is a name.
    """

    rows: tuple[tuple[str, ...], ...]
    options: tuple[bool, ...]


def mention_groups(text: str, options: Sequence[str]) -> tuple[Group, ...] | None:
    """Return the mentions of each sentence that has any, in groups.

    A name is a capitalised word that occurs at least once inside a sentence, not only at the beginning.

    Args:
        text: The text before the options.
        options: The options.

    Returns:
        The groups; None if an option is never mentioned, duplicate or too long, or if there are too many options.
    """
    if not _LEAST <= len(options) <= _MOST or len(set(options)) < len(options) or max(map(len, options)) > _LONGEST:
        return None
    # The longest first: "red ball" mentions the option "red ball", not "red".
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
    """Return the mentions of a question that ends in a marked list of options; None for other questions."""
    options = marked_list_in(question)
    return mention_groups(question[: options[0]], options[1]) if options else None


def _sentences(text: str, token: re.Pattern[str]) -> Iterator[list[tuple[str, bool]]]:
    """Yield, for each sentence, its options and capitalised words, and whether the sentence begins with them."""
    words: list[tuple[str, bool]] = []
    begin = 0
    for found in token.finditer(text):
        if CLAUSE_END.fullmatch(found[0]):
            yield words
            words, begin = [], found.end()
        else:
            words.append((found[0], not words and not text[begin : found.start()].strip()))
    yield words
