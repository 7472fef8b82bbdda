"""Tables of a domain are programs; code with the answers of the examples is not."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from langchain_latm.making.memorising import hard_coded_answers
from langchain_latm.types import Example

GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
CAPITALS = {
    "Chile": "Santiago",
    "Kenya": "Nairobi",
    "Norway": "Oslo",
    "Peru": "Lima",
    "Egypt": "Cairo",
    "Japan": "Tokyo",
    "Cuba": "Havana",
    "Iran": "Tehran",
    "Ghana": "Accra",
}


def examples(pairs: Sequence[tuple[str, str]]) -> tuple[list[Example], list[Example]]:
    """Return the first half as shown examples, the rest as unseen ones."""
    made = [Example(question=question, answer=answer) for question, answer in pairs]
    return made[: len(made) // 2], made[len(made) // 2 :]


def body(code: str) -> str:
    return f'def answer(text: str) -> str:\n    """Do it."""\n    {code}\n'


MONTHS = examples([(f"Nenne den Monat von 2024-{n:02}-11", GERMAN[n - 1]) for n in (3, 7, 12, 1, 9, 10)])
COUNTRIES = examples([(f"Capital of {name}?", city) for name, city in list(CAPITALS.items())[:6]])
SORTED = examples(
    [
        (f"Sort: {' '.join(reversed(w.split()))}", w)
        for w in ("ape bee cat", "dog elk fox", "gnu hen ibis", "jay koi lynx", "mole newt owl", "pug rat swan")
    ]
)


@pytest.mark.parametrize(
    ("source", "given"),
    [
        pytest.param(body(f"return {GERMAN}[int(text[-5:-3]) - 1]"), MONTHS, id="names by number"),
        pytest.param(body(f"return {dict(enumerate(GERMAN, 1))}[int(text[-5:-3])]"), MONTHS, id="numbered names"),
        pytest.param(body(f"return {' '.join(GERMAN)!r}.split()[int(text[-5:-3]) - 1]"), MONTHS, id="split text"),
        pytest.param(f"TABLE = {CAPITALS}\n\n\n" + body("return TABLE[text]"), COUNTRIES, id="capitals"),
        pytest.param(body(f"return dict({list(CAPITALS.items())})[text]"), COUNTRIES, id="rows"),
        pytest.param(
            body(f"return {{k: [v, len(v)] for k, v in {CAPITALS}.items()}}[text][0]"), COUNTRIES, id="used inside"
        ),
        pytest.param(body("return ' '.join(sorted(text.split()))"), SORTED, id="no table"),
    ],
)
def test_a_table_of_a_domain_is_a_program(source: str, given: tuple[list[Example], list[Example]]) -> None:
    assert hard_coded_answers(source, *given) == ()


def memorisers() -> dict[str, str]:
    shown, unseen = SORTED
    table = {each.question: each.answer for each in shown}
    junk = {f"Sort: {n}": f"word {n}" for n in range(9)}
    branches = "\n    ".join(f"if text == {each.question!r}:\n        return {each.answer!r}" for each in shown)
    cut = ", ".join(f"{each.question!r}: {each.answer[:4]!r} + {each.answer[4:]!r}" for each in shown)
    formatted = ", ".join(f'{each.question!r}: f"{{{each.answer[:4]!r}}}{each.answer[4:]}"' for each in shown)
    encoded = [base64.b64encode(each.answer.encode()).decode() for each in shown]
    points = [list(map(ord, each.answer)) for each in shown]
    fallback = " or ' '.join(sorted(text[6:].split()))"
    return {
        "whole questions": body(f"return {table}.get(text){fallback}"),
        "whole questions beside others": body(f"return {table | junk}.get(text){fallback}"),
        "unseen answers at other keys": body(
            f"return {table | {'x' + e.question: e.answer for e in unseen} | junk}.get(text)"
        ),
        "exactly the examples": body(f"return { {e.question: e.answer for e in (*shown, *unseen)} }[text]"),
        "branches": body(f"{branches}\n    return ' '.join(sorted(text[6:].split()))"),
        "match": body(
            "match text:\n"
            + "".join(f"        case {e.question!r}:\n            return {e.answer!r}\n" for e in shown)
            + "    return ''"
        ),
        "cut texts": body(f"return {{{cut}}}.get(text){fallback}"),
        "formatted texts": body(f"return {{{formatted}}}.get(text){fallback}"),
        "reversed": body(f"return {[e.answer[::-1] for e in shown]}[len(text) % 3][::-1]"),
        "base64": f"import base64\n\n\n{body(f'return base64.b64decode({encoded}[len(text) % 3]).decode()')}",
        "hexadecimal": body(f"return bytes.fromhex({[e.answer.encode().hex() for e in shown]}[0]).decode()"),
        "code points": body(f"return ''.join(map(chr, {points}[len(text) % 3]))"),
        "lists of words": body(f"return ' '.join({[e.answer.split() for e in shown]}[len(text) % 3])"),
        "bytes": body(f"return {[e.answer.encode() for e in shown]}[len(text) % 3].decode()"),
    }


@pytest.mark.parametrize(("name", "source"), memorisers().items(), ids=memorisers())
def test_a_memoriser_of_the_examples_is_found(name: str, source: str) -> None:
    found = hard_coded_answers(source, *SORTED)
    assert {each.answer for each in SORTED[0]} & set(found), name


def test_without_unseen_examples_every_table_is_one_of_shown_answers() -> None:
    shown, unseen = COUNTRIES
    source = body(f"return {CAPITALS}[text]")
    assert set(hard_coded_answers(source, [*shown, *unseen])) == set(list(CAPITALS.values())[:6])


def test_a_table_without_the_unseen_keys_is_not_a_domain() -> None:
    shown, _ = COUNTRIES
    cities = {each.question[11:-1]: each.answer for each in shown} | {
        "Mali": "Bamako",
        "Fiji": "Suva",
        "Oman": "Muscat",
    }
    assert len(hard_coded_answers(body(f"return {cities}.get(text, text)"), *COUNTRIES)) == len(shown)


@pytest.mark.parametrize("part", ["'a' + ", "f'{x}' + "])
def test_the_time_is_linear_in_the_code(part: str) -> None:
    source = body(f"x = text; return {part * 2_000}'b'")
    assert hard_coded_answers(source, *SORTED) == ()
