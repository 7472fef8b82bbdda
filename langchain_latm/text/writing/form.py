"""The interface of a form of answers, and its input."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from langchain_latm.text.json_values import is_number
from langchain_latm.text.lexing.times import TimeUnit


class AnswerForm(NamedTuple):
    """The value that the maker is asked to return.

    Attributes:
        annotation: Its Python type.
        values: The demonstrations' answers, as values of this type.
    """

    annotation: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Column:
    """The answers of the demonstrations, with the known values and arguments.

    Attributes:
        answers: The texts.
        values: The function's values, as JSON data; empty before the maker is asked.
        arguments: The arguments by name, for each demonstration; may be empty.
        unit: Unit of times among the arguments, if there are any.
    """

    answers: Sequence[str]
    values: Sequence[Any] = ()
    arguments: Sequence[Mapping[str, Any]] = ()
    unit: TimeUnit | None = None

    @property
    def holds_numbers(self) -> bool:
        """Whether every value is a number; a bool is not one."""
        return all(map(is_number, self.values))

    @property
    def holds_texts(self) -> bool:
        """Whether every value is a text."""
        return all(isinstance(value, str) for value in self.values)


class Form(ABC):
    """One way to write an answer.

    A form is a subclass in a module of `langchain_latm.text.writing.forms`, which finds it. It overrides `asked`,
    `writings` or both; each declines a column that does not fit, or that does not show how later values are written.

    Attributes:
        name: Its name, unique among the forms.
        rank: How specific it is: of several forms that fit, the one with the lowest rank comes first. Forms for one
            type of value have ranks below 40, for numbers 40 to 59, for texts of digits 60 to 79, for any value 80 up.
        offered: Position of `asked`: "alone", "before" the plain text, or "after" it.
        overrules_text: Whether its code is used even if the plain text of the values is right on all demonstrations,
            because the answers show something that this text loses.
    """

    name: ClassVar[str]
    rank: ClassVar[int]
    offered: ClassVar[Literal["alone", "before", "after"]] = "after"
    overrules_text: ClassVar[bool] = False

    def asked(self, column: Column) -> AnswerForm | None:  # noqa: ARG002 - a default to override
        """Return the value for which the maker may be asked instead of these answers; None if the form does not fit."""
        return None

    def writings(self, column: Column) -> Iterator[str]:  # noqa: ARG002 - a default to override
        """Yield Python code that may write these values as these answers, the best first.

        The code is one expression, with statements before it if needed. It reads `value` and the tool's parameters, and
        may use the modules in `written_source.MODULES`. It raises an error if a later value has no certain text. A run
        in the sandbox decides whether it is right on the demonstrations.
        """
        yield from ()
