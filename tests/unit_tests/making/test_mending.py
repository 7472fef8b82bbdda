"""Mends omissions of small models: imports and docstrings."""

from __future__ import annotations

import ast

import pytest

from langchain_latm.making.mending import mended
from langchain_latm.sandbox import Sandbox, ToolSource

DOCSTRING = "Do as the examples do."


def function(body: str, head: str = "def f(x: int) -> int:") -> str:
    return f'{head}\n    """Count."""\n    {body}\n'


def imports_added(source: str) -> list[str]:
    """Mend a source, and return the lines that were put before it."""
    after = mended(source, docstring=DOCSTRING)
    assert after.endswith(source)
    return after.removesuffix(source).split()


class TestImports:
    @pytest.mark.parametrize(
        ("star", "body", "named"),
        [
            ("math", "return gcd(x, isqrt(x))", "from math import gcd, isqrt\n"),
            ("typing", "y: List[int] = [x]\n    return y[0]", "from typing import List\n"),
            ("typing", "return x", ""),
            ("collections.abc", "return isinstance(x, Iterable) + x", "from collections.abc import Iterable\n"),
        ],
    )
    def test_an_import_of_all_names_becomes_one_of_the_used_names(
        self, sandbox: Sandbox, star: str, body: str, named: str
    ) -> None:
        after = mended(f"from {star} import *\n" + function(body), docstring=DOCSTRING)
        assert after == named + function(body)
        assert sandbox.call(ToolSource(source=after, entry="f"), {"x": 4}).failure is None

    def test_an_import_of_all_names_of_a_forbidden_module_stays(self) -> None:
        source = "from os import *\n" + function("return getpid()")
        assert mended(source, docstring=DOCSTRING) == source

    @pytest.mark.parametrize(
        ("body", "added"),
        [
            ("return math.gcd(x, 2)", "import math"),
            ("return gcd(x, isqrt(x))", "from math import gcd from math import isqrt"),
            ("return len(re.findall('a', 'a'))", "import re"),
            ("return Counter(str(x))['1']", "from collections import Counter"),
            ("return len([*permutations(range(x))])", "from itertools import permutations"),
            ("return reduce(lambda a, b: a + b, range(x))", "from functools import reduce"),
            ("return int(Fraction(x)) + int(Decimal(x))", "from decimal import Decimal from fractions import Fraction"),
            ("y: Optional[int] = x\n    return y or 0", "from typing import Optional"),
            ("return string.ascii_letters.index('a') + x", "import string"),
            ("return calendar.monthrange(x, 2)[1]", "import calendar"),
        ],
    )
    def test_used_modules_are_imported(self, sandbox: Sandbox, body: str, added: str) -> None:
        source = function(body)
        assert imports_added(source) == added.split()
        tool = ToolSource(source=mended(source, docstring=DOCSTRING), entry="f")
        assert sandbox.call(tool, {"x": 4}).failure is None

    @pytest.mark.parametrize(
        "source",
        [
            function("return x + 1"),
            "import math\n" + function("return math.gcd(x, 2)"),
            "import math as re\n" + function("return re.gcd(x, 2)"),
            "from math import gcd\n" + function("return gcd(x, 2)"),
            "from collections import Counter as date\n" + function("return len(date(str(x)))"),
            function("import math\n    return math.gcd(x, 2)"),
            function("math = 3\n    return math.real + x"),
            function("return sum(date for date in range(x))"),
            function("return len(string.split())", "def f(string: str) -> int:"),
            function("return date(2)", "def date(x: int) -> int:"),
            function("return x.math"),
            function("return unknown + os.getpid() + subprocess.run(x)"),
            function("return sum(numbers) + len(string) + max(array)"),
            function("return x  # math.gcd"),
            function("return len('math.gcd(re)')"),
        ],
    )
    def test_unused_modules_are_not_imported(self, source: str) -> None:
        assert mended(source, docstring=DOCSTRING) == source

    @pytest.mark.parametrize(
        ("body", "added"),
        [
            ("return datetime.strptime(x, '%Y-%m-%d').year", "from datetime import datetime"),
            ("return datetime(2024, 1, int(x[-1])).year", "from datetime import datetime"),
            ("return datetime.datetime.fromisoformat(x).year", "import datetime"),
            ("return datetime.date.fromisoformat(x).year + datetime.timedelta(1).days", "import datetime"),
            (
                "return (datetime.fromisoformat(x) + timedelta(1)).year",
                "from datetime import datetime from datetime import timedelta",
            ),
            ("return date.fromisoformat(x).year", "from datetime import date"),
            (
                "return (datetime.datetime.fromisoformat(x) + timedelta(1)).year",
                "import datetime from datetime import timedelta",
            ),
        ],
    )
    def test_datetime_is_the_module_or_the_class(self, sandbox: Sandbox, body: str, added: str) -> None:
        source = function(body, "def f(x: str) -> int:")
        assert imports_added(source) == added.split()
        tool = ToolSource(source=mended(source, docstring=DOCSTRING), entry="f")
        assert sandbox.call(tool, {"x": "2024-02-29"}).failure is None

    @pytest.mark.parametrize("opening", ["", "# A comment.\n\n", '"""What this is."""\n\n', "import re\n"])
    def test_future_imports_stay_first(self, sandbox: Sandbox, opening: str) -> None:
        future = "from __future__ import annotations\n" if opening != "import re\n" else ""
        source = f"{opening}{future}{function('return math.gcd(x, 2)')}"
        after = mended(source, docstring=DOCSTRING)
        assert sandbox.call(ToolSource(source=after, entry="f"), {"x": 4}).value == 2


