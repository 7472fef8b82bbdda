"""Views of requests in several wordings: the value of each role is an argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langchain_latm.text.reading.codes import digits_are_taken, may_be_codes
from langchain_latm.text.reading.gap_slots import slot_of
from langchain_latm.text.reading.gaps import Template
from langchain_latm.text.reading.naming import named
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.views import View, as_text, distinct, typed_view
from langchain_latm.text.reading.wordings.learning import wordings_of
from langchain_latm.text.reading.wordings.wording import Wordings

_MOST: Final = 3


def worded_views(questions: Sequence[str], answers: Sequence[str] = (), further: Sequence[str] = ()) -> list[View]:
    """Return views that read all questions by their wordings, the likeliest first; none if they share one wording.

    Args:
        questions: Questions that must be read.
        answers: Answers of the first questions, as far as they may be known: digits that they copy are a text.
        further: More questions, whose wordings are learned too.
    """
    found: list[View | None] = []
    for wordings in wordings_of(questions, further)[:_MOST]:
        if len(wordings.wordings) < 2:  # noqa: PLR2004 - one wording, which the alignment of questions finds
            continue
        columns = list(zip(*(wordings.gaps(question) or [] for question in questions), strict=True))
        template = _template(wordings, questions)
        slots = named(template, [slot_of(gap, column) for gap, column in enumerate(columns)])
        codes = [
            slot.model_copy(update={"form": "text", "number_type": None})
            if slot.form == "integer" and may_be_codes(columns[gap], answers)
            else slot
            for gap, slot in enumerate(slots)
        ]
        texts = [as_text(slot) for slot in slots]
        is_code = codes != slots and digits_are_taken(columns, answers)
        for each in (codes, slots, texts) if is_code else (slots, codes, texts):
            parser = RequestParser(literals=template, slots=tuple(each), wordings=wordings)
            found.append(typed_view(parser, questions))
    return distinct(found, questions)


def _template(wordings: Wordings, questions: Sequence[str]) -> Template:
    """Return the literals of the first question whose values stand in the order of their roles, for names and display.

    If there is none, the literals are neutral.
    """
    for question in questions:
        places = wordings.places(question) or []
        if places == sorted(places):
            starts, ends = [0, *(end for _, end in places)], [*(start for start, _ in places), len(question)]
            literals = [question[start:end] for start, end in zip(starts, ends, strict=True)]
            if all(literals[1:-1]):
                return tuple(literals)
    return ("", *([", "] * (len(wordings.sorts) - 1)), "")
