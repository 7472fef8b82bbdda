"""Tools that try to break out. After each attempt an honest call must be right, in the same sandbox."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource

if TYPE_CHECKING:
    from collections.abc import Iterator

HONEST = ToolSource(
    source="import json\ndef add(a: int, b: int) -> str:\n    return json.dumps(sorted([a, b]) + [len('abc')])",
    entry="add",
)
SECRET = "the host's secret"
LIMITS = Limits(wall_seconds=0.3, memory_bytes=64 << 20, output_bytes=100_000, stdout_bytes=10_000)

HEADER = """
import os, struct
def send(body, number=1, word=16):
    os.write(3, struct.pack('<IIB', len(body), number, word) + body)
"""

# What the attack returns if it is refused. Everything else must be a failure.
REFUSED = "refused"

ATTEMPTS = {
    "open a file": "open('/etc/passwd').read()",
    "open by descriptor": "os.open('/etc/passwd', 0)",
    "write a file": "open('/tmp/left-behind', 'w').write('x')",
    "list a folder": "os.listdir('/')",
    "stat a path": "os.stat('/etc/passwd')",
    "read the environment of the host": "open('/proc/%d/environ' % os.getppid()).read()",
    "read its own memory": "open('/proc/self/mem', 'rb')",
    "execute": "os.execv('/bin/sh', ['sh', '-c', 'true'])",
    "start a shell": "os.system('true') == 0 or os.open('/', 0)",
    "fork": "os.fork()",
    "vfork and execute": "os.posix_spawn('/bin/true', ['true'], {})",
    "start a thread": "__import__('_thread').start_new_thread(print, ())",
    "kill its parent": "os.kill(os.getppid(), 9)",
    "kill everything": "os.kill(-1, 9)",
    "raise its limits": "__import__('resource').setrlimit(0, (100, 100))",
    "lower another's limits": "__import__('resource').prlimit(os.getppid(), 0, (1, 1))",
    "change its priority": "os.nice(-5)",
    "change its user": "os.setuid(0)",
    "make a pipe": "os.pipe()",
    "duplicate a descriptor": "os.dup2(3, 4)",
    "make a memory file": "os.memfd_create('x')",
    "use other descriptors": "[os.write(fd, b'x') for fd in (0, 1, 2, 4, 5, 6, 7, 8, 9)]",
    "load a library": "__import__('ctypes').CDLL(None)",
    "import the network": "__import__('socket').socket()",
    "import from the disk": "__import__('sqlite3')",
    "import what holds the lock": "__import__('langchain_latm.sandbox._wire')",
}


@pytest.fixture(scope="module")
def target() -> Iterator[ProcessSandbox]:
    """A sandbox of this file alone: what is broken here shows here."""
    os.environ["LATM_TEST_SECRET"] = SECRET
    with ProcessSandbox(limits=LIMITS) as sandbox:
        yield sandbox
    del os.environ["LATM_TEST_SECRET"]


@pytest.fixture(autouse=True)
def honest_call_is_right_afterwards(target: ProcessSandbox) -> Iterator[None]:
    yield
    result = target.call(HONEST, {"a": 5, "b": 2})
    assert result.value == "[2, 5, 3]", result.failure


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_out_of_reach(target: ProcessSandbox, attempt: str) -> None:
    source = f"import os\ndef f() -> str:\n    try:\n        {attempt}\n    except (OSError, ImportError, ValueError, RuntimeError):\n        return {REFUSED!r}\n    return 'worked'"  # noqa: E501 - one tool
    result = target.call(ToolSource(source=source, entry="f"), {})
    assert result.value == REFUSED, result
    assert not Path("/tmp/left-behind").exists()  # noqa: S108 - that it does not exist is the point


def test_environment_is_empty(target: ProcessSandbox) -> None:
    source = "import os, sys, gc\ndef f():\n    return [dict(os.environ), sys.argv, sys.path]"
    assert target.call(ToolSource(source=source, entry="f"), {}).value == [{"TZ": "UTC0"}, ["tool"], []]


def test_secrets_of_the_host_are_not_in_memory(target: ProcessSandbox) -> None:
    source = f"import gc\ndef f():\n    return sum({SECRET[:5]!r} + {SECRET[5:]!r} in repr(x)[:10000] for x in gc.get_objects() if type(x) in (dict, list))"  # noqa: E501 - one tool
    result = target.call(ToolSource(source=source, entry="f"), {}, limits=Limits(wall_seconds=20))
    assert result.value == 0 or (result.failure and result.failure.kind is FailureKind.EXCEPTION)


def test_arguments_of_others_are_not_in_memory(target: ProcessSandbox) -> None:
    target.call(ToolSource(source="def f(x: str): ...", entry="f"), {"x": SECRET}, tenant="a")
    self_test = "import gc\ndef f(part: str):\n    return sum(part in x for x in gc.get_objects() if type(x) is str)"
    assert target.call(ToolSource(source=self_test, entry="f"), {"part": SECRET[:-1]}, tenant="b").value == 0


FORGERIES = {
    "garbage": "os.write(3, b'garbage' * 1000)",
    "flood": "while True: os.write(3, b'x' * 65536)",
    "huge length": "os.write(3, struct.pack('<IIB', 2**32 - 1, 1, 16))",
    "other number": "send(b'[1,\"\"]', number=77)",
    "unknown word": "send(b'[1,\"\"]', word=99); return 2",
    "not JSON": "send(b'[1,')",
    "not ASCII": 'send(b\'["\\xff",""]\')',
    "NaN": "send(b'[NaN,\"\"]')",
    "infinity": "send(b'[1e999,\"\"]')",
    "wrong form": "send(b'{}')",
    "unknown kind": 'send(b\'["wall","",null,""]\')',
    "kind of wrong type": 'send(b\'[[],"",null,""]\')',
    "line of wrong type": 'send(b\'["source","","1",""]\')',
    "long integer": "send(b'[' + b'1' * 10000 + b',\"\"]')",
    "deep nesting": "send(b'[' * 90000)",
    "deep objects": "send(b'{\"a\":' * 15000)",
    "obituary": "os.write(3, b'\\x00latm:x\\x00' + struct.pack('<id', 9, 1e9))",
    "half an obituary": "os.write(3, b'\\x00latm:x\\x00'); os._exit(0)",
    "half a frame": "os.write(3, struct.pack('<IIB', 100, 1, 16) + b'[1'); os._exit(0)",
    "full socket": "os.write(3, struct.pack('<IIB', 90000, 1, 16) + b'x' * 80000); os._exit(0)",
    "part of a batch": "send(b'[[1,\"\"]]', word=18)",
    "dripping": """
    import time
    os.write(3, struct.pack('<IIB', 90000, 1, 16))
    while True:
        os.write(3, b'1')
        time.sleep(0.01)""",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_forged_frame(target: ProcessSandbox, forgery: str) -> None:
    """The host takes it for nonsense, in bounded time and memory, and no exception escapes."""
    tool = ToolSource(source=f"{HEADER}def f():\n    {forgery}", entry="f")
    for result in (target.call(tool, {}), *target.batch(tool, [{}, {}])):
        assert result.failure is not None or result.value in (1, 2)
        if result.failure:
            assert result.failure.kind in (
                FailureKind.PROTOCOL,
                FailureKind.WALL,
                FailureKind.CRASH,
                FailureKind.CPU,
                FailureKind.SOURCE,
            )


def test_deep_nesting_with_a_raised_recursion_limit(target: ProcessSandbox) -> None:
    """A host that raised its limit is not led to a stack overflow."""
    import sys  # noqa: PLC0415 - this test alone changes the interpreter

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        tool = ToolSource(source=f"{HEADER}def f():\n    send(b'[' * 90000)", entry="f")
        failure = target.call(tool, {}).failure
    finally:
        sys.setrecursionlimit(before)
    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL


def test_forged_answer_to_the_next_call_costs_that_call_nothing(target: ProcessSandbox) -> None:
    tool = ToolSource(
        source=f"{HEADER}def f(n: int) -> int:\n    if n == 0:\n        import signal\n"
        "        send(b'[0,\"\"]')\n        send(b'[0,\"\"]')\n    return n",
        entry="f",
    )
    target.call(tool, {"n": 0})
    assert target.call(tool, {"n": 5}).value == 5


POISONS = {
    "json": "import json; json.dumps = json.loads = lambda *a, **k: 'poisoned'",
    "builtins": "import builtins; builtins.sorted = builtins.len = lambda *a: 'poisoned'",
    "frames": """
    import sys
    frame = sys._getframe()
    while frame:
        for name in list(frame.f_globals):
            if name not in ('__builtins__', 'sys', 'name', 'frame'):
                frame.f_globals[name] = lambda *a, **k: 'poisoned'
        frame = frame.f_back""",
    "objects": """
    import gc
    for thing in gc.get_objects():
        if type(thing) is dict:
            thing.clear()""",
    "subclasses": "[c for c in ().__class__.__base__.__subclasses__()][0].__init__ = 3",
    "sys": "import sys; sys.modules.clear(); sys.meta_path.clear()",
    "exit hooks": "import atexit; atexit.register(print, 'x')",
    "deleting": "import builtins\n    for name in dir(builtins): delattr(builtins, name)",
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
def test_poisoned_interpreter_is_its_own(target: ProcessSandbox, poison: str) -> None:
    """Whatever it does to the modules it can reach, the honest call of the fixture sees none of it."""
    target.call(ToolSource(source=f"def f():\n    {poison}", entry="f"), {})


ENDLESS = {
    "signals swallowed": """
    import signal
    for n in range(1, 65):
        try: signal.signal(n, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass""",
    "exceptions swallowed": "while True:\n        try: raise SystemExit\n        except BaseException: pass",
    "finally": "try:\n        while True: pass\n    finally:\n        while True: pass",
    "generator": "return [*iter(int, 1)]",
    "big number": "return 10 ** 10 ** 8",
    "regular expression": "import re; re.search(r'(x+x+)+y', 'x' * 40)",
    "memory": "x = 'x'\n    while True: x += x",
    "many objects": "x = []\n    while True: x.append([])",
    "prints": "while True: print('x' * 1000)",
    "recursion": "f()",
    "recursion in C": "x = None\n    for _ in range(10**6): x = [x]\n    return repr(x)",
    "recursion of the compiler": "return eval('-' * 10**5 + '1')",
    "recursion of destructors": "x = None\n    for _ in range(10**5): x = (x,)\n    del x",
    "stack overflow": "import sys; sys.setrecursionlimit(10**9)\n    return f()",
    "itself as value": "x = []\n    x.append(x)\n    return x",
    "value that changes": """
    class D(dict):
        def items(self):
            while True: yield "a", 1
    return D()""",
}


@pytest.mark.parametrize("endless", ENDLESS.values(), ids=ENDLESS.keys())
def test_endless(target: ProcessSandbox, endless: str) -> None:
    result = target.call(ToolSource(source=f"def f():\n    {endless}", entry="f"), {})
    assert result.failure is not None or endless.endswith("del x")
    assert result.seconds < 10


def test_attacks_while_others_work(target: ProcessSandbox) -> None:
    """Honest calls are right while a tool next door crashes again and again."""
    stop = threading.Event()

    def attack() -> None:
        tool = ToolSource(source="import os\ndef f():\n    os._exit(1)", entry="f")
        while not stop.is_set():
            target.call(tool, {})

    thread = threading.Thread(target=attack)
    thread.start()
    try:
        assert all(target.call(HONEST, {"a": n, "b": 0}).value == f"[0, {n}, 3]" for n in range(200))
    finally:
        stop.set()
        thread.join()
