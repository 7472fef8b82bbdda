"""Old notes are pruned, and a tenant or a user erased, without touching anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore

from langchain_latm import TokenUsage, ToolLibrary, library_costs
from langchain_latm._core.flow import run_flow
from langchain_latm.exceptions import RequestError
from langchain_latm.tools.library.instances import Instance, failed_making
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.tools.library.sqlite import open_sqlite
from langchain_latm.types import Doubt, FeedbackEntry
from tests.unit_tests.made_tool import made_tool

TOOL, OLD_VERSION = made_tool(), made_tool(description="Before.")
YEAR = timedelta(days=365)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BaseStore]:
    if request.param == "memory":
        yield InMemoryStore()
    else:
        with closing((opened := open_sqlite(tmp_path / "tools.sqlite")).conn):
            yield opened


def key(age: timedelta, number: int = 0) -> str:
    """An answer's id of some age."""
    moment = int((datetime.now(UTC) - age).timestamp() * 1e9)
    return f"{moment:020d}-{number:08x}"


def filled(store: BaseStore, tenant: str = "") -> ToolLibrary:
    """For each of two ages: an answer with a doubt for each user, feedback, a waiting request, a failed making."""
    library = ToolLibrary(store, tenant=tenant)
    library.add(OLD_VERSION)
    library.add(TOOL)
    library.record_use(TOOL, tokens=TokenUsage(input_tokens=2, calls=1))
    kept = loop_operations_of(library)
    for years, age in enumerate([timedelta(), YEAR]):
        at = (datetime.now(UTC) - age).isoformat()
        for number, user in enumerate(["ann", "bob", ""]):
            answer = key(age, 10 * years + number)
            question = f"Which plant of {user} {years}?"
            doubts = (Doubt(code="parser", sentence="far", tool=TOOL.name),) if user == "ann" else ()
            note = AnswerNote(question=question, text="fern", user=user, at=at, doubts=doubts)
            waits = Instance(id=answer, question=question, answer="fern") if user != "" else None
            run_flow(kept.keep_answer(answer, note, waits))
            right = number == 0
            entry = FeedbackEntry(
                id=f"said-{answer}", answer_id=answer, question=question, right=right, at=at, user=user
            )
            run_flow(kept.record_verdict(TOOL.name, answer, TOOL.id, right, entry))
            store.put(
                library._operations.labels("feedback", TOOL.name), entry.id, {**_value(library, entry.id), "at": at}
            )
        example = Instance(id=key(age, 90 + years), question=f"Sort the shelf {years}.", answer="x")
        run_flow(kept.keep_answer(example.id, AnswerNote(question=example.question, text="", user="ann", at=at), None))
        run_flow(kept.add_example(TOOL.name, example))
        failed = failed_making("plants", [example], "wrong for 'Sort the shelf'", {}, {})
        run_flow(kept.record_failure(failed.model_copy(update={"id": key(age, 70)})))
    by_person = Instance(id=key(YEAR, 50), question="Kept?", answer="yes", source="person")
    run_flow(kept.put_instances([by_person]))
    return library


def _value(library: ToolLibrary, feedback: str) -> dict[str, Any]:
    item = library._store.get(library._operations.labels("feedback", TOOL.name), feedback)
    assert item is not None
    return item.value


def contents_of(store: BaseStore, *labels: str) -> dict[tuple[tuple[str, ...], str], Any]:
    return {(item.namespace, item.key): item.value for item in store.search(("latm", *labels), limit=10_000)}


def test_pruning_deletes_what_is_old_and_nothing_else(store: BaseStore) -> None:
    library, other = filled(store), filled(store, "acme")
    before = contents_of(store)
    planned = library.prune(older_than=timedelta(days=90), dry_run=True)
    assert contents_of(store) == before
    pruned = asyncio.run(library.aprune(older_than=timedelta(days=90)))
    assert pruned == planned
    # An old answer stays as long as its request is an example; an old "wrong" about the current tool stays too.
    counts = {"answers": 3, "doubts": 1, "feedback": 1, "failed_makings": 1, "waiting": 2, "pending": 0, "uses": 0}
    assert pruned.model_dump() == counts
    gone = before.keys() - contents_of(store).keys()
    assert len(gone) == sum(counts.values())
    assert not any("tenants" in namespace for namespace, _ in gone)
    assert {namespace[1] for namespace, _ in gone} == {"answers", "doubts", "feedback", "failed", "waiting"}
    assert library.usage(TOOL.name).uses == other.usage(TOOL.name).uses == 1
    assert library.prune(older_than=timedelta(days=90)) == pruned.model_copy(update=dict.fromkeys(counts, 0))
    with pytest.raises(RequestError, match="negative"):
        library.prune(older_than=timedelta(days=-1))


def test_a_library_after_pruning_everything_still_answers_for_its_costs() -> None:
    library = filled(InMemoryStore())
    uses = library_costs(library).tool(TOOL.name).uses
    library.prune(older_than=timedelta())
    assert library_costs(library).tool(TOOL.name).uses == uses
    assert len(library.history(TOOL.name)) == 2
    assert library.prune(older_than=timedelta.max).answers == 0


def test_a_tenant_is_erased_alone() -> None:
    store = InMemoryStore()
    own, other, third = filled(store), filled(store, "a%.*"), filled(store, "a%.")
    before = contents_of(store)
    erased = other.erase_tenant()
    label = other._operations.labels()[-1]
    after = contents_of(store)
    assert after == {place: value for place, value in before.items() if label not in place[0]}
    assert sum(erased.values()) == len(before) - len(after)
    assert erased["answers"] == 8
    assert len(own.list()) == len(third.list()) == 1
    assert other.list() == ()
    with pytest.raises(RequestError, match="nothing is stored of the tenant"):
        asyncio.run(other.aerase_tenant())
    with pytest.raises(RequestError, match="all runs without a tenant"):
        own.erase_tenant()


def test_a_user_is_erased_with_every_word_of_the_requests(store: BaseStore) -> None:
    library = filled(store)
    filled(store, "acme")
    before = contents_of(store)
    planned = library.erase_user("ann", dry_run=True)
    assert contents_of(store) == before
    erased = library.erase_user("ann")
    assert erased == planned
    counts = {"answers": 4, "waiting": 2, "examples": 2, "feedback": 2, "pending": 0}
    assert erased.model_dump() == {**counts, "in_proofs": ()}
    after = contents_of(store)
    own = str({place: value for place, value in after.items() if "tenants" not in place[0]})
    assert "of ann" not in own
    assert "the shelf" not in own
    assert "of bob" in own
    tenants = {place: value for place, value in before.items() if "tenants" in place[0]}
    assert tenants == {place: value for place, value in after.items() if "tenants" in place[0]}
    assert library.get(TOOL.name) == TOOL
    with pytest.raises(RequestError, match="nothing is stored of the user 'ann'"):
        library.erase_user("ann")
    with pytest.raises(RequestError, match="1 to 200"):
        library.erase_user(" ")


def test_tools_whose_proof_contains_a_request_are_named() -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(TOOL)
    note = AnswerNote(question=TOOL.report.cases[0].question, text="", user="ann", at="2026-01-01T00:00:00+00:00")
    run_flow(loop_operations_of(library).keep_answer(key(YEAR), note, None))
    assert library.erase_user("ann").in_proofs == (TOOL.name,)
