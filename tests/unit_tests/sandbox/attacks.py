"""What a hostile tool may try. Data only: `test_attacks.py` runs each against every backend that says it holds it.

An attack is the body of a function `f`. It has got through when it returns "broke", when something of the host's
secrets comes out, or when the scene that the test set up has changed. Names that stand in it: SECRET_FILE (a file of
the host that holds the secret), WATCHED (its folder), UNIX and PORT (two listeners of the host), HOST (its process id).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from langchain_latm.sandbox import FailureKind as Kind
from langchain_latm.sandbox import Guarantee as To

SECRET: Final = "the-secret-of-the-host"
HONEST: Final = """
import collections, json
def add(a: int, b: int) -> str:
    return json.dumps(sorted([a, b]) + [len(collections.Counter('abc'))])
"""
"""What must be right after every attack, and notices what attacks do to the interpreter that they run in."""
HONEST_VALUE: Final = "[2, 5, 3]"

ENDED: Final = frozenset({Kind.WALL, Kind.CPU, Kind.MEMORY, Kind.CRASH, Kind.EXCEPTION, Kind.SOURCE})


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: As the table shows it.
        against: The guarantee that it would break.
        body: Lines of the function `f`.
        before: Lines in front of the function.
        ends_as: The kinds of failure that it must end as; empty where a value is fine too.
    """

    name: str
    against: To
    body: str
    before: str = ""
    ends_as: frozenset[Kind] = frozenset()

    @property
    def source(self) -> str:
        """The tool's source."""
        lines = "\n".join(f"    {line}" for line in self.body.strip("\n").splitlines())
        return f"{self.before}\ndef f():\n{lines}\n"


def attempts(against: To, bodies: dict[str, str]) -> list[Attack]:
    """Attacks that try something and say whether it worked."""
    return [Attack(name, against, body) for name, body in bodies.items()]


def endless(against: To, kinds: set[Kind], bodies: dict[str, str]) -> list[Attack]:
    """Attacks that must be ended."""
    return [Attack(name, against, body, ends_as=frozenset(kinds)) for name, body in bodies.items()]


FORGE: Final = """
import os, struct
def forge(data):
    for channel in (1, 2, 3, 4, 5, 6, 7, 8):
        try:
            os.write(channel, data)
        except OSError:
            pass
def frame(body, number=1, word=16):
    return struct.pack('<IIB', len(body), number, word) + body
"""

IN_C: Final = """
try:
    import ctypes
except ImportError:
    pass
def classes(kind):
    for below in type.__subclasses__(kind):
        yield below
        yield from classes(below)
c, = [kind.__init__.__globals__ for kind in set(classes(object)) if kind.__name__ == 'CDLL'] or [{}]
libc = c['CDLL'](None, use_errno=True)
"""
"""Python hides C from who asks for it by name, not from who looks through all classes that there are."""


def attempts_in_c(against: To, bodies: dict[str, str]) -> list[Attack]:
    """Attacks that call functions of the C library."""
    return [Attack(name, against, body, IN_C) for name, body in bodies.items()]


