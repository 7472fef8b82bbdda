"""Several hosts on one Postgres: real processes with different clocks and no network except the database's socket.

`LATM_HOST_REQUESTS=20000` simulates a busy hour; the default is a tenth of it, to save time.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from langchain_latm import create_sandbox, open_tool_library
from langchain_latm.exceptions import ToolLibraryError
from tests.integration_tests.postgres import new_database, postgres_server
from tests.unit_tests.loop_world import KINDS, World, kind_of, loop, stream

pytestmark = [
    pytest.mark.xdist_group("postgres"),
    pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR is not set"),
]
SECONDS = 120
"""Longer than any step takes on a busy machine."""
CLAIM_SECONDS = 2.0
PAUSE = 0.05
"""Seconds between requests: an idle machine answers hundreds while a claim is watched."""
WORKERS = 8
REQUESTS = int(os.environ.get("LATM_HOST_REQUESTS", "2000"))


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with postgres_server() as started:
        yield started


@pytest.fixture
def url(server: Any, request: pytest.FixtureRequest) -> str:
    """A separate database for each test."""
    return new_database(server, request.node.name[:60])


def apart(command: list[str], clock: str) -> dict[str, Any]:
    """Return the command prefix for a process with a wrong clock and, if possible, without a network."""
    libfaketime = pytest.importorskip("libfaketime", reason="sets the clock of a process: pip install libfaketime")
    _, environment = libfaketime.get_reload_information()
    alone = ["unshare", "--net"] if os.geteuid() == 0 and shutil.which("unshare") else []
    return {
        "args": [*alone, *command],
        "env": {**os.environ, **environment, "FAKETIME": clock},
        "stdout": subprocess.PIPE,
        "text": True,
    }


class Host:
    """A process of `tests.integration_tests.loop.host`."""

    def __init__(self, url: str, log: Path, name: str, *, clock: str, making_seconds: float) -> None:
        command = [sys.executable, "-m", "tests.integration_tests.loop.host", url, str(log), name]
        command += [str(making_seconds), str(CLAIM_SECONDS)]
        self._process = subprocess.Popen(**apart(command, clock), stdin=subprocess.PIPE)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.clock = self.answer()["clock"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)

    def start(self, request: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        return json.loads(self._lines.get(timeout=SECONDS))

    def ask(self, request: str) -> Any:
        self.start(request)
        answer = self.answer()
        assert answer["text"] == kind_of(request).answer(request)
        return answer

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


def wait_for(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stored(library: Any, label: str) -> dict[str, Any]:
    return {item.key: item.value for item in library._store.search(("latm", label), limit=1_000_000)}


@pytest.mark.slow
def test_a_maker_is_killed_on_a_host_whose_clock_is_hours_ahead(url: str, tmp_path: Path) -> None:
    """While it lives, no other host makes the tool, however long it takes. Then another does, and nothing is lost."""
    (log := tmp_path / "makings").touch()
    asked = iter(stream(["sort"], 2_000))
    with (
        Host(url, log, "ahead", clock="+90m", making_seconds=600) as ahead,
        Host(url, log, "behind", clock="-90m", making_seconds=0) as behind,
    ):
        assert ahead.clock - behind.clock > 10_000
        given = [ahead.ask(next(asked)) for _ in range(3)] + [behind.ask(next(asked)) for _ in range(2)]
        ahead.start(next(asked))
        wait_for(log.read_text)
        end = time.monotonic() + 3 * CLAIM_SECONDS
        while time.monotonic() < end:
            given.append(behind.ask(next(asked)))
            assert any("being made elsewhere" in note for note in given[-1]["notes"])
            assert log.read_text().split() == ["ahead"]
            time.sleep(PAUSE)
        ahead.kill()
        while not given[-1]["made"]:
            assert time.monotonic() < end + SECONDS
            time.sleep(PAUSE)
            given.append(behind.ask(next(asked)))
        assert log.read_text().split() == ["ahead", "behind"]
        given.append(behind.ask(next(asked)))
        assert log.read_text().split() == ["ahead", "behind"]
    with open_tool_library(url) as library:
        assert [each.name for each in library.list()] == [given[-2]["made"]]
        answers = stored(library, "answers")
        assert {each["id"] for each in given} < answers.keys()
        assert len(answers) == len(given) + 1, "the request whose answer was not said is stored too"
        assert (stored(library, "claims"), stored(library, "waiting")) == ({}, {})


@pytest.mark.slow
def test_eight_workers_on_two_hosts_make_each_tool_once(url: str, tmp_path: Path) -> None:
    open_tool_library(url).close()
    log = tmp_path / "makings"
    running = []
    for seed in range(WORKERS):
        command = [sys.executable, "-m", "tests.unit_tests.loop_world", url, str(log), str(seed)]
        command += [str(REQUESTS // WORKERS), "", "further"]
        clock = "+90m" if seed % 2 else "-90m"
        running.append(subprocess.Popen(**apart(command, clock), stderr=subprocess.PIPE))
    ended = [process.communicate(timeout=SECONDS + REQUESTS / 20) for process in running]
    assert [errors for _, errors in ended if errors] == []
    outcomes = [json.loads(told) for told, _ in ended]
    assert [(each["wrong"], each["errors"], each["late"]) for each in outcomes] == [(0, 0, 0)] * WORKERS
    asked = sum(each["answered"] for each in outcomes)
    assert asked >= REQUESTS
    makings = Counter(json.loads(line)["making"] for line in log.read_text().splitlines())
    assert makings == {kind.opening: 1 for kind in KINDS.values()}
    with open_tool_library(url) as library:
        tools = library.list()
        assert len(tools) == len(KINDS)
        answers = stored(library, "answers")
        assert len(answers) == asked
        by_tools = sum(answer["tool"] is not None for answer in answers.values())
        assert by_tools == sum(library.usage(tool.name).uses for tool in tools)
        assert stored(library, "claims") == {}


def test_a_database_that_goes_away_and_comes_back(server: Any, url: str) -> None:
    """In the middle of a run: each request gets an error that says so, or an answer that is stored or has a note."""
    answers = []

    def ask(requests: list[str]) -> list[str]:
        errors: list[str] = []
        for request in requests:
            try:
                answers.append(latm.invoke(request))
            except ToolLibraryError as error:
                errors.append(str(error))
        return errors

    with open_tool_library(url) as library, create_sandbox() as sandbox:
        latm = loop(World(), library, sandbox)
        assert ask(stream(["sort"], 20)) == []
        server.stop()
        begun = time.monotonic()
        (error,) = ask(stream(["sort"], 1, seed=1))
        assert time.monotonic() - begun < 30, "one wait for a connection takes 5 seconds"
        assert "the tool library's store failed" in error
        server.ensure_postgres_running()
        assert ask(stream(["sort"], 20, seed=2)) == []
        kept = stored(library, "answers")
        (tool,) = library.list()
        assert library.usage(tool.name).uses == sum(answer.tool_use is not None for answer in answers)
    assert len(answers) == 40
    assert {answer.id for answer in answers if not answer.notes} == kept.keys()
    assert all(answer.text == kind_of(answer.question).answer(answer.question) for answer in answers)
