"""Programs for sentences of any wording: all typed things are read first, and the answer is computed from them.

"At 120 km/h, how long do I need for 774 km?" and "774 km to go at 120 km per hour" hold a speed and a length. A program
on these needs no wording, so it answers requests in wordings that no example has. It refuses a request that holds more
or fewer things of a sort.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Final

from langchain_latm._core.source import free_name, parse_source
from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.calling import calling_program
from langchain_latm.making.synthesis.copying import copied_as
from langchain_latm.making.synthesis.lists.cells import ORDINALS
from langchain_latm.making.synthesis.operators.mentioned import are_sentences
from langchain_latm.making.synthesis.operators.unit_names import DIMENSION_PRIMES, Unit, known_units, units_named
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.sentences.choices import (
    capitalised_in,
    direction_of,
    items_of,
    names_of,
    order_of,
    parity_of,
    position_of,
)
from langchain_latm.making.synthesis.sentences.moves import moved_date
from langchain_latm.making.synthesis.sentences.things import (
    Placed,
    Units,
    dates_of,
    in_digits,
    in_signs,
    things_in,
    times_of,
    units_in,
    values_of,
)
from langchain_latm.text.reading.naming import NAMES_OF_PYTHON

Search = Callable[[Problem, Budget], Sequence[Program]]

_LONGEST: Final = 500
_MOST_OTHERS: Final = 60
_MOST_VALUES: Final = 6
_MOST: Final = 0.7
"""Minimum share of the rows, and of the solved ones, that hold the same things."""
_COST, _SIZE, _WRITTEN = 0.8, 0.3, 0.4
"""Costs of a reading, of an order by size, and of another way to write the answer."""
_MOVED: Final = 0.6
"""Cost of a date that is moved as the words of a sentence say."""
_LIKELY: Final = 6.0
"""Maximum cost of a program after which no other reading is tried."""
_OPTIONS: Final = ((), ("words",), ("ranges",), ("words", "ranges"), ("lists",), ("words", "lists"), ("plain",), ("plain", "words"), ("target",), ("target", "words"))
"""Ways to read things, the plainest first."""
_DURATION: Final = re.compile(r"(\d{1,4})( ?h(?:ours?|rs?)?,?(?: and)? ?)([0-5]?\d)( ?m(?:in(?:ute)?s?)?)")
_WITH_UNIT: Final = re.compile(r"(-?\d+(?:\.\d+)?)( ?)([^\W\d_]{1,20})")
_UNIT: Final = "unit"
_OFTEN: Final = 3
"""Minimum number of texts that begin with a word that is no name: a name may begin two of them."""
_NAMES: Final = "names"
_CHOICES: Final[Mapping[str, Callable[[str], Any]]] = {
    "direction": direction_of, "order": order_of, "parity": parity_of, "position": position_of, "items": items_of,
}  # fmt: skip
"""Readers of what a sentence chooses by."""
_UNSAID: Final = frozenset(("parsec", "pc", "rod", "chain", "grain", "gr", "mil", "thou", "fur", "au", "AU", "ac", "sf", "cf"))
"""Units that are other words in most sentences, such as "pcs" or "chains"."""
_BARE: Final = frozenset(("sec",))
"""Units that nobody writes with a prefix."""
_SAID: Final = "weight;n1d1;kilo"
"""A unit that people say, and no table has."""
_PREFIXES: Final = ("kilo", "centi", "milli", "deci", "mega", "giga", "micro")
_SORTS: Final = {
    "length": "L", "area": "LL", "volume": "LLL", "weight": "M", "duration": "T", "temperature": "K", "data": "B",
}  # fmt: skip
"""What units in sentences measure, as products of dimensions (`DIMENSION_PRIMES`)."""
_ORDERS: Final = ("", "day first", "month first")


@dataclass(frozen=True)
class _Reading:
    """How a column of sentences is read.

    Attributes:
        column: Its name.
        order: The order of the numbers of dates.
        options: See `things_in`.
        wanted: The sorts with the number of things of each, 0 for a list, and the factor of the unit.
        also: Other sorts that requests may hold.
        names: A name for each value.
        by_size: Sorts whose values are ordered by size.
        choices: What the text chooses by, as the names of `_CHOICES`; "names" if each thing has one.
        others: Words that begin sentences and are no names.
        by_words: Sorts of two things, with the words that are beside the first one, and beside the second one.
    """

    column: str
    order: str
    options: tuple[str, ...]
    wanted: tuple[tuple[str, int, str], ...] = ()
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    by_size: tuple[str, ...] = ()
    by_words: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The words of `by_words`, as a tool has them."""
        return {sort: (first, second) for sort, first, second in self.by_words}

    def things(self, text: Any) -> Sequence[Placed] | None:
        """Return the things of a text; None if it cannot be read."""
        return _things(text, self.order, self.options) if isinstance(text, str) else None

    def read(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the row with the values in place of the column; None if its text holds other things."""
        things = self.things(row.get(self.column))
        if things is None:
            return None
        text = str(row[self.column])
        try:
            values = values_of(things, self.wanted, self.also, self.by_size, self.told)
            values += [_CHOICES[choice](text) for choice in self.choices if choice != _NAMES]
            if _NAMES in self.choices:
                values.append(names_of(text, len(values[0]), self.others))
        except ValueError:
            return None
        others = {name: value for name, value in row.items() if name != self.column}
        return {**dict(zip(self.names, values, strict=True)), **others}


@lru_cache(maxsize=4096)
def _moved(text: str, order: str) -> str | None:
    """Return the moved date of a text; None if there is none."""
    try:
        return moved_date(in_digits(text), order).isoformat() if len(text) <= _LONGEST else None
    except ValueError:
        return None


def _moved_programs(problem: Problem, column: str, cells: Sequence[str], budget: Budget, search: Search) -> list[Program]:
    """Return programs on the only date of each text, moved as its words say."""
    solved = len(problem.examples)
    for order in _ORDERS:
        days = [_moved(cell, order) for cell in cells]
        if min(_share(days[:solved]), _share(days)) < _MOST:
            continue
        taken = {problem.name, *problem.examples[0][0]}
        name, reader = free_name("moved", taken), free_name(moved_date.__name__, taken)

        def read(row: Mapping[str, Any], order: str = order, name: str = name) -> dict[str, Any] | None:
            text = row.get(column)
            day = _moved(text, order) if isinstance(text, str) else None
            others = {key: value for key, value in row.items() if key != column}
            return None if day is None else {name: day, **others}

        derived = replace(
            problem,
            examples=tuple((given, answer) for row, answer in problem.examples if (given := read(row)) is not None),
            others=tuple(given for row in problem.others if (given := read(row)) is not None),
            name=free_name(f"{problem.name}_of_date", {name, *taken}),
        )
        digits = free_name(in_digits.__name__, taken)
        copied = copied_as({moved_date: reader, in_digits: digits}, taken)
        found = []
        for inner in search(derived, budget):
            imports, rest = _without_imports(inner.source)
            lines = [*dict.fromkeys([*copied.imports, *imports]), "", "", copied.source, "", "", rest]
            says = f"Move the date in `{column}` as its words say, and write it."
            value = f"{reader}({digits}({column}), {order!r}).isoformat()"
            reading = replace(inner, source="\n".join(lines))
            found.append(calling_program(problem, column, reading, read, says=says, values=[(name, value)], cost=_MOVED))
        if found:
            return found
    return []


@lru_cache(maxsize=4096)
def _things(text: str, order: str, options: tuple[str, ...]) -> tuple[Placed, ...] | None:
    if len(text) > _LONGEST:
        return None
    plain = in_signs(in_digits(text) if "words" in options else text)
    try:
        dates = dates_of(plain, order)
        return tuple(things_in(plain, [*dates, *times_of(plain, dates)], _units(), options))
    except ValueError:
        return None


@cache
def _units() -> Units:
    return units_in(_unit_table())


@cache
def _unit_table() -> str:
    """Return all units that people write in sentences, with the usual prefixes.

    A unit of several meanings, such as a pint, is a sort of its own: its factor is not known.
    """
    known = known_units()
    names, symbols, prefixes = known
    lines: dict[tuple[str, Fraction], list[str]] = {}
    for table in (names, symbols):
        for word, readings in table.items():
            if word in _UNSAID:
                continue
            takes = any(each not in {"", "name"} for _, each in readings) and word not in _BARE
            starts = [(name if table is names else symbol) for name, symbol, _ in prefixes if name in _PREFIXES]
            for name in (word, *(start + word for start in starts if takes)):
                found = units_named(name, known)
                key = _measured(name, found) if found else None
                if key is not None:
                    lines.setdefault(key, []).append(name)
    written = (f"{sort};n{factor.numerator}d{factor.denominator};{','.join(dict.fromkeys(each))}" for (sort, factor), each in lines.items())
    return "\n".join([*written, _SAID])


def _measured(name: str, readings: Sequence[Unit]) -> tuple[str, Fraction] | None:
    """Return what a unit measures and its factor; None if it measures nothing that sentences are about."""
    first = min(readings, key=lambda each: len(each[3]))  # an ounce is rather one of weight
    sort = next((sort for sort, dimension in _dimensions().items() if dimension == first[0]), None)
    if sort is None:
        return None
    same = [each for each in readings if each[0] == first[0]]
    if first[2] or len({each[1] for each in same}) > 1:
        return f"{sort} in {name}", Fraction(1)
    return sort, first[1]


@cache
def _dimensions() -> dict[str, Fraction]:
    found = {}
    for sort, letters in _SORTS.items():
        found[sort] = Fraction(1)
        for letter in letters:
            found[sort] *= DIMENSION_PRIMES[letter]
    return {**found, "speed": found["length"] / found["duration"]}


def thing_programs(problem: Problem, budget: Budget, search: Search) -> list[Program]:
    """Return programs on the typed things of the first column of sentences.

    Args:
        problem: The solved rows, and the others, most of which hold the same things.
        budget: The budget of the search.
        search: Finds programs on the values of the things.
    """
    programs: list[Program] = []
    for column in problem.examples[0][0] if problem.examples else ():
        rows = [*(row for row, _ in problem.examples), *problem.others[:_MOST_OTHERS]]
        cells = [cell for row in rows if isinstance(cell := row.get(column), str)]
        if len(cells) < len(rows) or not are_sentences(cells):
            continue
        programs += _moved_programs(problem, column, cells, budget, search)
        for reading in _readings(column, cells, len(problem.examples), {*problem.examples[0][0], problem.name}):
            solved = [(read, answer) for row, answer in problem.examples if (read := reading.read(row)) is not None]
            others = [read for row in problem.others if (read := reading.read(row)) is not None]
            name = free_name(f"{problem.name}_of_things", {*reading.names, *problem.examples[0][0]})
            derived = replace(problem, examples=tuple(solved), others=tuple(others), name=name)
            for goal in _goals(derived):
                programs += [_program(problem, reading, goal.written(each)) for each in search(goal.problem, budget)]
            if min((each.cost for each in programs), default=_LIKELY) < _LIKELY:
                break
    return programs


@dataclass(frozen=True)
class _Goal:
    """What a search looks for, and how the answer is written of it.

    Attributes:
        problem: The values and what is to be computed of them.
        name: Name of the function that writes the answer.
        code: Python expression of the answer, of `value`; empty if the value is the answer.
        write: The same function on the host.
        unit: Name of the value that is the unit; empty if the answer has none.
    """

    problem: Problem
    name: str = ""
    code: str = ""
    write: Callable[[Any, Mapping[str, Any]], Any] = lambda value, _: value
    unit: str = ""

    def written(self, inner: Program) -> Program:
        """Return a program that writes the answer."""
        if not self.code:
            return inner
        *_, function = parse_source(inner.source).body
        if not isinstance(function, ast.FunctionDef):
            raise AssertionError("the last statement of a program is its function")
        parameters = ast.unparse(function.args)
        given = ", ".join(f"{each.arg}={each.arg}" for each in function.args.args)
        shown = f"{parameters}, {self.unit}: str" if self.unit else parameters
        lines = [
            f"def {self.name}({shown}) -> str:",
            '    """Write the answer."""',
            f"    value = {function.name}({given})",
            f"    return {self.code}",
        ]

        def run(row: Mapping[str, Any]) -> Any:
            plain = {name: value for name, value in row.items() if name != self.unit}
            return self.write(inner.run(plain), row)

        source = f"{inner.source.rstrip()}\n\n\n" + "\n".join(lines) + "\n"
        return Program(source, round(inner.cost + _WRITTEN, 3), run)


def _goals(derived: Problem) -> Iterator[_Goal]:
    """Yield the answers as goals, and the numbers in them: minutes of "2 h 5 min", or numbers with their unit."""
    yield _Goal(derived)
    answers = [answer for _, answer in derived.examples]
    if not answers or not all(isinstance(answer, str) for answer in answers):
        return
    name = free_name(f"{derived.name}_written", {*derived.examples[0][0]})
    durations = [each for answer in answers if (each := _DURATION.fullmatch(answer))]
    marks = {(each[2], each[4]) for each in durations}
    if len(durations) == len(answers) and len(marks) == 1:
        ((hours, minutes),) = marks
        width = "02" if any(len(each[3]) > len(str(int(each[3]))) for each in durations) else ""
        totals = [int(each[1]) * 60 + int(each[3]) for each in durations]
        code = f"f'{{value // 60}}{hours}{{value % 60:{width}}}{minutes}'"
        yield _Goal(
            _with_answers(derived, totals), name, code,
            lambda value, _: f"{value // 60}{hours}{value % 60:{width}}{minutes}",
        )  # fmt: skip
    numbers = [each for answer in answers if (each := _WITH_UNIT.fullmatch(answer))]
    gaps = {each[2] for each in numbers}
    units = [row.get(_UNIT) for row, _ in derived.examples]
    if len(numbers) == len(answers) and len(gaps) == 1 and [each[3] for each in numbers] == units:
        (gap,) = gaps
        bare = replace(
            derived,
            examples=tuple((_without(row, _UNIT), answer) for row, answer in derived.examples),
            others=tuple(_without(row, _UNIT) for row in derived.others),
        )
        texts = [each[1] for each in numbers]
        yield _Goal(
            _with_answers(bare, texts), name, f"f'{{value}}{gap}{{{_UNIT}}}'",
            lambda value, row: f"{value}{gap}{row[_UNIT]}", _UNIT,
        )  # fmt: skip
        if not any("." in text and text.endswith("0") for text in texts):
            yield _Goal(
                _with_answers(bare, [float(text) if "." in text else int(text) for text in texts]),
                name,
                f"f'{{value:.10f}}'.rstrip('0').rstrip('.') + f'{gap}{{{_UNIT}}}'",
                lambda value, row: f"{value:.10f}".rstrip("0").rstrip(".") + f"{gap}{row[_UNIT]}",
                _UNIT,
            )


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _with_answers(problem: Problem, answers: Sequence[Any]) -> Problem:
    rows = (row for row, _ in problem.examples)
    return replace(problem, examples=tuple(zip(rows, answers, strict=True)))


def _readings(column: str, cells: Sequence[str], solved: int, taken: set[str]) -> Iterator[_Reading]:
    """Yield the readings with which all solved cells and most others hold the same sorts of things."""
    seen: set[Any] = set()
    for order in _ORDERS:
        if sum(_things(cell, order, ()) is None for cell in cells[:solved]) > (1 - _MOST) * solved:
            continue
        for options in _OPTIONS:
            bare = _Reading(column, order, options)
            rows = [bare.things(cell) for cell in cells]
            known_rows = [row for row in rows if row is not None]
            if min(_share(rows[:solved]), _share(rows)) < _MOST:
                continue
            values = tuple(tuple(each[:3] for each in row) for row in known_rows)
            if repr(values) in seen:
                continue
            seen.add(repr(values))
            for reading in _of_sorts(bare, rows, solved, taken):
                yield from _with_choices(reading, cells, solved, taken)
                yield reading
            sorts = tuple(sorted({each[0] for row in known_rows for each in row}))
            yield from _with_choices(replace(bare, also=sorts), cells, solved, taken)
        return


def _with_choices(reading: _Reading, cells: Sequence[str], solved: int, taken: set[str]) -> Iterator[_Reading]:
    """Yield a reading with what most cells choose by, and with names for its things."""
    found = []
    for name, reader in _CHOICES.items():
        values = [_read_or_none(reader, cell) for cell in cells]
        if min(_share(values[:solved]), _share(values)) >= _MOST and len(set(map(str, values)) - {"None"}) > 1:
            found.append(name)
    if found and not (reading.by_size or reading.by_words) and (reading.wanted or "items" in found):
        names = tuple(free_name(name, {*taken, *reading.names}) for name in found)
        yield replace(reading, choices=tuple(found), names=(*reading.names, *names))
    sorts = [(sort, 0, factor) for sort, count, factor in reading.wanted if count != 1]
    if sorts and not (reading.by_size or reading.by_words):
        also = (*reading.also, *(sort for sort, count, _ in reading.wanted if count == 1))
        chosen = (*(name for name in found if name != "items"), _NAMES)
        names = (*_names(sorts, taken), *chosen)
        named = replace(reading, wanted=tuple(sorts), also=also, choices=chosen, names=names, others=_beginnings(cells))
        rows = [named.read({named.column: cell}) for cell in cells]
        if min(_share(rows[:solved]), _share(rows)) >= _MOST:
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


def _share(rows: Sequence[Any]) -> float:
    """Return the share of rows that are read."""
    return sum(row is not None for row in rows) / max(len(rows), 1)


def _of_sorts(
    bare: _Reading, rows: Sequence[Sequence[Placed] | None], solved: int, taken: set[str]
) -> Iterator[_Reading]:
    """Yield the readings of the sorts that all solved rows and most others hold."""
    given = [row for row in rows if row is not None]
    shown = len([row for row in rows[:solved] if row is not None])
    counts = [Counter(each[0] for each in row) for row in given]
    sorts = sorted({sort for row in counts for sort in row})
    fixed: list[tuple[str, int]] = []
    listed: list[tuple[str, int]] = []
    for sort in sorts:
        usual, _ = Counter(row[sort] for row in counts).most_common(1)[0]
        same = [row[sort] == usual for row in counts]
        some = [row[sort] > 0 for row in counts]
        if usual and min(sum(same[:shown]) / solved, sum(same) / len(rows)) >= _MOST:
            fixed.append((sort, usual))
        elif min(sum(some[:shown]) / solved, sum(some) / len(rows)) >= _MOST:
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
        told = [(sort, *found) for sort in several if (found := _telling(rows, solved, sort)) is not None]
        if told:
            yield replace(reading, by_words=tuple(told))
        if several:
            yield replace(reading, by_size=several)


def _telling(
    rows: Sequence[Sequence[Placed] | None], solved: int, sort: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return words that tell the two things of a sort apart: those beside the first, and beside the second.

    The first word is the one that stands beside exactly one of the two in most rows. Rows without it are told apart by
    the other words beside things that are told apart already (as by bootstrapping, Yarowsky, ACL 1995). None if too
    many rows have no such word.
    """
    pairs = [
        None if len(found) != 2 else tuple(frozenset(each[3]) for each in found)  # noqa: PLR2004 - two things
        for found in ([each for each in row or () if each[0] == sort] for row in rows)
    ]
    known = {i: pair for i, pair in enumerate(pairs) if pair is not None}
    seeds = Counter(word for one, other in known.values() for word in one ^ other)
    if not seeds:
        return None
    seed = min(seeds, key=lambda word: (-seeds[word], word))
    turned = {i: seed in other for i, (one, other) in known.items() if (seed in one) != (seed in other)}
    while True:
        counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for i, is_turned in turned.items():
            one, other = known[i][::-1] if is_turned else known[i]
            counts[0].update(one - other)
            counts[1].update(other - one)
        scores = {word: counts[0][word] - counts[1][word] for word in {*counts[0], *counts[1]}}
        sure = {word: score for word, score in scores.items() if not (counts[0][word] and counts[1][word])}
        margins = {
            i: sum(sure.get(word, 0) for word in one) - sum(sure.get(word, 0) for word in other)
            for i, (one, other) in known.items()
            if i not in turned
        }
        best = max(margins, key=lambda i: (abs(margins[i]), -i), default=None)
        if best is None or not margins[best]:
            break
        turned[best] = margins[best] < 0
    if sum(i in turned for i in range(solved)) < _MOST * solved or len(turned) < _MOST * len(rows):
        return None
    for least in (2, 1):  # a word beside one thing only may be there by chance
        first, second = (
            tuple(sorted(word for word, score in sure.items() if score * side >= least)) for side in (1, -1)
        )
        told = {
            i: sum((word in first) - (word in second) for word in one)
            - sum((word in first) - (word in second) for word in other)
            for i, (one, other) in known.items()
            if i in turned
        }
        if all(margin and (margin < 0) == turned[i] for i, margin in told.items()):
            return first, second
    return None


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
        each = [f"{name}s"] if not count else [name] if values == 1 else [f"{ORDINALS[i % 6]}_{name}" for i in range(values)]
        for one in each:
            names.append(free_name(one, {*taken, *names, *NAMES_OF_PYTHON}))
    return tuple(names)


def _program(problem: Problem, reading: _Reading, inner: Program) -> Program:
    taken = {problem.name, *reading.names, *problem.examples[0][0]}
    sorts = {*(sort for sort, *_ in reading.wanted), *reading.also}
    kinds = {sort.removeprefix("range of ").removeprefix("list of ") for sort in sorts}
    if "plain" in reading.options:
        kinds |= {*_SORTS, "speed"}
    readers: list[Callable[..., Any]] = [
        *([in_digits] if "words" in reading.options else []),
        *([dates_of] if "date" in kinds else []),
        *([times_of] if "time" in kinds else []),
    ]
    readers += [in_signs, units_in, things_in, values_of]
    readers += [names_of if choice == _NAMES else _CHOICES[choice] for choice in reading.choices]
    names = {each: free_name(each.__name__, taken) for each in readers}
    copied = copied_as(names, taken)
    text = f"{names[in_digits]}({reading.column})" if in_digits in readers else reading.column
    parts = [f"{names[dates_of]}(text, {reading.order!r})"] if dates_of in readers else []
    parts += [f"{names[times_of]}(text, {parts[0] if parts else '[]'})"] if times_of in readers else []
    given = " + ".join(parts) or "[]"
    table = "\n".join(line for line in _unit_table().split("\n") if _is_of(line, kinds))
    units = free_name("UNITS", taken)
    read = [name for name in reading.names[: len(reading.names) - len(reading.choices)]]
    before: tuple[str, ...] = (
        f"text = {names[in_signs]}({text})",
        f"things = {names[things_in]}(text, {given}, {names[units_in]}({units}), {reading.options!r})",
        f"{', '.join(read) or '_'}{',' if len(read) == 1 else ''} = {names[values_of]}(",
        f"    things, {reading.wanted!r},",
        f"    also={reading.also!r}, by_size={reading.by_size!r}, by_words={reading.told!r},",
        ")",
        *(
            f"{name} = {names[names_of]}({reading.column}, len({reading.names[0]}), {reading.others!r})"
            if choice == _NAMES
            else f"{name} = {names[_CHOICES[choice]]}({reading.column})"
            for name, choice in zip(reading.names[len(read) :], reading.choices, strict=True)
        ),
    )
    imports, rest = _without_imports(inner.source)
    lines = [*dict.fromkeys([*copied.imports, *imports]), "", f'{units} = """\\\n{table}"""', "", "", copied.source]
    inner = replace(inner, source="\n".join([*lines, "", "", rest]))
    return calling_program(
        problem,
        reading.column,
        inner,
        reading.read,
        says=f"Read the typed things of `{reading.column}`, and compute the answer from them.",
        values=[(name, name) for name in reading.names],
        before=before,
        cost=_COST + _SIZE * bool(reading.by_size or reading.by_words),
    )


def _without_imports(source: str) -> tuple[list[str], str]:
    """Return the import statements at the beginning of a source, and the rest."""
    lines = source.split("\n")
    count = next(i for i, line in enumerate(lines) if line and not line.startswith(("import ", "from ")))
    return [line for line in lines[:count] if line], "\n".join(lines[count:])


def _is_of(line: str, kinds: AbstractSet[str]) -> bool:
    """Whether a unit may be in requests with these sorts of things; each rate has two units."""
    sort = line.partition(";")[0]
    needed = {part for kind in kinds for part in kind.split(" per ")}
    needed |= {"length", "duration"} if "speed" in kinds else set()
    return sort in needed
