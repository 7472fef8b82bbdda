"""Views of a kind of request: which arguments can be read off its questions without a model.

A maker that is a weak model fails mostly on how arguments are cut out of a question. So the harness offers what it can
cut out by itself: the maker sees questions with their arguments and answers, and writes the computation in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from langchain_latm.text.lexing.lists import is_mark
from langchain_latm.text.lexing.numbers import numbers_among_words
from langchain_latm.text.lexing.sentences import has_sentences, sentences
from langchain_latm.text.lexing.words import words
from langchain_latm.text.reading.alignment import templates
from langchain_latm.text.reading.cells import are_cells, labelled
from langchain_latm.text.reading.chunks import in_chunks, is_choice
from langchain_latm.text.reading.codes import digits_are_taken, may_be_codes
from langchain_latm.text.reading.constants import needed_in, opened_constants
from langchain_latm.text.reading.forms import GapForm
from langchain_latm.text.reading.gap_slots import slot_of, typed_slots
from langchain_latm.text.reading.gaps import Template, columns_of, gaps_in, in_one_form
from langchain_latm.text.reading.mention_slots import mention_slots
from langchain_latm.text.reading.numeric_slots import MOST_SLOTS, numeric_slots
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.text.reading.telling import tells_kind
from langchain_latm.text.reading.touching import loosened

_MOST_GAPS_AT_ONCE: Final = 3
"""With more gaps than this, the numbers in them say more together than each gap alone."""


class View(NamedTuple):
    """One way to read the arguments.

    Attributes:
        parser: Reads them.
        annotations: The Python type of each parameter, by name, in order.
    """

    parser: RequestParser
    annotations: dict[str, str]


def views(questions: Sequence[str], answers: Sequence[str] = ()) -> list[View]:
    """Return the ways to read arguments that fit all of the questions, the most telling first.

    Where the questions share too little to know a request of the kind by, a view reads all of a cell of a table as one
    text. Other questions, which are sentences, then have no view but `unaligned_views`.

    Args:
        questions: All that are known of the kind.
        answers: Those of the first questions, as far as they may be known: what they take from a question must be an
            argument, even if it is the same in all questions, and digits that they take are a text.
    """
    questions = in_one_form(questions)
    found = _with_touching_data(templates(questions), questions)
    fitting = [each for each in found if tells_kind(each, questions)]
    if not fitting:
        return _cell_views(found, questions)
    filled = [each for each in fitting if all(all(gaps_in(each, question) or [""]) for question in questions)]
    few = [each for each in filled if len(each) - 1 <= MOST_SLOTS]
    few.sort(key=lambda each: _cuts_sentences(each, questions))  # else stable: fine ones first
    if few:
        few[0] = in_chunks(opened_constants(few[0], questions, needed_in(answers)), questions)
    by_gap = [view for each in few[:1] for view in _gap_views(each, questions)]
    # Among lines that are numbered, the numbers of the lines would only confuse.
    numbered = any(view is not None and _has_numbered_lines(view) for view in by_gap)
    numeric = (
        [] if numbered else [_view(fitting[0], slots, questions) for slots in numeric_slots(fitting[0], questions)]
    )
    is_scattered = not few or (len(few[0]) - 1 > _MOST_GAPS_AT_ONCE and not _are_values(few[0], questions))
    mentioned = mention_slots(filled, questions)
    finer = (each for each in few[1:] if _leaves_out_chance(few[0], each, questions))
    digits = [_digits_view(each, questions, answers) for each in few[:1]]
    is_code = any(digits) and digits_are_taken(columns_of(few[0], questions), answers)
    return _distinct(
        [
            *([_view(*mentioned, questions)] if mentioned else []),
            *(digits if is_code else []),
            *([*numeric, *by_gap] if is_scattered else [*by_gap, *numeric]),
            *([] if is_code else digits),
            *[_gap_views(each, questions)[0] for template in few[:1] for each in _rivals(template, questions)],
            *[_gap_views(each, questions)[0] for each in finer][:1],
            _whole_view((filled or fitting)[0], questions),
        ],
        questions,
    )


def unaligned_views(questions: Sequence[str]) -> list[View]:
    """Return the views of questions that share too little for others: of their numbers, and of all of the text.

    Where some questions have more numbers than others, the words say what each is, and all of the text goes first.

    Their parsers tell requests of the kind from others by little more than the words behind the numbers. So the
    dispatcher does not go by them, and a model judges each request first (`loop.judging`).

    Args:
        questions: All that are known of the kind.
    """
    slots = [*numeric_slots(("", ""), questions), [Slot(name="question", form="question")]]
    if len({len(numbers_among_words(question) or []) for question in questions}) > 1:
        slots.reverse()
    return _distinct([_view(("", ""), each, questions) for each in slots], questions)


def _cell_views(found: Sequence[Template], questions: Sequence[str]) -> list[View]:
    """Return the views of the cells of a table: of what stands behind their label, or of all of their text.

    Their parsers read requests of any kind, so the dispatcher does not go by them (`telling.is_telling`).
    """
    if not are_cells(questions):
        return []
    label = labelled(found, questions)
    if label is not None:
        return _distinct([*_gap_views(label, questions), _whole_view(label, questions)], questions)
    typed = slot_of(0, [question.strip() for question in questions])
    whole = Slot(name="text", form="text", gaps=(0,))
    is_list = typed.reader.is_list and (typed.separator == "\t" or (not typed.separator and typed.form != "texts"))
    named = typed.model_copy(update={"name": typed.reader.default_name})
    slots = [named, whole] if is_list else [whole, *([named] if typed.reader.has_number_type else [])]
    return _distinct([_view(("", ""), [slot], questions, bounded=False) for slot in slots], questions)


def _are_values(template: Template, questions: Sequence[str]) -> bool:
    """Whether each gap is a value, or a choice among a few words: then nothing that changes is only wording."""
    slots, columns = typed_slots(template, questions), columns_of(template, questions)
    return all(not slot.reader.takes_text or is_choice(column) for slot, column in zip(slots, columns, strict=True))


def _with_touching_data(found: Sequence[Template], questions: Sequence[str]) -> list[Template]:
    """Return the templates without the data that touches gaps of texts."""
    loose: dict[Template, None] = {}
    for template in found:
        if loosened(template, questions, lambda _: True) == template:
            loose[template] = None
            continue
        slots = typed_slots(template, questions)
        looser = loosened(template, questions, lambda gap, slots=slots: slots[gap].reader.takes_text)  # type: ignore[misc]
        if all(gaps_in(looser, question) is not None for question in questions):
            loose[looser] = None
    return list(loose)


def _rivals(template: Template, questions: Sequence[str]) -> Iterator[Template]:
    """Yield coarser templates, with constant data, and with what touches values, as arguments too."""
    for rival in (opened_constants(template, questions, lambda _: True), loosened(template, questions, lambda _: True)):
        reads = all(all(gaps_in(rival, question) or [""]) for question in questions)
        if rival != template and len(rival) - 1 <= MOST_SLOTS and reads and tells_kind(rival, questions):
            yield rival


def _digits_view(template: Template, questions: Sequence[str], answers: Sequence[str]) -> View | None:
    """Return the view that reads digits as text where they may be a code; None where nothing says so."""
    columns = columns_of(template, questions)
    typed = typed_slots(template, questions)
    codes = [slot.form == "integer" and may_be_codes(columns[gap], answers) for gap, slot in enumerate(typed)]
    if not any(codes):
        return None
    slots = [
        slot.model_copy(update={"form": "text", "number_type": None}) if is_code else slot
        for slot, is_code in zip(typed, codes, strict=True)
    ]
    return _view(template, slots, questions)


def _whole_view(template: Template, questions: Sequence[str]) -> View | None:
    """Return the view of all that may change: the text of the only gap or, of several, the question."""
    if len(template) == 2:  # noqa: PLR2004 - one gap
        (typed,) = typed_slots(template, questions)
        return _view(template, [Slot(name=typed.name, form="text", gaps=(0,))], questions)
    return _view(template, [Slot(name="question", form="question")], questions)


def _gap_views(template: Template, questions: Sequence[str]) -> list[View | None]:
    """Return the view of what stands in the gaps, and those of the gaps' texts, in parts and as they are."""
    typed = typed_slots(template, questions)
    parts = [_as_text(slot) if slot.reader.has_times else slot for slot in typed]
    whole = [slot if is_mark(slot.separator) else _as_text(slot) for slot in parts]
    found = [_view(template, slots, questions) for slots in (typed, parts, whole)]
    columns = columns_of(template, questions)
    prose = any(has_sentences(text) for slot in typed if slot.form == "texts" for text in columns[slot.gaps[0]])
    return found[::-1] if prose else found


