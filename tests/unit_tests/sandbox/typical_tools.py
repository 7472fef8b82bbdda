"""Tools as models write them: what every backend must run, with arguments and the right value. Data only."""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Typical(NamedTuple):
    """One tool, and a call of it.

    Attributes:
        source: Its text; the function is `f`.
        arguments: Keyword arguments.
        value: What it must return.
    """

    source: str
    arguments: dict[str, Any]
    value: Any


TOOLS: Final = {
    "word sorting": Typical(
        "def f(words: list[str]) -> str:\n    return ' '.join(sorted(words, key=str.lower))",
        {"words": ["pear", "Apple", "fig"]},
        "Apple fig pear",
    ),
    "Dyck language": Typical(
        """
def f(text: str) -> str:
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}
    stack = []
    for sign in text.split():
        if sign in closing:
            stack.append(closing[sign])
        elif not stack or stack.pop() != sign:
            raise ValueError(f"unexpected {sign}")
    return " ".join(reversed(stack))
""",
        {"text": "( [ ] { <"},
        "> } )",
    ),
    "Chinese remainder": Typical(
        """
from math import prod
def f(remainders: dict[str, int]) -> int:
    total = prod(map(int, remainders))
    return sum(r * (total // int(m)) * pow(total // int(m), -1, int(m)) for m, r in remainders.items()) % total
""",
        {"remainders": {"3": 2, "5": 3, "7": 2}},
        23,
    ),
    "permutations": Typical(
        """
from itertools import permutations
from typing import Literal, TypedDict
class Clue(TypedDict):
    left: str
    relation: Literal["before", "after"]
    right: str
def f(things: list[str], clues: list[Clue]) -> list[str]:
    for order in permutations(things):
        place = {thing: n for n, thing in enumerate(order)}
        if all((place[c["left"]] < place[c["right"]]) == (c["relation"] == "before") for c in clues):
            return list(order)
    raise ValueError("the clues contradict each other")
""",
        {
            "things": ["crow", "jay", "owl", "hawk", "wren"],
            "clues": [
                {"left": "owl", "relation": "before", "right": "crow"},
                {"left": "wren", "relation": "before", "right": "owl"},
                {"left": "jay", "relation": "after", "right": "hawk"},
                {"left": "hawk", "relation": "after", "right": "crow"},
            ],
        },
        ["wren", "owl", "crow", "hawk", "jay"],
    ),
    "meetings and datetime": Typical(
        """
from datetime import datetime, time, timedelta
def f(busy: list[tuple[time, time]], minutes: int) -> str:
    day = datetime(2024, 2, 29)
    free = datetime.combine(day, time(9))
    for start, end in sorted(busy):
        if datetime.combine(day, start) - free >= timedelta(minutes=minutes):
            break
        free = max(free, datetime.combine(day, end))
    return f"{free:%A %d %B, %H:%M}"
""",
        {"busy": [["11:00", "12:30"], ["09:00", "10:30"]], "minutes": 45},
        "Thursday 29 February, 12:30",
    ),
    "parsed dates": Typical(
        "from datetime import datetime\ndef f(a: str, b: str) -> int:\n"
        "    return (datetime.strptime(b, '%b %d, %Y') - datetime.strptime(a, '%b %d, %Y')).days",
        {"a": "Feb 28, 2024", "b": "Mar 01, 2024"},
        2,
    ),
    "regular expressions": Typical(
        "import re\ndef f(text: str) -> dict[str, str]:\n"
        "    return {m['key']: m['value'] for m in re.finditer(r'(?P<key>\\w+)=(?P<value>\"[^\"]*\"|\\S+)', text)}",
        {"text": 'a=1 b="x y"'},
        {"a": "1", "b": '"x y"'},
    ),
    "dataclasses": Typical(
        """
from __future__ import annotations
from dataclasses import dataclass, field
@dataclass(order=True)
class Item:
    price: float
    name: str = field(compare=False)
    tags: list[str] = field(default_factory=list, compare=False)
def f(items: list[Item]) -> Item:
    return min(items)
""",
        {"items": [{"price": 2.5, "name": "b"}, {"price": 1, "name": "a", "tags": ["x"]}]},
        {"price": 1, "name": "a", "tags": ["x"]},
    ),
    "Enum": Typical(
        "from enum import Enum\nclass Color(Enum):\n    RED = 'red'\n    BLUE = 'blue'\n"
        "def f(color: Color) -> list:\n    return [c for c in Color if c is not color]",
        {"color": "red"},
        ["blue"],
    ),
    "exceptions": Typical(
        """
class Broken(Exception):
    pass
def f(n: int) -> list[str]:
    told = []
    try:
        try:
            raise Broken(n)
        except Broken as error:
            raise ValueError("outer") from error
        finally:
            told.append("finally")
    except* ValueError as group:
        told.append(repr(group.exceptions[0].__cause__))
    return told
""",
        {"n": 3},
        ["finally", "Broken(3)"],
    ),
    "generators": Typical(
        """
def primes():
    found, n = [], 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
def f(count: int) -> list[int]:
    source = primes()
    return [next(source) for _ in range(count)]
""",
        {"count": 8},
        [2, 3, 5, 7, 11, 13, 17, 19],
    ),
    "lru_cache": Typical(
        "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef fib(n):\n"
        "    return n if n < 2 else fib(n - 1) + fib(n - 2)\ndef f(n: int) -> int:\n    return fib(n)",
        {"n": 90},
        2880067194370816120,
    ),
    "collections": Typical(
        "from collections import Counter, defaultdict, deque\ndef f(text: str) -> dict:\n"
        "    by_length = defaultdict(list)\n    for word in deque(text.split()):\n"
        "        by_length[str(len(word))].append(word)\n"
        "    return {'common': Counter(text).most_common(1), **by_length}",
        {"text": "to be or not"},
        {"common": [["o", 3]], "2": ["to", "be", "or"], "3": ["not"]},
    ),
    "heapq": Typical(
        """
import heapq
def f(roads: dict[str, dict[str, int]], start: str, goal: str) -> int | None:
    queue, seen = [(0, start)], set()
    while queue:
        cost, place = heapq.heappop(queue)
        if place == goal:
            return cost
        if place not in seen:
            seen.add(place)
            for there, more in roads.get(place, {}).items():
                heapq.heappush(queue, (cost + more, there))
    return None
""",
        {"roads": {"a": {"b": 7, "c": 2}, "c": {"b": 3}}, "start": "a", "goal": "b"},
        5,
    ),
    "Fraction and Decimal": Typical(
        "from fractions import Fraction\nfrom decimal import ROUND_HALF_UP, Decimal\n"
        "def f(shares: list[str]) -> list[str]:\n    total = sum(map(Fraction, shares), Fraction())\n"
        "    cents = Decimal(total.numerator) / total.denominator\n"
        "    return [str(total), str(cents.quantize(Decimal('0.01'), ROUND_HALF_UP))]",
        {"shares": ["1/3", "1/6", "1/8"]},
        ["5/8", "0.63"],
    ),
    "csv": Typical(
        "import csv, io\ndef f(text: str) -> list[dict[str, str]]:\n"
        "    return sorted(csv.DictReader(io.StringIO(text)), key=lambda row: row['name'])",
        {"text": 'name,said\nbo,"a, b"\nal,x\n'},
        [{"name": "al", "said": "x"}, {"name": "bo", "said": "a, b"}],
    ),
    "match": Typical(
        """
from typing import Any
def f(tree: Any) -> float:
    match tree:
        case {"op": "+", "of": [first, *rest]}:
            return f(first) + sum(map(f, rest))
        case {"op": "*", "of": [left, right]}:
            return f(left) * f(right)
        case int() | float():
            return tree
    raise ValueError(f"cannot read {tree!r}")
""",
        {"tree": {"op": "+", "of": [1, {"op": "*", "of": [2, 3.5]}, 4]}},
        12.0,
    ),
    "ast": Typical(
        "import ast, operator\nSIGNS = {ast.Add: operator.add, ast.Mult: operator.mul}\n"
        "def f(text: str) -> int:\n    def value(node):\n        if isinstance(node, ast.Constant):\n"
        "            return node.value\n        return SIGNS[type(node.op)](value(node.left), value(node.right))\n"
        "    return value(ast.parse(text, mode='eval').body)",
        {"text": "2 + 3 * 4"},
        14,
    ),
    "classes": Typical(
        """
from abc import ABC, abstractmethod
class Shape(ABC):
    def __init_subclass__(cls, **more): cls.kind = cls.__name__.lower()
    @property
    @abstractmethod
    def area(self): ...
class Square(Shape):
    __slots__ = ("side",)
    def __init__(self, side): self.side = side
    @property
    def area(self): return self.side ** 2
def f(side: int) -> dict:
    shape = Square(side)
    return {"kind": shape.kind, "area": shape.area}
""",
        {"side": 3},
        {"kind": "square", "area": 9},
    ),
    "closures": Typical(
        "def f(numbers: list[int]) -> list[int]:\n    total = 0\n    def add(n):\n        nonlocal total\n"
        "        total += n\n        return total\n    return [last for n in numbers if (last := add(n)) % 2]",
        {"numbers": [1, 2, 4, 5, 1]},
        [1, 3, 7, 13],
    ),
    "random with a seed": Typical(
        "import random\ndef f(seed: int) -> list[int]:\n    return random.Random(seed).sample(range(100), 3)",
        {"seed": 7},
        [41, 19, 50],
    ),
    "hashes and bytes": Typical(
        "import base64, hashlib, struct, zlib\ndef f(text: str) -> list:\n    data = text.encode()\n"
        "    return [hashlib.sha256(data).hexdigest()[:8], base64.b64encode(zlib.compress(data, 0))[:4].decode(), "
        "struct.unpack('>H', data[:2])[0]]",
        {"text": "hi"},
        ["8f434346", "eAEB", 26729],
    ),
    "statistics and bisect": Typical(
        "import bisect, statistics\ndef f(numbers: list[float]) -> list[float]:\n    numbers.sort()\n"
        "    return [statistics.median(numbers), bisect.bisect(numbers, 3)]",
        {"numbers": [4, 1, 3, 8]},
        [3.5, 2],
    ),
    "text": Typical(
        "import string, textwrap, unicodedata\ndef f(text: str) -> str:\n"
        "    plain = unicodedata.normalize('NFKD', text).encode('ascii', 'ignore').decode()\n"
        "    return string.Template('<$what>').substitute(what=textwrap.shorten(plain, 10, placeholder='...'))",
        {"text": "Crème brûlée please"},
        "<Creme...>",
    ),
    "graphlib and contextlib": Typical(
        "import contextlib, graphlib\ndef f(needs: dict[str, list[str]]) -> list[str] | None:\n"
        "    with contextlib.suppress(graphlib.CycleError):\n"
        "        return list(graphlib.TopologicalSorter(needs).static_order())\n    return None",
        {"needs": {"c": ["b"], "b": ["a"]}},
        ["a", "b", "c"],
    ),
    "a script's own call at the end": Typical(
        "def f(n: int) -> int:\n    return n + 1\n\nif __name__ == '__main__':\n    print(f(int(input())))",
        {"n": 1},
        2,
    ),
}
