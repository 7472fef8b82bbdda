"""A provider that refuses: a run of many requests ends at once if all others would be refused too."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from langchain_latm.sandbox import Sandbox, create_sandbox
from tests.integration_tests.models.providers.wire import Body, Reply, Wire
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.made_tool import tool_of

MODEL = "openai:made-up"
NO_RETRY = {"x-should-retry": "false"}
UPPER = '''
def upper(word: str) -> str:
    """Write a word in capitals."""
    if "-" in word:
        raise ValueError("two words")
    return word.upper()
'''


class Refusal(NamedTuple):
    """How a provider refuses: the status, the body of its error, and whether it would refuse everything else too."""

    status: int
    error: Body
    lasting: bool


REFUSALS = {
    "wrong key": Refusal(401, {"message": "Incorrect API key", "code": "invalid_api_key"}, lasting=True),
    "wrong key in another dialect": Refusal(400, {"message": "API key not valid. Pass a valid one."}, lasting=True),
    "no money": Refusal(402, {"message": "Insufficient Balance"}, lasting=True),
    "not allowed": Refusal(403, {"message": "Project has no access to this model"}, lasting=True),
    "no such model": Refusal(404, {"message": "no such model", "code": "model_not_found"}, lasting=True),
    "no quota": Refusal(429, {"message": "You exceeded your quota", "code": "insufficient_quota"}, lasting=True),
    "too fast": Refusal(429, {"message": "You exceeded your current quota", "code": "rate_limit"}, lasting=False),
    "moderated": Refusal(403, {"message": "This input requires moderation: flagged as violence"}, lasting=False),
    "a bad request": Refusal(400, {"message": "cannot take this", "code": "invalid_value"}, lasting=False),
    "down": Refusal(500, {"message": "oops"}, lasting=False),
    "overloaded": Refusal(503, {"message": "try later"}, lasting=False),
}
every_refusal = pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with create_sandbox() as opened:
        yield opened


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
    return command_line(monkeypatch, capsys)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda address: monkeypatch.setenv("OPENAI_BASE_URL", f"{address}/v1")


def completion(text: str) -> Reply:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return Reply(
        {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    )


def after(answers: int, refusal: Refusal, text: str = "Answer: fine") -> Callable[[str, Body], Reply]:
    """Answer this many requests, and refuse the others."""
    count = 0

    def answer(_path: str, _body: Body) -> Reply:
        nonlocal count
        count += 1
        if count > answers:
            return Reply({"error": {"type": "x", **refusal.error}}, refusal.status, NO_RETRY)
        return completion(text)

    return answer


@every_refusal
def test_ask(refusal: Refusal, latm: Run, at: Any, tmp_path: Path) -> None:
    """Earlier answers are kept, and the same command continues."""
    asked = [f"How is the weather in the town of {name}?" for name in ("Ulm", "Jena", "Bonn", "Kiel", "Trier")]
    (tmp_path / "asked.txt").write_text("\n".join(asked))
    command = ("ask", "--file", "asked.txt", "--maker", MODEL, "--out", "done.txt")
    with Wire(after(2, refusal)) as wire:
        at(wire.address)
        code, _, said = latm(*command)
        assert code == 1
        assert len(wire.requests) == (3 if refusal.lasting else 5), said
    assert said.count("The model made-up at") == (1 if refusal.lasting else 3), said
    written = (tmp_path / ("done.txt.part" if refusal.lasting else "done.txt")).read_text()
    assert written == "fine\n" * 2 + ("" if refusal.lasting else "\n" * 3)
    if refusal.lasting:
        assert "done.txt.part keeps the answers so far; repeat the command to continue" in said
        with Wire(after(9, refusal)) as wire:
            at(wire.address)
            assert latm(*command)[0] == 0
            assert len(wire.requests) == 3
        assert (tmp_path / "done.txt").read_text() == "fine\n" * 5


@every_refusal
def test_use(refusal: Refusal, latm: Run, at: Any, tmp_path: Path, sandbox: Sandbox) -> None:
    """Rows that the parser reads need no model; the first one that needs it ends the run, after the rows before it."""
    tool = tool_of(sandbox, UPPER, "upper")
    (tmp_path / "upper.json").write_text(tool.dump())
    assert tool.parser is None
    (tmp_path / "asked.txt").write_text("\n".join(f"Write word{number} big" for number in range(200)))
    with Wire(after(0, refusal)) as wire:
        at(wire.address)
        code, told, said = latm("use", "upper.json", "--file", "asked.txt", "--user", MODEL)
        assert code == 1
        assert (len(wire.requests) <= 64) == refusal.lasting, len(wire.requests)
    assert told == ("" if refusal.lasting else "\n" * 200)
    assert said.count("The model made-up at") == (1 if refusal.lasting else 20), said


@every_refusal
def test_apply(refusal: Refusal, latm: Run, at: Any, tmp_path: Path, sandbox: Sandbox) -> None:
    """Rows about which the model was not asked are not written as refused."""
    tool = tool_of(sandbox, UPPER, "upper")
    (tmp_path / "upper.json").write_text(tool.dump())
    words = ["a-b", "c", "d-e", "f", *(f"g{number}-h" for number in range(40))]
    (tmp_path / "words.csv").write_text("word\n" + "\n".join(words) + "\n")
    command = ("apply", "upper.json", "words.csv", "--out", "done.csv", "--ask", MODEL)

    def answer(path: str, body: Body) -> Reply:  # four requests come at the same time
        return completion("fine") if "a-b" in str(body["messages"][-1]) else after(0, refusal)(path, body)

    with Wire(answer) as wire:
        at(wire.address)
        code, _, said = latm(*command)
        assert code == 1
        assert (len(wire.requests) <= 16) == refusal.lasting, len(wire.requests)
    if not refusal.lasting:
        assert "3 of 44 rows answered" in said
        assert "refused 42 rows; openai:made-up answered 1 of them" in said
        return
    assert said.count("The model made-up at") == 1, said
    part = (tmp_path / "done.csv.part").read_text()
    assert part.startswith("word,upper,upper_error,upper_by\na-b,fine,")
    assert part.endswith("\nc,C,,tool\n")
    with Wire(after(99, refusal, "fine")) as wire:
        at(wire.address)
        code, _, said = latm(*command)
        assert len(wire.requests) == 41
    assert "continuing after row 2" in said
    assert "44 of 44 rows answered" in said


def test_nothing_listens_there(latm: Run, at: Any, tmp_path: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at(f"http://127.0.0.1:{port}")
    (tmp_path / "asked.txt").write_text("one question\nanother question\na third one\n")
    code, told, said = latm("ask", "--file", "asked.txt", "--maker", MODEL)
    assert (code, told) == (1, "")
    assert said.count("nothing listens there") == 1


def test_a_key_that_is_not_set(latm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox: Sandbox) -> None:
    """The model is set up when the first row needs it."""
    monkeypatch.delenv("OPENAI_API_KEY")
    (tmp_path / "upper.json").write_text(tool_of(sandbox, UPPER, "upper").dump())
    (tmp_path / "asked.txt").write_text("one question\nanother question\na third one\n")
    for command in (("ask", "--maker", MODEL), ("use", "upper.json", "--user", MODEL)):
        code, told, said = latm(*command, "--file", "asked.txt")
        assert (code, told) == (1, "")
        assert said.count("set OPENAI_API_KEY") == 1, said
