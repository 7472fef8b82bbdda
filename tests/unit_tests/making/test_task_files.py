"""Examples and questions from files, and errors of unusable files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import TaskError
from langchain_latm.making.task_files import load_questions, load_task
from langchain_latm.text.answer_check import NumericCheck
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Task

GOOD = [{"question": f"q{i}", "answer": f"a{i}"} for i in range(6)]


def lines(*items: Any) -> str:
    return "".join((item if isinstance(item, str) else json.dumps(item)) + "\n" for item in items)


def bigbench(*items: Any) -> str:
    return json.dumps({"canary": "x", "examples": list(items)}, indent=2)


def written(folder: Path, content: str | bytes, name: str = "words.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: str | Path, **options: Any) -> str:
    with pytest.raises(TaskError) as refused:
        load_task(path, **options)
    assert "\n" not in str(refused.value)
    return str(refused.value)


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("t.jsonl", lines(*GOOD)),
            ("t.jsonl", lines(*GOOD).replace("\n", "\r\n")),
            ("t.jsonl", "\ufeff" + lines(*GOOD)),
            ("t.jsonl", "\n \n" + lines(*GOOD).replace("\n", "\n\n")),
            ("t.jsonl", lines(*({"input": e["question"], "target": e["answer"]} for e in GOOD))),
            ("t.json", lines(*GOOD)),
            ("t", lines(*GOOD)),
            ("t.json", bigbench(*({"input": e["question"], "target": e["answer"]} for e in GOOD))),
            ("t.jsonl", bigbench(*GOOD)),
            ("t.json", "\ufeff" + bigbench(*GOOD).replace("\n", "\r\n")),
        ],
    )
    def test_the_first_examples_are_demonstrations_and_the_next_ones_validation(
        self, tmp_path: Path, name: str, content: str
    ) -> None:
        task = load_task(written(tmp_path, content, name), demonstrations=2)
        assert task.name == "t"
        assert [e.question for e in task.demonstrations] == ["q0", "q1"]
        assert [e.answer for e in task.validation] == ["a2", "a3", "a4"]

    def test_one_json_line_is_read_as_json_lines(self, tmp_path: Path) -> None:
        for name in ("t.jsonl", "t.json"):
            assert load_questions(written(tmp_path, lines({"input": "q"}), name)) == [("q", None)]

    def test_a_text_file_holds_a_question_a_line(self, tmp_path: Path) -> None:
        path = written(tmp_path, "one\r\n\r\n two \u2028 three\n", "q.TXT")
        assert load_questions(path) == [("one", None), (" two \u2028 three", None)]

    def test_lines_without_an_answer_after_the_examples_are_requests(self, tmp_path: Path) -> None:
        """Each row counts once, and an answered line may repeat its question."""
        behind = [{"question": "q8"}, {"question": "q9", "answer": "a9"}, {"question": "q8"}, {"question": "q9"}]
        task = load_task(written(tmp_path, lines(*GOOD, *behind)), demonstrations=2, validation=len(GOOD) - 2)
        assert task.requests == ("q8",)
        assert [example.question for example in task.further] == ["q9"]

    def test_a_text_file_is_not_a_task(self, tmp_path: Path) -> None:
        path = written(tmp_path, "one\ntwo\n", "q.txt")
        assert refusal(path) == f"{path}:1: the field 'answer' (or 'target') is missing"

    def test_a_json_line_may_hold_the_other_line_separators(self, tmp_path: Path) -> None:
        question = "a\u2028b\u2029c\u0085d"
        path = written(tmp_path, json.dumps({"question": question, "answer": "x"}, ensure_ascii=False) + "\n")
        assert load_questions(path) == [(question, "x")]

    @pytest.mark.parametrize("number", ["5", "5.10", "1e3", "-0", "1" * 5000, "0.1000000000000000055511151231257827"])
    def test_a_number_is_taken_as_it_is_written(self, tmp_path: Path, number: str) -> None:
        path = written(tmp_path, f'{{"question": "q", "answer": {number}}}')
        answer = load_questions(path)[0][1]
        assert answer == number
        assert type(answer) is str

    def test_requests_need_no_answers(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines({"question": "q"}, {"question": "r", "answer": None}, {"question": "q"}))
        assert load_questions(path) == [("q", None), ("r", None), ("q", None)]

    @pytest.mark.parametrize(
        ("stem", "name"),
        [
            ("word sorting (5)", "word_sorting_5"),
            ("sortiere diese Wörter", "sortiere_diese_Worter"),
            ("日本", "RiBen"),
            ("упорядочи", "uporyadochi"),
            ("a" * 80, "a" * 64),
            (".x", "x"),
            ("?", "tool"),
        ],
    )
    def test_a_file_name_becomes_a_tool_name(self, tmp_path: Path, stem: str, name: str) -> None:
        assert load_task(written(tmp_path, lines(*GOOD), stem + ".jsonl")).name == name

    def test_options_reach_the_task(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(*GOOD))
        task = load_task(path, name="other", description="Sort.", check="numeric")
        assert (task.name, task.description, task.check) == ("other", "Sort.", NumericCheck())


class TestRefusals:
    @pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff"])
    @pytest.mark.parametrize("name", ["t.jsonl", "t.json", "t.txt"])
    def test_an_empty_file(self, tmp_path: Path, name: str, content: str) -> None:
        path = written(tmp_path, content, name)
        assert refusal(path) == f"{path}: the file is empty"

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("{", "not valid JSON"),
            ("nonsense", "not valid JSON"),
            ('{"question": "q", "answer": "a"} x', "not valid JSON (Extra data)"),
            ('{"question": "q", "answer": NaN}', "not valid JSON (NaN is not a JSON value)"),
            ('{"question": "q", "answer": -Infinity}', "not valid JSON"),
            ("[" * 100_000, "not valid JSON (nested too deep)"),
            ("5", "expected an object"),
            ("null", "expected an object"),
            ('["q", "a"]', "expected an object"),
            ("{}", "the field 'question' is missing"),
            ('{"answer": "a"}', "the field 'question' is missing"),
            ('{"question": null, "answer": "a"}', "the field 'question' is missing"),
            ('{"question": "q7"}', "the field 'answer' (or 'target') is missing"),
            ('{"question": "q7", "answer": null}', "the field 'answer' (or 'target') is missing"),
            ('{"question": 5, "answer": "a"}', "the field 'question' must be text that is not empty"),
            ('{"question": " ", "answer": "a"}', "the field 'question' must be text that is not empty"),
            ('{"question": ["q"], "answer": "a"}', "the field 'question' must be text that is not empty"),
            ('{"input": "", "target": "a"}', "the field 'input' must be text that is not empty"),
            ('{"question": "q7", "answer": true}', "the field 'answer' must be text or a number"),
            ('{"question": "q7", "answer": ["a"]}', "the field 'answer' must be text or a number"),
            ('{"input": "q7", "target": {"a": 1}}', "the field 'target' must be text or a number"),
            ('{"question": "q\\ud800", "answer": "a"}', "the field 'question' holds a lone surrogate"),
            ('{"question": "q7", "answer": "\\udfff"}', "the field 'answer' holds a lone surrogate"),
        ],
    )
    def test_a_malformed_line_is_named(self, tmp_path: Path, line: str, told: str) -> None:
        path = written(tmp_path, lines(*GOOD[:2], line, *GOOD[2:]))
        assert refusal(path).startswith(f"{path}:3: {told}")

    @pytest.mark.parametrize("line", ["{", "5", '{"q": 1}', "[" * 100_000])
    def test_a_single_malformed_line_is_named(self, tmp_path: Path, line: str) -> None:
        path = written(tmp_path, line)
        assert refusal(path).startswith(f"{path}:1: ")

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ('{"examples": [\n{"input": "q",\n]}', ":3: not valid JSON"),
            ('{\n"examples": [', ":2: not valid JSON"),
            ("nonsense", ":1: not valid JSON"),
            ("[" * 100_000, ": not valid JSON: nested too deep"),
            ('{"examples": [{"input": "q", "target": NaN}]}', ": not valid JSON: NaN is not a JSON value"),
            ("[]", ": expected JSON lines"),
            ("{}", ": expected JSON lines"),
            ("5", ": expected JSON lines"),
            ('{"examples": {}}', ": expected JSON lines"),
            ('{"examples": []}', ": 0 examples, but 3 demonstrations and 3 validation examples need 6"),
            ('{"examples": [5]}', ", example 1: expected an object"),
            (bigbench(GOOD[0], {"input": "q"}), ", example 2: the field 'answer' (or 'target') is missing"),
            (bigbench(GOOD[0], {"target": "a"}), ", example 2: the field 'question' is missing"),
        ],
    )
    def test_malformed_bigbench_json_is_named(self, tmp_path: Path, content: str, told: str) -> None:
        path = written(tmp_path, content, "t.json")
        assert refusal(path).startswith(f"{path}{told}")

    def test_a_malformed_line_in_json_lines_called_json_is_named(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(*GOOD[:5], "{", *GOOD[5:]), "t.json")
        assert refusal(path).startswith(f"{path}:6: not valid JSON")

    @pytest.mark.parametrize("bad", ["{", "5", '{"question": 5}', '{"question": "q9", "answer": ["a"]}'])
    def test_a_bad_line_after_the_needed_ones_is_left_out_and_named(
        self, tmp_path: Path, bad: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        last = {"question": "q10", "answer": "a10"}
        path = written(tmp_path, lines(*GOOD, bad, last))
        assert [each.answer for each in load_task(path).further] == ["a10"]
        assert f"left out: {path}:7: " in caplog.text

    def test_a_mostly_unreadable_file_is_refused(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(*GOOD, "{", "}", "{"))
        assert refusal(path).startswith(f"{path}:7: not valid JSON")

    def test_an_empty_answer_is_an_answer(self, tmp_path: Path) -> None:
        blank = {"question": "q0 blank", "answer": ""}
        task = load_task(written(tmp_path, lines(blank, *GOOD, {"question": "q99", "answer": " "})))
        assert task.demonstrations[0].answer == ""
        assert [each.answer for each in task.further] == ["a5", " "]
        assert task.requests == ()

    def test_fewer_examples_than_asked_for(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(*GOOD))
        told = "6 examples, but 4 demonstrations and 3 validation examples need 7"
        assert refusal(path, demonstrations=4) == f"{path}: {told}"

    @pytest.mark.parametrize("numbers", [{"demonstrations": 0}, {"validation": 0}, {"validation": -1}])
    def test_no_examples_asked_for(self, tmp_path: Path, numbers: dict[str, int]) -> None:
        assert "at least one" in refusal(written(tmp_path, lines(*GOOD)), **numbers)

    def test_the_same_question_twice_in_what_is_used(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(*GOOD[:4], {"question": " q0 ", "answer": "a0 "}, *GOOD[4:]))
        assert refusal(path).startswith(f"{path}:5: the same question as {path}:1;")

    def test_the_same_question_twice_beyond_what_is_used_does_not_matter(self, tmp_path: Path) -> None:
        assert load_task(written(tmp_path, lines(*GOOD, GOOD[0])))

    @pytest.mark.parametrize("position", [1, 6])
    def test_a_contradiction_anywhere(self, tmp_path: Path, position: int) -> None:
        items = [*GOOD[:position], {"question": "q0", "answer": "b"}, *GOOD[position:]]
        path = written(tmp_path, lines(*items))
        told = f"{path}:{position + 1}: answers 'b', but {path}:1 answers the same question 'a0'"
        assert refusal(path) == told

    @pytest.mark.parametrize("name", ["t.jsonl", "t.json", "t.txt"])
    def test_text_that_is_not_utf_8(self, tmp_path: Path, name: str) -> None:
        path = written(tmp_path, b'{"question": "q"}\n"\xe4"', name)
        assert refusal(path).startswith(f"{path}:2: not UTF-8 text (byte 19)")

    @pytest.mark.parametrize("field", ["question", "answer"])
    def test_a_text_of_10_mb(self, tmp_path: Path, field: str) -> None:
        path = written(tmp_path, lines(GOOD[0], GOOD[1] | {field: "x" * 10_000_000}))
        limit = f"at most {MAX_QUESTION_CHARACTERS:,} are read"
        assert refusal(path) == f"{path}:2: the field '{field}' has 10,000,000 characters; {limit}"

    def test_a_file_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("langchain_latm.making.task_files.MAX_FILE_BYTES", 2**20)
        assert refusal("/dev/zero") == "/dev/zero: larger than 1 MB"

    def test_unreadable_paths(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "nowhere.jsonl") == f"{tmp_path}/nowhere.jsonl: No such file or directory"
        assert refusal(tmp_path) == f"{tmp_path}: Is a directory"
        assert "File name too long" in refusal("x" * 5000)
        assert "null byte" in refusal("a\0b")

    def test_a_file_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: Any, **__: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)  # root, who runs tests in a container, may read everything
        assert refusal(tmp_path / "t") == f"{tmp_path}/t: Permission denied"

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"name": "two words"}, "name: "),
            ({"check": "fuzzy"}, "check: "),
            ({"check": "custom"}, "check.custom.name: "),
        ],
    )
    def test_unusable_options(self, tmp_path: Path, options: dict[str, Any], told: str) -> None:
        path = written(tmp_path, lines(*GOOD))
        assert refusal(path, **options).startswith(f"{path}: {told}")


class TestRows:
    def load(self, tmp_path: Path, *lines: Any) -> Task:
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines))
        return load_task(path, demonstrations=1, validation=1)

    def row(self, n: int, answer: Any = 0) -> dict[str, Any]:
        return {"inputs": {"Größe": n, "class": "a"}, "answer": n if answer == 0 else answer}

    def test_rows_are_examples_at_any_position_and_count_once(self, tmp_path: Path) -> None:
        unsolved = [{"inputs": {"class": "z", "Größe": 9}}, {"inputs": {"class": "y", "Größe": 9}, "answer": None}]
        lines = [unsolved[0], self.row(1), self.row(1), '{"inputs": {"class": "b", "Größe": 18.90}, "answer": 18.90}']
        task = self.load(tmp_path, *lines, unsolved[1], unsolved[1], self.row(3, ""), self.row(3, ""))
        rows = [{"Größe": 1, "class": "a"}, {"class": "b", "Größe": 18.9}, {"Größe": 3, "class": "a"}]
        assert [each.inputs for each in task.examples] == rows
        assert [each.answer for each in task.examples] == [1, 18.9, ""]
        assert list(task.rows) == [{"class": "z", "Größe": 9}, {"class": "y", "Größe": 9}]

    @pytest.mark.parametrize(
        ("bad", "problem"),
        [
            ({"inputs": {"Größe": 2}, "answer": 1}, "the input 'class' is missing"),
            ({"inputs": {"Größe": 2, "class": 1, "x": 2}, "answer": 1}, "rows.jsonl:1 has no input 'x'"),
            ({"question": "q", "answer": "a"}, "this entry has a 'question', but .*rows.jsonl:1 has 'inputs'"),
            ({"question": "q", "inputs": {"a": 1}, "answer": "a"}, "the fields 'inputs' and 'question'"),
            ({"inputs": [1], "answer": 1}, "the field 'inputs' must be an object"),
            ({"inputs": {}, "answer": 1}, "the field 'inputs': there is none"),
            ('{"inputs": {"Größe": 1e999, "class": "a"}, "answer": 1}', "the field 'inputs': it is not a JSON value"),
            ('{"inputs": {"Größe": 1, "class": "a"}, "answer": "\\ud800"}', "the field 'answer'"),
            ('{"inputs": {"Größe": 1, "class": "a"}, "answer": 5', "not valid JSON"),
            ({"inputs": {"Größe": 1, "class": "a"}, "answer": "1"}, 'the answer is "1", but .*rows.jsonl:1 .* 1'),
        ],
    )
    def test_a_bad_row_after_the_needed_ones_is_named(
        self, tmp_path: Path, bad: Any, problem: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """An unreadable row is left out; one with other columns makes the file unusable."""
        try:
            found = [each.answer for each in self.load(tmp_path, self.row(1), self.row(2), self.row(3), bad).examples]
        except TaskError as error:
            said = str(error)
        else:
            said = caplog.text
            assert found == [1, 2, 3]
        assert re.search(rf"rows\.jsonl:4: .*{problem}", said)

    def test_too_few_different_rows_are_counted(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError, match="1 different rows with an answer, but"):
            self.load(tmp_path, self.row(1), self.row(1), {"inputs": {"Größe": 9, "class": ""}})

    def test_rows_are_not_questions(self, tmp_path: Path) -> None:
        path = tmp_path / "rows.jsonl"
        path.write_text(json.dumps(self.row(4)))
        with pytest.raises(TaskError, match=r"rows\.jsonl:1: this entry has 'inputs'"):
            load_questions(path)
