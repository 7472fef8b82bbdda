"""Views of requests that are worded in several ways."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.worded_views import worded_views

POSTAGE = [
    "A parcel of 3 kg at 2.50 EUR per kg: what is the postage?",
    "A parcel of 12 kg at 1.75 EUR per kg: what is the postage?",
    "Sending costs 4.20 euros a kilo. My box weighs 7 kg.",
    "sending costs 3.10 euros a kilo. My box weighs 15 kg",
]
SHARES = [
    "Who owns most: Ann 12, Bob 7, Cleo 30?",
    "Who owns most: Dora 1, Emil 17, Finn 3?",
    "Gus 5, Hana 8, Ivo 2 - name the largest owner",
    "Jan 50, Kim 81, Lea 12 - name the largest owner",
]


def test_each_role_is_an_argument_of_its_type() -> None:
    view = worded_views(POSTAGE)[0]
    assert sorted(view.annotations.values()) == ["float", "int"]
    rows = [view.parser.parse(each) or {} for each in POSTAGE]
    assert [{*row.values()} for row in rows] == [{3, 2.5}, {12, 1.75}, {7, 4.2}, {15, 3.1}]
    assert len({tuple(type(value) for value in row.values()) for row in rows}) == 1


def test_its_parser_is_stored_and_reads_the_same() -> None:
    parser = worded_views(POSTAGE)[0].parser
    again = RequestParser.model_validate_json(parser.model_dump_json())
    request = "please, sending costs 2.10 euros a kilo. My box weighs 4 kg"
    assert again == parser
    assert again.read(request) == parser.read(request) is not None


def test_its_parser_is_no_evidence_of_the_kind() -> None:
    """Words of the examples in another order may ask for something else, so a request is judged first."""
    parser = worded_views(POSTAGE)[0].parser
    assert not parser.is_distinctive
    assert not parser.is_mostly_fixed
    assert not parser.tells_all


DISTANCES = [
    "How many miles are 451 km?",
    "How many miles are 8 km?",
    "what's 12 km in miles",
    "what's 77 km in miles",
]


@pytest.mark.parametrize("request_", ["what's 12 miles in km", "How many km are 8 miles?", "what's 9 km", "9 miles"])
def test_known_words_in_another_order_are_not_read(request_: str) -> None:
    parser = worded_views(DISTANCES)[0].parser
    assert parser.read("What's 5 km in miles, please?") is not None
    assert parser.read(request_) is None


def test_all_wordings_are_shown() -> None:
    assert worded_views(DISTANCES)[0].parser.pattern == "how many miles are {number} km | what 's {number} km in miles"


def test_labelled_numbers_are_two_lists() -> None:
    view = worded_views(SHARES)[0]
    assert view.annotations == {"labels": "list[str]", "values": "list[int]"}
    assert view.parser.parse(SHARES[3]) == {"labels": ["Jan", "Kim", "Lea"], "values": [50, 81, 12]}


def test_one_wording_needs_no_such_view() -> None:
    assert worded_views(POSTAGE[:2]) == []
    assert worded_views([f"What are {n} kg in pounds?" for n in (3, 5, 8)]) == []


def test_digits_that_answers_copy_are_a_text() -> None:
    badges = ["Badge for 00417?", "Badge for 11930?", "print badge 20388", "print badge 70014"]
    view = worded_views(badges, ["#00417", "#11930"])[0]
    assert view.parser.parse("print badge 00012") in ({"badge": "00012"}, {"text": "00012"}, {"number": "00012"})


def test_signs_and_a_word_that_say_what_to_do_are_not_wordings() -> None:
    pairs = [(3, 4), (5, 12), (20, 7), (8, 9), (11, 2), (6, 6)]
    signs = [f"Work out {a} {sign} {b} for me" for (a, b), sign in zip(pairs, "+-*" * 2, strict=True)]
    verbs = [f"Is {a} {word} than {b}?" for (a, b), word in zip(pairs, ("more", "less") * 3, strict=True)]
    both = [
        f"{verb} {a} apples {where} {b} tables"
        for (a, b), verb, where in zip(pairs * 2, ("put", "take") * 6, ("on", "on", "under", "under") * 3, strict=True)
    ]
    assert worded_views(signs) == worded_views(verbs) == worded_views(both) == []
