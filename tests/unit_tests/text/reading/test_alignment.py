"""Templates: the constant and the varying parts of the questions of a kind."""

from __future__ import annotations

import random
import re

import pytest

from langchain_latm.text.reading.alignment import MOST_TOKENS, templates
from langchain_latm.text.reading.gaps import Template, gaps_in
from tests.unit_tests.text.reading.test_views import KINDS, made_up

_WHOLE_NUMBER = re.compile(r"(?<![\w.,-])-?\d+(?:[.,:/-]\d+)*%?")


def edges(template: Template, question: str) -> list[int]:
    """Return the bounds of the gaps in a question."""
    text = question.strip()
    places = [len(template[0].lstrip())]
    for literal in template[1:-1]:
        start = text.index(literal, places[-1])
        places += [start, start + len(literal)]
    return [*places, len(text) - len(template[-1].rstrip())]


def numbers_cut(template: Template, question: str) -> list[str]:
    """Return the numbers of a question that are partly in a literal."""
    text = question.strip()
    return [
        found[0]
        for found in _WHOLE_NUMBER.finditer(text)
        for edge in edges(template, question)
        if found.start() < edge < found.end() and text[edge : edge + 1] != "%"
    ]


@pytest.mark.parametrize(
    ("kind", "finest"),
    [
        ("recipes", ("Scale this recipe from ", " to ", " servings: ", "")),
        ("dates", ("On which weekday does ", " fall?")),
        ("prices", ("The basket costs $", " before a discount of ", "%. What is left to pay?")),
        ("json", ("Flatten this nested list: ", "")),
        ("quotes", ('How many vowels does the sentence "', '" contain?')),
        ("frost", ("What is the mean of ", " degrees and ", " degrees, rounded down?")),
        ("lines", ("Order these planets by name:\n", "")),
    ],
)
def test_the_literals_are_the_constant_parts(kind: str, finest: Template) -> None:
    assert templates(KINDS[kind])[0] == finest


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_holds_for_every_question(kind: str) -> None:
    found = templates(KINDS[kind])
    assert found
    assert all(gaps_in(template, question) is not None for template in found for question in KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_questions_does_not_matter(kind: str) -> None:
    assert templates(KINDS[kind][::-1]) == templates(KINDS[kind])


def test_coarser_templates_leave_out_short_literals() -> None:
    found = templates(KINDS["shares"])
    assert [len(template) for template in found] == sorted((len(template) for template in found), reverse=True)
    assert found[0] == ("Ann gives ", " apples to ", ", then ", " apples to ", ". How many did she give away?")
    assert found[-1] == ("Ann gives ", ". How many did she give away?")


def test_a_word_in_all_questions_by_chance_is_not_in_a_coarser_template() -> None:
    questions = ["Sort these words: pear fig", "Sort these words: kiwi pear date", "Sort these words: lime pear"]
    assert templates(questions) == [("Sort these words: ", "pear", ""), ("Sort these words: ", "")]


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [""],
        ["Reverse the word abc"],
        ["Reverse the word abc", "Reverse the word abc"],
        ["Reverse the word abc", "Reverse the word abc ", "\nReverse the word abc"],
    ],
)
def test_equal_questions_have_no_template(questions: list[str]) -> None:
    assert templates(questions) == []


def test_questions_with_nothing_in_common_are_one_gap() -> None:
    assert templates(["abc", "123", "?"]) == [("", "")]
    assert templates(["", "abc"]) == [("", "")]


class TestLongQuestions:
    """7 tokens between the common beginning and end, and 5 in "1 2 3"."""

    FRAME = "Sum up all the numbers: {}. Thank you"

    def test_two_comparable_questions_give_the_template_of_all(self) -> None:
        longest, longer = (self.FRAME.format("1 " * count) for count in (MOST_TOKENS // 2, MOST_TOKENS))
        assert templates([self.FRAME.format("7"), longest]) == [("Sum up all the numbers: ", ". Thank you")]
        assert templates([self.FRAME.format("7"), longer]) == []
        assert templates([longer, longer.replace("1", "2")]) == []
        assert templates([longer, self.FRAME.format("7"), self.FRAME.format("8")]) == [
            ("Sum up all the numbers: ", ". Thank you")
        ]

    def test_a_template_must_fit_a_long_question_too(self) -> None:
        short = [f"Take {number} pears and weigh them" for number in (3, 4)]
        longer = "Take " + "1 " * MOST_TOKENS + "figs and weigh them"
        assert templates(short)[0] == ("Take ", " pears and weigh them")
        assert templates([*short, longer]) == []

    def test_common_beginnings_and_ends_may_be_long(self) -> None:
        rules, form = "Follow all the rules. " * MOST_TOKENS, " Answer in short." * MOST_TOKENS
        assert templates([f"{rules}Add 3 to 4.{form}", f"{rules}Add 5 to 12.{form}"]) == [
            (f"{rules}Add ", " to ", f".{form}"),
            (f"{rules}Add ", f".{form}"),
        ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1.5", "1.7"),
        ("0.25", "7.25"),
        ("1,234", "1,567"),
        ("12,000", "7,000"),
        ("-5", "-12"),
        ("-0.5", "-0.7"),
        ("($-3.10)", "($-4.10)"),
        ("2024-05-01", "2024-06-01"),
        ("01/05/2024", "02/05/2024"),
        ("10:30", "11:30"),
        ("1/2", "3/2"),
        ("100", "1000"),
    ],
)
def test_numbers_are_not_cut_in_half_at_the_edge_of_a_literal(first: str, second: str) -> None:
    for frame in ("Take the value {} of this", "{} is the value", "Here is the value: {}", "a {}"):
        questions = [frame.format(first), frame.format(second)]
        for template in templates(questions):
            assert [numbers_cut(template, question) for question in questions] == [[], []], template


def test_a_hyphen_or_a_dash_is_not_a_minus() -> None:
    assert templates(["Describe model x-1 to me", "Describe model x-2 to me"])[0][0] == "Describe model x-"
    assert templates(["Use the option -v here", "Use the option -q here"])[0][0] == "Use the option -"


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_brackets_and_quotes_around_a_list_belong_to_it(brackets: str) -> None:
    questions = [f'Return {brackets[0]}"{word}"{brackets[1]} sorted' for word in ("pear", "fig", "kiwi")]
    assert templates(questions)[0] == ("Return ", " sorted")


def test_parentheses_and_quotes_in_a_sentence_belong_to_it() -> None:
    questions = [f'Spell the name ("{word}") backwards' for word in ("Ada", "Bob", "Cem")]
    assert templates(questions)[0] == ('Spell the name ("', '") backwards')


def test_nul_in_a_question_is_content() -> None:
    assert templates(["Read the text: a\0b", "Read the text: c\0d"])[-1] == ("Read the text: ", "")


@pytest.mark.slow
def test_all_templates_fit_their_questions_and_cut_no_plain_number() -> None:
    draw = random.Random(11)
    for _ in range(300):
        questions = made_up(draw)
        for template in templates(questions):
            assert all(gaps_in(template, question) is not None for question in questions)
            assert len(template) > 1
            assert [numbers_cut(template, question) for question in questions] == [[]] * len(questions)
