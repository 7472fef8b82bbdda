"""`latm` on a library that belongs to somebody else, and on a full disk, as the system refuses it."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from tests.unit_tests.made_tool import made_tool

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="privileges are dropped as Linux has them"),
]
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2


def obey_permissions() -> None:
    """Remove root's right to write everything from the next command."""
    libc = ctypes.CDLL(None)
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def write_no_more() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def latm(file: Path, before: Callable[[], None], *arguments: str) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        [sys.executable, "-m", "langchain_latm", *arguments],
        env=os.environ | {"LATM_LIBRARY": str(file), "COLUMNS": "500"},
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ran.stderr
    return ran


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    with open_tool_library(folder / "tools.sqlite") as library:
        library.add(made_tool())
    (tmp_path / "a.tool.json").write_text(made_tool(name="other").dump())
    return folder / "tools.sqlite"


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_a_library_of_somebody_else(file: Path, tmp_path: Path, what: str) -> None:
    if what != "folder":
        for each in file.parent.iterdir():
            each.chmod(0o444)
    if what != "file":
        file.parent.chmod(0o555)
    before = sorted(each.name for each in file.parent.iterdir())
    try:
        listed = latm(file, obey_permissions, "tools", "list", "--json")
        assert (listed.returncode, json.loads(listed.stdout)[0]["name"]) == (0, "word_sorting")
        assert latm(file, obey_permissions, "tools", "show", "word_sorting").returncode == 0
        added = latm(file, obey_permissions, "tools", "add", str(tmp_path / "a.tool.json"))
        assert added.returncode == 1
        assert "can only be read, not changed" in added.stderr
        assert sorted(each.name for each in file.parent.iterdir()) == before
    finally:
        file.parent.chmod(0o755)


def test_a_library_that_may_not_be_read(file: Path) -> None:
    file.chmod(0)
    listed = latm(file, obey_permissions, "tools", "list")
    assert listed.returncode == 2
    assert "is not readable" in listed.stderr


def test_a_disk_that_takes_nothing(file: Path, tmp_path: Path) -> None:
    listed = latm(file, write_no_more, "tools", "list", "--json")
    assert (listed.returncode, json.loads(listed.stdout)[0]["name"]) == (0, "word_sorting")
    added = latm(file, write_no_more, "tools", "add", str(tmp_path / "a.tool.json"))
    assert added.returncode == 1
    with open_tool_library(file) as library:
        assert [each.name for each in library.list()] == ["word_sorting"]
