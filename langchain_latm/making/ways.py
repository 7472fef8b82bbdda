"""Ways to make a tool: a view of the arguments together with a form of answer.

The maker is asked to fill the ways in turn, the most specific one most often. In some turns it chooses the parameters
itself.
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
import itertools
import math
import statistics
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from langchain_latm.making.memorising import constants_in
from langchain_latm.making.prompts import SHOWN_QUESTION, SHOWN_VALUES
from langchain_latm.making.synthesis.sentences.recognising import reads_sentences
from langchain_latm.text.answer_check import answer_text
from langchain_latm.text.lexing.lists import is_lettered
from langchain_latm.text.lexing.words import words
from langchain_latm.text.reading.chunks import is_choice
from langchain_latm.text.reading.naming import NAMES_OF_PYTHON
from langchain_latm.text.reading.views import View, unaligned_views, views
from langchain_latm.text.reading.worded_views import worded_views
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from langchain_latm.types import Example, Task, ToolProposal

_NEUTRAL_NAME: Final = "answer"
_LIBRARY: Final = (collections, dt, functools, itertools, math, statistics)
"""Modules whose functions code may import and call by their plain names. A function with such a name would call
itself."""
_MAX_VIEWS: Final = 6
_COMPARED_FURTHER: Final = 100
_LEAST_LETTERS: Final = 2
"""Minimum length of a word that an answer copies from its question; a single letter names an option."""
_NOISE: Final = 0.05
"""Maximum share of the further questions that may be of another kind."""
_OPEN: Final = 0.15
"""Share of later requests with unknown wordings from which a view of what all questions share comes first."""
_TELLING: Final = 12
"""Minimum number of questions that tell whether all wordings are known."""
_MAX_OPTION: Final = 24
"""Maximum length of a value that may be one of a few options; a longer value is content."""
_LONG_CALL: Final = 300
_ENOUGH_CALLS: Final = 2
"""Characters of a call that is long, and calls without which long ones are shown too."""
_TURNS: Final = (0, 0, 1, 0, 2, 0, 1, 3, None, 0, 2, 1, 0, 4, 2, None)
"""Index of the way in each turn; None for parameters that the maker chooses. The first way comes twice in a row: with a
prompt cache, another prompt for the same way costs little."""


class Way(NamedTuple):
    """A view and a form of answer.

    Attributes:
        view: The view of the arguments.
        form: The form of the answers that the function returns.
        also: Values of parameters with few values that occur only in validation questions, such as
            `order='descending'`.
        entry: Name of the function. A descriptive name may tell a model the computation.
        questions: The questions for which the view was found.
    """

    view: View
    form: AnswerForm
    also: tuple[str, ...]
    entry: str
    questions: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The signature of the function."""
        parameters = ", ".join(f"{name}: {annotation}" for name, annotation in self.view.annotations.items())
        return f"def {self.entry}({parameters}) -> {self.form.annotation}"

    def adopted(self, proposal: ToolProposal) -> ToolProposal:
        """Return a proposal with the parser of the view; unchanged if it has other parameters."""
        if list(proposal.parameters["properties"]) != [*self.view.annotations]:
            return proposal
        parser = self.view.parser
        if not any(parser.literals) and reads_sentences(proposal.source, proposal.entry):
            parser = parser.model_copy(update={"bounds": ()})  # the function itself refuses what it can't read
        parser = parser.keeping(self.questions, constants_in(proposal.source))
        return proposal.model_copy(update={"parser": parser})

    def shown(self, examples: Sequence[Example], first: int = 0) -> str:
        """Write the demonstrations for a prompt.

        If the arguments hold everything that differs between the questions, only the first question is written out.

        Args:
            examples: The demonstrations.
            first: Index of the one that comes first, modulo their number; the others follow in their order.
        """
        also = [f"In other questions: {', '.join(self.also)}"] if self.also else []
        order = [(first + i) % len(examples) for i in range(len(examples))]
        once = self.view.parser.tells_all
        written = [self._one(examples[i], i, asked=not once or i == order[0]) for i in order]
        return "\n\n".join([*written, *also])

    def calls(self, examples: Sequence[Example], kind: str, first: int = 0) -> str:
        """Write the demonstrations for a prompt as calls of the function with their values, like doctests.

        Args:
            examples: The demonstrations.
            kind: A sentence about the task, or an empty text.
            first: Index of the one that comes first, modulo their number; the others follow in their order.
        """
        order = [(first + i) % len(examples) for i in range(len(examples))]
        shown = calls_text(self.entry, [(self._arguments(examples[i]), self.form.values[i]) for i in order])
        # A call with the whole question is complete; one with its parts does not show what is asked.
        whole = any(slot.form == "question" for slot in self.view.parser.slots)
        asked = [] if whole else [f"{SHOWN_QUESTION}\n\n{examples[order[0]].question}"]
        also = [f"{SHOWN_VALUES} {', '.join(self.also)}"] if self.also else []
        return "\n\n".join([*filter(None, [kind.strip()]), *asked, shown, *also])

    def _arguments(self, example: Example) -> str:
        arguments = self.view.parser.parse(example.question) or {}
        return ", ".join(f"{name}={value!r}" for name, value in arguments.items())

    def _one(self, example: Example, i: int, *, asked: bool) -> str:
        value = self.form.values[i]
        lines = [f"Question: {example.question}"] if asked else []
        if any(slot.form != "question" for slot in self.view.parser.slots):
            lines.append(f"Arguments: {self._arguments(example)}")
        return "\n".join([*lines, f"Answer: {value if isinstance(value, str) else repr(value)}"])


