"""Slots: how one argument is read off a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from langchain_latm.text.reading.forms import Form, NumberType, forms


class Slot(BaseModel):
    """How one argument is read.

    Attributes:
        name: The parameter.
        form: Name of the form of the argument (see `text.reading.forms`).
        gaps: Which gaps it is read off, from 0; none for what is read off the whole question.
        separator: What stands between the parts (see `text.lexing.lists`); empty for white space.
        number_type: What its numbers are read as; by default, each as it is written.
        group: Of mentions, which group of sentences, from 0, of how many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    form: str
    gaps: tuple[Annotated[int, Field(ge=0, strict=True)], ...] = ()
    separator: str = ""
    number_type: NumberType | None = None
    group: tuple[Annotated[int, Field(ge=0, strict=True)], Annotated[int, Field(ge=1, strict=True)]] | None = None

    @model_validator(mode="after")
    def _fits_its_form(self) -> Self:
        if self.form not in forms():
            raise ValueError(f"slot {self.name}: there is no form {self.form!r}, only {', '.join(sorted(forms()))}")
        form = self.reader
        if form.reads_question and self.gaps:
            raise ValueError(f"slot {self.name}: {self.form} is read off the whole question, not off a gap")
        if not form.reads_question and not self.gaps:
            raise ValueError(f"slot {self.name}: it names no gap")
        if len(set(self.gaps)) < len(self.gaps):
            raise ValueError(f"slot {self.name}: it names a gap twice")
        if len(self.gaps) > 1 and not form.reads_several_gaps:
            raise ValueError(f"slot {self.name}: {self.form} is read off one gap, not off {len(self.gaps)}")
        if self.number_type is not None and not form.has_number_type:
            raise ValueError(f"slot {self.name}: {self.form} has no number_type")
        if (self.group is not None) != form.reads_mentions:
            raise ValueError(f"slot {self.name}: mentions name a group, other forms do not")
        if self.group is not None and self.group[0] >= self.group[1]:
            raise ValueError(f"slot {self.name}: there is no group {self.group[0]} of {self.group[1]}")
        return self

    @model_serializer(mode="wrap")
    def _without_empty_additions(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out empty fields that older slots did not have: ids of records are hashes of the dump."""
        plain: dict[str, Any] = dump(self)
        for name in ("number_type", "group"):
            if plain.get(name) is None:
                plain.pop(name, None)
        return plain

    @property
    def reader(self) -> Form:
        """The form, which reads the argument."""
        return forms()[self.form]


def read_slot(slot: Slot, gaps: Sequence[str], request: str) -> Any:
    """Return one argument; None where what stands there is not of its form, or could be read in two ways."""
    return slot.reader.argument(slot, gaps, request)
