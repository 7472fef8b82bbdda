"""Every attack against every backend that declares the guarantee."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest
import pytest_socket

from langchain_latm.sandbox import ExecutionResult, Guarantee, Limits, Sandbox, ToolSource
from langchain_latm.sandbox._wire import MAX_DEPTH, MAX_MESSAGE
from tests.unit_tests.sandbox.attack_table import PAGE, attack_table
from tests.unit_tests.sandbox.attacks import ATTACKS, HONEST, HONEST_VALUE, SECRET, Attack, hidden
from tests.unit_tests.sandbox.backends import BACKENDS, marks

LIMITS = Limits(wall_seconds=0.6, memory_bytes=64 << 20, output_bytes=100_000, stdout_bytes=10_000)
ENDLESS = LIMITS.model_copy(update={"wall_seconds": 0.2})


class Scene:
    """A sandbox, and everything that a successful attack would change."""

    def __init__(self, name: str, folder: Path, opened: ExitStack) -> None:
        self.backend = BACKENDS[name]
        self.folder = folder
        self.secret_file = folder / "secret.txt"
        self.secret_file.write_text(SECRET)
        (folder / "planted.py").write_text(f"SECRET = {SECRET!r}")
        self.unix = opened.enter_context(socket.socket(socket.AF_UNIX))
        self.unix.bind(str(folder / "unix"))
        self.tcp = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port = self.tcp.getsockname()[1]
        self.udp = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.udp.bind(("127.0.0.1", self.port))
        self.unix.listen()
        for listener in (self.unix, self.tcp, self.udp):
            listener.setblocking(False)
        self.files = self._listing()
        self.host = psutil.Process()
        # The sandbox that other tests share may have processes of its own, all of them idle meanwhile.
        self.others = {process.pid for process in self.host.children(recursive=True)}
        self.sandbox: Sandbox = opened.enter_context(self.backend.open(LIMITS))
        self.check_honest()
        self.memory = self.host.memory_info().rss
        self.descriptors = self.host.num_fds()

    def run(self, attack: Attack) -> list[ExecutionResult]:
        """Call the attack; twice if it looks for state of the first call."""
        names = {
            "SECRET_FILE": str(self.secret_file),
            "WATCHED": str(self.folder),
            "UNIX": str(self.folder / "unix"),
            "PORT": self.port,
            "HOST": os.getpid(),
            "HIDDEN": [name[::-1] for name in hidden()],
        }
        head = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        tool = ToolSource(source=head + attack.source, entry="f")
        limits = ENDLESS if attack.against is Guarantee.WALL else LIMITS
        tenants = {Guarantee.TOOLS: ["another", ""], Guarantee.CALLS: ["", ""]}.get(attack.against, [""] * attack.calls)
        return [self.sandbox.call(tool, {}, tenant=tenant, limits=limits) for tenant in tenants]

    def check_honest(self) -> None:
        """An honest call is right."""
        result = self.sandbox.call(ToolSource(source=HONEST, entry="add"), {"a": 5, "b": 2})
        assert result.value == HONEST_VALUE, result.failure

    def check_untouched(self) -> None:
        """Check that files, listeners, processes, memory and descriptors of the host are unchanged."""
        assert self._listing() == self.files
        assert self.secret_file.read_text() == SECRET
        for listener in (self.unix, self.tcp):
            with pytest.raises(BlockingIOError):
                listener.accept()
        with pytest.raises(BlockingIOError):
            self.udp.recv(1)
        assert self._generations() <= self.backend.depth, "processes of a tool are left"
        assert self.host.memory_info().rss < self.memory + (64 << 20)
        assert self.host.num_fds() < self.descriptors + 64

    def check_idle(self) -> None:
        """Soon no process takes time of a processor."""
        end = time.monotonic() + 60
        before: dict[int, float] = {}
        while (now := self._cpu_seconds()) != before:
            assert time.monotonic() < end, f"a process still computes: {now}"
            before = now
            time.sleep(0.3)

    def _cpu_seconds(self) -> dict[int, float]:
        seconds = {}
        for process in self.host.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if process.pid not in self.others:
                    seconds[process.pid] = process.cpu_times().user
        return seconds

    def _generations(self) -> int:
        """Return how many generations of processes there are below this one, but for those of others."""
        parents: dict[int, int] = {}
        for process in self.host.children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                if process.pid not in self.others:
                    parents[process.pid] = process.ppid()
        level, depth = {self.host.pid}, -1
        while level:
            level, depth = {pid for pid, parent in parents.items() if parent in level}, depth + 1
        return depth

    def _listing(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


def check_sizes(result: ExecutionResult) -> None:
    """The output is strict JSON of limited size and depth in any case."""
    assert len(json.dumps(result.value, allow_nan=False, separators=(",", ":"))) <= LIMITS.output_bytes
    assert len(result.stdout.encode()) <= LIMITS.stdout_bytes
    assert result.failure is None or len(result.failure.message) <= MAX_MESSAGE
    layer, depth = [result.value], 0
    while layer := [
        part
        for box in layer
        if isinstance(box, list | dict)
        for part in (box.values() if isinstance(box, dict) else box)
    ]:
        depth += 1
        assert depth <= MAX_DEPTH


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Scene]]:
    """Give the scene of a backend; there is one at a time, and it serves until another is asked for."""
    scenes: dict[str, Scene] = {}
    with pytest.MonkeyPatch.context() as patch, ExitStack() as opened:
        patch.setenv("LATM_SECRET", SECRET)

        def show(name: str) -> Scene:
            if name not in scenes:
                opened.pop_all().close()
                scenes.clear()
                pytest_socket.enable_socket()  # the scene listens; nobody may come
                scenes[name] = Scene(name, tmp_path_factory.mktemp("scene"), opened)
            return scenes[name]

        yield show


@pytest.fixture
def scene(request: pytest.FixtureRequest, stage: Callable[[str], Scene]) -> Scene:
    name: str = request.param
    if BACKENDS[name].missing:
        pytest.skip(BACKENDS[name].missing)
    return stage(name)


@pytest.mark.parametrize(
    ("scene", "attack"),
    [
        pytest.param(name, attack, id=f"{name}-{attack.name}", marks=marks(name))
        for name, backend in BACKENDS.items()
        for attack in ATTACKS
        if attack.against in backend.guarantees
    ],
    indirect=["scene"],
)
def test_attack_is_held(scene: Scene, attack: Attack) -> None:
    for result in scene.run(attack):
        seen = repr((result.value, result.failure and result.failure.message, result.stdout))
        assert "broke" not in seen
        assert SECRET not in seen
        assert not attack.ends_as or (result.failure and result.failure.kind in attack.ends_as), result
        assert result.seconds < 20
        check_sizes(result)
    if attack.against is Guarantee.CPU:
        scene.check_idle()
    scene.check_honest()
    scene.check_untouched()


@pytest.mark.slow
@pytest.mark.parametrize("scene", [pytest.param(name, marks=marks(name)) for name in BACKENDS], indirect=True)
def test_backend_says_what_was_attacked(scene: Scene) -> None:
    assert scene.sandbox.guarantees == scene.backend.guarantees


def test_every_guarantee_is_attacked() -> None:
    """But one: what is left after `close` shows after it, in other tests."""
    assert len(ATTACKS) == len({attack.name for attack in ATTACKS})
    assert {attack.against for attack in ATTACKS} == set(Guarantee) - {Guarantee.CLEANUP}


def test_page_shows_these_attacks() -> None:
    """`make attacks` renews it."""
    assert attack_table() in PAGE.read_text(encoding="utf-8")
