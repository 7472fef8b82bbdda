"""Fresh requests: requests whose answers are unknown, and mutations of the examples.

A mutation changes one argument and writes it into the example's question in place of the old one. So each is a request
that a person can read and answer. If a parser reads the arguments, it must also read the changed question: other
requests reach the tool only with a doubt.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import ValidationError

from langchain_latm.making.mutations import mutations
from langchain_latm.text.json_values import is_number, json_key
from langchain_latm.text.lexing.lists import SEPARATORS
from langchain_latm.text.reading.gaps import places_in
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.tools.arguments_model import ArgumentsModel, arguments_model
from langchain_latm.tools.inputs import as_arguments, text_parameters
from langchain_latm.types import MAX_QUESTION_CHARACTERS, ToolProposal, inputs_text

T = TypeVar("T")

_MOST_EXAMPLES: Final = 8
_MOST_CHARACTERS: Final = 5_000
"""Maximum length of an example to change: longer ones would take seconds."""
_MOST_ASKED: Final = 100
_MOST_MUTATED: Final = 100
_WRITTEN_SEPARATORS: Final = (*(each or " " for each in SEPARATORS), "', '", '", "')


class FreshRequest(NamedTuple):
    """A request without a known answer.

    Attributes:
        question: Its text; for a typed task, the inputs as JSON.
        arguments: Its arguments; None if it was asked, or if a parser reads them.
        mutation: A description of the change; None if it was asked.
    """

    question: str
    arguments: dict[str, Any] | None = None
    mutation: str | None = None


def fresh_requests(
    asked: Sequence[str],
    readings: Mapping[str, dict[str, Any]],
    parsers: Sequence[RequestParser],
    known: Sequence[str] = (),
) -> list[FreshRequest]:
    """Return requests on which to compare functions: first the asked ones, then mutations of each sort in turn.

    Args:
        asked: Requests of the kind.
        readings: Arguments by question, as a model read them; used if there is no parser.
        parsers: The parsers of the kind.
        known: Questions with known answers.
    """
    seen = {each.strip() for each in known}
    ours = _unseen((FreshRequest(each) for each in asked[:_MOST_ASKED]), seen)
    changed = _unseen(_mutated_by_parsers(parsers, known) if parsers else _mutated(readings), seen)
    return ours + _sorts_in_turn(changed)


def fresh_rows(
    rows: Sequence[Mapping[str, Any]], proposal: ToolProposal, known: Sequence[Mapping[str, Any]]
) -> list[FreshRequest]:
    """Return inputs on which to compare functions of a typed task: rows without an answer, then mutations in turn.

    Each mutation changes one input and keeps to the types that the function takes.

    Args:
        rows: Inputs without a known answer.
        proposal: One of the functions; all take the same inputs.
        known: Inputs with known answers.
    """
    parameters, texts = proposal.inputs or {}, text_parameters(proposal.parameters)
    types = arguments_model(proposal.entry, proposal.parameters)
    seen = {json_key(each) for each in known}

    def unseen(found: Iterable[tuple[Mapping[str, Any], str | None]]) -> Iterator[FreshRequest]:
        for inputs, mutation in found:
            key = json_key(inputs)
            if key not in seen and len(key) <= MAX_QUESTION_CHARACTERS:
                seen.add(key)
                arguments = as_arguments(inputs, parameters, texts)
                if mutation is None or _fits(types, arguments):
                    yield FreshRequest(inputs_text(dict(inputs)), arguments, mutation)

    ours = [*islice(unseen((row, None) for row in rows), _MOST_ASKED)]
    shortest = [each for each in sorted(known, key=_length)[:_MOST_EXAMPLES] if _length(each) <= _MOST_CHARACTERS]
    return ours + _sorts_in_turn([*unseen(_with_one_changed(shortest))])


def _length(inputs: Mapping[str, Any]) -> int:
    return len(json_key(inputs))


def _with_one_changed(known: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield inputs with one value changed."""
    for number, inputs in enumerate(known):
        for name, value in inputs.items():
            others = [other[name] for other in (*known[number + 1 :], *known[:number])]
            for mutation in mutations(value, others[:2]):
                yield {**inputs, name: mutation.value}, f"{name}: {mutation.name}"


def _fits(types: type[ArgumentsModel], arguments: Mapping[str, Any]) -> bool:
    try:
        types.model_validate(arguments)
    except ValidationError:
        return False
    return True


def in_turn(items: Sequence[T], sort: Callable[[T], Hashable]) -> list[T]:
    """Return items so that one of each sort comes first, then a second one of each, and so on; in order otherwise."""
    seen: Counter[Hashable] = Counter()
    turns = []
    for each in items:
        turns.append(seen[sort(each)])
        seen[sort(each)] += 1
    return [each for _, each in sorted(zip(turns, items, strict=True), key=lambda pair: pair[0])]


def _sorts_in_turn(changed: Sequence[FreshRequest]) -> list[FreshRequest]:
    """Return the first mutations, of each sort in turn."""
    return in_turn(changed, lambda each: each.mutation)[:_MOST_MUTATED]


