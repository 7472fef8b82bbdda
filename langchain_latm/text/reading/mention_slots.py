"""Finds slots for what the sentences of a question mention, if they tell a story about the options that follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.lists import is_mark
from langchain_latm.text.reading.forms import MentionForm, mention_forms
from langchain_latm.text.reading.gap_slots import typed_slots
from langchain_latm.text.reading.gaps import Template
from langchain_latm.text.reading.mentions import Group, groups_in
from langchain_latm.text.reading.naming import with_names
from langchain_latm.text.reading.slot import Slot

_LEAST_MENTIONING: Final = 3
"""Minimum number of sentences in a story that mention two things or more."""


def mention_slots(fitting: Sequence[Template], questions: Sequence[str]) -> tuple[Template, list[Slot]] | None:
    """Return a slot for each group of sentences and one for the options; None if there is no story.

    Args:
        fitting: Templates to read the options with: the first one with exactly one list of options is used.
        questions: All known questions of the kind.
    """
    groups = [groups_in(question.strip()) or () for question in questions]
    if not all(map(_is_story, groups)) or len(set(map(len, groups))) > 1:
        return None
    slots = _group_slots(list(zip(*groups, strict=True)))
    for template in fitting:
        listed = [slot for slot in typed_slots(template, questions) if slot.form == "texts" and is_mark(slot.separator)]
        if len(listed) == 1:
            return template, [*slots, listed[0].model_copy(update={"name": "options"})]
    return None


def _is_story(groups: Sequence[Group]) -> bool:
    return sum(len(row) > 1 for group in groups for row in group.rows) >= _LEAST_MENTIONING


def _group_slots(columns: Sequence[Sequence[Group]]) -> list[Slot]:
    forms = [_narrowest(column) for column in columns]
    slots = [Slot(name="value", form=form.name, group=(i, len(columns))) for i, form in enumerate(forms)]
    return with_names(slots, [form.name_of(column) for form, column in zip(forms, columns, strict=True)])


def _narrowest(column: Sequence[Group]) -> MentionForm:
    """Return the first form that reads a group in all questions; the last one reads any."""
    fitting = (form for form in mention_forms() if all(form.read(group) is not None for group in column))
    return next(fitting)
