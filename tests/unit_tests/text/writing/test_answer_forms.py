"""What a function is asked to return, and how its value becomes the text that was asked for."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.making.proposing import entry_of
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.answer_check import answer_text
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms, with_writing, writings

ECHO = '''\
def echo(value: list) -> list:
    """Give it back.

    Args:
        value: All.
    """
    return value
'''


def narrow(*answers: str) -> AnswerForm:
    return answer_forms(answers)[0]


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


def echo(kind: str) -> str:
    return f'def echo(value: {kind}) -> {kind}:\n    """Give it back."""\n    return value\n'


def written(sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]) -> str | None:
    """Return the first writing with which the sandbox turns the values into the answers."""
    for writing in writings(values, answers):
        source, entry = with_writing(echo(kind), "echo", writing)
        results = sandbox.batch(ToolSource(source=source, entry=entry), [{"value": value} for value in values])
        if [result.value for result in results] == answers:
            return writing
    return None


class TestAnswerForms:
    @pytest.mark.parametrize(
        ("answers", "annotation", "values"),
        [
            (["3", "-40", " 0 "], "int", (3, -40, 0)),
            (["Yes", "no"], "bool", (True, False)),
            (["invalid", "valid"], "bool", (False, True)),
            (["TRUE"], "bool", (True,)),
            (['["b", "a"]', "[]"], "list[str]", (["b", "a"], [])),
            (["['b']", "['a', 'c']"], "list[str]", (["b"], ["a", "c"])),
            (["[1, 2]", "[3]"], "list[int]", ([1, 2], [3])),
            (["[0.5]"], "list[float]", ([0.5],)),
            (["[1, 'a']", "[]"], "list", ([1, "a"], [])),
            (["[[1], []]", "[[2, 3]]"], "list[list]", ([[1], []], [[2, 3]])),
            (["salt, oil", "flour, two eggs"], "list[str]", (["salt", "oil"], ["flour", "two eggs"])),
            (["Mars\nIo", "Earth"], "list[str]", (["Mars", "Io"], ["Earth"])),
            (["3 > 1", "40 > 12 > 5"], "list[int]", ([3, 1], [40, 12, 5])),
            (["pear fig", "oak elm ash"], "list[str]", (["pear", "fig"], ["oak", "elm", "ash"])),
            (["192.168.0.1", "10.0.0.7"], "list[int]", ([192, 168, 0, 1], [10, 0, 0, 7])),
            (["2 \u00d7 3", "5 \u00d7 7 \u00d7 7"], "list[int]", ([2, 3], [5, 7, 7])),
            (["a|b", "c|d|e"], "list[str]", (["a", "b"], ["c", "d", "e"])),
            (["A -> b c", "D -> e"], "list[str]", (["A", "b c"], ["D", "e"])),
            (
                ["9:00 - 9:30, 10:00 - 10:30", "8:00 - 9:00"],
                "list[str]",
                (["9:00 - 9:30", "10:00 - 10:30"], ["8:00 - 9:00"]),
            ),
            (["f(1, 2)\ng(3)", "h()"], "list[str]", (["f(1, 2)", "g(3)"], ["h()"])),
            (["999, 1,000", "7, 8"], "list[str]", (["999", "1,000"], ["7", "8"])),
        ],
    )
    def test_the_narrowest_comes_first_and_the_text_last(
        self, answers: list[str], annotation: str, values: tuple[Any, ...]
    ) -> None:
        assert answer_forms(answers) == [
            AnswerForm(annotation, values),
            AnswerForm("str", tuple(answer.strip() for answer in answers)),
        ]

    @pytest.mark.parametrize(
        "answers",
        [
            ["Thursday", "Friday"],
            ["2024-03-01", "2023-12-31"],
            ["3.50", "12.25"],
            ["$3.50", "$12.99"],
            ["-0.5", "7"],
            ["2.5%", "10%"],
            ["007", "7"],
            ["9" * 19],
            ["yes", "maybe"],
            ["It rains. It pours.", "The sun shines."],
            ["10:30 - 11:00", "9:00 - 9:30"],
            ["[{[]: 1}]"],
            ["[{{1}}]"],
            ["[" * 50_000],
            ["\ud800"],
            ["f(1)", "g(22)"],
            ["O'Neill", "D'Arcy"],
            ["1/2", "737/960"],
            ["10:30", "9:15"],
            ["a.b", "c.d.e"],
            ["ann@b", "cem@d"],
            ["x=3", "y=4"],
            ["1,234", "5,678,900"],
            ["1,234", "17"],
            ["(4.051, -5.487)", "(1, 2)"],
            ["Yes, it is.", "No, not at all."],
            ["What, again?", "Why not"],
        ],
    )
    def test_what_is_one_text_is_asked_for_as_text(self, answers: list[str]) -> None:
        assert narrow(*answers).annotation == "str"

    @pytest.mark.parametrize("piece", ["a ", "a, ", "a", " ", "[1],", "- ", "\0", "1."])
    def test_answers_of_100_000_characters_have_a_form(self, piece: str) -> None:
        assert narrow("x" + piece * (100_000 // len(piece))).annotation

    def test_an_answer_that_looks_like_code_is_never_run(self, tmp_path: Path) -> None:
        mark = tmp_path / "run"
        code = f"[__import__('pathlib').Path({str(mark)!r}).touch()]"
        assert narrow(code, code).annotation == "str"
        assert not mark.exists()


class TestChoices:
    OPTIONS = ({"of": ["pear", "fig"]}, {"of": ["oak", "elm", "fir"]})

    def test_for_a_letter_the_option_itself_is_asked_for(self) -> None:
        assert answer_forms(["(B)", "(C)"], self.OPTIONS) == [AnswerForm("str", ("fig", "fir"))]
        assert answer_forms(["a", "b"], self.OPTIONS) == [AnswerForm("str", ("pear", "elm"))]

    @pytest.mark.parametrize(
        ("answers", "readings"),
        [
            (["(C)", "(C)"], OPTIONS),  # the first one has two options
            (["(A) or (B)", "(C)"], OPTIONS),
            (["A", "B"], ({"of": "pear"}, {"of": "oak"})),
            (["A", "B"], ({"of": [1]}, {"of": [2, 3]})),
            (["A", "B"], ()),
        ],
    )
    def test_letters_that_stand_for_no_option_are_text(self, answers: list[str], readings: Any) -> None:
        assert answer_forms(answers, readings)[-1] == AnswerForm("str", tuple(answers))

    @pytest.mark.parametrize("label", ["({})", "{}", "Answer: {}."])
    def test_the_option_is_written_as_its_letter(self, sandbox: Sandbox, label: str) -> None:
        source = 'def pick(of: list[str], last: bool) -> str:\n    """Pick."""\n    return of[-1 if last else 0]\n'
        arguments = [{"of": ["pear", "fig"], "last": True}, {"of": ["oak", "elm"], "last": False}]
        answers = [label.format("B"), label.format("A")]
        writing = next(writings(["fig", "oak"], answers, arguments))
        written_source, entry = with_writing(source, "pick", writing)
        later = [*arguments, {"of": ["a", "b", "c"], "last": True}]
        results = sandbox.batch(ToolSource(source=written_source, entry=entry), later)
        assert [result.value for result in results] == [*answers, label.format("C")]

    def test_what_is_no_option_has_no_letter(self) -> None:
        arguments = [{"of": ["pear", "fig"]}]
        assert not any("index" in each for each in writings(["plum"], ["(B)"], arguments))
        assert not any("index" in each for each in writings(["pear"], ["(B)"], arguments))


class TestTimes:
    @pytest.mark.parametrize(
        ("answers", "unit", "form"),
        [
            (["09:30", "10:00"], "minutes", ("int", (570, 600))),
            (["09:30", "none"], "hours", ("float | None", (9.5, None))),
            (["09:30 - 10:00", "11:00 - 12:15"], "hours", ("list[float]", ([9.5, 10.0], [11.0, 12.25]))),
            (["No.", "09:30 - 10:00", "No."], "minutes", ("list[int] | None", (None, [570, 600], None))),
        ],
    )
    def test_they_are_numbers_in_the_unit_of_the_arguments(self, answers: list[str], unit: Any, form: Any) -> None:
        assert answer_forms(answers, unit=unit) == [AnswerForm(*form)]

    @pytest.mark.parametrize(
        ("answers", "unit"),
        [
            (["09:30", "no", "never"], "minutes"),
            (["no", "no"], "minutes"),
            (["09:30", "09:30 - 10:00"], "minutes"),
            (["09:20", "09:30"], "hours"),
            (["09:30", "10:00"], None),
        ],
    )
    def test_other_answers_are_text(self, answers: list[str], unit: Any) -> None:
        assert answer_forms(answers, unit=unit)[-1] == AnswerForm("str", tuple(answers))

    @pytest.mark.parametrize(
        ("kind", "values", "answers"),
        [
            ("int", [570, 600], ["09:30", "10:00"]),
            ("float", [9.5, 10.0], ["9:30", "10:00"]),
            ("list[float]", [[9.5, 10.0], [11.0, 12.25]], ["09:30 - 10:00", "11:00 - 12:15"]),
            ("list[int]", [[570, 600]], ["9:30 to 10:00"]),
            ("list[int] | None", [None, [570, 600], None], ["No.", "09:30-10:00", "No."]),
        ],
    )
    def test_numbers_are_written_as_times(
        self, sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]
    ) -> None:
        assert written(sandbox, kind, values, answers)

    def test_none_that_is_two_things_is_not_written(self) -> None:
        assert list(writings([None, 570, None], ["No.", "09:30", "Never."])) == []
        assert list(writings([None, None], ["No.", "No."])) == []


class TestWritings:
    @pytest.mark.parametrize(
        ("kind", "values", "answers"),
        [
            ("bool", [True, False], ["even", "odd"]),
            ("bool", [True, True], ["Yes", "Yes"]),
            ("list[str]", [["b", "a"], ["c"]], ["b, a", "c"]),
            ("list[str]", [["b", "a"], ["c", "d"]], ["b => a", "c => d"]),
            ("list[str]", [["b", "a"], ["c"]], ["b\na", "c"]),
            ("list[str]", [["b", "a"], ["c"]], ['["b", "a"]', '["c"]']),
            ("list[str]", [["b", "a"], ["\u00fc"]], ["['a', 'b']", "['\u00fc']"]),
            ("list[int]", [[3, 1], [2]], ["3 > 1", "2"]),
            ("list[int]", [[3, 1], [2]], ["['3', '1']", "['2']"]),
            ("list", [[["b", "a"]], [["d", "c"], ["x"]]], ["[['a', 'b']]", "[['c', 'd'], ['x']]"]),
            ("str", ["b a", "d c"], ["b, a", "d, c"]),
            ("str", ["b,a", "d,  c"], ["ba", "dc"]),
            ("str", ["B", "A"], ["(B)", "(A)"]),
            ("int", [3, 14], ["3 apples", "14 apples"]),
            ("float", [3.5, 0.25], ["$3.5", "$0.25"]),
        ],
    )
    def test_one_of_them_writes_the_values_as_the_answers(
        self, sandbox: Sandbox, kind: str, values: list[Any], answers: list[str]
    ) -> None:
        assert written(sandbox, kind, values, answers) is not None

    @pytest.mark.parametrize(
        ("known", "opposite"),
        [("yes", "no"), ("Invalid", "Valid"), ("TRUE", "FALSE"), ("impossible", "possible")],
    )
    def test_the_word_for_the_other_truth_is_its_opposite(self, sandbox: Sandbox, known: str, opposite: str) -> None:
        (writing,) = writings([True, True], [known, known])
        source, entry = with_writing(echo("bool"), "echo", writing)
        assert sandbox.call(ToolSource(source=source, entry=entry), {"value": False}).value == opposite

    @pytest.mark.parametrize(
        ("values", "answers"),
        [
            ([], []),
            ([None, None], ["b", "b"]),
            ([None, "a", None], ["b", "a", "c"]),
            ([True, True], ["even", "even"]),
            ([True, 3], ["x", "y"]),
            ([3, 3], ["3 apples", "3 apples"]),
            ([3, 4], ["three", "four"]),
            ([{"a": 1}, {"b": 2}], ["a", "b"]),
        ],
    )
    def test_there_are_none_where_nothing_is_told(self, values: list[Any], answers: list[str]) -> None:
        assert list(writings(values, answers)) == []

    def test_they_only_propose(self) -> None:
        """None of these values is an answer, in whatever way it is written."""
        assert list(writings([["x"], ["y"]], ["1", "2"]))

    @pytest.mark.parametrize(
        "values",
        [
            ['"); __import__("os").abort(); ("', "{value} %s \\"],
            [["'''", '"""'], ["\\", "\n", "\0", "\u2028"]],
            [nested(190), nested(3)],
            [["a"] * 50_000, ["b"]],
            [10**4299, 1],
            [["", ""], [""]],
            [[[], [[]]], []],
        ],
    )
    def test_hostile_values_stay_data(self, values: list[Any]) -> None:
        hostile = [answer_text(value) for value in values]
        found = list(writings(values, [f"<{text}>" for text in hostile]))
        for writing in found:
            tree = ast.parse(writing, mode="eval")
            calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert names <= {"value", "str", "sorted", "json", "re", "each"}, (writing, calls)

    def test_a_value_and_an_answer_that_look_like_code_are_not_run(self, sandbox: Sandbox, tmp_path: Path) -> None:
        mark = tmp_path / "run"
        code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
        values = ["ALPHA", "OMEGA"]
        answers = [f"' + {code} + '{value}'" for value in values]
        assert written(sandbox, "str", values, answers) is not None
        assert not mark.exists()


