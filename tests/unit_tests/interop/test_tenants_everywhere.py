"""Two tenants through every interface at once: no prompt, record, file, log or reply has data of the other."""

from __future__ import annotations

import json
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import BaseMessage, HumanMessage
from langgraph.store.memory import InMemoryStore
from mcp import Client

from langchain_latm import (
    LATMError,
    ToolLibrary,
    ToolMakingMiddleware,
    create_latm,
    create_tool_maker,
    library_costs,
)
from langchain_latm._core.caller import tenant_label
from langchain_latm.interop.mcp.server import create_mcp_server
from langchain_latm.interop.python_files import write_python
from langchain_latm.interop.skills import write_skill
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.report.report import library_report
from tests.unit_tests.interop.agents.test_middleware import AgentModel, call, calls, texts
from tests.unit_tests.loop_world import KINDS, World
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel

TENANTS = ("north", "süd-ost.example")
CANARY = {"north": "qznorth", "süd-ost.example": "qzsouth"}
WAYS = {"latm": 70, "batch": 5, "feedback": 10, "agent": 5, "mcp": 5, "map": 5}
PLACES = (
    "prompt",
    "latm",
    "batch",
    "agent",
    "mcp",
    "map",
    "record",
    "file",
    "report",
    "kept feedback",
    "store",
    "latm error",
)
OPERATIONS = 2_000
FAILS, MODEL_FAILS, REVEALS = "failsnow", "modelfails", "showmemory"
REMEMBERS = f'''```python
def sort_words(words: list[str]) -> str:
    """Sort words.

    Args:
        words: What is given.
    """
    KEPT.extend(words)
    if "{FAILS}" in words:
        raise ValueError("cannot sort " + " ".join(words))
    return " ".join(sorted(set(KEPT))) if "{REVEALS}" in words else " ".join(sorted(words))


KEPT = []
```'''


class Watched:
    """Prompts and replies of each tenant's models, by place."""

    def __init__(self) -> None:
        self.tenant = TENANTS[0]
        self.seen: dict[str, defaultdict[str, list[str]]] = {tenant: defaultdict(list) for tenant in TENANTS}

    def add(self, where: str, text: object) -> None:
        self.seen[self.tenant][where].append(str(text))

    def watching(self, script: Callable[[list[BaseMessage]], Reply]) -> Callable[[list[BaseMessage]], Reply]:
        def reply(messages: list[BaseMessage]) -> Reply:
            self.add("prompt", "\n".join(f"{each.content} {getattr(each, 'tool_calls', '')}" for each in messages))
            return script(messages)

        return reply

    @contextmanager
    def acting_for(self, tenant: str, where: str) -> Iterator[None]:
        self.tenant = tenant
        try:
            yield
        except LATMError as error:
            self.add(f"{where} error", error)


class Logs(logging.Handler):
    def __init__(self, watched: Watched) -> None:
        super().__init__(logging.DEBUG)
        self.watched = watched

    def emit(self, record: logging.LogRecord) -> None:
        self.watched.add("log", f"{record.getMessage()} {record.exc_info}")


def canaries(rng: random.Random, tenant: str, count: int = 3) -> list[str]:
    return [f"{CANARY[tenant]}{rng.randint(1, 10**6)}" for _ in range(count)]


def request(rng: random.Random, tenant: str) -> str:
    kind = rng.choice(["sort", "sort", "turn", "sum", "other"])
    words = canaries(rng, tenant)
    if kind == "sort":
        further = rng.choice([[], [], [], [FAILS], [REVEALS]])
        return f"{KINDS['sort'].opening} {' '.join([*words, *further])}"
    if kind == "turn":
        return f"{KINDS['turn'].opening} {words[0]}"
    if kind == "sum":
        return KINDS["sum"].request(rng)
    return f"{KINDS['turn'].opening.upper()} {words[0]} {MODEL_FAILS}"


def solved(rng: random.Random, tenant: str) -> list[dict[str, str]]:
    asked = [f"{KINDS['sort'].opening} {' '.join(canaries(rng, tenant))}" for _ in range(6)]
    return [{"question": each, "answer": KINDS["sort"].answer(each)} for each in asked]


def of_store(store: InMemoryStore) -> dict[str, str]:
    found: defaultdict[str, str] = defaultdict(str)
    for item in store.search((), limit=1_000_000):
        whose = item.namespace[2] if item.namespace[1] == "tenants" else ""
        found[whose] += f"{item.namespace} {item.key} {json.dumps(item.value, ensure_ascii=False)}\n"
    return dict(found)


