"""`latm ask` and `latm feedback`, as a user types them; each test has a library of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.cli import options
from tests.unit_tests.command_line import Run
from tests.unit_tests.loop_world import KINDS, World, stream
from tests.unit_tests.made_tool import typed_tool

SORT = KINDS["sort"]


def lines(told: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.splitlines()]


@pytest.mark.slow
def test_a_stream_of_requests_makes_its_tool(latm: Run, world: World) -> None:
    requests = stream(["sort"], 8)
    code, told, said = latm("ask", *requests, "--maker", "x:y")
    assert (code, told.splitlines()) == (0, [SORT.answer(request) for request in requests])
    assert "put_words_alphabetical_order is in the library" in said
    assert "by put_words_alphabetical_order" in said
    assert "8 of 8 answered" in said
    assert len(world.makings) == 2  # the second attempt looks for another function
    code, told, said = latm("ask", "-", "--maker", "x:y", "--json", typed="\n".join(requests[:2]) + "\n\n")
    first, second = lines(told)
    assert first["tool_use"]["tool"] == second["tool_use"]["tool"] == "put_words_alphabetical_order"
    assert "2 of 2 answered" in said
    assert "reuse put_words_alphabetical_order" in latm("dispatch", requests[3])[1]


@pytest.mark.slow
def test_a_request_is_explained(latm: Run, world: World) -> None:
    latm("ask", *stream(["sort"], 6), "--maker", "x:y")
    world.on_judging = lambda _text: "no"
    world.on_answering = lambda _text: "Answer: pear fig"
    twin = "Do not put these words into alphabetical order: pear fig"
    code, told, said = latm("ask", twin, "--maker", "x:y", "--explain")
    assert (code, told) == (0, "pear fig\n")
    assert "decision: answer directly: the request is not worded like the examples" in said
    assert "nearest: put_words_alphabetical_order, " in said
    assert "doubt (different): the request is not worded like the examples of put_words_alphabetical_order" in said
    _, _, said = latm("ask", stream(["sort"], 1, 9)[0], "--maker", "x:y", "--explain")
    assert "decision: reuse put_words_alphabetical_order: " in said
    assert "doubt" not in said
    _, _, said = latm("ask", twin, "--maker", "x:y")
    assert "doubt (different)" in said
    assert "decision" not in said
    assert [each["code"] for each in lines(latm("ask", twin, "--maker", "x:y", "--json")[1])[0]["doubts"]] == [
        "different"
    ]


@pytest.mark.slow
def test_known_answers_are_compared_and_learned(latm: Run, world: World, tmp_path: Path) -> None:
    world.on_answering = lambda _text: "Answer: no idea"
    rows = [{"question": text, "answer": SORT.answer(text)} for text in stream(["sort"], 8)]
    (tmp_path / "tasks.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = ("--file", "tasks.jsonl", "--maker", "x:y", "--labels", "feedback")
    assert "0 of 8 right" in latm("ask", *options, "--making", "off")[2]
    code, told, _ = latm("ask", *options, "--learn", "--json")
    outcomes = lines(told)
    assert code == 0
    assert [each["right"] for each in outcomes[:6]] == [False] * 6  # labels come by feedback, one after the other
    assert outcomes[6]["tool_made"] == "put_words_alphabetical_order"
    assert outcomes[7]["right"] is True


def test_rows_are_for_typed_tools(latm: Run, world: World, tmp_path: Path) -> None:
    row, other = json.dumps({"class": "Diaz", "Vor name": "Uma"}), json.dumps({"a": 1})
    (tmp_path / "badge.json").write_text(typed_tool().model_dump_json())
    assert latm("tools", "add", "badge.json")[0] == 0
    assert latm("dispatch", "--args", row)[1] == "reuse badge\n"
    code, told, said = latm("ask", "--args", row, "--args", other, "--args", row, "--maker", "x:y")
    assert (code, told) == (1, "U. Diaz\nU. Diaz\n")
    assert "no tool takes the inputs 'a'" in said
    for wrong in (
        ["ask", "--args", "[1]"],
        ["ask", "what", "--args", row],
        ["dispatch"],
        ["dispatch", "x", "--args", row],
    ):
        assert latm(*wrong)[0] == 2, wrong
    assert world.makings == []


@pytest.mark.slow
def test_feedback_retires_a_tool(latm: Run, world: World) -> None:
    world.on_answering = lambda text: f"Answer: {text.removeprefix(SORT.opening).strip()}"
    world.on_making = lambda _text: f"```python\n{SORT.source.replace('sorted(words)', 'words')}```"
    requests = stream(["sort"], 9, 1)
    answers = lines(latm("ask", *requests, "--maker", "x:y", "--json")[1])[6:9]
    told = [latm("feedback", answer["id"], SORT.answer(answer["question"])) for answer in answers]
    assert [code for code, _, _ in told] == [0, 0, 0]
    assert "the answer by put_words_alphabetical_order was wrong" in told[0][2]
    assert "is retired" in told[2][2]
    assert all("latm remake put_words_alphabetical_order" in said for _, _, said in told)
    assert "no tools yet" in latm("tools", "list")[2]
    code, out, _ = latm("feedback", answers[0]["id"], "x", "--json")
    assert (code, json.loads(out)["right"]) == (0, False)


def test_a_person_at_the_terminal_approves(latm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(options, "require_terminal", lambda _hint: None)

    def keep(asking: dict[str, Any]) -> bool:
        asked.append(asking)
        return True

    monkeypatch.setattr("langchain_latm.cli.answers.ask_person", keep)
    code, _, said = latm("ask", *stream(["sort"], 7), "--maker", "x:y", "--approve")
    assert code == 0
    assert [each["kind"] for each in asked] == ["approval"]
    assert "by put_words_alphabetical_order" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ask"], 2, "give QUESTIONs, --args, --file"),
        (["ask", "x", "--file", "y"], 2, "give QUESTIONs, --args, --file"),
        (["ask", " "], 2, "the question is empty"),
        (["ask", "x", "--labels", "y"], 2, "'model', 'person', 'feedback'"),
        (["ask", "x", "--making", "y"], 2, "'inline', 'background', 'off'"),
        (["ask", "x", "--check", "y"], 2, "'exact', 'text', 'numeric'"),
        (["ask", "x", "--instances", "3", "--demonstrations", "3"], 2, "the other instances are for the proof"),
        (["ask", "x", "--approve"], 2, "needs a terminal"),
        (["ask", "--file", "none.jsonl"], 2, "none.jsonl: No such file"),
        (["feedback", "nothing", "x"], 2, "no answer has the id 'nothing'"),
        (["feedback", "nothing", " "], 2, "the correct answer is empty"),
        (["ask", "x" * 200_000, "--maker", "x:y"], 1, "longer than 100,000"),
    ],
)
def test_bad_usage(latm: Run, arguments: list[str], code: int, words: str) -> None:
    ended, _, said = latm(*arguments, "--library", "l.sqlite")
    assert (ended, words in said.replace(" │ │ ", " ")) == (code, True), said


def test_one_request_that_fails_does_not_stop_the_others(latm: Run, world: World) -> None:
    world.on_answering = lambda text: ConnectionError("x") if "apple" in text else None
    requests = [f"{SORT.opening} {words}" for words in ("fig date", "apple fig", "lime kiwi")]
    code, told, said = latm("ask", *requests, "--maker", "x:y")
    assert (code, told.splitlines()) == (1, ["date fig", "kiwi lime"])
    assert "cannot be reached" in said
    assert "2 of 3 answered" in said


def test_feedback_is_listed_and_withdrawn(latm: Run) -> None:
    request = stream(["sort"], 1)[0]
    answer = lines(latm("ask", request, "--maker", "x:y", "--json")[1])[0]
    assert "kept as a doubt" in latm("feedback", answer["id"], "x", "--source", "stranger", "--by", "mal\x1b")[2]
    assert latm("feedback", answer["id"], SORT.answer(request))[0] == 0
    listed = latm("feedback", "--list")[1].splitlines()
    assert ["(stranger 'mal\\x1b')" in listed[0], "right (person)" in listed[1]] == [True, True]
    entries = lines(latm("feedback", "--list", "--json")[1])
    assert [each["source"] for each in entries] == ["stranger", "person"]
    assert latm("feedback", "--withdraw", entries[0]["id"])[0] == 0
    assert len(latm("feedback", "--list")[1].splitlines()) == 1
    for wrong in ((), ("an id",), ("--list", "id", "x"), ("--list", "--withdraw", "id")):
        assert latm("feedback", *wrong)[0] == 2


def test_a_tenants_part_of_the_library(latm: Run) -> None:
    requests = stream(["sort"], 7)
    assert "by put_words_alphabetical_order" in latm("--tenant", "acme", "ask", *requests, "--maker", "x:y")[2]
    assert "put_words_alphabetical_order" in latm("--tenant", "acme", "tools", "list")[1]
    assert latm("tools", "list")[1] == ""
    assert latm("--tenant", " ", "tools", "list")[0] == 2
