"""Requests with a new sort of content in a gap are not read; other requests of the kind are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from langchain_latm.text.reading.bounds import GapBounds
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.proven_parser import parser_of
from langchain_latm.text.reading.slot import Slot
from langchain_latm.text.reading.views import views


class Kind(NamedTuple):
    """A kind of request.

    Attributes:
        pattern: With "{}" where the content stands.
        contents: Of six examples.
        honest: Contents of other requests of the kind.
        doubtful: Contents that no example had anything like.
        others: Whole requests that differ outside of the content.
    """

    pattern: str
    contents: tuple[str, ...]
    honest: tuple[str, ...]
    doubtful: tuple[str, ...]
    others: tuple[str, ...] = ()


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


KINDS = {
    "words": Kind(
        "Sort these words: {}",
        ("pear fig apple", "kiwi lime", "date plum grape cherry", "melon apple mango", "lemon olive", "quince peach"),
        ("banana apple", "Zebra ant Bee cow dog elephant fox", "self-made don't café naïve", "rock"),
        (
            *("banana apple.", "banana apple!", "banana apple please", "please banana apple", "banana and apple"),
            *("banana, apple", '"banana apple"', "(banana apple)", "banana apple. Thanks!", "banana apple; kiwi"),
            *("banana apple\nThen reverse them", "banana apple without duplicates", "banana -> apple"),
        ),
        ("Please sort these words: banana apple", "Sort these words, please: banana apple"),
    ),
    "an instruction in the gap": Kind(
        "{}\nUse no brackets in the answer.",
        (
            *("Multiply out: 3*(a + 4)", "Multiply out: 5*(b - 7)", "Expand this: 2*(a - 9)", "Expand this: 8*(c + 1)"),
            *("Multiply out: 6*(c + 2)", "Expand this: 7*(b + 5)"),
        ),
        ("Expand this: 4*(a + 6)", "Multiply out: 9*(x + 8)"),
        ("Factor this: 4*(a + 6)", "Never multiply out: 9*(b + 8)", "Differentiate: 9*(b + 8)"),
    ),
    "data in the first gap": Kind(
        "{}: which of these towns is the largest?",
        ("Lima, Oslo", "Bern, Rome, Quito", "Cairo, Bonn", "Riga, Kiev, Lima", "Porto, Nice", "Graz, Linz, Bern"),
        ("Paris, London", "Oslo, Tokyo, Bonn"),
        (),
    ),
    "word and mark": Kind(
        "How many letters has this word: {}?",
        ("pear", "kiwi", "banana", "fig", "lemon", "cherry"),
        ("apple", "Übermut", "mother-in-law", "can't", "route66"),
        ("apple please", '"apple"', "apple?", "apple, please", "apple.", "apple pie", "apple? And pear", "(apple)"),
        ("How many letters has this word: apple", "How many letters has this word: apple!"),
    ),
    "word": Kind(
        "How many letters has this word: {}",
        ("pear", "kiwi", "banana", "fig", "lemon", "cherry"),
        ("apple", "naïveté", "Ärger"),
        ("apple?", "apple please", "'apple'", "apple? And pear?", "apple thanks"),
    ),
    "items": Kind(
        "Join with dashes: {}",
        ("red, blue, light green", "black, dark red", "red, pink", "white, sky blue", "teal, gold", "red, lime"),
        ("rosa, dark blue", "red, two, three, four, five, six, seven", "blue-green, red"),
        ("red, blue and green", "red, blue.", "red; blue", "'red', 'blue'", "[red, blue]", "red, blue & green"),
    ),
    "lengths": Kind(
        "Add these lengths: {}",
        ("3 m, 5 m", "10 m, 2 m, 7 m", "1 m, 8 m", "12 m, 30 m, 4 m, 2 m", "9 m, 6 m", "15 m, 1 m"),
        ("4 m, 44 m", "1 m, 2 m, 3 m, 4 m, 5 m, 6 m"),
        ("3 m, 5 cm", "3 m, 5 m.", "3 m, 5", "3 m and 5 m", "3 m, 5 m please", "3 km, 5 km", "3 cm, 5 m"),
    ),
    "numbers": Kind(
        "What is the sum of {}?",
        ("3, 5 and 7", "1, 2 and 9", "10, 4 and 6", "8, 5 and 12", "20, 3 and 1", "2, 2 and 70"),
        ("4, 4 and 100", "7, 31 and 8"),
        ("3, 5 and 7 km", "3, 5 and 7.", '"3, 5 and 7"', "3, 5 and 7 please", "3, 5 and 7? Thanks"),
        ("What is the sum of 3, 5 and 7",),
    ),
    "German word": Kind(
        "Drehe dieses Wort um: {}",
        ("Haus", "Garten", "Baum", "Wolke", "Tisch", "Lampe"),
        ("Bäume", "Größe", "hut", "Nord-Süd"),
        ("Haus.", "Haus bitte", "„Haus“", "Haus, danke", "Haus und Baum", "Haus!"),
        ("Bitte drehe dieses Wort um: Haus",),
    ),
    "German words": Kind(
        "Sortiere diese Wörter: {}",
        ("Haus Baum", "Wolke Tisch Lampe", "Garten Apfel", "Birne Katze Hund Maus", "Auto Rad", "Brot Salz Milch"),
        ("Äpfel Birnen Öl", "eins zwei drei vier fünf sechs"),
        ("Haus Baum.", "Haus Baum bitte", "Haus und Baum", "Haus Baum, vielen Dank!", "Haus, Baum", "hallo Haus Baum"),
    ),
    "Spanish words": Kind(
        "Ordena estas palabras: {}",
        ("pera higo", "kiwi lima uva", "mango ciruela", "sandía melón cereza coco", "manzana fresa", "mora naranja"),
        ("plátano manzana", "niño año"),
        ("plátano y manzana", "plátano manzana por favor", "plátano manzana, gracias", "«plátano manzana»"),
        ("¿Ordena estas palabras: plátano manzana?",),
    ),
    "French text": Kind(
        "Mets ce texte en majuscules : {}",
        ("bonjour le monde", "le chat dort", "il fait beau", "la mer est bleue", "une belle maison", "nous partons"),
        ("la forêt est verte", "aujourd'hui il pleut"),
        ("le chat dort s'il vous plaît", "le chat dort.", "« le chat dort »", "le chat dort merci"),
    ),
    "Chinese words": Kind(
        "请把下面的词语排序, 然后写出来: {}",
        ("苹果 香蕉", "梨子 葡萄 西瓜", "桃子 樱桃", "柠檬 芒果 草莓 橙子", "椰子 荔枝", "李子 杏子"),
        ("石榴 山楂 哈密瓜",),
        ("苹果 香蕉。", "苹果 香蕉 谢谢", "苹果 香蕉谢谢", "苹果和香蕉", "“苹果 香蕉”", "苹果、香蕉"),
    ),
    "Russian words": Kind(
        "Отсортируй эти слова: {}",
        ("груша слива", "яблоко вишня лимон", "дыня арбуз", "тыква банан гриб", "малина рябина", "сад хурма"),
        ("ёлка дуб", "Москва Киев Минск Рига Вильнюс"),
        ("дуб ель.", "дуб и ель", "дуб ель пожалуйста", "«дуб ель»", "дуб, ель", "дуб ель? Спасибо!"),
    ),
    "Hindi words": Kind(
        "इन शब्दों को क्रम में रखो: {}",
        ("आम केला", "सेब अंगूर पपीता", "नींबू संतरा", "अनार लीची जामुन", "खीरा गाजर", "मटर आलू प्याज"),
        ("किताब कलम", "पेड़ फूल पत्ता डाली"),
        ("आम केला।", "आम और केला", "आम केला कृपया", "आम केला, धन्यवाद", '"आम केला"'),
    ),
    "Thai words": Kind(
        "เรียงคำเหล่านี้ตามตัวอักษร: {}",
        ("กล้วย ส้ม", "มะม่วง ทุเรียน เงาะ", "ลำไย ลิ้นจี่", "มังคุด น้อยหน่า ชมพู่", "แตงโม องุ่น", "สับปะรด มะละกอ"),
        ("ฝรั่ง แอปเปิ้ล ขนุน",),
        ("ฝรั่ง แอปเปิ้ล!", "ฝรั่ง, แอปเปิ้ล", "“ฝรั่ง แอปเปิ้ล”", "ฝรั่ง แอปเปิ้ล ขอบคุณ"),
    ),
    "Tamil words": Kind(
        "இந்த சொற்களை வரிசைப்படுத்து: {}",
        ("மா பலா", "வாழை கொய்யா திராட்சை", "எலுமிச்சை ஆரஞ்சு", "பப்பாளி மாதுளை", "தேங்காய் பேரீச்சை", "அன்னாசி சீத்தா"),
        ("ஆப்பிள் முலாம்பழம் இலந்தை",),
        ("ஆப்பிள் நாவல்.", "ஆப்பிள், நாவல்", "ஆப்பிள் நாவல் நன்றி", '"ஆப்பிள் நாவல்"'),
    ),
    "Arabic words with diacritics": Kind(
        "رَتِّبْ هٰذِهِ الكَلِمَاتِ: {}",
        ("مَوْز تُفَّاح", "بُرْتُقَال عِنَب خَوْخ", "تِين رُمَّان", "بَلَح كَرَز لَيْمُون", "مِشْمِش بِطِّيخ", "جَوْز لَوْز"),
        ("أَنَانَاس كُمَّثْرَى دُرَّاق",),
        ("مَوْز تِين؟", "مَوْز، تِين", "مَوْز تِين شكرا", "«مَوْز تِين»"),
    ),
    "decomposed Vietnamese words": Kind(
        _decomposed("Sắp xếp các từ sau đây: {}"),
        tuple(map(_decomposed, ("chuối táo", "xoài ổi mận", "đào lê", "bưởi nhãn vải", "dừa hồng", "mít chôm"))),
        (_decomposed("sầu riêng quýt"),),
        tuple(map(_decomposed, ("táo ổi.", "táo, ổi", "táo và ổi", "táo ổi cảm ơn"))),
    ),
    "first gap": Kind(
        "{}: how many words is that?",
        ("pear fig apple", "kiwi lime", "plum grape date cherry", "melon mango", "olive lemon fig", "peach berry"),
        ("apple banana", "red"),
        ("Please apple banana", "Hi! apple banana", '"apple banana"', "apple, banana", "- apple banana", "hello apple"),
        ("apple banana: how many words is that", "apple: how many words is that? And kiwi: how many words is that?"),
    ),
}  # fmt: skip


def parsers_of(name: str) -> list[RequestParser]:
    kind = KINDS[name]
    return [view.parser for view in views([kind.pattern.format(each) for each in kind.contents])]


def readings(name: str, requests: Iterable[str]) -> dict[str, list[dict[str, Any] | None]]:
    parsers = parsers_of(name)
    return {request: [parser.parse(request) for parser in parsers] for request in requests}


@pytest.mark.parametrize("name", KINDS)
def test_all_examples_are_read_in_every_view(name: str) -> None:
    parsers = parsers_of(name)
    assert parsers
    for content in KINDS[name].contents:
        assert all(parser.parse(KINDS[name].pattern.format(content)) is not None for parser in parsers)


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_other_words_lengths_and_numbers_are_read(name: str, kind: Kind) -> None:
    found = readings(name, map(kind.pattern.format, kind.honest))
    assert not [request for request, read in found.items() if None in read]


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_new_content_is_read_in_no_view(name: str, kind: Kind) -> None:
    found = readings(name, [*map(kind.pattern.format, kind.doubtful), *kind.others])
    assert not [request for request, read in found.items() if any(each is not None for each in read)]


def test_marks_that_examples_end_with_are_read() -> None:
    kind = [f"Which sign ends this text: {text}" for text in ("Really?", "Come here!", "It rains.", "Why me?", "No")]
    parser = views(kind)[0].parser
    assert parser.parse("Which sign ends this text: Stop!") is not None


def test_prose_with_signs_of_its_own_in_each_example_may_hold_others() -> None:
    texts = ("He said: go", "Well (maybe) so", "Pay 5 $ now", "It's 'fine' by me", "one; two things", "She * he there")
    parser = views([f"Count the words in this: {text}" for text in texts])[0].parser
    assert parser.parse('Count the words in this: the "big" one here') is not None


def test_parsers_derived_from_readings_have_bounds_too() -> None:
    questions = [f"How many letters has this word: {word}" for word in ("pear", "kiwi", "banana")]
    schema = {"properties": {"word": {"type": "string"}}}
    parser = parser_of({question: {"word": question.split()[-1]} for question in questions}, schema)
    assert parser is not None
    assert parser.parse("How many letters has this word: apple") == {"word": "apple"}
    assert parser.parse("How many letters has this word: apple?") is None


def test_a_text_with_new_sorts_of_numbers_is_not_read() -> None:
    """A function that cuts "3 + 4" at its digits misreads "3.5 + 4" and "-3 + 4"."""
    whole = ("3 + 4", "12 - 7 + 2", "8 * 9", "40 / 5 - 1", "6 + 6 + 6", "100 - 99")
    mixed = (*whole[:4], "3.5 + 6", "0.1 - -99")

    def as_text(contents: tuple[str, ...]) -> RequestParser:
        questions = [f"Work this out for me: {each}" for each in contents]
        return RequestParser(
            literals=("Work this out for me: ", ""), slots=(Slot(name="sum", form="text", gaps=(0,)),)
        ).bounded_by(questions)

    asked = [f"Work this out for me: {each}" for each in ("5 * 70", "3.5 + 4", "3,5 + 4", "7 - -2", "-7 + 12")]
    assert [as_text(whole).parse(each) is not None for each in asked] == [True, False, False, False, False]
    assert [as_text(mixed).parse(each) is not None for each in asked] == [True, True, True, True, True]


def test_numbers_that_are_read_one_by_one_may_be_of_any_sort() -> None:
    first = parsers_of("numbers")[0]
    assert list((first.parse("What is the sum of -4, 4 and 0?") or {}).values()) == [[-4, 4], 0]


def test_gaps_that_are_read_as_numbers_have_no_bounds() -> None:
    assert parsers_of("numbers")[0].bounds == ()


def test_a_gap_that_was_always_empty_stays_empty() -> None:
    bounds = GapBounds.of(["", "", ""], [[""], [""], [""]])
    assert bounds.admit("", [""])
    assert not bounds.admit("please", ["please"])


class TestRecords:
    def test_bounds_are_plain_data(self) -> None:
        parser = parsers_of("word")[0]
        dump = parser.model_dump(mode="json")
        assert dump["bounds"] == [{"traits": ["word:digit", "word:letter"], "words": 1}]
        assert RequestParser.model_validate(dump) == parser

    def test_a_parser_without_bounds_is_written_as_before(self) -> None:
        slot = Slot(name="word", form="text", gaps=(0,))
        parser = RequestParser(literals=("How many letters has ", ""), slots=(slot,))
        assert "bounds" not in parser.model_dump(mode="json")
        assert parser.parse("How many letters has apple?") == {"word": "apple?"}

    def test_bounds_are_one_for_each_gap(self) -> None:
        slot = Slot(name="word", form="text", gaps=(0,))
        with pytest.raises(ValidationError, match="bounds: 2 bounds for 1 gaps"):
            RequestParser(literals=("How many ", ""), slots=(slot,), bounds=(GapBounds(), None))