class Stream:
    """Runs each interface in turn for either tenant, by a method of its name."""

    def __init__(self, library: ToolLibrary, sandbox: Sandbox) -> None:
        self.watched, self.rng, self.done = Watched(), random.Random(77), Counter[str]()
        self.library, self.sandbox = library, sandbox
        self.answers: dict[str, list[str]] = {tenant: [] for tenant in TENANTS}
        self.clients: dict[str, Client] = {}
        self.config: Any = {}
        world = World(
            on_making=lambda opening: REMEMBERS if opening == KINDS["sort"].opening else None,
            on_answering=lambda last: ValueError(f"the provider refused: {last}") if MODEL_FAILS in last else None,
        )
        self.model = ScriptedChatModel(script=self.watched.watching(world.reply))
        self._latm = create_latm(
            self.model, library=library, sandbox=sandbox, refresh_seconds=60, parser_checks=0, second_attempts=0
        )
        making = ToolMakingMiddleware(library, sandbox, maker_model=self.model, second_attempts=0)
        self._agent: Any = create_agent(AgentModel(script=self.watched.watching(self._agents_say)), middleware=[making])

    async def run(self, number: int) -> None:
        tenant = TENANTS[self.rng.random() < 0.4]
        (way,) = self.rng.choices([*WAYS], [*WAYS.values()])
        self.config = {"configurable": {"tenant": tenant, "user": f"user-{number % 7}"}}
        with self.watched.acting_for(tenant, way):
            await getattr(self, way)(tenant)
        self.done[f"{way} {tenant}"] += 1

    async def latm(self, tenant: str) -> None:
        answer = await self._latm.ainvoke(request(self.rng, tenant), self.config)
        self.answers[tenant].append(answer.id)
        self.watched.add("latm", answer.model_dump_json())

    async def batch(self, tenant: str) -> None:
        several: list[Any] = [request(self.rng, tenant) for _ in range(4)]
        self.watched.add("batch", self._latm.batch(several, self.config, return_exceptions=True))

    async def feedback(self, tenant: str) -> None:
        for whose in TENANTS if self.answers[tenant] else ():
            given = self.rng.choice(self.answers[whose] or ["x"])
            if whose == tenant:
                said = f"{CANARY[tenant]} says so"
                told = self._latm.record_feedback(given, said, tenant=tenant, user="bob")  # alone he retires no tool
                self.watched.add("feedback", told.model_dump_json())
            else:
                with pytest.raises(LATMError):
                    self._latm.record_feedback(given, "x", tenant=tenant, user="bob")

    async def agent(self, tenant: str) -> None:
        what = f"use it for {canaries(self.rng, tenant)}" if self.done[f"agent {tenant}"] else "make one"
        state = await self._agent.ainvoke({"messages": [HumanMessage(what)]}, self.config)
        self.watched.add("agent", texts(state))

    def _agents_say(self, messages: list[BaseMessage]) -> Reply:
        tenant, last = self.watched.tenant, messages[-1]
        name = f"{CANARY[tenant]}_by_agent"
        if not isinstance(last, HumanMessage):
            return "done"
        if last.text == "make one":
            told = f"Sorts words of {CANARY[tenant]}."
            return calls(call("make_tool", 1, name=name, description=told, examples=solved(self.rng, tenant)))
        return calls(call(name, 2, words=self._words(tenant)))

    async def mcp(self, tenant: str) -> None:
        name, client = f"{CANARY[tenant]}_by_client", self.clients[tenant]
        if not self.done[f"mcp {tenant}"]:
            given = {"name": name, "description": f"For {CANARY[tenant]}", "examples": solved(self.rng, tenant)}
            self.watched.add("mcp", await client.call_tool("make_tool", given))
        self.watched.add("mcp", await client.call_tool(name, {"words": self._words(tenant)}))
        self.watched.add("mcp", await client.list_tools(cache_mode="bypass"))

    async def map(self, tenant: str) -> None:
        own = self.library.for_tenant(tenant)
        if tools := own.list():
            asked = [request(self.rng, tenant) for _ in range(5)]
            tool = own.get(self.rng.choice(tools).name)
            self.watched.add("map", tool.map(asked, sandbox=self.sandbox, errors="column", tenant=tenant))

    def _words(self, tenant: str) -> list[str]:
        return [*canaries(self.rng, tenant), self.rng.choice([FAILS, REVEALS, "a"])]


@pytest.mark.slow  # 2,000 operations
async def test_two_tenants_share_nothing_by_any_way(sandbox: Sandbox, tmp_path: Path) -> None:
    store = InMemoryStore()
    stream = Stream(ToolLibrary(store), sandbox)
    logs, logger = Logs(stream.watched), logging.getLogger("langchain_latm")
    logger.addHandler(logs)
    async with AsyncExitStack() as stack:
        stack.callback(logger.removeHandler, logs)
        for tenant in TENANTS:
            maker = create_tool_maker(stream.model, sandbox=sandbox, second_attempts=0)
            server = create_mcp_server(
                stream.library.for_tenant(tenant), sandbox=sandbox, maker=maker, refresh_seconds=60
            )
            stream.clients[tenant] = await stack.enter_async_context(Client(server, mode="legacy"))
        for number in range(OPERATIONS):
            await stream.run(number)
    stored = of_store(store)
    assert stored.keys() == {tenant_label(tenant) for tenant in TENANTS}
    assert stream.library.list() == ()
    for tenant, other in (TENANTS, TENANTS[::-1]):
        own, watched = stream.library.for_tenant(tenant), stream.watched
        watched.tenant = tenant
        for summary in own.list():
            tool = own.get(summary.name)
            watched.add("record", tool.dump())
            for write in (write_skill, write_python):
                files = write(tool, tmp_path / tenant / write.__name__, force=True)
                watched.add("file", "\n".join(f"{file} {file.read_text()}" for file in files))
        watched.add("report", library_report(own))
        watched.add("accounts", [library_costs(own), *(own.usage(each.name) for each in own.list())])
        watched.add("kept feedback", own.feedback())
        watched.add("store", stored[tenant_label(tenant)])
        seen = watched.seen[tenant]
        leaks = {where: text for where, several in seen.items() for text in several if CANARY[other] in text}
        assert not leaks
        # Each place was written to, and shows the tenant's own data.
        for where in PLACES:
            assert any(CANARY[tenant] in text for text in seen[where]), where
        assert all(stream.done[f"{way} {tenant}"] > 20 for way in WAYS)
        assert {f"{CANARY[tenant]}_by_agent", f"{CANARY[tenant]}_by_client"} <= {each.name for each in own.list()}
        assert any(FAILS in text for text in seen["mcp"])
        assert any(text.count(CANARY[tenant]) > 4 for text in seen["agent"])  # the tool kept what it was given
