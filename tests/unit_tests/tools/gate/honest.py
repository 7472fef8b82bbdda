"""Sources as models write them, which only compute. `f` is the entry."""

from __future__ import annotations

# Bodies of `f(text: str)`.
_BODIES = r"""
return text.upper()
return " ".join(sorted(text.split(), key=str.casefold))
return f"{len(text):>{4}} {text!r}"
return "{:.2f} {}".format(len(text), text)
return "{name}: {0[0]}".format([1], name=text)
return "%s" % text
width = 5; return ("{:" + str(width) + "d}").format(3)
table = {"a": "{} x", "b": "{} y"}; return table[text].format(1)
return text.__class__.__name__
return type(text).__name__
return hasattr(text, "__iter__")
return callable(text) and isinstance(text, (str, bytes))
return getattr(text, "upper")()
return getattr(text, "real", 0)
return max(text, key=len, default="")
return dict(zip(text, range(3), strict=False))
return id(text) == id(text), hash(text), dir(text)
input = text.strip(); return input
open, close = "(", ")"; return text.count(open) - text.count(close)
vars = {"x": 1}; return vars["x"]
return [input for input in text]
return (lambda compile: compile + 1)(1)
def eval(parts): return sum(parts)\n    return eval([1, 2])
for globals in text: pass\n    return 1
try: return int(text)\n    except ValueError as help: return str(help)
match text.split():\n        case [open, *locals]: return open\n        case {"a": 1, **vars}: return vars
import math; return math.sqrt(2) + math.gcd(4, 6) + math.pi
import math as m; return m.isqrt(5)
import math; return getattr(math, "lcm")(4, 6) if hasattr(math, "lcm") else 0
from math import gcd, comb; return gcd(4, 6) + comb(4, 2)
import cmath; return abs(cmath.exp(1j))
import re; return re.sub(r"(\w)(\w)", r"\2\1", text) and re.compile(text).findall("a")
import re; return [m.group(0) for m in re.finditer("a", text, re.IGNORECASE | re.MULTILINE)]
import datetime; return datetime.date.fromisoformat(text).strftime("%A")
from datetime import datetime, timedelta; return (datetime(2024, 1, 1) + timedelta(days=3)).isoformat()
import datetime as dt; return dt.datetime.strptime(text, "%Y").replace(tzinfo=dt.timezone.utc)
from zoneinfo import ZoneInfo; from datetime import datetime; return datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC"))
import calendar; return calendar.monthrange(2024, 2)[1] + len(calendar.month_name)
import itertools; return list(itertools.permutations(text, 2))
from itertools import accumulate, chain, combinations, groupby, product; return list(chain(product(text, text)))
import collections; return collections.Counter(text).most_common(1)
from collections import Counter, defaultdict, deque, namedtuple, OrderedDict; return Counter(text)
from collections import namedtuple; P = namedtuple("P", "x y"); return P(1, 2)._replace(x=3)._asdict()
from collections.abc import Mapping; return isinstance({}, Mapping)
import collections.abc; return isinstance({}, collections.abc.Mapping)
import statistics; return statistics.median([1, 2]) + statistics.pstdev([1, 2])
from fractions import Fraction; return str(Fraction(1, 3).limit_denominator(10))
from decimal import Decimal, getcontext, ROUND_HALF_UP; getcontext().prec = 50; return Decimal(1) / 3
import decimal; decimal.getcontext().prec = 5; return decimal.Decimal("1.5").quantize(decimal.Decimal("1"))
import json; return json.loads(json.dumps({"a": text}, ensure_ascii=False))
import json\n    try: return json.loads(text)\n    except json.decoder.JSONDecodeError: return None
import string; return string.ascii_lowercase + string.Template("$x").substitute(x=text)
import heapq; heap = [3, 1]; heapq.heapify(heap); return heapq.heappop(heap)
import bisect; return bisect.bisect_left([1, 3], 2)
import functools; return functools.reduce(lambda a, b: a + b, [1, 2])
from functools import lru_cache, partial, cmp_to_key; return sorted(text, key=cmp_to_key(lambda a, b: 0))
from functools import wraps\n    def g(h):\n        @wraps(h)\n        def inner(x): return h(x)\n        return inner
import operator; return sorted([(1, 2)], key=operator.itemgetter(1)), operator.add(1, 2)
from operator import attrgetter, methodcaller; return sorted([1j], key=attrgetter("real")), methodcaller("upper")(text)
import random; random.seed(3); return random.Random(4).choice(text)
import time; return time.strftime("%Y", time.gmtime(0))
import unicodedata; return unicodedata.normalize("NFD", text)
import textwrap; return textwrap.fill(text, 10)
import difflib; return difflib.SequenceMatcher(None, text, "a").ratio()
from urllib.parse import urlsplit, quote; return urlsplit(text).netloc + quote(text)
import urllib.parse; return urllib.parse.parse_qs(text)
import html; return html.unescape(text)
from html.parser import HTMLParser; return HTMLParser().get_starttag_text()
import base64, hashlib, binascii; return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
import hmac; return hmac.new(b"k", text.encode(), "sha256").hexdigest()
import uuid; return str(uuid.UUID(int=3)) + str(uuid.uuid5(uuid.NAMESPACE_DNS, text))
import csv, io; return list(csv.DictReader(io.StringIO(text), delimiter=";"))
from io import StringIO, BytesIO; out = StringIO(); out.write(text); return out.getvalue()
import copy; return copy.deepcopy([text])
from enum import Enum, auto; return [m.name for m in Enum("E", "A B")]
import struct, array, zlib, colorsys; return struct.pack(">I", 3), zlib.crc32(b"a"), array.array("i", [1])
import sys; sys.setrecursionlimit(5000); return sys.maxsize, sys.float_info.epsilon
import sys; print(text, file=sys.stderr); sys.stdout.write(text); return text
import ast; return ast.literal_eval(text)
import ast\n    return [type(n).__name__ for n in ast.walk(ast.parse(text)) if isinstance(n, ast.BinOp)]
import warnings\n    with warnings.catch_warnings(): warnings.simplefilter("ignore")
import contextlib\n    with contextlib.suppress(KeyError): return {}[text]
import pprint, keyword, graphlib; return pprint.pformat({}), keyword.iskeyword(text), graphlib.TopologicalSorter({})
import ipaddress; return ipaddress.ip_network(text, strict=False).num_addresses
import numbers; return isinstance(1, numbers.Real)
import types; return types.SimpleNamespace(a=1).a
import secrets, queue; return queue.PriorityQueue().empty()
import traceback\n    try: return 1 / 0\n    except ZeroDivisionError: return traceback.format_exc()
from typing import Any, Optional, cast; kept: Optional[Any] = None; return cast(list[int], kept)
import string\n    def g(string): return string.upper()\n    return g(text) + string.digits
forbidden = ["__import__", "eval(", "exec"]; return any(word in text for word in forbidden)
total = 0\n    def add(n):\n        nonlocal total\n        total += n\n    add(1); return total
return sum(x := int(part) for part in text.split()) + x if False else 0
def walk(n):\n        yield n\n        yield from walk(n - 1) if n else ()\n    return list(walk(2))
raise ValueError(f"no {text}") from None
return (yield text)
match text:\n        case str(found) | int(found): return found
form = "{first_name}: "; form = form + "{}"; return "{a_b}: {}".format(1, a_b=text)
return ("{:>" + str(len(text)) + "}|{:<" + f"{len(text)}" + "}").format(1, 2)
forms = {"a": "{x_y}", "b": "{}"}; return forms.get(text, "{}_{}").format(1, x_y=2)
return " | ".join(["{:>5}"] * 3).format(1, 2, 3)
import textwrap; return textwrap.dedent("  {some_name}").format(some_name=text)
_, __, *___ = text, 1, 2; return [__ for __ in text], ___
import types; kept = types.SimpleNamespace(a=1, b=text); return kept.b
from types import SimpleNamespace\n    def g(x: SimpleNamespace) -> SimpleNamespace: return x
import contextlib, io\n    with contextlib.redirect_stdout(io.StringIO()) as out: print(text)\n    return out.getvalue()
Pair = tuple[int, int]\n    def g(x: Pair) -> Pair | None: return x
from typing import Optional, TypeVar\n    T = TypeVar("T"); S = Optional["list[int]"]\n    def g(x: T, y: S): return x
"""

