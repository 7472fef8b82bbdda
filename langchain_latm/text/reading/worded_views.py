"""Views of requests in several wordings: the value of each role is an argument."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_latm.text.reading.codes import digits_are_taken, may_be_codes
from langchain_latm.text.reading.forms import forms
from langchain_latm.text.reading.gap_slots import slot_of
from langchain_latm.text.reading.gaps import Template
from langchain_latm.text.reading.naming import named, with_names
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot, read_slot
from langchain_latm.text.reading.views import View, as_text, distinct, typed_view
from langchain_latm.text.reading.wordings.learning import wordings_of
from langchain_latm.text.reading.wordings.wording import Wordings

_MOST: Final = 4
_LABELLED: Final = ("labels", "labelled")
"""The forms of the two arguments of a list of labelled numbers."""


def worded_views(questions: Sequence[str], answers: Sequence[str] = (), further: Sequence[str] = ()) -> list[View]:
    """Return views that read all questions by their wordings, the likeliest first; none if they share one wording.

    Args:
        questions: Questions that must be read.
        answers: Answers of the first questions, as far as they may be known: digits that they copy are a text.
        further: More questions, whose wordings are learned too.
    """
    found: list[View | None] = []
    also: list[View | None] = []
    for wordings in [each for each in wordings_of(questions, further) if not _is_choice(each)][:_MOST]:
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
        labelled = [part for slot, column in zip(slots, columns, strict=True) for part in _labelled(slot, column)]
        if len(labelled) > len(slots):
            slots = with_names(labelled, [slot.name for slot in labelled])
        elif len(wordings.wordings) < 2:  # noqa: PLR2004 - one wording, which the alignment of questions finds
            continue
        parsers = [
            RequestParser(literals=template, slots=tuple(each), wordings=wordings)
            for each in ((codes, slots, texts) if is_code else (slots, codes, texts))
        ]
        found.append(typed_view(parsers[0], questions))
        also += [typed_view(parser, questions) for parser in parsers[1:]]
    # Other orders of the values come before other types: they are only tried if the order is not certain.
    return distinct([*found, *also], questions)


def _is_choice(wordings: Wordings) -> bool:
    """Whether all wordings have the same words but some that vary on their own, or but signs.

    These say what to do, as "+" and "-", or "keep" and "remove" before "above" and "below". If two wordings say the
    same, all of their words differ together.
    """
    bare = {tuple(word for word in each.words if word is None or re.search(r"\w", word)) for each in wordings.wordings}
    if len(set(map(len, bare))) > 1:
        return False
    differing = [words for place in zip(*bare, strict=True) if len(words := set(place)) > 1]
    return len(differing) < 2 or len(bare) > max(map(len, differing))  # noqa: PLR2004 - one


def _labelled(slot: Slot, column: Sequence[str]) -> list[Slot]:
    """Return the slots of the labels and the numbers of a list of labelled numbers; for other columns, the slot."""
    if not slot.reader.is_list:
        return [slot]
    parts = [
        Slot(name=forms()[form].default_name, form=form, gaps=slot.gaps, separator=slot.separator) for form in _LABELLED
    ]
    fits = all(read_slot(part, [*[""] * slot.gaps[0], text], text) is not None for part in parts for text in column)
    return parts if fits else [slot]


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
