"""Views: the arguments that can be read from the questions of a kind without a model."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from langchain_latm.making.ways import way_of_turn, ways
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.reading.distinctive import FOREIGN
from langchain_latm.text.reading.proven_parser import parser_of
from langchain_latm.text.reading.views import View, unaligned_views, views
from langchain_latm.types import Example, Task

KINDS: dict[str, list[str]] = {
    "recipes": [
        "Scale this recipe from 4 to 6 servings: 200 g flour, 3 eggs",
        "Scale this recipe from 2 to 3 servings: 150 ml milk, 1 egg, 20 g sugar",
        "Scale this recipe from 8 to 4 servings: 1 kg rice",
    ],
    "dates": [
        "On which weekday does 2024-02-29 fall?",
        "On which weekday does 2024-03-01 fall?",
        "On which weekday does 2023-12-31 fall?",
    ],
    "prices": [
        "The basket costs $3.50 before a discount of 10%. What is left to pay?",
        "The basket costs $12 before a discount of 25%. What is left to pay?",
        "The basket costs $7.99 before a discount of 5%. What is left to pay?",
    ],
    "json": [
        "Flatten this nested list: [1, [2, 3]]",
        "Flatten this nested list: [[4], 5, [6, 7]]",
        'Flatten this nested list: ["a", ["b"]]',
    ],
    "quotes": [
        'How many vowels does the sentence "A cat sat." contain?',
        'How many vowels does the sentence "It rains, again" contain?',
        'How many vowels does the sentence "Why?" contain?',
    ],
    "tanks": [
        "A tank holds 40 litres and loses 3 litres an hour. How many litres are left after 5 hours?",
        "A tank holds 90 litres and loses 7 litres an hour. How many litres are left after 2 hours?",
        "A tank holds 75 litres and loses 10 litres an hour. How many litres are left after 6 hours?",
    ],
    "frost": [
        "What is the mean of -3 degrees and -12 degrees, rounded down?",
        "What is the mean of -8 degrees and -1 degrees, rounded down?",
        "What is the mean of -10 degrees and -7 degrees, rounded down?",
    ],
    "lines": [
        "Order these planets by name:\nMars\nIo",
        "Order these planets by name:\nVenus\nEarth\nCeres",
        "Order these planets by name:\nPluto",
    ],
    "shares": [
        "Ann gives 3 apples to Bob, then 14 apples to Cem. How many did she give away?",
        "Ann gives 20 apples to Eve, then 1 apples to Bob. How many did she give away?",
        "Ann gives 7 apples to Dan, then 8 apples to Eve. How many did she give away?",
    ],
}


def annotations_of(kind: str) -> list[dict[str, str]]:
    return [view.annotations for view in views(KINDS[kind])]


def fits(value: Any, annotation: str) -> bool:
    """Whether a value has the type that the maker is told."""
    if annotation.startswith("list["):
        return isinstance(value, list) and all(fits(each, annotation[5:-1]) for each in value)
    if annotation.startswith("tuple["):
        return all(map(fits, value, annotation[6:-1].split(", ")))
    kinds: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "list": (list,)}
    return type(value) in kinds[annotation]


def assert_sound(found: Sequence[View], questions: Sequence[str]) -> None:
    for view in found:
        for question in questions:
            arguments = view.parser.parse(question)
            assert arguments is not None, (view, question)
            assert [*arguments] == [*view.annotations]
            assert all(fits(arguments[name], kind) for name, kind in view.annotations.items()), (view, question)


class TestViews:
    @pytest.mark.parametrize(
        ("kind", "first"),
        [
            ("recipes", {"number": "int", "number_2": "int", "servings": "list[tuple[int, str]]"}),
            ("dates", {"text": "str"}),
            ("prices", {"number": "float", "number_2": "int"}),
            ("json", {"items": "list"}),
            ("quotes", {"sentence": "list[str]"}),
            ("tanks", {"holds": "int", "loses": "int", "after": "int"}),
            ("frost", {"degrees": "int", "degrees_2": "int"}),
            ("lines", {"name": "list[str]"}),
        ],
    )
    def test_one_parameter_for_each_varying_part_comes_first(self, kind: str, first: dict[str, str]) -> None:
        assert annotations_of(kind)[0] == first

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_whole_question_comes_last_unless_one_gap_covers_it(self, kind: str) -> None:
        found = views(KINDS[kind])
        if len(found[0].parser.literals) > 2:
            assert found[-1].annotations == {"question": "str"}
        else:
            assert all(slot.form != "question" for view in found for slot in view.parser.slots)

    @pytest.mark.parametrize("kind", KINDS)
    def test_no_two_views_read_the_same(self, kind: str) -> None:
        read = [[view.parser.parse(question) for question in KINDS[kind]] for view in views(KINDS[kind])]
        values = [[[*each.values()] for each in one if each] for one in read]
        assert all(values.count(each) == 1 for each in values)

    def test_a_list_may_be_one_text_too(self) -> None:
        assert {"number": "int", "number_2": "int", "servings": "str"} in annotations_of("recipes")

    def test_numbers_alone_may_be_one_list(self) -> None:
        assert {"numbers": "list[int]"} in annotations_of("dates")

    def test_numbers_after_the_same_word_are_one_list(self) -> None:
        questions = [
            f"A will says: divided among {a} heirs, divided among {b} friends, for {c} euros each. What is it worth?"
            for a, b, c in [(2, 3, 40), (7, 9, 500), (12, 4, 80)]
        ]
        assert {"numbers": "list[int]", "number": "int"} in [view.annotations for view in views(questions)]

    @pytest.mark.parametrize("word", ["class", "import", "return", "sum", "max", "config"])
    def test_no_parameter_has_a_name_that_python_or_langchain_needs(self, word: str) -> None:
        found = views([f"Please tell me the {word}: {value}" for value in ("3", "14", "15")])
        assert found[0].annotations == {"number": "int"}

    def test_names_that_come_twice_are_numbered(self) -> None:
        questions = [f"Compare the score {a} with the score {b} now" for a, b in [(1, 2), (3, 4), (5, 7)]]
        assert views(questions)[0].annotations == {"score": "int", "score_2": "int"}

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_view_reads_all_questions_in_its_form(self, kind: str) -> None:
        assert_sound(views(KINDS[kind]), KINDS[kind])

    @pytest.mark.parametrize("kind", KINDS)
    def test_none_reads_requests_of_other_kinds(self, kind: str) -> None:
        others = [each for other, questions in KINDS.items() if other != kind for each in (*questions, *FOREIGN)]
        assert not [other for view in views(KINDS[kind]) for other in others if view.parser.parse(other)]

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_function_of_its_parameters_takes_what_is_read(self, kind: str, sandbox: Sandbox) -> None:
        for view in views(KINDS[kind]):
            parameters = ", ".join(f"{name}: {annotation}" for name, annotation in view.annotations.items())
            tool = ToolSource(source=f'def f({parameters}) -> str:\n    """Do."""\n    return "done"\n', entry="f")
            results = sandbox.batch(tool, [view.parser.parse(question) or {} for question in KINDS[kind]])
            assert [result.value for result in results] == ["done"] * len(results)

    @pytest.mark.slow
    def test_all_questions_are_read_in_the_form_of_the_view(self) -> None:
        draw = random.Random(7)
        sound = 0
        for _ in range(120):
            questions = made_up(draw)
            found = views(questions)
            assert_sound(found, questions)
            sound += bool(found)
        assert sound > 40

    @pytest.mark.parametrize(
        "questions",
        [
            [],
            ["Scale this recipe from 4 to 6 servings: salt"],
            ["Can you tell me the time?", "Can you tell me the time?"],
            ["How tall is Everest?", "Name a river.", "2 + 2"],
            ["", " "],
        ],
    )
    def test_questions_with_too_little_in_common_give_none(self, questions: list[str]) -> None:
        assert views(questions) == []

    def test_no_view_reads_foreign_requests(self) -> None:
        """All questions begin and end like many other requests."""
        assert views(["What is the capital of Peru?", "What is the colour of milk?", "What is the root of 4?"]) == []

    def test_a_word_in_all_questions_by_chance_does_no_harm(self) -> None:
        questions = ["Sort these words: pear fig", "Sort these words: kiwi pear date", "Sort these words: lime pear"]
        first = views(questions)[0]
        assert first.annotations == {"words": "list[str]"}
        assert first.parser.parse("Sort these words: oak elm") == {"words": ["oak", "elm"]}

    def test_a_long_question_is_read_as_the_others_are(self) -> None:
        questions = [*KINDS["lines"], "Order these planets by name:" + "\nMars" * 500]
        assert annotations_of("lines") == [view.annotations for view in views(questions)]
        assert views(questions)[0].parser.parse(questions[-1]) == {"name": ["Mars"] * 500}

    def test_a_view_must_read_a_long_question_too(self) -> None:
        assert views([*KINDS["lines"], "Order those planets by name:" + "\nMars" * 500]) == []

    def test_the_whole_text_stays_a_view(self) -> None:
        questions = ["Sort these words: pear fig", "Sort these words: kiwi pear date", "Sort these words: lime pear"]
        last = views(questions)[-1]
        assert last.parser.parse("Sort these words: oak elm") == {"words": "oak elm"}
        assert [last.parser.parse(each) for each in FOREIGN] == [None] * len(FOREIGN)

    def test_an_endless_word_is_not_a_name(self) -> None:
        """The text is scanned once: a question can have 100,000 letters."""
        long = "a" * 90_000
        found = views([f"Please count {long}! {number} times" for number in (3, 14, 15)])
        assert found[0].annotations == {"number": "int"}
        assert views([f"Please count {long} {number} times" for number in (3, 14, 15)])[0].annotations.keys() == {
            "number"
        }


LISTS = (("pear", "fig", "kiwi"), ("date", "lime"), ("nut", "oak", "elm", "ash"))


def first_of(frame: str, written: Sequence[str]) -> View:
    return views([frame.format(each) for each in written])[0]


class TestLists:
    @pytest.mark.parametrize(
        "write",
        [
            pytest.param("\n".join, id="lines"),
            pytest.param(lambda items: "\n".join(f"- {item}" for item in items), id="bullets"),
            pytest.param(lambda items: "\n".join(f"  * {item}" for item in items), id="indented"),
            pytest.param(lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1)), id="numbered"),
            pytest.param(
                lambda items: "\n".join(f"({'abcd'[n]}) {item}" for n, item in enumerate(items)), id="letters"
            ),
            pytest.param(lambda items: " ".join(f'"{item}"' for item in items), id="quoted"),
            pytest.param(lambda items: ", ".join(f"'{item}'" for item in items), id="quoted, comma"),
            pytest.param(lambda items: str(list(items)), id="Python"),
            pytest.param(json.dumps, id="JSON"),
            pytest.param(", ".join, id="commas"),
            pytest.param(" | ".join, id="bars"),
            pytest.param(" ".join, id="spaces"),
        ],
    )
    @pytest.mark.parametrize("frame", ["Please sort these:\n{}", "Please sort these:\n{}\nThank you!"])
    def test_the_items_are_read_whatever_is_around_them(
        self, frame: str, write: Callable[[Sequence[str]], str]
    ) -> None:
        view = first_of(frame, [write(items) for items in LISTS])
        assert [*view.annotations.values()] == ["list[str]"]
        for items in (*LISTS, ("yew",), ("bay", "yew", "fir", "box")):
            arguments = view.parser.parse(frame.format(write(items))) or {}
            assert [*arguments.values()] == [list(items)]

    @pytest.mark.parametrize("joint", [", ", "; ", " ", "\n"])
    @pytest.mark.parametrize("at_end", [False, True])
    def test_an_item_that_all_lists_share_is_an_item(self, joint: str, *, at_end: bool) -> None:
        lists = [[*items, "yew"] if at_end else ["yew", *items] for items in LISTS]
        found = views([f"Please sort these: {joint.join(items)}" for items in lists])
        read = [view.parser.parse(f"Please sort these: {joint.join(['b', 'a'])}") for view in found]
        assert ["b", "a"] in [value for each in read for value in (each or {}).values()]

    @pytest.mark.parametrize(
        ("written", "annotation", "more", "value"),
        [
            (["[1, 2, 3]", "[1, 5]", "[1]"], "list[int]", "[4, 1]", [4, 1]),
            (["[[1, 2], [3]]", "[[1, 5]]"], "list[list[int]]", "[[2]]", [[2]]),
            (['["a", "b"]', '["a"]', '["a", "c"]'], "list[str]", '["b"]', ["b"]),
            (["[1, 2.5]", "[1]", "[1, 0.5]"], "list[float]", "[2]", [2.0]),
            (["[(0, 1), (2, 3)]", "[(0, 4)]"], "list[list[int]]", "[(1, 1)]", [[1, 1]]),
            (["['14', '-4.5']", "['14']", "['14', '2']"], "list[str]", "['3']", ["3"]),
            (["1 0\n0 1", "1 1 1\n0 0 1\n1 0 0"], "list[list[int]]", "0 0\n1 1", [[0, 0], [1, 1]]),
            (["1.5 0\n0 1", "1 1\n0 0\n2 2"], "list[list[float]]", "2 0\n1 1", [[2.0, 0.0], [1.0, 1.0]]),
            (["_ 2\n2 _", "_ 1\n1 _\n2 2", "_ _\n_ 2"], "list[list[str]]", "1 2\n2 1", [["1", "2"], ["2", "1"]]),
        ],
    )
    def test_a_common_beginning_is_part_of_the_items(
        self, written: list[str], annotation: str, more: str, value: Any
    ) -> None:
        frame = "Please look at this one here:\n{}\nWhat is it?"
        view = first_of(frame, written)
        assert [*view.annotations.values()] == [annotation]
        arguments = view.parser.parse(frame.format(more)) or {}
        assert repr([*arguments.values()]) == repr([value])

    def test_a_comma_in_one_of_many_sentences_separates_nothing(self) -> None:
        sentences = ["You have tried it already", "Smith has to perform", "This, too, is one", "It has been a day"]
        found = views([f"Turn around the words of this sentence: {each}" for each in sentences])
        assert found[0].parser.parse("Turn around the words of this sentence: I am, too") == {
            "sentence": ["I", "am,", "too"]
        }

    def test_sentences_are_one_text_first(self) -> None:
        texts = [
            "It rains, again. We stay in, and read.",
            "Go, now. Or stay, as you like.",
            "He ran, I saw. We won, too.",
        ]
        assert [*first_of("Please shorten this text: {}", texts).annotations.values()] == ["str"]

    def test_line_numbers_are_not_numbers(self) -> None:
        texts = ["1. pear\n2. fig", "1. lime\n2. date\n3. kiwi", "1. nut\n2. oak"]
        assert all("int" not in str(view.annotations) for view in views([f"Please sort these:\n{t}" for t in texts]))

    def test_a_word_in_all_texts_may_be_left_out(self) -> None:
        texts = ["a cat saw the dog run", "my aunt ate the fish soup", "he hit the road again"]
        found = views([f"Please turn this sentence around: {each}" for each in texts])
        read = [view.parser.parse("Please turn this sentence around: I saw a cat") for view in found]
        assert {"around": ["I", "saw", "a", "cat"]} in read


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "annotation", "more", "value"),
        [
            (["3.50", "12", "7.99"], "float", "5", 5.0),
            (["3", "12", "7"], "int", "5.5", None),
            (["3.5, 1", "2, 7", "1, 0.5"], "list[float]", "5, 6", [5.0, 6.0]),
            (["3, 1", "2, 7", "1, 5"], "list[int]", "5, 6.5", None),
            (["3,1", "2,7", "1,5"], "list[int]", "1,234", None),
        ],
    )
    def test_all_requests_are_read_like_the_questions(
        self, written: list[str], annotation: str, more: str, value: Any
    ) -> None:
        view = first_of("Please work with this: {}, as ever", written)
        assert [*view.annotations.values()] == [annotation]
        arguments = view.parser.parse(f"Please work with this: {more}, as ever")
        assert repr(None if arguments is None else next(iter(arguments.values()))) == repr(value)

    def test_numbers_among_words_are_of_one_type_too(self) -> None:
        rows = ((1.5, 2), (3, 4), (5, 6.5), (7, 8))
        found = views([f"A barrel holds {a} litres, or {b} gallons of it, in all. How much?" for a, b in rows])
        (view,) = (view for view in found if view.annotations == {"numbers": "list[float]"})
        asked = "A barrel holds 3 litres, or {} gallons of it, in all. How much?"
        assert repr(view.parser.parse(asked.format("9"))) == repr({"numbers": [3.0, 9.0]})
        assert view.parser.parse(asked.format("9e3")) is None


def made_up(draw: random.Random) -> list[str]:
    """Draw questions of one kind: a frame of words, and in its gaps contents of one sort each."""
    contents: list[Callable[[], str]] = [
        lambda: str(draw.randint(-20, 20)),
        lambda: f"-{draw.randint(0, 99) / 10}",
        lambda: f"{draw.choice(('', '-'))}{draw.randint(0, 30)}.{draw.randint(0, 99)}",
        lambda: f"${draw.randint(1, 9)},{draw.randint(100, 999)}",
        lambda: f"{draw.randint(1990, 2030)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
        lambda: draw.choice(("pear", "fig", "the apple", "a", "", "O'Neill", "\u00fcber", "e\u0301")),
        lambda: draw.choice((", ", "\n", " ", "; ")).join(draw.choices(("one", "two", "3", "-4", ""), k=3)),
        lambda: str([draw.randint(0, 3) for _ in range(draw.randint(0, 3))]),
        lambda: f'"{draw.choice(("x y", "to be", "no"))}"',
        lambda: draw.choice(("\0", "\t", "[", "]", '"', "(1", "{2}", "5e3", "1/2", "-", "--", "10:30")),
    ]
    words = ("given", "the", "value", "of", "this", "and", "that:", "count\n", "is $", "(see", "at", "to", "?")
    frame = draw.choices(words, k=draw.randint(4, 9))
    places = {draw.randrange(len(frame)): draw.choice(contents) for _ in range(draw.randint(1, 4))}
    return [
        "".join(f"{places[i]() if i in places else ''} {word}" for i, word in enumerate(frame))
        for _ in range(draw.randint(2, 5))
    ]


MEETINGS = [
    f"A and B want to meet for {length} hours.\nA's availability: {a}\nB's availability: {b}\nWhich one works?"
    for length, a, b in [
        ("1.5", "09:00 - 09:30, 10:30 - 13:00", "08:30 - 12:00"),
        ("0.5", "08:30 - 09:00", "08:00 - 09:30, 10:00 - 10:30"),
        ("1", "15:00 - 16:00, 16:30 - 18:00", "14:30 - 17:00, 17:15 - 18:00"),
    ]
]
GAMES = [
    f"Players hold cards. At first {a} has the {x}, {b} has the {y}.\nThen they trade. First, {b} and {a} swap. "
    f"{more}Finally, {a} and {b} swap. In the end {b} has the\nOptions:\n(A) {x}\n(B) {y}"
    for a, b, x, y, more in [
        ("Ann", "Tom", "ace", "red king", ""),
        ("Tom", "Eve", "queen", "ten", "Then, Eve and Tom swap. "),
        ("Cem", "Dan", "two", "black king", ""),
    ]
]


class TestNamesOfLists:
    @pytest.mark.parametrize(
        ("asked", "name"),
        [
            ("Sort these words by their last letter: {list}", "words"),
            ("Sort the following words alphabetically: List: {list}", "words"),
            ("Sort these names in {order} order: {list}", "names"),
            ("Move every letter {number} places on, from z to a: {list}", "items"),  # the places are counted
            ("Count the vowels in this sentence: {list}", "sentence"),
            ("Which of the coins are worth most? Purse: {list}", "purse"),
            ("Which class is it, and does this list of Ann's fit? Here it is: {list}", "items"),
        ],
    )
    def test_the_last_plural_names_it(self, asked: str, name: str) -> None:
        given = (("pear fig nut", "rising", 5), ("oak elm", "falling", 7), ("io mars venus sun", "rising", 9))
        first = views([asked.format(list=listed, order=order, number=number) for listed, order, number in given])[0]
        assert first.annotations.get(name) == "list[str]"


def test_a_text_that_is_called_a_number_is_named_number() -> None:
    asked = [f"Write the hexadecimal number {each} with ten digits" for each in ("1f", "0a3", "cafe")]
    assert views(asked)[0].annotations == {"number": "str"}


class TestTimes:
    def test_they_are_numbers_in_the_unit_of_the_question(self) -> None:
        first, *others = views(MEETINGS)
        assert first.annotations == {
            "hours": "float",
            "a_availability": "list[list[float]]",
            "b_availability": "list[list[float]]",
        }
        assert (first.parser.parse(MEETINGS[1]) or {})["b_availability"] == [[8.0, 9.5], [10.0, 10.5]]
        assert others[0].annotations["a_availability"] == "list[str]"

    def test_the_name_includes_the_quantity(self) -> None:
        asked = [re.sub(r"want to meet for (\S+) hours", r"want a \1-hour meeting", each) for each in MEETINGS]
        assert [*views(asked)[0].annotations] == ["meeting_hours", "a_availability", "b_availability"]
        assert views(asked)[0].parser.time_unit == "hours"

    def test_minutes_are_used_if_hours_are_not_exact(self) -> None:
        first = views([each.replace("10:30", "10:20") for each in MEETINGS])[0]
        assert (first.annotations["a_availability"], first.parser.time_unit) == ("list[list[int]]", "minutes")

    def test_minutes_are_used_if_no_hours_are_mentioned(self) -> None:
        first = views([f"Which shop opens first? Shops: {times}" for times in ("9:00, 9:20", "10:15", "8:30, 9:00")])[0]
        assert (first.annotations, first.parser.time_unit) == ({"shops": "list[int]"}, "minutes")


class TestMentions:
    def test_each_group_of_sentences_is_a_parameter(self) -> None:
        first = views(GAMES)[0]
        assert first.annotations == {
            "items": "dict[str, str]",
            "pairs": "list[list[str]]",
            "name": "str",
            "options": "list[str]",
        }
        assert first.parser.parse(GAMES[1]) == {
            "items": {"Tom": "queen", "Eve": "ten"},
            "pairs": [["Eve", "Tom"], ["Eve", "Tom"], ["Tom", "Eve"]],
            "name": "Eve",
            "options": ["queen", "ten"],
        }

    def test_a_request_with_another_story_is_refused(self) -> None:
        first = views(GAMES)[0]
        assert first.parser.parse(GAMES[0].replace("In the end Tom has", "In the end one has")) is None
        assert first.parser.parse(GAMES[0].replace("(B) red king", "(B) jack")) is None

    def test_options_alone_are_not_a_story(self) -> None:
        questions = [
            f"Which of these is a {kind}?\nOptions:\n(A) {a}\n(B) {b}"
            for kind, a, b in [("fruit", "fig", "oak"), ("tree", "elm", "pear"), ("bird", "owl", "cow")]
        ]
        assert all(slot.group is None for view in views(questions) for slot in view.parser.slots)


class TestNames:
    def test_equal_words_are_distinguished_by_the_word_before(self) -> None:
        found = views(
            [f"Ann's budget: {a}. Tom's budget: {b}. Who can pay more?" for a, b in ((1, 2), (30, 4), (5, 60))]
        )
        assert list(found[0].annotations) == ["ann_budget", "tom_budget"]

    def test_or_by_a_number(self) -> None:
        found = views([f"Budget: {a} - Budget: {b} - who can pay more?" for a, b in ((1, 2), (30, 4), (5, 60))])
        assert list(found[0].annotations) == ["budget", "budget_2"]


class TestParserOf:
    def test_finds_what_a_model_read(self) -> None:
        readings = {
            "Scale this recipe from 4 to 6 servings: flour, eggs": {"items": ["flour", "eggs"], "new": 6, "old": 4},
            "Scale this recipe from 2 to 3 servings: milk": {"items": ["milk"], "new": 3, "old": 2},
            "Scale this recipe from 8 to 1 servings: rice, oil": {"items": ["rice", "oil"], "new": 1, "old": 8},
        }
        parser = parser_of(readings, {"properties": {"old": {}, "new": {}, "items": {}}})
        assert parser is not None
        assert {question: parser.parse(question) for question in readings} == readings

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"items": ["Flour", "eggs"]}, "not copied"),
            ({"items": []}, "something left out"),
            ({}, "a default"),
            ({"items": ["flour", "eggs"], "more": 1}, "a parameter more"),
        ],
    )
    def test_finds_none_for_readings_that_are_not_copies(self, change: dict[str, Any], why: str) -> None:
        readings = {
            "Make a list of all the things: flour, eggs": change,
            "Make a list of all the things: milk": {"items": ["milk"]},
        }
        assert parser_of(readings, {"properties": {"items": {}}}) is None, why

    @pytest.mark.parametrize(
        ("written", "values", "more", "value"),
        [
            (("3", "4"), (3.0, 4.0), "5", 5.0),
            (("3.5", "4.5"), (3.5, 4.5), "5", 5.0),
            (("3", "4"), (3, 4), "5", 5),
            (("3", "4"), (3, 4), "5.5", None),
            (("3, 4.5", "6"), ([3.0, 4.5], [6.0]), "5, 6", [5.0, 6.0]),
            (("3, 4.5", "6"), ([3, 4.5], [6]), "5, 6.5", [5, 6.5]),
            (("[3, 4.5]", "[6]"), ([3.0, 4.5], [6.0]), "[5]", [5.0]),
            (("3 kg", "4 kg"), (3.0, 4.0), "5 kg", 5.0),
        ],
    )
    def test_values_are_the_same_to_their_type(
        self, written: tuple[str, str], values: tuple[Any, Any], more: str, value: Any
    ) -> None:
        """A function proven on 3.0 need not be right on 3."""
        frame = "Double the price of {}, please"
        readings = {frame.format(text): {"x": each} for text, each in zip(written, values, strict=True)}
        parser = parser_of(readings, {"properties": {"x": {}}})
        assert parser is not None
        assert repr(parser.parse(frame.format(more))) == repr(None if value is None else {"x": value})

    def test_finds_none_for_values_of_a_type_that_is_not_read(self) -> None:
        readings = {f"Double the price of {int(each)}, please": {"x": each} for each in (True, False)}
        assert parser_of(readings, {"properties": {"x": {}}}) is None

    def test_finds_none_if_the_questions_share_too_little(self) -> None:
        readings = {"Sort: b a": {"words": ["b", "a"]}, "Sort: d c": {"words": ["d", "c"]}}
        assert parser_of(readings, {"properties": {"words": {}}}) is None

    def test_finds_none_in_one_reading(self) -> None:
        assert parser_of({"Sort these words: b a": {"words": ["b", "a"]}}, {"properties": {"words": {}}}) is None
        assert parser_of({}, {"properties": {}}) is None


def task_of(questions: Sequence[str], answers: Sequence[str], shown: int = 2, name: str = "kind") -> Task:
    examples = [Example(question=q, answer=a) for q, a in zip(questions, answers, strict=True)]
    return Task(name=name, demonstrations=tuple(examples[:shown]), validation=tuple(examples[shown:]))


class TestWays:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_signature_is_python(self, kind: str) -> None:
        for way in ways(task_of(KINDS[kind], ["a b", "c d", "e f"])):
            (function,) = ast.parse(f"{way.signature}: ...").body
            assert isinstance(function, ast.FunctionDef)
            assert (function.name, [each.arg for each in function.args.args]) == ("kind", [*way.view.annotations])

    @pytest.mark.parametrize(
        ("task", "entry"),
        [("litres_left", "litres_left"), ("Litres-left", "litres_left"), ("_left_", "left")]
        # What would call itself, hide a module, be no name at all, or one of the parameters.
        + [(name, "answer") for name in ("lcm", "sum", "calendar", "date", "2_tanks", "class", "after", "-", "__")],
    )
    def test_the_function_has_the_name_of_the_task_if_possible(self, task: str, entry: str) -> None:
        first = ways(task_of(KINDS["tanks"], ["25", "76", "15"], name=task))[0]
        assert first.signature.startswith(f"def {entry}(holds: int")

    def test_the_demonstrations_are_shown_with_their_arguments_and_answers_as_values(self) -> None:
        first = ways(task_of(KINDS["tanks"], ["25", "76", "SECRET"]))[0]
        assert first.signature == "def kind(holds: int, loses: int, after: int) -> int"
        demonstrations = task_of(KINDS["tanks"], ["25", "76", "SECRET"]).demonstrations
        shown = first.shown(demonstrations)
        assert f"Question: {KINDS['tanks'][0]}\nArguments: holds=40, loses=3, after=5\nAnswer: 25" in shown
        assert "SECRET" not in shown
        assert KINDS["tanks"][2] not in shown

    def test_a_question_covered_by_its_arguments_is_shown_once(self) -> None:
        task = task_of(GAMES, ["(A)"] * len(GAMES))
        (first, *_) = ways(task)
        assert first.shown(task.demonstrations).count("Question: ") == 1
        assert first.shown(task.demonstrations).count("Arguments: ") == len(task.demonstrations)
        assert first.form.values[0] == "ace"

    def test_letters_are_options_only_where_options_are_lettered(self) -> None:
        questions = [
            f"Which letter comes first in the alphabet? Letters: {each}" for each in ("c, a", "d, b", "k, f, b")
        ]
        assert {way.form.values for way in ways(task_of(questions, ["a", "b", "b"]))} == {("a", "b")}

    def test_any_demonstration_may_come_first(self) -> None:
        task = task_of(
            [
                *KINDS["tanks"],
                "A tank holds 8 litres and loses 1 litres an hour. How many litres are left after 3 hours?",
            ],
            ["25", "76", "15", "5"],
            shown=3,
        )
        way = ways(task)[0]
        shown = way.shown(task.demonstrations, 4)  # once around, and one more
        assert shown.startswith(f"Question: {KINDS['tanks'][1]}")
        assert [line for line in shown.splitlines() if line.startswith("Answer")] == [
            f"Answer: {n}" for n in (76, 15, 25)
        ]

    def test_a_question_with_more_than_its_numbers_is_always_shown(self) -> None:
        task = task_of(KINDS["shares"], ["17", "21", "15"])
        numbers = next(way for way in ways(task) if way.view.parser.slots[0].form == "found")
        assert numbers.shown(task.demonstrations).count("Question: ") == len(task.demonstrations)

    def test_only_short_new_values_of_validation_questions_are_shown(self) -> None:
        questions = [
            f"Order the letters {letters} in {order} order"
            for letters, order in [("xab", "rising"), ("pqo", "rising"), ("kzj", "falling"), ("ghf", "rising")]
        ]
        task = task_of(questions, ["abx", "opq", "zkj", "fgh"])
        shown = ways(task)[0].shown(task.demonstrations)
        assert shown.endswith("In other questions: text='falling'")
        assert not any(hidden in shown for hidden in ("kzj", "ghf", "zkj", "fgh"))

    def test_questions_that_share_too_little_are_read_whole(self) -> None:
        found = ways(task_of(["Who is it?", "What was that?", "When do we go?"], ["a b", "c d", "e f"]))
        assert {way.signature for way in found} == {
            "def kind(question: str) -> str",
            "def kind(question: str) -> list[str]",
        }

    def test_sometimes_the_maker_chooses_the_parameters(self) -> None:
        turns = [way_of_turn(turn, 3) for turn in range(32)]
        assert {0, 1, 2, None} == set(turns)
        assert turns.count(0) > turns.count(2) > turns.count(None) > 0
        assert {way_of_turn(turn, 0) for turn in range(32)} == {None}


def test_a_digit_of_the_wording_in_answers_by_chance_is_not_an_argument() -> None:
    questions = [
        "Double each cell, where 2 stands for two.\n1 0\n2 3",
        "Double each cell, where 2 stands for two.\n4 1\n1 6",
        "Double each cell, where 2 stands for two.\n0 1\n1 1\n1 1",
    ]
    (first, *_) = views(questions, ["2 0\n4 2", "8 2\n2 12", "0 2\n2 2\n2 2"])
    assert [*first.annotations.values()] == ["list[list[int]]"]


def test_a_number_of_the_wording_used_in_answers_is_an_argument() -> None:
    questions = ["Due 2031 and paid 4.", "Due 2031 and paid 11.", "Due 2031 and paid 6."]
    (first, *_) = views(questions, ["paid 4 of 2031", "paid 11 of 2031", "paid 6 of 2031"])
    assert [*first.annotations.values()] == ["int", "int"]


class TestColon:
    """Requests with varying words, and one colon before the data."""

    @pytest.mark.parametrize(
        "asked",
        [
            ["Add up: 3, 4, 5", "Sum of these: 8, 1", "Total, please: 4, 4, 9, 2"],
            ["Summiere: 3, 4, 5", "Die Summe hiervon: 8, 1", "Z\u00e4hle zusammen: 4, 4, 9, 2"],
            ["\u6c42\u548c\uff1a 3, 4, 5", "\u603b\u6570\uff1a 8, 1", "\u52a0\u8d77\u6765\uff1a 4, 4, 9, 2"],
        ],
    )
    def test_the_data_after_it_is_typed(self, asked: list[str]) -> None:
        found = [*views(asked), *unaligned_views(asked)]
        read = [view.parser.parse(asked[0]) or {} for view in found]
        assert [3, 4, 5] in [value for each in read for value in each.values()]
        assert any(each.get("instruction") and each.get("data") == [3, 4, 5] for each in read)

    def test_other_colons_split_nothing(self) -> None:
        for asked in (
            ["At 9:30: a, b", "Then: c, d", "Next: e"],
            ["a:b", "c:d", "e:f"],
            ["Now:", "Then: a", "Next: e"],
        ):
            found = [*views(asked), *unaligned_views(asked)]
            assert not any("instruction" in view.annotations for view in found)


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        (
            "Who is meant in this sentence?\nSentence: {}\nAnswer with one word.",
            [
                "The nurse thanked the baker because she was kind.",
                "A guest told the cook about his soup.",
                "The clerk met the lawyer in her room on Monday.",
                "The king and his guard left the tower before sunrise.",
            ],
        ),
        (
            "Wer ist in diesem Satz gemeint?\nSatz: {}\nAntworte mit einem Wort.",
            [
                "Der Gast sagte der K\u00f6chin am Abend, dass es ihm schmecke.",
                "Gestern rief ein Arzt bei der Nachbarin an, weil sie krank war.",
                "Der Junge half der Frau, die ein Hund verfolgte.",
                "Der Bauer lobte im Hof der Magd gegen\u00fcber sein Pferd.",
            ],
        ),
    ],
)
def test_a_word_in_all_sentences_by_chance_does_not_split_them(asked: str, texts: list[str]) -> None:
    first = views([asked.format(text) for text in texts])[0]
    parsed = first.parser.parse(asked.format(texts[0])) or {}
    assert len(parsed) == 1
