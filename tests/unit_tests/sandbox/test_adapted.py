"""The adapter for sandboxes of other services: real ones, ones that fail, and tools that resist."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import SandboxClosedError, SandboxError
from langchain_latm.sandbox import ExecutionResult, FailureKind, Limits, ToolSource
from langchain_latm.sandbox.adapted import AdaptedSandbox
from langchain_latm.sandbox.base import UNTRUSTED, Guarantee
from langchain_latm.sandbox.remote import folder as remote_folder

if os.name != "posix":
    pytest.skip("the other end needs a POSIX shell", allow_module_level=True)

pytestmark = pytest.mark.slow  # each call starts a Python
DOUBLE = ToolSource(source="def f(n: int) -> int:\n    print('n', n)\n    return 2 * n\n", entry="f")
SHORT = Limits(wall_seconds=0.5)
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


@dataclass
class Answered:
    output: str
    exit_code: int | None = 0
    truncated: bool = False


@dataclass
class Transferred:
    error: str | None = None
    content: bytes | None = None


@dataclass
class Shell:
    """A sandbox without a wall: commands run in a shell of this machine."""

    commands: list[str] = field(default_factory=list)

    def execute(self, command: str, *, timeout: int | None = None) -> Answered:
        self.commands.append(command)
        try:
            done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=timeout)
        except subprocess.TimeoutExpired:
            return Answered("Error: Command timed out", 124)
        return Answered((done.stdout + done.stderr).decode(), done.returncode)

    def upload_files(self, files: list[tuple[str, bytes]]) -> Sequence[Transferred]:
        for path, content in files:
            Path(path).write_bytes(content)
        return [Transferred() for _ in files]

    def download_files(self, paths: list[str]) -> Sequence[Transferred]:
        return [Transferred(content=Path(path).read_bytes()) for path in paths]


class OldShell:
    """One of an older package: no timeout, no downloads, no exit code, and text around the output."""

    def __init__(self) -> None:
        self._shell = Shell()

    def execute(self, command: str) -> Answered:
        return Answered(f"Welcome!\n[1mmotd\n{self._shell.execute(command).output}\n[stderr] bye\n", None)

    def upload_files(self, files: list[tuple[str, bytes]]) -> Sequence[Transferred]:
        return self._shell.upload_files(files)


Start = Callable[..., AdaptedSandbox]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Adapt a shell of this machine that has its private folder in the test's own; nothing may be left."""
    begun: list[AdaptedSandbox] = []

    def adapt(backend: Any = None, **options: Any) -> AdaptedSandbox:
        options = {"python": sys.executable, "folder": str(tmp_path)} | options
        begun.append(AdaptedSandbox(backend or Shell(), **options))
        return begun[-1]

    yield adapt
    for sandbox in begun:
        sandbox.close()
    assert not list(tmp_path.iterdir())


def tool(body: str) -> ToolSource:
    return ToolSource(source=f"import os, signal, sys, time\ndef f(n: int = 1):\n    {body}", entry="f")


def kind_of(result: ExecutionResult) -> FailureKind | None:
    return result.failure.kind if result.failure else None


def left_in(folder: Path) -> list[str]:
    """The files of the private folder."""
    return [path.name for path in folder.glob("latm-*/*")]