def _unseen(requests: Iterable[FreshRequest], seen: set[str]) -> list[FreshRequest]:
    """Return the requests with unseen texts that are not too long, and add them to `seen`."""
    fresh = []
    for each in requests:
        text = each.question.strip()
        if text and text not in seen and len(text) <= MAX_QUESTION_CHARACTERS:
            seen.add(text)
            fresh.append(each)
    return fresh


def _mutated_by_parsers(parsers: Sequence[RequestParser], known: Sequence[str]) -> Iterator[FreshRequest]:
    """Yield mutations that a parser reads as intended, and examples with exchanged gaps."""
    shortest = _shortest(known)
    for parser in parsers:
        readings = {each: found for each in shortest if (found := parser.parse(each)) is not None}
        arguments = [slot.name for slot in parser.slots if not slot.reader.reads_question]
        parts = {each: {name: found[name] for name in arguments} for each, found in readings.items()}
        for each in _mutated(parts, parser):
            yield each._replace(arguments=None)
        for mutation, question in _with_gaps_exchanged(parser, list(readings)):
            if parser.parse(question) is not None:
                yield FreshRequest(question, None, mutation)


def _mutated(readings: Mapping[str, dict[str, Any]], parser: RequestParser | None = None) -> Iterator[FreshRequest]:
    """Yield questions with one argument changed."""
    shortest = _shortest(readings)
    for question in shortest:
        for name, value in readings[question].items():
            others = [readings[other][name] for other in shortest if other != question and name in readings[other]]
            for mutation in mutations(value, others[:2]):
                if mutation.value == value:
                    continue
                changed = {**readings[question], name: mutation.value}
                written = _rewritten(question, value, mutation.value)
                if parser is not None:
                    text = next((each for each in written if _reads(parser, each, changed)), None)
                else:
                    text = _only(list(written))
                if text is not None:
                    yield FreshRequest(text, changed, f"{name}: {mutation.name}")


def _shortest(questions: Iterable[str]) -> list[str]:
    return [each for each in sorted(questions, key=len)[:_MOST_EXAMPLES] if len(each) <= _MOST_CHARACTERS]


def _reads(parser: RequestParser, question: str, wanted: Mapping[str, Any]) -> bool:
    found = parser.parse(question)
    return found is not None and all(found[name] == value for name, value in wanted.items())


def _with_gaps_exchanged(parser: RequestParser, questions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield questions in which the text of a gap comes from another gap, or from another question.

    No value has to be written for that, so it works for every form of argument.
    """
    for number, question in enumerate(questions):
        text, other = question.strip(), questions[number - 1].strip()
        places, theirs = places_in(parser.literals, text), places_in(parser.literals, other)
        if places is None or theirs is None:
            continue
        gaps = [text[start:end] for start, end in places]
        for i, (start, end) in enumerate(theirs):
            if len(gaps) > 1:
                yield f"gap {i}: of another example", _filled(text, places, {i: other[start:end]})
        for i, j in combinations(range(len(gaps)), 2):
            yield f"gaps {i}, {j}: exchanged", _filled(text, places, {i: gaps[j], j: gaps[i]})
            yield f"gaps {i}, {j}: the same", _filled(text, places, {j: gaps[i]})


def _filled(text: str, places: Sequence[tuple[int, int]], gaps: Mapping[int, str]) -> str:
    """Return a question with other texts in some of its gaps."""
    for i in sorted(gaps, reverse=True):
        start, end = places[i]
        text = text[:start] + gaps[i] + text[end:]
    return text


def _rewritten(question: str, old: Any, new: Any) -> Iterator[str]:
    """Yield the question with the new value at each place that may hold the old one."""
    for before, after in _writings(old, new):
        if before:
            for place in re.finditer(rf"(?<!\w){re.escape(before)}(?!\w)", question):
                yield question[: place.start()] + after + question[place.end() :]


def _writings(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Yield possible texts of both values, written in the same way."""
    if isinstance(old, str) and isinstance(new, str):
        yield old, new
    elif is_number(old) and is_number(new):
        yield str(old), str(new)
        yield f"{old:,}", f"{new:,}"
        if isinstance(old, float):
            yield f"{old:g}", f"{new:.12g}"
            yield f"{old:.2f}", f"{new:.2f}"
    elif isinstance(old, list) and isinstance(new, list):
        if all(isinstance(each, str) or is_number(each) for each in [*old, *new]):
            for separator in _WRITTEN_SEPARATORS:
                yield separator.join(map(str, old)), separator.join(map(str, new))
        if len(old) == len(new):
            places = [i for i, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
            if len(places) == 1:
                yield from _writings(old[places[0]], new[places[0]])
    if isinstance(old, list | dict):
        yield json.dumps(old, ensure_ascii=False), json.dumps(new, ensure_ascii=False)


def _only(texts: Sequence[str]) -> str | None:
    """Return the text if all are the same; otherwise the place of the argument is unknown."""
    return texts[0] if texts and len(set(texts)) == 1 else None
