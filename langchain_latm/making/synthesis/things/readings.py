"""Enumerates the ways to read the things of sentences, the plainest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.lists.cells import ORDINALS
from langchain_latm.making.synthesis.sentences.choices import capitalised_in
from langchain_latm.making.synthesis.sentences.measures import IN_WORDS, UNREAD
from langchain_latm.making.synthesis.sentences.things import Placed
from langchain_latm.making.synthesis.sentences.twins import turning_words
from langchain_latm.making.synthesis.things.reading import (
    CHOICES,
    FEWEST,
    NAMES,
    ORDERS,
    Reading,
    share_read,
    things_of,
)
from langchain_latm.making.synthesis.things.telling import telling_words
from langchain_latm.text.reading.naming import NAMES_OF_PYTHON

_OPTIONS: Final = (
    (), ("words",), ("ranges",), ("words", "ranges"), ("lists",), ("words", "lists"), ("plain",), ("plain", "words"),
    ("target",), ("target", "words"),
)  # fmt: skip
"""Ways to read things, the plainest first (`things_in`)."""
_MOST_VALUES: Final = 6
_LABELS: Final = 2
_OFTEN: Final = 3
"""Minimum number of texts that begin with a word that is no name: a name may begin two of them."""


def readings(column: str, cells: Sequence[str], answers: Sequence[Any], taken: set[str]) -> Iterator[Reading]:
    """Yield the readings with which most solved cells and most others hold the same sorts of things.

    Args:
        column: Name of the column.
        cells: Its cells, those of the solved rows first.
        answers: The answers of the solved rows.
        taken: Names that values must not have.
    """
    solved = len(answers)
    labels = [answer == answers[0] for answer in answers] if len(set(map(repr, answers))) == _LABELS else []
    seen: set[Any] = set()
    turning = turning_words(cells)
    for order in ORDERS:
        if sum(things_of(cell, order, ()) is None for cell in cells[:solved]) > (1 - FEWEST) * solved:
            continue
        for options in _OPTIONS:
            bare = Reading(column, order, options, turning=turning)
            rows = [bare.things(cell) for cell in cells]
            known_rows = [row for row in rows if row is not None]
            if min(share_read(rows[:solved]), share_read(rows)) < FEWEST:
                continue
            values = tuple(tuple(each[:3] for each in row) for row in known_rows)
            if repr(values) in seen:
                continue
            seen.add(repr(values))
            for reading in _of_sorts(bare, rows, solved, taken, labels):
                yield from _with_choices(reading, cells, solved, taken)
                yield reading
            sorts = tuple(sorted({each[0] for row in known_rows for each in row}))
            yield from _with_choices(replace(bare, also=sorts), cells, solved, taken)
        return


def _with_choices(reading: Reading, cells: Sequence[str], solved: int, taken: set[str]) -> Iterator[Reading]:
    """Yield a reading with what most cells choose by, and with names for its things."""
    found = []
    for name, reader in CHOICES.items():
        values = [_read_or_none(reader, cell) for cell in cells]
        if min(share_read(values[:solved]), share_read(values)) >= FEWEST and len(set(map(str, values)) - {"None"}) > 1:
            found.append(name)
    if found and not (reading.by_size or reading.by_words) and (reading.wanted or "items" in found):
        names = tuple(free_name(name, {*taken, *reading.names}) for name in found)
        yield replace(reading, choices=tuple(found), names=(*reading.names, *names))
    sorts = [(sort, 0, factor) for sort, count, factor in reading.wanted if count != 1]
    if sorts and not (reading.by_size or reading.by_words):
        also = (*reading.also, *(sort for sort, count, _ in reading.wanted if count == 1))
        chosen = (*(name for name in found if name != "items"), NAMES)
        names = (*_names(sorts, taken), *chosen)
        named = replace(reading, wanted=tuple(sorts), also=also, choices=chosen, names=names, others=_beginnings(cells))
        rows = [named.read({named.column: cell}) for cell in cells]
        if min(share_read(rows[:solved]), share_read(rows)) >= FEWEST:
            yield named


def _beginnings(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the capitalised words that begin sentences of several texts, and stand inside none."""
    counts: Counter[str] = Counter()
    inside: set[str] = set()
    for cell in cells:
        found = capitalised_in(cell)
        counts.update(found.keys())
        inside |= {name for name, is_inside in found.items() if is_inside}
    return tuple(sorted(name for name, count in counts.items() if count >= _OFTEN and name not in inside))


def _read_or_none(reader: Callable[[str], Any], text: str) -> Any:
    try:
        return reader(text)
    except ValueError:
        return None


def _of_sorts(
    bare: Reading, rows: Sequence[Sequence[Placed] | None], solved: int, taken: set[str], labels: Sequence[bool]
) -> Iterator[Reading]:
    """Yield the readings of the sorts that all solved rows and most others hold."""
    given = [row for row in rows if row is not None]
    shown = len([row for row in rows[:solved] if row is not None])
    counts = [Counter(each[0] for each in row) for row in given]
    sorts = sorted({sort for row in counts for sort in row})
    readable = [sort for sort in sorts if not sort.endswith((UNREAD, IN_WORDS))]
    fixed: list[tuple[str, int]] = []
    listed: list[tuple[str, int]] = []
    for sort in readable:
        usual, _ = Counter(row[sort] for row in counts).most_common(1)[0]
        same = [row[sort] == usual for row in counts]
        some = [row[sort] > 0 for row in counts]
        if usual and min(sum(same[:shown]) / solved, sum(same) / len(rows)) >= FEWEST:
            fixed.append((sort, usual))
        elif min(sum(some[:shown]) / solved, sum(some) / len(rows)) >= FEWEST:
            listed.append((sort, 0))
    for chosen in ([*fixed, *listed], fixed) if fixed and listed else ([*fixed, *listed],):
        wanted = tuple((sort, count, str(_usual_factor(given, sort))) for sort, count in chosen)
        also = tuple(sort for sort in sorts if sort not in {sort for sort, *_ in wanted})
        names = _names(wanted, taken)
        if not 1 <= len(names) <= _MOST_VALUES:
            continue
        reading = replace(bare, wanted=wanted, also=also, names=names)
        yield reading
        several = tuple(sort for sort, count in chosen if count > 1 and not sort.startswith("list of "))
        for known in [(), labels] if labels else [()]:
            words = [(sort, telling_words(rows, solved, sort, known)) for sort in several]
            told = tuple((sort, *found) for sort, found in words if found is not None)
            if told:
                yield replace(reading, by_words=told)
        if several:
            yield replace(reading, by_size=several)


def _usual_factor(rows: Sequence[Sequence[Placed]], sort: str) -> Fraction:
    if any(each[0] == "unit" for row in rows for each in row):
        return Fraction(1)
    factors = Counter(each[2] for row in rows for each in row if each[0] == sort)
    return max(factors, key=lambda factor: (factors[factor], -factor))


def _names(wanted: Sequence[tuple[str, int, str]], taken: set[str]) -> tuple[str, ...]:
    names: list[str] = []
    for sort, count, _ in wanted:
        plain = sort.replace(" ", "_")
        name = plain if plain.isidentifier() else "thing"
        values = 2 * count if sort.startswith("range of ") else count
        each = (
            [f"{name}s"]
            if not count
            else [name]
            if values == 1
            else [f"{ORDINALS[i % 6]}_{name}" for i in range(values)]
        )
        for one in each:
            names.append(free_name(one, {*taken, *names, *NAMES_OF_PYTHON}))
    return tuple(names)
