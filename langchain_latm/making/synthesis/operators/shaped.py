"""The only part of a sentence that has the shape of the answers: a code, a number of a car, a postcode."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.mentioned import are_sentences, offers, read
from langchain_latm.making.synthesis.sentences.marks import shaped_in
from langchain_latm.making.synthesis.writing import Writer

_RUN: Final = re.compile(r"(?P<digits>\d+)|(?P<letters>[A-Za-z]+)|(?P<mark>.)", re.DOTALL)
_MOST_TOKENS: Final = 9
_LONGEST: Final = 60
"""Maximum length of an answer that may be a code."""
_FEWEST_SHAPED: Final = 3
"""Minimum number of answers that show a shape."""
_LONG: Final = 3
"""Minimum length of runs that have the same length in all answers for this to be a part of the shape."""


@dataclass(frozen=True)
class Shaped(Operator):
    """The only part of a text that has the shape of the answers, such as two groups of letters and a number.

    Attributes:
        shape: A regular expression.
        tokens: Number of its runs and marks.
    """

    shape: str
    tokens: int

    @property
    def cost(self) -> float:
        """It is learned from the examples, unlike a known kind. A longer shape has to be confirmed by more."""
        return 0.9 + 0.05 * self.tokens

    def of(self, text: str) -> str | None:
        return read(lambda: shaped_in(text, self.shape), text)

    def write(self, code: Writer, text: str) -> str:
        reader = code.copy(shaped_in)
        return code.local("part", f"{reader}({text}, {code.literal(self.shape)})")

    def says(self, what: str) -> str:
        return f"the only part of {what} that has the shape of the examples"


def shapes_of(answers: Sequence[str]) -> list[Shaped]:
    """Return the shape that all answers have, if it is more than a word or a number."""
    rows = [[(each.lastgroup, each[0]) for each in _RUN.finditer(answer)] for answer in answers]
    columns = list(zip(*rows, strict=False))
    if len(answers) < _FEWEST_SHAPED or max(map(len, answers)) > _LONGEST:
        return []
    if len({len(row) for row in rows}) > 1 or not 0 < len(columns) <= _MOST_TOKENS:
        return []
    if len(set(answers)) == 1 or any(len({kind for kind, _ in column}) > 1 for column in columns):
        return []
    parts = [_run_of([text for _, text in column], str(column[0][0])) for column in columns]
    if not any(kind == "digits" or (not text[:1].isalpha() and text.strip()) for (kind, text), *_ in columns):
        return []  # words
    if None in parts or (len(parts) == 1 and not re.fullmatch(r"\[0-9\]\{\d+\}", parts[0] or "")):
        return []
    return [Shaped("".join(each or "" for each in parts), len(parts))]


def _run_of(texts: Sequence[str], kind: str) -> str | None:
    """Return the pattern of one run or mark of all answers; None if the marks differ."""
    if kind == "mark":
        return re.escape(texts[0]) if len(set(texts)) == 1 else None
    upper, lower = all(map(str.isupper, texts)), all(map(str.islower, texts))
    letters = "[A-Z]" if upper else "[a-z]" if lower else "[A-Za-z]"
    lengths = set(map(len, texts))
    repeated = f"{{{min(lengths)}}}" if len(lengths) == 1 and min(lengths) >= _LONG else "+"
    return f"{'[0-9]' if kind == 'digits' else letters}{repeated}"


def are_mentioned(rows: Sequence[str], answers: Sequence[str], others: Sequence[str]) -> bool:
    """Whether all answers are a thing of one kind that their texts mention, which is no whole number in some text.

    Args:
        rows: The solved texts.
        answers: Their answers.
        others: Texts without an answer.
    """
    for operator in (*offers(rows), *shapes_of(answers)) if are_sentences(rows) else ():
        if all(operator.of(text) == answer for text, answer in zip(rows, answers, strict=True)):
            found = [operator.of(text) for text in (*rows, *others)]
            return any(each is not None and re.fullmatch("-?(?:0|[1-9][0-9]*)", each) is None for each in found)
    return False
