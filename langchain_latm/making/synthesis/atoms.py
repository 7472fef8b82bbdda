"""Enumerates the possible parts of an answer: bottom-up, level by level, cheapest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, permutations, product
from typing import Final

from langchain_latm.making.synthesis.dated import dates_of
from langchain_latm.making.synthesis.expression import Applied, Column, Operator
from langchain_latm.making.synthesis.operators import (
    case,
    check_digits,
    cleaning,
    colours,
    date_steps,
    dates,
    epochs,
    fraction_texts,
    keyed,
    letters,
    lookup,
    marks,
    masks,
    mentioned,
    months,
    names_of_numbers,
    notations,
    padding,
    positions,
    shaped,
    times,
    titles,
    tokens,
    unit_texts,
    versions,
    words,
)
from langchain_latm.making.synthesis.operators.numbers import ReadNumber
from langchain_latm.making.synthesis.operators.plain import AsText
from langchain_latm.making.synthesis.table import Best, Found, Table

_MOST_PARTS: Final = 300
_MOST_INNER: Final = 40
"""Maximum number of parts that are split again. 40 found as much as 100 on 60 kinds of columns, in half the time."""
_MOST_KEYS: Final = 60
_SURE: Final = 6.0
"""Minimum number of bits that confirm a table whose keys are parts by position: hundreds of such parts are tried."""
_MOST_DATES: Final = 12
_MOST_MOVED: Final = 2
_MOST_SOURCES: Final = 25


@dataclass(frozen=True)
class Texts:
    """Enumerated expressions of texts.

    Attributes:
        columns: The columns.
        parts: The columns and their parts, cheapest first.
        atoms: All possible parts of an answer.
        moved: For each date that is moved to that of the answers, its parts. Among the atoms, an equal part of the
            text takes the place of those that do not change in the solved rows.
    """

    columns: list[Found]
    parts: list[Found]
    atoms: list[Found]
    moved: list[list[Found]]


def columns_of(table: Table) -> tuple[list[Found], list[Found]]:
    """Return the columns of text, and those of numbers."""
    text, numbers = [], []
    for name in table.rows[0]:
        found = table.found(Column(name))
        types = {type(value) for value in table.solved(found)}
        if types == {str}:
            text.append(found)
        elif types <= {int, float}:
            numbers.append(found)
    return text, numbers


def enumerate_texts(table: Table, *, deep: bool) -> Texts:
    """Enumerate expressions of texts.

    Args:
        table: The rows.
        deep: Whether to split parts again, and change them in every way.
    """
    text, numbers = columns_of(table)
    columns = [*text, *(table.applied(AsText(), each) for each in numbers)]
    atoms, parts = Best(), Best()
    for column in columns:
        atoms.add(column)
        parts.add(column)
        stripped = table.applied(cleaning.Strip(), column)
        parts.add(stripped)
        atoms.add(stripped)
    _mentioned(table, text, parts, atoms)
    _parts_of(table, [*text, *_cleaned(table, text, parts, atoms)], parts, atoms)
    first = parts.cheapest(_MOST_PARTS)
    if deep:
        _parts_of(table, [each for each in first if each not in columns][:_MOST_INNER], parts, atoms)
    _finish(table, text, atoms, (cleaning.offers, words.offers, case.offers, padding.offers, letters.offers))
    _finish(table, text, atoms, (check_digits.offers,))
    every = parts.cheapest(_MOST_PARTS)
    others = (names_of_numbers.offers, notations.offers, fraction_texts.offers, colours.offers)
    _finish(table, every, atoms, (case.offers, padding.offers, masks.offers, *others))
    _initials(table, every[:100], atoms)
    for source in every[:_MOST_KEYS]:
        for operator in lookup.lookups(table.solved(source), table.answers):
            if not _is_slice(source) or operator.bits(table.size) >= _SURE:
                _try(table, atoms, operator, source)
    if deep:
        few = [each for each in first if each not in columns][:_MOST_INNER]
        _finish(table, few, atoms, (cleaning.offers, words.offers))
    _shifted(table, every, numbers, atoms)
    _versions(table, text, atoms)
    _named_values(table, text, atoms)
    _colours(table, every, atoms)
    moved = _dates(table, every, atoms)
    _times(table, every, atoms)
    return Texts(columns, every, atoms.cheapest(), moved)


def _fitting(table: Table, found: Found) -> list[tuple[str, str]]:
    """Return the texts of the solved rows that an expression fits, with the answers."""
    pairs = zip(table.solved(found), table.answers, strict=True)
    return [(text, answer) for text, answer in pairs if text is not None]


def _cleaned(table: Table, sources: Sequence[Found], parts: Best, atoms: Best) -> list[Found]:
    """Return texts without what hides their parts: titles of names, and marks between digits."""
    found: list[Found] = []
    for source in sources:
        texts = [text for text, _ in _fitting(table, source)]
        found += (table.applied(operator, source) for operator in titles.offers(texts))
        digits = table.applied(cleaning.Keep("digits"), source)
        lengths = {len(value) for value in table.solved(digits) if value is not None}
        if len(lengths) == 1 and lengths.pop() > 1:  # numbers of one length, such as telephone numbers
            found.append(digits)
    for each in found:
        parts.add(each)
        _add(table, each, atoms)
    return found


def _mentioned(table: Table, columns: Sequence[Found], parts: Best, atoms: Best) -> None:
    """Keep the typed things that the sentences of a column mention."""
    for source in columns:
        texts = [text for text, _ in _fitting(table, source)]
        shapes = shaped.shapes_of(table.answers) if mentioned.are_sentences(texts) else ()
        for operator in (*mentioned.offers(texts), *shapes):
            found = table.applied(operator, source)
            if parts.add(found):
                _add(table, found, atoms)


def _parts_of(table: Table, sources: Sequence[Found], parts: Best, atoms: Best) -> None:
    for source in sources:
        texts = [text for text, _ in _fitting(table, source)]
        if not texts or all(len(text) <= 1 for text in texts):
            continue
        for group in (marks.offers, tokens.offers, positions.offers, keyed.offers, unit_texts.offers):
            for operator in group(texts):
                found = table.applied(operator, source)
                if parts.add(found):
                    _add(table, found, atoms)
                    if isinstance(operator, marks.Field | marks.Between | marks.After | marks.Before):
                        stripped = table.applied(cleaning.Strip(), found)
                        if stripped.values != found.values and parts.add(stripped):
                            _add(table, stripped, atoms)


Offers = Callable[[Sequence[str], Sequence[str]], Iterator[Operator]]


def _finish(table: Table, sources: Sequence[Found], atoms: Best, groups: Sequence[Offers]) -> None:
    for source in sources:
        pairs = _fitting(table, source)
        if not pairs:
            continue
        texts, answers = zip(*pairs, strict=True)
        for group in groups:
            for operator in group(texts, answers):
                _try(table, atoms, operator, source)


def _is_slice(found: Found) -> bool:
    """Whether an expression is a part by position. There are so many that a table of such a part is unlikely."""
    return isinstance(found.expression, Applied) and isinstance(
        found.expression.operator, positions.Slice | positions.UpTo
    )


def _initials(table: Table, sources: Sequence[Found], atoms: Best) -> None:
    for source in sources:
        initial = table.applied(positions.Slice(0, 1), source)
        _add(table, initial, atoms)
        for casing in ("upper", "lower"):
            _try(table, atoms, case.Case(casing), initial)


def _shifted(table: Table, sources: Sequence[Found], columns: Sequence[Found], atoms: Best) -> None:
    """Keep texts whose letters are shifted by a number of the row, where all answers are as long as such a text."""
    first = [each for each in sources[:_MOST_INNER] if None not in table.solved(each)]
    texts = [each for each in first if list(map(len, table.solved(each))) == list(map(len, table.answers))]
    numbers = [table.applied(ReadNumber(), each) for each in ((*columns, *first) if texts else ())]
    for text, number in product(texts, [each for each in numbers if None not in table.solved(each)]):
        for back in (False, True):
            _try(table, atoms, letters.ShiftBy(back), text, number)


def _add(table: Table, found: Found, atoms: Best) -> None:
    """Keep an expression if its value occurs in the answer of a solved row: FlashFill's guidance by the output."""
    for value, answer in zip(table.solved(found), table.answers, strict=True):
        if value and value in answer:
            atoms.add(found)
            return


