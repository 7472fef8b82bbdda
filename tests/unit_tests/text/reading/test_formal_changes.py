"""Requests with formal differences from the examples are read; those that may ask for something else are not."""

# ruff: noqa: RUF001 - requests in several scripts
from __future__ import annotations

import time
import unicodedata
from typing import NamedTuple

import pytest

from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.views import views


class Kind(NamedTuple):
    """A kind of request.

    Attributes:
        pattern: With "{}" where the content stands.
        contents: Of six examples.
        read: Requests that ask for the same, with their content.
        unread: Requests that may ask for something else.
    """

    pattern: str
    contents: tuple[str, ...]
    read: dict[str, str]
    unread: tuple[str, ...]


_WORDS = ("pear fig apple", "kiwi lime", "plum grape date cherry", "melon mango", "olive lemon fig", "peach berry")
_NUMBERS = ("12", "7", "230", "48", "5", "91")

KINDS = {
    "open end": Kind(
        "Sort these words: {}",
        _WORDS,
        {
            "sort these words: oak elm": "oak elm",
            "SORT THESE WORDS: oak elm": "oak elm",
            "Sort  these\twords :\noak elm": "oak elm",
            "Please sort these words: oak elm": "oak elm",
            "Sort, please, these words: oak elm": "oak elm",
            "Merhaba! Sort these words: oak elm": "oak elm",
            "Good morning, please sort these words: oak elm": "oak elm",
            "Sort these words： oak elm": "oak elm",
        },
        (
            "Sort these words oak elm",
            "Sort these words: oak elm thanks",
            "Sort these words: oak elm, danke",
            "Sort these words: please oak elm",
            "Sort these words: oak elm.",
            "Sort these Words: oak elm",
            "Never sort these words: oak elm",
            "Sort these: words oak elm",
            '"Sort these words: oak elm"',
            "Sort these words, hello: oak elm",
            "Sort hello these words: oak elm",
            "Sort theses words: oak elm",
        ),
    ),
    "closed end": Kind(
        "Write the name {} backwards.",
        ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Niklaus"),
        {
            "write the name Tony backwards": "Tony",
            "Write the name Tony backwards!": "Tony",
            "Write the name Tony backwards, please.": "Tony",
            "Write the name Tony backwards. Thank you!": "Tony",
            "Write the name Tony backwards。": "Tony",
            "Excuse me, write the name Tony backwards.": "Tony",
            "Scusi! Write the name Tony backwards, many thanks in advance.": "Tony",
        },
        (
            "Write the name Tony backwards twice.",
            "Write the name Tony please backwards.",
            "Write the name Tony backwards (please).",
            "Write the name Tony thanks backwards.",
            "Write the name Tony backwards. Thank you letters!",
            "Excuse me twice, write the name Tony backwards.",
            "Write the name Tony backwards in advance.",
        ),
    ),
    "units": Kind(
        "Convert the size {} MB to Mb.",
        _NUMBERS,
        {
            "convert the size 8 MB to Mb.": "8",
            "Convert the size 8  MB to Mb": "8",
            "Bonjour, convert the size 8 MB to Mb. Merci !": "8",
        },
        ("convert the size 8 mb to mb.", "CONVERT THE SIZE 8 MB TO MB.", "Convert the size 8 Mb to Mb."),
    ),
    "words beside numbers": Kind(
        "How far is {} miles at sea in kilometres?",
        _NUMBERS,
        {"HOW FAR IS 8 MILES AT SEA IN KILOMETRES?": "8", "How far is 8 miles at sea in kilometres": "8"},
        ("How far IS 8 miles AT sea IN kilometres?", "HOW FAR IS 8 MILES ON LAND IN KILOMETRES?"),
    ),
    "Japanese": Kind(
        "{}を逆から読んでください。",
        ("さくら", "ひまわり", "つばき", "もみじ", "あさがお", "すみれ"),
        {"きくを逆から読んで下さい。": "きく", "きくを逆から読んでください": "きく"},
        (
            "きくを逆から読まないでください。",
            "きくを読んでください。",
            "きくを逆から二回読んでください。",
            "すみません、きくを逆から読んでください。",  # at the beginning it may be data
        ),
    ),
    "Chinese": Kind(
        "{}元等于多少分？",
        _NUMBERS,
        {"请问8元等于多少分？": "8", "不好意思，8元等于多少分": "8", "8元等于多少分?": "8"},
        ("8美元等于多少分？", "8元不等于多少分？", "8元等于多少角？", "请问题8元等于多少分？"),
    ),
    "letter": Kind(
        "How many times does the word cat hold the letter e in this text: {}",
        _WORDS,
        {"how many times does the word cat hold the letter e in this text: oak elm": "oak elm"},
        (
            "How many times does the word Cat hold the letter e in this text: oak elm",
            "How many times does the word cat hold the letter E in this text: oak elm",
            "HOW MANY TIMES DOES THE WORD CAT HOLD THE LETTER E IN THIS TEXT: oak elm",
        ),
    ),
    "quoted": Kind(
        'How often is “The” in the text "{}"?',
        _WORDS,
        {'How often is "The" in the text «oak elm»': "oak elm"},
        ('how often is “the” in the text "oak elm"?', 'HOW OFTEN IS “THE” IN THE TEXT "oak elm"?'),
    ),
    "a number at the end": Kind(
        "What is twice the number {}",
        _NUMBERS,
        {
            "What is twice the number 8?": "8",
            "what is twice the number 8": "8",
            "What is twice the number 8, thanks": "8",
        },
        ("What is twice the number 8!", "What is twice the number 8%", "What is twice the number -", "What is twice 8"),
    ),
    "courtesy in the examples": Kind(
        "Please say in French: {}",
        _WORDS,
        {"Say in French: oak elm": "oak elm", "Say in French, please: oak elm": "oak elm"},
        (
            "Please say hello in French: oak elm",
            "Say thanks in French: oak elm",
            "Please do not say in French: oak elm",
        ),
    ),
    "thanks in the wording": Kind(
        "Write a thank you letter to this person: {}",
        ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Niklaus"),
        {"write a thank you letter to this person: Tony": "Tony"},
        ("Write a letter to this person: Tony",),
    ),
    "unspaced": Kind(
        "请把下面的数字加起来：{}",
        ("3, 5", "1, 2, 9", "10, 4", "8, 5, 12", "20, 3", "2, 70"),
        {
            "把下面的数字加起来: 4, 4": "4, 4",
            "你好！请把下面的数字加起来：4, 4。": "4, 4",
            "请把下面的数字加起来：4, 4，谢谢": "4, 4",
        },
        ("请别把下面的数字加起来：4, 4", "请把下面的偶数加起来：4, 4"),
    ),
    "right to left": Kind(
        "اكتب هذه الكلمة بالمقلوب: {}",
        ("بيت", "شجرة", "قلم", "كتاب", "بحر", "جبل"),
        {"مرحبا، اكتب هذه الكلمة بالمقلوب : ورد": "ورد", "من فضلك اكتب هذه الكلمة بالمقلوب: ورد": "ورد"},
        ("لا تكتب هذه الكلمة بالمقلوب: ورد", "اكتب هذه الكلمة بالمقلوب: ورد شكرا"),
    ),
}


