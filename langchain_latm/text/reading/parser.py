"""Request parsers: from a request to a tool's arguments without a model.

Requests of one kind are often put in the same words: "Sort the following words alphabetically: List: pear fig". What
never changes are the *literals* of a parser, what changes are its *gaps*, and each argument is read off a gap. A parser
is plain data, so nothing that a model wrote runs here, and it takes time in proportion to the request's length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from langchain_latm.text.lexing.times import TimeUnit
from langchain_latm.text.lexing.words import words
from langchain_latm.text.reading.argument_forms import (
    OF_MENTIONS,
    OF_NUMBERS,
    OF_SEVERAL_GAPS,
    OF_THE_QUESTION,
    OF_TIMES,
    Form,
    NumberType,
    read,
    read_whole,
)

_HALF_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")
LEAST_TELLING: Final = 2
"""Words among the literals that a request is known by: fewer would let foreign requests in."""


class Slot(BaseModel):
    """How one argument is read.

    Attributes:
        name: The parameter.
        form: What the argument is.
        gaps: Which gaps it is read off, from 0; none for what is read off the whole question.
        separator: What stands between the parts (see `argument_forms.read`); empty for white space.
        number_type: What its numbers are read as; by default, each as it is written.
        group: Of mentions, which group of sentences, from 0, of how many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    form: Form
    gaps: tuple[Annotated[int, Field(ge=0, strict=True)], ...] = ()
    separator: str = ""
    number_type: NumberType | None = None
    group: tuple[Annotated[int, Field(ge=0, strict=True)], Annotated[int, Field(ge=1, strict=True)]] | None = None

    @model_validator(mode="after")
    def _fits_its_form(self) -> Self:
        if self.form in OF_THE_QUESTION and self.gaps:
            raise ValueError(f"slot {self.name}: {self.form} is read off the whole question, not off a gap")
        if self.form not in OF_THE_QUESTION and not self.gaps:
            raise ValueError(f"slot {self.name}: it names no gap")
        if len(set(self.gaps)) < len(self.gaps):
            raise ValueError(f"slot {self.name}: it names a gap twice")
        if len(self.gaps) > 1 and self.form not in OF_SEVERAL_GAPS:
            raise ValueError(f"slot {self.name}: {self.form} is read off one gap, not off {len(self.gaps)}")
        if self.number_type is not None and self.form not in OF_NUMBERS:
            raise ValueError(f"slot {self.name}: {self.form} has no number_type")
        if (self.group is not None) != (self.form in OF_MENTIONS):
            raise ValueError(f"slot {self.name}: mentions name a group, other forms do not")
        if self.group is not None and self.group[0] >= self.group[1]:
            raise ValueError(f"slot {self.name}: there is no group {self.group[0]} of {self.group[1]}")
        return self

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what slots of before did not have: the ids of records tell what is in them."""
        plain: dict[str, Any] = dump(self)
        for name in ("number_type", "group"):
            if plain.get(name) is None:
                plain.pop(name, None)
        return plain


class RequestParser(BaseModel):
    """Reads the arguments off requests that are put in the same words.

    Attributes:
        literals: What stands in every request, in order: before, between and after the gaps. The first and the last one
            may be empty.
        slots: How each argument is read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    literals: Annotated[tuple[str, ...], Field(min_length=2)]
    slots: Annotated[tuple[Slot, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not all(self.literals[1:-1]):
            raise ValueError("literals: one between two gaps is empty")
        names = [slot.name for slot in self.slots]
        for slot in self.slots:
            if any(gap >= len(self.literals) - 1 for gap in slot.gaps):
                raise ValueError(f"slot {slot.name}: there is no gap {max(slot.gaps)}")
            if names.count(slot.name) > 1:
                raise ValueError(f"slot {slot.name}: there are two of this name")
        return self

    def parse(self, request: str) -> dict[str, Any] | None:
        """Return the arguments; None where the request is put in other words, or an argument is not of its form."""
        gaps = gaps_in(self.literals, request)
        if gaps is None or _HALF_CHARACTER.search(request):  # no model, file or sandbox takes these
            return None
        arguments: dict[str, Any] = {}
        for slot in self.slots:
            value = read_slot(slot, gaps, request)
            if value is None:
                return None
            arguments[slot.name] = value
        return arguments

    @property
    def time_unit(self) -> TimeUnit | None:
        """What the times among the arguments are counted in; None where there are none."""
        types = [slot.number_type for slot in self.slots if slot.form in OF_TIMES]
        return None if not types else "hours" if "float" in types else "minutes"

    @property
    def tells_all(self) -> bool:
        """Whether all that changes from request to request is said by the arguments, or by what they mention."""
        read = {gap for slot in self.slots for gap in slot.gaps if slot.form != "found"}
        return len(read) == len(self.literals) - 1 or any(slot.group is not None for slot in self.slots)

    @property
    def pattern(self) -> str:
        """How a request must be put, for a person: the literals, with the parameters' names in the gaps."""
        gaps = range(len(self.literals) - 1)
        names = [" ".join(f"{{{slot.name}}}" for slot in self.slots if gap in slot.gaps) or "..." for gap in gaps]
        return "".join(part for pair in zip(self.literals, [*names, ""], strict=True) for part in pair)


def telling_words(literals: tuple[str, ...]) -> int:
    """Count the words of three letters and more among literals."""
    return sum(len(words(literal, 3)) for literal in literals)


def places_in(literals: tuple[str, ...], request: str) -> list[tuple[int, int]] | None:
    """Return where the gaps begin and end in a request without white space around it; None if a literal is missing.

    Each literal is taken at the first place where it stands.
    """
    first, last = literals[0].lstrip(), literals[-1].rstrip()
    if not request.startswith(first) or not request.endswith(last):
        return None
    position, end = len(first), len(request) - len(last)
    places: list[tuple[int, int]] = []
    for literal in literals[1:-1]:
        found = request.find(literal, position, end)
        if found < 0:
            return None
        places.append((position, found))
        position = found + len(literal)
    return [*places, (position, end)] if position <= end else None


def gaps_in(literals: tuple[str, ...], request: str) -> list[str] | None:
    """Return what stands between the literals, each at the first place where it stands; None if one does not.

    White space around the request and around each gap does not count.
    """
    text = request.strip()
    places = places_in(literals, text)
    return None if places is None else [text[start:end].strip() for start, end in places]


def read_slot(slot: Slot, gaps: Sequence[str], request: str) -> Any:
    """Return one argument; None where what stands there is not of its form, or could be read in two ways."""
    if slot.form in OF_THE_QUESTION:
        return read_whole(slot.form, request.strip(), slot.group)
    return read(slot.form, [gaps[gap] for gap in slot.gaps], slot.separator, slot.number_type)
