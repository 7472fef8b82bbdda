"""Views of a kind of request: the arguments that can be read off its questions without a model.

A weak model as maker fails mostly at extracting arguments from a question. So the harness extracts what it can: the
maker sees questions with their arguments and answers, and writes only the computation.
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
from langchain_latm.text.reading.distinctive import identifies_kind
from langchain_latm.text.reading.forms import GapForm
from langchain_latm.text.reading.gap_slots import slot_of, typed_slots
from langchain_latm.text.reading.gaps import Template, columns_of, gaps_in, normalized_alike
from langchain_latm.text.reading.mention_slots import mention_slots
from langchain_latm.text.reading.naming import with_names
from langchain_latm.text.reading.numeric_slots import MOST_SLOTS, numeric_slots
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.text.reading.touching import loosened

_MOST_GAPS_AT_ONCE: Final = 3
"""With more gaps, all their numbers together are a better view than each gap alone."""


class View(NamedTuple):
    """One way to read the arguments.

    Attributes:
        parser: The parser that reads them.
        annotations: The Python type of each parameter, by name, in order.
    """

    parser: RequestParser
    annotations: dict[str, str]


def views(questions: Sequence[str], answers: Sequence[str] = ()) -> list[View]:
    """Return the ways to read arguments that fit all of the questions, the most informative first.

    If the questions share too few words to identify the kind, table cells are read as one text each. Sentences then
    have no view except `unaligned_views`.

    Args:
        questions: All known questions of the kind.
        answers: Answers of the first questions, as far as they may be known. Text that they copy from a question must
            be an argument, even if it is the same in all questions, and digits that they copy are a text.
    """
    questions = normalized_alike(questions)
    found = _with_touching_data(templates(questions), questions)
    fitting = [each for each in found if identifies_kind(each, questions)]
    if not fitting:
        return _cell_views(found, questions)
    filled = [each for each in fitting if all(all(gaps_in(each, question) or [""]) for question in questions)]
    few = [each for each in filled if len(each) - 1 <= MOST_SLOTS]
    few.sort(key=lambda each: _cuts_sentences(each, questions) or _cuts_at_common_word(each, questions))  # stable
    if few:
        few[0] = in_chunks(opened_constants(few[0], questions, needed_in(answers)), questions)
    by_gap = [view for each in few[:1] for view in _gap_views(each, questions)]
    # The numbers of numbered lines are not data.
    numbered = any(view is not None and _has_numbered_lines(view) for view in by_gap)
    numeric = (
        [] if numbered else [_view(fitting[0], slots, questions) for slots in numeric_slots(fitting[0], questions)]
    )
    is_scattered = not few or (len(few[0]) - 1 > _MOST_GAPS_AT_ONCE and not _are_values(few[0], questions))
    mentioned = mention_slots(filled, questions)
    finer = (each for each in few[1:] if _leaves_out_chance(few[0], each, questions))
    digits = [_digits_view(each, questions, answers) for each in few[:1]]
    is_code = any(digits) and digits_are_taken(columns_of(few[0], questions), answers)
    return distinct(
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
    """Return the views of questions that share too few words: of their numbers, and of the whole text.

    If some questions have more numbers than others, only the words show what each number is, so the whole text comes
    first.

    The parsers of these views hardly distinguish requests of the kind from others. So the dispatcher does not rely on
    them, and a model judges each request first (`loop.judging`).

    Args:
        questions: All known questions of the kind.
    """
    numeric = [_view(("", ""), each, questions) for each in numeric_slots(("", ""), questions)]
    whole = [_view(("", ""), [Slot(name="question", form="question")], questions)]
    same_count = len({len(numbers_among_words(question) or []) for question in questions}) == 1
    parts = _views_at_colon(questions)
    rest = [*numeric, *parts, *whole] if same_count else [*whole, *parts, *numeric]
    return distinct([*_views_after_first_word(questions), *rest], questions)


def _views_after_first_word(questions: Sequence[str]) -> list[View | None]:
    """Return the views of the gaps of requests that all begin with the same word, as in "Evaluate 3*x + 2 at x = 5".

    A word of two letters will do if the requests end with a longer one, as in "Is abba a palindrome?".
    """
    found = [each for each in templates(questions) if len(each) - 1 <= MOST_SLOTS]
    begun = [each for each in found if words(each[0], 3) or (words(each[0], 2) and words(each[-1], 3))]
    filled = [each for each in begun if all(all(gaps_in(each, question) or [""]) for question in questions)]
    return [view for each in filled[:1] for view in _gap_views(in_chunks(each, questions), questions)]


def _cell_views(found: Sequence[Template], questions: Sequence[str]) -> list[View]:
    """Return the views of table cells: of the text after their label, or of their whole text.

    The parsers read requests of any kind, so the dispatcher does not rely on them (`distinctive.is_distinctive`).
    """
    if not are_cells(questions):
        return []
    label = labelled(found, questions)
    if label is not None:
        return distinct([*_gap_views(label, questions), _whole_view(label, questions)], questions)
    typed = slot_of(0, [question.strip() for question in questions])
    whole = Slot(name="text", form="text", gaps=(0,))
    is_list = typed.reader.is_list and (typed.separator == "\t" or (not typed.separator and typed.form != "texts"))
    named = typed.model_copy(update={"name": typed.reader.default_name})
    slots = [named, whole] if is_list else [whole, *([named] if typed.reader.has_number_type else [])]
    cells = [_view(("", ""), [slot], questions, bounded=False) for slot in slots]
    numeric = [_view(("", ""), each, questions) for each in numeric_slots(("", ""), questions)]
    return distinct([*cells, *_views_at_colon(questions), *numeric], questions)


def _views_at_colon(questions: Sequence[str]) -> list[View | None]:
    """Return the views of requests that have one colon each: of the words before it, and of the data after it."""
    colons = {tuple(re.findall(r"[:\uff1a]\s*", question.strip())) for question in questions}
    if len(colons) > 1 or len(colon := colons.pop()) != 1:
        return []
    template = ("", *colon, "")
    if colon[0] == ":" or not all(all(gaps_in(template, question) or [""]) for question in questions):
        return []  # without space, as in a time
    if len(set(columns_of(template, questions)[1])) == 1:
        return []  # a last word or mark, no data
    instruction = Slot(name="instruction", form="text", gaps=(0,))
    (typed,) = with_names([typed_slots(template, questions)[1]], ["data"])
    return [_view(template, [instruction, each], questions) for each in (typed, as_text(typed))]


def _are_values(template: Template, questions: Sequence[str]) -> bool:
    """Whether each gap is a value or a choice among a few words, so that no gap is only wording."""
    slots, columns = typed_slots(template, questions), columns_of(template, questions)
    return all(not slot.reader.takes_text or is_choice(column) for slot, column in zip(slots, columns, strict=True))


def _with_touching_data(found: Sequence[Template], questions: Sequence[str]) -> list[Template]:
    """Return the templates, with data that touches gaps of texts moved into the gaps."""
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
    """Yield coarser templates, whose arguments include constant data or the text that touches values."""
    for rival in (opened_constants(template, questions, lambda _: True), loosened(template, questions, lambda _: True)):
        reads = all(all(gaps_in(rival, question) or [""]) for question in questions)
        if rival != template and len(rival) - 1 <= MOST_SLOTS and reads and identifies_kind(rival, questions):
            yield rival


def _digits_view(template: Template, questions: Sequence[str], answers: Sequence[str]) -> View | None:
    """Return the view that reads digits as text if they may be a code; None if no gap may be one."""
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
    """Return the view of everything that may change: the text of the only gap or, with several gaps, the question."""
    if len(template) == 2:  # noqa: PLR2004 - one gap
        typed = typed_slots(template, questions)
        return _view(template, _renamed([Slot(name=typed[0].name, form="text", gaps=(0,))], typed), questions)
    return _view(template, [Slot(name="question", form="question")], questions)


def _gap_views(template: Template, questions: Sequence[str]) -> list[View | None]:
    """Return the view of the gaps as typed values, then as lists of texts, then as whole texts."""
    typed = typed_slots(template, questions)
    parts = [
        as_text(slot) if slot.reader.has_times or slot.reader.has_rows or slot.reader.has_pairs else slot
        for slot in typed
    ]
    whole = [slot if is_mark(slot.separator) else as_text(slot) for slot in parts]
    found = [_view(template, _renamed(slots, typed), questions) for slots in (typed, parts, whole)]
    columns = columns_of(template, questions)
    prose = any(has_sentences(text) for slot in typed if slot.form == "texts" for text in columns[slot.gaps[0]])
    return found[::-1] if prose else found


def as_text(slot: Slot) -> Slot:
    """Return a slot that reads the text instead of its value, if the form names a form for that."""
    form = slot.reader
    if not isinstance(form, GapForm) or form.text_form is None:
        return slot
    separator = "" if form.text_form == "text" else slot.separator
    return slot.model_copy(
        update={"form": form.text_form, "separator": separator, "number_type": None, "row": None, "pair": None}
    )


def _renamed(slots: Sequence[Slot], typed: Sequence[Slot]) -> list[Slot]:
    """Return slots in which no text has the default name of a list."""
    names = []
    for slot, before in zip(slots, typed, strict=True):
        bare = re.sub(r"_\d+$", "", slot.name)
        is_list = before.reader.is_list and bare == before.reader.default_name
        names.append("text" if is_list and not slot.reader.is_list else bare)
    return with_names(slots, names)


def _has_numbered_lines(view: View) -> bool:
    return any(re.match(r"\n.*\d", slot.separator) for slot in view.parser.slots)


def _leaves_out_chance(fine: Template, coarse: Template, questions: Sequence[str]) -> bool:
    """Whether the literals that a coarser template leaves out may be shared by chance: one word each, or a mark."""
    typed = typed_slots(fine, questions)
    left_out = [i for i in range(1, len(fine) - 1) if fine[i] not in coarse]
    beside = [{typed[i - 1].form, typed[i].form} for i in left_out]
    few_words = all(len(words(fine[i], 2)) <= 1 and ":" not in fine[i] for i in left_out)
    lists = {"texts", "sentences"}
    return few_words and all(bool(lists & forms) and forms <= {"text", *lists} for forms in beside)


def _cuts_at_common_word(template: Template, questions: Sequence[str]) -> bool:
    """Whether a single word separates two gaps and occurs in most of these gaps too, so that it is there by chance."""
    columns = [[words(text.casefold()) for text in column] for column in columns_of(template, questions)]
    for place in range(1, len(template) - 1):
        literal = template[place]
        if not literal.strip().isalpha() or len(words(literal)) != 1:
            continue
        word = literal.strip().casefold()
        beside = [
            word in before or word in after for before, after in zip(*columns[place - 1 : place + 1], strict=True)
        ]
        if 2 * sum(beside) >= len(beside):
            return True
    return False


def _cuts_sentences(template: Template, questions: Sequence[str]) -> bool:
    """Whether a gap holds the rest of a sentence and another one: a literal shared by chance cut the sentence."""
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


def distinct(found: Sequence[View | None], questions: Sequence[str]) -> list[View]:
    """Return the views that read different arguments; of equal ones, the first."""
    distinct: dict[str, View] = {}
    for view in found:
        if view is not None:
            read = [list((view.parser.parse(each) or {}).values()) for each in questions]
            distinct.setdefault(str(read), view)
    return list(distinct.values())


def _view(template: Template, slots: Sequence[Slot], questions: Sequence[str], *, bounded: bool = True) -> View | None:
    """Return the view; None if it does not read all of the questions.

    Its numbers must have the same type in every request as in the questions.
    """
    return typed_view(RequestParser(literals=template, slots=tuple(slots)), questions, bounded=bounded)


def typed_view(asked: RequestParser, questions: Sequence[str], *, bounded: bool = True) -> View | None:
    """Return the view of a parser, with the types of its numbers; None if it does not read all of the questions."""
    readings = [reading for question in questions if (reading := asked.parse(question)) is not None]
    if len(readings) < len(questions):
        return None
    columns = {slot.name: [reading[slot.name] for reading in readings] for slot in asked.slots}
    typed = [
        slot.model_copy(update={"number_type": slot.reader.number_type(columns[slot.name])}) for slot in asked.slots
    ]
    annotations = {slot.name: slot.reader.annotate(columns[slot.name]) for slot in asked.slots}
    parser = asked.model_copy(update={"slots": tuple(typed)})
    return View(parser.bounded_by(questions) if bounded else parser, annotations)
