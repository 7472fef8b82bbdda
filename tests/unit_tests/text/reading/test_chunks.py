"""Gaps of words and numbers, choices, and questions that share too little to be aligned."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.chunks import in_chunks, is_choice
from langchain_latm.text.reading.views import unaligned_views, views

WORDS = ("pear, fig", "lime, kiwi, date", "plum, sloe", "elm, oak, ash", "tin, zinc", "lead, iron, gold")
FILTERS = {
    "English": [
        "Keep all numbers above 3 in this list: [4, 1, 7]",
        "Drop all numbers above 2.5 in this list: [1, 3.5]",
        "Keep all numbers below 10 in this list: [12, 9, 3, 4]",
        "Drop all numbers below 6 in this list: [6, 8, 1]",
        "Keep all numbers above 1 in this list: [2, 0]",
    ],
    "German": [
        "Behalte alle Zahlen über 3 aus der Liste: [4, 1, 7]",
        "Entferne alle Zahlen über 2.5 aus der Liste: [1, 3.5]",
        "Behalte alle Zahlen unter 10 aus der Liste: [12, 9, 3, 4]",
        "Entferne alle Zahlen unter 6 aus der Liste: [6, 8, 1]",
        "Behalte alle Zahlen über 1 aus der Liste: [2, 0]",
    ],
    "Russian": [
        "Оставь все числа выше 3 из списка: [4, 1, 7]",
        "Удали все числа выше 2.5 из списка: [1, 3.5]",
        "Оставь все числа ниже 10 из списка: [12, 9, 3, 4]",
        "Удали все числа ниже 6 из списка: [6, 8, 1]",
        "Оставь все числа выше 1 из списка: [2, 0]",
    ],
}


def test_a_verb_a_comparison_a_bound_and_a_list_are_four_arguments() -> None:
    for language, questions in FILTERS.items():
        first = views(questions)[0]
        assert [*first.annotations.values()] == ["str", "str", "float", "list[float]"], language
        read = first.parser.parse(questions[0])
        assert read, language
        assert [*read.values()] == [*(questions[0].split()[0], questions[0].split()[3], 3.0, [4.0, 1.0, 7.0])], language


def test_a_gap_is_split_only_if_all_questions_have_the_same_sequence() -> None:
    template = ("Wait ", ".")
    assert in_chunks(template, ["Wait 3 days.", "Wait 10 weeks."]) == ("Wait ", " ", ".")
    assert in_chunks(template, ["Wait 3 days.", "Wait ten weeks."]) == template
    assert in_chunks(template, ["Wait 3 days.", "Wait 4 more days."]) == template
    assert in_chunks(template, ["Wait 5 mars.", "Wait 7 juin."]) == template  # a date is one value
    assert in_chunks(template, ["Wait my dear.", "Wait your turn."]) == template  # nothing but words


def test_a_choice_recurs() -> None:
    assert is_choice(["up", "down", "Up", "up"])
    assert not is_choice(["up", "down", "left"])
    assert not is_choice(["a long text of words", "a long text of words"])


def test_a_lettered_list_is_one_argument_whatever_its_items_share() -> None:
    questions = [
        "Which is heaviest?\n(A) the red box of books\n(B) the green box of books\n(C) the old chair",
        "Which is heaviest?\n(A) the small box of tins\n(B) the old table\n(C) the oak chair",
        "Which is heaviest?\n(A) the sack\n(B) the oak chair\n(C) the lamp of the hall",
    ]
    first = views(questions)[0]
    assert first.parser.parse(questions[2]) == {"items": ["the sack", "the oak chair", "the lamp of the hall"]}


def test_words_shared_by_chance_do_not_split_sentences() -> None:
    questions = [
        "Read the clues. Ann sits near the door, and Bo sits near Cem. Bo is tall. Cem is not. Who wins?",
        "Read the clues. Di sits near the window, and Ed is tall. Flo stands near Ed. Ed smiles. Who wins?",
        "Read the clues. Gus runs near the lake, and Hal sits near Ida. Ida is old. Hal is ill. Who wins?",
    ]
    first = views(questions)[0].parser.parse(questions[0])
    assert first
    assert [*first.values()] == [["Ann sits near the door, and Bo sits near Cem", "Bo is tall", "Cem is not"]]


class TestUnaligned:
    QUESTIONS = (
        "a lorry 20 m long goes at 36 kmph ; how many seconds to pass a post ?",
        "how long needs a bus of 30 m , which goes at 54 kmph , for a post ?",
        "with 10 m of length and 72 kmph , when has a coach gone by ?",
    )

    def test_their_numbers_are_read_and_all_of_their_text(self) -> None:
        assert views(self.QUESTIONS) == []
        numbers, text = unaligned_views(self.QUESTIONS)
        assert numbers.parser.parse(self.QUESTIONS[1]) == {"numbers": [30, 54]}
        assert text.parser.parse(self.QUESTIONS[1]) == {"question": self.QUESTIONS[1]}

    def test_other_numbers_are_not_read(self) -> None:
        parser = unaligned_views(self.QUESTIONS)[0].parser
        assert parser.parse("does a tram of 25 m at 40 kmph pass ?") == {"numbers": [25, 40]}
        assert parser.parse("does a tram at 40 kmph pass 25 m ?") is None  # another order
        assert parser.parse("does a tram of 25 m at 40 kmph pass 3 m ?") is None  # one more
        assert parser.parse("does a tram of 25 feet at 40 kmph pass ?") is None  # another unit

    def test_varying_parts_may_have_new_values(self) -> None:
        asked = ("sum 3 pears , 4 figs", "what gives 1 dog with 2 cats ?", "9 cars , 8 lorries : together ?")
        parser = unaligned_views(asked)[0].parser
        assert parser.parse("how many are 5 knives by 6 forks ?") == {"numbers": [5, 6]}


def test_a_constant_word_between_two_numbers_is_wording() -> None:
    template = ("A room of ", " metres.")
    constant = ["A room of 3 x 4 metres.", "A room of 10 x 2 metres.", "A room of 7 x 7 metres."]
    assert in_chunks(template, constant) == ("A room of ", " x ", " metres.")
    changing = ["A room of 3 x 4 metres.", "A room of 10 by 2 metres."]
    assert in_chunks(template, changing) == ("A room of ", " ", " ", " metres.")


def test_a_constant_word_without_spaces_between_two_numbers_is_wording() -> None:
    questions = [f"{a}와 {b}를 더하기" for a, b in ((3, 5), (12, 7), (40, 8))]
    assert in_chunks(("", " 더하기"), questions) == ("", "와 ", "를 더하기")
    japanese = [f"{a}と{b}の積を求めてください。" for a, b in ((3, 5), (12, 7), (40, 8), (9, 2.5))]
    first = views(japanese)[0]
    assert [*(first.parser.parse("16 と 40の積を求めてください。") or {}).values()] == [16, 40]
    for other in ("16と40と6の積を求めてください。", "16か40の積を求めてください。", "16の積を求めてください。"):
        assert first.parser.read(other) is None
    changing = [
        f"{a}{word}{b}の値を求めてください。" for a, word, b in ((3, "足す", 5), (12, "引く", 7), (40, "足す", 8))
    ]
    assert in_chunks(("", "の値を求めてください。"), changing) == ("", "の値を求めてください。")


@pytest.mark.parametrize(
    "questions",
    [
        [f"Put these words in order {how}: {what}" for how, what in zip(("up", "down") * 3, WORDS, strict=True)],
        [f"رتب الكلمات التالية {how}: {what}" for how, what in zip(("تصاعديا", "تنازليا") * 3, WORDS, strict=True)],
    ],
)
def test_a_choice_before_a_colon_and_the_data_after_it_are_two_arguments(questions: list[str]) -> None:
    first = views(questions)[0]
    assert [*first.annotations.values()] == ["str", "list[str]"]
    assert [*(first.parser.parse(questions[0]) or {}).values()][1] == ["pear", "fig"]


def test_other_colons_are_data() -> None:
    for entries in (
        ["Ann: 3", "Bob: 4", "Cem: 3", "Dan: 9", "Eve: 1"],  # no choice
        ["up: 1: 2", "down: 3: 4", "up: 5: 6", "down: 1: 1", "up: 2: 7"],
        ["up: 3", "down: 4", "up 5", "down: 6", "up: 7"],
    ):
        found = views([f"Write this entry again please {each}" for each in entries])
        assert all(len(view.parser.literals) == 2 for view in found), entries


def test_requests_that_begin_with_the_same_word_are_cut_although_it_is_not_distinctive() -> None:
    questions = [f"Evaluate {a}*x + {b} at x = {c}." for a, b, c in ((3, 4, 2), (5, 1, -3), (2, 9, 0), (7, 7, 11))]
    assert views(questions) == []
    first = unaligned_views(questions)[0]
    assert first.annotations == {"text": "str", "number": "int"}
    assert first.parser.parse(questions[1]) == {"text": "5*x + 1", "number": -3}
    assert not first.parser.is_distinctive