def _try(table: Table, atoms: Best, operator: Operator, *arguments: Found) -> None:
    """Keep an operator's value as `_add` does. Few of them pass, so witnesses are computed for these alone."""
    table.budget.spend(table.size)
    for row, answer in enumerate(table.answers):
        value = table.value(row, operator, *arguments)
        if value and value in answer:
            atoms.add(table.applied(operator, *arguments))
            return


def _most(table: Table, found: Found) -> bool:
    """Whether an expression fits at least half of the solved rows."""
    return 2 * sum(value is not None for value in table.solved(found)) >= table.size


def _versions(table: Table, columns: Sequence[Found], atoms: Best) -> None:
    for left, right in combinations([each for each in columns if versions.are_versions(table.solved(each))], 2):
        for function in ("max", "min"):
            _try(table, atoms, versions.ChosenVersion(function), left, right)


def _named_values(table: Table, columns: Sequence[Found], atoms: Best) -> None:
    for text, key in permutations(columns, 2):
        if keyed.are_named(table.solved(text), table.solved(key)):
            _try(table, atoms, keyed.ValueOfNamed(), text, key)


def _colours(table: Table, sources: Sequence[Found], atoms: Best) -> None:
    for source in sources[:_MOST_INNER]:
        if colours.are_colours([text for text, _ in _fitting(table, source)]):
            colour = table.applied(colours.ReadColour(), source)
            for place in range(3):
                _try(table, atoms, colours.ColourPart(place), colour)


