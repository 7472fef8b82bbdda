"""Views of a kind of request: which arguments can be read off its questions without a model.

A maker that is a weak model fails mostly on how arguments are cut out of a question. So the harness offers what it can
cut out by itself: the maker sees questions with their arguments and answers, and writes the computation in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.text.lexing.lists import is_mark
from langchain_latm.text.lexing.sentences import has_sentences, last_clause
from langchain_latm.text.lexing.times import speaks_of_hours, unit_at_start
from langchain_latm.text.lexing.words import words
from langchain_latm.text.reading.alignment import templates
from langchain_latm.text.reading.argument_forms import OF_NUMBERS, OF_TIMES, NumberType, groups_in
from langchain_latm.text.reading.edges import Template
from langchain_latm.text.reading.gap_slots import slot_of, slots_of
from langchain_latm.text.reading.mentions import Group, MentionForm, read_group
from langchain_latm.text.reading.naming import FORBIDDEN_PARAMETERS, NAMES_OF_PYTHON
from langchain_latm.text.reading.parser import LEAST_TELLING, RequestParser, Slot, gaps_in, read_slot, telling_words

FOREIGN: Final = (
    "What is the capital of France?",
    "Write a short poem about the sea.",
    "Please summarize the following text: The meeting was moved to Monday, since three of us were ill.",
    "How many days are there between 2024-01-01 and 2024-03-01?",
    "Translate into German: I would like a cup of coffee, please.",
    "Is the following sentence true or false? The moon is larger than the sun.",
    "Find all prime numbers between 10 and 50.",
    "Given the list [3, 1, 2], return the largest element.",
    "You have 5 apples and give 2 to Tom. How many apples do you have left?",
    "Which of these is a fruit?\nOptions:\n(A) carrot\n(B) apple\n(C) potato",
    "Fix this code: print('hello'",
    "Thank you!",
)
"""Requests of other kinds. A parser that knows one of them would know anything."""

_MOST_SLOTS: Final = 6
"""More parameters than a person would give a function are no good view."""
_MOST_GAPS_AT_ONCE: Final = 3
"""With more gaps than this, the numbers in them say more together than each gap alone."""
_LEAST_FOUND: Final = 2
_NAMES: Final[dict[str, str]] = {
    "question": "question",
    "text": "text",
    "integer": "number",
    "number": "number",
    "texts": "items",
    "integers": "numbers",
    "numbers": "numbers",
    "text_rows": "rows",
    "number_rows": "rows",
    "found": "numbers",
    "amount": "number",
    "amounts": "numbers",
    "json": "items",
    "python": "items",
    "time": "time",
    "time_span": "times",
    "times": "times",
    "time_spans": "times",
}
_LISTS: Final = frozenset({"texts", "integers", "numbers", "amounts", "json", "python"})
_LEAST_MENTIONING: Final = 3
"""Sentences that mention two things or more: fewer tell no story."""
_PAIR: Final = 2
_NEAR: Final = 80
"""Characters before a gap in which words may tell what it is."""
_UNTELLING: Final = frozenset(
    """
    all among and answer are between can each find following for from given had has have here how input into list many
    more number numbers otherwise text that the then there these they this those was were what which will with words you
    """.split()  # noqa: SIM905 - a text of words reads best as one
)

_OF_TEXTS: Final = frozenset({"number"})
"""What says something only of a text: such a number has letters, or a leading zero."""
_LABEL: Final = 2
"""Words at most before a gap that are its label: "Coins: ", "Tom's coins: "."""
_PLURAL: Final = re.compile(r"(?<![a-z'\u2019])(?<!_ )(?<!_  )[a-z]{2,29}(?<![aius])s(?![a-z'\u2019])")
_POINTED_AT: Final = re.compile(r"(?<![a-z])(?:this|that|the)\s+[a-z]+\W*$")
"""A name at the end, as in "this sentence: "."""
_NO_PLURALS: Final = frozenset({"does", "goes", "times", "others", "always", "perhaps"})
_TAKEN: Final = FORBIDDEN_PARAMETERS | NAMES_OF_PYTHON
"""What no parameter can be called, or should be: where `sum` is a list, nothing can be summed up."""


class View(NamedTuple):
    """One way to read the arguments.

    Attributes:
        parser: Reads them.
        annotations: The Python type of each parameter, by name, in order.
    """

    parser: RequestParser
    annotations: dict[str, str]


def views(questions: Sequence[str]) -> list[View]:
    """Return the ways to read arguments that fit all of the questions, the most telling first.

    There are none where the questions share too little to know a request of the kind by.

    Args:
        questions: All that are known of the kind.
    """
    fitting = [each for each in templates(questions) if _tells(each, questions)]
    if not fitting:
        return []
    filled = [each for each in fitting if _fills(each, questions)]
    few = [each for each in filled if len(each) - 1 <= _MOST_SLOTS]
    found = [view for each in few[:1] for view in _typed_views(each, questions)]
    numeric = [_view(fitting[0], slots, questions) for slots in _numeric(fitting[0], questions)]
    if any(view is not None and _is_numbered(view) for view in found):
        numeric = []  # the numbers of the lines among the others would only confuse
    scattered = not few or len(few[0]) - 1 > _MOST_GAPS_AT_ONCE
    found = [*numeric, *found] if scattered else [*found, *numeric]
    found = [*_mentioning(filled, questions), *found]
    found += [_typed_views(each, questions)[0] for each in few[1:] if _leaves_out_chance(few[0], each, questions)][:1]
    found.append(_view((filled or fitting)[0], [Slot(name="question", form="question")], questions))
    return _distinct(found, questions)


def _typed_views(template: Template, questions: Sequence[str]) -> list[View | None]:
    """Return the view of what stands in the gaps, and those of the gaps' texts, in parts and as they are."""
    typed = _typed(template, questions)
    parts = [_as_text(slot, slot.form in OF_TIMES) for slot in typed]
    whole = [_as_text(slot, slot.form in {"texts", "text_rows"} and not is_mark(slot.separator)) for slot in parts]
    found = [_view(template, slots, questions) for slots in (typed, parts, whole)]
    split = [slot.gaps[0] for slot in typed if slot.form == "texts"]
    prose = any(has_sentences((gaps_in(template, each) or [])[gap]) for each in questions for gap in split)
    return found[::-1] if prose else found


