"""The words that all examples of a tool without a parser share.

A tool without a parser is dispatched by how much of its wording a request holds, so an added, missing or different word
may go unnoticed. Here the examples of its proof are aligned as for a parser. This parser reads no arguments: it only
says whether a request has all words that the examples share, and no others outside of its data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, Self

from langchain_latm.text.reading.alignment import templates
from langchain_latm.text.reading.gap_slots import typed_slots
from langchain_latm.text.reading.gaps import normalized_alike
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.views import views

_NUMBER: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
_COMPARED: Final = 50
_KEPT: Final = 100
"""Tools whose wording is remembered: aligning long examples takes up to seconds."""


class FixedWording(NamedTuple):
    """The wording that the examples of a kind share.

    Attributes:
        parser: Reads requests that have all of it.
        numbers: How many numbers each example holds, if the count is the same in all and at least one.
    """

    parser: RequestParser
    numbers: int | None

    @classmethod
    def of(cls, questions: Sequence[str]) -> Self | None:
        """Learn it; None if the examples are fewer than two, or share too few words besides free text."""
        questions = normalized_alike(list(dict.fromkeys(questions))[-_COMPARED:])
        parser = next((view.parser for view in views(questions) if view.parser.is_distinctive), None)
        if parser is None:  # too few words to recognise the kind; the dispatcher does that by likeness
            parser = _of_few_words(questions)
        if parser is None:
            return None
        counts = {len(_NUMBER.findall(each)) for each in questions}
        return cls(parser, counts.pop() or None if len(counts) == 1 else None)

    def holds(self, request: str) -> bool:
        """Whether a request has the shared wording; case, white space, punctuation and courtesy may differ."""
        if self.numbers is not None and len(_NUMBER.findall(request)) != self.numbers:
            return False
        return self.parser.read(request) is not None


@lru_cache(maxsize=_KEPT)
def fixed_wording(questions: tuple[str, ...]) -> FixedWording | None:
    """Do as `FixedWording.of`, with a cache."""
    return FixedWording.of(questions)


def _of_few_words(questions: Sequence[str]) -> RequestParser | None:
    """Return a parser of the finest template that says as much as its gaps; None if there is none."""
    if len(questions) < 2:  # noqa: PLR2004 - one has nothing to be compared with
        return None
    for template in templates(questions):
        parser = RequestParser(literals=template, slots=tuple(typed_slots(template, questions)))
        if all(parser.parse(each) is not None for each in questions):
            bounded = parser.bounded_by(questions)
            if bounded.is_mostly_fixed:
                return bounded
    return None
