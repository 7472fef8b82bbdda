"""Parts of a text by the class of their characters: FlashFill's tokens.

Each pattern is a run of one class, or a few runs with marks between them, so that matching takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.marks import ordinal
from langchain_latm.making.synthesis.writing import Writer

CLASSES: Final = {
    "run of digits": r"\d+",
    "word": r"[^\W\d_]+",
    "run of capitals": r"[A-Z]+",
    "run of small letters": r"[a-z]+",
    "capitalised word": r"[A-Z][a-z]+",
    "run of letters and digits": r"[^\W_]+",
    "run without spaces": r"\S+",
    "number": r"\d+(?:[.,]\d+)*",
    "signed number": r"-?\d+(?:\.\d+)?",
    "e-mail address": r"[A-Za-z0-9_.%+-]*[A-Za-z0-9_%+-]@[\w-]+(?:\.[\w-]+)+",
    "web address": r"(?:https?://|www\.)[^\s<>()]*[\w/]",
    "IP address": r"\d{1,3}(?:\.\d{1,3}){3}",
}
_COSTS: Final = {
    "run of digits": 1.1, "word": 1.15, "run without spaces": 1.15, "number": 1.2,
    "e-mail address": 1.0, "web address": 1.0, "IP address": 1.0,
}  # fmt: skip
_MOST: Final = 5


@dataclass(frozen=True)
class Token(Operator):
    """One of the runs of a class, counted from the left, or from the right with a negative index."""

    of_class: str
    index: int

    @property
    def cost(self) -> float:
        """Common classes and the ends of a text are likelier."""
        step = self.index if self.index >= 0 else -self.index - 1
        return _COSTS.get(self.of_class, 1.35) + 0.3 * step + 0.1 * (self.index < 0)

    def of(self, text: str) -> str | None:
        found = runs(self.of_class, text)
        return found[self.index] if -len(found) <= self.index < len(found) else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        found = code.local(_STEMS[self.of_class], f're.findall(r"{CLASSES[self.of_class]}", {text})')
        least = self.index + 1 if self.index >= 0 else -self.index
        code.guard(
            f"not {found}" if least == 1 else f"len({found}) < {least}", f"expected {_counted(least, self.of_class)}"
        )
        return f"{found}[{self.index}]"

    def says(self, what: str) -> str:
        return f"{ordinal(self.index)} {self.of_class} in {what}"


@dataclass(frozen=True)
class Beside(Operator):
    """The text before or after the first or last run of a class, without white space around it."""

    of_class: str
    last: bool
    after: bool

    @property
    def cost(self) -> float:
        """It costs a little more than the run."""
        return _COSTS.get(self.of_class, 1.35) + 0.3

    def of(self, text: str) -> str | None:
        found = runs(self.of_class, text)
        if not found:
            return None
        before, _, after = (text.rpartition if self.last else text.partition)(found[-1 if self.last else 0])
        return (after if self.after else before).strip()

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        text = code.named(text)
        found = code.local(_STEMS[self.of_class], f're.findall(r"{CLASSES[self.of_class]}", {text})')
        code.guard(f"not {found}", f"expected {_counted(1, self.of_class)}")
        call = f"rpartition({found}[-1])" if self.last else f"partition({found}[0])"
        return f"{text}.{call}[{2 if self.after else 0}].strip()"

    def says(self, what: str) -> str:
        return f"{what} {'after' if self.after else 'before'} the {'last' if self.last else 'first'} {self.of_class}"


_STEMS: Final = {
    "run of digits": "digits",
    "word": "words",
    "run of capitals": "capitals",
    "run of small letters": "small",
    "capitalised word": "names",
    "run of letters and digits": "runs",
    "run without spaces": "words",
    "number": "numbers",
    "signed number": "numbers",
    "e-mail address": "addresses",
    "web address": "addresses",
    "IP address": "addresses",
}


@cache
def _pattern(of_class: str) -> re.Pattern[str]:
    return re.compile(CLASSES[of_class])


def runs(of_class: str, text: str) -> list[str]:
    """Return the runs of a class in a text."""
    return _pattern(of_class).findall(text)


def offers(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield parts by the classes of the texts."""
    for of_class in ("run of digits", "number", "run of capitals"):
        if any(runs(of_class, text[:5_000]) for text in texts):
            yield from (Beside(of_class, last, after) for last in (False, True) for after in (False, True))
    for of_class in CLASSES:
        most = min(max((len(runs(of_class, text[:5_000])) for text in texts), default=0), _MOST)
        for index in range(most):
            yield Token(of_class, index)
            yield Token(of_class, -index - 1)


def _counted(count: int, what: str) -> str:
    return f"{'an' if what[0] in 'aeioI' else 'a'} {what}" if count == 1 else f"{count} or more of: {what}"
