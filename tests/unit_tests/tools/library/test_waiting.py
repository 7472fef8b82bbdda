"""Instances that wait: near duplicates count as one."""

from __future__ import annotations

import pytest

from langchain_latm.tools.library.instances import Instance, LabelSource
from langchain_latm.tools.library.near_duplicates import NearDuplicates
from langchain_latm.tools.library.waiting import WaitingKinds

FIRST = "Put the words in order: pear fig"


def instance(number: int, question: str, answer: str | None = "fig pear", source: LabelSource = "model") -> Instance:
    return Instance(id=f"{number:03}", question=question, answer=answer, source=source)


def waiting(*instances: Instance) -> WaitingKinds:
    kinds = WaitingKinds(2)
    kinds.update(instances, ())
    return kinds


@pytest.mark.parametrize(
    "other",
    [
        "Put the words in order:  pear\nfig",
        "put the words in order: Pear FIG",
        "Put the words in order: pear, fig.",
        "Put the words in order: 'pear' 'fig'",
        "Put the words in order: pear fig kiwi",
        "Please put the words in order: pear fig",
        "Put the words in order: fig",
    ],
)
def test_near_duplicates_are_found(other: str) -> None:
    duplicates = NearDuplicates()
    assert duplicates.add("1", FIRST) == "1"
    assert duplicates.add("2", other) == "1"
    assert duplicates.find(other) == "1"


@pytest.mark.parametrize(
    "other",
    [
        "Put the words in order: pear kiwi",
        "Put the words in order: fig pear",
        "Put the words in order: pear fig kiwi lime",
        "Put the words in order: pear-fig",
    ],
)
def test_other_requests_are_not(other: str) -> None:
    duplicates = NearDuplicates()
    duplicates.add("1", FIRST)
    assert duplicates.add("2", other) == "2"


def test_operators_and_brackets_count() -> None:
    duplicates = NearDuplicates()
    requests = ["What is 2 + 3?", "What is 2 - 3?", "What is (2 + 3)?", "What is 2 * 3?", "What is 2.3?"]
    assert [duplicates.add(each, each) for each in requests] == requests


def test_requests_are_compared_with_first_ones_alone() -> None:
    duplicates = NearDuplicates()
    requests = ["Add up: 1", "Add up: 1 2", "Add up: 1 2 3", "Add up: 1 2 3 4"]
    assert [duplicates.add(each, each) for each in requests] == [requests[0], requests[0], requests[2], requests[2]]


def test_they_count_as_one_and_the_newest_answer_wins() -> None:
    kinds = waiting(instance(1, FIRST, "old"), instance(2, f"{FIRST}.", "new"), instance(3, f"{FIRST}!", None))
    kind = kinds.kind_of(FIRST)
    assert [each.answer for each in kind.instances] == ["new"]
    assert {each.id for each in kind.repeats} == {"001", "003"}
    assert not kind.due


def test_a_more_trusted_answer_wins_over_a_newer_one() -> None:
    kinds = waiting(instance(1, FIRST, "by a person", "person"), instance(2, f"{FIRST}.", "by a model"))
    assert [each.answer for each in kinds.kind_of(f"{FIRST} kiwi").instances] == ["by a person"]


def test_others_of_the_kind_count() -> None:
    kinds = waiting(instance(1, FIRST), instance(2, f"{FIRST}."), instance(3, "Put the words in order: kiwi lime"))
    kind = kinds.kind_of("Put the words in order: zebra ape")
    assert {each.id for each in kind.instances} == {"002", "003"}
    assert kind.due


def test_what_is_left_after_a_removal_is_compared_again() -> None:
    kinds = waiting(instance(1, FIRST), instance(2, f"{FIRST}."))
    kinds.update([instance(2, f"{FIRST}.")], ())
    kind = kinds.kind_of(FIRST)
    assert ([each.id for each in kind.instances], kind.repeats) == (["002"], ())


def test_what_is_known_of_a_retired_tool_stays_apart() -> None:
    known = [
        each.model_copy(update={"tool": "order"})
        for each in (instance(1, FIRST, source="proof"), instance(2, f"{FIRST} kiwi", source="proof"))
    ]
    assert len(waiting(*known).kind_of(FIRST).instances) == 2
