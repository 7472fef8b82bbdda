"""The command `latm`: its output streams and exit codes, and no traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm.cli import app as cli
from langchain_latm.exceptions import SandboxUnavailableError, ToolRecordError, WeightsError
from langchain_latm.models.local import LocalModelDescription
from langchain_latm.sandbox import Sandbox, create_sandbox
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.made_tool import made_tool, tool_of, typed_tool
from tests.unit_tests.making_prompt import is_making
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import GOOD, WRONG, both_roles, code, question_in, read_words, word_task

SANDBOX = "langchain_latm.create_sandbox"
NAMED_MODEL = "langchain_latm.resolve_model"
LOCAL_MODEL = "langchain_latm.create_local_model"
DESCRIPTION = "langchain_latm.models.local.describe_local_model"

UNREACHABLE = ConnectionRefusedError(111, "Connection refused")
MODEL = ("--user", "made-up:model")


@dataclass(frozen=True)
class Ended:
    """The result of a run: exit code and output."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> list[Any]:
        """The JSON values on standard output; anything else there is an error."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def prose(self) -> str:
        """Standard output, however wide the terminal is."""
        return " ".join(self.out.split())


Latm = Callable[..., Ended]


def never(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("a unit test does not start the embedded model")


@pytest.fixture
def latm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, sandbox: Sandbox) -> Latm:
    """Run `latm` in an empty folder, with a scripted model under every name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.setattr(SANDBOX, lambda **_: nullcontext(sandbox))
    monkeypatch.setattr(LOCAL_MODEL, never)
    monkeypatch.setattr(DESCRIPTION, never)

    def run(*arguments: object, model: ScriptedChatModel | None = None) -> Ended:
        monkeypatch.setattr(NAMED_MODEL, never if model is None else lambda _: model)
        monkeypatch.setattr(sys, "argv", ["latm", *map(str, arguments)])
        exit_code: Any = 0
        try:
            cli.main()
        except SystemExit as end:
            exit_code = end.code or 0
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return Ended(exit_code, told.out, told.err)

    return run


def answering(*replies: Reply, reader: Callable[[list[BaseMessage]], Any] = read_words) -> ScriptedChatModel:
    """A model that makes `replies` and reads arguments perfectly."""
    return ScriptedChatModel(script=both_roles(in_turn(*replies or (code(GOOD),)), reader))


def task_file(content: str | None = None) -> Path:
    task = word_task()
    examples = [example.model_dump() for example in (*task.demonstrations, *task.validation)]
    path = Path("words.jsonl")
    path.write_text("\n".join(map(json.dumps, examples)) if content is None else content, encoding="utf-8")
    return path


def tool_file(**changes: Any) -> Path:
    path = Path("a.tool.json")
    path.write_text(made_tool(**changes).dump(), encoding="utf-8")
    return path


def make(latm: Latm, *options: object, model: ScriptedChatModel | None = None, **task: str) -> Ended:
    chosen = ("--maker", "made-up:model", "--candidates", "1", "--attempts", "1")
    return latm("make", task_file(**task), *chosen, *options, model=model)


