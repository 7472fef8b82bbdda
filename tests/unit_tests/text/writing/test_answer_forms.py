"""The type a function should return, and how its value becomes the answer's text."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

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
            (["[[1], []]", "[[2, 3]]"], "list[list[int]]", ([[1], []], [[2, 3]])),
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
    def test_a_single_text_is_asked_for_as_text(self, answers: list[str]) -> None:
        assert narrow(*answers).annotation == "str"

    @pytest.mark.parametrize("piece", ["a ", "a, ", "a", " ", "[1],", "- ", "\0", "1."])
    def test_answers_of_100_000_characters_have_a_form(self, piece: str) -> None:
        assert narrow("x" + piece * (100_000 // len(piece))).annotation

    def test_an_answer_that_looks_like_code_is_never_run(self, tmp_path: Path) -> None:
        mark = tmp_path / "run"
        code = f"[__import__('pathlib').Path({str(mark)!r}).touch()]"
        assert narrow(code, code).annotation == "str"
        assert not mark.exists()


class TestWritings:
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
    def test_there_are_none_without_information(self, values: list[Any], answers: list[str]) -> None:
        assert list(writings(values, answers)) == []

    def test_they_only_propose(self) -> None:
        """No way to write these values gives an answer."""
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
            assert names <= {"value", "str", "sorted", "json", "re", "each", "row", "cell"}, (writing, calls)

    def test_a_value_and_an_answer_that_look_like_code_are_not_run(self, sandbox: Sandbox, tmp_path: Path) -> None:
        mark = tmp_path / "run"
        code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
        values = ["ALPHA", "OMEGA"]
        answers = [f"' + {code} + '{value}'" for value in values]
        assert written(sandbox, "str", values, answers) is not None
        assert not mark.exists()