def _as_text(slot: Slot, wanted: bool) -> Slot:
    """Return a slot that reads the text instead of what it says: of times in a list the parts, else all of it."""
    if not wanted:
        return slot
    listed = slot.form in {"times", "time_spans"}
    changed = {"form": "texts"} if listed else {"form": "text", "separator": ""}
    return slot.model_copy(update=changed | {"number_type": None})


def _mentioning(fitting: Sequence[Template], questions: Sequence[str]) -> Iterator[View]:
    """Yield the view of what the sentences mention, where they tell a story about the options that follow."""
    told = [groups_in(question.strip()) or () for question in questions]
    telling = all(sum(len(row) > 1 for group in groups for row in group.rows) >= _LEAST_MENTIONING for groups in told)
    if not telling or len({len(groups) for groups in told}) > 1:
        return
    mentioned = [_mentions_slot(column) for column in zip(*told, strict=True)]
    names = _names([name for name, _ in mentioned])
    slots = [
        Slot(name=name, form=form, group=(number, len(mentioned)))
        for number, (name, (_, form)) in enumerate(zip(names, mentioned, strict=True))
    ]
    for template in fitting:
        listed = [slot for slot in _typed(template, questions) if slot.form == "texts" and is_mark(slot.separator)]
        if len(listed) == 1:
            view = _view(template, [*slots, listed[0].model_copy(update={"name": "options"})], questions)
            yield from [view] if view else []
            return


def _mentions_slot(column: Sequence[Group]) -> tuple[str, MentionForm]:
    """Return what a group of sentences may be called, and the narrowest form that reads it in all questions."""
    forms: tuple[MentionForm, ...] = ("mention", "mention_pairs", "mentions")
    form = next((each for each in forms if all(read_group(each, group) is not None for group in column)), None)
    if form is None:
        return "pairs" if all(len(group.options) == _PAIR for group in column) else "rows", "mention_rows"
    return {"mention": "name", "mention_pairs": "items", "mentions": "names"}[form], form


def _is_numbered(view: View) -> bool:
    return any(re.match(r"\n.*\d", slot.separator) for slot in view.parser.slots)


def _leaves_out_chance(fine: Template, coarse: Template, questions: Sequence[str]) -> bool:
    """Whether a coarser template leaves out nothing but what words may hold by chance: one word more, or a mark."""
    typed = _typed(fine, questions)
    left_out = [i for i in range(1, len(fine) - 1) if fine[i] not in coarse]
    beside = [{typed[i - 1].form, typed[i].form} for i in left_out]
    few_words = all(len(words(fine[i], 2)) <= 1 and ":" not in fine[i] for i in left_out)
    return few_words and all("texts" in forms <= {"text", "texts"} for forms in beside)


def _distinct(found: Sequence[View | None], questions: Sequence[str]) -> list[View]:
    """Return the first of those that read the same."""
    distinct: dict[str, View] = {}
    for view in found:
        if view is not None:
            read = [list((view.parser.parse(each) or {}).values()) for each in questions]
            distinct.setdefault(str(read), view)
    return list(distinct.values())


