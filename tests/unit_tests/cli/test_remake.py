"""`latm remake`, as a user types it; each test has a library of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import open_tool_library
from tests.unit_tests.command_line import Run
from tests.unit_tests.loop_world import KINDS, World, stream

SORT = KINDS["sort"]
NAME = "put_words_alphabetical_order"
SHREWD = SORT.source.replace("sorted(words)", 'sorted(words) if "apple" not in words else words')
HARD = f"{SORT.opening} pear apple"
MODEL = ("--maker", "x:y")
MADE: list[bytes] = []
"""The library with the tool: it is made once, and copied for each test."""


@pytest.fixture
def latm(latm: Run, tmp_path: Path, world: World) -> Run:
    """Run a command on a library with a tool that is wrong where an apple is; return exit code, output and errors."""
    library = tmp_path / "tools.sqlite"
    if MADE:
        library.write_bytes(MADE[0])
        return latm
    world.on_making = lambda _text: f"```python\n{SHREWD}```"
    plain = [text for text in stream(["sort"], 20, 1) if "apple" not in text][:6]
    assert latm("ask", *plain, *MODEL)[0] == 0
    world.on_making = lambda _text: None
    world.makings.clear()
    MADE.append(library.read_bytes())
    return latm


def tell_what_is_wrong(latm: Run) -> None:
    told = latm("ask", HARD, *MODEL, "--json")[1]
    assert "was wrong" in latm("feedback", json.loads(told)["id"], "apple pear")[2]


def versions(latm: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(latm("tools", "history", NAME, "--json")[1])
    return found


@pytest.mark.slow
def test_a_tool_that_feedback_found_wrong_is_remade(latm: Run) -> None:
    tell_what_is_wrong(latm)
    old = versions(latm)[0]["id"]
    code, told, said = latm("remake", NAME, *MODEL)
    made, remade = versions(latm)
    assert code == 0
    assert "sorted(words))" in told
    assert "right on 7 of 7 examples, 4 of which its maker never saw" in " ".join(told.split())
    assert "on 1 request besides those that proved it" in said
    assert "wrong: 'Put these words into alphabetical order: pear apple' gave 'pear apple', not 'apple pear'" in said
    assert "candidate 1 is right on 7 of 7: proven" in said
    assert f"added: {NAME} ({remade['id'][:12]}), replacing {old[:12]}; remade: 1 of 7 known requests was" in said
    assert said.endswith(f"Go back: latm tools activate {NAME} {old[:12]}")
    assert made["reason"] == "made of 6 requests"
    assert remade["reason"].startswith("remade: 1 of 7 known requests was answered wrongly, for example 'Put these")
    assert latm("ask", HARD, *MODEL)[1] == "apple pear\n"
    assert latm("tools", "activate", NAME, old[:12])[0] == 0
    assert json.loads(latm("tools", "show", NAME, "--json")[1])["id"] == old


def test_json_is_one_object(latm: Run) -> None:
    tell_what_is_wrong(latm)
    code, told, _ = latm("remake", NAME, *MODEL, "--json", "--demonstrations", "1")
    value = json.loads(told)
    assert (code, value["known"], value["name"]) == (0, 7, NAME)
    assert [case["question"] for case in value["counterexamples"]] == [HARD]
    assert value["tool"]["id"] == versions(latm)[1]["id"]
    assert [case["question"] for case in value["tool"]["report"]["cases"] if case["role"] == "demonstration"] == [HARD]


def test_nothing_to_learn(latm: Run, world: World) -> None:
    code, told, said = latm("remake", NAME, *MODEL)
    assert (code, told, len(world.makings), len(versions(latm))) == (0, "", 0, 1)
    assert f"not remade: {NAME} (" in said
    assert "was right on all that is known, 6 requests; add --force for a new version anyway" in said
    assert json.loads(latm("remake", NAME, *MODEL, "--json")[1])["tool"] is None
    code, told, said = latm("remake", NAME, *MODEL, "--force")
    assert (code, len(versions(latm))) == (0, 2)
    assert "remade on demand" in said


@pytest.mark.parametrize("as_json", [False, True])
def test_a_making_that_fails_leaves_everything_as_it_was(
    latm: Run, world: World, tmp_path: Path, *, as_json: bool
) -> None:
    tell_what_is_wrong(latm)
    spent = json.loads(latm("stats", NAME, "--json")[1])["tokens"]["making"]
    world.on_making = lambda _text: f"```python\n{SHREWD}```"
    code, told, said = latm("remake", NAME, *MODEL, "--attempts", "1", *(["--json"] if as_json else []))
    assert code == 1
    assert f"{NAME} is unchanged Error: no tool was proven in 1 attempt" in said
    if as_json:
        assert json.loads(told)["error"]["type"] == "ToolMakingError"
    else:
        assert told == ""
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        assert library.get(NAME).source == SHREWD
    assert len(versions(latm)) == 1
    assert json.loads(latm("stats", NAME, "--json")[1])["tokens"]["making"] > spent


def test_two_models_have_two_roles(latm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_what_is_wrong(latm)
    maker, user = World(), World()
    named = {"a:maker": maker, "a:user": user}
    monkeypatch.setattr("langchain_latm.resolve_model", lambda name: named[name].model)
    assert latm("remake", NAME, "--maker", "a:maker", "--user", "a:user")[0] == 0
    assert (len(maker.makings), maker.used, user.makings) == (2, 0, [])
    assert user.used > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "there never was a tool named 'nothing'"),
        ([""], "there never was a tool named ''"),
        (["a.b"], "there never was a tool named 'a.b'"),
        ([], "Missing argument"),
        ([NAME, "--attempts", "0"], "--attempts"),
        ([NAME, "--demonstrations", "0"], "--demonstrations"),
    ],
)
def test_bad_usage_asks_no_model(latm: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str) -> None:
    monkeypatch.delattr("langchain_latm.resolve_model")
    code, told, said = latm("remake", *arguments, *MODEL)
    assert (code, told) == (2, "")
    assert words in said
    assert "Traceback" not in said


def test_help_shows_an_example(latm: Run) -> None:
    code, told, _ = latm("remake", "--help")
    assert code == 0
    assert "latm remake word_sorting --maker openai:gpt-4.1" in " ".join(told.split())
