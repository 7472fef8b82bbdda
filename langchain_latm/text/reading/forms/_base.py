"""The contract of a form of argument, and what forms of one sort share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, ClassVar, Literal, Protocol

from langchain_latm.text.lexing.times import in_hours
from langchain_latm.text.reading.mentions import Group, groups_in

NumberType = Literal["int", "float"]
"""What numbers are read as: as "int" a decimal fraction is refused, as "float" 3 becomes 3.0. A time is "int" in
minutes, "float" in hours."""


class Stage(IntEnum):
    """When a form of one gap is tried on a column of examples. Within a stage, forms are tried by rank."""

    VALUE = 1
    """First: what stands in the gap is one value."""
    LIST = 2
    """Then, for each separator that may stand between items."""
    TEXT = 3
    """Then: any text."""
    EVIDENCE = 4
    """Last, and only to find again what a model read: by itself it would be a guess."""


class Place(Protocol):
    """Where an argument is read, and how: what a form needs of a slot."""

    @property
    def gaps(self) -> tuple[int, ...]: ...
    @property
    def separator(self) -> str: ...
    @property
    def number_type(self) -> NumberType | None: ...
    @property
    def group(self) -> tuple[int, int] | None: ...


class Form(ABC):
    """A form of argument: reads values off requests.

    What can be read in two ways is not read at all. Reading takes time in proportion to the length of the request.

    Attributes:
        name: What records call the form.
        default_name: What a parameter is called where the words around its gap give no name.
        annotation: The Python type of the values. "number" in it stands for `int` or `float`.
        rank: Forms of the same stage are tried in this order: narrow forms come before those that read more.
        reads_question: Whether values are read off the whole question, not off gaps.
        reads_mentions: Whether values are read off a group of sentences of the whole question.
        reads_several_gaps: Whether one value may be read off several gaps.
        has_number_type: Whether a slot may say what the numbers of a value are read as.
        has_times: Whether the numbers of a value are times.
        is_list: Whether a parameter is called by the last plural before its gap.
        says_all: Whether a value says all that stands in its gaps.
        takes_text: Whether it takes any text, or reads its value among words of any sort.
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
    is_list: ClassVar[bool] = False
    says_all: ClassVar[bool] = True
    takes_text: ClassVar[bool] = False

    @abstractmethod
    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None where there is none of this form.

        Args:
            place: Which gaps, or which group of sentences, and how their parts are separated.
            gaps: What stands in all gaps of the request.
            request: All of it.
        """

    def number_type(self, values: Sequence[Any]) -> NumberType | None:
        """Return what the numbers in values can all be read as; None where there are no numbers."""
        kinds = kinds_in(values) if self.has_number_type else set()
        return "float" if float in kinds else "int" if int in kinds else None

    def annotate(self, values: Sequence[Any]) -> str:
        """Return the Python type of values of this form."""
        number = self.number_type(values) or "int"
        return self.annotation.replace("number", number)


class GapForm(Form):
    """A form that is read off one gap.

    Attributes:
        stage: When it is tried on a column of examples.
        text_form: The form that reads the same gap as text, or as a list of texts; None where there is no other.
    """

    stage: ClassVar[Stage]
    text_form: ClassVar[str | None] = None

    @abstractmethod
    def read(self, text: str, separator: str = "") -> Any:
        """Read what stands in a gap, its numbers as they are written; None where it is not of this form.

        Args:
            text: What stands in the gap.
            separator: What stands between parts (see `text.lexing.lists`).
        """

    def typed(self, text: str, separator: str, number_type: NumberType | None) -> Any:
        """Read what stands in a gap, with all numbers of one type; None where one cannot be."""
        return with_number_type(self.read(text, separator), number_type)

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None where there is none of this form."""
        del request
        return self.typed(gaps[place.gaps[0]], place.separator, place.number_type)

    def fits(self, column: Sequence[str], separator: str, number_type: NumberType | None) -> bool:
        """Whether every text of a column of examples can be read."""
        return all(self.typed(text, separator, number_type) is not None for text in column)

    def separators(self, column: Sequence[str], separator: str) -> Iterable[str]:
        """Return the separators to try on a column of lists.

        Args:
            column: What stands in the gap, by question.
            separator: What may stand between its items.
        """
        del column
        return (separator,)


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
        """Read what stands in some gaps, its numbers as they are written; None where it is not of this form."""

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None where there is none of this form."""
        del request
        return with_number_type(self.read([gaps[gap] for gap in place.gaps]), place.number_type)


class MentionForm(Form):
    """A form of what a group of sentences mentions: the options and names in them."""

    reads_question = True
    reads_mentions = True

    @abstractmethod
    def read(self, group: Group) -> Any:
        """Read a group of sentences; None where it is not of this form."""

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> Any:
        """Return one argument; None where the request mentions other groups of sentences."""
        del gaps
        groups = groups_in(request.strip())
        if groups is None or place.group is None or len(groups) != place.group[1]:
            return None
        return self.read(groups[place.group[0]])

    def name_of(self, groups: Sequence[Group]) -> str:
        """Return what a parameter is called that reads these groups of several questions."""
        del groups
        return self.default_name


def kinds_in(value: Any) -> set[type]:
    """Return the types of all values inside of lists."""
    if isinstance(value, list | tuple):
        return set().union(*map(kinds_in, value))
    return {type(value)}


def with_number_type(value: Any, number_type: NumberType | None) -> Any:
    """Return a value with every number in it of one type; None where one cannot be."""
    if value is None or number_type is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        typed = [with_number_type(each, number_type) for each in value]
        return None if any(each is None for each in typed) else typed
    if number_type == "float":
        return float(value)
    return value if isinstance(value, int) else None
