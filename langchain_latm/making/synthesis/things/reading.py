"""How a column of sentences is read: which things, in which order, and by what the sentence chooses among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from langchain_latm.making.synthesis.sentences.choices import (
    direction_of,
    items_of,
    names_of,
    order_of,
    parity_of,
    position_of,
)
from langchain_latm.making.synthesis.sentences.things import (
    Placed,
    dates_of,
    in_digits,
    in_signs,
    things_in,
    times_of,
    values_of,
)
from langchain_latm.making.synthesis.sentences.twins import same_sense
from langchain_latm.making.synthesis.things.units import all_units

LONGEST: Final = 500
"""Maximum number of characters of a sentence."""
FEWEST: Final = 0.7
"""Minimum share of the rows, and of the solved ones, that hold the same things."""
ORDERS: Final = ("", "day first", "month first")
"""Orders of the numbers of dates."""
NAMES: Final = "names"
CHOICES: Final[Mapping[str, Callable[[str], Any]]] = {
    "direction": direction_of, "order": order_of, "parity": parity_of, "position": position_of, "items": items_of,
}  # fmt: skip
"""Readers of what a sentence chooses by."""


@dataclass(frozen=True)
class Reading:
    """How a column of sentences is read.

    Attributes:
        column: Its name.
        order: The order of the numbers of dates.
        options: See `things_in`.
        wanted: The sorts with the number of things of each, 0 for a list, and the factor of the unit.
        also: Other sorts that requests may hold.
        names: A name for each value.
        by_size: Sorts whose values are ordered by size.
        choices: What the text chooses by, as the names of `CHOICES`; "names" if each thing has one.
        others: Words that begin sentences and are no names.
        turning: Words that would turn the meaning of the sentences (`sentences.twins`).
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
    turning: str = ""

    @property
    def told(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The words of `by_words`, as a tool has them."""
        return {sort: (first, second) for sort, first, second in self.by_words}

    def things(self, text: Any) -> Sequence[Placed] | None:
        """Return the things of a text; None if it cannot be read."""
        return things_of(text, self.order, self.options) if isinstance(text, str) else None

    def read(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the row with the values in place of the column; None if its text holds other things."""
        things = self.things(row.get(self.column))
        if things is None:
            return None
        text = str(row[self.column])
        try:
            same_sense(text, self.turning)
            values = values_of(things, self.wanted, self.also, self.by_size, self.told)
            values += [CHOICES[choice](text) for choice in self.choices if choice != NAMES]
            if NAMES in self.choices:
                values.append(names_of(text, len(values[0]), self.others))
        except ValueError:
            return None
        others = {name: value for name, value in row.items() if name != self.column}
        return {**dict(zip(self.names, values, strict=True)), **others}


@lru_cache(maxsize=4096)
def things_of(text: str, order: str, options: tuple[str, ...]) -> tuple[Placed, ...] | None:
    """Return the things of a text; None if it cannot be read."""
    if len(text) > LONGEST:
        return None
    plain = in_signs(in_digits(text) if "words" in options else text)
    try:
        dates = dates_of(plain, order)
        return tuple(things_in(plain, [*dates, *times_of(plain, dates)], all_units(), options))
    except ValueError:
        return None


def share_read(rows: Sequence[Any]) -> float:
    """Return the share of rows that are read."""
    return sum(row is not None for row in rows) / max(len(rows), 1)
