"""Many requests in one command: streamed, resumed, and printed for a pipe."""

from __future__ import annotations

import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.cli import many
from langchain_latm.cli.ending import uninterrupted
from langchain_latm.cli.many import Chunks
from langchain_latm.loop.latm import LATM
from langchain_latm.tools.user import create_tool_user
from tests.unit_tests.command_line import Run
from tests.unit_tests.loop_world import KINDS, World, stream
from tests.unit_tests.sorting_tool import sorting_tool, typed_tool

SORT = KINDS["sort"]
TOOL = "sort.tool.json"


@pytest.fixture(autouse=True)
def _tools(latm: Run, tmp_path: Path) -> None:  # noqa: ARG001 - it chooses the folder
    (tmp_path / TOOL).write_text(sorting_tool().dump(), encoding="utf-8")
    (tmp_path / "typed.tool.json").write_text(typed_tool().dump(), encoding="utf-8")


def test_a_pipe_gets_answers_alone(latm: Run) -> None:
    """One per line, an empty line for a request without an answer; everything else goes to standard error."""
    asked = "Sort: b a\nSort: fails\nWhat?\nSort: d c\n"
    code, told, said = latm("use", TOOL, "--file", "-", typed=asked)
    assert (code, told) == (1, "a b\n\n\nc d\n")
    assert "request 2: word_sorting failed on 'Sort: fails'" in said
    assert "request 3: " in said
    assert "2 of 4 answered" in said
    code, told, _ = latm("use", TOOL, "--file", "-", "--json", typed=asked)
    rows = [json.loads(line) for line in told.splitlines()]
    assert [row["answer"] for row in rows] == ["a b", None, None, "c d"]


def test_standard_input_may_be_json_lines(latm: Run) -> None:
    rows = [{"question": "Sort: b a", "answer": "a b"}, {"question": "Sort: d c", "answer": "x"}]
    code, told, said = latm("use", TOOL, "--file", "-", typed="".join(json.dumps(row) + "\n" for row in rows))
    assert (code, told) == (0, "a b\nc d\n")
    assert "1 of 2 right" in said
    inputs = [{"inputs": {"text": "ab", "how often": number}} for number in range(1, 4)]
    code, told, _ = latm("use", "typed.tool.json", "--file", "-", typed="\n".join(map(json.dumps, inputs)))
    assert (code, told) == (0, "ab\nabab\nababab\n")
    code, _, said = latm("use", "typed.tool.json", "--file", "-", typed="Sort: b a\n")
    assert (code, "standard input:1: this entry has a 'question', but a typed tool takes 'inputs'" in said) == (2, True)
    for typed, why in (("", "input: no requests"), ('{"question": "a"}\n{"que', "standard input:2: not valid JSON")):
        code, _, said = latm("use", TOOL, "--file", "-", typed=typed)
        assert (code, why in said) == (2, True), said


