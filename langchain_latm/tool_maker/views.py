"""Views of a kind of request: which arguments can be read off its questions without a model.

A maker that is a weak model fails mostly on how arguments are cut out of a question. So the harness offers what it can
cut out by itself: the maker sees questions with their arguments and answers, and writes the computation in between.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.request_parser import LEAST_TELLING, Form, RequestParser, Slot, gaps_in, read_slot, telling_words
from langchain_latm.tool_maker.alignment import Template, templates
from langchain_latm.tool_maker.proposing import FORBIDDEN_PARAMETERS

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
_SEPARATORS: Final = ("\n", "; ", ", ", " | ", ",", "")
_ANNOTATIONS: Final[dict[Form, str]] = {
    "question": "str",
    "text": "str",
    "integer": "int",
    "number": "float",
    "texts": "list[str]",
    "integers": "list[int]",
    "numbers": "list[float]",
    "found": "list[float]",
    "amount": "float",
    "amounts": "list[float]",
    "json": "list",
}
_NAMES: Final[dict[Form, str]] = {
    "question": "question",
    "text": "text",
    "integer": "number",
    "number": "number",
    "texts": "items",
    "integers": "numbers",
    "numbers": "numbers",
    "found": "numbers",
    "amount": "number",
    "amounts": "numbers",
    "json": "items",
}
_UNTELLING: Final = frozenset(
    """
    all among and answer are between can each find following for from given had has have here how input into list many
    more number numbers otherwise that the then there these they this those was were what which will with words you
    """.split()  # noqa: SIM905 - a text of words reads best as one
)

_TAKEN: Final = FORBIDDEN_PARAMETERS | {*keyword.kwlist, *dir(builtins)}
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
    found: list[View | None] = []
    few = next((each for each in fitting if len(each) - 1 <= _MOST_SLOTS and _fills(each, questions)), None)
    if few is not None:
        typed = _typed(few, questions)
        whole = [each.model_copy(update={"form": "text"}) if each.form == "texts" else each for each in typed]
        found += [_view(few, slots, questions) for slots in (typed, whole)]
    numeric = [_view(fitting[0], slots, questions) for slots in _numeric(fitting[0], questions)]
    scattered = few is None or len(few) - 1 > _MOST_GAPS_AT_ONCE
    found = [*numeric, *found] if scattered else [*found, *numeric]
    found.append(_view(fitting[0], [Slot(name="question", form="question")], questions))
    distinct: dict[str, View] = {}
    for view in filter(None, found):  # two that read the same are one
        distinct.setdefault(str([list((view.parser.parse(each) or {}).values()) for each in questions]), view)
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
    slots = [_slot(i, column) for i, column in enumerate(columns)]
    names = _names([_telling_name(template[i]) or _NAMES[slot.form] for i, slot in enumerate(slots)])
    return [slot.model_copy(update={"name": name}) for slot, name in zip(slots, names, strict=True)]


def _numeric(template: Template, questions: Sequence[str]) -> Iterator[list[Slot]]:
    """Yield the views by numbers alone, where there are several in each question: by their places, and in one list."""
    columns = list(zip(*(gaps_in(template, question) or [] for question in questions), strict=True))
    together = Slot(name="numbers", form="found", gaps=tuple(range(len(columns))))
    lists = [read_slot(together, gaps_in(template, question) or [], question) for question in questions]
    if not all(each is not None and len(each) >= _LEAST_FOUND for each in lists):
        return
    counts = [{len(read_slot(_found(i), _only(i, text), text) or []) for text in c} for i, c in enumerate(columns)]
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


def _found(gap: int) -> Slot:
    return Slot(name="numbers", form="found", gaps=(gap,))


def _only(gap: int, text: str) -> list[str]:
    """Return gaps of which only one matters."""
    return [*[""] * gap, text]


def _last_word(literal: str) -> str | None:
    found = re.findall(r"[^\W\d_]{2,}", literal.lower())
    return found[-1] if found else None


def _view(template: Template, slots: Sequence[Slot], questions: Sequence[str]) -> View | None:
    """Return the view; None where one of the questions leaves a gap empty."""
    parser = RequestParser(literals=template, slots=tuple(slots))
    readings = [parser.parse(question) for question in questions]
    if any(each is None for each in readings):
        return None
    columns = {slot.name: [each[slot.name] for each in readings if each is not None] for slot in slots}
    return View(parser, {slot.name: _annotation(slot, columns[slot.name]) for slot in slots})


def _annotation(slot: Slot, values: Sequence[Any]) -> str:
    if slot.form in ("found", "amounts") and all(isinstance(each, int) for value in values for each in value):
        return "list[int]"
    if slot.form == "amount" and all(isinstance(value, int) for value in values):
        return "int"
    if slot.form == "json" and all(isinstance(each, str) for value in values for each in value):
        return "list[str]"
    return _ANNOTATIONS[slot.form]


def _slot(gap: int, column: Sequence[str]) -> Slot:
    """Choose the narrowest form that reads every value of a gap."""
    for slot in _slots(gap, column):
        if all(read_slot(slot, _only(gap, text), text) is not None for text in column):
            return slot
    return Slot(name="value", form="text", gaps=(gap,))


def _slots(gap: int, column: Sequence[str]) -> list[Slot]:
    """Return what a gap may be read as, narrow forms first."""
    forms: list[Form] = ["integer", "number", "json"]
    slots = [Slot(name="value", form=form, gaps=(gap,)) for form in forms]
    for separator in _SEPARATORS:
        if any(separator in text if separator else len(text.split()) > 1 for text in column):
            parts: tuple[Form, ...] = ("integers", "numbers", "texts")
            slots += [Slot(name="value", form=form, gaps=(gap,), separator=separator) for form in parts]
            break
    return [*slots, Slot(name="value", form="text", gaps=(gap,)), Slot(name="value", form="amount", gaps=(gap,))]


def _telling_name(literal: str) -> str | None:
    """Name a parameter by the word right before its gap, if that says something."""
    found = re.search(r"(?<![a-z])([a-z]{3,30})[\s:=\"'-]*$", literal.lower())
    return found[1] if found and found[1] not in _UNTELLING | _TAKEN else None


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
        possible = [slot for i, column in enumerate(zip(*gaps, strict=True)) for slot in _slots(i, column)]
        possible.append(Slot(name="value", form="question"))
        read = [[read_slot(slot, *each) for each in zip(gaps, questions, strict=True)] for slot in possible]
        slots = []
        for name in names:
            wanted = [reading[name] for reading in readings.values()]
            # The same to the type: `1 == 1.0 == True`, which a function may well tell apart.
            fitting = [slot for slot, values in zip(possible, read, strict=True) if repr(values) == repr(wanted)]
            slots += [slot.model_copy(update={"name": name}) for slot in fitting[:1]]
        if slots and len(slots) == len(names):
            parser = RequestParser(literals=template, slots=tuple(slots))
            return parser if _tells(template, questions) else None
    return None