class TestDocstrings:
    def test_functions_without_a_docstring_get_one(self) -> None:
        (first, second) = ast.parse(mended("def f(x):\n    return g(x)\ndef g(x): return x", docstring=DOCSTRING)).body
        assert isinstance(first, ast.FunctionDef)
        assert isinstance(second, ast.FunctionDef)
        assert [ast.get_docstring(each) for each in (first, second)] == [DOCSTRING] * 2

    def test_functions_with_a_docstring_keep_it_and_their_comments(self) -> None:
        source = function("# 3 is odd\n    return x")
        assert mended(source, docstring=DOCSTRING) == source

    def test_inner_functions_and_methods_get_no_docstring(self) -> None:
        source = function("def g(y):\n        return y\n    return g(x)") + "\n\nclass A:\n    def h(self): ...\n"
        assert mended(source, docstring=DOCSTRING) == source

    @pytest.mark.parametrize(
        "docstring", ['Say "it\'s" \\ """ and \\n {x}', "\0 \u2028 \x1b", "x" * 9_000, "a\nb", "'''"]
    )
    def test_a_docstring_may_contain_any_text(self, docstring: str) -> None:
        (after,) = ast.parse(mended("def f(x):\n    return x\n", docstring=docstring)).body
        assert isinstance(after, ast.FunctionDef)
        assert ast.get_docstring(after, clean=False) == docstring

    def test_imports_and_a_docstring_come_together(self, sandbox: Sandbox) -> None:
        bare = "from __future__ import annotations\ndef f(x: int) -> int:\n    return gcd(x, 2)\n"
        tool = ToolSource(source=mended(bare, docstring=DOCSTRING), entry="f")
        described = sandbox.check(tool)
        assert described.failure is None
        assert described.value["description"] == DOCSTRING
        assert sandbox.call(tool, {"x": 4}).value == 2


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def f(:",
        "def f(x):\nreturn x",
        "\0",
        "\ud800",
        "(" * 10_000,
        "-" * 100_000 + "1",
        "x = 0" + "x" * 100_000,
        "I cannot do that.",
        "def f(x):\n    return 0x" + "f" * 9_000 + "\n",
    ],
)
def test_invalid_code_is_unchanged(source: str) -> None:
    assert mended(source, docstring=DOCSTRING) == source


@pytest.mark.parametrize("depth", range(195, 201))
def test_text_that_python_writes_but_cannot_parse_is_unchanged(depth: int) -> None:
    """Python writes parentheses around the tuple, and parses at most 200 nested ones."""
    deep = "x"
    for _ in range(depth):
        deep = f"({deep},)"
    assert DOCSTRING in mended(f"def f(x):\n    return {deep}, math.gcd(x, 2)\n", docstring=DOCSTRING)


class TestExamples:
    """A docstring that a model copied with its examples."""

    COPIED = '''\
def twice(word: str) -> str:
    """{said}

    >>> twice(word='ö "a"')
    'ö "a"ö "a"'
    """
    # Once more.
    return word + word
'''

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("Write a word twice.\n\n    It has letters.", "Write a word twice.\n\nIt has letters."),
            ("Write it.\n\n    It answers questions such as:\n\n    Write ö twice.", "Write it."),
            ("It answers questions such as:\n\n    Write 'ö' twice.", DOCSTRING),
            (r"Write a \\\\ or a ' twice.", r"Write a \\ or a ' twice."),
        ],
    )
    def test_they_are_left_out_and_the_code_stays(self, said: str, kept: str) -> None:
        copied = self.COPIED.format(said=said)
        after = mended(copied, docstring=DOCSTRING)
        (function,) = ast.parse(after).body
        assert isinstance(function, ast.FunctionDef)
        assert ast.get_docstring(function) == kept
        assert after.endswith("\n    # Once more.\n    return word + word\n")
        assert mended(after, docstring=DOCSTRING) == after

    def test_each_function_loses_its_own(self) -> None:
        inner = 'def g() -> int:\n    """One.\n    >>> g()\n    1\n    """; return 1\n'
        after = mended(f"{inner}\n\n{self.COPIED.format(said='Two.')}", docstring=DOCSTRING)
        assert [ast.get_docstring(each) for each in ast.parse(after).body] == ["One.", "Two."]  # type: ignore[arg-type]
        assert ">>>" not in after

    @pytest.mark.parametrize("end", ["\r\n", "\r"])
    def test_whatever_ends_a_line(self, end: str) -> None:
        after = mended(self.COPIED.format(said="Twice.").replace("\n", end), docstring=DOCSTRING)
        assert after == mended(self.COPIED.format(said="Twice."), docstring=DOCSTRING)
