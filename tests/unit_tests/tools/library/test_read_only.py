"""A library's file that cannot be written: reading works, and nothing is changed."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from langchain_latm import ToolLibrary, create_latm, open_tool_library
from langchain_latm.exceptions import RequestError, ToolLibraryError
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library import sqlite
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import ScriptedChatModel

TOOL = made_tool()


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("it cannot be written")
    error.sqlite_errorcode = code
    return error


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        library.add(TOOL)
        library.record_use(TOOL)
    return tmp_path / "tools.sqlite"


ERRORS = [
    OSError(errno.EROFS, os.strerror(errno.EROFS)),
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
    sqlite_error(sqlite3.SQLITE_READONLY),
    sqlite_error(sqlite3.SQLITE_CANTOPEN),
    sqlite_error(sqlite3.SQLITE_IOERR | 19 << 8),  # the file of locks does not grow on a full disk
]


@pytest.fixture
def unwritable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it must be written by then
    refuse_writing(monkeypatch, ERRORS[0])


def refuse_writing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(_path: Path) -> None:
        raise error

    monkeypatch.setattr(sqlite, "_open_to_write", refuse)


@pytest.fixture
def library(file: Path, unwritable: None) -> Iterator[ToolLibrary]:  # noqa: ARG001 - it must be set by then
    with open_tool_library(file) as opened:
        yield opened


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_it_is_opened_anyway(
    file: Path, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refuse_writing(monkeypatch, error)
    with open_tool_library(file) as library:
        assert library.get("word_sorting") == TOOL
    assert caplog.messages == [f"{file} is opened for reading only, and uses are not recorded: {error}"]


def test_it_is_read_and_never_changed(file: Path, library: ToolLibrary, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    before = {each: each.read_bytes() for each in file.parent.iterdir()}
    assert [each.name for each in library.list()] == ["word_sorting"]
    assert library.get("word_sorting") == TOOL
    assert [event.action for event in library.history("word_sorting")] == ["added"]
    for _ in range(3):
        library.record_use(TOOL)
    assert library.usage("word_sorting").uses == 1
    for change in (lambda: library.add(made_tool(name="other")), lambda: library.remove("word_sorting")):
        with pytest.raises(ToolLibraryError, match=r"tools\.sqlite can only be read, not changed: "):
            change()
    assert {each: each.read_bytes() for each in file.parent.iterdir()} == before
    assert caplog.text == ""  # it was logged once, when the library was opened


def test_the_loop_answers_from_it(library: ToolLibrary, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    model = ScriptedChatModel(script=lambda _: '{"words": ["pear", "fig"]}')
    loop = create_latm(model, library=library, sandbox=sandbox, making="off")
    answer = loop.invoke("Sort: pear fig")
    assert (answer.text, answer.notes) == ("fig pear", ())
    assert loop.invoke("How are you?").notes == ()
    with pytest.raises(RequestError, match="no answer has the id"):
        loop.record_feedback(answer.id, "other")
    assert caplog.text == ""


@pytest.mark.usefixtures("unwritable")
def test_what_others_write_meanwhile_is_seen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_tool_library(file) as library:
        monkeypatch.undo()
        with open_tool_library(file) as writer:
            writer.add(made_tool(name="other"))
            assert [each.name for each in library.list()] == ["other", "word_sorting"]
        assert [each.name for each in library.list()] == ["other", "word_sorting"]


@pytest.mark.usefixtures("unwritable")
@pytest.mark.parametrize("content", [None, b"", b"no database " * 99])
def test_what_is_not_a_library_stays_an_error(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "other.sqlite"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ToolLibraryError, match=r"other\.sqlite cannot be used as a tool library"):
        open_tool_library(file)
    assert (file.read_bytes() if file.exists() else None) == content


@pytest.mark.usefixtures("unwritable")
def test_tables_of_another_version_are_reported(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("DELETE FROM store_migrations WHERE v > 0")
    connection.commit()
    connection.close()
    with pytest.raises(ToolLibraryError, match="open it once where it can be written"):
        open_tool_library(file)


def test_a_full_disk_damages_nothing(file: Path) -> None:
    with open_tool_library(file) as library:
        connection = library._store.conn  # type: ignore[attr-defined]
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        for _ in range(3):
            with pytest.raises(ToolLibraryError, match="disk is full"):
                library.add(made_tool(name="other", description="x" * 9999))
            assert [each.name for each in library.list()] == ["word_sorting"]
            assert len(library.history("word_sorting")) == 1
        connection.execute(f"PRAGMA max_page_count = {pages + 99}")
        library.add(made_tool(name="other"))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_user_without_a_home_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda uid: (_ for _ in ()).throw(KeyError(f"uid not found: {uid}")))
    with pytest.raises(ToolLibraryError, match="no home folder"):
        open_tool_library()
    assert list(tmp_path.iterdir()) == []