def gone(token: str) -> bool:
    """Whether no process with this text in its command line is left, after waiting for its end."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        if not any(token.encode() in line for line in lines):
            return True
        time.sleep(0.02)
    return False


def check_all(sandbox: AdaptedSandbox) -> None:
    """The answers are the same for all backends."""
    result = sandbox.call(DOUBLE, {"n": 21})
    assert (result.value, result.stdout, result.failure) == (42, "n 21\n", None)
    assert result.seconds > 0
    assert sandbox.check(DOUBLE).value["parameters"]["required"] == ["n"]
    assert sandbox.call(tool("return 'ä' * 100_000"), {}).value == "ä" * 100_000
    results = sandbox.batch(DOUBLE, [{"n": 1}, {"n": "x"}, {"n": {1}}, {"n": 2}])
    assert [each.value for each in results] == [2, None, None, 4]
    assert kind_of(results[1]) is kind_of(results[2]) is FailureKind.ARGUMENTS


def test_with_a_backend_of_deepagents(start: Start, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    if importlib.util.find_spec("deepagents") is None:
        pytest.skip("needs deepagents")
    from deepagents.backends import LocalShellBackend  # noqa: PLC0415 - where it is installed

    check_all(start(LocalShellBackend(root_dir=tmp_path, virtual_mode=False)))
    root = tmp_path_factory.mktemp("root")
    with pytest.raises(SandboxError, match="differ"):  # files go below the root, commands do not
        start(LocalShellBackend(root_dir=root, virtual_mode=True)).call(DOUBLE, {"n": 1})


def test_with_a_backend_that_has_the_least(start: Start) -> None:
    check_all(start(OldShell()))


def test_a_batch_pays_few_round_trips(start: Start, tmp_path: Path) -> None:
    shell = Shell()
    sandbox = start(shell)
    sandbox.call(DOUBLE, {"n": 0})
    before = len(shell.commands)
    results = sandbox.batch(DOUBLE, [{"n": n} for n in range(60)])
    assert [each.value for each in results] == [2 * n for n in range(60)]
    assert len(shell.commands) - before == 2
    assert sandbox.batch(DOUBLE, []) == []
    large = sandbox.batch(DOUBLE, [{"n": 1}] * 2, limits=Limits(input_bytes=10))
    assert [kind_of(each) for each in large] == [FailureKind.INPUT] * 2
    assert left_in(tmp_path) == ["runner.py"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("os._exit(3)", FailureKind.CRASH),
        ("os.kill(os.getpid(), signal.SIGSEGV)", FailureKind.CRASH),
        ("os.write(3, b'nonsense\\n'); time.sleep(9)", FailureKind.PROTOCOL),
        ("os.write(3, b'x' * 3_000_000); time.sleep(9)", FailureKind.PROTOCOL),
        ("os.kill(os.getppid(), signal.SIGKILL); time.sleep(9)", FailureKind.PROTOCOL),
    ],
)
def test_failures(start: Start, tmp_path: Path, body: str, kind: FailureKind) -> None:
    sandbox = start()
    assert kind_of(sandbox.call(tool(body), {})) is kind
    assert left_in(tmp_path) == ["runner.py"]


SLEEP = "os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', '{token}'])"


@linux
@pytest.mark.parametrize(
    "body",
    [
        SLEEP,
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP,
        "os.fork(); " + SLEEP,
        "os.fork() or (os.setsid(), {sleep}); time.sleep(9)",
        "os.fork() or (os.setsid(), os.fork() and os._exit(0), {sleep}); time.sleep(9)",
        "os.fork() or (os.setsid(), os.fork() and os._exit(0), {sleep}); time.sleep(0.2); return 5",
    ],
    ids=["sleeps", "ignores signals", "forks", "starts a session", "is a daemon", "leaves a daemon"],
)
def test_nothing_is_left_after_a_call(start: Start, tmp_path: Path, body: str) -> None:
    token = f"latm-test-{os.urandom(8).hex()}"
    sandbox = start()
    source = tool("open('left', 'w').close(); " + body.format(token=token, sleep=SLEEP.format(token=token)))
    result = sandbox.call(source, {}, limits=SHORT)
    assert result.value == 5 if "return" in body else kind_of(result) is FailureKind.WALL
    assert result.seconds < 30
    assert gone(token)
    assert left_in(tmp_path) == ["runner.py"]
    assert sandbox.call(DOUBLE, {"n": 1}).value == 2


@linux
def test_a_tool_that_stops_its_supervisor(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own timeout ends the call, and the adapter what the command started."""
    monkeypatch.setattr(remote_folder, "MARGIN", 1)
    token = f"latm-test-{os.urandom(8).hex()}"
    sandbox = start()
    stops = tool("os.kill(os.getppid(), signal.SIGSTOP); " + SLEEP.format(token=token))
    assert kind_of(sandbox.call(stops, {}, limits=SHORT)) is FailureKind.WALL
    assert gone(token)
    assert left_in(tmp_path) == ["runner.py"]


def test_one_set_cannot_take_the_others_with_it(start: Start) -> None:
    kills = tool("if n == 2: os.kill(os.getppid(), signal.SIGKILL); time.sleep(9)\n    return n")
    results = start().batch(kills, [{"n": n} for n in (1, 2, 3)])
    assert [each.value for each in results] == [1, None, 3]
    assert kind_of(results[1]) is FailureKind.PROTOCOL


SEARCH = """
import gc, glob, re
def f():
    texts = [x for each in gc.get_objects() if isinstance(each, (dict, list, tuple)) for x in
             (each.values() if isinstance(each, dict) else each) if isinstance(x, (str, bytes))]
    marks = {str(x) for x in texts if re.fullmatch("[0-9a-f]{24}|[0-9a-f]{48}", str(x)) and x not in names}
    return [len(marks), glob.glob("../*.json")]
import sys
names = {sys.argv[1]}
"""


def test_a_tool_finds_neither_the_marks_nor_the_request(start: Start) -> None:
    assert start().call(ToolSource(source=SEARCH, entry="f"), {}).value == [0, []]


def test_an_answer_that_is_made_up(start: Start) -> None:
    """Any text between the marks is malformed or an answer."""

    class Liar(Shell):
        def __init__(self, lie: str) -> None:
            super().__init__()
            self.lie = lie

        def execute(self, command: str, *, timeout: int | None = None) -> Answered:
            if "exec" not in command:
                return super().execute(command, timeout=timeout)
            name = command.rsplit(maxsplit=1)[-1]
            folder = command.split()[1]
            marks = Path(folder, f"{name}.json").read_text()[:48]
            return Answered(f"{marks[:24]}{self.lie}{marks[24:]}")

    for lie in (
        "",
        "[",
        "7",
        "{}",
        "[[]]",
        "[1]",
        '["source", "x"]',
        '["wall", 1]',
        '"7"',
        '"=7"\n"=8"',
        '"=7\\n=8"',
        "[1, 2]",
        "[" * 99999,
        "ä",
    ):
        sandbox = start(Liar(lie))
        if lie == "7":  # there is no such file
            with pytest.raises(SandboxError, match="gave no file"):
                sandbox.call(DOUBLE, {"n": 1})
        else:
            assert kind_of(sandbox.call(DOUBLE, {"n": 1})) is FailureKind.PROTOCOL
    honest = '"=7"'
    assert start(Liar(honest)).call(DOUBLE, {"n": 1}).value == 7


