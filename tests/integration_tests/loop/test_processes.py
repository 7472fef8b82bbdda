"""The closed loop in many processes at once on one SQLite file, and in processes that are killed; scripted models."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from langchain_latm import create_dispatcher, library_costs, open_tool_library
from tests.unit_tests.loop_world import KINDS, stream

PROCESSES, REQUESTS = 8, 2_000


def started(folder: Path, seed: int, requests: int, *budget: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.unit_tests.loop_world"]
    arguments = [str(folder / "tools.sqlite"), str(folder / "log"), str(seed), str(requests), *budget]
    return subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_one_making_a_kind_and_nothing_lost(tmp_path: Path) -> None:
    """Kinds arrive together in all of them."""
    running = [started(tmp_path, seed, REQUESTS // PROCESSES) for seed in range(PROCESSES)]
    ended = [process.communicate(timeout=300) for process in running]
    assert [errors for _, errors in ended if errors] == []
    outcomes = [json.loads(told) for told, _ in ended]
    assert [(each["wrong"], each["errors"], each["late"]) for each in outcomes] == [(0, 0, 0)] * PROCESSES
    makings = Counter(json.loads(line)["making"] for line in (tmp_path / "log").read_text().splitlines())
    assert makings == {kind.opening: 1 for kind in KINDS.values()}
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        tools = [library.get(each.name) for each in library.list()]
        assert len(tools) == len(KINDS)
        uses = sum(library.usage(tool.name).uses for tool in tools)
        answers = library._store.search(("latm", "answers"), limit=10_000)
        assert len(answers) == REQUESTS
        assert uses == sum(item.value["tool"] is not None for item in answers)
        assert library._store.search(("latm", "claims")) == []


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Earlier data stays valid; the next process continues."""
    rng, seen = random.Random(0), set[str]()
    for seed in range(6):
        process = started(tmp_path, seed, 2_000)
        log = tmp_path / "log"
        deadline = time.monotonic() + 60
        while not log.exists() and time.monotonic() < deadline:  # the first one reaches a making
            time.sleep(0.05)
        time.sleep(rng.uniform(0.2, 3.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with open_tool_library(tmp_path / "tools.sqlite") as library:
            there = {each.name: library.get(each.name) for each in library.list()}  # each is checked by its hash
            assert seen <= there.keys()
            seen |= there.keys()
            for name in there:
                assert library.history(name)
                assert library.usage(name).failures == 0
            dispatcher = create_dispatcher(library)
            assert all(dispatcher.invoke(request).action for request in stream(list(KINDS), 5, seed))
    process = started(tmp_path, 99, 100)  # the claim of a dead process expires in time
    told, errors = process.communicate(timeout=300)
    assert (errors, json.loads(told)["wrong"]) == ("", 0)


DURABLE = """
import os, signal, sqlite3, sys
from langgraph.checkpoint.sqlite import SqliteSaver
from langchain_latm import create_sandbox, open_tool_library
from langchain_latm.making import searching
from tests.unit_tests.loop_world import World, loop, stream
searching.default_search = lambda problem, seconds: []  # so a model writes the function
folder, dies = sys.argv[1], sys.argv[2] == "dies"
world = World()
if dies:
    world.on_reading = lambda text: os.kill(os.getpid(), signal.SIGKILL)
saver = SqliteSaver(sqlite3.connect(folder + "/checkpoints.sqlite", check_same_thread=False))
requests = stream(["sort"], 6)
with open_tool_library(folder + "/tools.sqlite") as library, create_sandbox() as sandbox:
    latm = loop(world, library, sandbox, checkpointer=saver)
    config = {"configurable": {"thread_id": "the last one"}}
    if dies:
        for request in requests[:5]:
            latm.invoke(request)
        latm.invoke(requests[5], config)
    answer = latm.invoke(None, config)
    print(answer.tool_made, answer.text, len(world.makings), len(world.answered))
"""


def test_a_making_that_was_killed_continues_in_another_process(tmp_path: Path) -> None:
    """Killed between proposal and proof: neither the answer nor the proposal is paid for again."""
    command = [sys.executable, "-c", DURABLE, str(tmp_path)]
    killed = subprocess.run([*command, "dies"], capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    went_on = subprocess.run([*command, "lives"], capture_output=True, text=True, timeout=60, check=False)
    words = " ".join(sorted(stream(["sort"], 6)[5].removeprefix(KINDS["sort"].opening).split()))
    assert went_on.stdout.strip() == f"put_words_alphabetical_order {words} 0 0", went_on.stderr


def test_processes_share_a_daily_budget(tmp_path: Path) -> None:
    """Kinds become due in all of them at once; the first making spends the budget, also for a later process."""
    for seeds in (range(3), [9]):
        running = [started(tmp_path, seed, 25, "1") for seed in seeds]
        ended = [process.communicate(timeout=300) for process in running]
        assert [errors for _, errors in ended if errors] == []
        assert all(json.loads(told)["wrong"] == 0 for told, _ in ended)
    assert len((tmp_path / "log").read_text().splitlines()) == 1
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        assert len(library.list()) == 1
        assert library_costs(library).doubts["budget"] > 0