def _tells(template: Template, questions: Sequence[str]) -> bool:
    """Whether a request of the kind is known by a template, and one of another kind is not."""
    foreign = set(FOREIGN) - set(questions)
    return telling_words(template) >= LEAST_TELLING and all(gaps_in(template, each) is None for each in foreign)


def _fills(template: Template, questions: Sequence[str]) -> bool:
    """Whether there is something in every gap. There is not where a word only happens to stand in all questions."""
    return all(all(gaps_in(template, question) or [""]) for question in questions)


def _typed(template: Template, questions: Sequence[str]) -> list[Slot]:
    """One parameter for each gap, of the narrowest type that fits all questions."""
    columns = list(zip(*(gaps_in(template, question) or [] for question in questions), strict=True))
    slots = [slot_of(i, column) for i, column in enumerate(columns)]
    names = _names(_told_apart(template, [_name(template, i, slot) for i, slot in enumerate(slots)]))
    named = [slot.model_copy(update={"name": name}) for slot, name in zip(slots, names, strict=True)]
    return _in_hours(named, template, questions) or named


def _in_hours(slots: Sequence[Slot], template: Template, questions: Sequence[str]) -> list[Slot] | None:
    """Return the slots with times in hours, where the questions speak of hours and all times can be read so."""
    if not any(speaks_of_hours(literal) for literal in template):
        return None
    hourly = [slot.model_copy(update={"number_type": "float"}) if slot.form in OF_TIMES else slot for slot in slots]
    gaps = [(gaps_in(template, question) or [], question) for question in questions]
    return hourly if all(read_slot(slot, *each) is not None for slot in hourly for each in gaps) else None


def _name(template: Template, gap: int, slot: Slot) -> str:
    plural = _plural(template, gap) if slot.form in _LISTS else None
    said = _telling_name(template[gap], also=_OF_TEXTS if slot.form == "text" else frozenset())
    return plural or said or _unit(template[gap + 1], slot) or _NAMES[slot.form]


def _told_apart(template: Template, names: Sequence[str]) -> list[str]:
    """Tell names that come more than once apart by the word before, as in "Ann's budget: ... Tom's budget: ..."."""
    ends = [template[i][-_NEAR:].lower() for i in range(len(names))]
    before = [
        re.search(rf"([^\W\d_]+)(?:['\u2019]s)?\s+{name}\W*$", end) for name, end in zip(names, ends, strict=True)
    ]
    longer = [f"{found[1]}_{name}" if found else name for found, name in zip(before, names, strict=True)]
    distinct = {name for name in names if names.count(name) > 1 and _all_different(longer, names, name)}
    return [long if name in distinct else name for long, name in zip(longer, names, strict=True)]


def _all_different(longer: Sequence[str], names: Sequence[str], name: str) -> bool:
    found = [long for long, each in zip(longer, names, strict=True) if each == name]
    return len(set(found)) == len(found) and all(each.isidentifier() and each.isascii() for each in found)


def _numeric(template: Template, questions: Sequence[str]) -> Iterator[list[Slot]]:
    """Yield the views by numbers alone, where there are several in each question: by their places, and in one list."""
    columns = list(zip(*(gaps_in(template, question) or [] for question in questions), strict=True))
    counts = [{_count_numbers(i, text) for text in column} for i, column in enumerate(columns)]
    together = Slot(name="numbers", form="found", gaps=tuple(range(len(columns))))
    lists = [read_slot(together, gaps_in(template, question) or [], question) for question in questions]
    if not all(each is not None and len(each) >= _LEAST_FOUND for each in lists):
        return
    if all(count in ({0}, {1}) for count in counts):
        # Gaps behind the same word ("divided among 7 ... divided among 9") are one list.
        behind: dict[str, list[int]] = {}
        for gap, count in enumerate(counts):
            if count == {1}:
                behind.setdefault(_last_word(template[gap]) or str(gap), []).append(gap)
        if any(len(gaps) > 1 for gaps in behind.values()) and len(behind) <= _MOST_SLOTS:
            slots = [
                Slot(
                    name="numbers" if gaps[1:] else "number", form="amounts" if gaps[1:] else "amount", gaps=tuple(gaps)
                )
                for gaps in behind.values()
            ]
            names = _names([slot.name for slot in slots])
            yield [slot.model_copy(update={"name": name}) for slot, name in zip(slots, names, strict=True)]
    yield [together]


def _count_numbers(gap: int, text: str) -> int:
    slot = Slot(name="numbers", form="found", gaps=(gap,))
    return len(read_slot(slot, [*[""] * gap, text], text) or [])


def _last_word(literal: str) -> str | None:
    found = words(literal.lower(), 2)
    return found[-1] if found else None


