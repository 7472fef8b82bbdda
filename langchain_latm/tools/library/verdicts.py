"""Verdicts on the answers of a tool, from feedback weighted by its source.

A person's feedback outranks a model's, and both outrank a stranger's. Feedback of strangers alone is a doubt, and a
single stranger cannot retire a tool.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from langchain_latm.types import FeedbackEntry, FeedbackSource

RANKS: Final[dict[FeedbackSource, int]] = {"person": 0, "model": 1, "stranger": 2}


class Verdict(NamedTuple):
    """Whether an answer was right.

    Attributes:
        right: The verdict.
        reporters: The strangers who alone call it wrong; empty if a person or a model calls it wrong.
        question: The request.
    """

    right: bool
    reporters: frozenset[str] = frozenset()
    question: str = ""

    @property
    def disputed(self) -> bool:
        """Whether strangers alone call the answer wrong."""
        return bool(self.reporters)


def verdicts_of(entries: Iterable[FeedbackEntry]) -> dict[str, Verdict]:
    """Return the verdict on each answer: the last feedback of the most trusted source.

    Strangers do not override each other: an answer that one calls wrong is disputed, unless more call it right.
    """
    by_answer: defaultdict[str, list[FeedbackEntry]] = defaultdict(list)
    for entry in entries:
        by_answer[entry.answer_id].append(entry)
    return {answer_id: _verdict(several) for answer_id, several in by_answer.items()}


def _verdict(entries: Collection[FeedbackEntry]) -> Verdict:
    best = min(RANKS[each.source] for each in entries)
    counted = [each for each in entries if RANKS[each.source] == best]
    last = max(counted, key=lambda each: each.at)
    if last.source != "stranger":
        return Verdict(last.right, question=last.question)
    against = frozenset(each.user for each in counted if not each.right)
    disputed = 2 * len(against) >= len(counted)
    return Verdict(not disputed, against if disputed else frozenset(), last.question)


class Retirement(NamedTuple):
    """When a tool is retired; `record_feedback` says what the fields are."""

    after: int
    share: float

    @classmethod
    def of(cls, after: int, share: float) -> Retirement:
        """Check the values.

        Raises:
            ValueError: `after` is less than 1.
        """
        if after < 1:
            raise ValueError("retire_after must be at least 1")
        return cls(after, share)

    def most_answers(self, verdicts: Collection[Verdict]) -> int | None:
        """Return the number of a tool's answers from which these verdicts no longer retire it.

        None if there is none.
        """
        wrong = sum(not each.right for each in verdicts)
        return math.floor(wrong / self.share) + 1 if self.share > 0 else None

    def is_due(self, verdicts: Collection[Verdict], answers: int) -> bool:
        """Whether a tool is to be retired.

        One user accounts for at most half of the wrong answers that count.

        Args:
            verdicts: The verdicts on its answers.
            answers: The number of all its answers, with feedback or without.
        """
        wrong = [each for each in verdicts if not each.right]
        needed = max(self.after, math.ceil(self.share * max(answers, len(verdicts))))
        certain = sum(not each.disputed for each in wrong)
        said: Counter[str] = Counter()
        for each in wrong:
            if each.disputed:
                said[min(each.reporters, key=lambda user: (said[user], user))] += 1
        most = math.ceil(needed / 2)
        counted = certain + sum(min(count, most) for count in said.values())
        return counted >= needed and (certain > 0 or len(said) > 1)
