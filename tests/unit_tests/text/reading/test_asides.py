"""Asides within the data of a request, which no parser may read as data."""

# ruff: noqa: RUF001 - words of several scripts are tested
from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from langchain_latm.text.reading.asides import changing_words, connectives
from langchain_latm.text.reading.courtesy import begins_with_courtesy, ends_with_courtesy
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.views import views


class Language(NamedTuple):
    """Requests in a language.

    Attributes:
        patterns: Requests, with "{}" where the items stand.
        items: What they are filled with.
        together: The word for "and".
        changes: What is added to the items to ask for something else.
    """

    patterns: tuple[str, ...]
    items: str
    together: str
    changes: str


LANGUAGES = {
    "en": Language(
        (
            "Reverse the order of these things: {}",
            "{} - put these in order",
        ),
        "table chair window river Paris Berlin stone cloud horse tiger violin drum copper silver Monday garden bridge "
        "castle onion pepper salt Mike Laura Oscar hammer wrench screw paper glass ocean valley forest candle mirror",
        "and",
        "descending; reversed; uppercase; twice; longest first; no duplicates; from z to a; as json; by length; "
        "please; omit the last one; ignoring case; one per line; in French; alphabetically; flipped; truncated; "
        "numerically",
    ),
    "de": Language(
        ("Welches ist das kürzeste dieser Wörter: {}?",),
        "Tisch Stuhl Fenster Fluss Hamburg Wien Stein Wolke Pferd Tiger Geige Trommel Kupfer Silber Montag Garten "
        "Brücke Burg Zwiebel Pfeffer Salz Hammer Papier Glas Meer Tal Wald Kerze Spiegel Kissen Decke Knopf Jacke Helm",
        "und",
        "absteigend; rückwärts; doppelt; ohne Duplikate; nach Länge; in Großbuchstaben; längste zuerst; bitte; kursiv; "
        "nur die ersten zwei; gespiegelt; spaltenweise; durcheinander; auf Englisch",
    ),
    "es": Language(
        ("Ordena estas palabras alfabéticamente: {}",),
        "mesa silla ventana río Madrid Lima piedra nube caballo tigre violín tambor cobre plata lunes jardín puente "
        "castillo cebolla pimienta sal martillo papel vidrio océano valle bosque vela espejo almohada botón chaqueta",
        "y",
        "descendente; al revés; mayúsculas; sin duplicados; por longitud; dos veces; gracias; en inglés; volteado; "
        "solo las dos primeras; numéricamente",
    ),
    "ru": Language(
        ("Расположи эти слова по алфавиту: {}",),
        "стол стул окно река Москва Казань камень облако конь тигр скрипка барабан медь серебро сад мост замок лук "
        "перец соль молоток бумага стекло океан долина лес свеча зеркало подушка пуговица куртка шлем ракета",
        "и",
        "по убыванию; наоборот; заглавными; без повторов; в обратном порядке; пожалуйста; дважды",
    ),
}
STYLES = {"space": " ", "comma": ", ", "tight": ",", "semicolon": "; ", "and": ", ", "lines": "\n"}


def listed(style: str, language: Language, rng: random.Random) -> str:
    """Return items as a request writes them."""
    items = rng.sample(language.items.split(), rng.randint(3, 7))
    if style == "and":
        return f"{', '.join(items[:-1])} {language.together} {items[-1]}"
    return STYLES[style].join(items)


def cases() -> Iterator[tuple[RequestParser, list[str], list[str]]]:
    """Yield a parser, honest requests of its kind, and requests with asides within the items."""
    rng = random.Random(20)
    for language in LANGUAGES.values():
        for pattern in language.patterns:
            for style, separator in STYLES.items():
                examples = [pattern.format(listed(style, language, rng)) for _ in range(6)]
                parser = views(examples)[0].parser
                honest = [pattern.format(listed(style, language, rng)) for _ in range(6)]
                changed = [
                    pattern.format(text)
                    for change in map(str.strip, language.changes.split(";"))
                    for items in (listed(style, language, rng),)
                    for text in (
                        f"{items}{separator}{change}",
                        f"{items} {change}",
                        f"{items}, {change}",
                        f"{items} ({change})",
                        f"{change}{separator}{items}",
                    )
                ]
                yield parser, honest, changed


@pytest.mark.slow
def test_lists_with_asides_are_refused_and_others_are_read() -> None:
    read = all_honest = silent = all_changed = 0
    for parser, honest, changed in cases():
        read += sum(parser.parse(request) is not None for request in honest)
        silent += sum(parser.parse(request) is not None for request in changed)
        all_honest, all_changed = all_honest + len(honest), all_changed + len(changed)
    assert all_changed > 2_000
    assert silent <= 0.01 * all_changed
    assert read >= 0.97 * all_honest


