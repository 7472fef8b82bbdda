"""Functions with one bug each, with arguments and right answers."""

from __future__ import annotations

from typing import Any, NamedTuple


class NearMiss(NamedTuple):
    """A function with a bug.

    Attributes:
        bug: What sort of bug it is.
        source: The function, named `f`.
        shown: Arguments with answers that a repair may look at.
        unseen: Others, on which the repaired function has to be right too.
    """

    bug: str
    source: str
    shown: list[tuple[dict[str, Any], str]]
    unseen: list[tuple[dict[str, Any], str]]


def _miss(bug: str, source: str, *cases: tuple[Any, ...]) -> NearMiss:
    """Each case has the arguments, in the order of the parameters, and the answer; the last two cases are unseen."""
    names = [part.split(":")[0].strip() for part in source.split("def f(", 1)[1].split(") ->", 1)[0].split(";")]
    source = source.replace(";", ",")
    pairs = [(dict(zip(names, given, strict=True)), str(answer)) for *given, answer in cases]
    return NearMiss(bug, source, pairs[:-2], pairs[-2:])


NEAR_MISSES = [
    _miss(
        "constant",
        "def f(n: int) -> int:\n    total = 0\n    for i in range(1, n):\n        total += i * i\n    return total\n",
        (3, 14),
        (4, 30),
        (6, 91),
        (7, 140),
        (2, 5),
    ),
    _miss(
        "constant",
        "def f(words: list[str]) -> str:\n    return '-'.join(word[:2] for word in words)\n",
        (["planet", "comet"], "pla-com"),
        (["saddle", "horse", "rider"], "sad-hor-rid"),
        (["lemon", "tea"], "lem-tea"),
        (["window", "door"], "win-doo"),
    ),
    _miss(
        "constant",
        "def f(celsius: float) -> float:\n    return celsius * 1.8 + 30\n",
        (10.0, 50.0),
        (20.0, 68.0),
        (-5.0, 23.0),
        (0.0, 32.0),
        (100.0, 212.0),
    ),
    _miss(
        "table",
        "PAIRS = {'(': ')', '[': ']', '{': '}'}\n\ndef f(marks: list[str]) -> str:\n    stack = []\n"
        "    for mark in marks:\n        if mark in PAIRS:\n            stack.append(PAIRS[mark])\n"
        "        else:\n            stack.pop()\n    return ' '.join(reversed(stack))\n",
        (["[", "<", ">"], "]"),
        (["<", "(", "["], "] ) >"),
        (["<", "{", "}"], ">"),
        (["{", "<", "<"], "> > }"),
        (["(", "<", "[", "]"], "> )"),
    ),
    _miss(
        "table",
        "def f(text: str) -> str:\n    turned = {'N': 'W', 'W': 'S', 'S': 'E', 'E': 'N'}\n"
        "    return ''.join(turned[each] for each in text)\n",
        ("NES", "ESW"),
        ("WWN", "NNE"),
        ("SE", "WS"),
        ("NW", "EN"),
    ),
    _miss(
        "table",
        "def f(word: str) -> int:\n    return sum(letter in 'aeio' for letter in word)\n",
        ("unusual", 4),
        ("banana", 3),
        ("rhythm", 0),
        ("museum", 3),
        ("guru", 2),
    ),
    _miss(
        "operator",
        "def f(values: list[int]; limit: int) -> int:\n    return sum(value for value in values if value > limit)\n",
        ([3, 5, 8], 5, 13),
        ([1, 2, 3], 2, 5),
        ([7, 7], 7, 14),
        ([4, 9, 6], 6, 15),
        ([10, 2], 3, 10),
    ),
    _miss(
        "operator",
        "def f(a: int; b: int) -> int:\n    while b:\n        a, b = b, a // b\n    return a\n",
        (12, 18, 6),
        (35, 14, 7),
        (17, 5, 1),
        (48, 36, 12),
        (9, 28, 1),
    ),
    _miss(
        "operator",
        "def f(year: int) -> str:\n    leap = year % 4 == 0 and (year % 100 != 0 and year % 400 == 0)\n"
        "    return 'leap' if leap else 'common'\n",
        (2000, "leap"),
        (1900, "common"),
        (2024, "leap"),
        (2023, "common"),
        (1996, "leap"),
        (2100, "common"),
    ),
    _miss(
        "operator",
        "def f(text: str; n: int) -> str:\n    return text[n:] + text[:n + 1]\n",
        ("abcdef", 2, "cdefab"),
        ("stone", 1, "tones"),
        ("river", 3, "erriv"),
        ("cloud", 2, "oudcl"),
        ("xyz", 0, "xyz"),
    ),
    _miss(
        "branch",
        "def f(n: int) -> str:\n    if n % 3 == 0:\n        return 'fizz'\n    elif n % 15 == 0:\n"
        "        return 'fizzbuzz'\n    elif n % 5 == 0:\n        return 'buzz'\n    return str(n)\n",
        (9, "fizz"),
        (30, "fizzbuzz"),
        (20, "buzz"),
        (7, "7"),
        (45, "fizzbuzz"),
        (25, "buzz"),
    ),
    _miss(
        "branch",
        "def f(numbers: list[int]) -> int:\n    best = numbers[0]\n    for number in numbers:\n"
        "        if not number > best:\n            best = number\n    return best\n",
        ([3, 9, 2], 9),
        ([5, 1], 5),
        ([4, 4, 6], 6),
        ([2, 8, 3], 8),
        ([7], 7),
    ),
    _miss(
        "branch",
        "def f(text: str) -> str:\n    out = ''\n    for letter in text:\n        if letter.isupper():\n"
        "            out += '_' + letter\n        else:\n            out += letter\n    return out\n",
        ("someName", "some_name"),
        ("aB", "a_b"),
        ("plain", "plain"),
        ("myLongName", "my_long_name"),
        ("xY", "x_y"),
    ),
    _miss(
        "wrapping",
        "def f(words: list[str]) -> str:\n    return ' '.join(words)\n",
        (["pear", "fig", "apple"], "apple fig pear"),
        (["cat", "ant"], "ant cat"),
        (["oak", "elm", "ash"], "ash elm oak"),
        (["tin", "zinc"], "tin zinc"),
        (["red", "blue"], "blue red"),
    ),
    _miss(
        "wrapping",
        "def f(number: int) -> int:\n    return sum(str(number))\n",
        (123, 6),
        (99, 18),
        (407, 11),
        (5, 5),
        (1000, 1),
    ),
    _miss(
        "wrapping",
        "def f(numbers: list[int]) -> list[int]:\n    return [n for n in set(numbers)]\n",
        ([30, 7, 30, 12], "[30, 7, 12]"),
        ([90, 4, 4, 50], "[90, 4, 50]"),
        ([33, 1], "[33, 1]"),
        ([65, 2, 65], "[65, 2]"),
        ([77, 77, 40], "[77, 40]"),
    ),
    _miss(
        "wrapping",
        "def f(a: int; b: int) -> float:\n    return a / b\n",
        (10, 4, 2.5),
        (10, 3, 3.33),
        (2, 3, 0.67),
        (22, 7, 3.14),
        (5, 6, 0.83),
    ),
    _miss(
        "call",
        "def f(text: str) -> int:\n    return text.find('.')\n",
        ("a.tar.gz", 5),
        ("x.y", 1),
        ("long.name.txt", 9),
        ("b.c.d", 3),
        ("one.two", 3),
    ),
    _miss(
        "call",
        "import math\n\ndef f(weight: float) -> int:\n    return math.floor(weight)\n",
        (2.1, 3),
        (4.0, 4),
        (7.9, 8),
        (0.5, 1),
        (3.0, 3),
    ),
    _miss(
        "call",
        "def f(text: str) -> str:\n    return ','.split(text)[-1]\n",
        ("ab,cd", "cd"),
        ("x,y,z", "z"),
        ("left,right", "right"),
        ("p,q", "q"),
        ("no,yes", "yes"),
    ),
    _miss(
        "call",
        "def f(code: str) -> str:\n    return code.lstrip('0')\n",
        ("100", "1"),
        ("2300", "23"),
        ("7", "7"),
        ("50", "5"),
        ("41000", "41"),
    ),
    _miss(
        "name",
        "def f(start: int; end: int) -> int:\n    total = 0\n    for i in range(start, end):\n        total += start\n"
        "    return total\n",
        (1, 4, 6),
        (2, 5, 9),
        (5, 6, 5),
        (3, 7, 18),
        (1, 3, 3),
    ),
    _miss(
        "name",
        "def f(text: str) -> str:\n    words = text.split()\n    turned = [word[::-1] for word in words]\n"
        "    return ' '.join(words)\n",
        ("abc de", "cba ed"),
        ("stop now", "pots won"),
        ("was", "saw"),
        ("live on", "evil no"),
        ("tip", "pit"),
    ),
    _miss(
        "statement",
        "def f(numbers: list[int]) -> str:\n    total = 0\n    out = []\n    for number in numbers:\n"
        "        out.append(str(total))\n        total += number\n    return ' '.join(out)\n",
        ([1, 2, 3], "1 3 6"),
        ([5, 5], "5 10"),
        ([2, 0, 4], "2 2 6"),
        ([7, 1], "7 8"),
        ([3, 3, 3], "3 6 9"),
    ),
    _miss(
        "statement",
        "def f(numbers: list[int]; wanted: int) -> int:\n    count = 0\n    for number in numbers:\n"
        "        if number == wanted:\n            count += 1\n            break\n    return count\n",
        ([1, 2, 1], 1, 2),
        ([3, 3, 3], 3, 3),
        ([4, 5], 6, 0),
        ([8, 8], 8, 2),
        ([9, 1, 9, 9], 9, 3),
    ),
    _miss(
        "answer",
        "def f(words: list[str]) -> str:\n    return ' '.join(sorted(words))\n",
        (["pear", "fig"], "fig, pear"),
        (["cat", "ant", "bee"], "ant, bee, cat"),
        (["oak", "elm"], "elm, oak"),
        (["z", "y"], "y, z"),
    ),
    _miss(
        "answer",
        "def f(price: float; count: int) -> float:\n    return price * count\n",
        (2.5, 2, "5.00"),
        (1.25, 3, "3.75"),
        (0.1, 3, "0.30"),
        (4.0, 4, "16.00"),
        (2.05, 2, "4.10"),
    ),
    _miss(
        "combination",
        "def f(stock: int; sold: int; days: int) -> int:\n    return stock - sold\n",
        (50, 4, 3, 38),
        (20, 2, 5, 10),
        (90, 7, 9, 27),
        (31, 3, 4, 19),
        (64, 6, 2, 52),
    ),
    _miss(
        "combination",
        "def f(spans: list[list[int]]; length: int) -> list[int]:\n    for begin, end in spans:\n"
        "        if end - begin >= length:\n            return [begin, end]\n    return []\n",
        ([[1, 3], [5, 9]], 2, [1, 3]),
        ([[2, 3], [6, 12]], 4, [6, 10]),
        ([[0, 1]], 5, []),
        ([[3, 4], [7, 20]], 3, [7, 10]),
        ([[11, 19]], 1, [11, 12]),
    ),
    _miss(
        "combination",
        "def f(moves: list[str]) -> str:\n    back = {'left': 'right', 'right': 'left', 'up': 'down', 'down': 'up'}\n"
        "    done = []\n    for move in moves:\n        if move in back:\n            done.append(move)\n"
        "    return ' '.join(done)\n",
        (["left", "up", "left"], "right down right"),
        (["down", "wait", "right"], "up left"),
        (["up", "up", "left", "right"], "down down right left"),
        (["right", "down"], "left up"),
        (["wait", "left", "up"], "right down"),
    ),
    _miss(
        "combination",
        "def f(stock: dict[str, int]; moves: list[list[str]]; shelf: str) -> int:\n    for one, other in moves:\n"
        "        stock[one], stock[other] = stock[other], stock[one]\n    return len(moves)\n",
        ({"a": 5, "b": 9, "c": 4}, [["a", "b"], ["b", "c"]], "a", 9),
        ({"x": 1, "y": 8}, [["y", "x"]], "x", 8),
        ({"k": 6, "l": 7, "m": 3}, [["k", "m"], ["m", "l"], ["k", "l"]], "m", 7),
        ({"p": 2, "q": 0}, [["p", "q"], ["q", "p"]], "p", 2),
        ({"u": 11, "v": 12, "w": 13}, [["u", "w"]], "u", 13),
    ),
    _miss(
        "statement",
        "def f(first: str; second: str; turns: int) -> str:\n    for _ in range(turns):\n        first = second\n"
        "        second = first\n    return first\n",
        ("red", "blue", 1, "blue"),
        ("tea", "milk", 2, "tea"),
        ("up", "down", 5, "down"),
        ("cat", "dog", 4, "cat"),
        ("in", "out", 3, "out"),
    ),
    _miss(
        "two bugs",
        "def f(words: list[str]) -> str:\n    return ' '.join(sorted(words, key=len)[:2])\n",
        (["pear", "fig", "apple", "kiwi"], "apple pear kiwi"),
        (["a", "bbb", "cc", "dddd"], "dddd bbb cc"),
        (["xx", "yyy", "z"], "yyy xx z"),
        (["one", "three", "ab", "a"], "three one ab"),
        (["k", "lll", "mm"], "lll mm k"),
    ),
]