class TestMake:
    def test_writes_the_tool_and_shows_it(self, latm: Latm) -> None:
        ended = make(latm, model=answering())
        tool = MadeTool.load("words.tool.json")
        assert ended.code == 0
        assert tool.report.verified
        assert "sorted(words)" in ended.out
        assert "right on 6 of 6 examples, 3 of which its maker never saw" in ended.out
        assert "with 1 candidate tried on the unseen examples: at most 0.03 %. Right on at least 36 %" in ended.out
        assert "candidate 1 is right on 6 of 6: proven" in ended.err
        assert "Written to words.tool.json. Use it: latm use words.tool.json QUESTION" in ended.err

    def test_a_further_maker_is_asked_where_one_proved_nothing(
        self, latm: Latm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        models = {"made-up:model": answering("no code"), "made-up:large": answering()}
        asked: list[str] = []

        def resolve(name: str) -> ScriptedChatModel:
            asked.append(name)
            return models[name]

        chosen = ("--maker", "made-up:model", "--maker", "made-up:large", "--attempts", "2")
        monkeypatch.setattr("langchain_latm.cli.models._created", resolve)
        ended = latm("make", task_file(), *chosen)
        assert ended.code == 0
        assert asked[0] == "made-up:large", "a missing key of the next one is known before the first one is asked"
        assert list(MadeTool.load("words.tool.json").provenance.makers) == ["ScriptedChatModel"]
        assert "proved nothing: ScriptedChatModel is asked" in ended.err

    @pytest.mark.parametrize("names", [("none", "made-up:model"), ("made-up:model", "made-up:model")])
    def test_makers_without_an_order_are_bad_usage(self, latm: Latm, names: tuple[str, str]) -> None:
        ended = latm("make", task_file(), *(part for name in names for part in ("--maker", name)))
        assert ended.code == 2
        assert "--maker" in ended.err

    def test_as_json(self, latm: Latm) -> None:
        ended = make(latm, "--json", "--out", "x.json", "--name", "sorter", "--check", "text", model=answering())
        assert ended.code == 0
        ((value),) = ended.values
        assert value["out"] == "x.json"
        assert MadeTool.model_validate(value["tool"]) == MadeTool.load("x.json")
        assert (value["tool"]["name"], value["tool"]["check"]) == ("sorter", {"kind": "text"})

    def test_the_embedded_model_is_the_default(self, latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Any] = []

        def create(*, progress: Callable[[int, int], None]) -> ScriptedChatModel:
            progress(1_000_000, 2_000_000)
            asked.append(progress)
            return answering()

        monkeypatch.setattr(LOCAL_MODEL, create)
        assert latm("make", task_file(), "--candidates", "1").code == 0
        assert len(asked) == 1

    def test_two_models_have_two_roles(self, latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
        light = ScriptedChatModel(script=read_words)
        monkeypatch.setattr(LOCAL_MODEL, lambda **_: light)
        strong = ScriptedChatModel(script=in_turn(code(GOOD)))
        assert make(latm, "--user", "local", model=strong).code == 0
        assert (len(strong.prompts), len(light.prompts)) == (1, 6)

    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_making_that_fails_tells_what_was_tried_and_writes_nothing(self, latm: Latm, *, as_json: bool) -> None:
        ended = make(latm, *(["--json"] if as_json else []), model=answering(code(WRONG)))
        assert ended.code == 1
        assert "Error: no tool was proven in 1 attempt" in ended.err
        assert list(Path().iterdir()) == [Path("words.jsonl")]
        if as_json:
            (value,) = ended.values
            assert value["error"]["type"] == "ToolMakingError"
            assert WRONG in value["error"]["attempts"][0]["candidates"][0]["reply"]
            assert value["error"]["usage"]["proposing"]["calls"] > 0
            assert value["error"]["seconds"] > 0
        else:
            assert ended.out == ""

    @pytest.mark.slow
    @pytest.mark.parametrize("reply", ["", "no code", "```python\n" + "x" * 1_000_000, "{", "\ud800"])
    def test_a_model_that_writes_no_function(self, latm: Latm, reply: str) -> None:
        ended = make(latm, "--json", model=answering(reply))
        assert ended.code == 1
        assert ended.values[0]["error"]["type"] == "ToolMakingError"

    def test_a_file_that_is_there_is_kept_and_no_model_is_asked(self, latm: Latm) -> None:
        Path("words.tool.json").write_text("precious", encoding="utf-8")
        model = answering()
        ended = make(latm, "--json", model=model)
        assert (ended.code, ended.out, model.prompts) == (2, "", [])
        assert "words.tool.json already exists; choose another file or add --force" in ended.err
        assert Path("words.tool.json").read_text(encoding="utf-8") == "precious"

    def test_a_file_that_is_there_is_replaced_on_demand(self, latm: Latm) -> None:
        Path("words.tool.json").write_text("worthless", encoding="utf-8")
        assert make(latm, "--force", model=answering()).code == 0
        assert MadeTool.load("words.tool.json").name == "words"

    @pytest.mark.parametrize("out", [".", "/dev/null", "nowhere/x.json", "words.jsonl/x.json", "x" * 300, ""])
    def test_a_place_where_no_file_can_be_is_refused_before_a_model_is_asked(self, latm: Latm, out: str) -> None:
        model = answering()
        ended = make(latm, "--force", "--out", out, model=model)
        assert (ended.code, ended.out, model.prompts) == (2, "", [])
        assert "--out" in ended.err

    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_tool_that_cannot_be_written_is_not_lost(
        self, latm: Latm, monkeypatch: pytest.MonkeyPatch, *, as_json: bool
    ) -> None:
        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", full)
        ended = make(latm, *(["--json"] if as_json else []), model=answering())
        assert ended.code == 1
        assert "words.tool.json cannot be written (No space left on device): the tool is printed instead" in ended.err
        record = json.loads(ended.out.splitlines()[0])["tool"] if as_json else json.loads(ended.out)
        assert MadeTool.model_validate(record).report.verified

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("", "words.jsonl: the file is empty"),
            ('{"question": "q", "answer": "a"}\n{', "words.jsonl:2: not valid JSON"),
            ('{"question": "q", "answer": "a"}', "words.jsonl: 1 examples, but 3 demonstrations"),
            ('{"question": "q"}', "words.jsonl:1: the field 'answer'"),
        ],
    )
    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_bad_task_file(self, latm: Latm, content: str, told: str, *, as_json: bool) -> None:
        ended = make(latm, *(["--json"] if as_json else []), content=content)
        assert ended.code == 2
        assert ended.err.startswith(f"Error: {told}")
        assert ended.out == "" or ended.values[0]["error"]["message"].startswith(told)

    def test_a_task_file_that_vanished(self, latm: Latm) -> None:
        ended = latm("make", "nowhere.jsonl")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == "Error: nowhere.jsonl: No such file or directory\n"

    @pytest.mark.parametrize(
        "options",
        [
            ("--check", "fuzzy"),
            ("--demonstrations", "0"),
            ("--validation", "-1"),
            ("--candidates", "many"),
            ("--attempts", "0"),
            ("--bogus",),
            ("--name", "two words"),
        ],
    )
    def test_bad_options(self, latm: Latm, options: tuple[str, ...]) -> None:
        ended = make(latm, *options, model=answering())
        assert (ended.code, ended.out) == (2, "")
        assert ended.err


