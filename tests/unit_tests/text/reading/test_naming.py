"""How parameters are named. The names of English lists are tested with the views."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.naming import in_ascii, named
from langchain_latm.text.reading.slot import Slot


def name_of(before: str, form: str = "text", after: str = "") -> str:
    (slot,) = named((before, after), [Slot(name="value", form=form, gaps=(0,))])
    return slot.name


class TestFunctionWords:
    @pytest.mark.parametrize(
        "before",
        [
            "On which weekday does ",
            "What is ",
            "How many letters has the ",
            "Which is longer than ",
            "Say what every ",
            "Does it rain in May, or could ",
            "Turn the tiles of the board clockwise:\n",
            "What is the sum of all that stands below:\n",
        ],
    )
    def test_they_are_not_names(self, before: str) -> None:
        assert (name_of(before), name_of(before, "integer")) == ("text", "number")

    def test_a_verb_at_the_beginning_is_not_a_name(self) -> None:
        assert name_of("Reverse ", after=" and write it backwards, with the last letter first") == "text"

    def test_another_word_is_one(self) -> None:
        assert name_of("How often is the letter ") == "letter"
        assert name_of("How many are left after ", "integer") == "after"


class TestWordsAfterNumbers:
    @pytest.mark.parametrize(
        ("before", "after", "name"),
        [
            ("There are ", " jars of plum jam.", "jars"),
            ("Turn the dial by ", " degrees to the left", "degrees"),
            ("Split the bill among ", " guests", "guests"),
            ("The ", "-hour shift", "shift_hours"),
            ("What has ", "'s place", "number"),
            ("Say what ", " equals in binary", "number"),
            ("What is ", " times itself", "number"),
            ("Take ", " minus one", "number"),
            ("Add up the first ", " numbers", "number"),
            ("It goes around ", " rivers: Rhine, Po", "number"),
            ("Name ", " rivers: Rhine, Po", "number"),
        ],
    )
    def test_a_plural_names_the_number_before_it(self, before: str, after: str, name: str) -> None:
        assert name_of(before, "integer", after) == name

    def test_it_does_not_name_a_text(self) -> None:
        assert name_of("Here is ", "text", " jars") == "text"


class TestRows:
    @pytest.mark.parametrize(
        ("before", "name"),
        [
            ("Find the way out of this grid, which begins in a corner.\n", "grid"),
            ("Each cell of the image has a brightness. Say which row is the darkest one.\n", "image"),
            ("Add up what stands in the lines below.\n", "rows"),
        ],
    )
    def test_they_are_named_after_what_they_are_together(self, before: str, name: str) -> None:
        assert name_of(before, "number_rows") == name


class TestEnglishNouns:
    """A word before a gap names it if the words around it show that it is a noun."""

    @pytest.mark.parametrize(
        ("before", "form", "name"),
        [
            ("Say which of these tools fits the seat in row ", "integer", "row"),
            ("Draw a circle with the radius ", "number", "radius"),
            ("What stands in sheet 2, column ", "integer", "column"),
            ("Write the wooden chair ", "text", "chair"),
            ("How much is left if a shop sells ", "integer", "sells"),
            ("Count the seeds in these apples: ", "texts", "apples"),
            ("Sort all given pebbles by weight, ", "texts", "pebbles"),
            ("Which of the pebbles that roll to the sea is in ", "texts", "pebbles"),
        ],
    )
    def test_it_is_one(self, before: str, form: str, name: str) -> None:
        assert name_of(before, form) == name

    @pytest.mark.parametrize(
        ("before", "form"),
        [
            ("What is given to the nearest ", "integer"),
            ("Of these only the first ", "integer"),
            ("How many of these were used ", "text"),
            ("This boat sinks ", "text"),
            ("This boat carries a load of ", "texts"),
            ("Say what it means ", "texts"),
            ("Cut the following into syllables: ", "text"),
            ("Put this into groups: ", "texts"),
        ],
    )
    def test_it_is_none(self, before: str, form: str) -> None:
        assert name_of(before, form) in {"text", "items", "number"}

    def test_a_plural_names_one_gap_alone(self) -> None:
        slots = [Slot(name="value", form="texts", gaps=(i,)) for i in range(2)]
        assert [each.name for each in named(("Sort these tools ", " with ", "."), slots)] == ["tools", "items"]

    def test_an_article_does_not_distinguish_names(self) -> None:
        slots = [Slot(name="value", form="integer", gaps=(i,)) for i in range(2)]
        assert [each.name for each in named(("How often is the bit ", " in the bit ", "?"), slots)] == ["bit", "bit_2"]


class TestOtherLanguages:
    @pytest.mark.parametrize(
        ("before", "name"),
        [
            ("Berechne die Fläche. Länge: ", "laenge"),
            ("Straße = ", "strasse"),
            ("Lange: ", "lange"),
            ("La\u0308nge: ", "laenge"),
            ("Calcule le périmètre : ", "perimetre"),
            ("Nombre de œufs: ", "oeufs"),
            ("Długość: ", "dlugosc"),
        ],
    )
    def test_a_label_is_written_in_ascii(self, before: str, name: str) -> None:
        assert name_of(before) == name

    @pytest.mark.parametrize("before", ["Длина: ", "長さ: ", "길이: ", "μέγεθος: ", "الطول: ", "ความยาว: "])
    def test_a_word_without_ascii_letters_is_not_a_name(self, before: str) -> None:
        assert (name_of(before), name_of(before, "integer"), name_of(before, "json")) == ("text", "number", "items")

    @pytest.mark.parametrize(
        "before",
        ["Was ist die Summe von ", "Auf welchen Wochentag fällt ", "Combien de voyelles contient ", "Cuánto es "],
    )
    def test_a_word_that_is_not_a_label_is_not_a_name(self, before: str) -> None:
        assert name_of(before) == "text"

    def test_they_have_no_plurals(self) -> None:
        assert name_of("Trie les mots et donne des listes, dans l'ordre: ", "json") == "ordre"
        assert name_of("Trie les mots suivants, s'il te plaît ", "json") == "items"

    def test_equal_labels_are_distinguished_by_the_word_before(self) -> None:
        slots = [Slot(name="value", form="integer", gaps=(i,)) for i in range(2)]
        assert [slot.name for slot in named(("Änne Größe: ", ", Jörg Größe: ", ""), slots)] == [
            "aenne_groesse",
            "joerg_groesse",
        ]


@pytest.mark.parametrize(("word", "bare"), [("größe", "groesse"), ("señor", "senor"), ("длина", None), ("a1", None)])
def test_accents_are_left_out(word: str, bare: str | None) -> None:
    assert in_ascii(word) == bare


@pytest.mark.parametrize("before", ["Take the sum: ", "Take the config: ", "Take the class: ", "Take the self: "])
def test_reserved_names_are_not_used(before: str) -> None:
    assert name_of(before) == "text"


def test_equal_names_are_numbered() -> None:
    slots = [Slot(name="value", form="integer", gaps=(i,)) for i in range(3)]
    names = [slot.name for slot in named(("What is ", " and ", " and ", "?"), slots)]
    assert names == ["number", "number_2", "number_3"]
