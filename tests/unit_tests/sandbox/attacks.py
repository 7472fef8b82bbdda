"""Attacks of a hostile tool. Data only: `test_attacks.py` runs each against every backend that declares the guarantee.

An attack is the body of a function `f`. It has got through when it returns "broke", when something of the host's
secrets comes out, or when the scene that the test set up has changed. Names that stand in it: SECRET_FILE (a file of
the host that holds the secret), WATCHED (its folder), UNIX and PORT (two listeners of the host), HOST (its process id),
HIDDEN (the host's name, its kernel, and folders of it, each written backwards so that none of them is in the source).
"""

from __future__ import annotations

import platform
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import langchain_latm
from langchain_latm.sandbox import FailureKind as Kind
from langchain_latm.sandbox import Guarantee as To

SECRET: Final = "the-secret-of-the-host"
HONEST: Final = """
import collections, json
def add(a: int, b: int) -> str:
    return json.dumps(sorted([a, b]) + [len(collections.Counter('abc'))])
"""
"""A call that must be right after every attack, and that detects changes of the interpreter."""
HONEST_VALUE: Final = "[2, 5, 3]"

ENDED: Final = frozenset({Kind.WALL, Kind.CPU, Kind.MEMORY, Kind.CRASH, Kind.EXCEPTION, Kind.SOURCE})


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: Its name in the table.
        against: The guarantee that it would break.
        body: Lines of the function `f`.
        before: Lines in front of the function.
        ends_as: The kinds of failure that it must end as; empty where a value is fine too.
        calls: How often it is called.
    """

    name: str
    against: To
    body: str
    before: str = ""
    ends_as: frozenset[Kind] = frozenset()
    calls: int = 1

    @property
    def source(self) -> str:
        """The tool's source."""
        lines = "\n".join(f"    {line}" for line in self.body.strip("\n").splitlines())
        return f"{self.before}\ndef f():\n{lines}\n"


def hidden() -> list[str]:
    """Data about this machine that a tool must not learn."""
    folders = [sys.prefix, sys.base_prefix, str(Path(langchain_latm.__file__).parent), str(Path.home())]
    names = [socket.gethostname(), platform.release(), *folders]
    return [name for name in names if len(name) > 4]  # shorter ones are parts of other words


def attempts(against: To, bodies: dict[str, str]) -> list[Attack]:
    """Attacks that try something and say whether it worked."""
    return [Attack(name, against, body) for name, body in bodies.items()]


def endless(against: To, kinds: set[Kind], bodies: dict[str, str]) -> list[Attack]:
    """Attacks that must be ended."""
    return [Attack(name, against, body, ends_as=frozenset(kinds)) for name, body in bodies.items()]


FORGE: Final = """
import os, struct, sys
def forge(data):
    for channel in (1, 2, 3, 4, 5, 6, 7, 8):
        try:
            os.write(channel, data)
        except OSError:
            pass
def frame(body, number=1, word=16):
    return struct.pack('<IIB', len(body), number, word) + body
def answer(body):
    above, names = sys._getframe(), []
    while above:
        names.append(above.f_code.co_name)
        above = above.f_back
    os.write(3, frame(body) if 'serve' in names else body + b'\\n')
"""
"""Writes to the channel of answers: frames into the socket of a process, lines into the pipe of a supervisor."""

