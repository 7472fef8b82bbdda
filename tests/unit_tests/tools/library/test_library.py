"""The library: tools are stored, found, replaced and restored, and never lost."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from langgraph.errors import GraphBubbleUp, GraphInterrupt
from langgraph.store.base import Op
from langgraph.store.memory import InMemoryStore
from langgraph.store.sqlite import SqliteStore

from langchain_latm import TokenUsage, ToolLibrary, open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.exceptions import LATMError, ToolLibraryError, ToolNotFoundError, ToolRecordError
from langchain_latm.tools.library.library import operations_of
from tests.unit_tests.made_tool import made_tool

OLD = made_tool()
NEW = made_tool(description="Sort words, better.")
OTHER = made_tool(name="dates", description="Days between two dates.")


@pytest.fixture(params=["file", "memory"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ToolLibrary]:
    if request.param == "memory":
        yield ToolLibrary(InMemoryStore())
        return
    with open_tool_library(tmp_path / "tools.sqlite") as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "tools.sqlite"


def test_what_was_added_is_found(library: ToolLibrary) -> None:
    assert library.list() == ()
    assert library.add(OLD) == OLD.id
    library.add(OTHER)
    assert library.get("word_sorting") == library.get_by_id(OLD.id) == OLD
    assert [(each.name, each.id) for each in library.list()] == [("dates", OTHER.id), ("word_sorting", OLD.id)]
    assert [each.name for each in library.search("DAYS dat")] == ["dates"]
    assert library.search("days words") == ()


async def test_async_forms(library: ToolLibrary) -> None:
    await library.aadd(OLD)
    await library.aadd(NEW, reason="better")
    assert await library.aget("word_sorting") == NEW
    assert await library.aget_by_id(OLD.id) == OLD
    assert len(await library.alist()) == len(await library.asearch("words")) == 1
    await library.aactivate("word_sorting", OLD.id)
    await library.aremove("word_sorting")
    assert [event.action for event in await library.ahistory("word_sorting")] == [
        "added",
        "added",
        "activated",
        "removed",
    ]
    await library.arecord_use(OLD)
    assert (await library.ausage("word_sorting")).uses == 1


def test_an_upgrade_keeps_what_it_replaced(library: ToolLibrary) -> None:
    library.add(OLD)
    library.add(NEW, reason="solves two more")
    assert library.get("word_sorting") == NEW
    assert library.activate("word_sorting", OLD.id[:8], reason="was better") == OLD
    assert library.get("word_sorting") == OLD
    history = library.history("word_sorting")
    assert [(event.action, event.id, event.reason) for event in history] == [
        ("added", OLD.id, ""),
        ("added", NEW.id, "solves two more"),
        ("activated", OLD.id, "was better"),
    ]
    assert [event.at for event in history] == sorted(event.at for event in history)


def test_a_removed_tool_can_be_brought_back(library: ToolLibrary) -> None:
    library.add(OLD)
    library.remove("word_sorting", reason="wrong too often")
    assert library.list() == ()
    with pytest.raises(ToolNotFoundError, match="no tool named 'word_sorting'"):
        library.get("word_sorting")
    library.activate("word_sorting", OLD.id)
    assert library.get("word_sorting") == OLD


def test_what_is_not_there(library: ToolLibrary) -> None:
    library.add(OLD)
    library.add(NEW)
    for use in (library.get, library.history, library.remove):
        with pytest.raises(ToolNotFoundError, match="'nothing'"):
            use("nothing")
    with pytest.raises(ToolNotFoundError, match="id '1234'"):
        library.get_by_id("1234")
    with pytest.raises(ToolNotFoundError, match=rf"no version of 'word_sorting'.*{OLD.id[:12]}"):
        library.activate("word_sorting", "xyz")
    with pytest.raises(ToolNotFoundError, match="no version"):
        library.activate("word_sorting", "")
    with pytest.raises(ToolNotFoundError, match="no version"):
        library.activate("word_sorting", OTHER.id)
    assert library.usage("nothing").uses == 0
    with pytest.raises(KeyError):  # for those who ask in the way of a dictionary
        library.get("nothing")


def test_uses_of_all_versions_are_summed(library: ToolLibrary) -> None:
    library.record_use(OLD, tokens=TokenUsage(input_tokens=5, output_tokens=2, calls=1))
    library.record_use(NEW, failed=True)
    library.record_use(OTHER)
    usage = library.usage("word_sorting")
    assert (usage.uses, usage.failures, usage.tokens.total, usage.tokens.calls) == (2, 1, 7, 1)
    assert usage.last_use is not None


def test_no_use_is_lost_among_threads(library: ToolLibrary) -> None:
    def work() -> None:
        for _ in range(20):
            library.record_use(OLD)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.usage("word_sorting").uses == 100


def test_export_and_import(library: ToolLibrary, tmp_path: Path, file: Path) -> None:
    library.add(OLD)
    library.add(NEW, reason="better")
    library.add(OTHER)
    library.remove("dates")
    exported = tmp_path / "all.json"
    assert library.export_file(exported) == ("word_sorting",)
    with open_tool_library(file) as fresh:
        assert fresh.import_file(exported) == ("word_sorting",)
        assert fresh.get("word_sorting") == NEW
        assert fresh.get_by_id(OTHER.id) == OTHER
        assert [event.reason for event in fresh.history("word_sorting")] == ["", "better", "imported"]
        before = fresh.history("word_sorting")
        assert fresh.import_file(exported) == ("word_sorting",)  # a second time changes nothing
        assert fresh.history("word_sorting") == before


def test_an_import_replaces_only_when_asked(library: ToolLibrary, tmp_path: Path, file: Path) -> None:
    library.add(NEW)
    library.export_file(tmp_path / "all.json")
    with open_tool_library(file) as other:
        other.add(OLD)
        assert other.import_file(tmp_path / "all.json") == ()
        assert other.get("word_sorting") == OLD
        assert other.activate("word_sorting", NEW.id) == NEW
        other.activate("word_sorting", OLD.id)
        assert other.import_file(tmp_path / "all.json", replace=True) == ("word_sorting",)
        assert other.get("word_sorting") == NEW


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content["tools"][0].update(source="def f(): ..."), "altered"),
        (lambda content: content["tools"][0].update(id=""), "an id"),
        (lambda content: content["tools"].clear(), "not in it"),
        (lambda content: content["current"].update(word_sorting=OTHER.id), "not in it"),
        (lambda content: content["history"][0].update(name="dates"), "'dates' that is not in it"),
        (lambda content: content.update(format="other/1"), "format"),
        (lambda content: content.pop("tools"), "tools"),
        (lambda content: content.update(more=1), "more"),
    ],
)
def test_a_changed_export_is_refused_whole(tmp_path: Path, change: object, words: str) -> None:
    source, target = ToolLibrary(InMemoryStore()), ToolLibrary(InMemoryStore())
    source.add(OLD)
    path = tmp_path / "all.json"
    source.export_file(path)
    content = json.loads(path.read_text())
    change(content)  # type: ignore[operator]
    path.write_text(json.dumps(content))
    with pytest.raises(ToolRecordError, match=rf"all\.json.*{words}"):
        target.import_file(path)
    assert target.list() == ()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"tools": 1}', "\x00"])
def test_what_is_not_an_export(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ToolRecordError, match=r"x\.json is not a usable export"):
        ToolLibrary(InMemoryStore()).import_file(tmp_path / "x.json")
    with pytest.raises(ToolRecordError, match="No such file"):
        ToolLibrary(InMemoryStore()).import_file(tmp_path / "y.json")


def alter(file: Path, key: str, old: str, new: str) -> None:
    with sqlite3.connect(file) as connection:
        command = "UPDATE store SET value = replace(value, ?, ?) WHERE key = ?"
        changed = connection.execute(command, (old, new, key)).rowcount
        assert changed
    connection.close()


def test_a_record_that_was_altered_is_refused_and_named(file: Path) -> None:
    with open_tool_library(file) as library:
        library.add(OLD)
        library.add(OTHER)
        alter(file, OLD.id, "Sort words.", "Sort them.")
        with pytest.raises(ToolRecordError, match=rf"{OLD.id[:17]}.*altered"):
            library.get("word_sorting")
        with pytest.raises(ToolRecordError, match="altered"):
            library.export_file(file.parent / "all.json")
        assert not (file.parent / "all.json").exists()
        assert library.get("dates") == OTHER


def test_a_record_under_the_id_of_another_is_refused() -> None:
    store = InMemoryStore()
    library = ToolLibrary(store)
    library.add(OLD)
    store.put(("latm", "records"), OLD.id, {"json": OTHER.model_dump_json()})
    with pytest.raises(ToolRecordError, match="another tool is stored"):
        library.get("word_sorting")


def test_a_record_that_was_kept_as_an_object_is_read() -> None:
    """So it was before records were kept as text."""
    store = InMemoryStore()
    library = ToolLibrary(store)
    library.add(OLD)
    store.put(("latm", "records"), OLD.id, OLD.model_dump(mode="json"))
    assert library.get("word_sorting") == OLD


def test_two_libraries_in_one_store_do_not_meet() -> None:
    store = InMemoryStore()
    ToolLibrary(store, namespace="a").add(OLD)
    assert ToolLibrary(store, namespace="b").list() == ()


def test_a_file_of_another_program(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE store (x)")
    connection.close()
    content = foreign.read_bytes()
    with pytest.raises(ToolLibraryError, match=r"foreign\.db is a database of another program"):
        open_tool_library(foreign)
    assert foreign.read_bytes() == content


def test_a_damaged_file(tmp_path: Path, file: Path) -> None:
    (tmp_path / "text.txt").write_text("no database " * 100)
    with pytest.raises(ToolLibraryError, match=r"text\.txt cannot be used.*not a database"):
        open_tool_library(tmp_path / "text.txt")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ToolLibraryError, match="folder cannot be used"):
        open_tool_library(tmp_path / "folder")
    with open_tool_library(file) as library:
        for number in range(30):
            library.add(made_tool(description=str(number)))
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(ToolLibraryError, match="malformed"), open_tool_library(file) as library:
        library.list()


def contents(library: ToolLibrary) -> list[object]:
    """Everything that a caller can see of a library."""
    return [
        run_flow(operations_of(library).export()),
        run_flow(operations_of(library).stamp()),
        [(each, library.get(each.name)) for each in library.list()],
        [library.usage(name) for name in ("word_sorting", "dates", "fresh")],
    ]


def test_a_full_disk_loses_nothing_that_was_confirmed(file: Path, tmp_path: Path) -> None:
    full = pytest.raises(
        ToolLibraryError, match=r"^the tool library's store failed: OperationalError: database or disk is full$"
    )
    long = "x" * 20_000
    source = ToolLibrary(InMemoryStore())
    source.add(made_tool(name="fresh", description=long))
    source.export_file(tmp_path / "all.json")
    with open_tool_library(file) as library, open_tool_library(file) as other:
        library.add(OLD)
        library.add(NEW)
        library.add(OTHER)
        store = library._store
        assert isinstance(store, SqliteStore)
        (pages,) = store.conn.execute("PRAGMA page_count").fetchone()
        store.conn.execute(f"PRAGMA max_page_count = {pages}")
        confirmed = 0
        with full:
            for _ in range(1000):
                library.record_use(OLD)
                confirmed += 1
        assert library.usage("word_sorting").uses == confirmed
        before = contents(library)
        for change in (
            lambda: library.add(made_tool(name="fresh", description=long)),
            lambda: library.add(made_tool(description=long)),
            lambda: library.activate("word_sorting", OLD.id, reason=long),
            lambda: library.remove("dates", reason=long),
            lambda: library.import_file(tmp_path / "all.json"),
            lambda: asyncio.run(library.aremove("dates", reason=long)),
        ):
            with full:
                change()
            assert contents(library) == contents(other) == before
        store.conn.execute("PRAGMA max_page_count = 1000000")
        library.add(made_tool(name="fresh", description=long))
        library.remove("dates", reason=long)
    with open_tool_library(file) as library:
        assert [each.name for each in library.list()] == ["fresh", "word_sorting"]
        assert library.get("word_sorting") == NEW
        assert [event.action for event in library.history("dates")] == ["added", "removed"]
        assert library.usage("word_sorting").uses == confirmed


class FailingStore(InMemoryStore):
    """A store with its own exception."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def batch(self, ops: Iterable[Op]) -> NoReturn:  # noqa: ARG002 - the base class has it
        raise self.error

    async def abatch(self, ops: Iterable[Op]) -> NoReturn:  # noqa: ARG002 - the base class has it
        raise self.error


