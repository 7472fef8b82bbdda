"""Wordings are learned from the questions of a kind."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.wordings.learning import wordings_of

POSTAGE = [
    "A parcel of 3 kg at 2.50 EUR per kg: what is the postage?",
    "A parcel of 12 kg at 1.75 EUR per kg: what is the postage?",
    "Sending costs 4.20 euros a kilo. My box weighs 7 kg.",
    "sending costs 3.10 euros a kilo. My box weighs 15 kg",
    "weight 9 kg, price 2.95 EUR - postage?",
    "Weight 5 kg, price 0.80 EUR - postage?",
]
BADGES = [
    "Print a badge for Lena Vogt.",
    "Print a badge for Tom Reed.",
    "print a badge for Ivo Lang",
    "What does the badge of Mia Kern say?",
    "What does the badge of Otto Falk say?",
    "What does the badge of Nils Horn say?",
]


def test_values_have_the_same_role_in_any_order() -> None:
    (found, *_) = wordings_of(POSTAGE)
    assert len(found.wordings) == 3
    rows = [found.gaps(each) for each in POSTAGE]
    light_first = [sorted(row or [], key=lambda text: "." in text) for row in rows]
    assert rows in (light_first, [row[::-1] for row in light_first])


def test_a_text_that_differs_is_a_value() -> None:
    (found, *_) = wordings_of(BADGES)
    assert [found.gaps(each) for each in BADGES][2:4] == [["Ivo Lang"], ["Mia Kern"]]
    assert found.gaps("What does the badge of Eva Maria Stein say?") == ["Eva Maria Stein"]


def test_a_value_that_never_differs_is_a_word() -> None:
    rates = [
        "How much sugar is in 250 g of jam with 45 g per 100 g?",
        "How much sugar is in 80 g of jam with 60 g per 100 g?",
        "Per 100 g there are 12 g of sugar; I eat 300 g",
        "Per 100 g there are 9 g of sugar; I eat 150 g",
    ]
    (found, *_) = wordings_of(rates)
    assert found.sorts == ("number", "number")
    assert "100" not in (found.gaps(rates[2]) or [])
    assert found.gaps(rates[2].replace("100", "50")) is None


def test_a_misspelt_wording_is_no_wording_of_its_own() -> None:
    misspelt = "A pacrel of 8 kg at 1.20 EUR per kg: what is the postage?"
    (found, *_) = wordings_of([*POSTAGE, misspelt])
    assert len(found.wordings) == 3
    assert found.gaps(misspelt) is not None


def test_further_questions_teach_more_wordings() -> None:
    (found, *_) = wordings_of(POSTAGE[:3], POSTAGE[3:])
    assert len(found.wordings) == 3


def test_further_questions_of_another_kind_are_left_out() -> None:
    found = wordings_of(POSTAGE, ["Who wrote Faust?"])
    assert found
    assert len(found[0].wordings) == 3


@pytest.mark.parametrize(
    "questions",
    [
        ["Add 3 and 4", "Add 3 and 5 and 6", "Add 1 and 2"],  # different numbers of values
        ["Who wrote Faust?", "How old is the moon?", "Where do owls sleep?"],  # nothing is shared
        ["Add 3 and 4", "Sum 5 with 6", "Total of 7 plus 8"],  # no wording occurs twice
        [],
    ],
)
def test_without_shared_wordings_nothing_is_learned(questions: list[str]) -> None:
    assert wordings_of(questions) == []


def test_an_uncertain_order_has_alternatives() -> None:
    distances = [
        "How far is it from 12 to 40?",
        "How far is it from 7 to 55?",
        "To 90, starting at 31?",
        "To 66, starting at 20?",
    ]
    first, other = wordings_of(distances)[:2]
    assert first.gaps(distances[0]) == other.gaps(distances[0])
    assert first.gaps(distances[2]) == (other.gaps(distances[2]) or [])[::-1]


def test_wordings_of_one_question_say_how_many_are_still_unknown() -> None:
    (closed, *_) = wordings_of(POSTAGE)
    assert closed.share_of_single(POSTAGE) == 0
    asked = [*POSTAGE[:5], "Sending costs 9.40 euros a kilo. My box weighs 2 kg."]
    (open_, *_) = wordings_of(asked)
    assert open_.share_of_single(asked) == 1 / 6
