"""The process sandbox: the life and death of its processes."""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import SandboxClosedError, SandboxError
from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource, _wire
from langchain_latm.sandbox._backend import SandboxCall
from langchain_latm.sandbox._batch import Batch
from langchain_latm.sandbox._io import BLOCKING, IO, run_blocking
from langchain_latm.sandbox.process import child as child_module
from langchain_latm.sandbox.process.child import ChildLostError, ChildProcess

DOUBLE = ToolSource(source="def double(n: int) -> int:\n    return 2 * n\n", entry="double")
COUNTER = ToolSource(source="seen = []\ndef count() -> int:\n    seen.append(1)\n    return len(seen)", entry="count")
PID = ToolSource(source="import os\ndef pid() -> int:\n    return os.getpid()", entry="pid")

ORDER = "def f() -> list:\n    return [hash('latm'), list({'pear', 'fig', 'apple', 'kiwi', 'plum'})]"


def zygote_pid(sandbox: ProcessSandbox) -> int:
    assert sandbox._started is not None
    return sandbox._started.zygote.process.pid


def gone(pid: int) -> bool:
    """Whether a process ended; one that waits to be buried by its parent has ended too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def own() -> Iterator[ProcessSandbox]:
    """A sandbox that a test may break."""
    with ProcessSandbox() as sandbox:
        yield sandbox


@pytest.mark.slow
def test_cpu_time_of_earlier_calls_affects_no_later_call(own: ProcessSandbox) -> None:
    """A child is replaced between calls, before its time runs out in the middle of one."""
    tool = ToolSource(
        source="import time\ndef burn() -> bool:\n    end = time.process_time() + 0.4\n"
        "    while time.process_time() < end: pass\n    return True",
        entry="burn",
    )
    limits = Limits(cpu_seconds=1, wall_seconds=30)
    assert [own.call(tool, {}, limits=limits).ok for _ in range(3)] == [True] * 3


@pytest.mark.slow
def test_memory_is_given_back(own: ProcessSandbox) -> None:
    """A child that reached its memory limit is replaced, since its memory may still be full."""
    tool = ToolSource(
        source="kept = []\ndef f(n: int) -> int:\n    kept.append(bytearray(n))\n    return len(kept)", entry="f"
    )
    limits = Limits(memory_bytes=64 << 20)
    assert own.call(tool, {"n": 50 << 20}, limits=limits).ok
    failure = own.call(tool, {"n": 50 << 20}, limits=limits).failure
    assert failure is not None
    assert failure.kind is FailureKind.MEMORY
    assert own.call(tool, {"n": 50 << 20}, limits=limits).value == 1


def test_isolation_by_tool_keeps_state_within_a_tenant(own: ProcessSandbox) -> None:
    assert own.call(COUNTER, {}).value == 1
    assert own.call(COUNTER, {}).value == 2
    assert own.call(COUNTER, {}, tenant="other").value == 1
    assert own.call(ToolSource(source=COUNTER.source + "#", entry="count"), {}).value == 1


@pytest.mark.slow
def test_isolation_by_call_keeps_nothing() -> None:
    with ProcessSandbox(isolation="call") as sandbox:
        assert [sandbox.call(COUNTER, {}).value for _ in range(3)] == [1, 1, 1]
        assert [result.value for result in sandbox.batch(COUNTER, [{}, {}])] == [1, 1]
        pids = {sandbox.call(PID, {}).value for _ in range(3)}
        assert len(pids) == 3
        wait_until(lambda: all(map(gone, pids)))


def test_least_recently_used_child_is_ended() -> None:
    tools = [ToolSource(source=PID.source + "#" * n, entry="pid") for n in range(3)]
    with ProcessSandbox(max_children=2) as sandbox:
        first, second = (sandbox.call(tool, {}).value for tool in tools[:2])
        assert sandbox.call(tools[0], {}).value == first
        third = sandbox.call(tools[2], {}).value
        wait_until(lambda: gone(second))
        assert not gone(first)
        assert sandbox.call(tools[2], {}).value == third


def test_killed_child_loses_no_call(own: ProcessSandbox) -> None:
    pid = own.call(PID, {}).value
    os.kill(pid, signal.SIGKILL)
    other = own.call(PID, {})
    assert other.ok
    assert other.value != pid


@pytest.mark.slow
def test_killed_zygote_is_replaced(own: ProcessSandbox) -> None:
    child, zygote = own.call(PID, {}).value, zygote_pid(own)
    os.kill(zygote, signal.SIGKILL)
    assert own.call(DOUBLE, {"n": 21}).value == 42
    assert zygote_pid(own) != zygote
    wait_until(lambda: gone(child))


def test_zygote_that_cannot_be_replaced(own: ProcessSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    os.kill(zygote_pid(own), signal.SIGKILL)
    with pytest.raises(SandboxError, match="cannot start"):
        own.call(DOUBLE, {"n": 1})


async def test_use_after_close() -> None:
    sandbox = ProcessSandbox()
    child, zygote = sandbox.call(PID, {}).value, zygote_pid(sandbox)
    sandbox.close()
    sandbox.close()
    wait_until(lambda: gone(child) and gone(zygote))
    for use in (
        lambda: sandbox.call(DOUBLE, {"n": 1}),
        lambda: sandbox.check(DOUBLE),
        lambda: sandbox.batch(DOUBLE, []),
    ):
        with pytest.raises(SandboxClosedError):
            use()
    with pytest.raises(SandboxClosedError):
        await sandbox.acall(DOUBLE, {"n": 1})


def test_collected_sandbox_leaves_no_process() -> None:
    sandbox = ProcessSandbox()
    zygote = zygote_pid(sandbox)
    del sandbox
    wait_until(lambda: gone(zygote))


SCRIPT = """
import os, sys, threading, time
from langchain_latm.sandbox import Limits, ProcessSandbox, ToolSource
sandbox = ProcessSandbox()
pid = sandbox.call(ToolSource(source="import os\\ndef pid() -> int:\\n    return os.getpid()", entry="pid"), {}).value
spin = ToolSource(source="def f():\\n    while True: pass", entry="f")
thread = threading.Thread(target=sandbox.call, args=(spin, {}), kwargs={"limits": Limits(wall_seconds=60)}, daemon=True)
thread.start()
zygote = sandbox._started.zygote.process.pid
for _ in range(6_000):
    with open(f"/proc/{zygote}/task/{zygote}/children") as children:
        if len(children.read().split()) == 2:
            break
    time.sleep(0.01)