class TestUse:
    def test_answers_a_question(self, latm: Latm) -> None:
        ended = latm("use", tool_file(), "Sort: c b a", *MODEL, model=answering())
        assert (ended.code, ended.out) == (0, "a b c\n")

    def test_as_json(self, latm: Latm) -> None:
        ended = latm("use", tool_file(), "Sort: ü ä", *MODEL, "--json", model=answering())
        (value,) = ended.values
        assert ended.code == 0
        assert value["text"] == "ä ü"
        assert value["tool_use"]["arguments"] == {"words": ["ü", "ä"]}
        assert ended.out.isascii()

    def test_answers_a_file_and_compares(self, latm: Latm) -> None:
        lines = [
            {"question": "Sort: b a", "answer": "a b"},
            {"question": "Sort: c", "answer": "d"},
            {"question": "Sort: e"},
        ]
        requests = task_file("\n".join(map(json.dumps, lines)))
        ended = latm("use", tool_file(), "--file", requests, *MODEL, model=answering())
        assert ended.code == 0
        assert ended.out == "a b\nc\ne\n", "the answers alone, for a pipe"
        assert "3 of 3 answered, 1 of 2 right (50%)" in ended.err

    def test_a_model_that_fails_once_does_not_lose_the_other_answers(self, latm: Latm) -> None:
        def script(messages: list[BaseMessage]) -> Any:
            return ConnectionError("reset by the peer") if "dove" in question_in(messages) else read_words(messages)

        arguments = ("use", tool_file(), "--file", task_file(), *MODEL, "--json")
        ended = latm(*arguments, model=ScriptedChatModel(script=script))
        rows = ended.values
        assert ended.code == 1
        assert [row["right"] for row in rows[:3]] == [True, False, True]
        assert "cannot be reached" in rows[1]["error"]
        assert f"{len(rows) - 1} of {len(rows)} answered" in ended.err

    @pytest.mark.slow
    def test_a_call_that_takes_too_long_is_its_own_failure(self, latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(SANDBOX, create_sandbox)
        slow = GOOD.replace("return ", "while True:\n        pass\n    return ")
        ended = latm("use", tool_file(source=slow), "Sort: b a", *MODEL, "--call-seconds", "0.1", model=answering())
        assert ended.code == 1
        assert "longer than 0.1 s" in ended.err

    def test_a_model_that_always_fails_is_one_error(self, latm: Latm) -> None:
        model = ScriptedChatModel(script=in_turn(ConnectionError("refused")))
        ended = latm("use", tool_file(), "--file", task_file(), *MODEL, "--json", model=model)
        assert ended.code == 1
        assert ended.values[0]["error"]["type"] == "ModelError"

    def test_a_file_as_json(self, latm: Latm) -> None:
        ended = latm("use", tool_file(), "--file", task_file(), *MODEL, "--json", "--limit", "2", model=answering())
        rows = ended.values
        assert ended.code == 0
        assert [(row["answer"], row["right"]) for row in rows] == [("apple fig pear", True), ("auk crow dove", True)]
        assert "2 of 2 answered, 2 of 2 right (100%)" in ended.err

    def test_examples_that_proved_the_tool_can_be_left_out(self, latm: Latm) -> None:
        requests = task_file('{"question": "Sort: pear fig"}\n{"question": "Sort: b a"}')
        ended = latm("use", tool_file(), "--file", requests, "--unseen", *MODEL, model=answering())
        assert ended.out.split() == ["a", "b"]

    def test_no_request_is_left(self, latm: Latm) -> None:
        requests = task_file('{"question": "Sort: pear fig"}')
        ended = latm("use", tool_file(), "--file", requests, "--unseen", *MODEL, model=answering())
        assert (ended.code, ended.err) == (2, "Error: words.jsonl: no requests are left\n")

    def test_one_request_that_fails_does_not_stop_the_others(self, latm: Latm) -> None:
        def reader(messages: list[BaseMessage]) -> Any:
            return "no arguments" if "impossible" in str(messages) else read_words(messages)

        requests = task_file('{"question": "Sort: impossible", "answer": "x"}\n{"question": "Sort: b a"}')
        model = answering(reader=reader)
        ended = latm("use", tool_file(), "--file", requests, *MODEL, "--json", model=model)
        failed, answered = ended.values
        assert ended.code == 1
        assert "no valid arguments for word_sorting" in failed["error"]
        assert (failed["right"], answered["answer"]) == (False, "a b")
        assert "request 1: no valid arguments" in ended.err
        assert "1 of 2 answered" in ended.err

    @pytest.mark.parametrize("as_json", [False, True])
    def test_a_tool_that_fails(self, latm: Latm, sandbox: Sandbox, *, as_json: bool) -> None:
        source = GOOD.replace('return " ".join(sorted(words))', "return 1 / 0")
        Path("a.tool.json").write_text(tool_of(sandbox, source, "sort_words").dump(), encoding="utf-8")
        options = [*MODEL, *(["--json"] if as_json else [])]
        ended = latm("use", "a.tool.json", "Sort: a", *options, model=answering())
        assert ended.code == 1
        assert "ZeroDivisionError" in ended.err
        assert ended.out == "" or ended.values[0]["error"]["type"] == "ToolUseError"

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            ([], "give either a QUESTION or --file"),
            (["q", "--file", "words.jsonl"], "give either a QUESTION or --file"),
            ([""], "the question is empty"),
            ([" \n"], "the question is empty"),
            (["\udcff"], "the question is not UTF-8 text"),
            (["q", "--limit", "0"], "--limit"),
            (["q", "r"], "r"),
        ],
    )
    def test_bad_usage(self, latm: Latm, arguments: list[str], told: str) -> None:
        ended = latm("use", tool_file(), *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert told in ended.err

    def test_a_question_that_is_too_long(self, latm: Latm) -> None:
        ended = latm("use", tool_file(), "q" * 100_001, *MODEL, model=answering())
        assert (ended.code, ended.out) == (1, "")
        assert "the question has 100,001 characters" in ended.err

    def test_a_question_file_that_vanished(self, latm: Latm) -> None:
        ended = latm("use", tool_file(), "--file", "nowhere.txt", "--json")
        assert ended.code == 2
        assert ended.values == [{"error": {"type": "TaskError", "message": "nowhere.txt: No such file or directory"}}]


class TestShow:
    def test_no_model_uses_a_typed_tool(self, latm: Latm, tmp_path: Path) -> None:
        (tmp_path / "badge.json").write_text(typed_tool().dump())
        ended = latm("show", str(tmp_path / "badge.json"))
        assert "Made by strong, on 2026" in ended.out

    def test_shows_a_tool(self, latm: Latm) -> None:
        ended = latm("show", tool_file(description="Sort [bold]words[/] ä."))
        assert ended.code == 0
        assert "Sort [bold]words[/] ä." in ended.out
        assert "sorted(words)" in ended.out
        assert "Made by strong, used by light" in ended.out
        assert "list[str]" in ended.out
        assert ended.err == ""

    def test_the_source_in_a_pipe_is_as_it_is(self, latm: Latm) -> None:
        source = made_tool().source.replace("    return", f"    # [bold]{'long ' * 40}line\n    return")
        assert source in latm("show", tool_file(source=source)).out

    def test_in_a_pipe_a_line_is_a_row(self, latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        description = "Sort words, " + "again and " * 20 + "again."
        printed = latm("show", tool_file(description=description)).out.splitlines()
        assert any(description in line for line in printed)
        (row,) = (line for line in printed if "words=['pear', 'fig']" in line)
        assert [cell.strip() for cell in row.strip("│").split("│")][:3] == ["right", "unseen", "Sort: pear fig"]

    def test_nothing_in_a_tool_steers_the_terminal(self, latm: Latm) -> None:
        ended = latm("show", tool_file(description="Sort \x1b[31mred\x1b]0;title\x07 \u202e."))
        assert r"Sort \x1b[31mred\x1b]0;title\x07 \u202e." in ended.out
        assert not {"\x1b", "\x07", "\u202e"} & set(ended.out)

    def test_as_json(self, latm: Latm) -> None:
        ended = latm("show", tool_file(), "--json")
        assert ended.code == 0
        assert MadeTool.model_validate(ended.values[0]) == made_tool()

    @pytest.mark.parametrize("content", [None, "", "{", made_tool().dump().replace("Sort words.", "Sort.")])
    @pytest.mark.parametrize("command", [["show"], ["use", "--file", "q.txt"]])
    def test_a_tool_that_is_gone_or_was_altered(self, latm: Latm, command: list[str], content: str | None) -> None:
        if content is not None:
            Path("b.tool.json").write_text(content, encoding="utf-8")
        ended = latm(*command, "--json", "b.tool.json")
        assert ended.code == 2
        assert ended.err.startswith("Error: b.tool.json")
        assert ended.values[0]["error"]["type"] == ToolRecordError.__name__


class TestDemo:
    RIGHT = GOOD.replace("sorted(words)", "sorted(words, key=lambda word: (word[-1], word))")

    def model(self, source: str) -> ScriptedChatModel:
        def reader(messages: list[BaseMessage]) -> Any:
            return {"words": question_in(messages).partition(": ")[2].split()}

        def maker(messages: list[BaseMessage]) -> str:
            return code(source) if is_making(messages) else "no idea"

        return ScriptedChatModel(script=both_roles(maker, reader))

    def run(self, latm: Latm, source: str, *more: str) -> Ended:
        options = ["--kind", "last_letter_sorting", "--requests", "2", "--candidates", "1", "--attempts", "1", *more]
        return latm("demo", "--model", "made-up:model", *options, model=self.model(source))

    def test_prints_a_table(self, latm: Latm) -> None:
        ended = self.run(latm, self.RIGHT)
        assert ended.code == 0
        assert "last_letter_sorting" in ended.out
        assert "0 of 2" in ended.out
        assert "2 of 2" in ended.out
        assert "at the first one, as the model alone gave none" in ended.prose

    def test_as_json(self, latm: Latm) -> None:
        ended = self.run(latm, self.RIGHT, "--json", "--seed", "7")
        (value,) = ended.values
        assert ended.code == 0
        assert value["seed"] == 7
        (kind,) = value["kinds"]
        assert (kind["direct"]["right"], kind["using"]["right"]) == (0, 2)

    def test_a_kind_without_a_tool_is_a_failure(self, latm: Latm) -> None:
        ended = self.run(latm, WRONG, "--json")
        assert ended.code == 1
        assert ended.values[0]["kinds"][0]["error"].startswith("no tool was proven")

    def test_the_table_says_so_too(self, latm: Latm) -> None:
        ended = self.run(latm, WRONG)
        assert ended.code == 1
        assert "no tool" in ended.out
        assert "without success. no tool was proven in 1 attempt" in ended.prose

    def test_what_was_measured_is_shown_if_the_model_fails_later(self, latm: Latm) -> None:
        able = self.model(self.RIGHT)

        def reply(messages: list[BaseMessage]) -> Any:
            if "days" in str(messages[-1].content):
                raise UNREACHABLE
            return able.script(messages)

        kinds = ["--kind", "last_letter_sorting", "--kind", "days_between"]
        options = [*kinds, "--requests", "2", "--candidates", "1", "--attempts", "1", "--model", "made-up:model"]
        ended = latm("demo", *options, model=ScriptedChatModel(script=reply))
        assert ended.code == 1
        assert "2 of 2" in ended.out
        assert ended.err.endswith("cannot be reached: nothing listens there.\n")

    def test_an_unknown_kind(self, latm: Latm) -> None:
        ended = latm("demo", "--kind", "bogus")
        assert (ended.code, ended.out) == (2, "")
        assert "'bogus' is not one of 'column', 'last_letter_sorting'" in ended.err


class TestModel:
    FOUND = LocalModelDescription(
        name="tiny",
        path=Path("/weights/tiny.gguf"),
        source="user file",
        size=1_234_567,
        sha256="ab" * 32,
        context=4096,
        slots=2,
        threads=2,
        start_seconds=1.25,
        prompt_tokens_per_second=100.4,
        generation_tokens_per_second=20.6,
    )

    @pytest.mark.parametrize("as_json", [False, True])
    def test_describes_it(self, latm: Latm, monkeypatch: pytest.MonkeyPatch, *, as_json: bool) -> None:
        monkeypatch.setattr(DESCRIPTION, lambda **_: self.FOUND)
        ended = latm("model", *(["--json"] if as_json else []))
        assert ended.code == 0
        if as_json:
            assert ended.values == [{**vars(self.FOUND), "path": "/weights/tiny.gguf"}]
        else:
            assert "/weights/tiny.gguf (user file, 1,234,567 bytes)" in ended.out
            assert "100 tokens/s read, 21 tokens/s written" in ended.out

    def test_without_weights(self, latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(**_: Any) -> NoReturn:
            raise WeightsError("install the extra")

        monkeypatch.setattr(DESCRIPTION, missing)
        ended = latm("model", "--json")
        assert (ended.code, ended.err) == (1, "Error: install the extra\n")
        assert ended.values == [{"error": {"type": "WeightsError", "message": "install the extra"}}]


@pytest.fixture
def commands(latm: Latm) -> dict[str, Callable[[ScriptedChatModel], Ended]]:
    """Every command that asks a model."""
    return {
        "make": lambda model: make(latm, "--json", model=model),
        "use": lambda model: latm("use", tool_file(), "Sort: a", *MODEL, "--json", model=model),
        "use --file": lambda model: latm("use", tool_file(), "--file", task_file(), *MODEL, "--json", model=model),
        "demo": lambda model: latm("demo", "--model", "made-up:model", "--requests", "1", "--json", model=model),
    }


@pytest.mark.parametrize("command", ["make", "use", "use --file", "demo"])
class TestEveryCommand:
    @pytest.mark.slow
    def test_a_model_that_cannot_be_reached(self, commands: dict[str, Any], command: str) -> None:
        ended = commands[command](ScriptedChatModel(script=in_turn(UNREACHABLE)))
        assert ended.code == 1
        told = "The model ScriptedChatModel cannot be reached: nothing listens there."
        assert ended.values == [{"error": {"type": "ModelError", "message": told}}]
        assert f"Error: {told}\n" in ended.err

    def test_a_machine_without_a_sandbox(
        self, commands: dict[str, Any], command: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unavailable(**_: object) -> NoReturn:
            raise SandboxUnavailableError("no sandbox here")

        monkeypatch.setattr(SANDBOX, unavailable)
        ended = commands[command](answering())
        assert ended.code == 1
        assert ended.values == [{"error": {"type": "SandboxUnavailableError", "message": "no sandbox here"}}]

    @pytest.mark.parametrize("error", [MemoryError("a\nb"), RuntimeError("[bold]odd[/]"), RecursionError()])
    def test_an_unexpected_error_is_one_message(
        self, commands: dict[str, Any], command: str, error: Exception, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**_: object) -> NoReturn:
            raise error

        monkeypatch.setattr(SANDBOX, fail)
        ended = commands[command](answering())
        assert ended.code == 1
        assert f"Unexpected error: {type(error).__name__}: {error}" in ended.err
        assert ended.values[0]["error"]["type"] == "LATMError"

    def test_an_interrupt(self, commands: dict[str, Any], command: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(**_: object) -> NoReturn:
            raise KeyboardInterrupt

        monkeypatch.setattr(SANDBOX, interrupt)
        ended = commands[command](answering())
        assert ended.code in (1, 130)  # depends on the version of typer
        assert ended.out == ""


def test_debugging_shows_where(latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> NoReturn:
        raise RuntimeError("here")

    monkeypatch.setenv("LATM_DEBUG", "1")
    monkeypatch.setattr("langchain_latm.cli.use.chosen_model", fail)
    with pytest.raises(RuntimeError, match="here"):
        latm("use", tool_file(), "q")


@pytest.mark.parametrize("arguments", [["bogus"], ["--bogus"], ["make"], ["use"], ["show"], ["show", "a", "b"]])
def test_bad_usage(latm: Latm, arguments: list[str]) -> None:
    ended = latm(*arguments)
    assert ended.code == 2
    assert "Usage: latm" in ended.out + ended.err


@pytest.mark.parametrize("command", [[], ["make"], ["use"], ["show"], ["model"], ["demo"]])
def test_help(latm: Latm, command: list[str]) -> None:
    ended = latm(*command, "--help")
    assert ended.code == 0
    assert "Usage: latm" in ended.out
    assert "Example" in ended.out


def test_a_missing_extra(latm: Latm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ended = latm("serve")
    assert (ended.code, ended.out) == (2, "")
    missing = "mcp, starlette, uvicorn, prometheus_client"
    assert ended.err == f"Error: {missing} not installed: run pip install 'langchain-latm[mcp]'\n"
