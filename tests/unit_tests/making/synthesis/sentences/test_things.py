"""The readers of all things in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from langchain_latm.making.synthesis.sentences.choices import (
    direction_of,
    items_of,
    names_of,
    order_of,
    parity_of,
    position_of,
)
from langchain_latm.making.synthesis.sentences.measures import UNREAD
from langchain_latm.making.synthesis.sentences.moves import moved_date
from langchain_latm.making.synthesis.sentences.things import in_digits, in_signs, values_of
from langchain_latm.making.synthesis.sentences.twins import same_sense, turning_words
from langchain_latm.making.synthesis.things.reading import things_of


def things(text: str, options: Sequence[str] = ()) -> list[tuple[str, Any]]:
    found = things_of(text, "", tuple(options))
    assert found is not None
    return [
        (sort, value * factor if hasattr(value, "numerator") and sort != "time" else value)
        for sort, value, factor, _ in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The kayak did 12 km at 8 km/h.", [("length", 12_000), ("speed", pytest.approx(8 / 3.6))]),
        ("a 3.5 kg melon, 40 % off", [("weight", 3.5), ("percentage", 40)]),
        ("7 mugs at £4.25 each, budget £30", [("number", 7), ("price", 4.25), ("money", 30)]),
        ("One of the lamps costs 19 euros", [("price", 19)]),
        ("rugs of 2 by 3 metres", [("length", 2), ("length", 3)]),
        ("baked for 1 h 20 min", [("duration", 4_800)]),
        ("hold it 2m30s", [("duration", 150)]),
        ("open 9:30 am until 17:15", [("time", 570), ("time", 1_035)]),
        ("due 5 March 2031, room 12", [("date", "2031-03-05"), ("number", 12)]),
        ("the 3rd of 8 T-shirts", [("ordinal", 3), ("number", 8)]),
        ("12 pcs and 4 square feet", [("number", 12), ("area", pytest.approx(4 * 0.3048**2))]),
        ("rides of 1h45, 2:30 h and 50 min", [("duration", 6_300), ("duration", 9_000), ("duration", 3_000)]),
        ("either $35k or \u20ac2 million", [("money", 35_000), ("money", 2_000_000)]),
        ("48k runs, 0.4 or 35 %", [(UNREAD, 48), ("number", pytest.approx(0.4)), ("percentage", 35)]),
        ("-4 \u00b0C or 25 degrees fahrenheit", [("temperature in celsius", -4), ("temperature in fahrenheit", 25)]),
        ("2 1/2 cups from A7", [("number", 2), (UNREAD, "1"), (UNREAD, "2"), (UNREAD, "7")]),
        ("two of us ran half an hour", [("number in words", "two"), ("duration in words", "half")]),
        ("no figures here", []),
    ],
)
def test_things_are_read_with_what_they_measure(text: str, expected: list[tuple[str, Any]]) -> None:
    assert things(text) == expected


def test_options_say_what_counts_as_one_thing() -> None:
    assert things("the two of us walked 3 km", ["words"])[0] == ("number", 2)
    assert [sort for sort, _ in things("between 8:00 and 12:30, at 9:15", ["ranges"])] == ["range of time", "time"]
    assert [sort for sort, _ in things("marks 7, 9 and 4. Aim: 8", ["lists"])] == ["list of number", "number"]
    assert things("90 cm of 4 m", ["plain"]) == [("number", pytest.approx(0.9)), ("number", 4)]
    assert ("unit", "cm") in things("how many cm are 2 feet", ["target"])
    assert things_of("2 feet", "", ("target",)) is None  # no unit is asked for


def test_values_are_those_of_the_sorts_that_are_wanted() -> None:
    found = things_of("9 tins of 400 g and 3 kg of rice", "", ())
    assert found is not None
    wanted = (("number", 1, "1"), ("weight", 2, "1/1000"))
    assert values_of(found, wanted, (), ("weight",), {}) == [9, 400, 3_000]
    with pytest.raises(ValueError, match="expected 3 of this sort: weight"):
        values_of(found, (("number", 1, "1"), ("weight", 3, "1")), (), (), {})
    with pytest.raises(ValueError, match="expected nothing of this sort: number"):
        values_of(found, (("weight", 2, "1"),), (), (), {})
    told = {"weight": (("rice",), ("tins",))}
    assert values_of(found, wanted, (), (), told) == [9, 3_000, 400]
    with pytest.raises(ValueError, match="tell two things of a sort apart"):
        values_of(found, wanted, (), (), {"weight": (("beans",), ("oats",))})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Which date is 3 weeks after 14 February 2030?", "2030-03-07"),
        ("It was 1 May 2027 two days ago.", "2027-05-03"),
        ("Yesterday was 2028-02-28; so what is the date tomorrow?", "2028-03-01"),
        ("a month before 31 March 2025", "2025-02-28"),
        ("The shop opened 9 Jan 2020 - which day was it 48 hours later?", "2020-01-11"),
    ],
)
def test_a_date_moves_as_the_words_say(text: str, day: str) -> None:
    assert moved_date(in_digits(in_signs(text)), "").isoformat() == day


@pytest.mark.parametrize(
    "text", ["on 3 May 2020", "a week later", "3 May 2020 and 4 May 2020, a week later", "5 hours after 3 May 2020"]
)
def test_a_date_that_does_not_move_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        moved_date(text, "")


def test_what_a_sentence_chooses_by() -> None:
    assert direction_of("Who threw the farthest?") == "up"
    assert direction_of("Name the cheapest one, before noon") == "down"
    assert direction_of("all that are at least 5") == "up"
    assert order_of("from z to a please") == "reverse"
    assert order_of("in alphabetical order") == "forward"
    assert parity_of("every odd number") == "odd"
    assert position_of("the third from the end") == -3
    assert position_of("what came last?") == -1
    assert position_of("the second stop") == 1
    assert items_of("I own a bike. Sort kiwi, plum and fig for me") == ["kiwi", "plum", "fig"]
    assert names_of("Who leads? Ivo has 3 and Mara has 9.", 2, ()) == ["Ivo", "Mara"]
    assert names_of("Results: Ivo 3, Mara 9", 2, ("Results",)) == ["Ivo", "Mara"]


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (direction_of, "bigger or smaller"),
        (order_of, "as they come"),
        (parity_of, "odd and even"),
        (position_of, "the first and the third"),
        (items_of, "a, b, c; d; e; f"),
        (items_of, "Hello, kiwi, plum, fig"),
        (items_of, "tea, milk, ice cream and coffee"),
        (items_of, "kiwi, plum, fig, what is the second?"),
        (lambda text: names_of(text, 2, ()), "Only Ivo is here"),
    ],
)
def test_an_unclear_choice_is_refused(reader: Any, text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        reader(text)


def test_words_that_turn_the_meaning_are_refused() -> None:
    turning = turning_words(["how many days after Friday", "how many days later is it"])
    assert same_sense("what comes after that", turning) == "what comes after that"
    for text in ("how many days before Friday", "how many days are not left", "it isn\u2019t after that"):
        with pytest.raises(ValueError, match="turns the meaning"):
            same_sense(text, turning)
    assert "before" not in turning_words(["after that", "before that"]).split()
