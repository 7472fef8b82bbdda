"""A library by its URL, on a real Postgres server that the tests start."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from langchain_latm import open_tool_library
from langchain_latm.exceptions import ToolLibraryError
from tests.integration_tests.postgres import new_database, postgres_server
from tests.unit_tests.made_tool import made_tool

pytestmark = [
    pytest.mark.xdist_group("postgres"),
    pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR is not set"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with postgres_server() as started:
        yield started


@pytest.fixture
def url(server: Any, request: pytest.FixtureRequest) -> str:
    """A separate database for each test."""
    return new_database(server, f"latm_{abs(hash(request.node.name))}")


def latm(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "langchain_latm", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", **environment},
        timeout=120,
    )


def test_every_command_takes_the_url(url: str, tmp_path: Path) -> None:
    tool = made_tool()
    (file := tmp_path / "tool.json").write_text(tool.dump())
    added = latm("tools", "add", str(file), "--library", url)
    assert added.returncode == 0, added.stderr
    listed = latm("tools", "list", "--json", LATM_LIBRARY=url)
    assert [each["name"] for each in json.loads(listed.stdout)] == [tool.name]
    assert latm("--tenant", "größe / '; --", "tools", "list", "--json", LATM_LIBRARY=url).stdout.strip() == "[]"
    stats = latm("stats", "--json", "--library", url)
    assert (stats.returncode, stats.stderr) == (0, "")
    missing = latm("tools", "show", f"{tool.name}s", "--library", url)
    assert missing.returncode == 2
    assert f"did you mean {tool.name}?" in " ".join(missing.stderr.split())
    with open_tool_library(url) as library:
        assert library.get(tool.name) == tool


def test_many_processes_may_open_a_new_database_at_once(url: str) -> None:
    code = "import sys, langchain_latm; langchain_latm.open_tool_library(sys.argv[1]).close()"
    processes = [
        subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [(each.communicate()[1], each.returncode) for each in processes] == [("", 0)] * 3


def test_a_server_that_goes_away_and_comes_back(server: Any, url: str) -> None:
    """Its connections end; earlier writes stay, and the next operations reconnect."""
    tool = made_tool()
    with open_tool_library(url) as library:
        library.add(tool)
        with ThreadPoolExecutor(4) as pool:
            assert len([*pool.map(lambda _: library.list(), range(8))]) == 8
        with psycopg.connect(url, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        assert ended is not None
        assert ended[0] > 0
        assert [each.name for each in library.list()] == [tool.name]
        name = conninfo_to_dict(url)["dbname"]
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            with pytest.raises(ToolLibraryError, match="store failed"):
                library.list()
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert [each.name for each in library.list()] == [tool.name]
    assert not [each for each in threading.enumerate() if each.name.startswith("latm-library")]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:1/tools", "cannot be used: connection failed: .*refused"),
        ("postgresql://ann:s3cret@nowhere.invalid/tools", "cannot be used: "),
        ("postgresql://ann:s3cret@127.0.0.1:port/tools", "cannot be used: "),
    ],
)
def test_what_cannot_be_reached(wrong: str, says: str) -> None:
    with pytest.raises(ToolLibraryError, match=says) as refused:
        open_tool_library(wrong)
    assert "s3cret" not in f"{refused.value!r} {refused.value.__cause__!r}"
    command = latm("tools", "list", "--library", wrong)
    assert command.returncode == 1
    assert "s3cret" not in command.stderr + command.stdout
    assert "Traceback" not in command.stderr


def test_tables_of_a_later_version_are_left_alone(url: str) -> None:
    open_tool_library(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO store_migrations (v) VALUES (999)")
    with pytest.raises(ToolLibraryError, match=r"later version \(999; this one knows \d+\): upgrade"):
        open_tool_library(url)
