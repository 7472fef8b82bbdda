"""Programs for sentences that are worded in many ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.making.synthesis.sentences.recognising import reads_sentences
from langchain_latm.making.synthesis.things.reading import things_of
from langchain_latm.making.synthesis.things.telling import telling_words
from tests.unit_tests.making.synthesis.rows import outcome, problem, python

Draw = Callable[[random.Random], tuple[str, Any]]


def boats(draw: random.Random) -> tuple[str, Any]:
    speed, hours = draw.randint(4, 30), draw.randint(2, 9)
    texts = [
        f"The ferry makes {speed} km/h. It sails for {hours} hours - how far?",
        f"How far do I get in {hours} h at {speed} km per hour?",
        f"Sailing {hours} hours, {speed} kilometres per hour, deck {draw.randint(2, 99)}: distance?",
        f"distance of a {speed} km/h boat after {hours} hours",
    ]
    return draw.choice(texts), str(speed * hours)


def rebates(draw: random.Random) -> tuple[str, Any]:
    cost, off, fee = 100 * draw.randint(1, 90), draw.choice([10, 15, 20, 40]), draw.choice([3, 5, 7, 8])
    texts = [
        f"A ticket for ${cost} gets {off}% discount, then {fee}% fee is added. Price?",
        f"With {off}% discount and a {fee}% fee on the rest, what is ${cost}?",
        f"There is a {fee}% fee after a {off}% discount; the ticket costs ${cost}",
    ]
    return draw.choice(texts), f"{cost * (100 - off) * (100 + fee) / 10_000:.2f}"


def heights(draw: random.Random) -> tuple[str, Any]:
    people = draw.sample(["Ivo", "Mara", "Sven", "Lucia", "Petra", "Omar"], draw.choice([2, 3]))
    tall = draw.sample(range(120, 200), len(people))
    asked = draw.choice(["tallest", "shortest"])
    parts = [f"{name} is {size} cm" for name, size in zip(people, tall, strict=True)]
    texts = [
        f"{', '.join(parts)}. Who is the {asked}?",
        f"who is {asked}: {' or '.join(parts)}",
        f"The {asked} of these? {'; '.join(parts)}",
    ]
    return draw.choice(texts), people[tall.index(max(tall) if asked == "tallest" else min(tall))]


def budgets(draw: random.Random) -> tuple[str, Any]:
    count, price, money = draw.randint(2, 20), draw.randint(3, 40), draw.randint(30, 500)
    texts = [
        f"Can I buy {count} plants at ${price} each with ${money}?",
        f"I have ${money}. Are {count} chairs, ${price} apiece, fine?",
        f"{count} pens for ${price} each - is ${money} enough",
    ]
    return draw.choice(texts), "yes" if count * price <= money else "no"


def lengths(draw: random.Random) -> tuple[str, Any]:
    cm, unit = draw.randint(20, 900), draw.choice([("m", 100), ("mm", 0.1), ("inches", 2.54)])
    symbol = {"m": "m", "mm": "mm", "inches": "in"}[unit[0]]
    texts = [
        f"what is {cm} cm in {unit[0]}",
        f"Give me the {unit[0]} that {cm} centimetres make, in {unit[0]}",
        f"{cm} cm to {unit[0]}?",
    ]
    return draw.choice(texts), f"{cm / unit[1]:.2f} {symbol}"


@pytest.mark.parametrize("kind", [boats, rebates, heights, budgets, lengths])
def test_wordings_are_not_needed(kind: Draw) -> None:
    draw = random.Random(5)
    rows = list(dict([kind(draw) for _ in range(80)]).items())[:40]
    found = synthesise(problem(rows[:8], [text for text, _ in rows[8:20]]))
    later = [({"text": text}, answer) for text, answer in rows[20:]]
    program = found[0]
    for run in (python(program), program.run):
        given = [outcome(run, row) for row, _ in later]
        assert all(value in (answer, ValueError) for value, (_, answer) in zip(given, later, strict=True)), (
            program.source
        )
        assert sum(value is not ValueError for value in given) >= 15
    assert reads_sentences(program.source, "answer")


def test_a_request_with_other_things_is_refused() -> None:
    draw = random.Random(5)
    rows = [boats(draw) for _ in range(20)]
    program = synthesise(problem(rows[:8], [text for text, _ in rows[8:]]))[0]
    for text in (
        "how far in 3 hours",
        "3 hours at 9 km/h for $40",
        "9 km/h in 3 hours and then 2 hours",
        "3 hours, not at 9 km/h",
        "3 hours at 9 km/h, 1/2 of it",
        "3 hours and a half at 9 km/h",
    ):
        with pytest.raises(ValueError, match="expected"):
            python(program)({"text": text})


def test_texts_of_one_wording_are_left_to_other_searches() -> None:
    rows = [(f"add {one} to {other} now", str(one + other)) for one, other in ((3, 9), (20, 5), (7, 31), (44, 2))]
    for program in synthesise(problem(rows, [f"add {one} to {2 * one} now" for one in range(5, 12)])):
        assert "things_in" not in program.source


def test_words_tell_two_things_apart() -> None:
    texts = [
        "40 bolts in the box and 7 on the desk",
        "on the desk 12, in the box 90",
        "33 bolts in the box, 5 on the desk",
        "8 on the desk. 70 in the box",
    ]
    found = telling_words([things_of(text, "", ()) for text in texts], 3, "number")
    assert found is not None
    assert sorted("box" if "box" in side else "desk" for side in found) == ["box", "desk"]
    assert telling_words([things_of(f"{i} or {i + 4}", "", ()) for i in range(5)], 3, "number") is None


def test_labels_say_which_of_two_things_is_meant() -> None:
    texts = [
        ("It came 3 May 2021 and was due 1 May 2021", True),
        ("Due 9 June 2020, it came 4 June 2020", False),
        ("it came 5 July 2022, though due 2 July 2022", True),
        ("was due 8 Aug 2023, but came 30 Aug 2023", True),
    ]
    rows = [things_of(text, "", ()) for text, _ in texts]
    found = telling_words(rows, 4, "date", [is_late for _, is_late in texts])
    assert found is not None
    assert ["came" in found[1], "due" in found[0]] == [
        True,
        True,
    ]  # for the first label, the date it was due is smaller
