"""Kinds of request in four languages, each with twins: requests in nearly the same words that ask for something else.

A twin is a template, filled with data as the requests of the kind are. Marked requests ask for the same as the kind,
with other marks or words around the data: a tool may answer them, but with the data alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """A kind of request.

    Attributes:
        name: A name.
        language: The language of its requests.
        template: The wording of a request; `{}` stands for each part of the data.
        data: The parts of each request.
        parameters: The parameters of the function, with types.
        body: The function's return expression.
        solve: The same for the parts of a request.
        read: The arguments in the parts of a request.
        twins: Templates of requests that ask for something else.
        marked: Templates of requests that ask for the same.
        further: More data for making the tool, where few answers are different: a proof needs more examples then.
    """

    name: str
    language: str
    template: str
    data: tuple[tuple[str, ...], ...]
    parameters: str
    body: str
    solve: Callable[..., str]
    read: Callable[..., dict[str, Any]]
    twins: tuple[str, ...]
    marked: tuple[str, ...] = ()
    further: tuple[tuple[str, ...], ...] = ()

    @property
    def source(self) -> str:
        """The function that a maker would write."""
        names = [each.partition(":")[0].strip() for each in self.parameters.split(", ")]
        described = "\n".join(f"        {name}: What is given." for name in names)
        docstring = f'    """Compute it.\n\n    Args:\n{described}\n    """\n'
        return f"def {self.name}({self.parameters}):\n{docstring}    return {self.body}\n"

    def request(self, parts: tuple[str, ...], template: str | None = None) -> str:
        """Word a request."""
        return (template or self.template).format(*parts)


def _words(text: str) -> list[str]:
    return text.split(", ")


def _integers(text: str) -> list[int]:
    return [int(each) for each in text.split(", ")]


_FRUIT = (
    "pear, fig, apple; dove, crow, auk, wren; tin, zinc, iron; red, blue, teal, green; oak, elm, ash; mars, venus, io; "
    "kiwi, date, lime, melon; otter, seal, orca; pen, ink, nib; salt, pepper, thyme, dill"
)
_MORE_FRUIT = (
    "cherry, plum; eel, perch, bream, pike, hake; gold; beech, lime, pine; robin; brass, copper, lead; peach, quince, "
    "grape; horse, mule, goose, hen, sheep; desk; cedar, larch; violet, rose, lily; sugar, cumin, saffron"
)
_MORE_WORDS = (
    "Aprikose; Mango; Ei; Zwetschge; Ananas; Stachelbeere; Feige; Granatapfel; Nuss; Johannisbeere; Limone; Kokosnuss; "
    "Kaki; Preiselbeere; Mirabelle; Dattel"
)
_NUMBERS = (
    "4, 17, 9; 23, 8, 15, 42; 7, 31, 12; 65, 2, 90, 11; 3, 58, 27; 14, 6, 71; 88, 19, 35, 5; 10, 44, 26; 52, 1, 77; "
    "16, 95, 33, 60"
)
_PERCENTS = "10 50, 25 80, 5 300, 40 90, 15 60, 8 125, 75 44, 30 70, 2 950, 60 35"
_SINGLE = "4.5; 12; 0.75; 230; 18.2; 7; 63; 1.25; 940; 36.6"


def _each(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple((part.strip(),) for part in text.split(";"))


KINDS = (
    Kind(
        "count_e",
        "en",
        "How many of these words contain the letter e: {}",
        _each(_FRUIT),
        "words: list[str]",
        'sum("e" in word for word in words)',
        lambda text: str(sum("e" in word for word in _words(text))),
        lambda text: {"words": _words(text)},
        (
            "How many of these words do not contain the letter e: {}",
            "How many of these words contain the letter a: {}",
            "How many of these words contain the letter e twice: {}",
            "How many of these words contain no letter e: {}",
            "How many of these words begin with the letter e: {}",
            "Which of these words contain the letter e: {}",
            "How many of these words contain the letter e or the letter a: {}",
        ),
        further=_each(_MORE_FRUIT),
    ),
    Kind(
        "sort_words",
        "en",
        "Sort these words alphabetically: {}",
        _each(_FRUIT),
        "words: list[str]",
        '", ".join(sorted(words))',
        lambda text: ", ".join(sorted(_words(text))),
        lambda text: {"words": _words(text)},
        (
            "Sort these words in reverse alphabetical order: {}",
            "Sort these words alphabetically, without duplicates: {}",
            "Sort these words alphabetically by their last letter: {}",
            "Sort these words alphabetically from Z to A: {}",
            "Do not sort these words alphabetically: {}",
        ),
        ("Sort these words alphabetically: {}.", "Sort these words alphabetically: {} "),
    ),
    Kind(
        "to_metres",
        "en",
        "Convert {} kilometres to metres.",
        _each(_SINGLE),
        "kilometres: float",
        'f"{kilometres * 1000:g}"',
        lambda text: f"{float(text) * 1000:g}",
        lambda text: {"kilometres": float(text)},
        (
            "Convert {} kilometres to miles.",
            "Convert {} miles to metres.",
            "Convert {} kilometres to centimetres.",
            "Convert {} square kilometres to square metres.",
            "Convert {} kilometres to metres, rounded to thousands.",
        ),
    ),
    Kind(
        "add_numbers",
        "en",
        "What is the sum of these numbers: {}?",
        _each(_NUMBERS),
        "numbers: list[int]",
        "sum(numbers)",
        lambda text: str(sum(_integers(text))),
        lambda text: {"numbers": _integers(text)},
        (
            "What is the product of these numbers: {}?",
            "What is the sum of the squares of these numbers: {}?",
            "What is the sum of these numbers in hexadecimal: {}?",
            "What is the sum of the even ones of these numbers: {}?",
            "What is not the sum of these numbers: {}?",
            "What is the sum of these numbers, rounded to tens: {}?",
        ),
    ),
    Kind(
        "two_decimals",
        "en",
        "Round the number {} to two decimals, please.",
        _each("3.14159; 2.71828; 10.005; 0.33333; 8.7654; 1.23456; 99.9949; 5.5555; 6.28318; 4.6692"),
        "number: float",
        'f"{number:.2f}"',
        lambda text: f"{float(text):.2f}",
        lambda text: {"number": float(text)},
        (
            "Round the number {} to three decimals, please.",
            "Round the number {} down to two decimals, please.",
            "Round the number {} to two significant digits, please.",
            "Round the number {} to two decimals, as a percentage, please.",
        ),
        ("Round the number {} to two decimals please.",),
    ),
    Kind(
        "percent_of",
        "en",
        "How much is {} percent of {} dollars?",
        tuple(tuple(each.split()) for each in _PERCENTS.split(", ")),
        "percent: int, dollars: int",
        'f"{percent * dollars / 100:g}"',
        lambda percent, dollars: f"{int(percent) * int(dollars) / 100:g}",
        lambda percent, dollars: {"percent": int(percent), "dollars": int(dollars)},
        (
            "How much is {} percent more than {} dollars?",
            "How much is {} percent of {} dollars in euros?",
            "How much is {} percent of {} dollars, in cents?",
            "How much less than {} percent of {} dollars?",
            "How much is {} per mille of {} dollars?",
        ),
    ),
    Kind(
        "count_vowels",
        "de",
        "Wie viele Vokale hat das Wort {}?",
        _each("Banane; Kirsche; Apfel; Traube; Himbeere; Pflaume; Melone; Birne; Quitte; Orange"),
        "word: str",
        'sum(letter in "aeiou" for letter in word.lower())',
        lambda text: str(sum(letter in "aeiou" for letter in text.lower())),
        lambda text: {"word": text},
        (
            "Wie viele Konsonanten hat das Wort {}?",
            "Wie viele verschiedene Vokale hat das Wort {}?",
            "Wie viele Vokale hat das Wort {} rückwärts ab dem dritten Buchstaben?",
            "Wie viele Vokale fehlen dem Wort {}?",
            "Welche Vokale hat das Wort {}?",
        ),
        further=_each(_MORE_WORDS),
    ),
    Kind(
        "ascending",
        "de",
        "Sortiere die folgenden Zahlen aufsteigend: {}",
        _each(_NUMBERS),
        "numbers: list[int]",
        '", ".join(map(str, sorted(numbers)))',
        lambda text: ", ".join(map(str, sorted(_integers(text)))),
        lambda text: {"numbers": _integers(text)},
        (
            "Sortiere die folgenden Zahlen absteigend: {}",
            "Sortiere die folgenden Zahlen nicht aufsteigend: {}",
            "Sortiere die folgenden Zahlen ohne Doppelte aufsteigend: {}",
            "Sortiere die folgenden Zahlen nach der letzten Ziffer aufsteigend: {}",
            "Sortiere die Quadrate der folgenden Zahlen aufsteigend: {}",
        ),
    ),
    Kind(
        "length",
        "fr",
        "Combien de lettres y a-t-il dans le mot {} ?",
        _each("pomme; cerise; banane; poire; raisin; prune; citron; fraise; mangue; figue"),
        "word: str",
        "len(word)",
        lambda text: str(len(text)),
        lambda text: {"word": text},
        (
            "Combien de consonnes y a-t-il dans le mot {} ?",
            "Combien de lettres différentes y a-t-il dans le mot {} ?",
            "Combien de lettres n'y a-t-il pas dans le mot {} ?",
            "Combien de lettres e y a-t-il dans le mot {} ?",
            "Combien de lettres y a-t-il dans le pluriel du mot {} ?",
        ),
        further=_each(_MORE_WORDS),
    ),
    Kind(
        "add_up",
        "fr",
        "Additionnez les nombres suivants : {}",
        _each(_NUMBERS),
        "numbers: list[int]",
        "sum(numbers)",
        lambda text: str(sum(_integers(text))),
        lambda text: {"numbers": _integers(text)},
        (
            "Multipliez les nombres suivants : {}",
            "Additionnez les carrés des nombres suivants : {}",
            "Additionnez les nombres pairs suivants : {}",
            "N'additionnez pas les nombres suivants : {}",
            "Additionnez les nombres suivants sans le plus grand : {}",
        ),
    ),
    Kind(
        "turn_round",
        "es",
        "Escribe al revés la palabra {}",
        _each("manzana; cereza; pera; ciruela; naranja; uva; limón; fresa; mango; higo"),
        "word: str",
        "word[::-1]",
        lambda text: text[::-1],
        lambda text: {"word": text},
        (
            "Escribe en mayúsculas la palabra {}",
            "Escribe al revés y en mayúsculas la palabra {}",
            "Escribe al revés, sin vocales, la palabra {}",
            "No escribas al revés la palabra {}",
            "Escribe dos veces al revés la palabra {}",
        ),
        (
            "Escribe al revés la palabra {}.",
            "Escribe al revés la palabra «{}»",
            "Escribe al revés la palabra {} gracias",
        ),
    ),
    Kind(
        "largest",
        "es",
        "¿Cuál es el mayor de estos números: {}?",
        _each(_NUMBERS),
        "numbers: list[int]",
        "max(numbers)",
        lambda text: str(max(_integers(text))),
        lambda text: {"numbers": _integers(text)},
        (
            "¿Cuál es el menor de estos números: {}?",
            "¿Cuál es el segundo mayor de estos números: {}?",
            "¿Cuál es el mayor par de estos números: {}?",
            "¿Cuál no es el mayor de estos números: {}?",
            "¿Cuál es el doble del mayor de estos números: {}?",
        ),
        ("¿Cuál es el mayor de estos números: {}, por favor?", "¿Cuál es el mayor de estos números: «{}»?"),
    ),
)

MADE_OF = 6
"""Requests of each kind that its tool is made of; the others come later."""


def twins(kinds: Sequence[Kind]) -> Iterator[tuple[Kind, str, tuple[str, ...]]]:
    """Yield each twin as a template, with data that the tool was not made of."""
    for kind in kinds:
        for number, template in enumerate(kind.twins):
            yield kind, template, kind.data[MADE_OF + number % 4]


def marked(kinds: Sequence[Kind]) -> Iterator[tuple[Kind, str, tuple[str, ...]]]:
    """Yield each request that asks for the same with other marks, in the same way."""
    for kind in kinds:
        for number, template in enumerate(kind.marked):
            yield kind, template, kind.data[MADE_OF + number % 4]