def ways(task: Task) -> list[Way]:
    """Return the ways for a task, the most specific first. Questions that share too few words are read as a whole.

    The questions of all examples are compared, but only the answers of the demonstrations: those of the validation
    examples stay hidden. The maker is told the values of parameters with few values in validation questions. A view
    that reads more of the further questions comes first, since the examples of the proof then differ more.
    """
    further = tuple(example.question for example in task.further[:_COMPARED_FURTHER])
    return list(_ways(task.name, task.demonstrations, task.validation, further))


@lru_cache(maxsize=8)  # each attempt of a making asks, and aligning long questions takes seconds
def _ways(
    name: str, demonstrations: tuple[Example, ...], validation: tuple[Example, ...], further: tuple[str, ...]
) -> tuple[Way, ...]:
    questions = [example.question for example in (*demonstrations, *validation)]
    every = _views(questions, [answer_text(example.answer) for example in demonstrations], further)
    found = _with_words_first(_widest_first(every, further), demonstrations)[:_MAX_VIEWS]
    forms = [_forms(view, demonstrations) for view in found]
    also = [_other_values(view, demonstrations, validation) for view in found]
    pairs = [
        *((i, form) for both in zip_longest(*forms[:2]) for i, form in enumerate(both) if form is not None),
        *((i, forms[i][0]) for i in range(2, len(found))),
    ]
    return tuple(
        Way(found[i], form, also[i], entry_name(name, found[i].annotations), tuple(questions))
        for i, form in pairs[: len(_TURNS)]
    )


def _views(questions: Sequence[str], answers: Sequence[str], further: Sequence[str]) -> list[View]:
    """Return the views of one wording, or of several; requests in several wordings share few words."""
    worded = worded_views(questions, answers, further)
    aligned = views(questions, answers)
    if aligned and worded and (_are_values(aligned[0], questions) or _are_open(worded[0], (*questions, *further))):
        return [*aligned[:1], *worded, *aligned[1:]]
    return [*worded, *(aligned or unaligned_views(questions))]


def _are_open(worded: View, questions: Sequence[str]) -> bool:
    """Whether many later requests will have unknown wordings, so that a reading by few shared words serves more."""
    wordings = worded.parser.wordings
    few = len(questions) < _TELLING
    return wordings is not None and (few or wordings.share_of_single(questions) > _OPEN)


def _are_values(view: View, questions: Sequence[str]) -> bool:
    """Whether each argument is a value or a choice among a few words, so that none is only wording."""
    readings = [view.parser.parse(question) or {} for question in questions]
    texts = [slot.name for slot in view.parser.slots if slot.reader.takes_text]
    return all(is_choice([str(reading.get(name, "")) for reading in readings]) for name in texts)