fork = 0
if sys.argv[1] == "wait":
    fork = os.fork()
    if fork == 0:
        time.sleep(600)  # holds copies of what the host had open
        os._exit(0)
print(pid, zygote, fork, flush=True)
if fork:
    time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.parametrize("end", ["exit", "wait"])
def test_nothing_is_left_when_the_host_ends(end: str) -> None:
    """At a normal exit, and after SIGKILL while a tool spins and a forked process lives on."""
    host = subprocess.Popen([sys.executable, "-c", SCRIPT, end], stdout=subprocess.PIPE, text=True)
    assert host.stdout is not None
    *pids, fork = (int(pid) for pid in host.stdout.readline().split())
    assert len(pids) == 2
    spinning: list[int] = []
    if end == "wait":  # otherwise all may have ended by now
        spinning = [int(pid) for pid in Path(f"/proc/{pids[1]}/task/{pids[1]}/children").read_text().split()]
        assert len(spinning) == 2
        host.send_signal(signal.SIGKILL)
    host.wait()
    host.stdout.close()
    try:
        wait_until(lambda: all(map(gone, [*pids, *spinning])))
    finally:
        if fork:
            os.kill(fork, signal.SIGKILL)


def _use_in_forked_process(sandbox: ProcessSandbox, results: Any) -> None:
    results.put((sandbox.call(DOUBLE, {"n": 4}).value, sandbox.call(PID, {}).value, zygote_pid(sandbox)))
    sandbox.close()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_host_starts_its_own(own: ProcessSandbox) -> None:
    parents = own.call(PID, {}).value
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    process = context.Process(target=_use_in_forked_process, args=(own, results))
    process.start()
    value, pid, zygote = results.get()
    process.join()
    assert value == 8
    assert pid != parents
    assert zygote != zygote_pid(own)
    wait_until(lambda: gone(pid) and gone(zygote))
    assert own.call(PID, {}).value == parents


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
def test_no_descriptor_is_left(own: ProcessSandbox) -> None:
    own.call(DOUBLE, {"n": 1})
    before = descriptors()
    for index in range(40):
        own.call(ToolSource(source=f"import os\ndef f():\n    os._exit({index})", entry="f"), {})
    assert descriptors() == before


