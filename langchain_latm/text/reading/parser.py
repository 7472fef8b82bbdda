"""Request parsers: from a request to a tool's arguments without a model.

Requests of one kind are often put in the same words: "Sort the following words alphabetically: List: pear fig". What
never changes are the *literals* of a parser, what changes are its *gaps*, and each argument is read off a gap. A parser
is plain data, so nothing that a model wrote runs here, and it takes time in proportion to the request's length.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from langchain_latm.text.lexing.times import TimeUnit
from langchain_latm.text.reading.forms import Form
from langchain_latm.text.reading.gaps import gaps_in
from langchain_latm.text.reading.slot import Slot

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


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

    @cached_property
    def _readers(self) -> tuple[tuple[Form, Slot], ...]:
        """The form of each slot, looked up once and not for each request."""
        return tuple((slot.reader, slot) for slot in self.slots)

    def __copy__(self) -> Self:
        """Copy the fields alone: `model_copy` may change the slots."""
        copied = super().__copy__()
        copied.__dict__.pop("_readers", None)
        return copied

    def parse(self, request: str) -> dict[str, Any] | None:
        """Return the arguments; None where the request is put in other words, or an argument is not of its form."""
        gaps = gaps_in(self.literals, request)
        if gaps is None or _SURROGATE.search(request):  # models, files and sandboxes take UTF-8 text alone
            return None
        arguments: dict[str, Any] = {}
        for form, slot in self._readers:
            value = form.argument(slot, gaps, request)
            if value is None:
                return None
            arguments[slot.name] = value
        return arguments

    @property
    def time_unit(self) -> TimeUnit | None:
        """What the times among the arguments are counted in; None where there are none."""
        types = [slot.number_type for form, slot in self._readers if form.has_times]
        return None if not types else "hours" if "float" in types else "minutes"

    @property
    def tells_all(self) -> bool:
        """Whether all that changes from request to request is said by the arguments, or by what they mention."""
        read = {gap for form, slot in self._readers for gap in slot.gaps if form.says_all}
        return len(read) == len(self.literals) - 1 or any(form.reads_mentions for form, _ in self._readers)

    @property
    def pattern(self) -> str:
        """How a request must be put, for a person: the literals, with the parameters' names in the gaps."""
        gaps = range(len(self.literals) - 1)
        names = [" ".join(f"{{{slot.name}}}" for slot in self.slots if gap in slot.gaps) or "..." for gap in gaps]
        return "".join(part for pair in zip(self.literals, [*names, ""], strict=True) for part in pair)
