"""The interface of a form of answers, and what a form is given."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from langchain_latm.text.lexing.times import TimeUnit


class AnswerForm(NamedTuple):
    """What the maker is asked to return.

    Attributes:
        annotation: The Python type.
        values: The demonstrations' answers, as values of this type.
    """

    annotation: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Column:
    """The answers of the demonstrations, with what is known about each.

    Attributes:
        answers: The texts.
        values: What the function returned for each, as JSON data; empty while the maker is not yet asked.
        arguments: The arguments of each, by name; may be empty.
        unit: What times among the arguments are counted in, if there are any.
    """

    answers: Sequence[str]
    values: Sequence[Any] = ()
    arguments: Sequence[Mapping[str, Any]] = ()
    unit: TimeUnit | None = None

    @property
    def holds_numbers(self) -> bool:
        """Whether every value is a number; a bool is not one."""
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)

    @property
    def holds_texts(self) -> bool:
        """Whether every value is a text."""
        return all(isinstance(value, str) for value in self.values)


class Form(ABC):
    """One way to write an answer.

    A form is a subclass in a module of `langchain_latm.text.writing.forms`, which finds it there. It overrides `asked`,
    `writings` or both; each declines a column that it does not fit, and one that leaves open how later values are
    written.

    Attributes:
        name: Its name, unique among the forms.
        rank: How specific it is: of several forms that fit, the one with the lowest rank comes first. Forms for one
            type of value have ranks below 40, for numbers 40 to 59, for texts of digits 60 to 79, for any value 80 up.
        offered: Where `asked` stands: "alone", "before" the plain text, or "after" it.
        overrules_text: Whether its writings are used even if the plain text of the values is right on all
            demonstrations, because the answers show more than that text keeps.
    """

    name: ClassVar[str]
    rank: ClassVar[int]
    offered: ClassVar[Literal["alone", "before", "after"]] = "after"
    overrules_text: ClassVar[bool] = False

    def asked(self, column: Column) -> AnswerForm | None:  # noqa: ARG002 - a default to override
        """Return what the maker may be asked for instead of these answers; None where the form does not fit."""
        return None

    def writings(self, column: Column) -> Iterator[str]:  # noqa: ARG002 - a default to override
        """Yield Python code that may write these values as these answers, the best first.

        The code is one expression, with statements before it where it needs some. It reads `value` and the tool's
        parameters, and may use the modules in `written_source.MODULES`. It raises where a later value has no safe
        text. A run in the sandbox decides whether it is right on the demonstrations.
        """
        yield from ()