@pytest.mark.slow
def test_an_event_loop_that_ended_leaves_nothing(own: ProcessSandbox) -> None:
    """Its timers are still minutes from ringing when it ends."""
    limits = Limits(wall_seconds=600)
    asyncio.run(own.acall(DOUBLE, {"n": 1}, limits=limits))
    gc.collect()
    before = descriptors()
    for _ in range(20):
        assert asyncio.run(own.acall(DOUBLE, {"n": 1}, limits=limits)).value == 2
    gc.collect()
    assert descriptors() == before


ELSEWHERE = """
import errno, json, os, seccompy, sys
from langchain_latm.sandbox import Guarantee, ProcessSandbox, ToolSource
nobody, *refused = sys.argv[1:]
filter = seccompy.Filter()
for name in refused:
    filter.errno(name, errno.EPERM)
filter.load()
if nobody == "nobody":
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with ProcessSandbox() as sandbox:
    value = sandbox.call(ToolSource(source="def f(n: int):\\n    return n", entry="f"), {"n": 5}).value
    print(json.dumps([value, os.getuid(), sorted(sandbox._started.zygote.layers)]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    ("user", "refused", "missing"),
    [
        ("nobody", [], set()),
        ("nobody", ["unshare", "landlock_create_ruleset"], {"namespaces", "landlock"}),
        ("root", ["unshare"], {"namespaces"}),
        ("root", ["landlock_create_ruleset"], {"landlock"}),
        ("root", ["unshare", "landlock_create_ruleset"], {"namespaces", "landlock"}),
    ],
)
def test_other_users_and_kernels_that_have_less(user: str, refused: list[str], missing: set[str]) -> None:
    """The optional layers may be missing; the self-test must pass all the same, for whatever user."""
    python = sys.executable
    if not readable_to_all(Path(python).resolve()):
        python = next((path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if same_python(path)), "")
    if not python:
        pytest.skip("every interpreter of this version is in root's own folder")
    ended = subprocess.run(
        [python, "-c", ELSEWHERE, user, *refused],
        env={"PYTHONPATH": os.pathsep.join([str(Path.cwd()), *(path for path in sys.path if "packages" in path)])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    value, uid, layers = json.loads(ended.stdout)
    assert (value, uid) == (5, 65534 if user == "nobody" else 0)
    assert not missing & set(layers)


def readable_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def same_python(path: str) -> bool:
    """Whether there is an interpreter that can use the libraries of this one."""
    try:
        told = subprocess.run(
            [path, "-c", "import sys; print(sys.version_info[:2])"], check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return told.stdout.strip() == str(sys.version_info[:2])


def order(sandbox: ProcessSandbox, seed: int = 0) -> object:
    return sandbox.call(ToolSource(source=ORDER, entry="f", hash_seed=seed), {}).value


@pytest.mark.slow
def test_hash_seed_decides_the_order_of_sets(own: ProcessSandbox) -> None:
    """Two sandboxes agree, without a seed and with one; their processes end together."""
    orders = [order(own, seed) for seed in range(4)]
    pids = [zygote_pid(own), *(zygote_pid(other) for other in own._others.values())]
    with ProcessSandbox() as another:
        assert [order(another, seed) for seed in range(4)] == orders
    assert len({str(each) for each in orders}) == 4
    assert len(pids) == 4
    own.close()
    wait_until(lambda: all(map(gone, pids)))
    with pytest.raises(SandboxClosedError):
        order(own, 1)


@pytest.mark.slow
def test_hash_seed_holds_in_a_batch_and_in_a_task(own: ProcessSandbox) -> None:
    tool = ToolSource(source=ORDER, entry="f", hash_seed=1)
    alone = order(own, 1)
    assert [result.value for result in own.batch(tool, [{}, {}])] == [alone, alone]
    assert asyncio.run(own.acall(tool, {})).value == alone
    assert [result.value for result in asyncio.run(own.abatch(tool, [{}]))] == [alone]


@pytest.mark.slow
def test_locale_and_paths_of_the_host_reach_no_tool(own: ProcessSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter reads one variable, its own; none of the host's."""
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    with ProcessSandbox() as later:
        assert order(later) == order(own)
        tool = ToolSource(source="import os, sys\ndef f() -> list:\n    return [dict(os.environ), sys.path]", entry="f")
        assert later.call(tool, {}).value == own.call(tool, {}).value


