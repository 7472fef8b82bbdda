"""What an argument is read as, and what could be read in two ways and is not read at all."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from langchain_latm.text.lexing.lists import mark_before
from langchain_latm.text.reading.argument_forms import (
    OF_THE_QUESTION,
    Form,
    NumberType,
    groups_in,
    read,
    read_whole,
)
from langchain_latm.text.reading.mentions import MentionForm, read_group

FORMS: tuple[Form, ...] = tuple(form for form in get_args(Form) if form not in OF_THE_QUESTION)


def value(form: Form, text: str, separator: str = "", number_type: NumberType | None = None) -> Any:
    return read(form, [text], separator, number_type)


class TestNumberTypes:
    @pytest.mark.parametrize(
        ("form", "separator", "text", "as_float"),
        [
            ("number", "", "3", 3.0),
            ("number", "", "-0.5", -0.5),
            ("numbers", ", ", "3, 2.5", [3.0, 2.5]),
            ("number_rows", "", "1 2\n3 4.5", [[1.0, 2.0], [3.0, 4.5]]),
            ("json", "", '[1, [2.5], "a"]', [1.0, [2.5], "a"]),
            ("python", "", "[(1, 'a')]", [[1.0, "a"]]),
            ("amount", "", "12 litres", 12.0),
            ("amounts", "", "12 litres", [12.0]),
            ("found", "", "3 boys and 2.5 pies", [3.0, 2.5]),
            ("time", "", "09:30", 9.5),
            ("time_span", "", "9:30 - 24:00", [9.5, 24.0]),
            ("times", ", ", "09:30, 10:45", [9.5, 10.75]),
            ("time_spans", ", ", "09:30 - 10:00", [[9.5, 10.0]]),
        ],
    )
    def test_every_number_is_a_float_where_floats_are_asked_for(
        self, form: Form, separator: str, text: str, as_float: Any
    ) -> None:
        assert repr(value(form, text, separator, "float")) == repr(as_float)

    @pytest.mark.parametrize(
        ("form", "whole", "broken"),
        [
            ("number", "3", "3.0"),
            ("numbers", "3 2", "3 2.5"),
            ("number_rows", "3 2\n1 0", "3 2\n1 0.5"),
            ("json", '[3, "a"]', '[3.0, "a"]'),
            ("python", "[(3, 'a')]", "[(3.5, 'a')]"),
            ("amount", "3 litres", "3.5 litres"),
            ("amounts", "3 litres", "3.5 litres"),
            ("found", "3 and 4", "3 and 4.5"),
        ],
    )
    def test_a_fraction_is_refused_where_integers_are_asked_for(self, form: Form, whole: str, broken: str) -> None:
        assert value(form, whole, number_type="int") is not None
        assert value(form, broken, number_type="int") is None

    def test_without_a_type_each_is_what_it_is_written_as(self) -> None:
        assert repr(value("numbers", "3 2.0")) == "[3, 2.0]"


class TestMarks:
    @pytest.mark.parametrize("bullet", ["-", "*", "+", "\u2022"])
    def test_bullets_are_no_part_of_the_items(self, bullet: str) -> None:
        text = f"{bullet} pear\n  {bullet}  two figs \n{bullet} well-known - or not, who knows"
        assert value("texts", text, f"\n{bullet} ") == ["pear", "two figs", "well-known - or not, who knows"]
        assert value("integers", f"{bullet} 3\n{bullet} -4", f"\n{bullet} ") == [3, -4]

    @pytest.mark.parametrize(
        ("separator", "marks"),
        [("\n1. ", "1. |2. |3. "), ("\n1) ", "1) |2) |3) "), ("\n(a) ", "(a) |(b) |(c) "), ("\nA: ", "A: |B: |C: ")],
    )
    def test_numbers_and_letters_count_on(self, separator: str, marks: str) -> None:
        lines = [mark + item for mark, item in zip(marks.split("|"), ("pear", "fig", "kiwi"), strict=True)]
        assert value("texts", "\n".join(lines), separator) == ["pear", "fig", "kiwi"]
        assert value("texts", lines[0], separator) == ["pear"]
        assert value("texts", "\n".join(lines[1:]), separator) is None
        assert value("texts", "\n".join([lines[0], lines[2]]), separator) is None
        assert mark_before("\n".join(lines)) == separator

    @pytest.mark.parametrize("text", ["- a\nb", "- a\n\n- b", "- a\n-", "-a", "a\n- b", "* a", ""])
    def test_lines_without_the_mark_are_refused(self, text: str) -> None:
        assert value("texts", text, "\n- ") is None

    def test_more_items_than_letters_are_refused(self) -> None:
        lines = [f"{chr(ord('a') + number)}) x" for number in range(27)]
        assert value("texts", "\n".join(lines[:26]), "\na) ") == ["x"] * 26
        assert value("texts", "\n".join(lines), "\na) ") is None

    @pytest.mark.parametrize("line", ["pear", "2. fig", "-5", "b) fig", "1.5", "(1", "Input 1: x", ""])
    def test_what_begins_no_list_has_no_mark(self, line: str) -> None:
        assert mark_before(line) is None


class TestQuotations:
    @pytest.mark.parametrize("quote", ['"', "'"])
    @pytest.mark.parametrize("between", [" ", ", ", ",", "; "])
    def test_quotes_are_no_part_of_the_items(self, quote: str, between: str) -> None:
        separator = f"{quote}{between}{quote}"
        assert value("texts", f"{quote}New York, NY{separator}a; b{quote}", separator) == ["New York, NY", "a; b"]
        assert value("texts", f"{quote}one{quote}", separator) == ["one"]

    @pytest.mark.parametrize("text", ['"a" "b"', '"a", b', 'a", "b', "a, b", '"a", ""', '""', '"', "", "'a', 'b'"])
    def test_what_is_quoted_in_another_way_is_refused(self, text: str) -> None:
        assert value("texts", text, '", "') is None


class TestRows:
    def test_each_line_is_a_row(self) -> None:
        assert value("number_rows", "1 0\n 0  1 \n1 1") == [[1, 0], [0, 1], [1, 1]]
        assert value("number_rows", "1,0\n0,1", ",") == [[1, 0], [0, 1]]
        assert value("text_rows", "X _ O\n1 2 3") == [["X", "_", "O"], ["1", "2", "3"]]

    @pytest.mark.parametrize("text", ["1 2\n3 x", "1 2\n\n3 4", "1 2\n3,4", "", "01 2"])
    def test_a_row_that_is_none_is_refused(self, text: str) -> None:
        assert value("number_rows", text) is None


class TestPython:
    @pytest.mark.parametrize(
        ("text", "read_off"),
        [
            ("[(0, 1), (2, 3)]", [[0, 1], [2, 3]]),
            ("(8, -8)", [8, -8]),
            ("['a', \"it's\", '']", ["a", "it's", ""]),
            ("[ 1.5 ,\n [ ] ]", [1.5, []]),
            ("[\"a, b\", '[c]']", ["a, b", "[c]"]),
        ],
    )
    def test_lists_and_tuples_are_lists(self, text: str, read_off: Any) -> None:
        assert repr(value("python", text)) == repr(read_off)

    @pytest.mark.parametrize(
        "text",
        [
            *("[1 2]", "[1,]", "[1", "1]", "[1)", "(1]", "(1)", "((1, 2))", "()", "1, 2", "[1] [2]", "[1]]", ","),
            *("'a'", "{1, 2}", "[{'a': 1}]", "[True]", "[None]", "[x]", "[f'x']", "['a\\n']", "['a]", "['a' 'b']"),
            *("[0x10]", "[1e5]", "[1_000]", "[007]", "[1.2.3]", f"[{'9' * 19}]", "[[[[[1]]]]]", "[__import__('os')]"),
        ],
    )
    def test_what_is_not_plainly_a_list_is_refused(self, text: str) -> None:
        assert value("python", text) is None


class TestMisreadings:
    @pytest.mark.parametrize("form", ["amount", "amounts", "found"])
    @pytest.mark.parametrize(
        "number",
        [
            *("1,234", "12,345,678", "1'234", "1\u2019234", "1\u202f234", "1\u00a0234", "1 000"),
            *("5e3", "1.5e-3", "5kg", "0x1f", "1.2.3", "1_000", ".5", "2nd", "B12", "\u00bd", "5\u00b2", "\u2460"),
            *("-$5", "- \u20ac5", "\u2212$5", "\u22125", "\u20135", "\uff0d5", "1" * 19, f"0.{'1' * 18}"),
        ],
    )
    def test_a_number_is_not_read_without_a_part_of_it(self, form: Form, number: str) -> None:
        assert value(form, f"about {number} or so") is None
        assert value("found", f"7 and {number}") is None

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("$5, 7% and -3", [5, 7, -3]),
            ("$-5 (and $3.50)", [-5, 3.5]),
            ("10\u201320 \u2014 30", [10, 20, 30]),
            ("1, 234; (5,6) [1000,200]", [1, 234, 5, 6, 1000, 200]),
            ("3/4 of 09:30 on 2024-02-29.", [3, 4, 9, 30, 2024, 2, 29]),
            ("x**2 - 3*y", [2, 3]),
            ("\u0663 pears", [3]),
        ],
    )
    def test_signs_around_numbers_do_no_harm(self, text: str, found: list[float]) -> None:
        assert value("found", text) == found

    @pytest.mark.parametrize(
        ("form", "separator", "text"),
        [
            ("integers", ",", "1,234"),
            ("numbers", ",", "1,234.5"),
            ("texts", ",", "12,345 apples"),
            ("texts", ", ", "a,b,c"),
            ("texts", ", ", "a, b,c"),
            ("texts", ", ", "a;b"),
            ("texts", ", ", "a\nb"),
            ("texts", ", ", "a, b\nc"),
            ("texts", "; ", "a; b;c"),
            ("texts", " | ", "a | b|c"),
            ("texts", "\n", "a, b"),
            ("texts", "", "a, b, c"),
            ("texts", "", "a; b"),
            ("texts", "", "a,b"),
        ],
    )
    def test_a_list_that_is_separated_in_another_way_is_refused(self, form: Form, separator: str, text: str) -> None:
        assert value(form, text, separator) is None

    @pytest.mark.parametrize(
        ("separator", "text", "parts"),
        [
            (", ", "1,234 apples, 2 pears", ["1,234 apples", "2 pears"]),
            (", ", "1,234 apples", ["1,234 apples"]),
            ("\n", "Paris, France\nRome, Italy", ["Paris, France", "Rome, Italy"]),
            ("", "Yes sir, I can, too", ["Yes", "sir,", "I", "can,", "too"]),
            ("; ", "a, b; c", ["a, b", "c"]),
        ],
    )
    def test_signs_inside_of_items_do_no_harm(self, separator: str, text: str, parts: list[str]) -> None:
        assert value("texts", text, separator) == parts

    def test_commas_that_separate_elsewhere_separate_everywhere(self) -> None:
        assert value("integers", "5,6,1,234", ",") == [5, 6, 1, 234]

    @pytest.mark.parametrize(
        "text",
        ["[true]", "[1, false]", "[null]", f"[{'9' * 19}]", f"[0.{'1' * 18}]", '["\\ud800"]', '["a", ["\\udfff"]]'],
    )
    def test_json_that_no_other_form_reads_is_refused(self, text: str) -> None:
        assert value("json", text) is None


class TestTimes:
    @pytest.mark.parametrize(
        ("form", "text", "minutes"),
        [
            ("time", "09:30", 570),
            ("time", "9:05", 545),
            ("time", "24:00", 1440),
            ("time_span", "09:30 - 11:00", [570, 660]),
            ("time_span", "09:30\u201311:00", [570, 660]),
            ("time_span", "22:00 to 06:15", [1320, 375]),
            ("times", "09:30, 11:00", [570, 660]),
            ("time_spans", "09:30 - 10:00, 11:00 - 12:00", [[570, 600], [660, 720]]),
        ],
    )
    def test_they_are_minutes_since_midnight(self, form: Form, text: str, minutes: Any) -> None:
        assert value(form, text, ", ") == minutes
        assert value(form, text, ", ", "int") == minutes

    @pytest.mark.parametrize(
        "text", ["24:01", "9:60", "9:5", "09:30:00", "9:30 pm", "noon", "09:30 - 11:00", "", "٩:٣٠"]
    )
    def test_what_is_no_time_of_the_24_hour_clock_is_refused(self, text: str) -> None:
        assert value("time", text) is None

    @pytest.mark.parametrize("text", ["09:30", "09:30 - 10:00 - 11:00", "09:30 - noon", "-09:30", "9:30 10:00"])
    def test_what_is_no_span_is_refused(self, text: str) -> None:
        assert value("time_span", text) is None

    @pytest.mark.parametrize("text", ["09:20", "09:01"])
    def test_in_hours_only_what_a_float_holds_exactly(self, text: str) -> None:
        assert value("time", text) is not None
        assert value("time", text, number_type="float") is None
        assert value("times", f"09:30, {text}", ", ", "float") is None


STORY = """\
Ann and Tom play. Ann has a red ball, and Tom has a ball.
First, Tom and Ann swap. Then, Ann and Tom swap. At the end Tom has
Options:
(A) ball
(B) red ball"""


class TestMentions:
    def test_sentences_alike_are_one_group(self) -> None:
        assert [read_group("mention_rows", group) for group in groups_in(STORY) or ()] == [
            [["Ann", "Tom"]],
            [["Ann", "red ball", "Tom", "ball"]],
            [["Tom", "Ann"], ["Ann", "Tom"]],
            [["Tom"]],
        ]

    @pytest.mark.parametrize(
        ("form", "group", "read_off"),
        [
            ("mentions", 0, ["Ann", "Tom"]),
            ("mention_pairs", 1, {"Ann": "red ball", "Tom": "ball"}),
            ("mention_rows", 2, [["Tom", "Ann"], ["Ann", "Tom"]]),
            ("mention", 3, "Tom"),
            ("mention_pairs", 0, None),
            ("mentions", 2, None),
            ("mention", 0, None),
        ],
    )
    def test_a_group_is_read_as_its_form_says(self, form: MentionForm, group: int, read_off: Any) -> None:
        assert read_whole(form, STORY, (group, 4)) == read_off

    def test_what_is_read_once_is_nobody_else_s(self) -> None:
        """A tool may change the lists that it is given."""
        read_whole("mention_rows", STORY, (2, 4)).clear()
        assert read_whole("mention_rows", STORY, (2, 4)) == [["Tom", "Ann"], ["Ann", "Tom"]]

    def test_a_question_with_more_groups_or_fewer_is_refused(self) -> None:
        assert read_whole("mention", STORY, (3, 5)) is None
        assert read_whole("mention", STORY.replace("At the end Tom has", ""), (3, 4)) is None

    def test_a_word_is_a_name_only_if_it_stands_inside_of_a_sentence_too(self) -> None:
        first, *_ = groups_in(STORY.replace("Ann", "ann")) or ()
        assert read_group("mention_rows", first) == [["Tom"]]

    @pytest.mark.parametrize(
        "question",
        [
            STORY.replace("(B) red ball", "(B) blue ball"),  # mentioned nowhere
            STORY.replace("(B) red ball", "(B) ball"),  # twice the same
            STORY.replace("\n(B) red ball", ""),  # nothing to choose from
            STORY.replace("(B)", "(C)"),
            STORY + "\nThink first.",
            "Ann and Tom play.",
            "",
        ],
    )
    def test_what_could_be_meant_otherwise_is_not_read(self, question: str) -> None:
        assert groups_in(question) is None

    def test_two_options_behind_one_name_are_no_pairs(self) -> None:
        again = STORY.replace("and Tom has a ball", "and Ann has a ball")
        assert read_whole("mention_pairs", again, (1, 4)) is None

    @pytest.mark.parametrize("piece", ["Ann ", "ball ", "Ann has a ball. ", "A", "a.", "red ", "\n(A) ", ": "])
    def test_100_000_characters_take_no_time(self, piece: str) -> None:
        long = piece * (100_000 // len(piece))
        assert groups_in(long + STORY) is None or json.dumps(read_whole("mention_rows", long + STORY, (0, 4)))
        assert groups_in(STORY + long) is None
        assert groups_in(f"{STORY}\n(C) {long}") is None


PIECES = ("1", "1,111", "1 000 ", "(", "(1,", "- a\n", '"', '", "', "'", "\u00bd", "1,", "-", "\n", "a ,", "1\u2212")


class TestHostileTexts:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("piece", PIECES)
    def test_100_000_characters_are_read_or_refused(self, form: Form, piece: str) -> None:
        found = value(form, piece * (100_000 // len(piece)), ",")
        assert found is None or json.dumps(found)

    @pytest.mark.parametrize("separator", ["", "\n- ", "\n1. ", '", "'])
    @pytest.mark.parametrize("piece", PIECES)
    def test_whatever_separates_them(self, separator: str, piece: str) -> None:
        found = value("texts", piece * (100_000 // len(piece)), separator)
        assert found is None or json.dumps(found)