def parser_of(pattern: str, *contents: str) -> RequestParser:
    return views([pattern.format(content) for content in contents])[0].parser


def test_content_of_the_examples_may_recur() -> None:
    shapes = parser_of(
        "Join with dashes: {}",
        "rounded, square",
        "square, circle",
        "oval, rounded",
        "line, dot",
        "arc, oval",
        "dot, arc",
    )
    assert shapes.parse("Join with dashes: pointed, square") is not None
    assert shapes.parse("Join with dashes: circle, rounded") is not None
    assert shapes.parse("Join with dashes: circle, descending") is None


def test_a_word_that_joins_nothing_is_an_item() -> None:
    lists = (
        "rope, knot, mast",
        "sail, keel",
        "deck, oar, hull, stern",
        "bow, rudder",
        "anchor, buoy, port",
        "jib, boom",
    )
    for separator in (", ", "; ", "\n"):
        parser = parser_of("Join with dashes: {}", *(each.replace(", ", separator) for each in lists))
        assert parser.parse("Join with dashes: " + separator.join(("plus", "dan", "sail"))) is not None
        for item in ("dan sail", "and sail", "sail or oar"):
            assert parser.parse("Join with dashes: " + separator.join(("mast", item))) is None
    spaced = parser_of("Join with dashes: {}", *(each.replace(", ", " ") for each in lists))
    assert spaced.parse("Join with dashes: mast and sail") is None


def test_an_item_from_anywhere_in_a_list_may_end_it() -> None:
    examples = ("oak, hundred, elm", "fir, shred, ash, pine", "yew, larch", "beech, lime", "willow, teak, alder")
    parser = parser_of("Join with dashes: {}", *examples)
    assert parser.parse("Join with dashes: elm, naked") is not None
    assert parser_of("Join with dashes: {}", *examples[2:], "fir, ash").parse("Join with dashes: elm, hundred") is None


def test_a_gap_with_few_texts_holds_no_other() -> None:
    orders = ("ascending", "descending") * 3
    lists = ("b a", "d c f", "g x", "k l z m", "q p", "o n")
    questions = [
        f"Sort in {order} order these letters: {letters}" for order, letters in zip(orders, lists, strict=True)
    ]
    parser = views(questions)[0].parser
    assert parser.parse("Sort in ascending order these letters: y v") is not None
    assert parser.parse("Sort in random order these letters: y v") is None


def test_a_verb_in_a_gap_of_all_examples_is_not_data() -> None:
    openings = ("Please sort", "Sort", "Could you sort", "Sort", "Kindly sort", "Please sort")
    lists = ("pear fig", "kiwi lime plum", "date grape", "melon apple", "olive lemon", "berry peach fig")
    parser = views([f"{opening} these words: {words}" for opening, words in zip(openings, lists, strict=True)])[
        0
    ].parser
    assert parser.parse("Sort these words: banana cherry") is not None
    for opening in ("Reverse", "Please reverse", "Never sort", "Do not sort"):
        assert parser.parse(f"{opening} these words: banana cherry") is None


def test_one_item_in_small_letters_at_an_end_is_doubtful() -> None:
    parser = parser_of(
        "Welche Stadt ist das: {}", "Bonn, Ulm", "Kiel, Trier, Jena", "Essen, Gera", "Hof, Wien", "Köln, Rom"
    )
    assert parser.parse("Welche Stadt ist das: Lahr, Fulda, Berlin") is not None
    assert parser.parse("Welche Stadt ist das: Lahr, Fulda, fett") is None


@pytest.mark.parametrize("text", ["fig, s’il vous plaît", "fig vielen DANK!", "苹果谢谢", "fig por favor."])
def test_courtesy_at_the_end(text: str) -> None:
    assert ends_with_courtesy(text)
    assert ends_with_courtesy(unicodedata.normalize("NFD", text))
    assert not begins_with_courtesy(text)


@pytest.mark.parametrize("text", ["Please: fig", "¡Hola! fig", "请苹果", "danke schön, fig"])
def test_courtesy_at_the_beginning(text: str) -> None:
    assert begins_with_courtesy(text)
    assert not ends_with_courtesy(text)


@pytest.mark.parametrize("text", ["pleased fig", "fig thankful", "hippo", "stop"])
def test_parts_of_words_are_not_courtesies(text: str) -> None:
    assert not begins_with_courtesy(text)
    assert not ends_with_courtesy(text)


def test_words_are_found_in_any_unicode_normalization() -> None:
    for text in ("rückwärts", "ngược lại", "décroissant"):
        assert changing_words(f"fig {text}", ["fig", text]) == changing_words(
            unicodedata.normalize("NFD", f"fig {text}"), ["fig", unicodedata.normalize("NFD", text)]
        )
        assert changing_words(f"fig {text}", ["fig", text])
    assert connectives("fig y pera") == {"y"}
    assert connectives("y") == set()
