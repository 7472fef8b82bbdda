"""Words of literals that may be content."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from langchain_latm.text.reading.edges import opened, settled
from langchain_latm.text.reading.gaps import Template, gaps_in
from tests.unit_tests.text.reading.test_views import KINDS, made_up


def framed(template: Template, *contents: Sequence[str]) -> list[str]:
    """Fill the gaps of a template with the contents of each question."""
    return ["".join(part for pair in zip(template, [*each, ""], strict=True) for part in pair) for each in contents]


SORT = "Sort these: "


@pytest.mark.parametrize(
    ("template", "contents", "left"),
    [
        pytest.param(
            ("Sort:\n- ", "\n- ", ""), [("b", "a\n- c"), ("d", "e"), ("f", "g")], ("Sort:\n", ""), id="bullets"
        ),
        pytest.param(
            ("Sort:\n1. ", "\n2. ", "\nDone"),
            [("b", "a\n3. c"), ("d", "e"), ("f", "g\n3. h")],
            ("Sort:\n", "\nDone"),
            id="numbers that count on",
        ),
        pytest.param(
            ("Play:\nRound 1: ", "\nEnd"),
            [("win\nRound 2: lose",), ("draw\nRound 2: win",), ("lose",)],
            ("Play:\n", "\nEnd"),
            id="labels that count on",
        ),
        pytest.param(("Sort:\n", "\n", ""), [("b", "a\nc"), ("d", "e"), ("f", "g")], ("Sort:\n", ""), id="lines"),
        pytest.param(
            ("Turn:\n1 ", "\n0 ", ""), [("0", "1\n1 1"), ("1", "0\n1 0"), ("0", "0")], ("Turn:\n", ""), id="matrices"
        ),
        pytest.param(
            ("Fill:\n", "\n", "\n", "\nin short"),
            [("_ 1", "2 _", "_ _"), ("1 _", "_ _", "_ 2"), ("_ _", "_ _", "1 2")],
            ("Fill:\n", "\nin short"),
            id="grids of one height",
        ),
        pytest.param((f"{SORT}[1, ", "]"), [("2, 3",), ("5",), ("[7]",)], (SORT, ""), id="a list around items"),
        pytest.param((f"{SORT}[1, ", ""), [("2, 3]",), ("5]",)], (SORT, ""), id="an open bracket before the gap"),
        pytest.param((f"{SORT}(", "i)."), [("2i) + (3",), ("5i) - (1",)], (SORT, "."), id="brackets at both ends"),
        pytest.param(
            ("Board: [[0 0]\n", "\n [0 0]]"), [(" [1 0]",), (" [0 1]\n [1 1]",)], ("Board: ", ""), id="a list around it"
        ),
        pytest.param((f'{SORT}"', ""), [('b" "a"',), ('c" "d" "e"',)], (SORT, ""), id="quotations before"),
        pytest.param((f"{SORT}'", "' now"), [("b', 'a",), ("c', 'd",)], (SORT, " now"), id="quotations around"),
        pytest.param((f"{SORT}pear, ", ""), [("fig, lime",), ("kiwi",)], (SORT, ""), id="the first item of all"),
        pytest.param((f"{SORT}3 1 ", " 7"), [("2 5",), ("8 4 9",)], (SORT, ""), id="numbers at both ends"),
        pytest.param(
            ("Jugs: A:", " litres"), [("5, B:7",), ("12, B:3, C:4",)], ("Jugs: ", " litres"), id="a cut chunk"
        ),
        pytest.param(
            ("Like ", ", The ", "?"),
            [("Up", "Mask, Jaws"), ("It, Her", "Birds")],
            ("Like ", "?"),
            id="a word",
        ),
        pytest.param(
            ('Is it so? "', " the ", '."'),
            [("He hit", "ball"), ("She ran", "race")],
            ('Is it so? "', '."'),
            id="in quotes",
        ),
        pytest.param(
            ("Is (a ", ") and (", ") so?"),
            [("b", "c"), ("d", "e")],
            ("Is (a ", ") and (", ") so?"),
            id="brackets of the sentence",
        ),
    ],
)
def test_content_goes_to_the_gap(template: Template, contents: list[Sequence[str]], left: Template) -> None:
    assert settled(template, framed(template, *contents)) == left


@pytest.mark.parametrize(
    ("template", "contents"),
    [
        (("Costs $", " at ", "%?"), [("3.50", "10"), ("12", "5")]),
        (("Convert ", " from base-", " to base-", "."), [("12", "3", "10"), ("77", "8", "2")]),
        (("1. All ", " are ", "\n2. Some ", " are ", "\nSo?"), [("a", "b", "c", "d"), ("e f", "g h", "i j", "k l")]),
        (('Count "', '" in the text "', '"'), [("a", "a cat"), ("b", "the bat")]),
        (("Name: ", "\nAge: ", "\nCity: ", ""), [("Ada", "36", "London, UK"), ("Bob B.", "7", "Rome\nItaly")]),
        (("Scale ", ", then add ", ", and ", "."), [("flour, eggs", "salt", "oil"), ("rice", "milk, figs", "tea")]),
        (("How many ", " does it have? ", "!"), [("legs", "Be short. Thanks"), ("arms", "Be brief. Bye")]),
        (("What of ", "?"), [("this? That",), ("us? Them",)]),
        (("Add ", " to ", ""), [("3", "4"), ("5", "6")]),
        (("Find: nums = ", ", target = ", ""), [("[3, 4]", "7"), ("[5]", "6"), ("[1, 2, 9]", "3")]),
    ],
)
def test_wording_at_the_edges_stays(template: Template, contents: list[Sequence[str]]) -> None:
    assert settled(template, framed(template, *contents)) == template


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_keep_their_ends(kind: str) -> None:
    template = (KINDS[kind][0][:5], "")
    texts = [text for text in KINDS[kind] if text.startswith(template[0])]
    assert settled(template, texts) == template


def test_it_holds_for_any_texts() -> None:
    draw = random.Random(3)
    for _ in range(200):
        texts = [text.strip() for text in made_up(draw)]
        words = sorted(set(texts[0].split()), key=texts[0].index)
        template = ("", *(word for word in words if draw.random() < 0.3), "")
        if all(gaps_in(template, text) is not None for text in texts):
            left = settled(template, texts)
            assert len(left) > 1
            assert all(gaps_in(left, text) is not None for text in texts), (template, left)


class TestOpened:
    @pytest.mark.parametrize(
        ("template", "contents", "left"),
        [
            ((f"{SORT}pear ", ""), [("fig kiwi",), ("lime",)], (SORT, "")),
            (("Sort:\npear ", "\nNow!"), [("fig kiwi",), ("lime",)], ("Sort:\n", "\nNow!")),
            ((SORT, " pear"), [("fig kiwi",), ("lime",)], (SORT, "")),
            (("Sort:\npear\n", ""), [("fig\nkiwi",), ("lime\ndate",)], ("Sort:\n", "")),
            ((SORT, ", pear"), [("fig, kiwi",), ("lime",)], (SORT, "")),
            ((SORT, "; New York"), [("Paris; Rome",), ("Los Angeles",)], (SORT, "")),
        ],
    )
    def test_a_word_before_or_after_words_may_be_one_of_them(
        self, template: Template, contents: list[Sequence[str]], left: Template
    ) -> None:
        assert opened(template, framed(template, *contents)) == left

    @pytest.mark.parametrize(
        ("template", "contents"),
        [
            (("Take number ", ""), [("5",), ("7",)]),
            (("Take: number ", ""), [("5",), ("7",)]),
            (("Sort the words ", ""), [("fig kiwi",), ("lime",)]),
            (("Sort: all of ", ""), [("fig kiwi",), ("lime",)]),
            (("Sort: ", ", please"), [("fig kiwi",), ("lime",)]),
            (("Sort: ", ", as I said before"), [("fig, kiwi",), ("lime",)]),
            (("Sort:\n", "\nplease"), [("fig\nkiwi",), ("lime",)]),
            (("Say: ", " twice and ", ""), [("hi", "bye"), ("yes", "no")]),
        ],
    )
    def test_a_word_after_words_or_before_others_may_not(
        self, template: Template, contents: list[Sequence[str]]
    ) -> None:
        assert opened(template, framed(template, *contents)) == template
