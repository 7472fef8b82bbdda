"""The only typed thing in a sentence of any wording: a time, a date, a quantity, an address.

The readers are in `synthesis.sentences`; a tool gets their source. Such readings are general knowledge, so they cost
less than a part of a text by its position or by the words around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.times import Clock
from langchain_latm.making.synthesis.sentences.clock_times import time_in
from langchain_latm.making.synthesis.sentences.marks import FORMS, form_in
from langchain_latm.making.synthesis.sentences.money import money_in
from langchain_latm.making.synthesis.sentences.numerals import number_in
from langchain_latm.making.synthesis.sentences.quantities import UNITS_OF, quantity_in
from langchain_latm.making.synthesis.sentences.written_dates import date_in, date_of_two
from langchain_latm.making.synthesis.writing import Writer

_LONGEST: Final = 2_000
"""Maximum length of a text that is read."""
_FEWEST_WORDS: Final = 3
"""Minimum mean number of words of the texts of a column that holds sentences."""
_READERS: Final[dict[str, Callable[..., str]]] = {
    **dict.fromkeys((*UNITS_OF, "scale"), quantity_in),
    **dict.fromkeys(("amount", "currency"), money_in),
    **dict.fromkeys(("ordinal number", "number"), number_in),
    **dict.fromkeys(FORMS, form_in),
}

_UNIT_OF: Final = {"temperature": "scale", "amount": "currency"}
"""The kind of the unit of a number, which the number leaves out."""
_MOST_UNITS: Final = 2
"""Maximum number of units in the examples that are all that a tool takes: with more of them, any is meant."""


@dataclass(frozen=True)
class Mentioned(Operator):
    """The only thing of a kind in a text, in a plain form: "21" for "twenty-one percent", "+05:30" for "UTC+5:30".

    Attributes:
        kind: The kind.
        units: The units that it may have: 70 °F are not 70 °C. Any by default.
    """

    kind: str
    units: tuple[str, ...] = ()

    @property
    def cost(self) -> float:
        """A number of any kind says less about what is meant."""
        return 0.8 if self.kind in {"number", "phone number"} else 0.6

    def of(self, text: str) -> str | None:
        return read(lambda: _READERS[self.kind](text, self.kind, *self._units), text)

    def write(self, code: Writer, text: str) -> str:
        reader = code.copy(_READERS[self.kind])
        arguments = ", ".join([text, code.literal(self.kind), *map(repr, self._units)])
        return code.local(self.kind.replace(" ", "_").replace("-", "_"), f"{reader}({arguments})")

    def says(self, what: str) -> str:
        return f"the only {self.kind} in {what}"

    @property
    def _units(self) -> list[tuple[str, ...]]:
        return [self.units] if self.units else []


@dataclass(frozen=True)
class DateMentioned(Operator):
    """The only date in a text, or one of two.

    Attributes:
        order: "day first" or "month first" for dates of three numbers; empty if the examples don't show it.
        year: Year of the dates that have none.
        place: 0 for the first and 1 for the second of two dates; None for the only one.
    """

    order: str = ""
    year: int | None = None
    place: int | None = None

    @property
    def cost(self) -> float:
        """An order or a year has to be shown by the examples."""
        return 0.5 + 0.3 * bool(self.order) + 0.7 * (self.year is not None) + 0.1 * (self.place is not None)

    def of(self, text: str) -> date | None:
        if self.place is None:
            return read(lambda: date_in(text, self.order, self.year), text)
        place = self.place
        return read(lambda: date_of_two(text, self.order, self.year, place), text)

    def write(self, code: Writer, text: str) -> str:
        if self.place is None:
            reader, place = code.copy(date_in), ""
        else:
            reader, place = code.copy(date_of_two), f", {self.place}"
        return code.local("day_found", f"{reader}({text}, {code.literal(self.order)}, {self.year}{place})")

    def says(self, what: str) -> str:
        which = {None: "only", 0: "first", 1: "second"}[self.place]
        return f"the {which} date in {what}{'' if self.year is None else f' in {self.year}'}"


@dataclass(frozen=True)
class TimeMentioned(Operator):
    """The only time of day in a text.

    Attributes:
        early: Whether a time in words is before noon if the text doesn't say.
    """

    early: bool = False

    @property
    def cost(self) -> float:
        """That such a time is before noon has to be shown by the examples."""
        return 0.5 + 0.4 * self.early

    def of(self, text: str) -> Clock | None:
        moment = read(lambda: time_in(text, early=self.early), text)
        return None if moment is None else Clock(moment[0], moment[1], None if moment[2] is None else int(moment[2]))

    def write(self, code: Writer, text: str) -> str:
        reader = code.copy(time_in)
        names, _ = code.unpack(("hour", "minute", "second"), f"{reader}({text}, early={self.early})")
        return ", ".join(names)

    def says(self, what: str) -> str:
        return f"the only time in {what}"


_T = TypeVar("_T")


def read(reading: Callable[[], _T], text: str) -> _T | None:
    """Return what a reading of a text gives; None if it holds no such thing, or is too long."""
    if len(text) > _LONGEST:
        return None
    try:
        return reading()
    except ValueError:
        return None


def are_sentences(texts: Sequence[str]) -> bool:
    """Whether the texts have so many words that a typed thing may be anywhere in them."""
    return bool(texts) and sum(len(text.split()) for text in texts) >= _FEWEST_WORDS * len(texts)


def offers(texts: Sequence[str]) -> Iterator[Mentioned]:
    """Yield the readings that fit most of the texts."""
    if are_sentences(texts):
        read = (Mentioned(kind, _units(kind, texts)) for kind in _READERS)
        yield from (each for each in read if _fits_most(each, texts))


def _units(kind: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the units of the things of a kind in texts, if these are so few that no other may be meant."""
    if kind not in _UNIT_OF:
        return ()
    found = {unit for text in texts if (unit := Mentioned(_UNIT_OF[kind]).of(text)) is not None}
    return tuple(sorted(found)) if len(found) <= _MOST_UNITS else ()


def dates_in(texts: Sequence[str], answers: Sequence[str]) -> list[Operator]:
    """Return the readings of dates that fit most of the texts; without a year, with the one that all answers hold.

    If the texts have two dates each, these are read.
    They also read columns whose dates are written in several ways.
    """
    years = Counter(
        year for answer in answers for year in set(re.findall(r"(?<!\d)[12]\d{3}(?!\d)", answer[:_LONGEST]))
    )
    shared = [int(year) for year, count in years.items() if count == len(answers)]
    orders = ("", "day first", "month first")
    readings = [DateMentioned(order, year) for order in orders for year in (None, *shared)]
    found = [each for each in readings if _fits_most(each, texts)]
    if found:
        return [*found]
    first = [order for order in orders if _fits_most(DateMentioned(order, None, 0), texts)][:1]
    return [DateMentioned(order, None, place) for order in first for place in (0, 1)]


def times_in(texts: Sequence[str]) -> list[Operator]:
    """Return the readings of times of day that fit most of the texts."""
    return [each for early in (False, True) if are_sentences(texts) and _fits_most(each := TimeMentioned(early), texts)]


def _fits_most(operator: Operator, texts: Sequence[str]) -> bool:
    return 2 * sum(operator.of(text) is not None for text in texts) >= len(texts)
