"""What `create_latm` accepts, and what it names."""

from __future__ import annotations

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from langchain_latm import ToolLibrary, create_latm
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import World, loop, run


def test_options_that_do_not_fit(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    for options, words in (
        ({"approve": True}, "pass a checkpointer"),
        ({"approve": True, "making": "background", "checkpointer": InMemorySaver()}, "inline"),
        ({"instances": 3, "demonstrations": 3}, "the others are the proof"),
        ({"samples": 0}, "at least 1"),
        ({"parser_checks": 2}, "from 0 to 1"),
        ({"max_error": 1}, "max_error must be a share"),
    ):
        with pytest.raises(ValueError, match=words):
            loop(world, library, sandbox, **options)


def test_models_are_named(library: ToolLibrary, sandbox: Sandbox, world: World) -> None:
    latm = create_latm(world.model, world.model, library=library, sandbox=sandbox, answering_model=world.model)
    assert latm.graph.name == "latm"
    assert run(latm, "sort", count=1)[0].models == {"answering": "ScriptedChatModel"}
