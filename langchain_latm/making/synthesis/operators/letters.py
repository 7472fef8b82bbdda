"""Substitution of letters: shifted, mirrored, or by a table."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_CONFIRMED: Final = 2
_MOST_ENTRIES: Final = 6
_LONGEST: Final = 500


@dataclass(frozen=True)
class Shift(Operator):
    """Each letter from A to Z shifted in the alphabet, as in Caesar's cipher; or in the alphabet backwards.

    Attributes:
        places: Number of places; None for the mirrored alphabet, in which Z stands for A.
    """

    places: int | None

    @property
    def cost(self) -> float:
        """General knowledge costs little; a number of places is copied from the examples."""
        return 1.3 if self.places is not None else 1.2

    @property
    def _target(self) -> str:
        lower = string.ascii_lowercase
        turned = lower[::-1] if self.places is None else lower[self.places :] + lower[: self.places]
        return turned + turned.upper()

    def of(self, text: str) -> str:
        return text.translate(str.maketrans(string.ascii_letters, self._target))

    def write(self, code: Writer, text: str) -> str:
        code.needs("import string")
        if self.places is None:
            table = "string.ascii_lowercase[::-1] + string.ascii_uppercase[::-1]"
        else:
            lower, upper = (f"string.ascii_{case}case" for case in ("lower", "upper"))
            places = self.places
            table = f"{lower}[{places}:] + {lower}[:{places}] + {upper}[{places}:] + {upper}[:{places}]"
        return f"{text}.translate(str.maketrans(string.ascii_letters, {code.local('shifted', table)}))"

    def says(self, what: str) -> str:
        if self.places is None:
            return f"{what} in the mirrored alphabet"
        return f"{what} with each letter shifted by {self.places}"


@dataclass(frozen=True)
class ShiftBy(Operator):
    """Each letter from A to Z as many places further in the alphabet, or back, as a number of the row says."""

    back: bool

    @property
    def cost(self) -> float:
        """About that of a fixed number of places."""
        return 1.0 + 0.2 * self.back

    def of(self, text: str, number: Decimal) -> str | None:
        """Return the text with other letters; None if the number is a fraction."""
        if number != int(number):
            return None
        places = int(-number if self.back else number) % 26
        return Shift(places).of(text)

    def write(self, code: Writer, text: str, number: str) -> str:
        code.needs("import string")
        code.guard(f"{number} != int({number})", "expected a whole number")
        places = code.local("places", f"int({'-' if self.back else ''}{number}) % 26")
        lower, upper = (f"string.ascii_{case}case" for case in ("lower", "upper"))
        table = f"{lower}[{places}:] + {lower}[:{places}] + {upper}[{places}:] + {upper}[:{places}]"
        return f"{text}.translate(str.maketrans(string.ascii_letters, {code.local('shifted', table)}))"

    def says(self, what: str, number: str) -> str:
        return f"{what} with each letter shifted {'back ' * self.back}by {number}"


@dataclass(frozen=True)
class Letters(Operator):
    """A text with some letters replaced by others.

    Attributes:
        old: The letters to replace.
        new: Their replacements, in the same order.
    """

    old: str
    new: str

    @property
    def cost(self) -> float:
        """Each letter is copied from the examples."""
        return 2.3 + 0.4 * len(self.old)

    def of(self, text: str) -> str:
        return text.translate(str.maketrans(self.old, self.new))

    def write(self, code: Writer, text: str) -> str:
        if len(self.old) == 1:
            return f"{text}.replace({code.literal(self.old)}, {code.literal(self.new)})"
        return f"{text}.translate(str.maketrans({code.literal(self.old)}, {code.literal(self.new)}))"

    def says(self, what: str) -> str:
        return f"{what} with {', '.join(f'{new} for {old}' for old, new in zip(self.old, self.new, strict=True))}"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield substitutions, for answers as long as their texts in which each letter has one replacement."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text, answer in zip(texts, answers, strict=True):
        if len(text) != len(answer) or len(text) > _LONGEST:
            return
        pairs.update(zip(text, answer, strict=True))
    table = dict(pairs.keys())
    if len(table) < len(pairs):
        return  # one letter has become two
    lower = {old.lower(): new.lower() for old, new in table.items() if old in string.ascii_letters}
    places = {(ord(new) - ord(old)) % 26 for old, new in lower.items()}
    if len(places) == 1 and (distance := places.pop()):
        yield Shift(distance)
    if lower and all(ord(old) + ord(new) == ord("a") + ord("z") for old, new in lower.items()):
        yield Shift(None)
    changed = {old: new for old, new in table.items() if old != new}
    if 0 < len(changed) <= _MOST_ENTRIES and all(pairs[pair] >= _CONFIRMED for pair in changed.items()):
        old = "".join(sorted(changed))
        yield Letters(old, "".join(changed[each] for each in old))
