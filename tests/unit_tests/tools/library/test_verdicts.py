"""The weight of feedback, by its source."""

from __future__ import annotations

import itertools

import pytest

from langchain_latm.tools.library.verdicts import Retirement, Verdict, verdicts_of
from langchain_latm.types import FeedbackEntry, FeedbackSource

NUMBERS = itertools.count()


def entry(answer: str, source: FeedbackSource, user: str, *, right: bool) -> FeedbackEntry:
    number = next(NUMBERS)
    return FeedbackEntry(
        id=str(number), answer_id=answer, right=right, source=source, user=user, at=f"{number:09}", question="q"
    )


@pytest.mark.parametrize(
    ("said", "right", "disputed"),
    [
        ([("stranger", "a", False)], False, True),
        ([("stranger", "a", False), ("stranger", "b", True)], False, True),
        ([("stranger", "a", False), ("stranger", "b", True), ("stranger", "c", True)], True, False),
        ([("person", "", True), ("stranger", "a", False), ("model", "", False)], True, False),
        ([("model", "", True), ("stranger", "a", False)], True, False),
        ([("model", "", False), ("person", "", True)], True, False),
        ([("person", "", True), ("person", "b", False)], False, False),
    ],
)
def test_a_person_outranks_a_model_and_both_a_stranger(
    said: list[tuple[FeedbackSource, str, bool]], right: bool, disputed: bool
) -> None:
    verdict = verdicts_of(entry("1", source, user, right=each) for source, user, each in said)["1"]
    assert (verdict.right, verdict.disputed) == (right, disputed)


def wrong(*users: str) -> list[Verdict]:
    return [Verdict(right=False, reporters=frozenset([user] if user else [])) for user in users]


@pytest.mark.parametrize(
    ("verdicts", "answers", "due"),
    [
        (wrong("", "", ""), 3, True),
        (wrong("", "", ""), 20, False),  # of all answers, not only of those with feedback
        (wrong("", "", "", ""), 20, True),
        (wrong(*"aaaaaaaaaa"), 10, False),  # never one user alone
        (wrong(*"aaaaaaaaaa", "b"), 11, True),
        (wrong(*"aaaaaaaaaa", "b"), 40, False),  # half of the eight that it takes at most
        (wrong(*"aaaa", *"bbbb"), 40, True),
        (wrong("a", "a", ""), 3, True),
        (wrong("a", "b"), 2, False),
        ([*wrong("", "", ""), *[Verdict(right=True)] * 20], 0, False),
    ],
)
def test_retirement(verdicts: list[Verdict], answers: int, due: bool) -> None:
    assert Retirement.of(3, 0.2).is_due(verdicts, answers) is due


def test_one_stranger_retires_nothing_whatever_the_limits() -> None:
    for after, share in itertools.product((1, 2, 3, 10), (0.0, 0.2, 1.0)):
        assert not Retirement.of(after, share).is_due(wrong(*"a" * 100), 100)
        assert not Retirement.of(after, share).is_due(wrong(*"a" * 100), 1)


def test_answers_are_counted_as_far_as_they_matter() -> None:
    assert Retirement.of(3, 0.2).most_answers(wrong("", "", "")) == 16
    assert Retirement.of(3, 0.0).most_answers(wrong("")) is None
