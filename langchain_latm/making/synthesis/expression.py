"""Expressions of the search's language: what they compute, what they cost, and the Python that they are.

A value of `None` means that an expression does not fit a row; the Python that is written raises `ValueError` there.
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
"""Characters of a text that an expression returns; longer ones do not fit."""


class Operator(ABC):
    """Computes one value from others. Subclasses are frozen dataclasses, so that equal operators are equal."""

    reads: ClassVar[bool] = False
    """Whether it writes a part of something that was read as a whole, such as a date."""

    @property
    def manner(self) -> str:
        """How a number is written, where the parts of one text should agree; empty where that is open."""
        return ""

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The positions of a part of a text, if it is given by them."""
        return (None, None)

    @property
    @abstractmethod
    def cost(self) -> float:
        """How unlikely the operator is to be meant; about 1."""

    # The type checker takes `*args: Any, **kwargs: Any` for any further parameters: each operator has its own.

    @abstractmethod
    def of(self, *values: Any, **kwargs: Any) -> Any:
        """Return the value; None where the operator does not fit."""

    @abstractmethod
    def write(self, code: Writer, *arguments: Any, **kwargs: Any) -> str:
        """Return a Python expression of the value, after writing the statements that it needs."""

    def field(self, code: Writer, *arguments: Any, **kwargs: Any) -> str:
        """Return what stands between the braces of an f-string for the value."""
        return code.simple(self.write(code, *arguments, **kwargs))

    @abstractmethod
    def says(self, *what: Any, **kwargs: Any) -> str:
        """Return words for the value, given words for the arguments."""


class Expression(ABC):
    """A value that is computed from the columns of a row."""

    @property
    @abstractmethod
    def cost(self) -> float:
        """The sum of the costs of its parts."""

    @property
    def nodes(self) -> frozenset[Expression]:
        """The expression itself and those that it is made of."""
        return frozenset([self])

    @abstractmethod
    def of(self, row: Mapping[str, Any]) -> Any:
        """Return the value for a row; None where the expression does not fit."""

    @abstractmethod
    def write(self, code: Writer) -> str:
        """Return a Python expression of the value, after writing the statements that it needs."""

    @abstractmethod
    def says(self) -> str:
        """Return words for the value."""


@dataclass(frozen=True)
class Column(Expression):
    """The value of a column."""

    name: str

    @property
    def cost(self) -> float:
        """A column is the simplest expression."""
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
        """Marks are cheap, letters and digits are copied from the examples.

        A constant is paid for by its first letters: a long unit or greeting is as likely to be meant as a short one.
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
        """The operator's cost and those of its arguments."""
        return self.operator.cost + sum(argument.cost for argument in self.arguments)

    @cached_property
    def nodes(self) -> frozenset[Expression]:  # computed once
        """The expression itself and those that it is made of."""
        return frozenset([self]).union(*(argument.nodes for argument in self.arguments))

    def of(self, row: Mapping[str, Any]) -> Any:
        """Return the operator's value."""
        return self.apply([argument.of(row) for argument in self.arguments])

    def apply(self, values: Sequence[Any]) -> Any:
        """Return the operator's value for values of the arguments."""
        if any(value is None for value in values):
            return None
        found = self.operator.of(*values)
        return None if isinstance(found, str) and len(found) > LONGEST_TEXT else found

    def write(self, code: Writer) -> str:
        """Write the arguments, then the operator."""
        return self.operator.write(code, *(argument.write(code) for argument in self.arguments))

    def field(self, code: Writer) -> str:
        """Write the arguments, and return what stands between the braces of an f-string."""
        return self.operator.field(code, *(argument.write(code) for argument in self.arguments))

    def says(self) -> str:
        """Return the words of the operator."""
        return self.operator.says(*(argument.says() for argument in self.arguments))


@dataclass(frozen=True)
class Joined(Expression):
    """Texts one after another.

    Attributes:
        parts: The texts.
        extra: What the search charges besides the parts.
    """

    parts: tuple[Expression, ...]
    extra: float = 0.0

    @cached_property
    def cost(self) -> float:  # computed once
        """The costs of the parts, each after those before it."""
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
        """Return the words of the parts."""
        return " + ".join(part.says() for part in self.parts)


def step_cost(before: Sequence[Expression], part: Expression) -> float:
    """Return the cost of a part after others: what they have read already, such as a date, is not read again."""
    cost = part.cost
    if isinstance(part, Constant):
        return cost + (_ENDING if before and _ORDINAL.match(part.text) else 0)
    known = set().union(*(other.nodes for other in before))
    cost += _JOIN + _clash(before, part) - min(_saved(part, known), cost - _LEAST)
    follows = any(isinstance(other, Applied) and _follows(other, part) for other in before)
    return cost - min(_NEXT, cost - _LEAST) if follows else cost


def _saved(part: Expression, known: set[Expression]) -> float:
    """Return the cost of what a part does and parts before it did already."""
    if part in known:
        return _AGAIN if isinstance(part, Column) else part.cost
    return sum(_saved(argument, known) for argument in part.arguments) if isinstance(part, Applied) else 0.0


def _follows(other: Applied, part: Expression) -> bool:
    """Whether a part begins where another ends."""
    if not isinstance(part, Applied) or part.arguments != other.arguments or part.operator.span[0] is None:
        return False
    return part.operator.span[0] == other.operator.span[1]


_LEAST: Final = 0.2
"""Least cost of a part."""
_AGAIN: Final = 0.25
"""What a part costs less of a text that another part was taken of."""
_NEXT: Final = 1.2
"""What it costs less if it begins where that part ends, as the groups of a telephone number."""
_JOIN: Final = 0.15
"""Additional cost of each part of a joined text."""
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?![^\W\d_])")
_ENDING: Final = 1.5
"""What a constant costs more that looks like the ending of "4th": it depends on the number."""


def _clash(before: Sequence[Expression], part: Expression) -> float:
    """Return what a part costs more that is written in another manner than one before, as "5/03"."""
    if not isinstance(part, Applied):
        return 0.0
    manners = {other.operator.manner for other in before if isinstance(other, Applied)} - {""}
    return 0.6 if part.operator.manner and manners - {part.operator.manner} else 0.0


def quoted(text: str) -> str:
    """Return a text in quotes for a docstring, shortened and without line breaks."""
    shown = text if len(text) <= 20 else f"{text[:17]}..."  # noqa: PLR2004 - a docstring is one or two lines
    return ascii(shown) if not shown.isprintable() else f'"{shown}"' if "'" in shown else f"'{shown}'"