REPLACED: Final = """
import sys
def replace(entry):
    frame = sys._getframe()
    while frame:
        above = type(frame.f_locals.get('self'))
        if above.__name__ == 'Answers':
            above.answer = above.entry = lambda *_: (True, entry)
        frame = frame.f_back
"""
"""Replaces the code that answers the next call, in every backend."""

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
        "name of the host and its kernel": """
import os
return 'broke' if any(part[::-1] in HIDDEN for part in os.uname()) else ''""",
        "process id of its parent": "import os\nreturn 'broke' if os.getppid() > 1 else ''",
        "arguments of its process": """
import sys
return 'broke' if any(word[::-1] in repr((sys.orig_argv, sys.path, sys.executable)) for word in HIDDEN) else ''""",
        "folders in a traceback": """
import json, traceback
try: json.loads('')
except ValueError: text = traceback.format_exc()
return 'broke' if any(folder[::-1] in text for folder in HIDDEN) else ''""",
        "names and folders among the objects": """
import gc, sys
names, frame = [word[::-1] for word in HIDDEN], sys._getframe()
left, seen = [sys.modules, gc.get_objects()], {id(names)}
while frame:
    left += [frame.f_globals, frame.f_code]
    frame = frame.f_back
while left:
    thing = left.pop()
    if id(thing) in seen: continue
    seen.add(id(thing))
    if isinstance(thing, (str, bytes)):
        if thing not in names and any(name in repr(thing) for name in names): return 'broke'
    else: left += gc.get_referents(thing)""",
    },
) + attempts_in_c(
    To.ENVIRONMENT,
    {
        "kernel of the host in C": """
names = c['create_string_buffer'](6 * 65)
if libc.uname(names) == 0 and names.raw[130:195].strip(bytes(1)).decode()[::-1] in HIDDEN: return 'broke'""",
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
        "thousands of threads": """
import _thread, time
for _ in range(5000): _thread.start_new_thread(time.sleep, (60,))
return 'broke'""",
        "stop itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nreturn 'broke'",
        "copy its descriptors": "import os\nfor _ in range(100): os.dup(1)\nreturn 'broke'",
    },
) + attempts_in_c(
    To.PROCESSES,
    {
        "fork in C": "if libc.fork() >= 0: return 'broke'",
        "shell in C": "if libc.system(f'touch {WATCHED}/new'.encode()) == 0: return 'broke'",
        "signal in C": "if libc.kill(HOST, 0) == 0 or libc.kill(-1, 9) == 0: return 'broke'",
        "look into the host": "if libc.ptrace(16, HOST, None, None) == 0: return 'broke'",
        "raise its limits in C": "if libc.setrlimit(7, c['create_string_buffer'](16)) == 0: return 'broke'",
        "clone in C": "if libc.syscall(56, 17, 0, 0, 0, 0) >= 0: return 'broke'",
        "system calls that few filters know": """
for number in (101, 165, 175, 246, 248, 272, 298, 304, 310, 319, 321, 323, 425, 434, 437, 438, 442, 444, 462, 500):
    if libc.syscall(number, 0, 0, 0, 0, 0) != -1 or c['get_errno']() != 1: return 'broke'""",
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
    *(
        Attack(name, To.HOST, f"{body}", FORGE)
        for name, body in {
            "quotes without end": "answer(b'=\"' + b'\\\\\"' * 100000)",
            "lists without end": "answer(b'=[' + b'[],' * 60000 + b'1]')",
            "deep lists, again and again": "answer(b'=[' + (b'[' * 190 + b']' * 190 + b',') * 300 + b'1]')",
            "an answer that is too deep": "answer(b'=' + b'[' * 300 + b']' * 300)",
            "objects nested deeply": "answer(b'=' + b'{\"\":' * 300 + b'1' + b'}' * 300)",
            "digits without end": "answer(b'=' + b'9' * 90000)",
            "an infinity that is no word": "answer(b'=[1e999]')",
            "bytes that are no text": "answer(b'=\"\\xed\\xa0\\x80\"')",
            "an escape that is no character": "answer(b'=\"\\\\ud800\"')",
            "a failure of no kind": 'answer(b\'!["wall","",null]\')',
            "a failure with a line of many digits": "answer(b'![\"source\",\"\",' + b'9' * 4000 + b']')",
            "half a frame": "import time\nforge(frame(b'=1')[:-1])\ntime.sleep(60)",
            "half a header": "forge(b'\\x01\\x00')\nreturn 1",
            "a frame longer than it says": "forge(struct.pack('<IIB', 1, 1, 16) + b'=12345')",
            "a frame shorter than it says": "forge(struct.pack('<IIB', 9, 1, 16) + b'=1')\nreturn 1",
            "an empty frame": "forge(frame(b''))\nanswer(b'')",
            "an answer twice": "answer(b'=1')\nanswer(b'=1')\nreturn 1",
            "answers to all later calls": "for number in range(999): forge(frame(b'=1', number))",
            "an answer from a destructor": """
class D:
    def __del__(self): answer(b'=0')
D.kept = D()
return 1""",
            "garbage to every descriptor": """
for channel in range(1024):
    try: os.write(channel, b'=1\\n' * 1000)
    except OSError: pass""",
            "every descriptor closed": "os.closerange(0, 1024)\nreturn 1",
            "drop by drop": """
for byte in frame(b'=' + b'1' * 90000):
    forge(bytes([byte]))""",
            "an end that did not come": "forge(b'\\x00latm:x\\x00' + struct.pack('<id', 9, 1e9))\nwhile True: pass",
        }.items()
    ),
    *(
        Attack(name, To.HOST, f"replace({entry})\nreturn 1", REPLACED, calls=2)
        for name, entry in {
            "the machinery answers too deep": "'=' + '[' * 300 + ']' * 300",
            "the machinery answers no text": "b'=1'",
            "the machinery answers several lines": "'=1\\n=2\\n=3'",
            "the machinery answers an infinity": "'=1e999'",
            "the machinery says nothing": "''",
            "the machinery answers what is no entry": "[1]",
        }.items()
    ),
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
            "a date whose text is an attack": """
import datetime
class D(datetime.date):
    def isoformat(self): return [[]] * 10**9
return D(2024, 1, 1)""",
            "a record whose fields are an attack": """
class T(tuple):
    _fields = property(lambda self: 1 / 0)
return T()""",
            "a class that is no class": """
class V:
    __class__ = property(lambda self: 1 / 0)
    def __getattr__(self, name): raise SystemExit
return V()""",
            "a value that changes while it is read": """
class L(list):
    def __iter__(self):
        for _ in range(10**5): self.append(self); yield 1
return [L(), {str(n): L() for n in range(3)}]""",
            "an exception that is its own cause": """
try: raise KeyError
except KeyError as error:
    error.__cause__ = error.__context__ = error
    error.args = ('x' * 10**7, error)
    raise""",
            "an exception of exceptions": """
error = ValueError()
for _ in range(10**4): error = ExceptionGroup('x' * 100, [error])
raise error""",
            "an interrupt": "raise KeyboardInterrupt",
            "an exception of no known kind": "class E(BaseException):\n    def __new__(cls): raise cls\nraise E",
            "a tracer": """
import sys
def trace(*_): raise SystemExit
sys.settrace(trace)
sys.setprofile(trace)""",
            "a collector that calls": """
import gc
gc.callbacks.append(lambda *_: 1 / 0)
gc.set_threshold(1)""",
            "a finalizer": """
import weakref
class C: pass
C.kept = C()
weakref.finalize(C.kept, lambda: 1 / 0)""",
            "hooks": """
import sys
sys.excepthook = sys.unraisablehook = sys.displayhook = sys.breakpointhook = lambda *_: 1 / 0
import builtins
builtins.__import__ = builtins.__build_class__ = builtins.repr = None""",
            "exit handlers": "import atexit\natexit.register(lambda: 1 / 0)",
            "an alarm after the answer": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)",
            "a recursion limit of two": "import sys\nsys.setrecursionlimit(20)",
            "output that is replaced": "import sys\nsys.stdout = sys.stderr = sys.__stdout__ = 5\nprint(1)",
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
        "a comparison": """
class E:
    def __hash__(self): return 1
    def __eq__(self, other):
        while True: pass
return {E(), E()}""",
        "a value without end": "class L(list):\n    def __iter__(self): return iter(int, 1)\nreturn L()",
    },
)
CPU = [
    Attack("an answer, then a loop", To.CPU, "answer(b'=1')\nwhile True: pass", FORGE),
    Attack(
        "an answer, then sleep, then a loop",
        To.CPU,
        "import time\nanswer(b'=1')\ntime.sleep(0.2)\nwhile True: pass",
        FORGE,
    ),
    Attack(
        "an answer, then memory again and again",
        To.CPU,
        "answer(b'=1')\nwhile True:\n    try: x = bytearray(10**7)\n    except MemoryError: pass",
        FORGE,
    ),
    Attack("an answer, then a loop of sleeps", To.CPU, "import time\nanswer(b'=1')\nwhile True: time.sleep(0)", FORGE),
]
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
OUTPUT = [
    *endless(
        To.OUTPUT,
        {Kind.OUTPUT, Kind.WALL, Kind.MEMORY},
        {
            "endless prints": "while True: print('x' * 1000)",
            "prints that are caught": """
for _ in range(1000):
    try: print('x' * 1000)
    except BaseException: pass""",
            "errors printed": "import sys\nsys.stderr.write('x' * 10**6)",
            "a large value": "return 'x' * 10**6",
            "a value that grows on the way": "x = ['x' * 100] * 1000\nreturn [x] * 1000",
            "prints that lie about their size": """
class S(str):
    def __len__(self): return 0
    def isascii(self): return True
    def encode(self, *_): return b''
for _ in range(99): print(S('x' * 1000))""",
        },
    ),
    *(
        attack
        for name, entry in {
            "a large value": """'="' + 'x' * 110000 + '"'""",
            "large prints": """'=1\\t"' + 'x' * 20000 + '"'""",
            "a long failure": """'!["source","' + 'x' * 20000 + '",null]'""",
        }.items()
        for attack in (
            Attack(f"{name} past the check", To.OUTPUT, f"answer(({entry}).encode())", FORGE),
            Attack(f"{name} in place of the check", To.OUTPUT, f"replace({entry})\nreturn 1", REPLACED, calls=2),
        )
    ),
]
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
    *CPU,
    *MEMORY,
    *OUTPUT,
    *TOOLS,
    *CALLS,
]
