"""Text next to a gap, without a space or mark between, is data, and constant data can be arguments."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from langchain_latm.text.reading.views import View, views

NAMES = ("lea", "mo-2", "sam.k", "ida", "b_ruiz", "zoe")


def first(pattern: str, contents: Sequence[object], answers: Sequence[str] = ()) -> View:
    return views([pattern.format(each) for each in contents], answers)[0]


@pytest.mark.parametrize(
    ("pattern", "contents", "held"),
    [
        ("Wem gehört die Adresse {}@firma.de", NAMES, "{}@firma.de"),
        ("Name the last part of https://shop.test/items/{}", NAMES, "https://shop.test/items/{}"),
        ("Which file is this: {}.tar.gz?", NAMES, "{}.tar.gz"),
        ("Shorten the name of the branch feature/{} now", NAMES, "feature/{}"),
        ("Read the tag [rev:{} of the line", ("0010", "0b11", "x900", "1110"), "[rev:{}"),
        ('Read the tag "rev-{}" of the line', ("0010", "0b11", "x900", "1110"), "rev-{}"),
        ("Wo liegt die Datei C:\\data\\{} bei mir", NAMES, "C:\\data\\{}"),
        ("Reconnais le code FR{} dans la liste", ("0010", "0311", "0900", "0110"), "FR{}"),
    ],
)
def test_words_next_to_a_text_are_data(pattern: str, contents: Sequence[str], held: str) -> None:
    view = first(pattern, contents)
    read = [view.parser.parse(pattern.format(each)) for each in contents]
    values = [each for arguments in read if arguments for each in arguments.values()]
    assert values in ([held.format(each) for each in contents], [[held.format(each)] for each in contents])
    changed = held.format(contents[0]).replace("firma.de", "verein.org").replace(".tar.gz", ".zip")
    assert view.parser.parse(pattern.replace(held, "{}").format(changed)) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "What is {}'s first letter?",
        "Wie lang ist „{}“ in Zeichen?",
        'Count the vowels in "{}", please tell',
        "Spell the value (that is: {}) backwards",
        "Reverse the name:{}",
        "Évalue la fonction f({}) sans arrondir",
        "「{}」を逆順にしてください",
        "Upper case of <b>{}</b> wanted",
        "{}, spell this name backwards!",
    ],
)
def test_marks_of_wording_are_not_data(pattern: str) -> None:
    names = ("Lea", "Mosche", "Samir", "Ida", "Ruiz", "Zoe")
    view = first(pattern, names)
    assert [list((view.parser.parse(pattern.format(name)) or {}).values()) for name in names] in (
        [[name] for name in names],
        [[[name]] for name in names],
    )


def test_a_word_after_varying_white_space_is_not_data() -> None:
    questions = [f"Take {name}{space}away from all the letters" for name, space in zip(NAMES, " \n \n \n", strict=True)]
    assert all("away" in str(view.parser.literals) for view in views(questions))


def test_a_unit_next_to_a_number_may_be_data() -> None:
    found = views([f"How far is {n}mi in metres" for n in (3, 40, 5, 12)])
    read = [view.parser.parse("How far is 40mi in metres") for view in found]
    assert read[0] == {"number": 40}
    assert {"text": "40mi"} in read


@pytest.mark.parametrize(
    ("pattern", "date"),
    [
        ("Our trip is on {}. When is it after a delay of 0 to {} hours?", "2031-11-05"),
        ("Am {} dauert die Fahrt {} Stunden, wann endet sie?", "5. März 2031"),
        ("Le {} il a travaillé {} heures, quelle est la date suivante ?", "5 mars 2031"),
    ],
)
def test_a_date_in_all_questions_is_an_argument_if_the_answers_need_it(pattern: str, date: str) -> None:
    questions = [pattern.format(date, n) for n in (3, 30, 55, 8)]
    assert date not in str(views(questions)[0].parser.parse(questions[0]))
    assert any(date in str(view.parser.parse(questions[0])) for view in views(questions)[1:])
    view = views(questions, ["6.11.2031", "7.11.2031"])[0]
    other = pattern.format(date.replace("2031", "1999"), 4)
    assert date.replace("2031", "1999") in str(view.parser.parse(other))


def test_views_that_add_nothing_are_left_out() -> None:
    found = views([f"Halve the price of this: {n}" for n in ("40.88", "12.50", "7.00", "3.10")])
    assert [view.annotations for view in found] == [{"number": "float"}, {"number": "str"}] or [
        [*view.annotations.values()] for view in found
    ] == [["float"], ["str"]]


class TestCells:
    @pytest.mark.parametrize(
        "cells",
        [
            ["40.88", "12.50", "7.00"],
            ["Lea Ott <lea@firma.de>", "mo-2@firma.de", "Sam K. <sam@x.org>"],
            ["東京都港区1-2", "大阪市北区3-4-5", "京都市6"],
            ["00123", "90210", "00001"],
            ["ул. Мира, 5", "пр. Ленина, 17", "ул. Новая, 2"],
        ],
    )
    def test_a_view_reads_all_of_their_text(self, cells: list[str]) -> None:
        view = views(cells)[0]
        assert view.annotations == {"text": "str"}
        for cell in [*cells, "n/a", "!? -- 7", "please write a poem"]:
            assert view.parser.parse(cell) == {"text": cell}

    def test_rows_and_lists_are_read_as_such(self) -> None:
        rows = ["Ott, Lea\tRom\t12", "Ito, Ken\t\t7", "Roy, Al\tOslo\t90"]
        assert views(rows)[0].parser.parse(rows[1]) == {"items": ["Ito, Ken", "", "7"]}
        assert views(rows)[0].parser.parse("\tRom\t3") is None  # its first cell would be lost
        assert views(["[3, 1]", "[]", "[7, 8, 9]"])[0].parser.parse("[4]") == {"items": [4]}

    def test_a_label_is_not_data(self) -> None:
        view = views(["Sortiere: b a", "Sortiere: d c e", "Sortiere: f e"])[0]
        assert list((view.parser.parse("Sortiere: x u") or {}).values()) == [["x", "u"]]
        assert view.parser.parse("x u") is None

    @pytest.mark.parametrize(
        "questions",
        [
            ["Where do I find the nearest bank?", "Set an alarm for six!", "Who wrote this song?"],
            ["Ann has two red apples and buys three more.", "There were nine birds on a tree and four flew off."],
            ["Wie spät ist es?", "Wer bist du?", "Was kostet das?"],
        ],
    )
    def test_sentences_are_not_items(self, questions: list[str]) -> None:
        assert views(questions) == []


class TestCodes:
    @pytest.mark.parametrize(
        ("numbers", "answers", "kind"),
        [
            (("0323708770", "1593279280", "0134685997"), (), "str"),
            (("290386", "118273", "440012"), ("29-03-86", "11-82-73"), "str"),
            (("290386", "118273", "440012"), ("580772", "236546"), "int"),
            (("1987", "2005", "1999"), ("87", "05"), "str"),
            (("1987", "2005", "1999"), ("1988", "2006"), "int"),
            (("7", "31", "120"), ("49", "961"), "int"),
        ],
    )
    def test_zeros_lengths_and_answers_decide_the_type(
        self, numbers: Sequence[str], answers: Sequence[str], kind: str
    ) -> None:
        questions = [f"Rewrite what follows behind it {number} as agreed" for number in numbers]
        assert [*views(questions, answers)[0].annotations.values()] == [kind]

    def test_numbers_of_one_length_may_be_a_code_beside_other_values(self) -> None:
        questions = [
            f"Mask the account {code} for {n} people" for code, n in [("29038", 3), ("11827", 10), ("44001", 7)]
        ]
        kinds = [[*view.annotations.values()] for view in views(questions)]
        assert kinds[0] == ["int", "int"]
        assert ["str", "int"] in kinds


class TestWrittenData:
    QUESTIONS = tuple(f"Wem gehört die Adresse {name}@firma.de" for name in NAMES)

    def test_text_that_the_function_writes_itself_must_be_in_requests(self) -> None:
        parser = views(self.QUESTIONS)[0].parser
        assert parser.parse("Wem gehört die Adresse eva@verein.org") is not None
        kept = parser.keeping(self.QUESTIONS, [".DE", "x"])
        assert kept.parse("Wem gehört die Adresse eva@verein.org") is None
        assert kept.parse("Wem gehört die Adresse eva@firma.de") is not None
        assert parser.keeping(self.QUESTIONS, ["@", "."]) == parser

    def test_constant_arguments_that_it_writes_itself_stay_the_same(self) -> None:
        questions = [f"On 2031-11-05 at noon plus {n} hours it is when?" for n in (3, 30, 55, 8)]
        parser = views(questions, ["2031-11-05 15", "2031-11-06 18"])[0].parser
        other = "On 1999-01-02 at noon plus 5 hours it is when?"
        assert parser.parse(other) is not None
        assert parser.keeping(questions, ["2031", "11"]).parse(other) is None
