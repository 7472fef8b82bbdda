"""Slots: each describes how one argument is read off a request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from langchain_latm.text.reading.forms import Form, NumberType, forms
from langchain_latm.text.reading.row_pattern import RowPattern

_MARKS: Final = (
    re.compile(r"\s?(?:->|=>|[\u2190-\u21ff])\s?"),
    re.compile(r":\s|\uff1a\s?"),
    re.compile(r"\s?=\s?"),
    re.compile(r"\s[-\u2013\u2014]\s"),
)
"""Marks between two sides; the first that fits is used, so that there may be others in the sides. More white space is
stripped with the sides: a pattern for any amount would take time with the square of it."""


class PairPattern(BaseModel):
    """How the items of a list are cut at a mark into two sides.

    Attributes:
        mark: The text between the sides, such as ": " or " -> ".
        sides: How each side is read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: Annotated[str, Field(min_length=1)]
    sides: tuple[Slot, Slot]

    def read(self, item: str) -> list[Any] | None:
        """Return both sides of an item; None if it has no mark or several, or a side is of another form."""
        texts = item.split(self.mark)
        if len(texts) != len(self.sides):
            return None
        read = [read_slot(side, [text.strip()], item) for side, text in zip(self.sides, texts, strict=True)]
        return None if any(each is None for each in read) else read


def mark_of(items: Sequence[str]) -> str | None:
    """Return the mark that each of the items holds exactly once, between other text; None if there is none."""
    for pattern in _MARKS:
        marks = {tuple(pattern.findall(item)) for item in items}
        if len(marks) == 1 and len(found := marks.pop()) == 1:
            (mark,) = found
            return mark if all(all(map(str.strip, item.split(mark))) for item in items) else None
    return None


class Slot(BaseModel):
    """How one argument is read.

    Attributes:
        name: Name of the parameter.
        form: Name of the form of the argument (see `text.reading.forms`).
        gaps: Numbers of the gaps, from 0; empty if the argument is read off the whole question.
        separator: The text between the parts (see `text.lexing.lists`); empty for white space.
        number_type: Type of the numbers; by default, each number is read as it is written.
        group: For mentions, the number of the group of sentences, from 0, and the number of groups.
        row: For rows, how each item is cut into cells.
        pair: For pairs, how each item is cut into two sides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    form: str
    gaps: tuple[Annotated[int, Field(ge=0, strict=True)], ...] = ()
    separator: str = ""
    number_type: NumberType | None = None
    group: tuple[Annotated[int, Field(ge=0, strict=True)], Annotated[int, Field(ge=1, strict=True)]] | None = None
    row: RowPattern | None = None
    pair: PairPattern | None = None

    @model_validator(mode="after")
    def _fits_its_form(self) -> Self:
        if self.form not in forms():
            raise ValueError(f"slot {self.name}: unknown form {self.form!r}; known: {', '.join(sorted(forms()))}")
        form = self.reader
        if form.reads_question and self.gaps:
            raise ValueError(f"slot {self.name}: {self.form} reads the whole question, so gaps must be empty")
        if not form.reads_question and not self.gaps:
            raise ValueError(f"slot {self.name}: gaps are empty")
        if len(set(self.gaps)) < len(self.gaps):
            raise ValueError(f"slot {self.name}: a gap is listed twice")
        if len(self.gaps) > 1 and not form.reads_several_gaps:
            raise ValueError(f"slot {self.name}: {self.form} reads one gap, not {len(self.gaps)}")
        if self.number_type is not None and not form.has_number_type:
            raise ValueError(f"slot {self.name}: {self.form} has no number_type")
        if (self.group is not None) != form.reads_mentions:
            raise ValueError(f"slot {self.name}: forms of mentions need a group, other forms have none")
        if self.group is not None and self.group[0] >= self.group[1]:
            raise ValueError(f"slot {self.name}: there is no group {self.group[0]} of {self.group[1]}")
        return self

    @model_validator(mode="after")
    def _cuts_items_of_its_form(self) -> Self:
        for cut, has_any, name in (
            (self.row, self.reader.has_rows, "rows"),
            (self.pair, self.reader.has_pairs, "pairs"),
        ):
            if cut is not None and not has_any:
                raise ValueError(f"slot {self.name}: {self.form} has no {name}")
        if self.pair is not None and any(side.pair for side in self.pair.sides):
            raise ValueError(f"slot {self.name}: a side of a pair is a list of pairs")
        return self

    @model_serializer(mode="wrap")
    def _without_empty_additions(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out empty fields that older slots lack, since ids of records are hashes of the dump."""
        plain: dict[str, Any] = dump(self)
        for name in ("number_type", "group", "row", "pair"):
            if plain.get(name) is None:
                plain.pop(name, None)
        return plain

    @property
    def reader(self) -> Form:
        """The form that reads the argument."""
        return forms()[self.form]


def read_slot(slot: Slot, gaps: Sequence[str], request: str) -> Any:
    """Return one argument; None if the text is not of the slot's form, or is ambiguous."""
    return slot.reader.argument(slot, gaps, request)