def _dates(table: Table, sources: Sequence[Found], atoms: Best) -> list[list[Found]]:
    """Keep the parts of dates, and return those of each moved date."""
    read = Best()
    for source in sources[:_MOST_SOURCES]:
        texts = [text for text, _ in _fitting(table, source)]
        epoch = map(epochs.DateOfEpoch, epochs.units_of(texts))
        others = (table.applied(operator, source) for operator in (*months.readings(texts), *epoch))
        for found in (*dates_of(table, source), *others):
            if _most(table, found):
                read.add(found)
    languages = dates.languages_in([*table.answers, *(str(v) for source in sources[:1] for v in table.solved(source))])
    numbers = [table.applied(ReadNumber(), source) for source in sources[:_MOST_SOURCES]]
    moved: list[list[Found]] = []
    for found in read.cheapest(_MOST_DATES):
        for day in (found, *_moved_dates(table, found, numbers, sources[:_MOST_SOURCES])):
            for part in dates.texts_of(languages):
                _try(table, atoms, part, day)
            if day is not found and len(moved) < _MOST_MOVED:
                own = Best()
                for part in dates.texts_of(languages):
                    _try(table, own, part, day)
                moved.append(own.cheapest())
    return moved


def _moved_dates(table: Table, found: Found, numbers: Sequence[Found], named: Sequence[Found]) -> Iterator[Found]:
    """Yield the date moved by days, months and so on, if all answers are dates at the same distance, or at a named one.

    A number names a distance, and so does a weekday.
    """
    moves: dict[Operator, tuple[Found, ...]] = {}
    for operator in dates.readings(table.answers):
        pairs = [(day, operator.of(answer)) for day, answer in zip(table.solved(found), table.answers, strict=True)]
        known = [(day, other) for day, other in pairs if day is not None and other is not None]
        if len(known) < len(pairs):
            continue
        dated, others = zip(*known, strict=True)
        moves |= dict.fromkeys(date_steps.steps(dated, others), (found,))
        for number in numbers:
            moves |= {
                step: (found, number) for step in date_steps.LATER_BY if _leads(table, step, found, number, others)
            }
        for name in named:
            steps = date_steps.steps_to_named([str(text) for text in table.solved(name)])
            moves |= {step: (found, name) for step in steps if _leads(table, step, found, name, others)}
    for move, arguments in moves.items():
        yield table.applied(move, *arguments)


def _leads(table: Table, step: Operator, day: Found, by: Found, others: Sequence[date]) -> bool:
    """Whether a step by a number or to a weekday leads from each date to the other one."""
    return all(
        None not in pair and step.of(*pair) == other
        for pair, other in zip(zip(table.solved(day), table.solved(by), strict=True), others, strict=True)
    )


def _times(table: Table, sources: Sequence[Found], atoms: Best) -> None:
    read = Best()
    written = times.holds_times([str(text) for source in sources[:3] for text in table.solved(source)])
    for source in sources[:_MOST_SOURCES] if written else ():
        found = table.applied(times.ReadTime(), source)
        if _most(table, found):
            read.add(found)
    for source in sources[:3]:
        texts = [text for text, _ in _fitting(table, source)]
        sentences = mentioned.times_in(texts) if isinstance(source.expression, Column) else ()
        for operator in (*sentences, *_times_of_numbers(table, source)):
            read.add(table.applied(operator, source))
    for found in read.cheapest(4):
        moved = [found, *_moved_times(table, found), *_zones(table, found, sources)]
        for time in moved:
            for operator in times.CLOCK_PARTS:
                _try(table, atoms, operator, time)


def _times_of_numbers(table: Table, source: Found) -> Iterator[Operator]:
    """Yield the readings that may take the digits of a source as times."""
    texts = [text for text, _ in _fitting(table, source)]
    lengths = set(map(len, texts))
    if lengths in ({4}, {6}) and None not in map((digits := times.ReadDigits(lengths.pop())).of, texts):
        yield digits
    yield from (epochs.TimeOfEpoch(unit) for unit in epochs.units_of(texts) if unit != "days")


def _moved_times(table: Table, found: Found) -> Iterator[Found]:
    """Yield the time moved by minutes, if all answers are times at the same distance."""
    distances = set()
    for time, answer in zip(table.solved(found), table.answers, strict=True):
        other = times.ReadTime().of(answer)
        if time is None or other is None:
            return
        distances.add((other.hour * 60 + other.minute - time.hour * 60 - time.minute) % (24 * 60))
    if len(distances) == 1 and (minutes := distances.pop()):
        yield table.applied(times.AddMinutes(minutes), found)


def _zones(table: Table, found: Found, sources: Sequence[Found]) -> Iterator[Found]:
    named = [each for each in sources if all(value in times.ZONES for value in table.solved(each))]
    for source in named[:4]:
        for target in named[:4]:
            if source is not target:
                yield table.applied(times.ChangeZone(), found, source, target)
        for zone in ("UTC", "GMT", "CET", "EST", "PST"):
            yield table.applied(times.ChangeZone(target=zone), found, source)
