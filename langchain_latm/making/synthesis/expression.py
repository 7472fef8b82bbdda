"""Expressions of the search on columns of text: their values, their costs, and their Python code.

A value of `None` means that an expression does not fit a row; its Python code raises `ValueError` there.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from langchain_latm.making.synthesis.writing import Writer

LONGEST_TEXT = 20_000
"""Maximum length of a text that an expression returns; longer texts do not fit."""


class Operator(ABC):
    """Computes one value from others. Subclasses are frozen dataclasses, so that operators compare by their fields."""

    reads: ClassVar[bool] = False
    """Whether it writes a part of a value that was read as a whole, such as a date."""

    moves: ClassVar[bool] = False
    """Whether it moves a date by days or months."""

    @property
    def manner(self) -> str:
        """How a number is written, if the parts of one text should agree in this; empty for other operators."""
        return ""

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The positions of a part of a text, for operators that take parts by position."""
        return (None, None)

    @property
    @abstractmethod
    def cost(self) -> float:
        """How unlikely the operator is to be meant, about 1: a part of a text costs about 1.

        General knowledge, such as the names of months, costs little. Words and numbers that are copied from the
        examples cost more.
        """

    # With `*args: Any, **kwargs: Any`, the type checker lets each operator have its own parameters.

    @abstractmethod
    def of(self, *values: Any, **kwargs: Any) -> Any:
        """Return the value; None if the operator does not fit the arguments."""

    @abstractmethod
    def write(self, code: Writer, *arguments: Any, **kwargs: Any) -> str:
        """Write the statements that the value needs, and return its Python expression."""

    def field(self, code: Writer, *arguments: Any, **kwargs: Any) -> str:
        """Write the statements that the value needs, and return its replacement field in an f-string."""
        return code.simple(self.write(code, *arguments, **kwargs))

    @abstractmethod
    def says(self, *what: Any, **kwargs: Any) -> str:
        """Return a description of the value, given descriptions of the arguments."""


class Expression(ABC):
    """A value computed from the columns of a row."""

    @property
    @abstractmethod
    def cost(self) -> float:
        """The sum of the costs of its parts."""

    @property
    def nodes(self) -> frozenset[Expression]:
        """The expression and its subexpressions."""
        return frozenset([self])

    @abstractmethod
    def of(self, row: Mapping[str, Any]) -> Any:
        """Return the value for a row; None if the expression does not fit the row."""

    @abstractmethod
    def write(self, code: Writer) -> str:
        """Write the statements that the value needs, and return its Python expression."""

    @abstractmethod
    def says(self) -> str:
        """Return a description of the value."""


@dataclass(frozen=True)
class Column(Expression):
    """The value of a column."""

    name: str

    @property
    def cost(self) -> float:
        """The cost of the simplest expression."""
        return 0.5

    def of(self, row: Mapping[str, Any]) -> Any:
        """Return the value of the column."""
        value = row.get(self.name)
        return value if not isinstance(value, str) or len(value) <= LONGEST_TEXT else None

    def write(self, code: Writer) -> str:
        """Return the name of the parameter."""
        return code.parameters[self.name]

    def says(self) -> str:
        """Return the name of the column."""
        return f"`{self.name}`" if self.name.isidentifier() else self.name


@dataclass(frozen=True)
class Constant(Expression):
    """A text that is the same for every row."""

    text: str

    @property
    def cost(self) -> float:
        """The cost of a constant: marks are cheap, letters and digits cost more.

        Only the first letters count: a long unit or greeting is as likely to be meant as a short one.
        """
        solid = sum(character.isalnum() for character in self.text)
        marks = len(self.text) - solid
        return 0.5 + 0.1 * min(marks, 5) + (0.5 + 0.15 * min(solid, 8) if solid else 0)

    def of(self, row: Mapping[str, Any]) -> str:  # noqa: ARG002 - the same for every row
        """Return the text."""
        return self.text

    def write(self, code: Writer) -> str:
        """Return the text as a literal."""
        return code.literal(self.text)

    def says(self) -> str:
        """Return the text in quotes."""
        return quoted(self.text)