def _as_text(slot: Slot) -> Slot:
    """Return a slot that reads the text instead of what it says, where the form names such a form."""
    form = slot.reader
    if not isinstance(form, GapForm) or form.text_form is None:
        return slot
    separator = "" if form.text_form == "text" else slot.separator
    return slot.model_copy(update={"form": form.text_form, "separator": separator, "number_type": None})


def _has_numbered_lines(view: View) -> bool:
    return any(re.match(r"\n.*\d", slot.separator) for slot in view.parser.slots)


def _leaves_out_chance(fine: Template, coarse: Template, questions: Sequence[str]) -> bool:
    """Whether a coarser template leaves out nothing but what words may hold by chance: one word more, or a mark."""
    typed = typed_slots(fine, questions)
    left_out = [i for i in range(1, len(fine) - 1) if fine[i] not in coarse]
    beside = [{typed[i - 1].form, typed[i].form} for i in left_out]
    few_words = all(len(words(fine[i], 2)) <= 1 and ":" not in fine[i] for i in left_out)
    lists = {"texts", "sentences"}
    return few_words and all(bool(lists & forms) and forms <= {"text", *lists} for forms in beside)


def _cuts_sentences(template: Template, questions: Sequence[str]) -> bool:
    """Whether a gap holds the rest of a sentence and another one: words that all questions share by chance cut it."""
    columns = columns_of(template, questions)
    return any(
        all(len(sentences(text)) > 1 for text in column)
        and not (_ends_at_border(template[gap]) and _begins_at_border(template[gap + 1]))
        for gap, column in enumerate(columns)
    )