def parser_of(kind: Kind) -> RequestParser:
    return views([kind.pattern.format(content) for content in kind.contents])[0].parser


@pytest.mark.parametrize("name", KINDS)
def test_formal_changes_are_read(name: str) -> None:
    kind = KINDS[name]
    parser = parser_of(kind)
    for request, content in kind.read.items():
        same = parser.parse(kind.pattern.format(content))
        assert same is not None
        assert parser.parse(request) is None, "it tests nothing otherwise"
        for text in (request, unicodedata.normalize("NFD", request)):
            found = parser.read(text)
            assert found is not None, text
            assert str(found) == unicodedata.normalize("NFC", str(same)) or found == same, text


@pytest.mark.parametrize("name", KINDS)
def test_requests_that_may_ask_for_something_else_are_not_read(name: str) -> None:
    parser = parser_of(KINDS[name])
    assert [request for request in KINDS[name].unread if parser.read(request) is not None] == []


def test_a_parser_that_reads_any_text_reads_no_more() -> None:
    parser = views([f"{first}, {last}" for first, last in (("Ada", "Li"), ("Bo", "Roe"), ("Cy", "Ng"))])[0].parser
    assert not parser.is_distinctive
    assert parser.read("hello") == parser.parse("hello")


@pytest.mark.parametrize("filling", ["\n", " ", "please ", "hi! ", "?", "a", "number "])
def test_time_is_linear(filling: str) -> None:
    parser = parser_of(KINDS["a number at the end"])
    request = f"hello, what is twice the number {filling * (80_000 // len(filling))} x"
    began = time.process_time()
    assert parser.read(request) is None
    assert time.process_time() - began < 2
