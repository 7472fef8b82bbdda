"""What is returned of the pairs that fulfil a condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from langchain_latm.making.synthesis.pairs.expressions import Number
from langchain_latm.making.synthesis.pairs.reading import is_number

_WIDEST: Final = 3

Kind = Literal["first", "all", "count"]


@dataclass(frozen=True)
class Goal:
    """A way to take the answers of solved rows.

    Attributes:
        kind: Whether an answer is computed from the first pair, from each pair, or is the number of pairs.
        values: For each row the numbers of each pair that its answer shows.
        counts: The number of pairs of each row, where that is the answer.
        is_list: Whether the numbers of one pair are a list, not a number.
        may_miss: Whether an answer is None because no pair fits.
    """

    kind: Kind
    values: tuple[tuple[tuple[Number, ...], ...], ...] = ()
    counts: tuple[int, ...] = ()
    is_list: bool = False
    may_miss: bool = False

    def picks(self, row: int, fulfilled: bytes) -> tuple[int, ...] | None:
        """Return the places of the pairs that the answer of a row is of; None where it is of none of these.

        Args:
            row: Index of the row.
            fulfilled: 0 or 1 for each pair of the row: whether it fulfils the condition.
        """
        if self.kind == "count":
            return () if fulfilled.count(1) == self.counts[row] else None
        shown = self.values[row]
        if self.kind == "first":
            first = fulfilled.find(1)
            if (first < 0) == bool(shown):
                return None
            return () if first < 0 else (first,)
        if fulfilled.count(1) != len(shown):
            return None
        return tuple(place for place, each in enumerate(fulfilled) if each)

    def wanted(self) -> Iterator[list[Number]]:
        """Yield the numbers that each expression has to give on the picked pairs, in their order."""
        shown = [pair for row in self.values for pair in row]
        yield from (list(column) for column in zip(*shown, strict=True))

    def answer(self, pairs: Iterator[list[Number]]) -> Any:
        """Return the answer for the values of the pairs that fulfil the condition.

        Raises:
            ValueError: There is none, and no solved row shows what is right then.
        """
        if self.kind == "count":
            return sum(1 for _ in pairs)
        if self.kind == "all":
            return [values if self.is_list else values[0] for values in pairs]
        first = next(pairs, None)
        if first is None:
            if self.may_miss:
                return None
            raise ValueError("no pair of items fits")
        return first if self.is_list else first[0]


def goals(answers: Sequence[Any]) -> Iterator[Goal]:
    """Yield the ways to take answers: computed from one pair, a list of what each pair gives, or a number of pairs."""
    shown = [answer for answer in answers if answer is not None]
    if not shown:
        return
    for is_list in (True, False):
        firsts = [None if answer is None else _pair(answer, is_list=is_list) for answer in answers]
        widths = {len(each) for each in firsts if each is not None}
        if len(widths) == 1 and sum(each is not None for each in firsts) == len(shown):
            values = tuple(() if each is None else (each,) for each in firsts)
            yield Goal("first", values, is_list=is_list, may_miss=len(shown) < len(answers))
        if len(shown) == len(answers) and all(isinstance(answer, list) for answer in answers):
            rows = [[_pair(each, is_list=is_list) for each in answer] for answer in answers]
            pairs = [pair for row in rows for pair in row]
            if pairs and None not in pairs and len({len(pair) for pair in pairs if pair is not None}) == 1:
                yield Goal("all", tuple(tuple(each for each in row if each) for row in rows), is_list=is_list)
    if all(type(answer) is int and answer >= 0 for answer in answers) and any(answers):
        yield Goal("count", counts=tuple(answers))


def _pair(value: Any, *, is_list: bool) -> tuple[Number, ...] | None:
    """Return the numbers of one pair; None where a value is something else."""
    if not is_list:
        return (value,) if is_number(value) else None
    fits = isinstance(value, list) and 1 <= len(value) <= _WIDEST and all(map(is_number, value))
    return tuple(value) if fits else None