def _ends_at_border(literal: str) -> bool:
    return not literal or "\n" in literal[-2:] or literal.rstrip()[-1:] in {".", "?", "!", ":", "\u3002", "\uff1a"}


def _begins_at_border(literal: str) -> bool:
    return not literal.strip() or literal[0] in {".", "?", "!", "\n", "\u3002"} or literal.lstrip()[0].isupper()


def _distinct(found: Sequence[View | None], questions: Sequence[str]) -> list[View]:
    """Return the first of those that read the same."""
    distinct: dict[str, View] = {}
    for view in found:
        if view is not None:
            read = [list((view.parser.parse(each) or {}).values()) for each in questions]
            distinct.setdefault(str(read), view)
    return list(distinct.values())


def _view(template: Template, slots: Sequence[Slot], questions: Sequence[str], *, bounded: bool = True) -> View | None:
    """Return the view; None where one of the questions leaves a gap empty.

    What its numbers are in all of the questions, they must be in every request.
    """
    asked = RequestParser(literals=template, slots=tuple(slots))
    readings = [reading for question in questions if (reading := asked.parse(question)) is not None]
    if len(readings) < len(questions):
        return None
    columns = {slot.name: [reading[slot.name] for reading in readings] for slot in slots}
    typed = [slot.model_copy(update={"number_type": slot.reader.number_type(columns[slot.name])}) for slot in slots]
    annotations = {slot.name: slot.reader.annotate(columns[slot.name]) for slot in slots}
    parser = RequestParser(literals=template, slots=tuple(typed))
    return View(parser.bounded_by(questions) if bounded else parser, annotations)