class TestWithWriting:
    def test_the_source_keeps_its_function_and_gets_one_more(self, sandbox: Sandbox) -> None:
        source, entry = with_writing(ECHO, "echo", "json.dumps(value)")
        assert source.startswith(ECHO)
        assert entry == "echo_text"
        result = sandbox.call(ToolSource(source=source, entry=entry), {"value": [1, "a"]})
        assert result.value == json.dumps([1, "a"])

    @pytest.mark.parametrize(
        "head",
        [
            "def f(x: int) -> int:",
            "def f(x: list[str], y: float = 2.5, *, up: bool = True) -> list:",
            "def f(json: str, re: str) -> str:",
            "def f(value: dict[str, int], f_text: str = 'it\\'s') -> dict:",
            "def f(x: Literal['up', 'down'] = 'up') -> str:",
            'def f(x: Annotated[date, "A day"]) -> str:',
        ],
    )
    def test_the_sandbox_describes_it_with_the_same_parameters(self, sandbox: Sandbox, head: str) -> None:
        imports = "from datetime import date\nfrom typing import Annotated, Literal\n\n\n"
        before = f'{imports}{head}\n    """Do it.\n\n    Args:\n        x: That one.\n    """\n    return "1"\n'
        source, entry = with_writing(before, "f", "json.dumps(value) + re.sub('a', 'b', str(value))")
        described = [
            sandbox.check(ToolSource(source=text, entry=name)) for text, name in ((before, "f"), (source, entry))
        ]
        assert described[0].failure is None
        assert described[1].value == described[0].value

    def test_parameters_that_are_called_as_modules_are_handed_on(self, sandbox: Sandbox) -> None:
        before = 'def f(json: list, re: str) -> list:\n    """Do it."""\n    return [*json, re]\n'
        source, entry = with_writing(before, "f", "json.dumps(value) + re.sub('a', 'b', 'a')")
        result = sandbox.call(ToolSource(source=source, entry=entry), {"json": [1], "re": "x"})
        assert result.value == '[1, "x"]b'

    @pytest.mark.parametrize(
        ("head", "given"),
        [
            ("def f(f: int)", {"f": 3}),
            ("def f(f: int, f_value: int = 0, f_text: str = 'x')", {"f": 3}),
            ("def f(*, f: int)", {"f": 3}),
            ("def value(x: int)", {"x": 3}),
            ("def value(value: int)", {"value": 3}),
            ("def json(x: int)", {"x": 3}),
            ("def re(re: int, json: int = 1)", {"re": 3}),
        ],
    )
    def test_the_function_is_found_whatever_else_has_its_name(
        self, sandbox: Sandbox, head: str, given: dict[str, int]
    ) -> None:
        (name,) = given
        before = f'{head} -> list:\n    """Do it."""\n    return [{name}]\n'
        entry = head[len("def ") : head.index("(")]
        source, outer = with_writing(before, entry, "json.dumps(value) + re.sub('a', 'b', 'a')")
        tool = ToolSource(source=source, entry=outer)
        assert sandbox.call(tool, given).value == "[3]b"
        assert sandbox.check(tool).value == sandbox.check(ToolSource(source=before, entry=entry)).value
        assert entry_of(source)[1] == outer

    def test_its_name_is_no_class_s_and_no_module_s(self) -> None:
        for line in ("class echo_text: pass", "import re as echo_text", "from re import sub as echo_text"):
            assert with_writing(f"{line}\n{ECHO}", "echo", "str(value)")[1] == "echo_text_"

    def test_its_name_is_no_other_function_s(self) -> None:
        source = f"{ECHO}\n\ndef echo_text(x: int) -> int:\n    return echo_text_(x)\n"
        assert with_writing(source, "echo", "str(value)")[1] == "echo_text__"

    def test_of_two_functions_with_one_name_the_last_one_counts(self, sandbox: Sandbox) -> None:
        before = "".join(f'def f({x}: int) -> int:\n    """Do it."""\n    return {x}\n\n\n' for x in "ab")
        source, entry = with_writing(before, "f", "str(value)")
        assert sandbox.call(ToolSource(source=source, entry=entry), {"b": 3}).value == "3"

    def test_the_docstring_is_kept_whatever_it_holds(self, sandbox: Sandbox) -> None:
        docstring = 'Say "it\'s" \\ and \\x00 {value}.'
        before = f"def f(x: int) -> int:\n    {docstring!r}\n    return x\n"
        source, entry = with_writing(before, "f", "str(value)")
        described = sandbox.check(ToolSource(source=source, entry=entry))
        assert described.value == sandbox.check(ToolSource(source=before, entry="f")).value

    def test_writings_may_follow_each_other(self, sandbox: Sandbox) -> None:
        once = with_writing(ECHO, "echo", "', '.join(str(each) for each in value)")
        source, entry = with_writing(*once, "'(' + str(value) + ')'")
        assert sandbox.call(ToolSource(source=source, entry=entry), {"value": [1, 2]}).value == "(1, 2)"
