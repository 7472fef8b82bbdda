"""Labels for true and false: "Yes" and "No", "valid" and "invalid", "even" and "odd"."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_latm.text.lexing.truth import OPPOSITES, TRUE_LABELS
from langchain_latm.text.writing.form import AnswerForm, Column, Form


class TruthLabels(Form):
    """Writes a bool as one of two labels. A label that no demonstration shows must be the usual opposite."""

    name = "truth_labels"
    rank = 10
    offered = "before"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for a bool if all answers are usual labels."""
        words = [text.casefold() for text in column.answers]
        if any(word not in OPPOSITES for word in words):
            return None
        return AnswerForm("bool", tuple(word in TRUE_LABELS for word in words))

    def writings(self, column: Column) -> Iterator[str]:
        """Yield a lookup of both labels."""
        if not all(isinstance(value, bool) for value in column.values):
            return
        labels = dict(zip(column.values, (answer.strip() for answer in column.answers), strict=True))
        for truth in (True, False):
            if truth not in labels:
                known = labels[not truth]
                other = OPPOSITES.get(known.casefold())
                written = str.upper if known.isupper() else str.capitalize if known[:1].isupper() else str.lower
                labels |= {truth: written(other)} if other else {}
        if len(labels) == 2:  # noqa: PLR2004 - true and false
            yield f"{{True: {labels[True]!r}, False: {labels[False]!r}}}[value]"
