"""Cells: requests that are only data, like the cells of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.words import FUNCTION_WORDS, WORD
from langchain_latm.text.reading.gaps import Template, gaps_in

_LONGEST: Final = 400
"""Maximum length of a cell."""
_MOST_SMALL: Final = 4
"""Maximum number of lower-case words in a text that is not a sentence."""
_ASKING: Final = frozenset("?!\u3002\uff1f\u061f\u0964")
_LEAST_WORDS: Final = 2
"""Maximum number of words of an abbreviated name, such as "Acme Corp."."""
_LABEL: Final = re.compile(r"\s*[\w-]+\s*[:=\uff1a]\s*")


def are_cells(texts: Sequence[str]) -> bool:
    """Whether most of the texts are not sentences: short, and with few lower-case words.

    Independent of the language, except that two English function words make a sentence.
    """
    cells = [len(text) <= _LONGEST and not _is_sentence(text) for text in texts]
    return sum(cells) * 2 > len(cells) > 1 and all(len(text) <= _LONGEST for text in texts)


def _is_sentence(text: str) -> bool:
    small = [word for word in WORD.findall(text) if word == word.lower() != word.upper() and len(word) > 1]
    functional = sum(word in FUNCTION_WORDS for word in small)
    count = len(WORD.findall(text))
    ends = (count > 1 and text.rstrip()[-1:] in _ASKING) or (count > _LEAST_WORDS and text.rstrip()[-1:] == ".")
    return ends or functional > 1 or len(small) > _MOST_SMALL


def labelled(found: Sequence[Template], texts: Sequence[str]) -> Template | None:
    """Return the template of a label of one word before the data, as in "Order: pear fig"; None if there is none."""
    labels = (each for each in found if len(each) == 2 and _LABEL.fullmatch(each[0]) and not each[1])  # noqa: PLR2004
    return next((each for each in labels if all(all(gaps_in(each, text) or [""]) for text in texts)), None)
