"""The WASM backend: its machinery, its limits, and attacks."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import SandboxClosedError, SandboxUnavailableError
from langchain_latm.sandbox import ExecutionResult, FailureKind, Limits, ToolSource
from langchain_latm.sandbox.base import UNTRUSTED, Guarantee
from langchain_latm.sandbox.wasm import WasmSandbox
from langchain_latm.sandbox.wasm import sandbox as wasm_module

if sys.version_info < (3, 12) or importlib.util.find_spec("eryx") is None:
    pytest.skip("the WASM sandbox needs Python 3.12 and pyeryx (extra `wasm`)", allow_module_level=True)

pytestmark = pytest.mark.slow  # a worker takes half a second to start
Run = Callable[..., ExecutionResult]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")
FORGE = "from langchain_latm.sandbox._inside.answers import Answers\ndef f():\n    Answers.answer = "
DOUBLE = ToolSource(source="def f(n: int) -> int:\n    print('n', n)\n    return 2 * n\n", entry="f")


@pytest.fixture(scope="module")
def wasm() -> Iterator[WasmSandbox]:
    with WasmSandbox(workers=1) as sandbox:
        yield sandbox


@pytest.fixture
def run(wasm: WasmSandbox) -> Run:
    def call(body: str, limits: Limits | None = None, **arguments: Any) -> ExecutionResult:
        head = f"from typing import Any\ndef f({', '.join(f'{name}: Any' for name in arguments)}):\n"
        source = head + textwrap.indent(textwrap.dedent(body), "    ")
        return wasm.call(ToolSource(source=source, entry="f"), arguments, limits=limits)

    return call


def kind_of(result: ExecutionResult) -> FailureKind | None:
    return result.failure.kind if result.failure else None


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sandbox makes its folder: in the common one others may come and go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def only_worker(sandbox: WasmSandbox) -> Any:
    assert sandbox._started is not None
    (worker,) = sandbox._started._all
    return worker._process


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\ndef f(): os._exit(7)", "exit"),
        ("import os\ndef f(): os.abort()", "unreachable"),
        ("import ast\ndef f(): ast.literal_eval('-' * 10**6 + '1')", "process ended"),
    ],
)
def test_a_crash_says_what_ended(wasm: WasmSandbox, source: str, words: str) -> None:
    failure = wasm.call(ToolSource(source=source, entry="f"), {}).failure
    assert failure is not None
    assert failure.kind is FailureKind.CRASH
    assert words in failure.message
    assert wasm.call(DOUBLE, {"n": 1}).value == 2


def test_cpu_limit_counts_no_sleep(run: Run) -> None:
    limits = Limits(cpu_seconds=1, wall_seconds=20)
    assert run("import time; time.sleep(1.1); return 1", limits=limits).value == 1
    assert kind_of(run("while True: pass", limits=limits)) is FailureKind.CPU


@linux
def test_files_in_memory_do_not_fill_the_process(run: Run) -> None:
    body = "n = 0\nwhile True:\n    n += 1\n    open(f'/data/{n:04000}', 'w').close()"
    limits = Limits(memory_bytes=1 << 20, output_bytes=1_000, stdout_bytes=1_000, wall_seconds=20)
    assert kind_of(run(body, limits=limits)) is FailureKind.MEMORY


@pytest.mark.parametrize(
    "body",
    [
        "return open(path).read()",
        "return open('/etc/passwd').read()",
        "import os; return os.listdir(os.path.dirname(path))",
        "import os; return os.listdir('/')",
        "open('/python-stdlib/os.py', 'a').write('evil')",
        "import os; os.remove('/python-stdlib/os.py')",
        "import os; os.symlink('/etc', '/data/etc'); return os.listdir('/data/etc')",
        "return open('/python-stdlib/../../../../../../etc/passwd').read()",
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import socket; socket.socket().bind(('127.0.0.1', 0))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import os; os.kill(1, 0)",
        "import threading; threading.Thread(target=print).start()",
        "import ctypes; ctypes.CDLL(None)",
        "import mmap; mmap.mmap(-1, 4096)",
    ],
)
def test_out_of_reach(run: Run, body: str) -> None:
    limits = Limits(wall_seconds=20)  # urllib takes seconds to load on a busy machine
    assert kind_of(run(f"path\n{body}", limits=limits, path=__file__)) is FailureKind.EXCEPTION


def test_no_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s")
    assert run("import os, sys\nreturn [[k for k in os.environ if k[:6] != 'PYTHON'], sys.argv]").value == [[], [""]]


@pytest.mark.parametrize(
    "body",
    [
        "import os\nfor n in range(64):\n    try: os.write(n, b'\\x00' * 1000)\n    except OSError: pass",
        "import sys\nsys.__stdout__.write('x' * 100_000)\nsys.__stderr__.write('x' * 100_000)",
        "import sys\nsys._getframe(3).f_globals['latm_reply'] = [True, '[1,2,3]']",
    ],
)
def test_writing_past_the_answer_changes_nothing(run: Run, wasm: WasmSandbox, body: str) -> None:
    result = run(f"{body}\nreturn 5")
    assert (result.value, result.failure) == (5, None)
    assert wasm.call(DOUBLE, {"n": 1}).value == 2


@pytest.mark.parametrize("forged", ["None", "[True, 5]", '[False, \'["wall","m",null,""]\']'])
def test_forged_answers_are_nonsense_or_the_tools_own(wasm: WasmSandbox, forged: str) -> None:
    """It replaces the code that answers, inside its own interpreter."""
    source = f"{FORGE}lambda *_: {forged}\n    return 1"
    tool = ToolSource(source=source, entry="f")
    assert wasm.call(tool, {}).value == 1
    assert kind_of(wasm.call(tool, {})) in (FailureKind.PROTOCOL, FailureKind.CRASH)
    assert wasm.call(DOUBLE, {"n": 1}).value == 2


def test_a_forged_answer_cannot_be_longer_than_a_reply(wasm: WasmSandbox) -> None:
    source = (
        "from langchain_latm.sandbox._inside.answers import Answers\ndef f():\n    Answers.answer = "
        "lambda *_: [True, '[\"' + 'x' * 5_000_000 + '\",\"\"]']\n    return 1"
    )
    tool = ToolSource(source=source, entry="f")
    assert wasm.call(tool, {}).value == 1
    assert kind_of(wasm.call(tool, {})) is FailureKind.PROTOCOL


def test_memory_of_a_tool_is_its_tenants_own(wasm: WasmSandbox) -> None:
    tool = ToolSource(
        source="import builtins\nbuiltins.seen = []\ndef f(n: int) -> list:\n    builtins.seen.append(n)\n"
        "    return builtins.seen",
        entry="f",
    )
    assert wasm.call(tool, {"n": 1}, tenant="a").value == [1]
    assert wasm.call(tool, {"n": 2}, tenant="b").value == [2]
    assert wasm.call(tool, {"n": 3}, tenant="a").value == [1, 3]


def test_isolation_by_call_forgets(wasm: WasmSandbox) -> None:
    tool = ToolSource(source="seen = []\ndef f(n: int) -> list:\n    seen.append(n)\n    return seen", entry="f")
    with WasmSandbox(isolation="call", workers=1) as sandbox:
        assert [sandbox.call(tool, {"n": n}).value for n in range(3)] == [[0], [1], [2]]
        assert sandbox.guarantees >= UNTRUSTED | {Guarantee.CALLS} or sys.platform == "win32"
    assert Guarantee.CALLS not in wasm.guarantees


def test_many_tools_and_threads() -> None:
    tools = [ToolSource(source=f"def f(n: int) -> int:\n    return {k} * n", entry="f") for k in range(5)]
    with WasmSandbox(workers=2) as sandbox, ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(sandbox.call, tools[n % 5], {"n": n}) for n in range(20)]
        assert [future.result().value for future in futures] == [n % 5 * n for n in range(20)]
        assert sandbox._started is not None
        assert len(sandbox._started._all) <= 2


def test_a_dead_worker_is_replaced(wasm: WasmSandbox) -> None:
    assert wasm.call(DOUBLE, {"n": 1}).value == 2
    only_worker(wasm).kill()
    assert wasm.call(DOUBLE, {"n": 2}).value == 4


def test_close_ends_calls_and_leaves_nothing(own_folder: Path) -> None:
    sandbox = WasmSandbox(workers=1)
    process = only_worker(sandbox)
    spin = ToolSource(source="def f():\n    while True: pass", entry="f")
    closing = threading.Timer(0.3, sandbox.close)
    closing.start()
    with pytest.raises(SandboxClosedError):
        sandbox.call(spin, {}, limits=Limits(wall_seconds=20))
    closing.join()
    sandbox.close()
    assert process.poll() is not None
    assert not list(own_folder.iterdir())
    with pytest.raises(SandboxClosedError):
        sandbox.call(DOUBLE, {"n": 1})


@linux
def test_a_killed_host_leaves_nothing(own_folder: Path) -> None:
    script = (
        "from langchain_latm.sandbox.wasm import WasmSandbox; from langchain_latm.sandbox import Limits, ToolSource\n"
        "s = WasmSandbox(workers=1)\nprint(*[each._process.pid for each in s._started._all], flush=True)\n"
        "s.call(ToolSource(source='def f():\\n    while True: pass', entry='f'), {}, limits=Limits(wall_seconds=60))"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as host:
        assert host.stdout is not None
        worker = int(host.stdout.readline())
        time.sleep(0.3)
        host.kill()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and (Path(f"/proc/{worker}").exists() or list(own_folder.iterdir())):
        time.sleep(0.02)
    assert not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text().split()[2]
    assert not list(own_folder.iterdir())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_starts_its_own_workers(wasm: WasmSandbox) -> None:
    child = os.fork()
    if child == 0:
        try:
            value = wasm.call(DOUBLE, {"n": 4}).value
            wasm.close()
            os._exit(value)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 8
    assert wasm.call(DOUBLE, {"n": 1}).value == 2


@pytest.mark.parametrize("options", [{"isolation": "none"}, {"workers": 0}])
def test_bad_options(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"isolation|workers"):
        WasmSandbox(**options)


def test_unavailable_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SandboxUnavailableError, match=r"Python 3\.12.*langchain-latm\[wasm\]"):
        WasmSandbox()


def test_an_open_door_is_refused(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasm_module, "_PROBE", "def probe(files: list, memory: int):\n    return ['a socket']")
    with pytest.raises(SandboxUnavailableError, match=r"reached.*a socket"):
        WasmSandbox(workers=1)
    assert not list(own_folder.iterdir())


def test_a_worker_that_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "eryx.py").write_text("raise ImportError('no such machine')")
    monkeypatch.setattr(wasm_module, "_find_packages", lambda: tmp_path)
    with pytest.raises(SandboxUnavailableError, match="no such machine"):
        WasmSandbox()


@linux
def test_worker_knows_nothing_of_the_host(wasm: WasmSandbox) -> None:
    pid = only_worker(wasm).pid
    names = {line.partition("=")[0] for line in Path(f"/proc/{pid}/environ").read_text().split("\0") if line}
    assert names <= {"TMPDIR", "TMP", "TEMP"}
    assert os.getsid(pid) == pid
    assert wasm._started is not None
    assert wasm._started._folder.stat().st_mode & 0o777 == 0o700


def test_order_of_sets_is_always_the_same(wasm: WasmSandbox) -> None:
    """The seed is part of the interpreter's image: it cannot be chosen."""
    source = "def f() -> list:\n    return [hash('latm'), list({'pear', 'fig', 'apple'})]"
    first, second = (wasm.call(ToolSource(source=source, entry="f", hash_seed=seed), {}).value for seed in (0, 1))
    with WasmSandbox(workers=1) as another:
        assert another.call(ToolSource(source=source, entry="f"), {}).value == first == second
