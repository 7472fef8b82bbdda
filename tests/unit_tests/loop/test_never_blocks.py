"""The async methods of library, loop and dispatcher make no blocking call, on a library in a file too."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from langchain_latm import ToolLibrary, library_costs, open_tool_library
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.never_blocks import never_blocks

SORT, SUM = KINDS["sort"], KINDS["sum"]


@pytest.fixture
def file_library(tmp_path: Path) -> Iterator[ToolLibrary]:
    with open_tool_library(tmp_path / "tools.sqlite") as opened:
        yield opened


async def test_the_library_never_blocks(file_library: ToolLibrary) -> None:
    made = made_tool()
    with never_blocks():
        assert await file_library.alist() == ()
        await file_library.aadd(made)
        await file_library.arecord_use(made, failed=False, model="m")
        assert (await file_library.aget(made.name)).id == made.id
        assert (await file_library.ausage(made.name)).uses == 1
        assert [each.name for each in await file_library.alist()] == [made.name]
        await file_library.aremove(made.name)
    assert library_costs(file_library).tools


@pytest.mark.slow
async def test_the_loop_never_blocks(world: World, file_library: ToolLibrary, sandbox: Sandbox) -> None:
    """From the first request of a kind to its making, its uses, and feedback."""
    latm = loop(world, file_library, sandbox)
    with never_blocks():
        for request in stream(["sort"], 7):
            answer = await latm.ainvoke(request)
            assert answer.text == SORT.answer(request)
        assert answer.tool_use is not None
        assert (await latm.arecord_feedback(answer.id, answer.text)).right
        asked = [*stream(["sort"], 3, 2), SUM.request(random.Random(3))]
        right = [*map(SORT.answer, asked[:-1]), SUM.answer(asked[-1])]
        assert [each.text for each in await latm.abatch(list(asked))] == right
        assert [each.text for each in await asyncio.gather(*map(latm.ainvoke, asked))] == right
        used = world.used
        read_by_both = loop(world, file_library, sandbox, parser_checks=1.0)
        events = [event async for event in read_by_both.astream(asked[0], stream_mode="custom")]
        assert events[-1].answer.text == right[0]
        assert world.used == used + 1
