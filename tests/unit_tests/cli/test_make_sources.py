"""`latm make` on examples from other sources: chats and datasets of LangSmith."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from langchain_latm import MadeTool
from tests.unit_tests.command_line import Run
from tests.unit_tests.loop_world import KINDS, World, stream
from tests.unit_tests.making.langsmith_server import KEY, example, langsmith

SORT = KINDS["sort"]
QUICK = ("--maker", "x:y", "--attempts", "1", "--second-attempts", "0", "--repair", "0")


def test_chats_in_the_format_of_openai(latm: Run, tmp_path: Path, world: World) -> None:
    lines = [
        {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": SORT.answer(text)}]}
        for text in stream(["sort"], 8)
    ]
    (tmp_path / "chats.jsonl").write_text("\n".join(map(json.dumps, lines)))
    code, _, error = latm("make", "chats.jsonl", *QUICK)
    assert code == 0, error
    assert len(world.makings) == 1
    tool = MadeTool.load("chats.tool.json")
    assert tool.report.passed == 8


@pytest.mark.enable_socket
def test_a_dataset_of_langsmith(latm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith import utils  # noqa: PLC0415 - its settings are cached

    rows = [
        example(n, {"text": text, "user": "ann"}, {"sorted": SORT.answer(text), "why": "so"})
        for n, text in enumerate(stream(["sort"], 8))
    ]
    plain = [{**each, "inputs": {"text": each["inputs"]["text"]}} for each in rows]
    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    with langsmith({"word sorting": plain}) as (server, asked):
        monkeypatch.setenv("LANGSMITH_ENDPOINT", server)
        utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
        code, _, error = latm("make", "langsmith:word sorting", *QUICK)
        assert (code, "--to FIELD" in error) == (2, True), error
        code, _, error = latm("make", "langsmith:word sorting", "--to", "sorted", *QUICK)
        assert code == 0, error
        assert any("/examples" in each for each in asked)
    assert MadeTool.load("word_sorting.tool.json").report.passed == 8
    assert KEY not in error
    utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
