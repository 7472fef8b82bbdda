"""Pending tools answer no requests before a person approves them, and are not lost."""

from __future__ import annotations

import asyncio
import copy
from datetime import timedelta

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.store.base import PutOp
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, VerificationCase, library_costs
from langchain_latm._core.flow import run_flow
from langchain_latm.exceptions import RequestError, ToolRecordError
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.library import loop_operations_of, pending_of
from langchain_latm.tools.library.pending import PendingTool
from langchain_latm.types import Answer
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.made_tool import made_tool

SORT = KINDS["sort"]
NAME = "put_words_alphabetical_order"


@pytest.fixture(scope="module")
def after_six_requests(sandbox: Sandbox) -> tuple[InMemoryStore, Answer]:
    """What the loop left when it made a tool that waits for approval, of requests of ann; and the last answer."""
    store = InMemoryStore()
    latm = loop(World(), ToolLibrary(store), sandbox, approve="later")
    user: RunnableConfig = {"configurable": {"user": "ann"}}
    return store, [latm.invoke(request, user) for request in stream(["sort"], 6)][-1]


@pytest.fixture
def library(after_six_requests: tuple[InMemoryStore, Answer]) -> ToolLibrary:
    store = InMemoryStore()
    store._data = copy.deepcopy(after_six_requests[0]._data)
    return ToolLibrary(store)


@pytest.fixture
def pending(library: ToolLibrary) -> PendingTool:
    (found,) = library.pending()
    return found


def case(question: str, expected: str, value: str | None = None) -> VerificationCase:
    failed = None if value is not None else "not sure"
    return VerificationCase(
        role="validation", question=question, expected=expected, value=value, passed=value == expected, error=failed
    )


def test_a_tool_is_used_once_a_person_has_approved_it(
    library: ToolLibrary, pending: PendingTool, sandbox: Sandbox, after_six_requests: tuple[InMemoryStore, Answer]
) -> None:
    world, answer = World(), after_six_requests[1]
    assert answer.notes == (f"{NAME} was made and waits for approval: latm serve --ui, or latm tools pending",)
    assert (answer.tool_made, library.list()) == (None, ())
    assert (pending.tool.name, len(pending.used), pending.wrong) == (NAME, 6, ())
    # No worker makes it again meanwhile, and the strong model answers.
    again = loop(world, library, sandbox, approve="later").invoke(stream(["sort"], 1, 7)[0])
    assert again.notes == ("a tool for this kind of request is being made elsewhere",)
    assert (world.makings, again.tool_use) == ([], None)
    library.approve(pending.tool.id, reason="by ann")
    assert library.pending() == ()
    assert library.get(NAME) == pending.tool
    assert library.history(NAME)[0].reason == "made of 6 requests, approved, by ann"
    used = loop(world, library, sandbox).invoke(stream(["sort"], 1, 8)[0])
    assert used.tool_use is not None
    with pytest.raises(RequestError, match="there are: none"):
        library.approve(pending.tool.id)


def test_a_refused_tool_keeps_its_cost_and_is_not_made_again_at_once(
    library: ToolLibrary, pending: PendingTool, sandbox: Sandbox
) -> None:
    world = World()
    assert asyncio.run(library.apending()) == (pending,)
    asyncio.run(library.arefuse(pending.tool.id, reason="it splits at blanks only"))
    assert (library.pending(), library.list()) == ((), ())
    _, (failed,) = run_flow(loop_operations_of(library).waiting())
    assert failed.error == "refused: it splits at blanks only"
    assert library_costs(library).failed_makings == 1
    loop(world, library, sandbox).invoke(stream(["sort"], 1, 7)[0])
    assert world.makings == []