def test_the_same_command_continues(latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interruption, finished requests are not computed again, and the summary counts all."""
    monkeypatch.setattr(many, "_FIRST", 10)
    asked = [f"Sort: b{number} a" for number in range(50)]
    (tmp_path / "asked.txt").write_text("\n".join(asked))
    command = ("use", TOOL, "--file", "asked.txt", "--out", "done.txt")
    real, computed = create_tool_user, []

    def stopping(*arguments: Any, **more: Any) -> Any:
        user = real(*arguments, **more)
        batch = user.batch

        def stop_at_the_second(inputs: Any, *rest: Any, **options: Any) -> Any:
            computed.extend(inputs)
            if len(computed) == 30:
                raise KeyboardInterrupt
            return batch(inputs, *rest, **options)

        monkeypatch.setattr(user, "batch", stop_at_the_second, raising=False)
        return user

    monkeypatch.setattr("langchain_latm.create_tool_user", stopping)
    code, _, said = latm(*command)
    assert code == 130
    assert "done.txt.part keeps the answers so far; repeat the command to continue" in said
    assert not (tmp_path / "done.txt").exists()
    code, _, said = latm("use", TOOL, "--file", "asked.txt", "--out", "done.txt", "--limit", "9")
    assert (code, "was begun with another limit" in said) == (2, True), said
    computed.clear()
    computed.extend([""] * 100)
    code, told, said = latm(*command)
    assert (code, told) == (0, "")
    assert "continuing after request 10" in said
    assert "50 of 50 answered" in said
    assert len(computed) == 140, "ten were done before"
    assert (tmp_path / "done.txt").read_text().splitlines() == [f"a b{number}" for number in range(50)]
    assert sorted(each.name for each in tmp_path.glob("*done*")) == ["done.txt"]
    code, _, said = latm(*command)
    assert (code, "already exists" in said) == (2, True)
    assert latm(*command, "--force")[0] == 0


def test_the_output_is_checked_before_anything_is_done(latm: Run, tmp_path: Path) -> None:
    (tmp_path / "asked.txt").write_text("Sort: b a")
    for wrong, why in (
        (("use", TOOL, "Sort: b a", "--out", "x"), "is for the answers to --file"),
        (("use", TOOL, "--file", "asked.txt", "--out", "asked.txt", "--force"), "the file of requests itself"),
        (("use", TOOL, "--file", "asked.txt", "--out", "no/x"), "the folder no is missing"),
        (("ask", "--file", "asked.txt", "--out", "asked.txt"), "the file of requests itself"),
    ):
        code, _, said = latm(*wrong)
        assert (code, why in said) == (2, True), said
    assert (tmp_path / "asked.txt").read_text() == "Sort: b a"


def test_an_answer_is_one_line(latm: Run, tmp_path: Path) -> None:
    source = 'def sort_words(words: list[str]) -> str:\n    return "\\n".join(sorted(words))\n'
    (tmp_path / "lines.json").write_text(sorting_tool(source=source).dump())
    assert latm("use", "lines.json", "--file", "-", typed="Sort: b a\n")[1] == "a\\nb\n"
    assert latm("use", "lines.json", "Sort: b a")[1] == "a\nb\n"


@pytest.mark.slow
def test_requests_of_a_file_are_answered_together(
    latm: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as there is a tool, including requests after the one that made it."""
    asked = stream(["sort"], 40)
    (tmp_path / "asked.txt").write_text("\n".join(asked))
    singly: list[Any] = []
    stream_of = LATM.stream

    def counted(self: LATM, request: Any, *rest: Any, **more: Any) -> Any:
        singly.append(request)
        return stream_of(self, request, *rest, **more)

    monkeypatch.setattr(LATM, "stream", counted)
    monkeypatch.setattr("langchain_latm.loop.parsed_batch.is_sampled", lambda *_: False)  # a share of all, at random
    monkeypatch.setattr("langchain_latm.loop.dispatch.tool_index.ToolIndex.stale", True)
    code, told, said = latm("ask", "--file", "asked.txt", "--maker", "x:y")
    assert (code, told.splitlines()) == (0, [SORT.answer(each) for each in asked])
    assert "40 of 40 answered" in said
    assert "id " not in said, "an id for each of many requests is in the JSON"
    assert (len(singly), len(world.answered)) == (6, 6)
    code, told, _ = latm("ask", "--file", "asked.txt", "--maker", "x:y", "--json")
    rows = [json.loads(line) for line in told.splitlines()]
    assert [row["text"] for row in rows] == [SORT.answer(each) for each in asked]
    assert all(row["id"] and row["tool_use"] for row in rows)
    assert len(singly) == 6


def test_chunks_grow_while_they_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("langchain_latm.cli.many.time.monotonic", lambda: now)
    sizes = []
    for chunk in Chunks(iter(range(1_000)), waits=False):
        sizes.append(len(chunk))
        now += 0.1 if len(sizes) < 4 else 3
    assert sizes[:6] == [16, 32, 64, 128, 64, 32]


def test_a_stream_that_waits_is_answered_as_it_comes() -> None:
    """A terminal, or a pipe from a slow program."""
    more = threading.Event()

    def arriving() -> Any:
        yield 1
        assert more.wait(60)
        yield 2
        raise ValueError("broken")

    chunks = iter(Chunks(arriving(), waits=True))
    assert next(chunks) == [1]
    more.set()
    assert next(chunks) == [2]
    with pytest.raises(ValueError, match="broken"):
        next(chunks)


def test_ctrl_c_waits_for_what_must_not_be_cut() -> None:
    done = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets background processes ignore it
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the block is what is tested
            with uninterrupted():
                signal.raise_signal(signal.SIGINT)
                time.sleep(0)
                done.append("whole")
            done.append("more")
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["whole"]