USES: tuple[Callable[[ToolLibrary], object], ...] = (
    lambda library: library.list(),
    lambda library: asyncio.run(library.aadd(OLD)),
)


@pytest.mark.parametrize("use", USES, ids=["sync", "async"])
@pytest.mark.parametrize("error", [RuntimeError("the cable\n is out"), TimeoutError("too slow"), KeyError("cable")])
def test_an_error_of_any_store_becomes_ours(use: Callable[[ToolLibrary], object], error: Exception) -> None:
    told = rf"^the tool library's store failed: {type(error).__name__}: .*(the cable is out|too slow|cable)"
    with pytest.raises(ToolLibraryError, match=told) as raised:
        use(ToolLibrary(FailingStore(error)))
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("use", USES, ids=["sync", "async"])
@pytest.mark.parametrize(
    "error", [LATMError("ours"), ToolNotFoundError("none"), GraphBubbleUp("x"), GraphInterrupt(())]
)
def test_our_errors_and_interrupts_of_langgraph_pass(use: Callable[[ToolLibrary], object], error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        use(ToolLibrary(FailingStore(error)))
    assert raised.value is error


def test_it_opens_again_with_everything_in_it(file: Path) -> None:
    with open_tool_library(file) as library:
        library.add(OLD)
    with open_tool_library(file) as library:
        assert library.get("word_sorting") == OLD


def test_the_default_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with open_tool_library() as library:
        library.add(OLD)
    assert list(tmp_path.rglob("tools.sqlite"))


def test_the_default_file_is_the_one_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "mine.sqlite"))
    with open_tool_library() as library:
        library.add(made_tool())
    with open_tool_library(tmp_path / "mine.sqlite") as library:
        assert [tool.name for tool in library.list()] == ["word_sorting"]
