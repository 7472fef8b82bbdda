"""Makings in background threads."""

from __future__ import annotations

import threading
import time

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from langchain_latm import ToolLibrary
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import World, loop, run


def test_making_in_the_background(world: World, shared: ToolLibrary, sandbox: Sandbox) -> None:
    go_on = threading.Event()
    world.on_making = lambda _text: None if go_on.wait(120) else ""
    with loop(world, shared, sandbox, making="background") as latm:
        answers = run(latm, "sort", count=6)
        assert answers[5].notes == ("put_words_alphabetical_order is being made in the background",)
        assert answers[5].usage.keys() == {"answering"}
        assert not latm.wait(0.05)
        assert run(latm, "sort", count=1, seed=7)[0].tool_use is None
        go_on.set()
        assert latm.wait(120)
        assert run(latm, "sort", count=1, seed=8)[0].tool_use is not None
    assert len(world.makings) == 1


@pytest.mark.slow
def test_a_making_in_the_background_continues_when_its_kind_is_made_again(
    world: World, shared: ToolLibrary, sandbox: Sandbox
) -> None:
    saver = InMemorySaver()
    world.on_reading = lambda _text: _interrupt()  # the closest to a kill that the test process survives
    with loop(world, shared, sandbox, making="background", checkpointer=saver, claim_seconds=0.2) as latm:
        run(latm, "sort", count=6)
    assert shared.list() == ()
    world.on_reading = lambda _text: None
    time.sleep(2.3)  # SQLite's clock counts whole seconds
    with loop(world, shared, sandbox, making="background", checkpointer=saver) as latm:
        run(latm, "sort", count=1, seed=5)
        latm.wait()
    assert len(shared.list()) == 1
    assert len(world.makings) == 1


def _interrupt() -> None:
    raise KeyboardInterrupt