_SOURCES = [
    '''from __future__ import annotations
from dataclasses import dataclass, field, asdict, replace
from typing import ClassVar

@dataclass(frozen=True, order=True)
class Point:
    """A point."""
    x: int
    y: int = 0
    kept: list[int] = field(default_factory=list)
    count: ClassVar[int] = 0
    def __post_init__(self):
        object.__setattr__(self, "y", self.x + 1)
    def __add__(self, other: Point) -> Point:
        return replace(self, x=self.x + other.x)
    __radd__ = __add__

def f(text: str) -> dict:
    return asdict(Point(1) + Point(2))
''',
    """class Node:
    __slots__ = ("left", "right")
    count = 0
    def __init__(self, left=None, right=None):
        self.left, self.right = left, right
        self.__class__.count += 1
    def __repr__(self):
        return f"{self.__class__.__name__}({self.left!r})"
    def __eq__(self, other): return isinstance(other, Node) and self.left == other.left
    def __hash__(self): return hash(self.left)
    @property
    def depth(self): return 1 + max((n.depth for n in (self.left, self.right) if n), default=0)
    @classmethod
    def leaf(cls): return cls()
    @staticmethod
    def of(x): return Node(x)
class Special(Node):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
    def __new__(cls, *args, **kwargs): return super().__new__(cls)
def f(text): return Special().depth
""",
    """import enum
class Color(enum.Enum):
    RED = "red"
    @classmethod
    def parse(cls, text): return cls.__members__[text.upper()]
def f(text): return Color.parse(text).value
""",
    """from functools import lru_cache, singledispatch
from typing import NamedTuple, TypedDict, Literal, Annotated
__all__ = ["f"]
__version__ = "1"
Mode = Literal["open", "eval(1)"]
class Row(NamedTuple):
    a: int
    b: "str" = ""
class Doc(TypedDict, total=False):
    name: "Row"
@lru_cache(maxsize=None)
def fib(n: int) -> int: return n if n < 2 else fib(n - 1) + fib(n - 2)
@singledispatch
def show(x): return str(x)
@show.register
def _(x: int): return "int"
def f(text: Annotated[str, "open"], mode: Mode = "open", row: "Row | None" = None) -> "dict[str, int]":
    return {show(text): fib(10)}
""",
    """import abc, dataclasses, enum, typing
from collections import namedtuple
from functools import lru_cache, singledispatch, total_ordering
Base = namedtuple("Base", "x y")
T = typing.TypeVar("T")
@dataclasses.dataclass
class Shape(abc.ABC):
    name: str
    @abc.abstractmethod
    def area(self): ...
@total_ordering
@dataclasses.dataclass(frozen=True)
class Square(Shape):
    side: int = 1
    def area(self): return self.side ** 2
    def __lt__(self, other): return self.side < other.side
class Point(Base):
    def __class_getitem__(cls, item): return cls
class Pair(namedtuple("Pair", "a b"), typing.Generic[T]): pass
class Kind(str, enum.Enum, metaclass=enum.EnumMeta):
    A = "a"
class Lazy:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, owner, kind=None): return self.name
@singledispatch
def show(x): return "?"
@show.register(int)
@show.register(float)
def _(x): return "n"
@show.register
@lru_cache
def _(x: str): return x
show.register(type(None), lambda x: "")
show.register(list, lambda x: "l")
def f(text):
    match Point(1, 2):
        case Point(x=x, y=y): return show(text), x, y
""",
    """import ast, operator
OPS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
class Walker(ast.NodeVisitor):
    def visit_BinOp(self, node): return OPS[type(node.op)](self.visit(node.left), self.visit(node.right))
    def visit_Constant(self, node): return node.value
def evaluate(node):
    if isinstance(node, ast.Expression): return evaluate(node.body)
    if isinstance(node, ast.Constant): return node.value
    return OPS[type(node.op)](evaluate(node.left), evaluate(node.right))
def f(text: str) -> float:
    return evaluate(ast.parse(text, mode="eval")) + Walker().visit(ast.parse(text, mode="eval").body)
""",
    """CACHE = {}
COUNT = 0
def f(text):
    global COUNT
    COUNT += 1
    if text not in CACHE:
        CACHE[text] = len(text)
    return CACHE[text]
""",
    "def f(json, re):\n    value = [json, re]\n    import json\n    import re\n    return json.dumps(value)\n",
    "def f(x, *, digits: int = 2):\n    return f'{x:.{digits}f}' + ('{:.' + str(digits) + 'f}').format(x)\n",
    "class Money:\n    def format(self): return '1'\ndef f(amount):\n    return amount.format()\n",
    "def f(text):\n" + "".join(f"    {'el' if i else ''}if text == '{i}':\n        return {i}\n" for i in range(300)),
    "def f(text):\n    return text" + ".replace('a', 'b')" * 50 + "\n",
    "TABLE = {" + ", ".join(f"'k{i}': [{i}, 'v{i}']" for i in range(1500)) + "}\ndef f(text): return TABLE[text]\n",
]

HONEST = [f"def f(text: str):\n    {body}\n".replace("\\n", "\n") for body in _BODIES.strip().splitlines()] + _SOURCES
