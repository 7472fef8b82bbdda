"""Free text at the ends of requests may hold the instruction; then a parser needs more fixed words."""

# ruff: noqa: RUF001 - requests in several scripts
from __future__ import annotations

import pytest

from langchain_latm.loop.dispatch.parser_index import ParserIndex
from langchain_latm.loop.fixed_wording import FixedWording
from langchain_latm.text.reading.distinctive import PROSE, is_distinctive, is_mostly_fixed
from langchain_latm.text.reading.views import views

OPEN = [  # examples that begin and end in free text, and a request for something else that holds all they share
    (
        [
            "is my parcel from the harbour warehouse already there",
            "when does the parcel from the toy maker come",
            "tell me about the parcel from aunt Vera",
            "track a parcel from Lisbon",
            "any news on that big parcel from the printers",
        ],
        "send back the parcel from the shoe shop",
    ),
    (
        [
            "Wann fährt die nächste Fähre nach Sylt ab",
            "ich suche eine Fähre nach Norderney am Abend",
            "Gibt es heute noch die letzte Fähre nach Föhr",
            "Zeig mir jede Fähre nach Juist im Mai",
            "fährt sonntags irgendeine Fähre nach Amrum",
        ],
        "storniere bitte meine Fähre nach Borkum",
    ),
]
AFTER_FREE_TEXT = [  # the same for examples that end in fixed words, too few to say what is asked
    (
        [
            "put eggs on the grocery list",
            "we are out of soap so add it to my grocery list",
            "write bread and some jam on the grocery list",
            "note milk down on our grocery list",
            "i need more rice, add it to the grocery list",
        ],
        "throw away my old grocery list",
    ),
    (
        [
            "ajoute du pain à ma liste de courses",
            "il me faut des oeufs sur la liste de courses",
            "mets trois pommes sur ma liste de courses",
            "note encore du sel dans la liste de courses",
            "pense au lait pour notre liste de courses",
        ],
        "efface tout ce qui reste sur ma liste de courses",
    ),
]
AFTER_WORDS = [  # white space alone does not say whether a text is a list
    (
        ["freeze Ann savings now please", "open Bob savings now please", "check my savings now please"],
        "drain his savings now please",
    ),
]
WORDED = [  # examples whose fixed words say what is asked, and another request of the kind
    (
        ["Sort these words: pear fig", "Sort these words: elm oak ash", "Sort these words: tin zinc iron"],
        "io mars venus",
    ),
    (["12 in English words", "7 in English words", "250 in English words", "31 in English words"], "45"),
    (
        [
            "Translate into pig latin: the sea",
            "Translate into pig latin: a red car",
            "Translate into pig latin: my dog",
        ],
        "two pens",
    ),
    (
        ["pear fig - order these words", "elm oak ash - order these words", "tin zinc - order these words"],
        "io mars venus",
    ),
    (["30公斤等于多少磅？", "7公斤等于多少磅？", "12公斤等于多少磅？", "95公斤等于多少磅？"], "61"),
    (
        [
            "12と18の最小公倍数を求めてください。",
            "4と6の最小公倍数を求めてください。",
            "15と9の最小公倍数を求めてください。",
        ],
        "8と20",
    ),
    (
        ["pear, fig: in reverse order", "oak, elm, ash: in reverse order", "tin, zinc: in reverse order"],
        "io, mars, venus",
    ),
    (
        [
            "The cat sat on the mat. How many different letters does this sentence have?",
            "We are going home now, said Tom. How many different letters does this sentence have?",
            "Rain is likely. How many different letters does this sentence have?",
        ],
        "A fox ran off",
    ),
]


@pytest.mark.parametrize(("examples", "other"), [*OPEN, *AFTER_FREE_TEXT, *AFTER_WORDS])
def test_free_text_does_not_identify_a_request(examples: list[str], other: str) -> None:
    found = views(examples)
    assert found
    index = ParserIndex()
    for number, view in enumerate(found):
        assert not view.parser.is_distinctive
        index.put(str(number), view.parser.model_dump_json())
    assert any(view.parser.parse(other) is not None for view in found)  # so it could have answered
    assert index.readers(other) == []
    assert FixedWording.of(examples) is None


@pytest.mark.parametrize(("examples", "data"), WORDED)
def test_words_of_the_instruction_identify_requests(examples: list[str], data: str) -> None:
    parser = views(examples)[0].parser
    assert parser.is_distinctive
    first, last = parser.literals[0], parser.literals[-1]
    request = f"{first}{data}{last}"
    assert parser.read(request) is not None
    wording = FixedWording.of(examples)
    assert wording is not None
    assert wording.holds(request)


@pytest.mark.parametrize(
    ("examples", "request_"),
    [
        (
            [
                "play the blues mixtape",
                "put on my mixtape",
                "i would like to hear her mixtape",
                "start that old mixtape",
            ],
            "delete the blues mixtape",
        ),
        (
            ["where is my red hat", "where did i leave the keys", "where can one swim", "where to now"],
            "where not to go",
        ),
        (["rename apple", "rename pear", "rename fig", "rename plum"], "rename nothing at all"),
    ],
)
def test_one_word_beside_free_text_does_not_identify_a_request(examples: list[str], request_: str) -> None:
    wording = FixedWording.of(examples)
    assert wording is None or not wording.holds(request_)


@pytest.mark.parametrize(
    ("template", "free", "distinctive", "mostly_fixed"),
    [
        (("Write in capital letters: ", ""), [PROSE], True, False),
        (("", " in capital letters"), [1], True, True),
        (("", " in capital letters"), [PROSE], False, False),
        (("", " written in capital letters of equal size"), [PROSE], True, True),
        (("", " written in capital letters of equal size: ", ""), [PROSE, 1], False, False),
        (("", " written in capital letters of equal size: ", ""), [0, 1], True, True),
        (("", " miles"), [0], False, True),
        (("", "; "), [0], False, False),
    ],
)
def test_how_many_words_are_needed(
    template: tuple[str, ...], free: list[int], *, distinctive: bool, mostly_fixed: bool
) -> None:
    assert (is_distinctive(template, free), is_mostly_fixed(template, free)) == (distinctive, mostly_fixed)
