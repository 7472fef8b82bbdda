"""Data that touches a gap: parts of literals that are content although they are the same in all questions.

Six addresses that end in ".com" share that ending, and six links may share the beginning "https://example.com/". Such a
part is data if no space, quote, closed bracket or label's colon separates it from what changes. If the gap is a number
or another value, the part is its unit or its sign, as in "5km".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from langchain_latm.text.lexing.words import UNSPACED
from langchain_latm.text.reading.gaps import Template, places_in

_OPENING: Final = "([{<\"'`\u201c\u2018\u201e\u00ab\u2039\u300c\u300e\uff08"
_CLOSING: Final = ")]}>\"'`\u201d\u2019\u201c\u00bb\u203a\u300d\u300f\uff09"
_SEPARATING: Final = ",;|\uff0c\uff1b\u3001"
_LABEL: Final = re.compile(r"(?!\d+[:=])[\w-]+[:=](?![/\\])")
_SUFFIX: Final = re.compile(r"['\u2019]\w{1,4}(?!\w)")
"""A suffix with an apostrophe, as in "Ann's" or "Ankara'da"."""
_END: Final = re.compile(r"[.?!:\u2026]+$")
_WORD: Final = re.compile(r"\w")


def loosened(template: Template, questions: Sequence[str], is_data: Callable[[int], bool]) -> Template:
    """Move the data that touches gaps from the literals into the gaps.

    Args:
        template: The literals.
        questions: Questions that hold them.
        is_data: Whether text that touches the gap of this number may be data.
    """
    literals = list(template)
    columns = _raw_columns(template, questions)
    for gap, column in enumerate(columns):
        if is_data(gap):
            before, after = literals[gap], literals[gap + 1]
            # White space that is not the same in all questions belongs to the gap.
            if not any(text[:1].isspace() for text in column):
                literals[gap] = before[: len(before) - data_at_end(before, after)]
            if not any(text[-1:].isspace() for text in column):
                literals[gap + 1] = after[data_at_start(after, before) :]
    inner = [literal for literal in literals[1:-1] if literal]
    return (literals[0], *inner, literals[-1])


def _raw_columns(template: Template, questions: Sequence[str]) -> list[list[str]]:
    """Return the texts of each gap, with the white space around them."""
    texts = [question.strip() for question in questions]
    rows = [[text[start:end] for start, end in places_in(template, text) or []] for text in texts]
    return [list(column) for column in zip(*rows, strict=True)]


def data_at_end(before: str, after: str) -> int:
    """Return the length of the data at the end of a literal.

    Args:
        before: The literal before a gap.
        after: The literal after it.
    """
    chunk = _after_unspaced(before[_last_space(before) :])
    chunk = chunk[max((chunk.rfind(sign) for sign in _SEPARATING), default=-1) + 1 :]
    while (begun := _begun(chunk, after)) > 0:
        chunk = chunk[begun:]
    return len(chunk) if _WORD.search(chunk) else 0


def data_at_start(after: str, before: str) -> int:
    """Return the length of the data at the beginning of a literal.

    Args:
        after: The literal after a gap.
        before: The literal before it.
    """
    chunk = re.match(r"\S*", after)[0]  # type: ignore[index]  # it matches any text
    if unspaced := UNSPACED.search(chunk):
        chunk = chunk[: unspaced.start()]
    if _SUFFIX.match(chunk):
        return 0
    opened = 0
    for place, sign in enumerate(chunk):
        closes = sign in _CLOSING and (opened == 0 or sign in "\"'`")
        if sign in _SEPARATING or closes or (sign == "<" and before[-1:] == ">"):
            chunk = chunk[:place]
            break
        opened += (sign in "([{") - (sign in ")]}")
    chunk = _END.sub("", chunk)
    return len(chunk) if _WORD.search(chunk) else 0


def _last_space(text: str) -> int:
    return max((found.end() for found in re.finditer(r"\s", text)), default=0)


def _after_unspaced(chunk: str) -> str:
    return chunk[max((found.end() for found in UNSPACED.finditer(chunk)), default=0) :]


def _begun(chunk: str, after: str) -> int:
    """Return the length of the wording at the beginning: a label, or text up to a bracket closed after the gap."""
    if label := _LABEL.match(chunk):
        return label.end()
    opening = re.match(rf"[\w.]*([{re.escape(_OPENING)}])", chunk)
    if opening is None:
        return 0
    place = _OPENING.index(opening[1])
    if opening[1] == "<":
        return chunk.rfind(">") + 1 if after[:1] == "<" else 0
    return opening.end() if _CLOSING[place] in after else 0