def test_added_examples_decide(library: ToolLibrary, pending: PendingTool, sandbox: Sandbox) -> None:
    """One on which the tool is wrong forbids it, and the next making must be right on it."""
    world, tools = World(), pending_of(library)
    odd = f"{SORT.opening} Pear apple fig date"
    run_flow(tools.add_example(pending.tool.id, case(odd, "apple date fig Pear", "x")))
    with pytest.raises(RequestError, match=r"wrong on an example that was added .*Pear apple.*refuse it"):
        library.approve(pending.tool.id)
    run_flow(tools.add_example(pending.tool.id, case(f" {odd}", "apple date fig Pear", "Pear apple date fig")))
    assert [each.value for each in library.pending()[0].examples] == ["Pear apple date fig"]
    library.refuse(pending.tool.id)
    asked: list[str] = []

    def making(opening: str) -> str:
        asked.append(opening)
        return f"```python\n{SORT.source.replace('sorted(words)', 'sorted(words, key=str.lower)')}```"

    world.on_making = making
    answer = loop(world, library, sandbox).invoke(stream(["sort"], 1, 7)[0])
    assert (answer.tool_made, len(asked)) == (NAME, 1)
    cases = {each.question.strip(): each.expected for each in library.get(NAME).report.cases}
    assert cases[odd] == "apple date fig Pear"


def test_where_the_tool_only_fails_the_strong_model_answers_so_it_may_be_approved(
    library: ToolLibrary, pending: PendingTool
) -> None:
    unsure = f"{SORT.opening} b a d c"
    run_flow(pending_of(library).add_example(pending.tool.id, case(unsure, "a b c d")))
    library.approve(pending.tool.id)
    examples = run_flow(library._operations.examples(NAME))
    assert [(each.answer, each.source) for each in examples if each.question == unsure] == [("a b c d", "feedback")]


def test_a_claim_that_ended_meanwhile_does_not_make_two_tools_of_a_kind(
    library: ToolLibrary, pending: PendingTool, sandbox: Sandbox
) -> None:
    library._store.batch([PutOp(library._operations.labels("claims"), pending.claim, None)])
    loop(World(), library, sandbox, approve="later").invoke(stream(["sort"], 1, 7)[0])
    first, second = library.pending()
    with pytest.raises(RequestError, match="another tool was made of the requests"):
        library.approve(first.tool.id)
    assert library.pending() == (second,)
    library.approve(second.tool.id)
    assert [each.name for each in library.list()] == [second.tool.name]


def test_tenants_do_not_see_each_others_pending_tools_and_erasing_reaches_them(library: ToolLibrary) -> None:
    plain, store = library, library._store
    own, other = ToolLibrary(store, tenant="a"), ToolLibrary(store, tenant="b")
    own.put_pending(made_tool(), reason="from a file")
    assert (len(own.pending()), other.pending(), len(plain.pending())) == (1, (), 1)
    with pytest.raises(RequestError):
        other.approve(made_tool().id)
    assert own.erase_tenant() == {"pending": 1}
    assert plain.erase_user("ann", dry_run=True).pending == 1
    assert plain.erase_user("ann").pending == 1
    left = [item for item in store.search(("latm",), limit=1000) if "words" in str(item.value)]
    assert (plain.pending(), left) == ((), [])
    assert not store.search(("latm", "claims"))


def test_pending_tools_are_pruned_by_age(library: ToolLibrary) -> None:
    assert library.prune(older_than=timedelta(days=1)).pending == 0
    assert library.prune(older_than=timedelta(), dry_run=True).pending == 1
    assert len(library.pending()) == 1
    assert library.prune(older_than=timedelta()).pending == 1
    assert library.pending() == ()


def test_a_damaged_or_altered_one_is_named_and_hides_no_other() -> None:
    library = ToolLibrary(InMemoryStore())
    whole = made_tool(name="whole")
    library.put_pending(whole)
    library.put_pending(made_tool())
    labels = library._operations.labels("pending")
    for spoiled in ("{", '{"tool": 3}', "[]"):
        library._store.put(labels, made_tool().id, {"json": spoiled})
        assert [each.tool for each in library.pending()] == [whole]
        with pytest.raises(ToolRecordError, match="pending tool"):
            run_flow(pending_of(library).get(made_tool().id))
    with pytest.raises(RequestError, match=r"no tool that waits for approval is 'x'; there are: whole"):
        library.refuse("x")
    assert library.refuse(whole.id[:8]) == whole
    assert library.list() == ()