def _widest_first(found: Sequence[View], further: Sequence[str]) -> list[View]:
    """Move the view that reads most further questions to the front, if it reads many more than the first."""
    reads = [sum(view.parser.parse(question) is not None for question in further) for view in found]
    wider = [i for i, count in enumerate(reads) if count - reads[0] > _NOISE * len(further)]
    best = max(wider, key=lambda i: reads[i], default=0)
    return [*found[best : best + 1], *found[:best], *found[best + 1 :]]


def _with_words_first(found: list[View], demonstrations: Sequence[Example]) -> list[View]:
    """Move views that lack words which the answers copy from their questions to the end.

    The numbers of "45 miles divided by 3 hours" are not enough for the answer "15 miles per hour". Words in all
    questions are not arguments, and a word in few answers may be there by chance.
    """
    asked = [_words_of(example.question) for example in demonstrations]
    constant = set.intersection(*asked)
    taken = [
        (_words_of(answer_text(example.answer)) & words_asked) - constant
        for example, words_asked in zip(demonstrations, asked, strict=True)
    ]
    if 2 * sum(map(bool, taken)) <= len(taken):
        return found
    return sorted(found, key=lambda view: _lacks(view, demonstrations, taken))  # the sort is stable


def _lacks(view: View, demonstrations: Sequence[Example], taken: Sequence[set[str]]) -> bool:
    """Whether the arguments of most demonstrations with copied words lack some of them."""
    readings = [view.parser.parse(example.question) or {} for example in demonstrations]
    lacking = [not each <= _words_of(str(reading)) for each, reading in zip(taken, readings, strict=True)]
    return 2 * sum(lacking) > sum(map(bool, taken))


def calls_text(entry: str, calls: Iterable[tuple[str, Any]]) -> str:
    """Write calls of a function with their values, as in doctests.

    Long calls are left out where others say enough: a small model copies them first, which takes most of its tokens.

    Args:
        entry: Name of the function.
        calls: The arguments as they are written in each call, and its value.
    """
    written = [f">>> {entry}({arguments})\n{value!r}" for arguments, value in calls]
    short = [call for call in written if len(call) <= _LONG_CALL]
    return "\n".join(["```python", *(short if len(short) >= _ENOUGH_CALLS else written), "```"])


def _words_of(text: str) -> set[str]:
    return set(words(text.casefold(), _LEAST_LETTERS))


def entry_name(task: str, parameters: Iterable[str] = ()) -> str:
    """Return the task's name as a function name, or a neutral one if that is taken or not an identifier."""
    name = task.replace("-", "_").strip("_").lower()
    taken = name in NAMES_OF_PYTHON | sys.stdlib_module_names | set(parameters)
    taken = taken or any(hasattr(module, name) for module in _LIBRARY)
    return name if name.isidentifier() and not taken else _NEUTRAL_NAME


def _forms(view: View, demonstrations: Sequence[Example]) -> list[AnswerForm]:
    """Return the forms of answer for a view."""
    names = [slot.name for slot in view.parser.slots if is_lettered(slot.separator)]
    readings = [view.parser.parse(example.question) or {} for example in demonstrations]
    options = [{name: reading[name] for name in names} for reading in readings]
    return answer_forms([example.answer for example in demonstrations], options, view.parser.time_unit)


def _other_values(view: View, demonstrations: Sequence[Example], validation: Sequence[Example]) -> tuple[str, ...]:
    """Return values of parameters with few values that occur only in validation questions."""
    shown = [view.parser.parse(example.question) or {} for example in demonstrations]
    hidden = [view.parser.parse(example.question) or {} for example in validation]
    found: list[str] = []
    for name, annotation in view.annotations.items():
        values = [each.get(name) for each in (*shown, *hidden)]
        if (
            annotation != "str"
            or len(set(values)) == len(values)
            or any(len(str(each)) > _MAX_OPTION for each in values)
        ):
            continue
        known = {each.get(name) for each in shown}
        found += [
            f"{name}={value!r}" for value in dict.fromkeys(each.get(name) for each in hidden) if value not in known
        ]
    return tuple(found)


def way_of_turn(turn: int, count: int) -> int | None:
    """Return the index of the way in a turn, of `count` ways; None if the maker chooses the parameters."""
    way = _TURNS[turn % len(_TURNS)]
    return None if way is None or not count else way % count
