"""Chats of one request as examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, message_to_dict

from langchain_latm import TaskError, load_task
from langchain_latm.making.task_files import load_questions


def chat(question: Any, answer: Any, system: str = "", **more: Any) -> dict[str, Any]:
    before = [{"role": "system", "content": system}] if system else []
    return {
        "messages": [*before, {"role": "user", "content": question}, {"role": "assistant", "content": answer, **more}]
    }


def written(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "chats.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_format_of_openai(tmp_path: Path) -> None:
    """Texts, parts of text, the role developer, messages without weight, and keys beside messages."""
    lines = [chat(f"Grüße {n}", f"Ü {n}", "Turn it.") for n in range(5)]
    lines.append(chat([{"type": "text", "text": "Grüße"}, {"type": "text", "text": " 5"}], "Ü 5", "Turn  it."))
    lines[1]["tools"] = []
    lines[2]["messages"][0]["role"] = "developer"
    lines.append(chat("Grüße 6", "no", "Turn it.", weight=0))
    lines.append({"messages": chat("Grüße 7", "", "Turn it.")["messages"][:2]})
    task = load_task(written(tmp_path, *lines))
    examples = (*task.demonstrations, *task.validation)
    assert [(each.question, each.answer) for each in examples] == [(f"Grüße {n}", f"Ü {n}") for n in range(6)]
    assert task.requests == ("Grüße 6", "Grüße 7")
    assert task.description == "Turn it."
    assert load_task(written(tmp_path, *lines), description="My own").description == "My own"
    assert load_questions(written(tmp_path, *lines))[0] == ("Grüße 0", "Ü 0")


def test_messages_as_langchain_dumps_them(tmp_path: Path) -> None:
    pairs = [(HumanMessage(f"q{n}"), AIMessage(f"a{n}")) for n in range(6)]
    lines = [{"messages": [message_to_dict(each) for each in pair]} for pair in pairs]
    assert load_task(written(tmp_path, *lines)).demonstrations[0].answer == "a0"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "two turns": ({"messages": [*chat("a", "b")["messages"], *chat("c", "d")["messages"]]}, "conversation of 4"),
    "no user": ({"messages": [{"role": "assistant", "content": "a"}]}, "conversation of 1"),
    "a tool": (chat("a", "b", tool_calls=[{"id": "1"}]), "calls a tool"),
    "a tool's message": ({"messages": [{"role": "tool", "content": "a"}]}, "'tool' is none of"),
    "an image": (chat([{"type": "image_url", "image_url": {"url": "x"}}], "b"), "must be text only"),
    "a number": (chat(5, "b"), "must be text only"),
    "no content": ({"messages": [{"role": "user"}]}, "needs 'role' and 'content'"),
    "no list": ({"messages": "a"}, "must be a list"),
    "an empty answer": (chat("a", " "), "assistant is empty"),
    "a lone surrogate": (chat("a\ud800", "b"), "surrogate"),
    "too long": (chat("a" * 100_001, "b"), "at most 100,000"),
    "another prompt": (chat("a", "b", "Else."), "make one tool for each"),
}


@pytest.mark.parametrize("why", BAD)
def test_incomplete_chats_are_refused_with_their_line(tmp_path: Path, why: str) -> None:
    line, message = BAD[why]
    path = tmp_path / "chats.jsonl"
    good = [chat(f"q{n}", f"a{n}") for n in range(5)]
    path.write_text("\n".join(map(json.dumps, [*good, line])))
    with pytest.raises(TaskError, match=message) as error:
        load_task(path)
    assert f"{path}:6" in str(error.value)