@dataclass(frozen=True)
class Applied(Expression):
    """An operator applied to expressions."""

    operator: Operator
    arguments: tuple[Expression, ...]

    @cached_property
    def cost(self) -> float:  # computed once
        """The cost of the operator and its arguments."""
        return self.operator.cost + sum(argument.cost for argument in self.arguments)

    @cached_property
    def nodes(self) -> frozenset[Expression]:  # computed once
        """The expression and its subexpressions."""
        return frozenset([self]).union(*(argument.nodes for argument in self.arguments))

    def of(self, row: Mapping[str, Any]) -> Any:
        """Return the operator's value."""
        return self.apply([argument.of(row) for argument in self.arguments])

    def apply(self, values: Sequence[Any]) -> Any:
        """Return the operator's value, given values of the arguments."""
        return applied_to(self.operator, values)

    def write(self, code: Writer) -> str:
        """Write the arguments, then the operator."""
        return self.operator.write(code, *(argument.write(code) for argument in self.arguments))

    def field(self, code: Writer) -> str:
        """Write the arguments, and return the replacement field of the value in an f-string."""
        return self.operator.field(code, *(argument.write(code) for argument in self.arguments))

    def says(self) -> str:
        """Return the operator's description."""
        return self.operator.says(*(argument.says() for argument in self.arguments))


def applied_to(operator: Operator, values: Sequence[Any]) -> Any:
    """Return an operator's value for values of its arguments; None if one of them is None, or for a long text."""
    if None in values:
        return None
    found = operator.of(*values)
    return None if isinstance(found, str) and len(found) > LONGEST_TEXT else found


@dataclass(frozen=True)
class Joined(Expression):
    """Concatenated texts.

    Attributes:
        parts: The texts.
        extra: Additional cost.
    """

    parts: tuple[Expression, ...]
    extra: float = 0.0

    @cached_property
    def cost(self) -> float:  # computed once
        """The costs of the parts, each given those before it."""
        return self.extra + sum(step_cost(self.parts[:index], part) for index, part in enumerate(self.parts))

    def of(self, row: Mapping[str, Any]) -> str | None:
        """Return the joined texts."""
        texts = [part.of(row) for part in self.parts]
        return None if any(text is None for text in texts) else "".join(texts)

    def write(self, code: Writer) -> str:
        """Return an f-string."""
        pieces: list[str] = []
        for part in self.parts:
            if isinstance(part, Constant):
                pieces.append(code.literal(part.text)[1:-1].replace("{", "{{").replace("}", "}}"))
            else:
                field = part.field(code) if isinstance(part, Applied) else code.simple(part.write(code))
                pieces.append(f"{{{field}}}")
        return f'f"{"".join(pieces)}"'

    def says(self) -> str:
        """Return the descriptions of the parts."""
        return " + ".join(part.says() for part in self.parts)


def step_cost(before: Sequence[Expression], part: Expression) -> float:
    """Return the cost of a part after others. Work that earlier parts have done, such as reading a date, is free."""
    cost = part.cost
    if isinstance(part, Constant):
        return cost + (_ENDING if before and _ORDINAL.match(part.text) else 0)
    known = set().union(*(other.nodes for other in before))
    cost += _JOIN + _clash(before, part) - min(_saved(part, known), cost - _LEAST)
    follows = any(isinstance(other, Applied) and _follows(other, part) for other in before)
    return cost - min(_NEXT, cost - _LEAST) if follows else cost


def _saved(part: Expression, known: set[Expression]) -> float:
    """Return the cost of the subexpressions that a part shares with earlier parts."""
    if part in known:
        return _AGAIN if isinstance(part, Column) else part.cost
    return sum(_saved(argument, known) for argument in part.arguments) if isinstance(part, Applied) else 0.0


def _follows(other: Applied, part: Expression) -> bool:
    """Whether a part begins where another ends."""
    if not isinstance(part, Applied) or part.arguments != other.arguments or part.operator.span[0] is None:
        return False
    return part.operator.span[0] == other.operator.span[1]


_LEAST: Final = 0.2
"""Minimum cost of a part."""
_AGAIN: Final = 0.25
"""Discount for a part of a column of which an earlier part was taken."""
_NEXT: Final = 1.2
"""Discount for a part that begins where an earlier part ends, as in the groups of a telephone number."""
_JOIN: Final = 0.15
"""Additional cost of each part of a joined text."""
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?![^\W\d_])")
_ENDING: Final = 1.5
"""Additional cost of a constant that looks like the ending of "4th", which depends on the number."""


def _clash(before: Sequence[Expression], part: Expression) -> float:
    """Return the additional cost of a part that is written in another manner than an earlier one, as in "5/03"."""
    if not isinstance(part, Applied):
        return 0.0
    manners = {other.operator.manner for other in before if isinstance(other, Applied)} - {""}
    return 0.6 if part.operator.manner and manners - {part.operator.manner} else 0.0


def quoted(text: str) -> str:
    """Return a text in quotes for a docstring, shortened and without line breaks."""
    shown = text if len(text) <= 20 else f"{text[:17]}..."  # noqa: PLR2004 - a docstring is one or two lines
    return ascii(shown) if not shown.isprintable() else f'"{shown}"' if "'" in shown else f"'{shown}'"
