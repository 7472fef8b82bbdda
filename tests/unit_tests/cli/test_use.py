"""`latm use` as a shell starts it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from tests.unit_tests.command_line import Run
from tests.unit_tests.counting_sandbox import CountingSandbox
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.word_task import GOOD

REQUEST = "Arrange these words: lime kiwi date"
USE = """
import sys
from langchain_latm.__main__ import main

sys.argv = ["latm", "use", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print(end.code or 0, sorted({"openai", "langchain_core", "langsmith"} & sys.modules.keys()))
"""


@pytest.mark.slow
def test_a_request_that_the_parser_reads_needs_no_home_no_key_and_no_langchain(tmp_path: Path) -> None:
    slot = Slot(name="words", form="texts", gaps=(0,))
    parser = RequestParser(literals=("Arrange these words: ", ""), slots=(slot,))
    file = tmp_path / "sort.tool.json"
    file.write_text(made_tool(parser=parser, read_by=("parser", "model")).dump(), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", USE, file, REQUEST], env={}, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["date kiwi lime", "0 []"]
    assert ended.stderr == ""


class CountingCalls(CountingSandbox):
    def call(self, *arguments: Any, **more: Any) -> Any:
        self.batches.append(("call", "", 1))
        return self._sandbox.call(*arguments, **more)


def test_a_function_that_fails_is_called_once(
    latm: Run, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = CountingCalls(sandbox)
    monkeypatch.setattr("langchain_latm.create_sandbox", lambda **_: nullcontext(counting))
    slot = Slot(name="words", form="texts", gaps=(0,))
    parser = RequestParser(literals=("Arrange these words: ", ""), slots=(slot,))
    source = GOOD.replace("return", "raise ValueError('no such day')\n    return")
    file = tmp_path / "sort.tool.json"
    file.write_text(made_tool(source=source, parser=parser, read_by=("parser",)).dump(), encoding="utf-8")
    code, _, said = latm("use", str(file), REQUEST)
    assert (code, "no such day" in said) == (1, True), said
    assert len(counting.batches) == 1
