"""A file that can be continued."""

from __future__ import annotations

from pathlib import Path

import pytest

from langchain_latm.exceptions import LATMError, TableError
from langchain_latm.interop.tables.part_file import PartFile


def test_what_was_saved_is_gone_on_with_and_the_rest_dropped(tmp_path: Path) -> None:
    target = tmp_path / "done.csv"
    first = PartFile(target, {"input": "x"})
    first.write(b"one\n")
    first.state["rows"] = 1
    first.save()
    first.write(b"half of a ro")
    first._file.flush()
    first._release()  # as after a crash
    second = PartFile(target, {"input": "x"})
    assert second.state == {"rows": 1}
    second.write(b"two\n")
    assert not target.exists()
    second.finish()
    assert target.read_bytes() == b"one\ntwo\n"
    assert [path.name for path in tmp_path.iterdir()] == ["done.csv"]


def test_another_job_does_not_continue(tmp_path: Path) -> None:
    target = tmp_path / "done.csv"
    PartFile(target, {"input": "x", "tool": 1}).close()
    with pytest.raises(TableError, match="begun with another input"):
        PartFile(target, {"input": "y", "tool": 1})
    (tmp_path / "done.csv.resume").write_text("{", encoding="utf-8")
    with pytest.raises(TableError, match="damaged"):
        PartFile(target, {"input": "x", "tool": 1})
    (tmp_path / "done.csv.resume").unlink()
    with pytest.raises(TableError, match="--restart"):
        PartFile(target, {"input": "x", "tool": 1})
    restarted = PartFile(target, {"input": "y"}, restart=True)
    assert (restarted.state, restarted.part.read_bytes()) == ({}, b"")


def test_two_at_a_time_and_an_existing_target_are_refused(tmp_path: Path) -> None:
    target = tmp_path / "done.csv"
    first = PartFile(target, {})
    with pytest.raises(LATMError, match="another process"):
        PartFile(target, {})
    first.close()
    target.write_text("old", encoding="utf-8")
    with pytest.raises(TableError, match="--force"):
        PartFile(target, {})
    PartFile(target, {}, force=True).finish()
    assert target.read_bytes() == b""


def test_a_full_disk_keeps_what_was_saved(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    part = PartFile(tmp_path / "done.csv", {})
    part.write(b"one\n")
    part.state["rows"] = 1
    part.save()
    real = part._file
    with full.open("wb", buffering=0) as out:
        part._file = out
        with pytest.raises(LATMError, match="No space left"):
            part.write(b"two\n")
        part._file = real
        part.close()
    assert PartFile(tmp_path / "done.csv", {}).state == {"rows": 1}
    with pytest.raises(LATMError, match="cannot be written"):
        PartFile(tmp_path / "missing" / "done.csv", {})