FILES = attempts(
    To.FILES,
    {
        "read a file": "return open(SECRET_FILE).read()",
        "read by descriptor": "import os\nreturn os.read(os.open(SECRET_FILE, os.O_RDONLY), 100).decode()",
        "read with pathlib": "import pathlib\nreturn pathlib.Path(SECRET_FILE).read_text()",
        "read through /proc/self/root": "return open('/proc/self/root' + SECRET_FILE).read()",
        "read through the folder of the host": "return open(f'/proc/{HOST}/root' + SECRET_FILE).read()",
        "list a folder": "import os\nreturn 'broke' if os.listdir(WATCHED) else ''",
        "write a file": "open(WATCHED + '/new', 'w').write('x')\nreturn 'broke'",
        "replace a file": "import os\nos.replace(SECRET_FILE, WATCHED + '/new')\nreturn 'broke'",
        "remove a file": "import os\nos.remove(SECRET_FILE)\nreturn 'broke'",
        "make a folder": "import os\nos.mkdir(WATCHED + '/new')\nreturn 'broke'",
        "link to a file": "import os\nos.symlink(SECRET_FILE, WATCHED + '/new')\nreturn 'broke'",
        "look at a file": "import os\nreturn 'broke' if os.stat(SECRET_FILE).st_size else ''",
        "import from a folder": "import sys\nsys.path.insert(0, WATCHED)\nimport planted\nreturn planted.SECRET",
        "import what is installed": "import pydantic\nreturn 'broke'",
    },
) + attempts_in_c(
    To.FILES,
    {
        "open in C": "if libc.open(SECRET_FILE.encode(), 0) >= 0: return 'broke'",
        "open by system call": "if libc.syscall(257, -100, SECRET_FILE.encode(), 0) >= 0: return 'broke'",
        "open through another ABI": "if libc.syscall(0x40000000 + 2, SECRET_FILE.encode(), 0) >= 0: return 'broke'",
        "a ring of requests": "if libc.syscall(425, 8, bytes(120)) >= 0: return 'broke'",
        "mount": "if libc.unshare(0x10020000) == 0 or libc.mount(b'/', b'/', None, 4096, None) == 0: return 'broke'",
    },
)
ENVIRONMENT = attempts(
    To.ENVIRONMENT,
    {
        "environment variables": "import os\nreturn dict(os.environ)",
        "environment of the host": "return open(f'/proc/{HOST}/environ').read()",
        "environment of its parent": "import os\nreturn open(f'/proc/{os.getppid()}/environ').read()",
        "own environment in /proc": "return open('/proc/self/environ').read()",
        "command line of the host": "return 'broke' if open(f'/proc/{HOST}/cmdline').read() else ''",
        "own memory in /proc": "return 'broke' if open('/proc/self/mem', 'rb') else ''",
        "secrets among the objects": """
import gc
words = [x for x in gc.get_objects() if type(x) in (dict, list)]
return 'broke' if any('the-secret' + '-of-the-host' in repr(x)[:20000] for x in words) else ''""",
        "frames above it": """
import sys
frame, seen = sys._getframe(), []
while frame:
    seen.append(repr(frame.f_locals)[:5000])
    frame = frame.f_back
return seen""",
    },
)
NETWORK = attempts(
    To.NETWORK,
    {
        "TCP": "import socket\nsocket.create_connection(('127.0.0.1', PORT), 0.2).sendall(b'x')\nreturn 'broke'",
        "TCP server": "import socket\nsocket.create_server(('127.0.0.1', 0))\nreturn 'broke'",
        "UDP": """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))
return 'broke'""",
        "unix socket": "import socket\nsocket.socket(socket.AF_UNIX).connect(UNIX)\nreturn 'broke'",
        "socket below the module": "import _socket\n_socket.socket(2, 1).connect(('127.0.0.1', PORT))\nreturn 'broke'",
        "packets of its own": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\nreturn 'broke'",
        "a web page": """
import urllib.request
try: urllib.request.urlopen(f'http://127.0.0.1:{PORT}', timeout=0.2)
except TimeoutError: return 'broke'""",
    },
) + attempts_in_c(To.NETWORK, {"socket in C": "if libc.socket(2, 1, 0) >= 0: return 'broke'"})
PROCESSES = attempts(
    To.PROCESSES,
    {
        "fork": "import os\nif os.fork() == 0:\n    import time\n    time.sleep(60)\nreturn 'broke'",
        "execute": "import os\nos.execv('/bin/sh', ['sh', '-c', f'touch {WATCHED}/new'])",
        "start a shell": "import os\nreturn 'broke' if os.system(f'touch {WATCHED}/new') == 0 else ''",
        "start a program": "import subprocess\nsubprocess.run(['true'], check=True)\nreturn 'broke'",
        "spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {})\nreturn 'broke'",
        "start a thread": "import _thread\n_thread.start_new_thread(print, ())\nreturn 'broke'",
        "background thread": """
import threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
return 'broke'""",
        "process pool": "import multiprocessing\nmultiprocessing.Process(target=print).start()\nreturn 'broke'",
        "signal the host": "import os\nos.kill(HOST, 0)\nreturn 'broke'",
        "kill its parent": "import os\nif os.getppid() > 1:\n    os.kill(os.getppid(), 9)\n    return 'broke'",
        "kill everything": "import os\nos.kill(-1, 9)\nreturn 'broke'",
        "raise its limits": "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))\nreturn 'broke'",
        "lower the limits of the host": "import resource\nresource.prlimit(HOST, 0, (99, 99))\nreturn 'broke'",
        "change its priority": "import os\nos.nice(5)\nreturn 'broke'",
        "change its user": "import os\nos.setuid(12345)\nreturn 'broke'",
        "make a pipe": "import os\nos.pipe()\nreturn 'broke'",
    },
) + attempts_in_c(
    To.PROCESSES,
    {
        "fork in C": "if libc.fork() >= 0: return 'broke'",
        "shell in C": "if libc.system(f'touch {WATCHED}/new'.encode()) == 0: return 'broke'",
        "signal in C": "if libc.kill(HOST, 0) == 0 or libc.kill(-1, 9) == 0: return 'broke'",
        "look into the host": "if libc.ptrace(16, HOST, None, None) == 0: return 'broke'",
        "raise its limits in C": "if libc.setrlimit(7, c['create_string_buffer'](16)) == 0: return 'broke'",
        "take off the filter": "if libc.prctl(22, 0, 0, 0, 0) == 0 or libc.prctl(4, 1, 0, 0, 0) == 0: return 'broke'",
    },
)
NATIVE_CODE = attempts(
    To.NATIVE_CODE,
    {
        "call C by name": "import ctypes\nreturn 'broke' if ctypes.CDLL(None).getpid() else ''",
        "call C below the module": "import _ctypes\n_ctypes.dlopen(None, 0)\nreturn 'broke'",
        "memory that can be executed": "import mmap\nmmap.mmap(-1, 4096, prot=7)\nreturn 'broke'",
        "load an extension": "import _testcapi\nreturn 'broke'",
    },
) + attempts_in_c(
    To.NATIVE_CODE,
    {
        "executable memory in C": """
libc.mmap.restype = c['c_void_p']
if libc.mmap(None, 4096, 7, 34, -1, 0) not in (None, 2**64 - 1): return 'broke'""",
        "making memory executable in C": """
memory = c['create_string_buffer'](3 * 4096)
page = c['c_void_p']((c['addressof'](memory) + 4095) // 4096 * 4096)
if libc.mprotect(page, 4096, 7) == 0 or libc.pkey_mprotect(page, 4096, 7, -1) == 0: return 'broke'""",
    },
)
HOST = [
    Attack("garbage to the host", To.HOST, "forge(b'garbage' * 1000)", FORGE),
    Attack("an answer of huge length", To.HOST, "forge(struct.pack('<IIB', 2**32 - 1, 1, 16))", FORGE),
    Attack("a flood", To.HOST, "for _ in range(500):\n    forge(b'x' * 65536)", FORGE),
    Attack("an answer in advance", To.HOST, "forge(frame(b'[0,\"\"]') * 3)\nreturn 1", FORGE),
    Attack("an answer that is no JSON", To.HOST, "forge(frame(b'[NaN,\"\"]'))", FORGE),
    Attack("an answer nested deeply", To.HOST, "forge(frame(b'[' * 90000))", FORGE),
    Attack("a pickle", To.HOST, "forge(frame(b\"cos\\nsystem\\n(S'true'\\ntR.\"))", FORGE),
    *attempts(
        To.HOST,
        {
            "exit": "import os\nos._exit(0)",
            "SystemExit": "raise SystemExit(0)",
            "abort": "import os\nos.abort()",
            "stack overflow": "import sys\nsys.setrecursionlimit(10**9)\nreturn f()",
            "recursion in C": "x = None\nfor _ in range(10**6): x = [x]\nreturn repr(x)",
            "recursion of the compiler": "return eval('-' * 10**5 + '1')",
            "recursion of destructors": "x = None\nfor _ in range(10**5): x = (x,)\ndel x",
            "a value that contains itself": "x = []\nx.append(x)\nreturn x",
            "a value that lies about its type": """
class S(str):
    __class__ = dict
    def __str__(self): raise SystemExit
    def __len__(self): return -1
return [S('x'), {S('y'): S('z')}]""",
            "a dictionary that never ends": """
class D(dict):
    def items(self):
        while True: yield 'a', 1
return D()""",
            "an exception whose text is an attack": """
class E(Exception):
    def __str__(self): raise KeyboardInterrupt
    __repr__ = __str__
raise E""",
            "a number too long to read": "return 10**5000",
            "NaN": "return float('nan')",
            "a lone surrogate": "return '\\ud800'",
        },
    ),
    Attack("a decorator that exits", To.HOST, "pass", "import os\ndef d(g):\n    os._exit(1)\n@d"),
    Attack("annotations that never end", To.HOST, "pass", "def g(x: [0 for _ in iter(int, 1)]): pass"),
    Attack("a source that is a bomb", To.HOST, "pass", "x = " + "(" * 500 + ")" * 500),
]
WALL = endless(
    To.WALL,
    {Kind.WALL, Kind.CPU},
    {
        "a loop": "while True: pass",
        "sleep": "import time\ntime.sleep(60)",
        "exceptions swallowed": "while True:\n    try: raise SystemExit\n    except BaseException: pass",
        "signals swallowed": """
import signal
for n in range(1, 65):
    try: signal.signal(n, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass""",
        "finally": "try:\n    while True: pass\nfinally:\n    while True: pass",
        "regular expression": "import re\nre.search(r'(x+x+)+y', 'x' * 40)",
        "a destructor": """
class D:
    def __del__(self):
        while True: pass
D()""",
        "a power": "return len(str(7 ** 10 ** 8))",
    },
)
MEMORY = endless(
    To.MEMORY,
    set(ENDED),
    {
        "one large text": "x = 'x'\nwhile True: x += x",
        "many objects": "x = []\nwhile True: x.append([])",
        "one large list": "return len([0] * 10**9)",
        "memory that is caught": """
x = []
while True:
    try: x.append(bytearray(10**6))
    except MemoryError: pass""",
    },
)
OUTPUT = endless(
    To.OUTPUT,
    {Kind.OUTPUT, Kind.WALL, Kind.MEMORY},
    {
        "endless prints": "while True: print('x' * 1000)",
        "prints that are caught": "for _ in range(1000):\n    try: print('x' * 1000)\n    except BaseException: pass",
        "errors printed": "import sys\nsys.stderr.write('x' * 10**6)",
        "a large value": "return 'x' * 10**6",
        "a value that grows on the way": "x = ['x' * 100] * 1000\nreturn [x] * 1000",
    },
)
TOOLS = [
    *attempts(
        To.TOOLS,
        {
            "poison json": "import json\njson.dumps = json.loads = lambda *a, **k: 'poisoned'",
            "poison builtins": "import builtins\nbuiltins.sorted = builtins.len = lambda *a: 'poisoned'",
            "poison the frames above": """
import sys
frame = sys._getframe()
while frame:
    for name in list(frame.f_globals):
        if name not in ('__builtins__', 'sys', 'name', 'frame'):
            frame.f_globals[name] = lambda *a, **k: 'poisoned'
    frame = frame.f_back""",
            "clear every dictionary": "import gc\nfor x in gc.get_objects():\n    if type(x) is dict: x.clear()",
            "forget every module": "import sys\nsys.modules.clear()\nsys.meta_path.clear()",
            "poison a class": "import collections\ncollections.Counter.__init__ = None",
        },
    ),
    Attack(
        "what another tenant left behind",
        To.TOOLS,
        "SEEN.append(1)\nreturn 'broke' if len(SEEN) > 1 else ''",
        "SEEN = []",
    ),
    Attack(
        "what another tenant left in a module",
        To.TOOLS,
        "import math\nif hasattr(math, 'mark'): return 'broke'\nmath.mark = 1",
    ),
]
CALLS = [
    Attack("state of the last call", To.CALLS, "SEEN.append(1)\nreturn 'broke' if len(SEEN) > 1 else ''", "SEEN = []"),
    Attack(
        "state in a module",
        To.CALLS,
        "import math\nif hasattr(math, 'mark'): return 'broke'\nmath.mark = 1",
    ),
]

ATTACKS: Final = [
    *FILES,
    *ENVIRONMENT,
    *NETWORK,
    *PROCESSES,
    *NATIVE_CODE,
    *HOST,
    *WALL,
    *MEMORY,
    *OUTPUT,
    *TOOLS,
    *CALLS,
]
