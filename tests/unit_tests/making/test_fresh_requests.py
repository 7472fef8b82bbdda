"""Fresh requests: mutations as questions."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.fresh_requests import fresh_requests
from langchain_latm.making.ways import ways
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.types import Example, Task


def parsers_of(questions: list[str]) -> list[RequestParser]:
    examples = [Example(question=each, answer=f"answer {i}") for i, each in enumerate(questions)]
    task = Task(name="kind", demonstrations=examples[:3], validation=examples[3:])
    return list(dict.fromkeys(way.view.parser for way in ways(task)))


def fresh(questions: list[str], *asked: str) -> list[str]:
    return [each.question for each in fresh_requests(asked, {}, parsers_of(questions)[:1], questions)]


WORDS = [f"Sort the words in this list: {words}" for words in ("b a c", "dove crow", "tin zinc iron", "red blue teal")]
SPANS = [
    f"How long is it from {start} to {end}?"
    for start, end in (("9:00", "9:05"), ("7:30", "20:00"), ("6:06", "7:07"), ("1:00", "2:45"))
]
PRICES = [
    f"Take {rate} % off {price} euros, in cents."
    for rate, price in ((5, "20.50"), (12, "7.25"), (30, "1.10"), (9, "99.99"))
]


def test_each_is_a_question_that_the_parser_reads() -> None:
    for questions in (WORDS, SPANS, PRICES):
        parser = parsers_of(questions)[0]
        found = fresh(questions)
        assert len(found) > 10
        assert all(parser.parse(each) is not None for each in found)
        assert len(set(found)) == len(found)
        assert not set(found) & set(questions)


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (WORDS, "Sort the words in this list: c a b"),
        (WORDS, "Sort the words in this list: b a c b"),
        (WORDS, "Sort the words in this list: dove"),
        (WORDS, "Sort the words in this list: TIN zinc iron"),
        (WORDS, "Sort the words in this list: döve crow"),
        (SPANS, "How long is it from 9:05 to 9:00?"),
        (SPANS, "How long is it from 9:00 to 9:00?"),
        (SPANS, "How long is it from 6:06 to 9:05?"),
        (PRICES, "Take -5 % off 20.50 euros, in cents."),
        (PRICES, "Take 0 % off 7.25 euros, in cents."),
        (PRICES, "Take 12 % off 7.5 euros, in cents."),
    ],
)
def test_arguments_are_changed_in_place(questions: list[str], expected: str) -> None:
    assert expected in fresh(questions)


def test_only_requests_that_the_parser_reads_are_returned() -> None:
    """A tool would always doubt such a request."""
    assert not any(each.endswith(":") for each in fresh(WORDS))
    assert not any("cents" not in each for each in fresh(PRICES))


def test_asked_requests_come_first_and_known_questions_are_left_out() -> None:
    assert fresh(WORDS, "Put in order: x", f" {WORDS[0]} ", "Put in order: x")[0] == "Put in order: x"
    assert fresh(WORDS, "Put in order: x").count("Put in order: x") == 1


def test_each_sort_of_mutation_comes_before_the_second_of_another() -> None:
    found = fresh_requests([], {}, parsers_of(WORDS)[:1], WORDS)
    first = [each.mutation for each in found[: len({each.mutation for each in found})]]
    assert len(set(first)) == len(first)


def test_without_a_parser_an_argument_is_found_in_the_question() -> None:
    readings: dict[str, dict[str, Any]] = {
        "Could you count the e in 'wheel'?": {"letter": "e", "word": "wheel"},
        "apple: how many p?": {"letter": "p", "word": "apple"},
        "Add 12 and 12, please": {"one": 12},
        "Add 7, 8 and 10": {"numbers": [7, 8]},
    }
    found = {each.question: each.arguments for each in fresh_requests([], readings, [], list(readings))}
    assert found["Could you count the e in 'WHEEL'?"] == {"letter": "e", "word": "WHEEL"}
    assert found["apple: how many P?"] == {"letter": "P", "word": "apple"}
    assert found["Add 8, 7 and 10"] == {"numbers": [8, 7]}
    assert not any("and 12, please" in each and "-12" in each for each in found)  # which of the two is it?
    assert "Could you count thE e in 'wheel'?" not in found


def test_their_number_is_limited() -> None:
    questions = [*WORDS, *(f"Sort the words in this list: {chr(97 + i)} x{i} {chr(117 - i)}y" for i in range(8))]
    assert len(fresh(questions, *(f"q {i}" for i in range(500)))) == 200


def test_an_enormous_question_is_not_changed() -> None:
    assert max(map(len, fresh([*WORDS[:3], f"Sort the words in this list: {'word ' * 1_000}end"]))) < 1_000
