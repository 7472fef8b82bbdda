"""The loop offers its maker functions of other tools of the same library, and of no other tenant's."""

from __future__ import annotations

import random

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.libraries import LibraryFactory
from tests.unit_tests.loop_world import KINDS, World, loop
from tests.unit_tests.making.helpers.known_tools import known_tool
from tests.unit_tests.scripted_model import Reply

SOURCE = '''\
def last_word(words: list[str]) -> str:
    """Return the last of these words in alphabetical order."""
    return max(words)
'''


class Listening(World):
    """A world that keeps what its maker is asked."""

    def reply(self, messages: list[BaseMessage]) -> Reply:
        said, before = str(messages), len(self.makings)
        reply = super().reply(messages)
        if len(self.makings) > before:
            self.makings[-1] = said
        return reply


def fixed_to(library: ToolLibrary) -> LibraryFactory:
    return lambda _: library


@pytest.mark.slow
@pytest.mark.parametrize("factory", [False, True])
@pytest.mark.parametrize("wanted", [True, False])
def test_only_tools_of_the_tenant_are_offered(sandbox: Sandbox, *, factory: bool, wanted: bool) -> None:
    library, rng = ToolLibrary(InMemoryStore()), random.Random(1)
    known = known_tool(sandbox, SOURCE, "last_word", {"words": ["a", "b"]}, "b")
    library.for_tenant("acme").add(known)
    for tenant in ("acme", "globex", "acme"):
        world = Listening()
        own = library.for_tenant(tenant)
        config: RunnableConfig = {} if factory else {"configurable": {"tenant": tenant}}
        with loop(world, fixed_to(own) if factory else library, sandbox, helpers=wanted) as latm:
            for _ in range(6):
                latm.invoke(KINDS["sort"].request(rng), config)
        offered = ["- last_word(words: list[str]) -> str: " in prompt for prompt in world.makings]
        assert offered
        assert any(offered) == (wanted and tenant == "acme")
        (made,) = [each.name for each in own.list() if each.name != "last_word"]
        own.remove(made)
