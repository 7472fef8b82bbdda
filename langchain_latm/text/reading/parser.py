"""Request parsers: read a tool's arguments off a request without a model.

Requests of one kind often have the same words: "Sort the following words alphabetically: List: pear fig". The parts
that never change are the *literals* of a parser, the others are its *gaps*, and each argument is read off a gap. A
parser is plain data, so no code of a model runs here. Parsing takes time in proportion to the request's length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Self
from unicodedata import is_normalized, normalize

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from langchain_latm.text.lexing.lists import split
from langchain_latm.text.lexing.times import TimeUnit
from langchain_latm.text.reading.bounds import ANY_TRAITS, GapBounds
from langchain_latm.text.reading.data_style import DataStyle
from langchain_latm.text.reading.distinctive import PROSE, is_distinctive, is_mostly_fixed
from langchain_latm.text.reading.formal_changes import FormalChanges
from langchain_latm.text.reading.forms import Form
from langchain_latm.text.reading.gaps import Template, gaps_in, places_in
from langchain_latm.text.reading.slot import Slot
from langchain_latm.text.reading.wordings.wording import Wordings
from langchain_latm.text.reading.written_data import is_written, shared_edges

_MOST_SLOTS: Final = 100
"""Limits the time of a parser from an untrusted record: 0.2 s for the longest request in the slowest form."""
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class RequestParser(BaseModel):
    """Reads the arguments off requests in the same wording.

    Attributes:
        literals: The texts before, between and after the gaps, the same in every request. The first and the last one
            may be empty.
        slots: How each argument is read.
        bounds: What each gap may hold; None for a gap whose form limits it. Empty if nothing was learned.
        wordings: The wordings of requests that are worded in several ways. Each gap then holds the value of one role,
            and the literals, which are those of one wording, are only shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    literals: Annotated[tuple[str, ...], Field(min_length=2)]
    slots: Annotated[tuple[Slot, ...], Field(min_length=1, max_length=_MOST_SLOTS)]
    bounds: tuple[GapBounds | None, ...] = ()
    wordings: Wordings | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.wordings is not None and len(self.wordings.sorts) != len(self.literals) - 1:
            raise ValueError(f"wordings: {len(self.wordings.sorts)} roles for {len(self.literals) - 1} gaps")
        if not all(self.literals[1:-1]):
            raise ValueError("literals: a literal between two gaps is empty")
        names = [slot.name for slot in self.slots]
        for slot in self.slots:
            if any(gap >= len(self.literals) - 1 for gap in slot.gaps):
                raise ValueError(f"slot {slot.name}: there is no gap {max(slot.gaps)}")
            if names.count(slot.name) > 1:
                raise ValueError(f"slot {slot.name}: there are two slots of this name")
        if self.bounds and len(self.bounds) != len(self.literals) - 1:
            raise ValueError(f"bounds: {len(self.bounds)} bounds for {len(self.literals) - 1} gaps")
        return self

    @model_serializer(mode="wrap")
    def _without_empty_additions(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out empty fields that older parsers lack, since ids of records are hashes of the dump."""
        plain: dict[str, Any] = dump(self)
        if not self.bounds:
            plain.pop("bounds", None)
        if self.wordings is None:
            plain.pop("wordings", None)
        return plain

    @cached_property
    def _readers(self) -> tuple[tuple[Form, Slot], ...]:
        """The form of each slot, looked up only once."""
        return tuple((slot.reader, slot) for slot in self.slots)

    @cached_property
    def is_distinctive(self) -> bool:
        """Whether it reads only requests of its kind; other parsers, such as those of table cells, read any text.

        Several wordings may recombine the words of other kinds, so they are no evidence.
        """
        return self.wordings is None and is_distinctive(self.literals, self._free)

    @property
    def is_mostly_fixed(self) -> bool:
        """Whether its literals have at least as many words as the free text (`distinctive.is_mostly_fixed`)."""
        return self.wordings is None and is_mostly_fixed(self.literals, self._free)

    @property
    def _free(self) -> list[int]:
        """For each gap, the number of words of free text that it takes; 0 if it takes values or known texts."""
        values = {gap for form, slot in self._readers if not form.takes_text for gap in slot.gaps}
        listed = {gap for form, slot in self._readers if form.is_list and not slot.separator for gap in slot.gaps}
        bounds = self.bounds or [None] * (len(self.literals) - 1)
        return [
            0
            if gap in values
            else PROSE
            if each is None
            else each.free_words(is_cut=gap in listed, is_set_off=_is_set_off(self.literals, gap))
            for gap, each in enumerate(bounds)
        ]

    @cached_property
    def _rows(self) -> tuple[int, ...]:
        """The gaps that are read as cells between tabs."""
        return tuple(slot.gaps[0] for slot in self.slots if slot.separator == "\t")

    def bounded_by(self, questions: Sequence[str]) -> Self:
        """Return a copy of this parser that reads only requests whose gaps hold nothing unseen in the examples.

        Gaps that are read as numbers, times or a literal need no bounds: their forms read nothing else.

        Args:
            questions: Example questions; the parser reads all of them.
        """
        bounds = tuple(self._bounds(gap, column) for gap, column in enumerate(self._columns(questions)))
        return self.model_copy(update={"bounds": bounds if any(bounds) else ()})

    def keeping(self, questions: Sequence[str], constants: Sequence[str]) -> Self:
        """Return a copy of this parser that requires the data that a function writes instead of reading it.

        A function for addresses that all end in ".com" may write ".com" itself. Then other addresses are rejected.

        Args:
            questions: Example questions; the parser reads all of them.
            constants: The texts and numbers in the function's code.
        """
        bounds = list(self.bounds or [None] * (len(self.literals) - 1))
        known = [self._in_form_of_literals(each) for each in questions]
        for gap, column in enumerate(self._columns(known)):
            begins, ends = (each if is_written(each, constants) else None for each in shared_edges(column))
            if begins or ends:
                kept = bounds[gap] or GapBounds(traits=ANY_TRAITS)
                bounds[gap] = kept.model_copy(update={"begins": begins, "ends": ends})
        return self.model_copy(update={"bounds": tuple(bounds) if any(bounds) else ()})

    def _gaps(self, request: str) -> list[str] | None:
        """Return the texts of the gaps; None if the wording differs."""
        return gaps_in(self.literals, request) if self.wordings is None else self.wordings.gaps(request)

    def _columns(self, questions: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the texts of each gap, by question. The parser reads all of them."""
        return list(zip(*(self._gaps(question) or [] for question in questions), strict=True))

    def _bounds(self, gap: int, column: Sequence[str]) -> GapBounds | None:
        """Return the bounds of a gap that takes text or is not read; None for other gaps."""
        read_as = [form for form, slot in self._readers if gap in slot.gaps]
        if not all(form.takes_text for form in read_as):
            return None
        numbers_alone = any(form.has_number_type for form in read_as)
        parts = [self._parts(gap, text) for text in column]
        return GapBounds.of(
            column,
            parts,
            numbers_alone=numbers_alone,
            is_alone=not any(self.literals),
            is_first=gap == 0 and not any(map(str.isalpha, self.literals[0])),
        )

    def _parts(self, gap: int, text: str) -> list[str]:
        """Return the items of a gap that is a list of texts; for other gaps, the text."""
        slot = next(
            (slot for form, slot in self._readers if form.name in {"texts", "rows", "pairs"} and slot.gaps == (gap,)),
            None,
        )
        return [text] if slot is None else split(text, slot.separator) or [text]

    def _admits(self, gaps: Sequence[str]) -> bool:
        return all(
            bounds is None or bounds.admit(gaps[gap], self._parts(gap, gaps[gap]))
            for gap, bounds in enumerate(self.bounds)
        )

    def __copy__(self) -> Self:
        """Copy without cached properties, since `model_copy` may change the slots."""
        copied = super().__copy__()
        for name in ("_readers", "_rows", "is_distinctive", "_formal_changes"):
            copied.__dict__.pop(name, None)
        return copied

    def parse(self, request: str) -> dict[str, Any] | None:
        """Return the arguments; None if the wording differs or an argument is not of its form."""
        request = self._in_form_of_literals(request)
        gaps = self._gaps(request)
        if gaps is None or _SURROGATE.search(request):  # models, files and sandboxes take only UTF-8
            return None
        if self._rows and self.wordings is None and _loses_cells(self.literals, self._rows, request):
            return None
        arguments: dict[str, Any] = {}
        for form, slot in self._readers:
            value = form.argument(slot, gaps, request)
            if value is None:
                return None
            arguments[slot.name] = value
        return arguments if self._admits(gaps) else None

    def read(self, request: str) -> dict[str, Any] | None:
        """Parse a request; if that fails, undo formal changes (case, white space, marks, courtesy) and parse again."""
        found = self.parse(request)
        if found is not None or not self.is_distinctive:
            return found
        readings = map(self.parse, self._formal_changes.undone(self._in_form_of_literals(request)))
        return next((each for each in readings if each is not None), None)

    @cached_property
    def _formal_changes(self) -> FormalChanges:
        return FormalChanges(self.literals, [self._style(gap) for gap in range(len(self.literals) - 1)])

    def _style(self, gap: int) -> DataStyle:
        """Return how the data in a gap is written."""
        read_as = [(form, slot) for form, slot in self._readers if gap in slot.gaps]
        style = DataStyle(
            separator=next((slot.separator for form, slot in read_as if form.is_list and slot.gaps == (gap,)), None),
            is_values=bool(read_as) and not any(form.takes_text for form, _ in read_as),
        )
        bounds = self.bounds[gap] if self.bounds else None
        if bounds is None:
            return style
        return style._replace(
            is_measured=bounds.words is not None, is_prose=bounds.joins_words, has_ends=bounds.holds("end")
        )

    def _in_form_of_literals(self, request: str) -> str:
        """Return a request unchanged if it fits; if not, normalised (Unicode) like the literals."""
        if self.wordings is not None or request.isascii() or gaps_in(self.literals, request) is not None:
            return request
        composed = all(is_normalized("NFC", literal) for literal in self.literals)
        return normalize("NFC" if composed else "NFD", request)

    @property
    def time_unit(self) -> TimeUnit | None:
        """Unit of the times among the arguments; None if there are none."""
        sides = [side for slot in self.slots if slot.pair for side in slot.pair.sides]
        types = [slot.number_type for slot in (*self.slots, *sides) if slot.reader.has_times]
        return None if not types else "hours" if "float" in types else "minutes"

    @property
    def tells_all(self) -> bool:
        """Whether the arguments, or what they mention, hold everything that changes between requests."""
        if self.wordings is not None:
            return False
        read = {gap for form, slot in self._readers for gap in slot.gaps if form.says_all}
        return len(read) == len(self.literals) - 1 or any(form.reads_mentions for form, _ in self._readers)

    @property
    def pattern(self) -> str:
        """The wording of a request, or all wordings, for display: the fixed words, and the parameters in the gaps."""
        gaps = range(len(self.literals) - 1)
        names = [" ".join(f"{{{slot.name}}}" for slot in self.slots if gap in slot.gaps) or "..." for gap in gaps]
        if self.wordings is not None:
            return " | ".join(each.shown(names) for each in self.wordings.wordings)
        return "".join(part for pair in zip(self.literals, [*names, ""], strict=True) for part in pair)


def _is_set_off(literals: Template, gap: int) -> bool:
    """Whether a sign separates a gap from the fixed words beside it, as in "pear fig - sort these words"."""
    before, after = literals[gap].rstrip()[-1:], literals[gap + 1].lstrip()[:1]
    return any(sign and not sign.isalnum() for sign in (before, after))


def _loses_cells(literals: Template, rows: Sequence[int], request: str) -> bool:
    """Whether a row begins or ends with an empty cell, which stripping white space around the gap would lose."""
    text = request.strip(" \r\n")
    places = places_in(literals, text) or []
    raw = [text[start:end].strip(" \r\n") for start, end in places]
    return not raw or any(raw[gap].startswith("\t") or raw[gap].endswith("\t") for gap in rows)
