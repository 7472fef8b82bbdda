"""Kinds of request that were written after the handling of twins, to test it on unseen cases.

They are half of a larger set in eight languages; the others are not tested here.
"""

# ruff: noqa: RUF001 - requests in several scripts
from __future__ import annotations

from math import gcd

from tests.unit_tests.loop.more_twins import _each, _pairs
from tests.unit_tests.loop.twins import Kind


def _arrival(start: str, minutes: str) -> str:
    hour, minute = map(int, start.split(":"))
    total = (hour * 60 + minute + int(minutes)) % 1440
    return f"{total // 60:02d}:{total % 60:02d}"


FRESH_KINDS = (
    Kind(
        "arrival",
        "en",
        "A train leaves at {} and needs {} minutes. When does it arrive?",
        _pairs("08:15 50; 12:40 35; 17:05 125; 06:55 20; 21:30 45; 10:10 95; 14:20 55; 09:45 130; 19:00 75; 07:35 15"),
        "start: str, minutes: int",
        'f"{(int(start[:2]) * 60 + int(start[3:]) + minutes) % 1440 // 60:02d}:{(int(start[3:]) + minutes) % 60:02d}"',
        _arrival,
        lambda a, b: {"start": a, "minutes": int(b)},
        (
            "A train leaves at {} and needs {} hours. When does it arrive?",
            "A train leaves at {} and needs {} minutes. When is it halfway?",
            "A train leaves at {} and needs {} minutes more than an hour. When does it arrive?",
            "A train leaves at {} and needs {} minutes. When does it arrive? Write to Anna about it.",
            "A train left at {} and stopped for {} minutes. When does it arrive?",
        ),
        (
            "a train leaves at {} and needs {} minutes. When does it arrive?",
            "A train leaves at {} and needs {} minutes.  When does it arrive?",
            "A train leaves at {} and needs {} minutes. When does it arrive? Thanks a lot",
            "Good morning! A train leaves at {} and needs {} minutes. When does it arrive?",
            "A trian leaves at {} and needs {} minutes. When does it arrive?",
        ),
    ),
    Kind(
        "ohne_vokale",
        "de",
        "Streiche alle Vokale aus dem Wort {}.",
        _each("Fenster; Computer; Regenschirm; Bahnhof; Kalender; Teppich; Lampe; Schrank; Gitarre; Handschuh"),
        "word: str",
        '"".join(c for c in word if c.lower() not in "aeiou")',
        lambda t: "".join(c for c in t if c.lower() not in "aeiou"),
        lambda t: {"word": t},
        (
            "Streiche den ersten Vokal aus dem Wort {}.",
            "Streiche alle Vokale außer e aus dem Wort {}.",
            "Streiche alle Vokale aus dem englischen Wort für {}.",
            "Streiche alle doppelten Vokale aus dem Wort {}.",
            "Streiche alle Vokale aus dem Wort {} und kehre es um.",
        ),
        (
            "streiche alle Vokale aus dem Wort {}.",
            "Bitte streiche alle Vokale aus dem Wort {}.",
            "Streiche alle Vokale aus dem Wort {}",
            "Streiche alle  Vokale aus dem Wort {}.",
            "Streiche alle Vokalle aus dem Wort {}.",
        ),
    ),
    Kind(
        "remise",
        "fr",
        "Quel est le prix de {} euros après une remise de {} pour cent ?",
        _pairs("200 10; 80 25; 150 20; 60 50; 300 15; 40 5; 120 30; 500 12; 250 40; 90 10"),
        "price: int, percent: int",
        "price * (100 - percent) // 100",
        lambda a, b: str(int(a) * (100 - int(b)) // 100),
        lambda a, b: {"price": int(a), "percent": int(b)},
        (
            "Quel est le prix de {} euros avant une remise de {} pour cent ?",
            "Quel est le prix de {} euros après deux remises de {} pour cent ?",
            "Quel est le prix hors taxe de {} euros après une remise de {} pour cent ?",
            "Quel est le prix de {} euros après une remise de {} euros ?",
            "Quel est le prix de {} euros après une remise de {} pour cent in dollars ?",
        ),
        (
            "quel est le prix de {} euros après une remise de {} pour cent ?",
            "Quel est le prix de {} euros après une remise de {} pour cent",
            "Bonjour, quel est le prix de {} euros après une remise de {} pour cent ? Merci beaucoup",
            "Quel est le prix de {} euros apres une remise de {} pour cent ?",
            "Quel est le  prix de {} euros après une remise de {} pour cent?",
        ),
    ),
    Kind(
        "ultima",
        "es",
        "Dime la última palabra de la frase: {}",
        _each(
            "me gusta el café; nos vemos mañana; hace mucho calor; el gato negro duerme; ven aquí pronto; "
            "la puerta está abierta; compro pan integral; ella toca el piano; vivimos cerca del río; todo salió bien"
        ),
        "sentence: str",
        "sentence.split()[-1]",
        lambda t: t.split()[-1],
        lambda t: {"sentence": t},
        (
            "Dime la primera palabra de la frase: {}",
            "Dime la última palabra de la frase en inglés: {}",
            "Dile a Marta la última palabra de la frase: {}",
            "Dime la última palabra de la frase: {} - y la primera también",
            "Dime la palabra más larga de la frase: {}",
        ),
        (
            "dime la última palabra de la frase: {}",
            "Dime la última palabra de la frase : {}",
            "Dime la ultima palabra de la frase: {}",
            "Por favor dime la última palabra de la frase: {}",
            "DIME LA ÚLTIMA PALABRA DE LA FRASE: {}",
        ),
    ),
    Kind(
        "yuan_zh",
        "zh",
        "{}元等于多少分？",
        _each("3; 12; 45; 7; 88; 20; 150; 6; 31; 9"),
        "yuan: int",
        "yuan * 100",
        lambda t: str(int(t) * 100),
        lambda t: {"yuan": int(t)},
        (
            "{}分等于多少元？",
            "{}美元等于多少分？",
            "{}元不等于多少分？",
            "{}元的一半等于多少分？",
            "{}元大约等于多少分？",
        ),
        (
            "{}元等于多少分",
            "请问{}元等于多少分？",
            "{}元等于多少分?",
            "你好，{}元等于多少分？",
            "{} 元等于多少分？",
        ),
    ),
    Kind(
        "gcd_ja",
        "ja",
        "{}と{}の最大公約数を求めてください。",
        _pairs("12 18; 20 35; 48 64; 9 28; 42 56; 100 75; 27 36; 16 40; 51 17; 60 84"),
        "a: int, b: int",
        "max(n for n in range(1, min(a, b) + 1) if a % n == 0 and b % n == 0)",
        lambda a, b: str(gcd(int(a), int(b))),
        lambda a, b: {"a": int(a), "b": int(b)},
        (
            "{}と{}の最小公倍数を求めてください。",
            "{}と{}の最大公約数を求めないでください。",
            "{}と{}の最大公約数の二倍を求めてください。",
            "{}と{}の最大公約数を素因数分解してください。",
            "{}と{}と6の最大公約数を求めてください。",
        ),
        (
            "{}と{}の最大公約数を求めてください",
            "{} と {} の最大公約数を求めてください。",
            "{}と{}の最大公約数を求めて下さい。",
            "すみません、{}と{}の最大公約数を求めてください。",
            "{}と{}の最大公約数を求めてください。ありがとうございます。",
        ),
    ),
    Kind(
        "grams_hi",
        "hi",
        "{} किलोग्राम में कितने ग्राम होते हैं?",
        _each("3; 12; 45; 7; 88; 20; 150; 6; 31; 9"),
        "kilograms: int",
        "kilograms * 1000",
        lambda t: str(int(t) * 1000),
        lambda t: {"kilograms": int(t)},
        (
            "{} किलोग्राम में कितने मिलीग्राम होते हैं?",
            "{} किलोग्राम में कितने ग्राम नहीं होते हैं?",
            "आधे {} किलोग्राम में कितने ग्राम होते हैं?",
            "{} क्विंटल में कितने ग्राम होते हैं?",
            "{} किलोग्राम में कितने ग्राम होते हैं? उत्तर शब्दों में दें।",
        ),
        (
            "{} किलोग्राम में कितने ग्राम होते हैं",
            "नमस्ते, {} किलोग्राम में कितने ग्राम होते हैं?",
            "{} किलोग्राम  में कितने ग्राम होते हैं?",
            "{} किलोग्राम में कितने ग्राम होते है?",
            "कृपया बताइए, {} किलोग्राम में कितने ग्राम होते हैं?",
        ),
    ),
    Kind(
        "age_ar",
        "ar",
        "كم كان عمر شخص ولد عام {} في عام {}؟",
        _pairs(
            "1950 1990; 1932 1975; 1988 2010; 1971 2003; 1945 1960; 1966 2001; 1920 1987; 1990 2024; 1958 1999; "
            "1979 1985"
        ),
        "born: int, year: int",
        "year - born",
        lambda a, b: str(int(b) - int(a)),
        lambda a, b: {"born": int(a), "year": int(b)},
        (
            "كم كان عمر شخص توفي عام {} في عام {}؟",
            "كم كان عمر شخص ولد عام {} في عام {} بالأشهر؟",
            "كم كان عمر والد شخص ولد عام {} في عام {}؟",
            "كم لم يكن عمر شخص ولد عام {} في عام {}؟",
            "كم كان عمر شخص ولد عام {} في عام {} هجري؟",
        ),
        (
            "كم كان عمر شخص ولد عام {} في عام {}",
            "مرحبا، كم كان عمر شخص ولد عام {} في عام {}؟",
            "كم كان عمر شخص ولد عام {} في عام {}? شكرا",
            "كم كان  عمر شخص ولد عام {} في عام {}؟",
            "كم كان عمر شخص وُلد عام {} في عام {}؟",
        ),
    ),
)