DYING = ToolSource(
    source="import os, time\nSEEN = []\ndef f(x: int, nap: float = 0.0) -> int:\n    SEEN.append(1)\n"
    "    time.sleep(nap)\n    if nap and len(SEEN) > 1: os._exit(1)\n    return len(SEEN)",
    entry="f",
)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["call", "batch"])
def test_a_call_is_repeated_once_and_within_its_time(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four used children that die, one after the other, just before the limit."""
    with ProcessSandbox(children_per_tool=4, limits=Limits(wall_seconds=5)) as own, ThreadPoolExecutor(4) as threads:
        wait = {"x": 1, "nap": 0.2}
        assert all(result.ok for result in threads.map(lambda _: own.call(DYING, wait), range(4)))
        asked: list[float] = []
        compose = ChildProcess._compose

        def watched(child: ChildProcess, io: IO, word: int, body: str, *times: float) -> Any:
            asked.append(times[1])
            return compose(child, io, word, body, *times)

        monkeypatch.setattr(ChildProcess, "_compose", watched)
        wait = {"x": 1, "nap": 3.5}
        (result,) = [own.call(DYING, wait)] if way == "call" else own.batch(DYING, [wait])
        assert result.failure is not None
        assert result.failure.kind in (FailureKind.WALL, FailureKind.CRASH)
        assert len(asked) == 2
        if way == "call":  # what is left is the rest of five seconds
            assert 3.5 <= asked[1] < 5


@pytest.mark.slow
def test_idle_child_that_computes_is_ended(own: ProcessSandbox) -> None:
    """It answers, and goes on; an honest one beside it lives on, however much its calls computed."""
    burn = ToolSource(source=f"{BURN}def f() -> int:\n    spin(0.3)\n    return 1", entry="f")
    early = ToolSource(source=f"{BURN}def f() -> int:\n    send(b'=5')\n    spin(600)", entry="f")
    assert own.call(burn, {}).value == 1
    honest = set(children(own))
    assert own.call(early, {}).value == 5
    assert len(set(children(own)) - honest) == 1
    wait_until(lambda: set(children(own)) == honest)
    assert own.call(burn, {}).value == 1


BURN = """
import os, struct, time
def send(body):
    os.write(3, struct.pack('<IIB', len(body), 1, 16) + body)
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""


def children(sandbox: ProcessSandbox) -> list[int]:
    zygote = zygote_pid(sandbox)
    return [int(pid) for pid in Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()]


def test_tool_cannot_tell_the_meter_that_it_is_busy(own: ProcessSandbox) -> None:
    """The memory in which the host says so is no part of a child."""
    source = """
def f() -> list:
    import gc
    return [type(x).__name__ for x in gc.get_objects() if type(x).__name__ in ("mmap", "memoryview")]
"""
    assert own.call(ToolSource(source=source, entry="f"), {}).value == []


PENDING = "Task was destroyed but it is pending!"
"""asyncio's message about each task that is left when a loop is closed; the caller has to end them."""


def loop_that_ends() -> tuple[asyncio.AbstractEventLoop, list[str]]:
    """A new event loop, and its messages about left tasks, which would otherwise be logged."""
    loop, told = asyncio.new_event_loop(), list[str]()
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    return loop, told


@pytest.mark.slow
@pytest.mark.parametrize("end", ["closed", "collected", "left alone"])
def test_event_loop_that_ends_in_the_middle_of_calls_loses_no_place(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that has the only child, and one that waits for it, in a loop that does not go on."""
    monkeypatch.setattr(child_module, "_GRACE_SECONDS", 0.1)
    sleep = ToolSource(source="import time\ndef f(): time.sleep(60)", entry="f")
    with ProcessSandbox(max_children=1) as single:
        loop, told = loop_that_ends()
        limits = Limits(wall_seconds=0.3 if end == "left alone" else 60)
        tasks = [loop.create_task(single.acall(sleep, {}, limits=limits)) for _ in range(2)]
        loop.run_until_complete(asyncio.sleep(0.05))
        if end != "left alone":
            loop.close()
        if end == "collected":
            del loop
            tasks.clear()
            gc.collect()
        assert single.call(DOUBLE, {"n": 21}).value == 42
        assert asyncio.run(single.acall(DOUBLE, {"n": 21})).value == 42
        if end == "left alone":
            loop.run_until_complete(asyncio.wait(tasks))
            failures = [task.result().failure for task in tasks]
            assert [failure and failure.kind for failure in failures] == [FailureKind.WALL] * 2
            loop.close()
        tasks.clear()
        gc.collect()
        assert told == ([] if end == "left alone" else [PENDING] * 2)


def test_child_that_is_handed_to_a_loop_that_closes_is_not_lost() -> None:
    """It arrives in the moment in which the loop ends: the task never takes it."""
    with ProcessSandbox(max_children=1) as single:
        loop, told = loop_that_ends()
        pool = single._started
        assert pool is not None
        key = single._key(SandboxCall(DOUBLE, "", Limits(), 0, ""))
        child = pool.lend(BLOCKING, key)
        assert isinstance(child, ChildProcess)
        waiting = loop.create_task(single.acall(DOUBLE, {"n": 1}))
        loop.run_until_complete(asyncio.sleep(0))
        pool.give_back(child)  # for the loop, which has stopped
        loop.close()
        assert single.call(DOUBLE, {"n": 21}).value == 42
        assert not waiting.done()
        del waiting
        gc.collect()
        assert told == [PENDING]


def test_child_that_leaves_no_room_for_its_end_does_not_pass_for_a_lost_zygote(own: ProcessSandbox) -> None:
    """Otherwise a tool could have the zygote replaced, and the children of all other tools with it."""
    assert own.call(DOUBLE, {"n": 1}).ok
    pool = own._started
    assert pool is not None
    child = pool.lend(BLOCKING, own._key(SandboxCall(DOUBLE, "", Limits(), 0, "")))
    assert isinstance(child, ChildProcess)
    mine, theirs = socket.socketpair()
    assert child._sock is not None
    child._sock.close()
    child._sock = mine
    batch = Batch([{"n": 1}] * 3, 1_000, group_sets=3, group_bytes=1_000)
    assert len(batch.group) == 3
    theirs.sendall(_wire.frame(child._number + 1, _wire.PART, "=2\n=2"))
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ChildLostError):
        run_blocking(child.ask_many(BLOCKING, batch, 5))
    theirs.close()
    child.usable = False
    pool.give_back(child)
