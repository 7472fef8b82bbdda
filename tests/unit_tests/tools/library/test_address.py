"""Addresses of libraries; messages never contain a password."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm.exceptions import ToolLibraryError
from langchain_latm.tools.library.address import address_of, default_address, visible_address, without_secrets
from tests.unit_tests.made_tool import made_tool

FILES = {
    "tools.sqlite": Path("tools.sqlite"),
    "sqlite:///tools.sqlite": Path("tools.sqlite"),
    "sqlite:////srv/my%20tools.sqlite": Path("/srv/my tools.sqlite"),
    "SQLite:///größe.db": Path("größe.db"),
    "C:/tools.sqlite": Path("C:/tools.sqlite"),
    "a:b": Path("a:b"),
    "odd:name.sqlite": Path("odd:name.sqlite"),
}


def test_files_and_urls_are_distinguished() -> None:
    assert {each: address_of(each) for each in FILES} == FILES
    assert address_of("postgres://u:p@h/d?sslmode=require") == "postgresql://u:p@h/d?sslmode=require"
    assert address_of("PostgreSQL://h/d") == "postgresql://h/d"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("mysql://ann:s3cret@db/tools", r"mysql://ann@db/tools: .*postgresql://HOST/DATABASE, not mysql://"),
        ("redis://:s3cret@db", r"redis://@db: .* not redis://"),
        ("http://example.org/?token=s3cret", "not http://"),
        ("sqlite://tools.sqlite", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("file::memory:?cache=shared", "not file:"),
        ("file:tools.sqlite?mode=memory", "not file:"),
        ("FILE:///srv/tools.sqlite", "not file:"),
        ("", "names no file"),
        (Path(), "it is a directory"),
        ("tools\0.sqlite", "names no file"),
        ("..", "it is a directory"),
        (Path("postgresql://ann:s3cret@db/tools"), "give it as text, not as a Path"),
    ],
)
def test_other_urls_are_refused(place: str | Path, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ToolLibraryError, match=says) as refused:
        open_tool_library(place)
    assert "s3cret" not in str(refused.value)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("place", [":memory:", Path(":memory:")])
def test_a_library_in_memory_leaves_nothing(place: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_tool_library(place) as library, open_tool_library(place) as another:
        library.add(made_tool())
        assert [each.name for each in library.list()] == ["word_sorting"]
        assert another.list() == ()
        assert not [*tmp_path.iterdir()]
    assert not [*tmp_path.iterdir()]


def test_the_environment_may_name_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATM_LIBRARY", "postgres://db/tools")
    assert default_address() == "postgresql://db/tools"
    monkeypatch.setenv("LATM_LIBRARY", "ftp://db/tools")
    with pytest.raises(ToolLibraryError, match="not ftp://"):
        default_address()


PASSWORDS = {
    "postgresql://ann:s3cret@db:5432/tools": ["s3cret"],
    "postgresql://ann:s3cret@[::1]/tools": ["s3cret"],
    "postgresql://ann:s3c%20ret@db/tools": ["s3c ret", "s3c%20ret"],
    "postgresql://ann:s3/cr@et@db/tools": ["s3/cr@et"],
    "postgresql:///tools?host=/run&user=ann&password=s3cret": ["s3cret"],
    "postgresql://ann:s3cret@db,db2:99/tools?sslpassword=s3cond": ["s3cret", "s3cond"],
}


@pytest.mark.parametrize("url", PASSWORDS)
def test_no_message_shows_a_password(url: str) -> None:
    shown = visible_address(url)
    assert "tools" in shown
    for password in PASSWORDS[url]:
        assert password not in shown
        assert password not in without_secrets(f"connection to {url} failed: bad password {password!r}", url)


def test_tables_of_a_later_version_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "tools.sqlite"
    open_tool_library(file).close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO store_migrations (v) VALUES (999)")
    with pytest.raises(ToolLibraryError, match=r"later version \(999; this one knows \d+\): upgrade"):
        open_tool_library(file)
