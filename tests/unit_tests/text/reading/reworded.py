"""Kinds of request, with twins that the parser must not read, and honest rewordings that it should."""

# ruff: noqa: RUF001 - requests in several scripts
from __future__ import annotations

from typing import NamedTuple


class Reworded(NamedTuple):
    """A kind.

    Attributes:
        template: How a request is put; `{}` stands for each part of the data.
        data: The data of its examples: the parts of each request.
        further: Data of other requests.
        twins: Templates of requests for something else.
        honest: Templates of requests for the same.
    """

    template: str
    data: tuple[tuple[str, ...], ...]
    further: tuple[tuple[str, ...], ...]
    twins: tuple[str, ...]
    honest: tuple[str, ...]


REWORDED = {
    "vowel_count": Reworded(
        "Count the vowels in the word {}.",
        (("harbor",), ("lantern",), ("meadow",), ("quiver",), ("saddle",), ("timber",)),
        (("violin",), ("walnut",), ("zipper",), ("orchid",)),
        (
            "Count the consonants in the word {}.",
            "Count the vowels in the word {} twice.",
            "Count the vowels in the word {} except e.",
            "Count the vowels in the plural of the word {}.",
        ),
        (
            "COUNT THE VOWELS IN THE WORD {}.",
            "Please count the vowels in the word {}",
            "Count the vowels in the word “{}”.",
            "Count the vowels in the word: {}",
        ),
    ),
    "interest": Reworded(
        "How much simple interest does ${} earn at {}% per year?",
        (("1000", "5"), ("250", "4"), ("800", "3"), ("1200", "10"), ("90", "20"), ("640", "25")),
        (("75", "8"), ("3000", "2"), ("450", "6"), ("520", "15")),
        (
            "How much compound interest does ${} earn at {}% per year?",
            "How much simple interest does ${} earn at {}% per month?",
            "How much simple interest does ${} earn at {}% per year after tax?",
            "How much simple interest doesn't ${} earn at {}% per year?",
        ),
        (
            "how much simple interest does ${} earn at {}% per year",
            "How much simple interest does ${} earn at {} % per year?",
            "Hello! How much simple interest does ${} earn at {}% per year? Thanks.",
            "How much simple interest does $ {} earn at {}% per year?",
        ),
    ),
    "gross": Reworded(
        "Schreibe die Wörter in Großbuchstaben: {}",
        (
            ("apfel, birne, nuss",),
            ("haus, hof",),
            ("wald, wiese, feld, bach",),
            ("tisch, stuhl",),
            ("rot, blau, gelb",),
            ("hund, katze, maus",),
        ),
        (("berg, tal",), ("brot, salz, milch",), ("zug, bus",), ("ring, kette, uhr",)),
        (
            "Schreibe die Wörter in Kleinbuchstaben: {}",
            "Schreibe die Wörter nicht in Großbuchstaben: {}",
            "Schreibe die Wörter in Großbuchstaben: {} rückwärts",
            "Schreibe die Wörter in Großbuchstaben ohne Kommas: {}",
        ),
        (
            "schreibe die Wörter in Großbuchstaben: {}",
            "Bitte schreibe die Wörter in Großbuchstaben: {}",
            "Schreibe die Wörter in Großbuchstaben:\n{}",
            "Schreibe die Wörter in Großbuchstaben: {}. Danke!",
        ),
    ),
    "minuten": Reworded(
        "Wie viele Minuten sind {} Stunden?",
        (("3",), ("12",), ("7",), ("24",), ("5",), ("48",)),
        (("9",), ("15",), ("2",), ("30",)),
        (
            "Wie viele Sekunden sind {} Stunden?",
            "Wie viele Minuten sind {} Tage?",
            "Wie viele Minuten sind {} halbe Stunden?",
            "Wie viele Minuten fehlen nach {} Stunden?",
        ),
        (
            "wie viele minuten sind {} stunden?",
            "Wie viele Minuten sind {} Stunden",
            "Guten Morgen, wie viele Minuten sind {} Stunden?",
            "Wie viele Minuten sind bitte {} Stunden?",
        ),
    ),
    "doble": Reworded(
        "¿Cuál es el doble de {}?",
        (("14",), ("8",), ("33",), ("120",), ("7",), ("56",)),
        (("91",), ("25",), ("62",), ("10",)),
        (
            "¿Cuál es el triple de {}?",
            "¿Cuál es el doble de {} menos uno?",
            "¿Cuál es el doble del cuadrado de {}?",
            "¿Cuál no es el doble de {}?",
        ),
        (
            "¿cuál es el doble de {}?",
            "Cuál es el doble de {}?",
            "Hola, ¿cuál es el doble de {}?",
            "¿Cuál es el doble de {}? Muchas gracias.",
        ),
    ),
    "zh_reverse": Reworded(
        "请把下面的词语倒过来写：{}",
        (("学校",), ("朋友",), ("电脑",), ("天空",), ("苹果",), ("老师",)),
        (("河流",), ("火车",), ("手机",), ("花园",)),
        (
            "请把下面的词语翻译成英文：{}",
            "请不要把下面的词语倒过来写：{}",
            "请把下面的词语倒过来写两遍：{}",
            "请把下面的句子倒过来写：{}",
        ),
        (
            "请把下面的词语倒过来写:{}",
            "把下面的词语倒过来写：{}",
            "您好，请把下面的词语倒过来写：{}",
            "请把下面的词语倒过来写：\n{}",
        ),
    ),
    "hi_sum": Reworded(
        "{} और {} का योग बताइए।",
        (("12", "7"), ("30", "45"), ("8", "19"), ("66", "3"), ("21", "54"), ("90", "11")),
        (("5", "5"), ("73", "18"), ("40", "26"), ("17", "62")),
        (
            "{} और {} का अंतर बताइए।",
            "{} और {} का योग मत बताइए।",
            "{} और {} के वर्गों का योग बताइए।",
            "{} और {} का योग शब्दों में बताइए।",
        ),
        (
            "{} और {} का योग बताइए",
            "कृपया {} और {} का योग बताइए।",
            "नमस्ते, {} और {} का योग बताइए।",
            "{} और {} का योग बताइए. धन्यवाद!",
        ),
    ),
    "ar_letters": Reworded(
        "كم عدد حروف كلمة {}؟",
        (("مدرسة",), ("كتاب",), ("شمس",), ("حديقة",), ("قمر",), ("سيارة",)),
        (("نافذة",), ("بحر",), ("مكتبة",), ("طاولة",)),
        (
            "كم عدد مقاطع كلمة {}؟",
            "كم عدد حروف العلة في كلمة {}؟",
            "كم عدد حروف جمع كلمة {}؟",
            "كم عدد حروف كلمة {} بدون تكرار؟",
        ),
        ("كم عدد حروف كلمة {}", "كم عدد حروف كلمة {}?", "من فضلك، كم عدد حروف كلمة {}؟", "كم عدد حروف كلمة «{}»؟"),
    ),
    "fr_age": Reworded(
        "Quel âge a une personne née en {} à la fin de {} ?",
        (("1980", "2020"), ("1955", "2001"), ("2003", "2015"), ("1971", "1999"), ("1990", "2024"), ("1968", "2010")),
        (("1944", "1970"), ("2010", "2022"), ("1932", "1988"), ("1985", "2005")),
        (
            "Quel âge a une personne née en {} au début de {} ?",
            "Quel âge aurait une personne morte en {} à la fin de {} ?",
            "Quel âge a une personne née en {} à la fin de {} en mois ?",
            "Quel âge n'a pas une personne née en {} à la fin de {} ?",
        ),
        (
            "quel âge a une personne née en {} à la fin de {} ?",
            "Quel âge a une personne née en {} à la fin de {}?",
            "Pardon, quel âge a une personne née en {} à la fin de {} ?",
            "Quel âge a une personne née en {} à la fin de {} ? Merci",
        ),
    ),
    "ja_upper": Reworded(
        "次の数字の中で一番大きいものはどれですか：{}",
        (("3、8、5",), ("12、40、7",), ("66、9",), ("1、2、3、4",), ("55、23、71",), ("10、90、30",)),
        (("8、6",), ("17、4、21、19",), ("33、44",), ("100、99、98",)),
        (
            "次の数字の中で一番小さいものはどれですか：{}",
            "次の数字の中で二番目に大きいものはどれですか：{}",
            "次の数字の中で一番大きい奇数はどれですか：{}",
            "次の数字の中で一番大きくないものはどれですか：{}",
        ),
        (
            "次の数字の中で一番大きいものはどれですか:{}",
            "すみません、次の数字の中で一番大きいものはどれですか：{}",
            "次の数字の中で一番大きいものはどれですか？ {}",
            "次の数字の中で一番大きいものはどれですか：\n{}",
        ),
    ),
    "longest": Reworded(
        "Find the longest of these names: {}",
        (
            ("Ann, Roberta, Tim",),
            ("Jo, Alexander",),
            ("Maria, Liz, Theodore, Al",),
            ("Sue, Benjamin",),
            ("Ed, Kim, Charlotte",),
            ("Pat, Ron, Dominic",),
        ),
        (("Ida, Max, Josephine",), ("Lou, Frederick",), ("Eve, Gus, Patricia",), ("Amy, Raymond, Bo",)),
        (
            "Find the shortest of these names: {}",
            "Find the second longest of these names: {}",
            "Find the longest of these names: {} but not the first",
            "Find the longest of these names: {}\nThen reverse it",
            "Find the longest of these names and its length: {}",
            "Find the longest of these names: {}; sort the rest",
        ),
        (
            "find the longest of these names: {}",
            "Could you find the longest of these names: {}",
            "Find the longest of these names: {}\n\nThanks!",
            "Find the longest of these names:  {}",
            "Please find the longest of these names – {}",
            "FIND THE LONGEST OF THESE NAMES: {}",
        ),
    ),
    "cube": Reworded(
        "Compute the cube of {} and add {}.",
        (("3", "4"), ("2", "9"), ("5", "1"), ("4", "12"), ("6", "7"), ("1", "30")),
        (("7", "2"), ("8", "5"), ("9", "11"), ("10", "3")),
        (
            "Compute the cube of {} and subtract {}.",
            "Compute the cube root of {} and add {}.",
            "Compute the cube of {} and add {} twice.",
            "Compute the cube of {} and add {} squared.",
            "Compute the cube of {} and add {}%.",
            "Compute the cube of {} and add -{}0/3.",
        ),
        (
            "Can you compute the cube of {} and add {}?",
            "compute the cube of {} and add {}",
            "Compute the cube of {}, and add {}.",
            "Compute the cube of {} and add {}!",
            "Hey, compute the cube of {} and add {}. Thx",
        ),
    ),
    "letzte": Reworded(
        "Gib den letzten Buchstaben von „{}“ aus.",
        (("Garten",), ("Himmel",), ("Lampe",), ("Musik",), ("Brunnen",), ("Kirsche",)),
        (("Hafen",), ("Zucker",), ("Papier",), ("Schnee",)),
        (
            "Gib den ersten Buchstaben von „{}“ aus.",
            "Gib den letzten Buchstaben von „{}“ groß aus.",
            "Gib die letzten Buchstaben von „{}“ aus.",
            "Gib den letzten Buchstaben von „{}“ nicht aus.",
            "Gib den vorletzten Buchstaben von „{}“ aus.",
        ),
        (
            'Gib den letzten Buchstaben von "{}" aus.',
            "Gib den letzten Buchstaben von »{}« aus.",
            "Gib bitte den letzten Buchstaben von „{}“ aus.",
            "Gib den letzten Buchstaben von '{}' aus.",
            "gib den letzten Buchstaben von „{}“ aus",
            "Gib den letzten Buchstaben von {} aus.",
        ),
    ),
    "es_ordena": Reworded(
        "Ordena alfabéticamente estas frutas: {}",
        (
            ("pera, uva, higo",),
            ("mango, kiwi",),
            ("limón, fresa, coco, piña",),
            ("melón, banana",),
            ("cereza, lima",),
            ("ciruela, mora, dátil",),
        ),
        (("naranja, guayaba",), ("papaya, sandía, mora",), ("nuez, almendra",), ("granada, caqui, níspero",)),
        (
            "Ordena por longitud estas frutas: {}",
            "Ordena alfabéticamente estas frutas al revés: {}",
            "No ordenes alfabéticamente estas frutas: {}",
            "Ordena alfabéticamente estas frutas: {} y cuéntalas",
            "Ordena alfabéticamente estas frutas: {}\nsin repetir",
        ),
        (
            "ordena alfabéticamente estas frutas: {}",
            "Por favor, ordena alfabéticamente estas frutas: {}",
            "Ordena alfabéticamente estas frutas:\n{}",
            "Ordena alfabéticamente, por favor, estas frutas: {}",
            "Ordena alfabéticamente estas frutas: {}. ¡Gracias!",
        ),
    ),
    "zh_area": Reworded(
        "一个长{}米、宽{}米的长方形面积是多少平方米？",
        (("3", "4"), ("12", "5"), ("7", "8"), ("20", "6"), ("9", "11"), ("15", "2")),
        (("30", "4"), ("6", "6"), ("25", "8"), ("14", "3")),
        (
            "一个长{}米、宽{}米的长方形周长是多少米？",
            "一个长{}米、宽{}厘米的长方形面积是多少平方米？",
            "一个长{}米、宽{}米的长方形面积是多少平方厘米？",
            "一个长{}米、宽{}米的三角形面积是多少平方米？",
            "一个长{}米、宽{}米的长方形面积的一半是多少平方米？",
        ),
        (
            "一个长{}米，宽{}米的长方形面积是多少平方米？",
            "一个长{}米、宽{}米的长方形面积是多少平方米?",
            "请问，一个长{}米、宽{}米的长方形面积是多少平方米？",
            "一个长 {} 米、宽 {} 米的长方形面积是多少平方米",
            "你好！一个长{}米、宽{}米的长方形面积是多少平方米？谢谢",
        ),
    ),
    "hi_reverse": Reworded(
        "इस शब्द को उल्टा लिखिए: {}",
        (("कमल",), ("नमक",), ("सड़क",), ("महल",), ("बगल",), ("कलम",)),
        (("नगर",), ("शहर",), ("बतख",), ("मटर",)),
        (
            "इस वाक्य को उल्टा लिखिए: {}",
            "इस शब्द को दो बार लिखिए: {}",
            "इस शब्द को उल्टा मत लिखिए: {}",
            "इस शब्द को अंग्रेज़ी में लिखिए: {}",
        ),
        (
            "इस शब्द को उल्टा लिखिए : {}",
            "कृपया इस शब्द को उल्टा लिखिए: {}",
            "इस शब्द को उल्टा लिखिए:\n{}",
            "इस शब्द को उल्टा लिखिए: '{}'",
            "नमस्कार! इस शब्द को उल्टा लिखिए: {}। धन्यवाद",
        ),
    ),
    "ar_diff": Reworded(
        "ما الفرق بين {} و {}؟",
        (("50", "20"), ("93", "41"), ("17", "8"), ("64", "30"), ("120", "75"), ("88", "19")),
        (("300", "250"), ("42", "6"), ("71", "70"), ("35", "15")),
        (
            "ما المجموع بين {} و {}؟",
            "ما الفرق بين {} و {} بالمئة؟",
            "ما الفرق بين مربع {} و {}؟",
            "ما نصف الفرق بين {} و {}؟",
        ),
        (
            "ما الفرق بين {} و {}?",
            "ما الفرق بين {} و {}",
            "مرحبا، ما الفرق بين {} و {}؟",
            "ما الفرق بين {} و {}؟ شكرا",
            "لو سمحت ما الفرق بين {} و {}؟",
        ),
    ),
    "fr_pluriel": Reworded(
        "Combien de lettres y a-t-il dans le mot « {} » ?",
        (("maison",), ("chat",), ("jardin",), ("fenêtre",), ("livre",), ("table",)),
        (("oiseau",), ("nuage",), ("fleur",), ("montagne",)),
        (
            "Combien de voyelles y a-t-il dans le mot « {} » ?",
            "Combien de lettres y a-t-il dans le pluriel du mot « {} » ?",
            "Combien de lettres différentes y a-t-il dans le mot « {} » ?",
            "Combien de lettres y a-t-il dans la phrase « {} » ?",
            "Combien de lettres n'y a-t-il pas dans le mot « {} » ?",
        ),
        (
            'Combien de lettres y a-t-il dans le mot "{}" ?',
            "combien de lettres y a-t-il dans le mot «{}»?",
            "Combien de lettres y a-t-il dans le mot “{}” ?",
            "Bonjour, combien de lettres y a-t-il dans le mot « {} » ?",
            "Combien de lettres y a-t-il dans le mot « {} » ? Merci d'avance",
        ),
    ),
    "ja_repeat": Reworded(
        "「{}」を三回繰り返してください。",
        (("犬",), ("猫",), ("空",), ("山",), ("海",), ("花",)),
        (("本",), ("水",), ("火",), ("星",)),
        (
            "「{}」を四回繰り返してください。",
            "「{}」を三回繰り返さないでください。",
            "「{}」を英語で三回繰り返してください。",
            "「{}」を三回逆に繰り返してください。",
            "「{}」以外を三回繰り返してください。",
        ),
        (
            "『{}』を三回繰り返してください。",
            "「{}」を三回繰り返してください",
            "すみませんが、「{}」を三回繰り返してください。",
            '"{}"を三回繰り返してください。',
            "「{}」を三回繰り返してください。ありがとうございます！",
        ),
    ),
    "ru_percent": Reworded(
        "Сколько будет {} процентов от {}?",
        (("10", "50"), ("20", "300"), ("5", "80"), ("50", "64"), ("25", "40"), ("75", "200")),
        (("15", "60"), ("30", "90"), ("40", "125"), ("60", "35")),
        (
            "Сколько будет {} процентов от половины {}?",
            "Сколько будет {} промилле от {}?",
            "Сколько будет {} процентов от {} в рублях?",
            "Сколько не будет {} процентов от {}?",
        ),
        (
            "сколько будет {} процентов от {}",
            "Скажите, сколько будет {} процентов от {}?",
            "Привет! Сколько будет {} процентов от {}?",
            "СКОЛЬКО БУДЕТ {} ПРОЦЕНТОВ ОТ {}?",
            "Сколько будет {} процентов от {}? Спасибо заранее!",
        ),
    ),
    "dedupe": Reworded(
        "Remove repeated words from this list: {}",
        (
            ("red, blue, red",),
            ("oak, oak, elm, fir",),
            ("one, two",),
            ("cat, dog, cat, dog",),
            ("tea, milk, tea",),
            ("sun, moon, star",),
        ),
        (("up, down, up",), ("ink, pen, ink, pad",), ("hat, coat, hat",), ("salt, salt",)),
        (
            "Remove repeated letters from this list: {}",
            "Remove repeated words from this list: {}\nKeep the last ones",
            "Remove repeated words from this list: {}. Sort it.",
            "Could you not remove repeated words from this list: {}",
            "Remove repeated words from this list: {}, ignoring case",
            "Remove repeated words from this list: not {}",
            "Remove repeated words from this list? {} or something else",
        ),
        (
            "Would you please remove repeated words from this list: {}",
            "Remove repeated words from this list:\n{}",
            "remove repeated words from this list: {}.",
            "REMOVE REPEATED WORDS FROM THIS LIST: {}",
            "Excuse me, remove repeated words from this list: {}\nThank you",
        ),
    ),
    "ounces": Reworded(
        "Convert {} pounds to ounces.",
        (("3",), ("12",), ("5",), ("40",), ("7",), ("22",)),
        (("9",), ("15",), ("60",), ("2",)),
        (
            "Convert {} ounces to pounds.",
            "Convert {} pounds to fluid ounces.",
            "Convert {} pounds to ounces and grams.",
            "Convert {} pounds to troy ounces.",
            "Don't convert {} pounds to ounces.",
            "Convert {} pounds to ounces?! No, to grams.",
        ),
        (
            "I need you to convert {} pounds to ounces.",
            "convert {} pounds to ounces",
            "Convert {} pounds to ounces, thanks",
            "Convert {} pounds, to ounces.",
            "Could you convert {} pounds to ounces?",
        ),
    ),
    "quersumme": Reworded(
        "Berechne die Quersumme der Zahl {}.",
        (("123",), ("908",), ("45",), ("7777",), ("31",), ("604",)),
        (("88",), ("2019",), ("56",), ("990",)),
        (
            "Berechne das Querprodukt der Zahl {}.",
            "Berechne die iterierte Quersumme der Zahl {}.",
            "Berechne die Quersumme der Zahl {} im Binärsystem.",
            "Berechne nie die Quersumme der Zahl {}.",
            "Berechne die Quersumme der Zahl {} hoch 2.",
        ),
        (
            "Bitte berechne die Quersumme der Zahl {}",
            "berechne die quersumme der zahl {}.",
            "Berechne die Quersumme der Zahl: {}",
            "Berechne die Quersumme der Zahl {}. Besten Dank!",
            "Hallo, berechne bitte die Quersumme der Zahl {}.",
        ),
    ),
    "es_iniciales": Reworded(
        "Escribe las iniciales de «{}».",
        (("Ana Ruiz",), ("Luis Mora Gil",), ("Eva Sanz",), ("Juan Paz Rey",), ("Rosa León",), ("Iván Díaz",)),
        (("Inés Vega Soto",), ("Marta Cruz",), ("Raúl Bosch",), ("Sara Nieto",)),
        (
            "Escribe las vocales de «{}».",
            "Escribe las iniciales de «{}» en minúsculas.",
            "Escribe las iniciales al revés de «{}».",
            "Escribe las iniciales del autor de «{}».",
            "No escribas las iniciales de «{}».",
        ),
        (
            'Escribe las iniciales de "{}".',
            "Escribe las iniciales de “{}”",
            "escribe las iniciales de «{}»",
            "Por favor, escribe las iniciales de «{}».",
            "Escribe las iniciales de '{}'.",
        ),
    ),
    "zh_count": Reworded(
        "数一数这句话有几个字：{}",
        (("我爱你",), ("今天下雨",), ("他在学校",), ("你吃饭了吗",), ("山很高",), ("我们去北京",)),
        (("猫在睡觉",), ("明天见",), ("老师来了",), ("水开了",)),
        (
            "数一数这句话有几个词：{}",
            "数一数这句话有几个不同的字：{}",
            "数一数这段话有几个字：{}",
            "不要数这句话有几个字：{}",
            "数一数这句话有几个字，不算标点：{}",
        ),
        (
            "数一数这句话有几个字:{}",
            "请数一数这句话有几个字：{}",
            "请帮我数一数这句话有几个字：{}",
            "数一数这句话有几个字：“{}”",
            "数一数这句话有几个字？{}",
        ),
    ),
    "hi_table": Reworded(
        "{} को {} से गुणा कीजिए।",
        (("4", "6"), ("12", "3"), ("7", "8"), ("15", "2"), ("9", "9"), ("30", "5")),
        (("11", "4"), ("6", "13"), ("25", "8"), ("40", "7")),
        (
            "{} को {} से भाग दीजिए।",
            "{} को {} से गुणा मत कीजिए।",
            "{} को {} से दो बार गुणा कीजिए।",
            "{} को {} से गुणा कीजिए और एक जोड़िए।",
        ),
        (
            "{} को {} से गुणा कीजिए",
            "{} को {} से गुणा कीजिए.",
            "कृपया {} को {} से गुणा कीजिए।",
            "{} को {} से गुणा कीजिए, धन्यवाद।",
            "नमस्ते! {} को {} से गुणा कीजिए।",
        ),
    ),
    "ar_upper": Reworded(
        "رتب هذه الكلمات أبجديا: {}",
        (
            ("تفاح، موز، عنب",),
            ("قلم، كتاب",),
            ("شمس، قمر، نجم",),
            ("باب، جدار",),
            ("وردة، شجرة، نهر",),
            ("أسد، نمر، فيل",),
        ),
        (("خبز، جبن",), ("بيت، شارع، مدينة",), ("حليب، شاي، قهوة",), ("سمك، لحم، رز",)),
        (
            "رتب هذه الكلمات عكسيا: {}",
            "رتب هذه الجمل أبجديا: {}",
            "لا ترتب هذه الكلمات أبجديا: {}",
            "رتب هذه الكلمات أبجديا: {} بدون تكرار",
            "عد هذه الكلمات أبجديا: {}",
        ),
        (
            "من فضلك رتب هذه الكلمات أبجديا: {}",
            "رتب هذه الكلمات أبجديا : {}",
            "رتب هذه الكلمات أبجديا:\n{}",
            "رتب هذه الكلمات أبجديا: {}. شكرا!",
            "مرحبا! رتب هذه الكلمات أبجديا: {}",
        ),
    ),
    "fr_moyenne": Reworded(
        "Calcule la moyenne de ces nombres : {}",
        (("4, 8",), ("10, 20, 30",), ("6, 6, 9",), ("12, 4",), ("100, 50, 30",), ("7, 9",)),
        (("3, 5, 10",), ("40, 60",), ("15, 25, 35",), ("2, 4, 6, 8",)),
        (
            "Calcule la médiane de ces nombres : {}",
            "Calcule la moyenne de ces nombres pairs : {}",
            "Calcule la moyenne des carrés de ces nombres : {}",
            "Calcule la moyenne de ces nombres : {} et 7",
            "Calcule la moyenne de ces nombres : {}\nArrondis au dixième",
        ),
        (
            "calcule la moyenne de ces nombres: {}",
            "Calcule la moyenne de ces nombres :\n{}",
            "S'il vous plaît, calcule la moyenne de ces nombres : {}",
            "Calcule la moyenne de ces nombres : {}. Merci beaucoup !",
            "CALCULE LA MOYENNE DE CES NOMBRES : {}",
        ),
    ),
    "ja_days": Reworded(
        "{}週間は何日ですか。",
        (("3",), ("5",), ("12",), ("7",), ("2",), ("10",)),
        (("4",), ("8",), ("20",), ("52",)),
        (
            "{}週間は何時間ですか。",
            "{}か月は何日ですか。",
            "{}週間後は何日ですか。",
            "{}週間は何日ではないですか。",
            "{}週間の平日は何日ですか。",
        ),
        (
            "{}週間は何日ですか？",
            "{}週間は、何日ですか。",
            "こんにちは。{}週間は何日ですか。",
            "{} 週間は何日ですか",
            "すみません、{}週間は何日ですか？",
        ),
    ),
}
