"""Goals: what a program returns of the pairs that fulfil its condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from langchain_latm.making.synthesis.pairs.expressions import Number
from langchain_latm.text.json_values import is_number

_WIDEST: Final = 3

Mode = Literal["first", "all", "count"]


@dataclass(frozen=True)
class Goal:
    """How the answers of solved rows may come from pairs.

    Attributes:
        mode: Whether an answer is computed from the first pair, from each pair, or is the number of pairs.
        values: For each row, the numbers that its answer has for each pair.
        counts: For each row, the number of pairs, if that is the answer.
        is_list: Whether the answer for one pair is a list of numbers, not a number.
        may_miss: Whether an answer is None if no pair fits.
    """

    mode: Mode
    values: tuple[tuple[tuple[Number, ...], ...], ...] = ()
    counts: tuple[int, ...] = ()
    is_list: bool = False
    may_miss: bool = False

    def picks(self, row: int, fulfilled: bytes) -> tuple[int, ...] | None:
        """Return the indices of the pairs that the answer of a row comes from; None if it does not come from them.

        Args:
            row: Index of the row.
            fulfilled: For each pair of the row, 1 if it fulfils the condition, else 0.
        """
        if self.mode == "count":
            return () if fulfilled.count(1) == self.counts[row] else None
        shown = self.values[row]
        if self.mode == "first":
            first = fulfilled.find(1)
            if (first < 0) == bool(shown):
                return None
            return () if first < 0 else (first,)
        if fulfilled.count(1) != len(shown):
            return None
        return tuple(place for place, each in enumerate(fulfilled) if each)

    def wanted(self) -> Iterator[list[Number]]:
        """Yield, for each expression, the numbers it must have on the picked pairs, in their order."""
        shown = [pair for row in self.values for pair in row]
        yield from (list(column) for column in zip(*shown, strict=True))

    def answer(self, pairs: Iterator[list[Number]]) -> Any:
        """Return the answer for the values of the pairs that fulfil the condition.

        Raises:
            ValueError: No pair fits, and no solved row shows the answer in that case.
        """
        if self.mode == "count":
            return sum(1 for _ in pairs)
        if self.mode == "all":
            return [values if self.is_list else values[0] for values in pairs]
        first = next(pairs, None)
        if first is None:
            if self.may_miss:
                return None
            raise ValueError("no pair of items fits")
        return first if self.is_list else first[0]


def goals(answers: Sequence[Any]) -> Iterator[Goal]:
    """Yield the goals that fit answers: computed from one pair, a list with an item for each pair, or their number."""
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
    """Return the numbers of one pair; None if a value is something else."""
    if not is_list:
        return (value,) if is_number(value) else None
    fits = isinstance(value, list) and 1 <= len(value) <= _WIDEST and all(map(is_number, value))
    return tuple(value) if fits else None
