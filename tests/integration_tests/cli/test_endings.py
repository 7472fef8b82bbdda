"""How `latm` ends as a program: exit codes, output streams, and no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import open_tool_library
from tests.unit_tests.made_tool import made_tool

LATM = [sys.executable, "-m", "langchain_latm"]
TOOL = made_tool()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a tool in a file and in a library, and with unrelated files."""
    (tmp_path / "a.tool.json").write_text(TOOL.dump())
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "hurt.jsonl").write_text('{"question": "a", "answer": "b"}\n{"question": \n')
    (tmp_path / "hurt.sqlite").write_text("no database")
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        library.add(TOOL)
    return tmp_path


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment without the developer's keys, and with a separate library."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {**kept, "LATM_LIBRARY": str(folder / "tools.sqlite"), "COLUMNS": "500", **more}


def latm(folder: Path, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    given: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        **options,
    }
    given.setdefault("env", environment(folder))
    done = subprocess.run([*LATM, *words], cwd=folder, text=True, check=False, **given)
    assert "Traceback" not in f"{done.stdout}{done.stderr}"
    return done


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("--version", 0, ""),
        ("show a.tool.json --json", 0, ""),
        ("show nowhere.json --json", 2, "nowhere.json: No such file or directory"),
        ("tools list --json", 0, ""),
        ("make hurt.jsonl --maker openai:none", 2, "hurt.jsonl:2: not valid JSON"),
        ("make . --json", 2, ".: Is a directory"),
        ("use a.tool.json q --user openai:none", 1, "needs an API key: set OPENAI_API_KEY"),
        ("ask q --maker nobody:none", 1, "The provider of the model 'nobody:none' is not known"),
        ("tools show word_sortin --json", 2, "tools.sqlite; did you mean word_sorting?"),
        ("tools list --library hurt.sqlite --json", 1, "hurt.sqlite cannot be used as a tool library"),
        ("tools list --library .", 2, "is a directory"),
        ("ask q --labels nobody", 2, "'nobody' is not one of 'model', 'person', 'feedback'"),
        ("tolos", 2, "Did you mean 'tools'?"),
    ],
)
def test_exit_codes(folder: Path, words: str, code: int, told: str) -> None:
    done = latm(folder, *words.split())
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    if code and "--json" in words:
        assert told in json.loads(done.stdout)["error"]["message"]
    else:
        assert bool(done.stdout) == (code == 0)


def test_a_reader_that_has_read_enough_is_not_an_error(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = latm(folder, "tools", "list", "--json", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk is at hand")
@pytest.mark.parametrize("words", [("--version",), ("tools", "list"), ("tools", "list", "--json")])
def test_a_full_disk_is_reported(folder: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = latm(folder, *words, stdout=full)
    assert (done.returncode, done.stderr) == (1, "Error: cannot write to standard output: No space left on device\n")


@pytest.mark.parametrize(("stream", "code"), [(0, 0), (1, 0), (2, 2)])
def test_streams_that_are_closed_take_nothing(folder: Path, stream: int, code: int) -> None:
    words = "show nowhere.json" if code else "tools list --json"
    line = f'"{sys.executable}" -m langchain_latm {words} {"<" if stream == 0 else f"{stream}>"}&-'
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment(folder), capture_output=True, check=False)  # noqa: S607 - the shell of this machine
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name says when the program reads")
def test_ctrl_c_while_a_file_is_read(folder: Path) -> None:
    os.mkfifo(folder / "slow.tool.json")
    program = subprocess.Popen(
        [*LATM, "show", "slow.tool.json"], cwd=folder, env=environment(folder), stderr=subprocess.PIPE, text=True
    )
    with (folder / "slow.tool.json").open("w"):  # opens when the other side does
        program.send_signal(signal.SIGINT)
        _, told = program.communicate(timeout=60)
    assert (program.returncode, told) == (130, "stopped\n")


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_does_not_wait_for_a_thread_that_waits(times: int) -> None:
    """As for one with a model that does not answer."""
    script = f"""
import os, signal, threading, time
from langchain_latm.cli import ending

ending._GRACE_SECONDS = 0.2 if {times} == 1 else 600
threading.Thread(target=time.sleep, args=(600,)).start()

def closing():
    time.sleep(0.2)
    if {times} == 2:
        os.kill(os.getpid(), signal.SIGINT)
    time.sleep(600)

with ending.exit_on_interrupt():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(600)
    finally:
        closing()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (130, "stopped\n")


def test_output_that_the_encoding_lacks_is_escaped(folder: Path) -> None:
    (folder / "b.tool.json").write_text(made_tool(description="Sort ä 語.").dump(), encoding="utf-8")
    done = latm(folder, "show", "b.tool.json", env=environment(folder, PYTHONIOENCODING="ascii"))
    assert done.returncode == 0
    assert r"Sort \xe4 \u8a9e." in done.stdout