def test_an_answer_that_was_cut_off(start: Start) -> None:
    class Short(OldShell):
        def execute(self, command: str) -> Answered:
            whole = super().execute(command)
            return Answered(whole.output[:200], None, len(whole.output) > 200)

    assert kind_of(start(Short()).call(tool("return 'x' * 1000"), {})) is FailureKind.OUTPUT


def test_machinery_that_fails(start: Start, tmp_path: Path) -> None:
    class Refuses(Shell):
        def upload_files(self, files: list[tuple[str, bytes]]) -> Sequence[Transferred]:
            return [Transferred("permission_denied") for _ in files]

    class Raises(Shell):
        def upload_files(self, files: list[tuple[str, bytes]]) -> Sequence[Transferred]:
            raise ConnectionError(f"no way for {len(files)}")

    with pytest.raises(SandboxError, match="permission_denied"):
        start(Refuses()).call(DOUBLE, {"n": 1})
    with pytest.raises(SandboxError, match="ConnectionError: no way for 1"):
        start(Raises()).call(DOUBLE, {"n": 1})
    with pytest.raises(SandboxError, match=r"not found.*as `python`"):
        start(python="no-such-python").call(DOUBLE, {"n": 1})
    with pytest.raises(SandboxError, match=r"no folder.*as `folder`"):
        start(folder=f"{tmp_path}/no such 'folder'").call(DOUBLE, {"n": 1})


def test_a_command_that_fails_on_the_way(start: Start, tmp_path: Path) -> None:
    class HangsUp(Shell):
        gone = False

        def execute(self, command: str, *, timeout: int | None = None) -> Answered:
            if self.gone:
                raise ConnectionError("the sandbox is gone")
            if "exec" in command:
                super().execute(f"({command}) >/dev/null 2>&1 & sleep 0.3", timeout=timeout)
                raise TimeoutError("read timed out")
            return super().execute(command, timeout=timeout)

    shell = HangsUp()
    sandbox = start(shell)
    token = f"latm-test-{os.urandom(8).hex()}"
    with pytest.raises(SandboxError, match="TimeoutError: read timed out"):
        sandbox.call(tool(SLEEP.format(token=token)), {}, limits=Limits(wall_seconds=30))
    assert left_in(tmp_path) == ["runner.py"]
    if sys.platform.startswith("linux"):
        assert gone(token)
    shell.gone = True
    with pytest.raises(SandboxError, match="gone"):
        sandbox.call(DOUBLE, {"n": 1})
    sandbox.close()  # a sandbox that is gone is closed in silence
    shell.gone = False
    sandbox._folder.remove()


def test_a_sandbox_that_was_replaced(start: Start) -> None:
    sandbox = start()
    assert sandbox.call(DOUBLE, {"n": 1}).ok
    Path(sandbox._folder.path, "runner.py").unlink()
    with pytest.raises(SandboxError, match="replaced"):
        sandbox.call(DOUBLE, {"n": 1})


def test_closing_ends_what_runs(start: Start, tmp_path: Path) -> None:
    sandbox = start()
    sandbox.call(DOUBLE, {"n": 1})
    caught: list[BaseException] = []

    def call() -> None:
        try:
            sandbox.call(tool("time.sleep(90)"), {}, limits=Limits(wall_seconds=90))
        except SandboxError as error:
            caught.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    until = time.monotonic() + 20
    while not any(path.stat().st_size for path in tmp_path.glob("latm-*/*.pid")) and time.monotonic() < until:
        time.sleep(0.01)
    sandbox.close()
    thread.join(20)
    assert [type(error) for error in caught] == [SandboxClosedError]
    assert not list(tmp_path.iterdir())
    with pytest.raises(SandboxClosedError, match="closed"):
        sandbox.call(DOUBLE, {"n": 1})


def test_closing_before_the_first_call_runs_nothing(start: Start) -> None:
    shell = Shell()
    start(shell).close()
    assert shell.commands == []


def test_guarantees(start: Start) -> None:
    assert start().guarantees == {Guarantee.HOST, Guarantee.OUTPUT}
    assert start(guarantees=UNTRUSTED).guarantees == UNTRUSTED


def test_hash_seed_decides_the_order_of_sets(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of the other sandbox do not."""
    source = "import os, sys\ndef f() -> list:\n    return [hash('latm'), sys.path, os.environ.get('PYTHONPATH')]"

    def answers() -> list[Any]:
        sandbox = start()
        return [sandbox.call(ToolSource(source=source, entry="f", hash_seed=seed), {}).value for seed in (0, 1, 0)]

    plain = answers()
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    assert answers() == plain
    assert plain[0] == plain[2] != plain[1]
