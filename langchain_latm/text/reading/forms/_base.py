"""The interface of a form of argument, and base classes for forms of one sort."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, ClassVar, Literal, Protocol

from langchain_latm.text.lexing.times import in_hours
from langchain_latm.text.reading.mentions import Group, groups_in
from langchain_latm.text.reading.row_pattern import RowPattern

NumberType = Literal["int", "float"]
"""Type of the numbers that are read: "int" rejects decimal fractions, "float" turns 3 into 3.0. A time is "int" in
minutes, "float" in hours."""


class Stage(IntEnum):
    """The stages, in order, in which forms of one gap are tried on a column; within a stage by rank."""

    VALUE = 1
    """The text in the gap is one value."""
    LIST = 2
    """The text is a list; tried for each possible separator."""
    TEXT = 3
    """Any text."""
    EVIDENCE = 4
    """Used only to find the value that a model read: without a model it would be a guess."""


class Place(Protocol):
    """The part of a slot that a form needs: where and how an argument is read."""

    @property
    def gaps(self) -> tuple[int, ...]: ...
    @property
    def separator(self) -> str: ...
    @property
    def number_type(self) -> NumberType | None: ...
    @property
    def group(self) -> tuple[int, int] | None: ...
    @property
    def row(self) -> RowPattern | None: ...
    @property
    def pair(self) -> ItemPattern | None: ...


class ItemPattern(Protocol):
    """How an item is cut into parts."""

    def read(self, item: str) -> list[Any] | None: ...


class Form(ABC):
    """A form of argument: reads values off requests.

    Ambiguous text is not read. Reading takes time in proportion to the length of the request.

    Attributes:
        name: Name of the form in records.
        default_name: Name of a parameter if the words around its gap give none.
        annotation: The Python type of the values. "number" in it stands for `int` or `float`.
        rank: Order of the forms in a stage: narrow forms come before those that read more.
        reads_question: Whether values are read off the whole question, not off gaps.
        reads_mentions: Whether values are read off a group of sentences of the whole question.
        reads_several_gaps: Whether one value may be read off several gaps.
        has_number_type: Whether a slot may set the type of the numbers in a value.
        has_times: Whether the numbers of a value are times.
        has_rows: Whether a slot sets the pattern of the items.
        has_pairs: Whether a slot sets the two sides of the items.
        is_list: Whether a parameter is named by the last plural before its gap.
        says_all: Whether a value holds everything in its gaps.
        takes_text: Whether the form takes any text, or reads its value among any words.
    """

    name: ClassVar[str]
    default_name: ClassVar[str]
    annotation: ClassVar[str]
    rank: ClassVar[int] = 0
    reads_question: ClassVar[bool] = False
    reads_mentions: ClassVar[bool] = False
    reads_several_gaps: ClassVar[bool] = False
    has_number_type: ClassVar[bool] = False
    has_times: ClassVar[bool] = False
    has_rows: ClassVar[bool] = False
    has_pairs: ClassVar[bool] = False
    is_list: ClassVar[bool] = False
    says_all: ClassVar[bool] = True
    takes_text: ClassVar[bool] = False

    @abstractmethod
    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None if there is none of this form.

        Args:
            place: The gaps or group of sentences to read, and how their parts are separated.
            gaps: The texts of all gaps of the request.
            request: The whole request.
        """

    def number_type(self, values: Sequence[Any]) -> NumberType | None:
        """Return the type that fits all numbers in values; None if there are no numbers."""
        types = types_in(values) if self.has_number_type else set()
        return "float" if float in types else "int" if int in types else None

    def annotate(self, values: Sequence[Any]) -> str:
        """Return the Python type of values of this form."""
        number = self.number_type(values) or "int"
        return self.annotation.replace("number", number)


class GapForm(Form):
    """A form that is read off one gap.

    Attributes:
        stage: When the form is tried on a column of examples.
        text_form: The form that reads the same gap as text, or as a list of texts; None if there is no such form.
    """

    stage: ClassVar[Stage]
    text_form: ClassVar[str | None] = None

    @abstractmethod
    def read(self, text: str, separator: str = "") -> Any:
        """Read the text in a gap, with numbers as they are written; None if the text is not of this form.

        Args:
            text: The text in the gap.
            separator: The separator of its parts (see `text.lexing.lists`).
        """

    def typed(self, text: str, separator: str, number_type: NumberType | None) -> Any:
        """Read the text in a gap, with all numbers of one type; None if one cannot be."""
        return with_number_type(self.read(text, separator), number_type)

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None if there is none of this form."""
        del request
        return self.typed(gaps[place.gaps[0]], place.separator, place.number_type)

    def fits(self, column: Sequence[str], separator: str, number_type: NumberType | None) -> bool:
        """Whether every text of a column of examples can be read."""
        return all(self.typed(text, separator, number_type) is not None for text in column)

    def separators(self, column: Sequence[str], separator: str) -> Iterable[str]:
        """Return the separators to try on a column of lists.

        Args:
            column: The texts in the gap, by question.
            separator: A possible separator of its items.
        """
        del column
        return (separator,)

    def row_of(self, column: Sequence[str], separator: str) -> RowPattern | None:
        """Return the pattern of the items of a column; None if there is none, or for forms without rows."""
        del column, separator
        return None


class TimeForm(GapForm):
    """A form of clock times, in minutes or hours."""

    has_number_type = True
    has_times = True

    def typed(self, text: str, separator: str, number_type: NumberType | None) -> Any:
        """Read times in minutes, or as "float" in hours."""
        value = self.read(text, separator)
        return in_hours(value) if number_type == "float" and value is not None else value


class GapsForm(Form):
    """A form that is read off one gap or more."""

    reads_several_gaps = True

    @abstractmethod
    def read(self, texts: Sequence[str]) -> Any:
        """Read the texts of some gaps, with numbers as they are written; None if they are not of this form."""

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None if there is none of this form."""
        del request
        return with_number_type(self.read([gaps[gap] for gap in place.gaps]), place.number_type)


class MentionForm(Form):
    """A form that reads what a group of sentences mentions: its options and names."""

    reads_question = True
    reads_mentions = True

    @abstractmethod
    def read(self, group: Group) -> Any:
        """Read a group of sentences; None if it is not of this form."""

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None if the request has a different number of groups."""
        del gaps
        groups = groups_in(request.strip())
        if groups is None or place.group is None or len(groups) != place.group[1]:
            return None
        return self.read(groups[place.group[0]])

    def name_of(self, groups: Sequence[Group]) -> str:
        """Return the name of a parameter that reads these groups, one of each question."""
        del groups
        return self.default_name


def types_in(value: Any) -> set[type]:
    """Return the types of all values in nested lists."""
    if isinstance(value, list | tuple):
        return set().union(*map(types_in, value))
    return {type(value)}


def with_number_type(value: Any, number_type: NumberType | None) -> Any:
    """Return a value with every number in it of one type; None if a number cannot be converted."""
    if value is None or number_type is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        typed = [with_number_type(each, number_type) for each in value]
        return None if any(each is None for each in typed) else typed
    if number_type == "float":
        return float(value)
    return value if isinstance(value, int) else None