def _view(template: Template, slots: Sequence[Slot], questions: Sequence[str]) -> View | None:
    """Return the view; None where one of the questions leaves a gap empty.

    What its numbers are in all of the questions, they must be in every request.
    """
    asked = RequestParser(literals=template, slots=tuple(slots))
    readings = [reading for question in questions if (reading := asked.parse(question)) is not None]
    if len(readings) < len(questions):
        return None
    columns = {slot.name: [reading[slot.name] for reading in readings] for slot in slots}
    typed = tuple(slot.model_copy(update={"number_type": _number_type(slot, columns[slot.name])}) for slot in slots)
    annotations = {name: _annotation(values) for name, values in columns.items()}
    return View(RequestParser(literals=template, slots=typed), annotations)


def _number_type(slot: Slot, values: list[Any]) -> NumberType | None:
    """Return what the numbers in these values can all be read as."""
    kinds = _kinds(values) if slot.form in OF_NUMBERS else set()
    return "float" if float in kinds else "int" if int in kinds else None


def _kinds(value: Any) -> set[type]:
    return set().union(*map(_kinds, value)) if isinstance(value, list) else {type(value)}


def _annotation(values: Sequence[Any]) -> str:
    """Return the type of all values; `list` where what is in the lists differs."""
    kinds = {type(value) for value in values}
    if kinds == {list}:
        inside = _annotation([each for value in values for each in value])
        return f"list[{inside}]" if inside else "list"
    if kinds <= {int, float} and kinds:
        return "float" if float in kinds else "int"
    if kinds == {dict}:
        return f"dict[str, {_annotation([each for value in values for each in value.values()])}]"
    return "str" if kinds == {str} else ""


def _telling_name(literal: str, also: frozenset[str] = frozenset()) -> str | None:
    """Name a parameter by the word right before its gap, if that says something, or is one of `also`."""
    found = re.search(r"(?<![a-z])([a-z]{3,30})[\s:=\"'-]*$", literal.lower())
    return found[1] if found and found[1] not in (_UNTELLING - also) | _TAKEN else None


def _plural(template: Template, gap: int) -> str | None:
    """Name a list by the last plural near its gap, as "words" in "Sort these words by length: ".

    A label goes first, and what is pointed at. What stands right behind another gap is counted there, as
    in "3 places", and is no name of this one.
    """
    near = " _ ".join(template[: gap + 1]).lower()[-_NEAR:]
    label = last_clause(near)
    if _telling_name(template[gap]) and (len(label.split()) <= _LABEL or _POINTED_AT.search(label)):
        return None
    plurals = [each for each in _PLURAL.findall(near) if each not in _TAKEN | _NO_PLURALS]
    return plurals[-1] if plurals else None


def _unit(literal: str, slot: Slot) -> str | None:
    """Name a number by the unit of time right behind its gap, and by what it measures: `hours`, `meeting_hours`."""
    if slot.form not in OF_NUMBERS - OF_TIMES:
        return None
    unit, measured = unit_at_start(literal.lower()) or (None, None)
    return f"{measured}_{unit}" if measured else unit


def _names(wanted: Sequence[str]) -> list[str]:
    """Number names that come more than once."""
    names: list[str] = []
    for name in wanted:
        numbered = (name if number == 1 else f"{name}_{number}" for number in range(1, len(wanted) + 2))
        names.append(next(each for each in numbered if each not in names))
    return names


def parser_of(readings: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Any]) -> RequestParser | None:
    """Find the parser that reads what a model read off these questions; None where there is none.

    Args:
        readings: Arguments by question, all proven.
        parameters: JSON schema of the function's parameters.
    """
    questions, names = list(readings), list(parameters.get("properties", {}))
    if any(set(each) != set(names) for each in readings.values()):
        return None  # a parameter with a default was left out: nobody knows what it stands for
    for template in templates(questions):
        gaps = [gaps_in(template, question) or [] for question in questions]
        possible = [slot for i, column in enumerate(zip(*gaps, strict=True)) for slot in slots_of(i, column)]
        possible.append(Slot(name="value", form="question"))
        read = [[read_slot(slot, *each) for each in zip(gaps, questions, strict=True)] for slot in possible]
        slots = []
        for name in names:
            wanted = [reading[name] for reading in readings.values()]
            # The same to the type: `1 == 1.0 == True`, which a function may well tell apart.
            fitting = [slot for slot, values in zip(possible, read, strict=True) if repr(values) == repr(wanted)]
            mixed = _kinds(wanted) >= {int, float}  # each as it is written
            slots += [
                slot.model_copy(update={"name": name} | ({} if mixed else {"number_type": _number_type(slot, wanted)}))
                for slot in fitting[:1]
            ]
        if slots and len(slots) == len(names):
            parser = RequestParser(literals=template, slots=tuple(slots))
            return parser if _tells(template, questions) else None
    return None
