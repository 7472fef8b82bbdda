"""Logs as JSON lines: one object per line, whatever is logged, and no text that may contain user data or secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any

import pytest

from langchain_latm.cli.logs import JsonLines, log_text
from tests.unit_tests.command_line import Run
from tests.unit_tests.loop_world import stream

SECRET = "canary\n\u202e"


def line(message: object, *given: object, texts: bool = False, name: str = "langchain_latm.x", **more: Any) -> Any:
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, given, more.pop("exc_info", None))
    for key, value in more.items():
        setattr(record, key, value)
    text = JsonLines(texts=texts).format(record)
    assert "\n" not in text
    return json.loads(text)


@pytest.mark.parametrize("names", [True, False])
def test_nothing_that_is_logged_controls_a_terminal_or_forges_a_line(
    names: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tool's error, a request or a header may be in a message, or in the exception of a traceback."""
    evil = "x\nERROR:root:forged \x1b]52;c;eA==\x07 \x9b31m \u202e \rERROR:root:forged"
    root = logging.RootLogger(logging.WARNING)
    monkeypatch.setattr(logging, "root", root)
    monkeypatch.setattr(logging, "lastResort", logging._StderrHandler(logging.WARNING))  # type: ignore[attr-defined]
    log_text(names=names)
    try:
        int(evil)
    except ValueError as error:
        error.args = (evil,)
        root.warning("a tool failed: %s", evil, exc_info=True)
    told = capsys.readouterr().err
    assert "a tool failed: x" in told
    assert "ValueError: x" in told
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", told)
    assert [line for line in told.splitlines() if not line.startswith("    ")] == [told.splitlines()[0]]


def test_texts_are_left_out_unless_asked_for() -> None:
    error = ValueError(SECRET)
    for texts in (False, True):
        found = line("%s is not offered: %s, %d times", SECRET, error, 3, texts=texts)
        assert found["event"] == (
            f"{SECRET} is not offered: {SECRET}, 3 times" if texts else "… is not offered: ValueError, 3 times"
        )
        assert (found["level"], found["logger"]) == ("warning", "langchain_latm.x")
        other = line(f"GET /?q={SECRET}", name="httpx", texts=texts)
        assert other["event"] == (f"GET /?q={SECRET}" if texts else "…")
        try:
            raise error
        except ValueError:
            raised = line("it failed", exc_info=sys.exc_info(), texts=texts)
        assert (raised["error"], raised.get("reason")) == ("ValueError", SECRET if texts else None)
        assert raised["at"][0].startswith("test_logs.py:")


def test_any_record_is_a_line() -> None:
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError(SECRET)

    for found in (
        line("%d", SECRET),
        line("%s %s", 1),
        line(Odd.__name__, latm={"tokens": 3, "odd": object()}),
        line("%(name)s", {"name": SECRET}),
        line("\ud800"),
    ):
        assert "canary" not in json.dumps(found)


def test_the_loop_logs_events(latm: Run) -> None:
    root, ours = logging.getLogger(), logging.getLogger("langchain_latm")
    handlers, level = root.handlers[:], ours.level
    try:
        (request,) = stream(["sort"], 1)
        code, _, told = latm("--log-format", "json", "ask", request, "--maker", "x:y")
        lines = [json.loads(each) for each in re.findall(r"\{[^{}]*\}", told)]
    finally:
        root.handlers[:] = handlers
        ours.setLevel(level)
    (event,) = (each for each in lines if each["event"] == "answered")
    assert (code, event["way"], event["tokens"] > 0, bool(event["answer"])) == (0, "strong_model", True, True)
    assert request not in json.dumps(lines)
